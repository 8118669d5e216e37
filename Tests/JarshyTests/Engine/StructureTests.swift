import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Structure")
struct StructureTests {
    private func day(_ n: Int) -> Day { EngineWorld.firstDay.advanced(by: n) }

    private func file(_ world: EngineWorld, _ n: UInt64, _ unit: String, _ on: Int, _ attendees: Int64) async throws {
        let outcome = try await world.intake.submit(
            [Ops.file(n, unit, day: day(on), attendees: attendees)], by: try await world.actor(1), at: EngineWorld.at(10))
        #expect(outcome[0].status == .accepted, "\(outcome[0].receipt)")
    }

    private func advance(_ world: EngineWorld, to n: Int) async throws {
        _ = try await world.intake.change(AdvancePresent(day: day(n)), by: .operator, at: EngineWorld.at(n))
    }

    /// Attendances of a unit, summed over its rows: as reported, or in the present structure.
    private func total(_ world: EngineWorld, _ unit: String, present: Bool) async throws -> Int64 {
        try await world.database.read { db in
            let no = try Tree.current(in: db).find(unit)!.no
            var sum: Int64 = 0
            try db.rows("SELECT basis, m1 FROM total_unit WHERE unit = \(no) AND layer < 3") { row in
                let basis = try row.next(Int64.self)
                let amount = try row.next(Int64.self)
                if basis == 0 || present { sum += amount }
                return true
            }
            return sum
        }
    }

    private func clean(_ world: EngineWorld) async throws {
        let finding = try await Recount.run(world.database)
        #expect(finding.isClean, "\(finding.differences.prefix(3))")
    }

    @Test("a move keeps old totals on the old path and shows them below the new parent in the present structure", arguments: Dialect.allCases)
    func move(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await advance(world, to: 10)
        try await file(world, 1, "P111", 3, 40)

        let effect = try await world.intake.change(
            MoveUnit(unit: "D11", parent: "R2", day: day(10), note: ""), by: .operator, at: EngineWorld.at(10))
        try await file(world, 2, "P111", 10, 5)
        try await file(world, 3, "P111", 4, 3)

        #expect(effect.reposted == 0)
        #expect(try await total(world, "R1", present: false) == 43)
        #expect(try await total(world, "R2", present: false) == 5)
        #expect(try await total(world, "R1", present: true) == 0)
        #expect(try await total(world, "R2", present: true) == 48)
        try await clean(world)
    }

    @Test("a backdated move reposts the reports dated since, and says so before it is made", arguments: Dialect.allCases)
    func backdated(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await advance(world, to: 10)
        try await file(world, 1, "P111", 3, 40)
        try await file(world, 2, "P111", 8, 5)
        let before = try await world.totals()

        var preview: Restructure.Effect?
        do {
            _ = try await world.intake.change(
                MoveUnit(unit: "D11", parent: "R2", day: day(7), note: "", isPreview: true), by: .operator, at: EngineWorld.at(10))
        } catch let shown as Restructure.Previewed { preview = shown.effect }
        #expect(try await world.totals() == before)
        let effect = try await world.intake.change(
            MoveUnit(unit: "D11", parent: "R2", day: day(7), note: ""), by: .operator, at: EngineWorld.at(10))

        #expect(preview?.reposted == 1 && effect.reposted == 1)
        #expect(preview?.differences == effect.differences)
        #expect(try await total(world, "R1", present: false) == 40)
        #expect(try await total(world, "R2", present: false) == 5)
        try await clean(world)
    }

    @Test("a planned move takes effect at its day's midnight", arguments: Dialect.allCases)
    func planned(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await advance(world, to: 10)
        try await file(world, 1, "P111", 3, 40)
        _ = try await world.intake.change(
            MoveUnit(unit: "P111", parent: "D21", day: day(12), note: ""), by: .operator, at: EngineWorld.at(10))
        #expect(try await total(world, "R1", present: true) == 40)

        try await advance(world, to: 12)

        #expect(try await total(world, "R1", present: true) == 0)
        #expect(try await total(world, "R2", present: true) == 40)
        #expect(try await total(world, "R1", present: false) == 40)
        try await clean(world)
    }

    @Test("a district that becomes a region opens a stream of its own", arguments: Dialect.allCases)
    func promotion(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await advance(world, to: 10)
        try await file(world, 1, "P111", 3, 40)

        _ = try await world.intake.change(MoveUnit(unit: "D11", parent: "KZ", day: day(9), note: ""), by: .operator, at: EngineWorld.at(10))
        try await file(world, 2, "P111", 10, 2)

        let tree = try await world.tree()
        let streams = try await world.database.read { db in
            try db.all("SELECT unit, seq FROM stream WHERE seq > 0 ORDER BY unit") { row in
                [try row.next(Int64.self), try row.next(Int64.self)]
            }
        }
        // R1 holds the old report and the change; D11 the change and the new report.
        #expect(streams == [[tree.find("R1")!.no.value, 2], [tree.find("D11")!.no.value, 2]])
        #expect(try await world.rootTotal(1) == 42)
        try await clean(world)
    }

    @Test("a merge loses no sum, and a late report still goes to the closed unit", arguments: Dialect.allCases)
    func merge(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await advance(world, to: 10)
        try await file(world, 1, "P111", 3, 40)
        try await file(world, 2, "P112", 3, 60)

        _ = try await world.intake.change(MergeUnit(unit: "P111", into: "P112", day: day(10), note: ""), by: .operator, at: EngineWorld.at(10))
        try await file(world, 3, "P111", 5, 7)
        let refused = try await world.intake.submit(
            [Ops.file(4, "P111", day: day(10))], by: try await world.actor(1), at: EngineWorld.at(10))

        #expect(refused[0].problem?.slug == "unit-closed")
        #expect(try await total(world, "P112", present: true) == 107)
        #expect(try await total(world, "P112", present: false) == 60)
        #expect(try await total(world, "D11", present: false) == 107)
        try await clean(world)
    }

    @Test("a split closes the unit, and its children report below the new ones", arguments: Dialect.allCases)
    func split(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await advance(world, to: 10)
        try await file(world, 1, "P111", 3, 40)
        let parts = ["D13", "D14"].map { code in
            SplitUnit.Part(code: code, names: Trio(kk: code, ru: code, en: code), children: code == "D14" ? ["P112"] : ["P111"])
        }

        _ = try await world.intake.change(SplitUnit(unit: "D11", parts: parts, day: day(10), note: ""), by: .operator, at: EngineWorld.at(10))
        try await file(world, 2, "P112", 10, 9)

        #expect(try await total(world, "D11", present: false) == 40)
        #expect(try await total(world, "D14", present: false) == 9)
        #expect(try await total(world, "D13", present: true) == 40)
        try await clean(world)
    }

    @Test("a unit is never moved below itself, not even by way of a later day", arguments: Dialect.allCases)
    func circles(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        await #expect(throws: Problem.self) {
            try await world.intake.change(MoveUnit(unit: "R1", parent: "D11", day: day(2), note: ""), by: .operator, at: EngineWorld.at(1))
        }
        _ = try await world.intake.change(MoveUnit(unit: "D11", parent: "D21", day: day(20), note: ""), by: .operator, at: EngineWorld.at(1))
        await #expect(throws: Problem.self) {
            try await world.intake.change(MoveUnit(unit: "D21", parent: "D11", day: day(5), note: ""), by: .operator, at: EngineWorld.at(1))
        }
    }

    @Test("only who manages both units may move between them", arguments: Dialect.allCases)
    func rights(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let north = try await world.actor(1, over: "R1")
        let reader = try await world.actor(2, rights: [.viewFigures])

        for actor in [north, reader] {
            await #expect(throws: Problem.self) {
                try await world.intake.change(MoveUnit(unit: "D11", parent: "R2", day: day(2), note: ""), by: actor, at: EngineWorld.at(1))
            }
        }
    }
}
