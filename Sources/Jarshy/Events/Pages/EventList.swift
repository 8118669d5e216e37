import JarshyKit
import Storage

/// The calendar: as a list, a week, a month; by unit, speaker, place and topic.
enum EventList {
    static func routes(_ site: inout Routes) {
        site.get("/events", .signedIn) { visit in
            let list = try await visit.read(listing(visit, whole: false))
            let page = EventListPage(list, visit: visit)
            return .page(
                "events", page, PageHead(page.heading, section: "events", campaign: list.campaign.names[visit.language]))
        }
        site.get("/events.csv", .signedIn) { visit in
            let list = try await visit.read(listing(visit, whole: true))
            return .file(
                EventCSV.bytes(list, words: visit.words), "text/csv; charset=utf-8", name: "events-\(visit.today).csv")
        }
    }

    private static func listing(_ visit: Visit, whole: Bool) throws -> @Sendable (any Reading) throws -> EventListing {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        return { db in try EventListing(query, actor: actor, now: now, whole: whole, in: db) }
    }
}

/// What a calendar needs, read with a fixed number of statements.
struct EventListing: Sendable {
    let campaign: Campaign
    let filter: EventRows.Filter
    let page: EventRows.Page
    let count: Int
    let names: EventNames
    let topics: [EventTopic]
    let tree: Tree
    let today: Day
    let mayManage: Bool
    let speaker: String
    /// Units the reader works for, by name.
    let homes: [UnitNo]

    init(_ query: Fields, actor: Actor, now: Instant, whole: Bool, in db: any Reading) throws {
        let scope = try EventScope(actor, at: now, in: db)
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        filter = EventRows.Filter(query, tree: tree, today: today)
        let rows = EventRows(filter: filter, scope: scope, campaign: campaign.no, db: db)
        if whole {
            page = EventRows.Page(events: try rows.all())
            count = page.events.count
        } else if filter.view == .list {
            page = try rows.page(
                after: EventRows.Cursor(query.text("after")), before: EventRows.Cursor(query.text("before")))
            count = try rows.count()
        } else {
            page = EventRows.Page(events: try rows.shown())
            count = page.events.count
        }
        names = try EventNames(page.events, campaign: campaign.no, in: db)
        topics = try EventTopic.all(of: campaign.no, in: db)
        mayManage = actor.holdsAnywhere(.manageEvents, on: today)
        homes = scope.homes.sorted { (scope.tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(scope.tree[$1]?.sortKey ?? []) }
        speaker = try filter.speaker.flatMap { try ReportRows.names([$0], in: db)[$0] } ?? ""
    }
}

struct EventListPage: PageModel {
    let heading: String
    let canManage: Bool
    let newURL: String
    let calendarsURL: String
    let views: [EventChoice]
    let isList: Bool
    let shows: [EventChoice]
    let filters: Filters
    let spanTitle: String
    let previousURL: String
    let nextURL: String
    let todayURL: String
    let weekdays: [String]
    let isMonth: Bool
    let days: [EventDay]
    let rows: [EventRow]
    let pagination: Pagination
    let csvURL: String
    let isEmpty: Bool
    let empty: EmptyState
    let isCut: Bool
}

struct EventChoice: PageModel {
    let choiceURL: String
    let choiceName: String
    let chosen: Bool
}

/// One day of a week or a month.
struct EventDay: PageModel {
    let dayName: String
    let isToday: Bool
    let isOther: Bool
    let isQuiet: Bool
    let none: Bool
    let entries: [EventRow]
}

struct EventRow: HotRow {
    let event: Event
    let names: EventNames
    let text: EventText

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "eventURL": "/events/\(event.id)"
        case "meetingURL": "/meetings/\(event.id)"
        case "isMoved": event.state == .moved
        case "title": text.title(event, topics: names.topics)
        case "lang": text.lang(event)
        case "when": text.when(event)
        case "hours": text.hours(event)
        case "place": text.place(event, names.places)
        case "unit": text.unit(event.unit)
        case "marks": text.marks(event)
        case "isCancelled": event.state == .cancelled
        case "state": text.state(event.state)
        case "people":
            (names.members[event.id] ?? []).filter { $0.role == .speaker && $0.state != .withdrawn && $0.state != .declined }
                .map { $0.state == .confirmed ? $0.name : "\($0.name) (\(text.answer($0.state)))" }.joined(separator: ", ")
        default: nil
        }
    }
}

extension EventListPage {
    init(_ list: EventListing, visit: Visit) {
        let (words, query, filter) = (visit.words, visit.query, list.filter)
        let text = EventText(words: words, tree: list.tree, campaign: list.campaign)
        func link(_ query: Fields) -> String { ReportListPage.address("/events", query) }
        let plain = query.setting("after", nil).setting("before", nil)
        heading = words("events.title")
        canManage = list.mayManage
        newURL = "/events/new"
        calendarsURL = "/events/calendars"
        views = EventRows.Filter.View.allCases.map { view in
            EventChoice(
                choiceURL: link(plain.setting("view", view.rawValue)), choiceName: words("events.view.\(view.rawValue)"),
                chosen: view == filter.view)
        }
        isList = filter.view == .list
        shows = EventRows.Filter.Show.allCases.map { show in
            EventChoice(
                choiceURL: link(plain.setting("show", show.rawValue)), choiceName: words("events.show.\(show.rawValue)"),
                chosen: show == filter.show)
        }
        filters = Self.filters(list, text, query)
        let days = filter.days
        isMonth = filter.view == .month
        let month = filter.day.parts
        spanTitle = isMonth
            ? words.format.monthAndYear(year: month.year, month: month.month)
            : words.span(days.lowerBound, days.upperBound)
        let step = isMonth ? (filter.day.monthStart.advanced(by: -1), filter.day.monthStart.advanced(by: 31).monthStart)
            : (days.lowerBound.advanced(by: -7), days.lowerBound.advanced(by: 7))
        previousURL = link(plain.setting("day", step.0.description))
        nextURL = link(plain.setting("day", step.1.description))
        todayURL = link(plain.setting("day", nil))
        weekdays = (1...7).map { words.format.weekdayNameShort($0) }
        let events = list.page.events.prefix(EventRows.mostShown)
        rows = events.map { EventRow(event: $0, names: list.names, text: text) }
        let byDay = Dictionary(grouping: rows) { $0.event.day }
        let inMonth = filter.day.monthStart
        let isMonthView = filter.view == .month
        self.days = filter.view == .list ? [] : days.map { day in
            EventDay(
                dayName: isMonthView
                    ? words.day(day, .short) : "\(words.format.weekdayName(day.weekday)), \(words.day(day, .short))",
                isToday: day == list.today, isOther: isMonthView && day.monthStart != inMonth,
                isQuiet: list.campaign.isQuiet(on: day), none: byDay[day] == nil, entries: byDay[day] ?? [])
        }
        func neighbour(_ name: String, _ event: Event?, _ isThere: Bool) -> String? {
            guard isThere, let event else { return nil }
            return link(plain.setting(name, EventRows.Cursor(event).text))
        }
        pagination = Pagination(
            summary: words.count("events.count", list.count),
            previous: neighbour("before", list.page.events.first, list.page.hasEarlier),
            next: neighbour("after", list.page.events.last, list.page.hasLater))
        csvURL = ReportListPage.address("/events.csv", plain)
        isEmpty = rows.isEmpty
        empty = EmptyState(
            words("events.empty"), next: words("events.empty.next"),
            step: list.mayManage ? (newURL, words("event.new")) : nil)
        isCut = list.page.events.count > EventRows.mostShown && filter.view != .list
    }

    private static func filters(_ list: EventListing, _ text: EventText, _ query: Fields) -> Filters {
        let words = text.words
        func select(_ name: String, _ key: String, _ options: [(value: String, label: String)]) -> SelectField {
            SelectField(
                name, words(key), options: [("", words("form.all"))] + options, chosen: query.text(name), id: "filter-\(name)")
        }
        var selects = [
            select("unit", "event.unit", units(list).map { (list.tree.code(of: $0), text.unit($0)) }),
            select("topic", "event.topic", list.topics.map { ($0.code, $0.names[words.language]) }),
            select("state", "list.state", Event.State.allCases.map { ($0.rawValue, text.state($0)) }),
        ]
        let (speakers, places) = (Self.speakers(list), Self.places(list, words.language))
        if !speakers.isEmpty { selects.append(select("speaker", "event.role.speaker", speakers)) }
        if !places.isEmpty { selects.append(select("place", "event.place", places)) }
        let chosen = selects.flatMap { field in
            field.options.filter { $0.selected && !$0.optionValue.isEmpty }.map(\.optionLabel)
        }
        let hidden = ["view", "show", "campaign", "day"].compactMap { name in query.code(name).map { (name, $0) } }
        return Filters(
            action: "/events", summary: chosen.isEmpty ? words("form.all") : chosen.joined(separator: " · "), hidden: hidden,
            selects: selects, reset: chosen.isEmpty ? nil : ReportListPage.address("/events", Fields(hidden)))
    }
}

extension EventListPage {
    private static let mostUnits = 200
    /// Of them own ones.
    private static let mostOwn = 120

    /// The reader's own units with those below them and the way up, then the chosen unit, or the whole country, with its way
    /// up and its children.
    private static func units(_ list: EventListing) -> [UnitNo] {
        let tree = list.tree
        var units: [UnitNo] = []
        let homes = list.homes.filter { $0 != tree.root }
        // The nearest first, since a region has thousands below it.
        for home in homes { units += tree.subtree(of: home).prefix(max(1, mostOwn / homes.count)) }
        for home in homes { units += tree.chain(of: home) }
        if let top = list.filter.unit ?? tree.root { units += tree.chain(of: top).reversed() + tree.children(of: top) }
        var seen: Set<UnitNo> = []
        return Array(units.filter { seen.insert($0).inserted }.prefix(mostUnits))
    }

    /// Speakers of the events shown, and the one chosen.
    private static func speakers(_ list: EventListing) -> [(value: String, label: String)] {
        var names: [PersonID: String] = [:]
        for member in list.names.members.values.joined() where member.role == .speaker && member.state.holds {
            names[member.person] = member.name
        }
        if let chosen = list.filter.speaker, !list.speaker.isEmpty { names[chosen] = list.speaker }
        return names.sorted { $0.key < $1.key }.inAlphabet(\.value).map { ($0.key.description, $0.value) }
    }

    /// Places of the events shown.
    private static func places(_ list: EventListing, _ language: Language) -> [(value: String, label: String)] {
        list.names.places.values.sorted { $0.id < $1.id }.inAlphabet(\.name).map { place in
            (place.id.description, "\(place.name) · \(list.tree[place.unit]?.names[language] ?? "")")
        }
    }
}

/// The list as a file.
enum EventCSV {
    static func bytes(_ list: EventListing, words: Words) -> [UInt8] {
        let text = EventText(words: words, tree: list.tree, campaign: list.campaign)
        var csv = CSVWriter(byteOrderMark: true)
        csv.append([
            "id", "day", "start", "end", "unit", "unit_name", "kind", "form", "topic", "language", "title", "territory",
            "place", "state", "shown", "class", "speakers", "reason",
        ])
        for event in list.page.events {
            let people = (list.names.members[event.id] ?? []).filter { $0.role == .speaker && $0.state.holds }.map(\.name)
            csv.append([
                event.id.description, event.day.description, words.time(event.start), words.time(event.end),
                list.tree.code(of: event.unit), text.unit(event.unit), event.kind.rawValue, event.form.rawValue,
                event.topic ?? "", event.language.rawValue, text.title(event, topics: list.names.topics),
                list.tree.code(of: event.territory), event.place.flatMap { list.names.places[$0]?.name } ?? "",
                event.state.rawValue, event.isPublic ? "public" : "internal",
                event.isCampaigning ? "campaigning" : "information", people.joined(separator: ", "), event.reason,
            ])
        }
        return csv.bytes
    }
}
