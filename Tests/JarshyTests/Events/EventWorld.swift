import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// `TestSite` with a secretary of a district, a lecturer, and people of another region: what events need.
struct EventWorld: Sendable {
    let site: TestSite
    /// Manages events in D11 and below; of organisation 1.
    let secretary: PersonID
    /// Reviews in R1; of organisation 2.
    let reviewer: PersonID
    /// Lecturers of D11 and of D21.
    let speaker: PersonID
    let foreign: PersonID
    /// Secretary of D21.
    let neighbour: PersonID

    var database: Database { site.database }
    var now: Instant { site.clock.now }
    var today: Day { Zone.kazakhstan.day(at: now) }

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (EventWorld) async throws -> Void) async throws {
        try await TestSite.run(dialect) { site in
            let world = EventWorld(
                site: site, secretary: try await site.person("secretary", role: "secretary", unit: "D11"),
                reviewer: try await site.person("reviewer", role: "reviewer", unit: "R1"),
                speaker: try await site.person("speaker", role: "speaker", unit: "D11"),
                foreign: try await site.person("foreign", role: "speaker", unit: "D21"),
                neighbour: try await site.person("neighbour", role: "secretary", unit: "D21"))
            try await world.belong(world.secretary, to: 1)
            try await world.belong(world.reviewer, to: 2)
            let now = site.clock.now
            try await site.database.write { db in
                try db.run(
                    "INSERT INTO topic (campaign, code, position, name_kk, name_ru, name_en) VALUES (1, 'where', 1, 'Қайда', 'Где', 'Where')")
                _ = try EventSecret.make(in: db)
                for organization in ["north", "south"] {
                    try QuestionWorld.imprint(organization).perform(by: .operator, at: now, in: db)
                }
            }
            try await body(world)
        }
    }

    func belong(_ person: PersonID, to organization: Int64) async throws {
        _ = try await database.run(
            AddAffiliation(person: person, organization: OrganizationNo(organization), post: "x"), by: .operator, at: now)
    }

    /// The vote is on day 25 of the campaign, quiet from the day before.
    func vote() async throws {
        let day = EngineWorld.firstDay.advanced(by: 25)
        try await database.write { db in
            try db.run(
                "UPDATE campaign SET vote_day = \(day), quiet_from_day = \(day.advanced(by: -1)), stamp = stamp + 1 WHERE no = 1")
        }
    }

    func office(_ person: PersonID, from: Int = 0, to: Int? = nil) async throws {
        let first = EngineWorld.firstDay
        let last = to.map { first.advanced(by: $0) }
        try await database.write { db in
            try db.run(
                """
                INSERT INTO post (id, person, name, public_office, from_day, to_day)
                VALUES (\(ID<PostMark>.make(at: EngineWorld.at(0))), \(person), 'Әкім', true, \(first.advanced(by: from)), \(last))
                """)
        }
    }

    /// A meeting of D11's primary organisation on a day of the campaign.
    static func input(_ day: Int = 12, hour: Int = 15, unit: String = "P111", minutes: Int64 = 90) -> EventInput {
        var input = EventInput(
            campaign: "test", unit: unit, kind: .meeting, day: EngineWorld.firstDay.advanced(by: day), minute: hour * 60)
        input.minutes = minutes
        input.territory = "D11"
        return input
    }

    @discardableResult
    func draft(_ input: EventInput = EventWorld.input()) async throws -> EventID {
        try await run(DraftEvent(input: input), by: secretary)[0]
    }

    @discardableResult
    func announced(_ input: EventInput = EventWorld.input()) async throws -> EventID {
        let id = try await draft(input)
        try await run(AnnounceEvent(event: id), by: secretary)
        return id
    }

    func find(_ id: EventID) async throws -> Event {
        try await database.read { db in try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)") }!
    }

    func run<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> Deed.Result {
        try await database.run(deed, by: try await site.actor(person), at: now)
    }

    /// The slug a deed is refused with, or that of its first fault.
    func refusal<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> String? {
        do {
            _ = try await run(deed, by: person)
            return nil
        } catch let problem as Problem {
            return problem.slug == "invalid" ? problem.errors.first?.slug : problem.slug
        }
    }

    static func report(
        _ n: UInt64, _ event: Event, unit: String = "P111", attendees: Int64 = 20, part: String = "hall", events: Int64 = 1,
        _ more: [Json.Member] = []
    ) -> Operation {
        Ops.op(
            [
                .init("op", .text(Ops.id(n))), .init("kind", .text("event.report")), .init("event", .text(event.id.description)),
                .init("part", .text(part)), .init("campaign", .text("test")), .init("unit", .text(unit)),
                .init("day", .text(event.day.description)), .init("activity", .text(event.activity)),
                .init("audience", .text(event.audience)), .init("channel", .text("in_person")),
                .init("metrics", .object([.init("events", .integer(events)), .init("attendees", .integer(attendees))])),
            ] + more)
    }

    @discardableResult
    func submit(_ operation: Operation, by person: PersonID) async throws -> Outcome {
        try await site.app.intake.submit([operation], by: try await site.actor(person), at: now)[0]
    }

    /// What must hold of every roster and every state, whatever was done: the faults found.
    func faults() async throws -> [String] {
        try await database.read { db in
            var faults: [String] = []
            let events = try db.all(Event.self, where: "FROM event e")
            let members = try Roster.of(events.map(\.id), in: db)
            let notices = try Notice.of(events.map(\.id), in: db)
            for event in events {
                let slots = Event.slots(event.start, event.end)
                let told = notices[event.id] ?? []
                if told.map(\.sequence) != Array(0..<told.count).map({ Int64($0 + 1) }) { faults.append("\(event.id): notices \(told.map(\.sequence))") }
                if event.sequence != Int64(told.count) { faults.append("\(event.id): sequence \(event.sequence), \(told.count) notices") }
                if event.state.isTold, told.last.map({ $0.start != event.start }) ?? true { faults.append("\(event.id): told another time") }
                if (event.state == .cancelled) != !event.reason.isEmpty { faults.append("\(event.id): reason") }
                for member in members[event.id] ?? [] {
                    let held = try db.value(
                        "SELECT count(*) FROM event_hold WHERE event = \(event.id) AND person = \(member.person)", as: Int.self)
                    let wanted = member.state.holds && event.state != .cancelled ? slots.count : 0
                    if held != wanted { faults.append("\(event.id): \(member.state) holds \(held), wanted \(wanted)") }
                }
                let bound = (members[event.id] ?? []).filter { $0.role != .helper && $0.state.holds }.map(\.person)
                if event.isCampaigning, try !PublicOffice.holders(among: bound, on: event.day, in: db).isEmpty {
                    faults.append("\(event.id): a public office campaigns")
                }
                let asked = (members[event.id] ?? []).filter { $0.role != .helper && $0.state == .asked }.map(\.person)
                if event.isPublic, event.state.isTold, event.classBy == nil,
                    try !PublicOffice.holders(among: bound + asked, on: event.day, in: db).isEmpty
                {
                    faults.append("\(event.id): a public office was told unconfirmed")
                }
            }
            // Nobody in two places: from the rosters themselves, not from the holds.
            var busy: [PersonID: [(Instant, Instant)]] = [:]
            for event in events where event.state != .cancelled {
                for member in members[event.id] ?? [] where member.state.holds { busy[member.person, default: []].append((event.start, event.end)) }
            }
            for (person, spans) in busy {
                let sorted = spans.sorted { $0.0 < $1.0 }
                for (left, right) in zip(sorted, sorted.dropFirst()) where left.1 > right.0 { faults.append("\(person) is in two places") }
            }
            return faults
        }
    }
}
