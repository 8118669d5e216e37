import JarshyKit
import Storage

/// Every SELECT of lists of events: by time, the earliest first, paged by the moment it begins and the id.
struct EventRows {
    static let pageSize = 50
    static let mostExported = 20_000
    /// What a month of a large region holds; more are counted and named in the list.
    static let mostShown = 500

    struct Filter: Sendable {
        enum View: String, CaseIterable, Sendable {
            case list, week, month
        }

        enum Show: String, CaseIterable, Sendable {
            case coming, mine, unreported, past, all
        }

        var view = View.list
        var show = Show.coming
        var unit: UnitNo?
        var speaker: PersonID?
        var place: PlaceID?
        var topic = ""
        var state: Event.State?
        /// A day of the week or month shown.
        var day: Day

        init(_ query: Fields, tree: Tree, today: Day) {
            view = View(rawValue: query.text("view")) ?? .list
            show = Show(rawValue: query.text("show")) ?? .coming
            unit = query.code("unit").flatMap { tree.find($0)?.no }
            speaker = PersonID(query.text("speaker"))
            place = PlaceID(query.text("place"))
            topic = query.text("topic")
            state = Event.State(rawValue: query.text("state"))
            day = Day(query.text("day")) ?? today
        }

        /// The days a week or a month shows, whole weeks from Monday.
        var days: ClosedRange<Day> {
            switch view {
            case .list, .week: return day.weekStart...day.weekStart.advanced(by: 6)
            case .month:
                let first = day.monthStart
                let next = first.advanced(by: 31).monthStart
                return first.weekStart...next.advanced(by: -1).weekStart.advanced(by: 6)
            }
        }
    }

    struct Cursor: Sendable, Hashable {
        let at: Instant
        let id: EventID

        init(_ event: Event) {
            at = event.start
            id = event.id
        }

        init?(_ text: String) {
            let halves = text.split(separator: ".", maxSplits: 1)
            guard halves.count == 2, let at = Int64(halves[0]), let id = EventID(halves[1]) else { return nil }
            self.at = Instant(milliseconds: at)
            self.id = id
        }

        var text: String { "\(at.milliseconds).\(id)" }
    }

    struct Page: Sendable {
        var events: [Event] = []
        var hasEarlier = false
        var hasLater = false
    }

    let filter: Filter
    let scope: EventScope
    let campaign: CampaignNo
    let db: any Reading

    func page(after: Cursor?, before: Cursor?) throws -> Page {
        let size = Self.pageSize
        // The past is read backwards, the newest first.
        let backwards = filter.show == .past
        var page = Page()
        if let before {
            let earlier: SQL = backwards
                ? " AND (e.start_at, e.id) > (\(before.at), \(before.id)) ORDER BY e.start_at, e.id LIMIT \(size + 1)"
                : " AND (e.start_at, e.id) < (\(before.at), \(before.id)) ORDER BY e.start_at DESC, e.id DESC LIMIT \(size + 1)"
            let found = try db.all(Event.self, where: condition + earlier)
            page.events = found.prefix(size).reversed()
            page.hasEarlier = found.count > size
            page.hasLater = true
        } else {
            var later: SQL = ""
            if let after {
                later += backwards
                    ? " AND (e.start_at, e.id) < (\(after.at), \(after.id))" : " AND (e.start_at, e.id) > (\(after.at), \(after.id))"
            }
            later += backwards ? " ORDER BY e.start_at DESC, e.id DESC" : " ORDER BY e.start_at, e.id"
            let found = try db.all(Event.self, where: condition + later + " LIMIT \(size + 1)")
            page.events = Array(found.prefix(size))
            page.hasEarlier = after != nil
            page.hasLater = found.count > size
        }
        return page
    }

    func count() throws -> Int { try db.value("SELECT count(*) " + condition) }

    /// Every event of the filter, for a file.
    func all() throws -> [Event] {
        try db.all(Event.self, where: condition + " ORDER BY e.start_at, e.id LIMIT \(Self.mostExported)")
    }

    /// The events of the week or month shown.
    func shown() throws -> [Event] {
        let (from, to) = (Zone.kazakhstan.instant(filter.days.lowerBound), Zone.kazakhstan.instant(filter.days.upperBound.advanced(by: 1)))
        return try db.all(
            Event.self,
            where: "FROM event e WHERE " + SQL.joined(narrowed, " AND ")
                + " AND e.start_at >= \(from) AND e.start_at < \(to) ORDER BY e.start_at, e.id LIMIT \(Self.mostShown + 1)")
    }

    private var condition: SQL {
        var parts = narrowed
        switch filter.show {
        case .coming: parts.append("e.end_at >= \(scope.now) AND e.state <> 'cancelled'")
        case .mine:
            parts.append(
                """
                (e.author = \(scope.actor.person) OR EXISTS (SELECT 1 FROM event_member m WHERE m.event = e.id
                    AND m.person = \(scope.actor.person) AND m.state <> 'withdrawn'))
                """)
        case .unreported:
            parts.append(
                """
                e.end_at < \(scope.now) AND e.state IN ('announced', 'moved', 'held')
                    AND NOT EXISTS (SELECT 1 FROM event_report r WHERE r.event = e.id)
                """)
        case .past: parts.append("e.end_at < \(scope.now)")
        case .all: break
        }
        return "FROM event e WHERE " + SQL.joined(parts, " AND ")
    }

    private var narrowed: [SQL] {
        var parts: [SQL] = ["e.campaign = \(campaign)", scope.condition]
        if let unit = filter.unit { parts.append(Self.below(unit, scope.tree)) }
        if let speaker = filter.speaker {
            parts.append(
                """
                EXISTS (SELECT 1 FROM event_member m WHERE m.event = e.id AND m.person = \(speaker)
                    AND m.state NOT IN ('declined', 'withdrawn'))
                """)
        }
        if let place = filter.place { parts.append("e.place = \(place)") }
        if !filter.topic.isEmpty { parts.append("e.topic = \(filter.topic)") }
        if let state = filter.state { parts.append("e.state = \(state)") }
        return parts
    }

    /// Events whose host or territory is at or below a unit.
    static func below(_ unit: UnitNo, _ tree: Tree) -> SQL {
        if unit == tree.root { return "1 = 1" }
        let parts = Padded.chunks(tree.subtree(of: unit).sorted()).map { chunk -> SQL in
            "e.unit IN \(chunk) OR e.territory IN \(chunk)"
        }
        return "(" + SQL.joined(parts, " OR ") + ")"
    }
}

/// What lists of events show beside the rows, read with a fixed number of statements.
struct EventNames: Sendable {
    let places: [PlaceID: EventPlace]
    let members: [EventID: [RosterMember]]
    let topics: [String: Trio]
    let organizations: [OrganizationNo: Trio]

    init(_ events: [Event], campaign: CampaignNo, in db: any Reading) throws {
        places = try EventPlace.find(events.compactMap(\.place), in: db)
        members = try Roster.of(events.map(\.id), in: db)
        topics = try EventTopic.all(of: campaign, in: db).reduce(into: [:]) { $0[$1.code] = $1.names }
        organizations = Dictionary(
            try Organization.all(in: db).map { ($0.no, $0.names) }, uniquingKeysWith: { first, _ in first })
    }
}

/// What an event is about: the campaign's own list.
struct EventTopic: Sendable, Hashable {
    let code: String
    let names: Trio

    static func all(of campaign: CampaignNo, in db: any Reading) throws -> [EventTopic] {
        try db.all("SELECT code, name_kk, name_ru, name_en FROM topic WHERE campaign = \(campaign) ORDER BY position, code") {
            row in EventTopic(code: try row.next(), names: try Trio(&row))
        }
    }
}
