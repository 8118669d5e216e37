import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Who is silent")
struct SilenceTests {
    @Test("the lists are as long as the board's sentences say", arguments: Dialect.allCases)
    func lengths(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let author = try await world.actor(1)
        let day = EngineWorld.firstDay
        let outcomes = try await world.intake.submit(
            [
                Ops.file(1, "P111", day: day), Ops.file(2, "P112", day: day.advanced(by: 9)),
                Ops.file(3, "P121", day: day.advanced(by: 9), events: 0),
            ], by: author, at: EngineWorld.at(10))
        #expect(outcomes.allSatisfy { $0.status == .accepted })
        let today = day.advanced(by: 10)
        func codes(_ unit: String, _ show: Silence.Show) async throws -> [String] {
            try await world.database.read { db in
                let fields = Fields([("campaign", "test"), ("show", show.rawValue)])
                let view = try Silence(unit, fields, actor: .operator, today: today, in: db)
                return view.rows.map { view.scope.tree.code(of: $0.unit) }
            }
        }
        #expect(try await codes("R1", .never) == [])
        #expect(try await codes("R1", .quiet) == ["P111"])
        #expect(try await codes("R1", .idle) == ["P121"])
        for unit in ["KZ", "R1", "R2", "D22"] {
            let presence = try await world.database.read { db in
                let tree = try Tree.current(in: db)
                return try Presence.read(tree.find(unit)!.no, campaign: CampaignNo(1), in: tree, db)
            }
            let whole = presence.whole
            #expect(try await codes(unit, .never).count == Int(whole.working - whole.reported), "\(unit)")
            #expect(try await codes(unit, .idle).count == Int(whole.working - whole.active), "\(unit)")
            #expect(try await codes(unit, .places).count == Int(presence.settlements - presence.places), "\(unit)")
        }
        try await world.test.close()
    }

    @Test("a representative and whoever does not see the unit find no list")
    func outside() async throws {
        let world = try await EngineWorld.make(.sqlite)
        let representative = try await world.actor(8, rights: [.viewFigures], organization: OrganizationNo(2))
        let secretary = try await world.actor(9, over: "D12", rights: [.viewFigures])
        for actor in [representative, secretary] {
            let problem = await #expect(throws: Problem.self) {
                _ = try await world.database.read { db in
                    try Silence("R1", Fields([("campaign", "test")]), actor: actor, today: EngineWorld.firstDay, in: db)
                }
            }
            #expect(problem?.status == 404)
        }
        try await world.test.close()
    }
}
