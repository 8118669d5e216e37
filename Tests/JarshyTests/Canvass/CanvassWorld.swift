import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// `TestSite` with a round in the city C1, a pair of walkers and a leased list of five doors.
struct CanvassWorld: Sendable {
    let site: TestSite
    /// May draw up rounds in the city.
    let leader: PersonID
    let walker: PersonID
    let mate: PersonID
    let round: RoundID
    let team: CanvassTeamID
    let list: CanvassListID

    var database: Database { site.database }
    var now: Instant { site.clock.now }
    var today: Day { Zone.kazakhstan.day(at: now) }
    static let salt = "AAECAwQFBgcICQoLDA0ODw"

    static func run(
        _ dialect: Dialect, doors: Int = 5, information: Bool = true,
        _ body: @escaping @Sendable (CanvassWorld) async throws -> Void
    ) async throws {
        try await TestSite.run(dialect) { site in
            let leader = try await site.person("leader", role: "team_leader", unit: "C1")
            let walker = try await site.person("walker", name: "Ержан Серік", role: "activist", unit: "PC1")
            let mate = try await site.person("mate", name: "Анна Ким", role: "activist", unit: "PC1")
            let by = try await site.actor(leader)
            let now = site.clock.now
            let today = Zone.kazakhstan.day(at: now)
            let made = try await site.database.write { db in
                let round = try CanvassWorld.round(information: information, from: today).perform(by: by, at: now, in: db)
                let houses = (1...max(doors, 1)).map { AddressText(street: "Абай көшесі", house: "\($0)") }
                _ = try AddAddresses(round: round, addresses: houses).perform(by: by, at: now, in: db)
                let team = try MakeTeam(
                    round: round,
                    members: [.init(login: "walker", shownName: "Ержан"), .init(login: "mate", shownName: "Анна")]
                ).perform(by: by, at: now, in: db)
                let list = try LeaseList(
                    round: round, team: team, street: nil, most: max(doors, 1), from: today, until: today.advanced(by: 2)
                ).perform(by: by, at: now, in: db)
                return (round, team, list)
            }
            try await body(
                CanvassWorld(
                    site: site, leader: leader, walker: walker, mate: mate, round: made.0, team: made.1, list: made.2))
        }
    }

    static func round(information: Bool = true, from day: Day, unit: String = "PC1") -> SaveRound {
        SaveRound(
            round: nil, campaign: "test", unit: unit, organization: "north", isInformation: information,
            names: Trio(kk: "Үй аралау", ru: "Обход", en: "Round"), first: day, last: day.advanced(by: 20), opens: 600,
            closes: 1200)
    }

    func actor(_ person: PersonID) async throws -> Actor { try await site.actor(person) }

    func run<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> Deed.Result {
        try await database.run(deed, by: try await actor(person), at: now)
    }

    /// The slug of the problem a deed is refused with.
    func refusal<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> String? {
        do {
            _ = try await run(deed, by: person)
            return nil
        } catch let problem as Problem {
            return problem.slug
        }
    }

    /// Members of `canvass.visit` as a phone writes it.
    func visit(
        _ row: Int64, _ outcome: String, attempt: Int64 = 1, day: Day? = nil, salt: String = CanvassWorld.salt,
        list other: CanvassListID? = nil, _ more: [Json.Member] = []
    ) async throws -> [Json.Member] {
        let list = other ?? self.list
        let secret = try await database.read { db in try CanvassRows.list(list, in: db)?.secret }
        let op = VisitID.make(list: list, row: row, attempt: attempt, secret: secret ?? [])
        return [
            .init("op", .text(op.description)), .init("kind", .text("canvass.visit")), .init("campaign", .text("test")),
            .init("list", .text(list.description)), .init("row", .integer(row)), .init("attempt", .integer(attempt)),
            .init("day", .text((day ?? today).description)), .init("outcome", .text(outcome)), .init("salt", .text(salt)),
        ] + more
    }

    @discardableResult
    func submit(_ members: [Json.Member], by person: PersonID, door: Jarshy.Door = .sync) async throws -> Outcome {
        try await site.app.intake.submit([Ops.op(members, door: door)], by: try await actor(person), at: now)[0]
    }

    @discardableResult
    func tell(_ row: Int64, _ outcome: String, attempt: Int64 = 1, day: Day? = nil, _ more: [Json.Member] = []) async throws -> Outcome {
        try await submit(try await visit(row, outcome, attempt: attempt, day: day, more), by: walker)
    }

    func doors(_ list: CanvassListID? = nil) async throws -> [CanvassDoor] {
        let list = list ?? self.list
        return try await database.read { db in
            guard let list = try CanvassRows.list(list, in: db) else { return [] }
            return try CanvassRows.doors(of: [list], in: db)[list.id] ?? []
        }
    }

    func states() async throws -> [String] { try await doors().map(\.state.rawValue) }

    /// `day outcome visits` of the round, in order.
    func counts() async throws -> [String] {
        try await database.read { db in
            try db.all("SELECT day, outcome, visits FROM canvass_count ORDER BY day, outcome") { row in
                "\(try row.next(Day.self)) \(try row.next(String.self)) \(try row.next(Int64.self))"
            }
        }
    }

    func beside() async throws -> [String] {
        try await database.read { db in
            try db.all("SELECT day, leaflets, questions FROM canvass_beside ORDER BY day") { row in
                "\(try row.next(Day.self)) \(try row.next(Int64.self)) \(try row.next(Int64.self))"
            }
        }
    }

    func pull(_ person: PersonID) async throws -> Json {
        let actor = try await actor(person)
        let today = self.today
        return Json.object(try await database.read { db in try CanvassField.part(for: actor, on: today, in: db) })
    }
}
