import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Faults that once were, each named after what people would have seen.
@Suite("Ledger regressions")
struct LedgerRegressionTests {
    let day = EngineWorld.firstDay.advanced(by: 4)

    private func send(_ world: EngineWorld, _ actor: Actor, _ operations: Operation...) async throws -> [Outcome] {
        try await world.intake.submit(operations, by: actor, at: EngineWorld.at(5))
    }

    @Test("a report refused for an unknown organisation in a credit counted all the same", arguments: Dialect.allCases)
    func refusedCredit(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let credit = Json.object([.init("unit", .text("C1")), .init("organization", .text("nobody")), .init("role", .text("helper"))])

        let outcome = try await send(
            world, try await world.actor(1), Ops.file(1, "P111", day: day, extra: [.init("credits", .list([credit]))]))[0]

        #expect(outcome.status == .refused)
        #expect(try await world.rootTotal(1) == 0)
        let reports = try await world.database.read { try $0.value("SELECT count(*) FROM report", as: Int.self) }
        #expect(reports == 0)
    }

    @Test("one competing version was taken and dropped in one batch", arguments: Dialect.allCases)
    func settledTwice(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let actor = try await world.actor(1)
        _ = try await send(
            world, actor, Ops.file(1, "P111", day: day), Ops.correct(2, 1, base: 1, attendees: 30),
            Ops.correct(3, 1, base: 1, attendees: 40), Ops.correct(4, 1, base: 1, attendees: 50))

        let outcomes = try await send(
            world, actor, Ops.settle(5, 1, rev: 3, take: true), Ops.settle(6, 1, rev: 3, take: false))

        #expect(outcomes[0].status == .accepted && outcomes[1].problem?.slug == "not-competing")
        let finding = try await Recount.run(world.database)
        #expect(finding.isClean, "\(finding.differences.prefix(3))")
    }

    @Test("a true correction was blocked because its unit has closed since", arguments: Dialect.allCases)
    func closedSince(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let actor = try await world.actor(1)
        _ = try await world.intake.change(AdvancePresent(day: EngineWorld.firstDay.advanced(by: 5)), by: actor, at: EngineWorld.at(5))
        _ = try await send(world, actor, Ops.file(1, "P111", day: day, attendees: 570))
        _ = try await world.intake.change(CloseUnit(unit: "P111", day: day, note: ""), by: actor, at: EngineWorld.at(5))

        let outcome = try await send(world, actor, Ops.correct(2, 1, base: 1, attendees: 57))[0]

        #expect(outcome.status == .accepted, "\(outcome.receipt)")
        #expect(try await world.rootTotal(1) == 57)
    }

    @Test("a place entered by mistake could not be taken away", arguments: Dialect.allCases)
    func placeCleared(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let actor = try await world.actor(1)
        _ = try await send(world, actor, Ops.file(1, "P111", day: day, extra: [.init("place", .text("D11"))]))
        func place() async throws -> UnitNo? {
            try await world.database.read { db in try db.first("SELECT place FROM report") { try $0.next(UnitNo?.self) } ?? nil }
        }

        _ = try await send(world, actor, Ops.correct(2, 1, base: 1, attendees: 20))
        #expect(try await place() != nil)
        _ = try await send(world, actor, Ops.correct(3, 1, base: 2, attendees: 20, extra: [.init("place", .null)]))

        #expect(try await place() == nil)
        let finding = try await Recount.run(world.database)
        #expect(finding.isClean, "\(finding.differences.prefix(3))")
    }

    @Test("work written before a role was taken away the same day was refused for ever", arguments: Dialect.allCases)
    func revokedLater(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let whole = try await world.actor(1)
        let secret = try await world.database.write { try ServerToken.secret(in: $0) }
        let token = ServerToken.make(at: EngineWorld.at(5, hour: 9), person: whole.person, secret: secret)
        var grant = whole.grants[0]
        grant = Actor.Grant(
            role: grant.role, rights: grant.rights, unit: grant.unit, organization: nil, from: grant.from,
            to: EngineWorld.firstDay.advanced(by: 4), revokedAt: EngineWorld.at(5, hour: 11))
        let revoked = Actor(
            kind: .person, person: whole.person, name: "", language: .kk, grants: [grant], organizations: whole.organizations)
        func filed(_ n: UInt64, hour: Int) -> Operation {
            Ops.file(
                n, "P111", day: day,
                extra: [.init("server_token", .text(token)), .init("at", .integer(EngineWorld.at(5, hour: hour).milliseconds))])
        }

        let outcomes = try await send(world, revoked, filed(1, hour: 10), filed(2, hour: 12))

        #expect(outcomes[0].receipt.contains("\"flags\":[\"review\"]"), "\(outcomes[0].receipt)")
        #expect(outcomes[1].problem?.slug == "forbidden")
    }
}
