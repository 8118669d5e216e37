import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Figures and what an actor may see")
struct FiguresScopeTests {
    private func answer(_ figures: FiguresWorld, _ query: [(String, String)], _ actor: Actor) async throws -> Json {
        let bytes = try await figures.read { db in
            RollupsApi.json(try RollupsApi.read(Fields(query), actor: actor, today: FiguresWorld.today, in: db))
        }
        return try JsonReader.read(bytes)
    }

    @Test("a representative sees the own organisation's figures everywhere, and nothing else", arguments: Dialect.allCases)
    func representative(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 11)
        let south = OrganizationNo(2)
        let actor = try await figures.world.actor(5, over: "KZ", rights: [.viewFigures], organization: south)
        let (total, own) = try await figures.read { db -> (Int64, Int64) in
            let fold = try LedgerFold(db)
            func sum(_ holds: (LedgerFold.Line) -> Bool) -> Int64 {
                fold.sums(of: fold.tree.root!, where: holds) { _, _ in 0 }[0]?.figure(1).total ?? 0
            }
            return (sum { _ in true }, sum { $0.cell.organization == south })
        }
        try #require(own > 0 && own < total)
        for by in ["unit", "day", "activity", "organization"] {
            let json = try await answer(figures, [("campaign", "test"), ("unit", "KZ"), ("by", by)], actor)
            #expect(json["totals"]?["attendees"]?["total"]?.integer == own, "by \(by)")
        }
        // Asking for another organisation's figures answers nothing rather than everything.
        let other = try await answer(figures, [("campaign", "test"), ("unit", "KZ"), ("organization", "north")], actor)
        #expect(other["totals"]?["attendees"]?["total"]?.integer == 0)
        #expect(other["rows"]?.list?.isEmpty == true)

        let board = try await figures.read { db in
            try BoardView("KZ", Fields([("campaign", "test")]), actor: actor, now: FiguresWorld.now, in: db)
        }
        #expect(board.total.figure(1).total == own)
        #expect(board.presence == nil && board.attention == nil)
        #expect(board.days.values.reduce(0) { $0 + $1.total } == board.total.figure(board.metric.slot).total)
        try await figures.world.test.close()
    }

    @Test("a unit out of sight is 404, like one that does not exist", arguments: Dialect.allCases)
    func outside(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 12, steps: 10, moves: false)
        let secretary = try await figures.world.actor(6, over: "D12", rights: [.viewFigures, .readSummary])
        for unit in ["KZ", "R1", "D21", "P111", "nowhere"] {
            let problem = await #expect(throws: Problem.self) {
                _ = try await answer(figures, [("campaign", "test"), ("unit", unit)], secretary)
            }
            #expect(problem?.status == 404, "\(unit)")
            let page = await #expect(throws: Problem.self) {
                _ = try await figures.read { db in
                    try BoardView(unit, Fields(), actor: secretary, now: FiguresWorld.now, in: db)
                }
            }
            #expect(page?.status == 404, "\(unit)")
            let summary = await #expect(throws: Problem.self) {
                _ = try await figures.read { db in
                    try SummaryView(unit, edition: nil, Fields(), actor: secretary, now: FiguresWorld.now, in: db)
                }
            }
            #expect(summary?.status == 404, "\(unit)")
        }
        _ = try await answer(figures, [("campaign", "test"), ("unit", "D12")], secretary)
        let noRight = try await figures.world.actor(7, over: "D12", rights: [.fileReports])
        let problem = await #expect(throws: Problem.self) {
            _ = try await answer(figures, [("campaign", "test"), ("unit", "D12")], noRight)
        }
        #expect(problem?.status == 404)
        try await figures.world.test.close()
    }

    @Test("the answer names rows by today's code, lists the streams that contribute, and refuses unknown words", arguments: Dialect.allCases)
    func shape(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 13)
        let json = try await answer(figures, [("campaign", "test"), ("unit", "R2")], .operator)
        let (tree, seqs) = try await figures.read { db in
            (
                try Tree.current(in: db),
                Dictionary(uniqueKeysWithValues: try db.all("SELECT unit, seq FROM stream") { row in
                    (try row.next(UnitNo.self), try row.next(Int64.self))
                })
            )
        }
        let keys = json["rows"]?.list?.compactMap { $0["key"]?.text } ?? []
        #expect(keys == keys.sorted() && keys.contains("D11") && keys.contains("D21"))
        let region = tree.find("R2")!
        #expect(json["unit"]?.text == "R2" && json["basis"]?.text == "reported")
        #expect(json["as_of"]?.members?.map(\.key) == [region.id.description])
        #expect(json["as_of"]?[region.id.description]?.integer == seqs[region.no])
        // A district that has moved draws on both regions' streams, the root on all.
        let moved = try await answer(figures, [("campaign", "test"), ("unit", "D11")], .operator)
        #expect(Set(moved["as_of"]?.members?.map(\.key) ?? []) == Set(["R1", "R2"].map { tree.find($0)!.id.description }))
        let root = try await answer(figures, [("campaign", "test"), ("unit", "KZ"), ("by", "day")], .operator)
        #expect(root["as_of"]?.members?.count == seqs.count)
        for wrong in [[("campaign", "test"), ("unit", "R2"), ("by", "hour")], [("unit", "R2")], [("campaign", "test"), ("unit", "R2"), ("from", "2026-02-30")], [("campaign", "test"), ("unit", "R2"), ("activity", "dance")]] {
            let problem = await #expect(throws: Problem.self) { _ = try await answer(figures, wrong, .operator) }
            #expect(problem?.status == 422 && problem?.errors.isEmpty == false, "\(wrong)")
        }
        try await figures.world.test.close()
    }
}
