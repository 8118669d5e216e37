import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// The engine's small country with a random history: filings, corrections, voids, checks, late reports and a move.
struct FiguresWorld {
    let world: EngineWorld
    var database: Database { world.database }

    static let today = EngineWorld.firstDay.advanced(by: 20)
    static let now = EngineWorld.at(20, hour: 13)

    static func make(_ dialect: Dialect, seed: UInt64, steps: Int = 60, moves: Bool = true) async throws -> FiguresWorld {
        let world = try await EngineWorld.make(dialect)
        _ = try await world.intake.change(AdvancePresent(day: EngineWorld.firstDay.advanced(by: 10)), by: .operator, at: EngineWorld.at(10))
        let figures = FiguresWorld(world: world)
        try await figures.fill(seed: seed, steps: steps)
        if moves {
            _ = try await world.intake.change(
                MoveUnit(unit: "D11", parent: "R2", day: EngineWorld.firstDay.advanced(by: 8), note: ""), by: .operator,
                at: EngineWorld.at(19))
        }
        _ = try await world.intake.change(AdvancePresent(day: today), by: .operator, at: now)
        try await figures.fill(seed: seed &+ 99, steps: steps / 2, from: 10_000)
        return figures
    }

    private static let units = ["KZ", "R1", "R2", "C1", "D11", "D21", "D22", "P111", "P112", "P121", "P211", "P221", "P222", "PC1"]

    private func fill(seed: UInt64, steps: Int, from base: UInt64 = 0) async throws {
        var random = Seeded(seed)
        var versions: [(report: UInt64, rev: Int64)] = []
        let author = try await world.actor(1)
        let checker = try await world.actor(2)
        for step in 1...UInt64(steps) {
            let n = base + step
            // Some days of the moment are the next ones: reports come late, and the ledger's hours are spread out.
            let at = EngineWorld.at(9 + Int(step * 11 / UInt64(steps)), hour: Int.random(in: 8...19, using: &random))
            let pick = Int.random(in: 0..<10, using: &random)
            let at0 = versions.indices.randomElement(using: &random)
            var operation: Operation?
            var actor = author
            if pick >= 6, let index = at0 {
                let known = versions[index]
                switch pick {
                case 6, 7:
                    operation = Ops.correct(n, known.report, base: known.rev, attendees: .random(in: 1...300, using: &random))
                    versions[index].rev += 1
                case 8:
                    operation = Ops.void(n, known.report, base: known.rev)
                    versions.remove(at: index)
                default:
                    operation = Ops.check(n, known.report, base: known.rev, level: Bool.random(using: &random) ? "district" : "region")
                    actor = checker
                }
            }
            if operation == nil {
                let unit = FiguresWorld.units.randomElement(using: &random) ?? "P111"
                operation = Ops.file(
                    n, unit, day: EngineWorld.firstDay.advanced(by: .random(in: 0...9, using: &random)),
                    events: .random(in: 0...3, using: &random), attendees: .random(in: 0...200, using: &random),
                    activity: Bool.random(using: &random) ? "meeting" : "lecture",
                    audience: Bool.random(using: &random) ? "residents" : "youth",
                    extra: [.init("organization", .text(Bool.random(using: &random) ? "north" : "south"))])
                versions.append((n, 1))
            }
            _ = try await world.intake.submit([operation!], by: actor, at: at)
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> Value) async throws -> Value {
        try await database.read(body)
    }
}

/// The ledger read back and added up without the stored totals: what every answer has to agree with.
struct LedgerFold: Sendable {
    struct Line: Sendable {
        let chain: [UnitNo]
        let day: Day
        let cell: Cell
        let band: Int64
        let side: Int64
        let at: Instant
        let kind: String
        let report: ReportID?
        let amounts: Amounts
    }

    let lines: [Line]
    let tree: Tree

    init(_ db: any Reading) throws {
        tree = try Tree.current(in: db)
        var chains: [PathNo: [UnitNo]] = [:]
        try db.rows("SELECT id, chain FROM path") { row in
            let id = try row.next(PathNo.self)
            chains[id] = Interned.path(id: id, chain: try row.next()).chain
            return true
        }
        let cells = try Rollups(db, tree).cellsByNumber(of: CampaignNo(1))
        lines = try db.all(
            """
            SELECT path, day, cell, band, side, at, kind, report, \(AmountColumns.list) FROM entry WHERE side <> 0 AND path IS NOT NULL
            """
        ) { row in
            Line(
                chain: chains[try row.next()] ?? [], day: try row.next(), cell: cells[try row.next()]!, band: try row.next(),
                side: try row.next(), at: try row.next(), kind: try row.next(), report: try row.next(),
                amounts: try Amounts.reading(&row))
        }
    }

    /// Sums of slots 0…2 (the world's additive metrics) by a key; nil keys are left out.
    func sums<Key: Hashable>(
        of unit: UnitNo, present: Bool = false, where holds: (Line) -> Bool = { _ in true }, by key: (Line, [UnitNo]) -> Key?
    ) -> [Key: BandedSums] {
        var sums: [Key: BandedSums] = [:]
        for line in lines where holds(line) {
            let chain = present ? tree.chain(of: line.chain[0]) : line.chain
            guard chain.contains(unit), let key = key(line, chain) else { continue }
            var amounts = line.amounts
            for slot in 3..<16 { amounts[slot] = 0 }
            var sum = sums[key] ?? BandedSums()
            sum.add(.init(reports: line.side, amounts: amounts), at: line.band)
            sums[key] = sum
        }
        return sums.filter { !$0.value.isZero }
    }
}
