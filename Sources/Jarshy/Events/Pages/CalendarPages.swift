import JarshyKit
import Storage

/// Addresses for calendar programs: made and ended here, read at `/calendar/{token}`.
enum CalendarPages {
    /// Events from so long before now stay in a calendar.
    static let pastDays = 60
    static let most = 2000

    static func routes(_ site: inout Routes, words: @escaping @Sendable (Language) throws -> Words) {
        site.get("/events/calendars", .signedIn) { visit in try await page(visit, made: nil, problem: nil) }
        site.post("/events/calendars", .signedIn) { visit in
            try await visit.attempt(
                {
                    let token = try await visit.run(MakeCalendar(unit: visit.form.text("unit")))
                    return try await page(visit, made: token, problem: nil).header("cache-control", "no-store")
                }, again: { try await page(visit, made: nil, problem: $0) })
        }
        site.post("/events/calendars/{id}/end", .signedIn) { visit in
            guard let id = CalendarID(visit.parameter("id")) else { throw Problem.notFound("calendar") }
            try await visit.run(EndCalendar(calendar: id))
            return .redirect("/events/calendars", flash: .init(kind: .done, text: visit.words("calendars.ended")))
        }
        site.get("/calendar/{token}", .anonymous) { visit in try await feed(visit, words) }
    }

    private static func page(_ visit: Visit, made: String?, problem: Problem?) async throws -> Reply {
        let (actor, today) = (try visit.require(), visit.today)
        let facts = try await visit.read { db -> (own: [CalendarToken], tree: Tree, units: [UnitNo]) in
            let tree = try Tree.current(in: db)
            let homes = actor.grants.filter { grant in
                grant.holds(on: today) && EventScope.working.contains { grant.rights.contains($0) }
            }.map(\.unit)
            let units = Set(homes + homes.flatMap { tree.children(of: $0) }).sorted {
                (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? [])
            }
            return (try CalendarToken.of(actor.person, in: db), tree, Array(units.prefix(300)))
        }
        let page = CalendarsPage(facts.own, facts.tree, facts.units, made: made, problem: problem, visit: visit)
        return .page("calendars", page, PageHead(page.heading, section: "events"))
    }

    /// One calendar, in its owner's language and with the owner's rights of today.
    private static func feed(
        _ visit: Visit, _ words: @Sendable (Language) throws -> Words
    ) async throws -> Reply {
        var token = visit.parameter("token")
        if token.hasSuffix(".ics") { token.removeLast(4) }
        let (now, key) = (visit.now, token)
        let facts = try await visit.read { db -> CalendarFacts in
            let (calendar, owner) = try CalendarToken.find(key, at: now, in: db)
            return try CalendarFacts(calendar, owner: owner, now: now, in: db)
        }
        return Self.reply(facts.calendar(words: try words(facts.language), origin: visit.origin).bytes)
    }

    static func reply(_ bytes: [UInt8]) -> Reply {
        Reply(status: 200, headers: [("content-type", "text/calendar; charset=utf-8")], body: .bytes(bytes))
            .header("cache-control", "private, no-cache").etag(ContentTag.of(bytes))
    }
}

/// What one calendar shows.
struct CalendarFacts: Sendable {
    let language: Language
    let unit: UnitNo?
    let owner: String
    let events: [Event]
    let names: [CampaignNo: EventNames]
    let campaigns: Campaigns
    let tree: Tree

    init(_ calendar: CalendarToken, owner: Actor, now: Instant, in db: any Reading) throws {
        let scope = try EventScope(owner, at: now, in: db)
        (language, unit, self.owner, tree) = (owner.language, calendar.unit, owner.name, scope.tree)
        let from = now.advanced(seconds: -Int64(CalendarPages.pastDays) * 86_400)
        var parts: [SQL] = ["e.end_at >= \(from)", scope.condition]
        if let unit {
            parts.append(EventRows.below(unit, scope.tree))
        } else {
            parts.append(
                """
                EXISTS (SELECT 1 FROM event_member m WHERE m.event = e.id AND m.person = \(owner.person)
                    AND m.state IN \(RosterMember.State.holding))
                """)
        }
        events = try db.all(
            Event.self,
            where: "FROM event e WHERE " + SQL.joined(parts, " AND ") + " ORDER BY e.start_at, e.id LIMIT \(CalendarPages.most)")
        campaigns = try Campaigns.current(in: db)
        names = try Dictionary(grouping: events, by: \.campaign).reduce(into: [:]) { found, pair in
            found[pair.key] = try EventNames(pair.value, campaign: pair.key, in: db)
        }
    }

    func calendar(words: Words, origin: String) -> ICalendar {
        let items = events.compactMap { event -> ICalendar.Item? in
            guard let campaign = campaigns.find(event.campaign), let names = names[event.campaign] else { return nil }
            return EventText(words: words, tree: tree, campaign: campaign)
                .item(event, names, origin: origin, url: "/events/\(event.id)")
        }
        let name = unit.flatMap { tree[$0]?.titles[words.language] } ?? owner
        return ICalendar(name: "\(words("events.title")): \(name)", items: items)
    }
}

/// Fields as in `calendars.mustache`.
struct CalendarsPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let hasMade: Bool
    let made: String
    let unit: SelectField
    let calendars: [CalendarLine]
    let isEmpty: Bool

    init(
        _ own: [CalendarToken], _ tree: Tree, _ units: [UnitNo], made: String?, problem: Problem?, visit: Visit
    ) {
        let words = visit.words
        heading = words("calendars.title")
        here = heading
        trail = [TrailLink("/events", words("events.title"))]
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        hasMade = made != nil
        self.made = made.map { "\(visit.origin)/calendar/\($0).ics" } ?? ""
        unit = SelectField(
            "unit", words("calendars.what"),
            options: [("", words("calendars.own"))] + units.map { (tree.code(of: $0), tree[$0]?.titles[words.language] ?? "") },
            chosen: visit.form.text("unit"))
        calendars = own.map { calendar in
            CalendarLine(
                calendarName: calendar.unit.flatMap { tree[$0]?.titles[words.language] } ?? words("calendars.own"),
                calendarAt: words.moment(calendar.madeAt, now: visit.now), endAction: "/events/calendars/\(calendar.id)/end")
        }
        isEmpty = own.isEmpty
    }
}

struct CalendarLine: PageModel {
    let calendarName: String
    let calendarAt: String
    let endAction: String
}
