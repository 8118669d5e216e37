import JarshyKit
import Storage

/// Which events somebody may see: public ones that were told, those of units where a right of the trade is held, those with a
/// partner there, and those whose roster names the person. Anything else is 404.
struct EventScope {
    let actor: Actor
    let tree: Tree
    let today: Day
    let now: Instant

    static let working: [Right] = [.manageEvents, .manageSpeakers, .takeQuestions, .viewReports, .fileReports]

    init(_ actor: Actor, at now: Instant, in db: any Reading) throws {
        self.actor = actor
        self.now = now
        tree = try Tree.current(in: db)
        today = Zone.kazakhstan.day(at: now)
    }

    /// Without asking the roster or the partners.
    func works(at event: Event) -> Bool {
        Self.working.contains { actor.holds($0, over: event.unit, organization: event.organization, in: tree, on: today) }
    }

    /// - Throws: 404 outside the scope; the two look alike.
    func find(_ id: EventID?, in db: any Reading) throws -> Event {
        guard let id, let event = try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)") else {
            throw Problem.notFound("event")
        }
        if event.isPublic, event.state != .draft { return event }
        if works(at: event) { return event }
        let onRoster = try db.first(
            MemberID.self, "SELECT id FROM event_member WHERE event = \(id) AND person = \(actor.person)") != nil
        if onRoster { return event }
        let partners = try db.all(UnitNo.self, "SELECT unit FROM event_partner WHERE event = \(id)")
        if partners.contains(where: { unit in Self.working.contains { actor.holds($0, over: unit, in: tree, on: today) } }) {
            return event
        }
        throw Problem.notFound("event")
    }

    /// Of these the ones that `find` would give, in a fixed number of statements.
    func seen(among ids: [EventID], in db: any Reading) throws -> Set<EventID> {
        var seen: Set<EventID> = []
        for chunk in Padded.chunks(ids) {
            let events = try db.all(Event.self, where: "FROM event e WHERE e.id IN \(chunk)")
            seen.formUnion(events.filter { ($0.isPublic && $0.state != .draft) || works(at: $0) }.map(\.id))
            seen.formUnion(
                try db.all(
                    EventID.self, "SELECT event FROM event_member WHERE event IN \(chunk) AND person = \(actor.person)"))
            let partners = try db.all("SELECT event, unit FROM event_partner WHERE event IN \(chunk)") { row in
                (event: try row.next(EventID.self), unit: try row.next(UnitNo.self))
            }
            seen.formUnion(
                partners.filter { partner in
                    Self.working.contains { actor.holds($0, over: partner.unit, in: tree, on: today) }
                }.map(\.event))
        }
        return seen
    }

    func holds(_ right: Right, over event: Event) -> Bool { actor.holds(right, over: event.unit, in: tree, on: today) }

    func require(_ right: Right, over event: Event) throws {
        try actor.require(right, over: event.unit, in: tree, on: today)
    }

    /// Units where a right of the trade is held for whatever organisation.
    var homes: Set<UnitNo> {
        Set(
            actor.grants.filter { grant in
                grant.holds(on: today) && grant.organization == nil
                    && Self.working.contains { grant.rights.contains($0) && actor.allowed?.contains($0) ?? true }
            }.map(\.unit))
    }

    /// Events of these, as a condition on `event e`.
    var condition: SQL {
        if actor.kind == .operator { return "1 = 1" }
        let homes = homes
        let open: SQL = "(e.shown = 'public' AND e.state <> 'draft')"
        let own: SQL = "EXISTS (SELECT 1 FROM event_member m WHERE m.event = e.id AND m.person = \(actor.person))"
        if homes.isEmpty { return "(\(open) OR \(own))" }
        if let root = tree.root, homes.contains(root) { return "1 = 1" }
        let units = Array(Set(homes.flatMap { tree.subtree(of: $0) })).sorted()
        let parts = Padded.chunks(units).map { chunk -> SQL in
            """
            e.unit IN \(chunk) OR EXISTS (SELECT 1 FROM event_partner p WHERE p.event = e.id AND p.unit IN \(chunk))
            """
        }
        return "(\(open) OR \(own) OR " + SQL.joined(parts, " OR ") + ")"
    }
}

/// What the deeds on an event share: the event within the scope, locked against a second hand, its line in the feed.
struct EventDeed {
    let event: Event
    let scope: EventScope
    let db: any Writing

    init(_ id: EventID, by actor: Actor, at now: Instant, in db: any Writing) throws {
        scope = try EventScope(actor, at: now, in: db)
        self.db = db
        _ = try db.first(EventID.self, "SELECT id FROM event WHERE id = \(id)\(SQL.forUpdate(db.dialect))")
        event = try scope.find(id, in: db)
    }

    /// - Throws: 403 unless events of the host unit may be managed.
    func requireManaging() throws { try scope.require(.manageEvents, over: event) }

    func record(_ verb: String, _ detail: String = "") throws {
        try Feed.record(
            FeedLine(verb, "event", event.id, unit: event.unit, detail: detail), by: scope.actor, at: scope.now, in: db)
    }

    /// Tells the public: one more of the sequence, with what stands then. Internal and drafted events tell nobody but count on.
    func tell(_ verb: Notice.Verb, start: Instant, end: Instant, reason: String = "") throws {
        try db.run(
            """
            INSERT INTO event_notice (event, sequence, at, verb, start_at, end_at, reason)
            VALUES (\(event.id), \(event.sequence + 1), \(scope.now), \(verb), \(start), \(end), \(reason))
            """)
    }
}

/// One line of what the public was told.
struct Notice: Sendable, Hashable {
    enum Verb: String, Stored, Sendable {
        case announced, moved, cancelled, changed
    }

    let event: EventID
    let sequence: Int64
    let at: Instant
    let verb: Verb
    let start: Instant
    let end: Instant
    let reason: String

    static func of(_ events: [EventID], in db: any Reading) throws -> [EventID: [Notice]] {
        var found: [EventID: [Notice]] = [:]
        for chunk in Padded.chunks(events) {
            let notices = try db.all(
                """
                SELECT event, sequence, at, verb, start_at, end_at, reason FROM event_notice WHERE event IN \(chunk)
                ORDER BY event, sequence
                """
            ) { row in
                Notice(
                    event: try row.next(), sequence: try row.next(), at: try row.next(), verb: try row.next(),
                    start: try row.next(), end: try row.next(), reason: try row.next())
            }
            for notice in notices { found[notice.event, default: []].append(notice) }
        }
        return found
    }
}
