import JarshyKit
import Logging
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Summary table")
struct SummaryTests {
    @Test("a table at any moment equals the ledger as it stood then, whenever it is made", arguments: Dialect.allCases, [21, 22] as [UInt64])
    func fold(_ dialect: Dialect, _ seed: UInt64) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: seed)
        let different = try await figures.read { db -> [String] in
            let fold = try LedgerFold(db)
            let tree = fold.tree
            let campaign = try Campaigns.current(in: db).find("test")!
            let units = ["KZ", "R1", "R2", "D11", "P111"].map { tree.find($0)!.no }
            var different: [String] = []
            for day in [10, 14, 18, 20] {
                let cut = EngineWorld.at(day)
                let tables = try SummaryReader(db: db, tree: tree, campaign: campaign).figures(of: units, cut: cut)
                for unit in units {
                    func sums(_ from: Instant?) -> [UnitNo: BandedSums.Layer] {
                        fold.sums(of: unit) { line in line.at <= cut && (from.map { line.at > $0 } ?? true) } by: { _, chain in
                            let at = chain.firstIndex(of: unit)!
                            return at == 0 ? unit : chain[at - 1]
                        }.mapValues(\.total)
                    }
                    let (start, day) = (sums(nil), sums(cut.advanced(seconds: -86_400)))
                    let table = tables[unit]!
                    for part in Set(start.keys).union(day.keys).union(table.parts.keys) where part != unit {
                        let pair = table.parts[part] ?? SummaryPair()
                        if pair.start != start[part] ?? .init() || pair.day != day[part] ?? .init() {
                            different.append("\(tree.code(of: unit)) \(tree.code(of: part)) at \(cut)")
                        }
                    }
                    if table.own.start != start[unit] ?? .init() { different.append("own of \(tree.code(of: unit))") }
                    if table.whole.start != start.values.reduce(.init(), +) || table.whole.day != day.values.reduce(.init(), +) {
                        different.append("whole of \(tree.code(of: unit))")
                    }
                }
            }
            return different
        }
        #expect(different.isEmpty, "seed \(seed): \(different)")
        try await figures.world.test.close()
    }

    @Test("the clock fixes root and regions at noon and six, once, and makes up for downtime", arguments: Dialect.allCases)
    func clock(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 23, steps: 20, moves: false)
        let clock = SummaryClock(database: figures.database, logger: Logger(label: "test"))
        // 20 days into the campaign at 13:00: seven days of noons and evenings, today's noon; four units each.
        let made = try await clock.tick(at: FiguresWorld.now)
        #expect(made == (SummarySlot.mostDaysBack * 2 + 1) * 4)
        #expect(try await clock.tick(at: FiguresWorld.now.advanced(seconds: 60)) == 0)
        #expect(try await clock.tick(at: EngineWorld.at(20, hour: 18)) == 0, "the grace has not passed")
        #expect(try await clock.tick(at: EngineWorld.at(20, hour: 18).advanced(seconds: 31)) == 4)
        let tables = try await figures.read { db in
            let root = try Tree.current(in: db).root!
            return try FixedSummary.list(CampaignNo(1), unit: root, most: 100, in: db)
        }
        #expect(tables.first?.slot == SummarySlot(day: FiguresWorld.today, minute: 18 * 60))
        #expect(tables.first?.isLate == false && tables.last?.isLate == true)
        try await figures.world.test.close()
    }

    @Test("what is corrected after the hour is shown beside the fixed number, new reports are not", arguments: Dialect.allCases)
    func restated(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let author = try await world.actor(1)
        func submit(_ operation: Operation, _ at: Instant) async throws {
            let outcome = try await world.intake.submit([operation], by: author, at: at)
            #expect(outcome[0].status == .accepted, "\(outcome[0].receipt)")
        }
        let day = EngineWorld.firstDay
        try await submit(Ops.file(1, "P111", day: day, attendees: 50), EngineWorld.at(1, hour: 9))
        try await submit(Ops.file(2, "P121", day: day.advanced(by: 1), attendees: 30), EngineWorld.at(2, hour: 9))
        let slot = SummarySlot(day: day.advanced(by: 2), minute: 12 * 60)
        let tree = try await world.tree()
        let region = tree.find("R1")!.no
        let fix = FixSummary(campaign: "test", units: [region], slot: slot)
        await #expect(throws: Problem.self, "what is acknowledged at the hour may still be on its way") {
            try await world.database.run(fix, by: .operator, at: slot.moment().advanced(seconds: 20))
        }
        let first = try await world.database.run(fix, by: .operator, at: slot.moment().advanced(seconds: 40))
        try await submit(Ops.correct(3, 1, base: 1, attendees: 45), EngineWorld.at(2, hour: 13))
        try await submit(Ops.correct(4, 2, base: 1, attendees: 33), EngineWorld.at(2, hour: 14))
        try await submit(Ops.file(5, "P112", day: day.advanced(by: 2), attendees: 500), EngineWorld.at(2, hour: 15))
        let again = try await world.database.run(fix, by: .operator, at: EngineWorld.at(3))
        #expect(first == again)

        let id = first[region]!
        let view = try await world.database.read { db in
            try SummaryView("R1", edition: "\(id)", Fields(), actor: .operator, now: EngineWorld.at(3), in: db)
        }
        let (d11, d12) = (tree.find("D11")!.no, tree.find("D12")!.no)
        #expect(view.figures.whole.start.amounts[1] == 80 && view.figures.whole.day.amounts[1] == 30)
        #expect(view.figures.parts[d11]?.start.amounts[1] == 50 && view.figures.parts[d11]?.day.amounts[1] == 0)
        #expect(view.restated?.whole.start.amounts[1] == -2)
        #expect(view.restated?.parts[d11]?.start.amounts[1] == -5 && view.restated?.parts[d11]?.day.amounts[1] == 0)
        #expect(view.restated?.parts[d12]?.start.amounts[1] == 3 && view.restated?.parts[d12]?.day.amounts[1] == 3)
        #expect(view.asOf.streams == [AsOf.Stream(unit: region, seq: 2)])

        let late = try await world.database.run(
            FixSummary(campaign: "test", units: [tree.root!], slot: slot), by: .operator, at: EngineWorld.at(3))
        let root = try await world.database.read { db in try FixedSummary.find(late[tree.root!]!, in: db)!.figures(in: db) }
        #expect(root.whole.start.amounts[1] == 80, "a table made late holds the figures of its hour")
        try await world.test.close()
    }

    @Test("a table fixed by hand holds what is there, and needs the right over the unit", arguments: Dialect.allCases)
    func byHand(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let author = try await world.actor(1)
        let now = EngineWorld.at(1, hour: 15).advanced(seconds: 25)
        _ = try await world.intake.submit([Ops.file(1, "P111", day: EngineWorld.firstDay)], by: author, at: now)
        let region = try await world.tree().find("R1")!.no
        let slot = SummarySlot(at: now)
        let id = try await world.database.run(FixSummary(campaign: "test", units: [region], slot: slot), by: author, at: now)
        let figures = try await world.database.read { db in try FixedSummary.find(id[region]!, in: db)!.figures(in: db) }
        #expect(figures.whole.start.amounts[0] == 1)
        let stranger = try await world.actor(3, over: "R2", rights: [.readSummary])
        let problem = await #expect(throws: Problem.self) {
            _ = try await world.database.run(FixSummary(campaign: "test", units: [region], slot: slot), by: stranger, at: now)
        }
        #expect(problem?.status == 403)
        try await world.test.close()
    }
}
