import JarshyKit
import Storage

/// What a phone pulls: events of these days that its person may report and that have no report of the hall yet, each with the
/// operation's body as far as the event knows it. So the headcount and the questions taken at an event are the event's.
enum EventsField {
    static let most = 30
    /// Days before and after today.
    static let before = 3
    static let after = 1

    static func part(for actor: Actor, on day: Day, in db: any Reading) throws -> [Json.Member] {
        let tree = try Tree.current(in: db)
        let homes = Set(
            actor.grants.filter { grant in
                grant.holds(on: day) && grant.organization == nil && grant.rights.contains(.fileReports)
                    && actor.allowed?.contains(.fileReports) ?? true
            }.map(\.unit))
        guard !homes.isEmpty else { return [.init("events", .list([]))] }
        let (from, to) = (Zone.kazakhstan.instant(day.advanced(by: -before)), Zone.kazakhstan.instant(day.advanced(by: after + 1)))
        var events: [Event] = []
        // A region is read by its days, a primary organisation by its own events.
        for chunk in Padded.chunks(Set(homes.flatMap { tree.subtree(of: $0) }).sorted()) where events.count < most {
            events += try db.all(
                Event.self,
                where: """
                    FROM event e WHERE e.unit IN \(chunk) AND e.start_at >= \(from) AND e.start_at < \(to)
                        AND e.state <> 'cancelled' AND e.form <> 'online' AND NOT EXISTS (
                            SELECT 1 FROM event_report t JOIN report r ON r.id = t.report
                            WHERE t.event = e.id AND t.part = 'hall' AND NOT r.voided)
                    ORDER BY e.start_at DESC, e.id LIMIT \(most)
                    """)
        }
        events = Array(events.sorted { ($0.start, $0.id) < ($1.start, $1.id) }.suffix(most))
        return [.init("events", .list(try items(events, tree, in: db)))]
    }

    private static func items(_ events: [Event], _ tree: Tree, in db: any Reading) throws -> [Json] {
        guard !events.isEmpty else { return [] }
        let campaigns = try Campaigns.current(in: db)
        let organizations = Dictionary(
            try Organization.all(in: db).map { ($0.no, $0.code) }, uniquingKeysWith: { first, _ in first })
        var partners: [EventID: [UnitNo]] = [:]
        for chunk in Padded.chunks(events.map(\.id)) {
            try db.rows("SELECT event, unit FROM event_partner WHERE event IN \(chunk) ORDER BY event, unit") { row in
                partners[try row.next(), default: []].append(try row.next())
                return true
            }
        }
        return events.compactMap { event in
            guard let campaign = campaigns.find(event.campaign) else { return nil }
            let body = EventReportBody(
                event: event, part: .hall, campaign: campaign, tree: tree, organization: organizations[event.organization],
                partners: partners[event.id] ?? [])
            var members: [Json.Member] = [
                .init("id", .text(event.id.description)), .init("start", .integer(event.start.milliseconds)),
                .init("language", .text(event.language.rawValue)), .init("body", .object(body.members)),
            ]
            if !event.title.isEmpty { members.append(.init("title", .text(event.title))) }
            if let topic = event.topic { members.append(.init("topic", .text(topic))) }
            return .object(members)
        }
    }
}
