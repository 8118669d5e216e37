import JarshyKit
import Storage

/// What the demo's lecturers take along: leaflets, noted with the event, and the briefs in force on its topic.
struct DemoBriefcase: Sendable {
    let materials: DemoTable
    let database: Database
    let now: Instant

    static let mostEvents = 24
    static let mostBriefs = 12

    init(_ home: Home, database: Database, now: Instant) throws {
        materials = try DemoTable("materials", home: home)
        self.database = database
        self.now = now
    }

    /// After the events and the briefs.
    func fill(secretary: Actor) async throws {
        try await leaflets(by: secretary)
        try await briefs()
    }

    /// The latest events that were held, with what was handed out of what was brought, and those that are announced.
    private func leaflets(by secretary: Actor) async throws {
        let now = now
        let printed = materials.rows.filter { ($0.integer("print_run") ?? 0) > 0 && $0["withdrawn"].isEmpty && $0["kind"] != "poster" }
        let names = printed.map { $0.trio("name") }
        try await database.write { db in
            let events = try db.all(
                Event.self,
                where: """
                    FROM event e WHERE e.state IN ('held', 'announced') AND e.form <> 'online'
                    ORDER BY e.start_at DESC, e.id LIMIT \(Self.mostEvents)
                    """)
            var random = DemoRandom(seed: 176)
            for event in events {
                let isHeld = event.state == .held
                let lines = names.prefix(2).map { name in
                    let brought = Int64(random.whole(3...10) * 10)
                    let handed = brought - Int64(random.whole(0...20))
                    return SetMaterials.Line(name: name[event.language], brought: brought, handed: isHeld ? handed : nil)
                }
                try SetMaterials(event: event.id, lines: Array(lines)).perform(by: secretary, at: now, in: db)
            }
        }
    }

    private struct Taking: Sendable {
        let event: EventID
        let person: PersonID
        let brief: BriefID
        let start: Instant
    }

    /// Each by the lecturer, an hour before the event or now; only a brief that was in force by then.
    private func briefs() async throws {
        let (now, today) = (now, Zone.kazakhstan.day(at: now))
        let takings = try await database.read { db in
            try db.all(
                """
                SELECT e.id, m.person, b.id, e.start_at FROM event e JOIN event_member m ON m.event = e.id
                    JOIN brief b ON b.campaign = e.campaign AND b.topic = e.topic AND b.language = e.language
                    JOIN brief_version w ON w.brief = b.id AND w.version = b.version
                WHERE m.state IN \(RosterMember.State.holding) AND e.state <> 'cancelled' AND w.checked_at < e.start_at - 7200000
                ORDER BY e.start_at DESC, e.id, m.person LIMIT \(Self.mostBriefs)
                """
            ) { row in
                Taking(event: try row.next(), person: try row.next(), brief: try row.next(), start: try row.next())
            }
        }
        for taking in takings {
            let actor = try await database.read { db in try Actors.load(taking.person, on: today, in: db) }
            guard let actor else { continue }
            let at = min(taking.start.advanced(seconds: -3600), now)
            _ = try await database.run(TakeBrief(brief: taking.brief, event: taking.event), by: actor, at: at)
        }
    }
}
