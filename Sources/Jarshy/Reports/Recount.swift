import JarshyKit
import Storage

/// Recomputes every stored total twice, from the ledger and again from the reports as they stand, on both bases, and names
/// each difference. Clean means: what the board shows is what the operations say.
///
/// Goes through the ledger some days at a time, so that memory stays bounded however long the campaign is.
struct Recount {
    struct Difference: Sendable, Hashable, CustomStringConvertible {
        let table: String
        let key: String
        let detail: String
        var description: String { "\(table) \(key): \(detail)" }
    }

    struct Finding: Sendable {
        var differences: [Difference] = []
        var entries = 0
        var reports = 0
        var isClean: Bool { differences.isEmpty }
    }

    /// Differences beyond this many are counted, not listed.
    static let mostListed = 100

    /// What a feature above the reports keeps as a sum of its own entries: told of, so that nothing here names it.
    struct Part: Sendable {
        /// Adds what it finds; reads only.
        let check: @Sendable (any Reading, inout Finding) throws -> Void
    }

    static func run(_ database: Database, parts: [Part] = []) async throws -> Finding {
        try await database.read { db in try run(in: db, parts: parts) }
    }

    /// Reports folded at a time. Totals with a day are compared and dropped chunk by chunk, so memory does not grow with the
    /// campaign.
    static let chunk = 60_000

    static func run(in db: any Reading, parts: [Part] = []) throws -> Finding {
        var finding = Finding()
        finding.reports = try db.value("SELECT count(*) FROM report", as: Int.self)
        let sources = Sources(
            tree: try Tree.current(in: db), campaigns: try Campaigns.current(in: db), paths: try Paths(db), chunks: try chunks(db))
        for source in [Origin.ledger, .reports] {
            var whole: [Grain: [Key: Sum]] = [:]
            for days in sources.chunks {
                var sums: [Grain: [Key: Sum]] = [:]
                swap(&sums, &whole)
                try fold(source, days, sources, into: &sums, db)
                for grain in Grain.allCases where grain.hasDay {
                    try compare(sums.removeValue(forKey: grain) ?? [:], grain, days, source, db, &finding)
                }
                swap(&sums, &whole)
            }
            for grain in Grain.allCases where !grain.hasDay {
                try compare(whole[grain] ?? [:], grain, nil, source, db, &finding)
            }
        }
        try checkPresence(sources.campaigns, db, &finding)
        try checkSequences(db, &finding)
        try checkReports(db, &finding)
        for part in parts { try part.check(db, &finding) }
        return finding
    }

    private struct Sources {
        let tree: Tree
        let campaigns: Campaigns
        let paths: Paths
        let chunks: [ClosedRange<Day>]
    }

    /// The days of the ledger, cut so that a part holds about `chunk` reports; one part reaches to either end of time.
    private static func chunks(_ db: any Reading) throws -> [ClosedRange<Day>] {
        let (start, end) = (Day(number: .min / 2), Day(number: .max / 2))
        var chunks: [ClosedRange<Day>] = []
        var (from, held) = (start, 0)
        try db.rows("SELECT day, count(*) FROM entry WHERE side <> 0 GROUP BY day ORDER BY day") { row in
            let day = try row.next(Day.self)
            if held > chunk {
                chunks.append(from...day.advanced(by: -1))
                (from, held) = (day, 0)
            }
            held += try row.next(Int.self)
            return true
        }
        return chunks + [from...end]
    }

    enum Origin: String {
        case ledger, reports
    }

    enum Grain: String, CaseIterable {
        case unit = "total_unit", unitDay = "total_unit_day", cell = "total_cell", cellDay = "total_cell_day"

        var hasDay: Bool { self == .unitDay || self == .cellDay }
        var hasCell: Bool { self == .cell || self == .cellDay }
    }

    struct Key: Hashable {
        let campaign: CampaignNo
        let basis: Int64
        let parent: UnitNo
        let unit: UnitNo
        let day: Day?
        let cell: CellNo?
        let stream: UnitNo
        let layer: Int64
    }

    struct Sum: Equatable {
        var reports: Int64 = 0
        var amounts = Amounts()
        var isZero: Bool { reports == 0 && amounts.isZero }

        mutating func add(_ reports: Int64, _ amounts: Amounts, sign: Int64) {
            self.reports += sign * reports
            self.amounts &+= amounts &* Amounts(repeating: sign)
        }
    }

    private struct Paths {
        let byID: [PathNo: Path]

        init(_ db: any Reading) throws {
            var paths: [PathNo: Path] = [:]
            try db.rows("SELECT id, chain FROM path") { row in
                let path = Interned.path(id: try row.next(), chain: try row.next())
                paths[path.id] = path
                return true
            }
            byID = paths
        }
    }

    /// Spreads the source's rows of some days over the paths of both bases, into all four grains at once.
    private static func fold(
        _ source: Origin, _ days: ClosedRange<Day>, _ sources: Sources, into sums: inout [Grain: [Key: Sum]], _ db: any Reading
    ) throws {
        let groups: SQL = source == .ledger
            ? """
            SELECT campaign, path, day, cell, band, evidenced, CAST(sum(reports) AS bigint), \(AmountColumns.sums) FROM entry
            WHERE side <> 0 AND day BETWEEN \(days.lowerBound) AND \(days.upperBound) GROUP BY 1, 2, 3, 4, 5, 6
            """
            : """
            SELECT campaign, path, day, cell, band, evidenced, count(*), \(AmountColumns.sums) FROM report
            WHERE NOT voided AND day BETWEEN \(days.lowerBound) AND \(days.upperBound) GROUP BY 1, 2, 3, 4, 5, 6
            """
        var presents: [PathNo: Path?] = [:]
        try db.rows(groups) { row in
            let (campaign, pathNo) = (try row.next(CampaignNo.self), try row.next(PathNo.self))
            let (day, cell) = (try row.next(Day.self), try row.next(CellNo.self))
            let (band, evidenced) = (try row.next(Int64.self), try row.next(Bool.self))
            let reports = try row.next(Int64.self)
            let amounts = try Amounts.reading(&row) &* (sources.campaigns.find(campaign)?.additive ?? Amounts(repeating: 1))
            guard let path = sources.paths.byID[pathNo] else { throw StorageError.decoding("no path \(pathNo)") }
            func add(_ path: Path, basis: Int64, sign: Int64) {
                for member in path.members {
                    for layer in evidenced ? [band, RollupDeltas.evidencedLayer] : [band] {
                        for grain in Grain.allCases {
                            let key = Key(
                                campaign: campaign, basis: basis, parent: member.parent, unit: member.unit,
                                day: grain.hasDay ? day : nil, cell: grain.hasCell ? cell : nil, stream: path.stream,
                                layer: layer)
                            sums[grain, default: [:]][key, default: Sum()].add(reports, amounts, sign: sign)
                        }
                    }
                }
            }
            add(path, basis: 0, sign: 1)
            if presents[pathNo] == nil {
                let chain = sources.tree.chain(of: path.unit)
                presents[pathNo] = .some(chain == path.chain ? nil : Path(id: pathNo, chain: chain))
            }
            if let present = presents[pathNo] ?? nil {
                add(present, basis: 1, sign: 1)
                add(path, basis: 1, sign: -1)
            }
            return true
        }
    }

    private static func compare(
        _ wanted: [Key: Sum], _ grain: Grain, _ days: ClosedRange<Day>?, _ source: Origin, _ db: any Reading,
        _ finding: inout Finding
    ) throws {
        let list = AmountColumns.list
        let (from, to) = (days?.lowerBound ?? Day(number: 0), days?.upperBound ?? Day(number: 0))
        let stored: SQL
        switch grain {
        case .unit:
            stored = "SELECT campaign, basis, parent, unit, stream, layer, reports, \(list) FROM total_unit"
        case .unitDay:
            stored = """
                SELECT campaign, basis, parent, unit, day, stream, layer, reports, \(list) FROM total_unit_day
                WHERE day BETWEEN \(from) AND \(to)
                """
        case .cell:
            stored = "SELECT campaign, basis, parent, unit, cell, stream, layer, reports, \(list) FROM total_cell"
        case .cellDay:
            stored = """
                SELECT campaign, basis, parent, unit, day, cell, stream, layer, reports, \(list) FROM total_cell_day
                WHERE day BETWEEN \(from) AND \(to)
                """
        }
        var sums = wanted
        var differences: [Difference] = []
        try db.rows(stored) { row in
            let (campaign, basis) = (try row.next(CampaignNo.self), try row.next(Int64.self))
            let (parent, unit) = (try row.next(UnitNo.self), try row.next(UnitNo.self))
            let day = grain.hasDay ? try row.next(Day.self) : nil
            let cell = grain.hasCell ? try row.next(CellNo.self) : nil
            let key = Key(
                campaign: campaign, basis: basis, parent: parent, unit: unit, day: day, cell: cell, stream: try row.next(),
                layer: try row.next())
            let kept = Sum(reports: try row.next(), amounts: try Amounts.reading(&row))
            let wanted = sums.removeValue(forKey: key) ?? Sum()
            if kept != wanted { differences.append(difference(grain, source, key, kept: kept, wanted: wanted)) }
            if basis == 0, kept.reports < 0 || kept.amounts.min() < 0 {
                differences.append(Difference(table: grain.rawValue, key: "\(key)", detail: "negative \(kept.amounts)"))
            }
            return true
        }
        for (key, wanted) in sums where !wanted.isZero {
            differences.append(difference(grain, source, key, kept: Sum(), wanted: wanted))
        }
        finding.differences += differences
    }

    private static func difference(_ grain: Grain, _ source: Origin, _ key: Key, kept: Sum, wanted: Sum) -> Difference {
        Difference(
            table: grain.rawValue,
            key: "unit \(key.unit) under \(key.parent) basis \(key.basis) layer \(key.layer) day \(key.day.map { "\($0)" } ?? "-")",
            detail: "stored \(kept.reports) \(kept.amounts), from \(source.rawValue) \(wanted.reports) \(wanted.amounts)")
    }
}
