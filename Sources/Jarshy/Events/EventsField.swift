import JarshyKit
import Storage

/// What a phone pulls of events: those of yesterday, today and tomorrow at which its person stands on the roster or may file
/// the report, in the order of their hours.
///
/// `parts` are the reports still to be filed, `hall` before `online`; empty where there is none, or where somebody else files.
/// `bodies` are those reports as far as the event knows them, in the same order.
enum EventsField {
    static let most = 40
    private static let mostUnits = 400

    static func part(for actor: Actor, on day: Day, in db: any Reading) throws -> [Json.Member] {
        let tree = try Tree.current(in: db)
        let (from, to) = (Zone.kazakhstan.instant(day.advanced(by: -1)), Zone.kazakhstan.instant(day.advanced(by: 2)))
        // Drafts too: what was never announced may have been held all the same.
        let states: SQL = "e.state <> 'cancelled'"
        let events = try db.all(
            Event.self,
            where: """
                FROM event e WHERE e.start_at >= \(from) AND e.start_at < \(to) AND \(states)
                AND (\(condition(actor, tree, day))) ORDER BY e.start_at, e.id LIMIT \(most)
                """)
        let places = try EventPlace.find(events.compactMap(\.place), in: db)
        let reported = try EventReports.of(events.map(\.id), in: db)
        let campaigns = try Campaigns.current(in: db)
        let organizations = Dictionary(
            try Organization.all(in: db).map { ($0.no, $0.code) }, uniquingKeysWith: { first, _ in first })
        let partners = try Event.partners(of: events.map(\.id), in: db)
        return [
            .init("events", .list(events.compactMap { event in
                guard let campaign = campaigns.find(event.campaign) else { return nil }
                let told = (reported[event.id] ?? []).filter { !$0.report.isVoided }.map(\.part)
                let files = actor.holds(.fileReports, over: event.unit, organization: event.organization, in: tree, on: day)
                let parts = files ? self.parts(event).filter { !told.contains($0) } : []
                let bodies = parts.map { part in
                    EventReportBody(
                        event: event, part: part, campaign: campaign, tree: tree, organization: organizations[event.organization],
                        partners: partners[event.id] ?? [])
                }
                let isReported = self.parts(event).allSatisfy(told.contains)
                return json(
                    event, campaign.code, parts, bodies, isReported: isReported, place: event.place.flatMap { places[$0] }, tree)
            }))
        ]
    }

    /// On the roster, or of the units one files for, with those below while they are few.
    private static func condition(_ actor: Actor, _ tree: Tree, _ day: Day) -> SQL {
        let homes = Set(
            actor.grants.filter { grant in
                grant.holds(on: day) && grant.organization == nil && grant.rights.contains(.fileReports)
                    && actor.allowed?.contains(.fileReports) ?? true
            }.map(\.unit)
        ).sorted()
        let own: SQL = """
            EXISTS (SELECT 1 FROM event_member m WHERE m.event = e.id AND m.person = \(actor.person)
            AND m.state IN ('invited', 'confirmed'))
            """
        let units = Set(homes.flatMap { home -> [UnitNo] in
            let below = tree.subtree(of: home)
            return below.count <= mostUnits ? below : [home]
        }).sorted()
        return SQL.joined([own] + Padded.chunks(units).map { "e.unit IN \($0)" }, " OR ")
    }

    private static func parts(_ event: Event) -> [EventPart] {
        switch event.form {
        case .inPerson: [.hall]
        case .online: [.online]
        case .hybrid: [.hall, .online]
        }
    }

    private static func json(
        _ event: Event, _ campaign: String, _ parts: [EventPart], _ bodies: [EventReportBody], isReported: Bool,
        place: EventPlace?, _ tree: Tree
    ) -> Json {
        func text(_ minute: Int) -> Json { .text(EventFormFields.clock(minute)) }
        return .object([
            .init("id", .text(event.id.description)), .init("campaign", .text(campaign)), .init("unit", .text(tree.code(of: event.unit))),
            .init("title", .text(event.title)), .init("language", .text(event.language.rawValue)),
            .init("activity", .text(event.activity)), .init("audience", .text(event.audience)),
            .init("day", .text(event.day.description)), .init("from", text(event.minute)),
            .init("to", text(Zone.kazakhstan.minuteOfDay(at: event.end))), .init("begins", .integer(event.start.milliseconds)),
            .init("form", .text(event.form.rawValue)), .init("place", .text(place?.name ?? "")),
            .init("class", .text(event.isCampaigning ? "campaigning" : "information")),
            .init("state", .text(event.state.rawValue)), .init("reported", .bool(isReported)),
            .init("parts", .list(parts.map { .text($0.rawValue) })), .init("bodies", .list(bodies.map { .object($0.members) })),
        ])
    }
}
