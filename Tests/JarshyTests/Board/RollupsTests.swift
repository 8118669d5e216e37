import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Rollups")
struct RollupsTests {
    @Test("every table of every unit equals the fold of the ledger, on both bases", arguments: Dialect.allCases, [1, 2, 3] as [UInt64])
    func fold(_ dialect: Dialect, _ seed: UInt64) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: seed)
        let different = try await figures.read { db -> [String] in
            let fold = try LedgerFold(db)
            let tree = fold.tree
            let campaign = try Campaigns.current(in: db).find("test")!
            let organizations = try Organization.all(in: db)
            let filters: [CellFilter] = [
                CellFilter(), CellFilter(activity: "meeting"), CellFilter(audience: "youth", organizations: [OrganizationNo(2)]),
                CellFilter(organizations: []),
            ]
            let spans: [(Day?, Day?)] = [(nil, nil), (EngineWorld.firstDay.advanced(by: 3), EngineWorld.firstDay.advanced(by: 7)), (nil, EngineWorld.firstDay)]
            var different: [String] = []
            for unit in tree.units.keys.sorted() {
                for basis in RollupBasis.allCases {
                    for filter in filters {
                        for (from, to) in spans {
                            let query = RollupQuery(campaign: campaign, unit: unit, basis: basis, from: from, to: to, cells: filter)
                            for by in RollupBy.allCases {
                                let table = try Rollups(db, tree).table(query, by: by, organizations: organizations)
                                let expected = RollupTable(
                                    fold.sums(of: unit, present: basis == .present) { line in
                                        filter.matches(line.cell) && (from.map { $0 <= line.day } ?? true)
                                            && (to.map { line.day <= $0 } ?? true)
                                    } by: { RollupsTests.key($0, $1, by, unit, tree, organizations) }, totals: BandedSums())
                                let whole = expected.rows.reduce(BandedSums()) { $0 + $1.sums }
                                if table.rows.map(\.key) != expected.rows.map(\.key)
                                    || table.rows.map(\.sums) != expected.rows.map(\.sums) || table.totals != whole
                                {
                                    different.append("\(tree.code(of: unit)) \(basis) \(by) \(filter) \(String(describing: from))")
                                }
                            }
                        }
                    }
                }
            }
            return different
        }
        #expect(different.isEmpty, "seed \(seed): \(different.count) differ, first \(different.prefix(3))")
        try await figures.world.test.close()
    }

    private static func key(
        _ line: LedgerFold.Line, _ chain: [UnitNo], _ by: RollupBy, _ unit: UnitNo, _ tree: Tree, _ organizations: [Organization]
    ) -> String? {
        switch by {
        case .unit:
            let at = chain.firstIndex(of: unit)!
            return tree.code(of: at == 0 ? unit : chain[at - 1])
        case .day: return line.day.description
        case .week: return line.day.weekStart.description
        case .month: return line.day.monthStart.description
        case .activity: return line.cell.activity
        case .audience: return line.cell.audience
        case .channel: return line.cell.channel
        case .organization: return organizations.first { $0.no == line.cell.organization }!.code
        }
    }

    @Test("each read is one statement, and a headline touches a row a band", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 5, moves: false)
        let (counts, rows) = try await figures.read { db -> ([Int], Int) in
            let tree = try Tree.current(in: db)
            let campaign = try Campaigns.current(in: db).find("test")!
            let rollups = Rollups(db, tree)
            var counts: [Int] = []
            func counted(_ work: () throws -> Void) rethrows {
                let before = db.statements
                try work()
                counts.append(db.statements - before)
            }
            for code in ["KZ", "R1", "P111"] {
                let query = RollupQuery(campaign: campaign, unit: tree.find(code)!.no)
                try counted { _ = try rollups.total(query) }
                try counted { _ = try rollups.parts(query) }
                try counted { _ = try rollups.days(query) }
                try counted { _ = try rollups.cells(query) }
            }
            let unit = tree.find("R1")!.no
            return (counts, try db.value("SELECT count(*) FROM total_unit WHERE basis = 0 AND parent = \(tree.root!) AND unit = \(unit)"))
        }
        #expect(counts.allSatisfy { $0 == 1 }, "\(counts)")
        #expect(rows <= 4)
        try await figures.world.test.close()
    }

    @Test("peaks are the largest and the middle of what standing reports told", arguments: Dialect.allCases)
    func peaks(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 6)
        let (found, expected) = try await figures.read { db -> ([Peak], [Int64]) in
            let tree = try Tree.current(in: db)
            let unit = tree.find("R2")!.no
            let campaign = try Campaigns.current(in: db).find("test")!
            let reports = try db.all(Report.self, where: "FROM report WHERE NOT voided")
            let chains = Dictionary(
                uniqueKeysWithValues: try db.all("SELECT id, chain FROM path") { row in
                    (try row.next(PathNo.self), try row.next(String.self).split(separator: "/").map(String.init))
                })
            let values = reports.filter { chains[$0.path]!.contains("\(unit)") }.compactMap { $0.figures[3] }.sorted()
            return (try Peaks.read(RollupQuery(campaign: campaign, unit: unit), in: tree, db), values)
        }
        try #require(!expected.isEmpty)
        #expect(found == [
            Peak(metric: "peak", largest: expected.last!, median: expected[(expected.count - 1) / 2], reports: Int64(expected.count))
        ])
        try await figures.world.test.close()
    }

    @Test("presence counts the units that reported and held events, and the newest day of each child", arguments: Dialect.allCases)
    func presence(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 7)
        let (presence, reports, tree, chains) = try await figures.read { db -> (Presence, [Report], Tree, [PathNo: [UnitNo]]) in
            let tree = try Tree.current(in: db)
            let chains = Dictionary(
                uniqueKeysWithValues: try db.all("SELECT id, chain FROM path") { row in
                    let id = try row.next(PathNo.self)
                    return (id, Interned.path(id: id, chain: try row.next()).chain)
                })
            let before = db.statements
            let presence = try Presence.read(tree.root!, campaign: CampaignNo(1), in: tree, db)
            #expect(db.statements - before == 1)
            return (presence, try db.all(Report.self, where: "FROM report WHERE NOT voided"), tree, chains)
        }
        #expect(presence.whole.reported == Int64(Set(reports.map(\.unit)).count))
        let sums = Dictionary(grouping: reports, by: \.unit).mapValues { $0.reduce(0) { $0 + ($1.figures[0] ?? 0) } }
        #expect(presence.whole.active == Int64(sums.values.filter { $0 > 0 }.count))
        #expect(presence.whole.active <= presence.whole.working)
        for region in ["R1", "R2", "C1"] {
            let no = tree.find(region)!.no
            let below = reports.filter { chains[$0.path]!.contains(no) }
            #expect(presence.parts[no]?.reported == Int64(Set(below.map(\.unit)).count), "\(region)")
            // The newest day of a voided report may still stand; it is never older than the newest of those that count.
            if let last = below.map(\.day).max() { #expect(presence.parts[no]!.lastDay! >= last) }
        }
        try await figures.world.test.close()
    }
}
