import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("What moved, and what a summary's figures open to")
struct MovementTests {
    @Test("what moved since a midnight equals the ledger since then", arguments: Dialect.allCases, [41, 42] as [UInt64])
    func fold(_ dialect: Dialect, _ seed: UInt64) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: seed)
        let different = try await figures.read { db -> [String] in
            let fold = try LedgerFold(db)
            let tree = fold.tree
            let campaign = try Campaigns.current(in: db).find("test")!
            var different: [String] = []
            for code in ["KZ", "R1", "R2", "D11", "D21"] {
                let unit = tree.find(code)!.no
                for basis in RollupBasis.allCases {
                    for since in [9, 12, 17, 19] {
                        let day = EngineWorld.firstDay.advanced(by: since)
                        let midnight = Zone.kazakhstan.instant(day, minute: 0)
                        for (from, activity) in [(nil, nil), (EngineWorld.firstDay.advanced(by: 3), "meeting")] as [(Day?, String?)] {
                            var query = RollupQuery(campaign: campaign, unit: unit, basis: basis, from: from)
                            query.cells.activity = activity
                            let moved = try MovementShelf.at(AsOf.ledger(db), tree, db).since(day, query, Rollups(db, tree))
                            let wanted = fold.sums(of: unit, present: basis == .present) { line in
                                line.at >= midnight && (from.map { line.day >= $0 } ?? true)
                                    && (activity.map { line.cell.activity == $0 } ?? true)
                            } by: { _, chain in
                                let at = chain.firstIndex(of: unit)!
                                return at == 0 ? unit : chain[at - 1]
                            }.mapValues(\.total)
                            let name = "\(code) \(basis) since \(since) \(activity ?? "")"
                            for part in Set(wanted.keys).union(moved.parts.keys)
                            where (moved.parts[part] ?? .init()) != (wanted[part] ?? .init()) {
                                different.append("\(name): \(tree.code(of: part))")
                            }
                            if moved.whole != wanted.values.reduce(.init(), +) { different.append(name) }
                        }
                    }
                }
            }
            return different
        }
        #expect(different.isEmpty, "seed \(seed): \(different)")
        try await figures.world.test.close()
    }

    @Test("a late report and a void of an old one move the board; a figure may go down", arguments: Dialect.allCases)
    func late(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let author = try await world.actor(1)
        func submit(_ operation: Jarshy.Operation, _ at: Instant) async throws {
            let outcome = try await world.intake.submit([operation], by: author, at: at)
            #expect(outcome[0].status == .accepted, "\(outcome[0].receipt)")
        }
        let day = EngineWorld.firstDay
        try await submit(Ops.file(1, "P111", day: day, attendees: 50), EngineWorld.at(0))
        try await submit(Ops.file(2, "P112", day: day.advanced(by: 9), attendees: 5), EngineWorld.at(9))
        func change() async throws -> Int64 {
            try await world.database.read { db in
                let fields = Fields([("campaign", "test"), ("metric", "attendees")])
                return try BoardView("R1", fields, actor: .operator, now: EngineWorld.at(10, hour: 15), in: db)
                    .recent.whole.amounts[1]
            }
        }
        #expect(try await change() == 5)
        try await submit(Ops.file(3, "P111", day: day.advanced(by: 1), attendees: 3), EngineWorld.at(10))
        #expect(try await change() == 8, "a late report moved the figure now")
        try await submit(Ops.void(4, 1, base: 1), EngineWorld.at(10, hour: 13))
        #expect(try await change() == -42)
        try await world.test.close()
    }

    @Test("every figure of a fixed table opens to what adds up to it", arguments: Dialect.allCases, [43, 44] as [UInt64])
    func opens(_ dialect: Dialect, _ seed: UInt64) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: seed)
        let slot = SummarySlot(day: EngineWorld.firstDay.advanced(by: 15), minute: 720)
        let tree = try await figures.world.tree()
        let (root, region) = (tree.root!, tree.find("R1")!.no)
        let ids = try await figures.database.run(
            FixSummary(campaign: "test", units: [root, region], slot: slot), by: .operator, at: FiguresWorld.now)
        let wrong = try await figures.read { db -> [String] in
            var wrong: [String] = []
            var opened = 0
            for unit in ["KZ", "R1"] {
                let edition = ids[tree.find(unit)!.no]!
                let view = try SummaryView(
                    unit, edition: "\(edition)", Fields([("campaign", "test")]), actor: .operator, now: FiguresWorld.now, in: db)
                for line in SummaryLine.all(view) {
                    let links = SummaryLinks(line, view)
                    for metric in view.campaign.metrics where metric.additive {
                        let told = [
                            (links.day(metric), line.pair.day.amounts[metric.slot]),
                            (links.start(metric), line.pair.start.amounts[metric.slot]),
                        ]
                        for (url, figure) in told where url.hasPrefix("/reports?") {
                            let query = try Fields(urlencoded: Array(url.dropFirst("/reports?".count).utf8))
                            let list = try ReportListing(query, actor: .operator, today: FiguresWorld.today, in: db)
                            opened += 1
                            if list.total.amounts[metric.slot] != figure {
                                wrong.append("\(url): \(list.total.amounts[metric.slot]), the table says \(figure)")
                            }
                        }
                        if line.kind == .part, line.unit == region, told[0].0 != "/summary/R1/\(ids[region]!)" {
                            wrong.append("a region opens its table of the hour, not \(told[0].0)")
                        }
                    }
                }
            }
            if opened < 20 { wrong.append("only \(opened) figures were opened") }
            return wrong
        }
        #expect(wrong.isEmpty, "seed \(seed): \(wrong)")
        try await figures.world.test.close()
    }

    @Test("a corrected figure is called corrected, by what was corrected alone", arguments: Dialect.allCases)
    func cited(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let author = try await world.actor(1)
        let day = EngineWorld.firstDay
        _ = try await world.intake.submit([Ops.file(1, "P111", day: day, attendees: 50)], by: author, at: EngineWorld.at(1))
        let fields = Fields([("campaign", "test"), ("metric", "attendees")])
        let id = try await world.database.run(
            CiteFigure(unit: "R1", fields: fields, words: [:]), by: .operator, at: EngineWorld.at(1, hour: 14))
        _ = try await world.intake.submit(
            [Ops.file(2, "P112", day: day, attendees: 20), Ops.correct(3, 1, base: 1, attendees: 45)], by: author,
            at: EngineWorld.at(2))
        _ = try await world.intake.submit([Ops.correct(4, 2, base: 1, attendees: 30)], by: author, at: EngineWorld.at(2, hour: 14))
        let view = try await world.database.read { db in
            try CitationView("\(id)", actor: .operator, today: day.advanced(by: 2), in: db)
        }
        #expect(view.citation.value == 50 && view.value == 75 && view.corrected == -5)
        try await world.test.close()
    }
}
