import JarshyKit
import Storage

/// Recomputes every stored total twice, from the ledger and again from the reports as they stand, on both bases, and names
/// each difference. Clean means: what the board shows is what the operations say.
///
/// Streams through the rows and keeps one sum per stored row of one campaign and grain at a time, well within 200 MB at a
/// million reports.
struct Recount {
    struct Difference: Sendable, Hashable, CustomStringConvertible {
        let table: String
        let key: String
        let detail: String
        var description: String { "\(table) \(key): \(detail)" }
    }

    struct Finding: Sendable {
        var differences: [Difference] = []
        var rows = 0
        var entries = 0
        var reports = 0
        var isClean: Bool { differences.isEmpty }
    }

    /// Differences beyond this many are counted, not listed.
    static let mostListed = 100

    static func run(_ database: Database) async throws -> Finding {
        try await database.read { db in try run(in: db) }
    }

    static func run(in db: any Reading) throws -> Finding {
        var finding = Finding()
        let tree = try Tree.current(in: db)
        let campaigns = try Campaigns.current(in: db)
        let paths = try Paths(db)
        for source in [Source.ledger, .reports] {
            for grain in Grain.allCases {
                var sums = try fold(source, grain, tree, campaigns, paths, db, &finding)
                try compare(&sums, grain, source, db, &finding)
            }
        }
        try checkPresence(campaigns, db, &finding)
        try checkSequences(db, &finding)
        try checkReports(db, &finding)
        return finding
    }

    enum Source: String {
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

    /// Rows of the source grouped as finely as the grain needs, spread over the paths of both bases.
    private static func fold(
        _ source: Source, _ grain: Grain, _ tree: Tree, _ campaigns: Campaigns, _ paths: Paths, _ db: any Reading,
        _ finding: inout Finding
    ) throws -> [Key: Sum] {
        var sums: [Key: Sum] = [:]
        var shifts: [PathNo: (present: Path, moved: Bool)] = [:]
        let day: SQL = grain.hasDay ? "day" : "0"
        let cell: SQL = grain.hasCell ? "cell" : "0"
        let groups: SQL = source == .ledger
            ? """
            SELECT campaign, path, \(day), \(cell), band, evidenced, CAST(sum(reports) AS bigint), \(AmountColumns.sums) FROM entry
            WHERE side <> 0 GROUP BY 1, 2, 3, 4, 5, 6
            """
            : """
            SELECT campaign, path, \(day), \(cell), band, evidenced, count(*), \(AmountColumns.sums) FROM report
            WHERE NOT voided GROUP BY 1, 2, 3, 4, 5, 6
            """
        try db.rows(groups) { row in
            let (campaign, pathNo) = (try row.next(CampaignNo.self), try row.next(PathNo.self))
            let (day, cell) = (try row.next(Day.self), try row.next(CellNo.self))
            let (band, evidenced) = (try row.next(Int64.self), try row.next(Bool.self))
            let reports = try row.next(Int64.self)
            let amounts = try Amounts.reading(&row) &* (campaigns.find(campaign)?.additive ?? Amounts(repeating: 1))
            guard let path = paths.byID[pathNo] else { throw StorageError.decoding("no path \(pathNo)") }
            func add(_ path: Path, basis: Int64, sign: Int64) {
                for member in path.members {
                    for layer in evidenced ? [band, RollupDeltas.evidencedLayer] : [band] {
                        let key = Key(
                            campaign: campaign, basis: basis, parent: member.parent, unit: member.unit,
                            day: grain.hasDay ? day : nil, cell: grain.hasCell ? cell : nil, stream: path.stream, layer: layer)
                        sums[key, default: Sum()].reports += sign * reports
                        sums[key, default: Sum()].amounts &+= amounts &* Amounts(repeating: sign)
                    }
                }
            }
            add(path, basis: 0, sign: 1)
            if shifts[pathNo] == nil {
                let chain = tree.chain(of: path.unit)
                shifts[pathNo] = (Path(id: pathNo, chain: chain), chain != path.chain)
            }
            if let shift = shifts[pathNo], shift.moved {
                add(shift.present, basis: 1, sign: 1)
                add(path, basis: 1, sign: -1)
            }
            finding.rows += 1
            return true
        }
        return sums
    }

    private static func compare(
        _ sums: inout [Key: Sum], _ grain: Grain, _ source: Source, _ db: any Reading, _ finding: inout Finding
    ) throws {
        let list = AmountColumns.list
        let stored: SQL
        switch grain {
        case .unit: stored = "SELECT campaign, basis, parent, unit, stream, layer, reports, \(list) FROM total_unit"
        case .unitDay: stored = "SELECT campaign, basis, parent, unit, day, stream, layer, reports, \(list) FROM total_unit_day"
        case .cell: stored = "SELECT campaign, basis, parent, unit, cell, stream, layer, reports, \(list) FROM total_cell"
        case .cellDay: stored = "SELECT campaign, basis, parent, unit, day, cell, stream, layer, reports, \(list) FROM total_cell_day"
        }
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
            if kept != wanted {
                differences.append(difference(grain, source, key, kept: kept, wanted: wanted))
            }
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

    private static func difference(_ grain: Grain, _ source: Source, _ key: Key, kept: Sum, wanted: Sum) -> Difference {
        Difference(
            table: grain.rawValue,
            key: "unit \(key.unit) under \(key.parent) basis \(key.basis) layer \(key.layer) day \(key.day.map { "\($0)" } ?? "-")",
            detail: "stored \(kept.reports) \(kept.amounts), from \(source.rawValue) \(wanted.reports) \(wanted.amounts)")
    }

    private static func checkPresence(_ campaigns: Campaigns, _ db: any Reading, _ finding: inout Finding) throws {
        struct PresenceKey: Hashable {
            let campaign: CampaignNo
            let path: PathNo
            let place: UnitNo
        }
        var counted: [PresenceKey: (reports: Int64, events: Int64)] = [:]
        try db.rows(
            "SELECT campaign, path, coalesce(place, 0), count(*), \(AmountColumns.sums) FROM report WHERE NOT voided GROUP BY 1, 2, 3"
        ) { row in
            let key = PresenceKey(campaign: try row.next(), path: try row.next(), place: try row.next())
            let reports = try row.next(Int64.self)
            let amounts = try Amounts.reading(&row)
            counted[key] = (reports, campaigns.find(key.campaign)?.eventSlot.map { amounts[$0] } ?? 0)
            return true
        }
        var differences: [Difference] = []
        try db.rows("SELECT campaign, path, place, reports, events FROM presence") { row in
            let key = PresenceKey(campaign: try row.next(), path: try row.next(), place: try row.next())
            let (reports, events) = (try row.next(Int64.self), try row.next(Int64.self))
            let wanted = counted.removeValue(forKey: key) ?? (0, 0)
            if (reports, events) != wanted {
                differences.append(
                    Difference(
                        table: "presence", key: "path \(key.path) place \(key.place)",
                        detail: "stored \(reports) reports, \(events) events; counted \(wanted)"))
            }
            return true
        }
        for (key, wanted) in counted {
            differences.append(Difference(table: "presence", key: "path \(key.path) place \(key.place)", detail: "missing; counted \(wanted)"))
        }
        finding.differences += differences
    }

    /// Each stream's numbers run from 1 to its last without a gap.
    private static func checkSequences(_ db: any Reading, _ finding: inout Finding) throws {
        var differences: [Difference] = []
        var entries = 0
        try db.rows(
            """
            SELECT stream.unit, stream.seq, count(DISTINCT entry.seq), coalesce(min(entry.seq), 1), coalesce(max(entry.seq), 0)
            FROM stream LEFT JOIN entry ON entry.stream = stream.unit GROUP BY stream.unit, stream.seq
            """
        ) { row in
            let (stream, seq) = (try row.next(UnitNo.self), try row.next(Int64.self))
            let (count, first, last) = (try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self))
            entries += Int(count)
            if seq != last || count != last || first != 1 {
                differences.append(
                    Difference(table: "entry", key: "stream \(stream)", detail: "at \(seq), holds \(count) from \(first) to \(last)"))
            }
            return true
        }
        finding.entries = entries
        finding.differences += differences
    }

    /// Every report is what its applied version says, and its versions form one chain.
    private static func checkReports(_ db: any Reading, _ finding: inout Finding) throws {
        var differences: [Difference] = []
        finding.reports = try db.value("SELECT count(*) FROM report", as: Int.self)
        try db.rows(
            """
            SELECT report.id FROM report LEFT JOIN revision ON revision.report = report.id AND revision.rev = report.rev
                AND revision.state = 'applied'
            WHERE revision.rev IS NULL OR report.voided <> (revision.kind = 'void')
                OR (NOT report.voided AND (report.day <> revision.day OR report.cell <> revision.cell
                    OR report.m0 IS DISTINCT FROM revision.m0 OR report.m1 IS DISTINCT FROM revision.m1
                    OR report.m2 IS DISTINCT FROM revision.m2 OR report.m3 IS DISTINCT FROM revision.m3
                    OR report.m4 IS DISTINCT FROM revision.m4 OR report.m5 IS DISTINCT FROM revision.m5
                    OR report.m6 IS DISTINCT FROM revision.m6 OR report.m7 IS DISTINCT FROM revision.m7
                    OR report.m8 IS DISTINCT FROM revision.m8 OR report.m9 IS DISTINCT FROM revision.m9
                    OR report.m10 IS DISTINCT FROM revision.m10 OR report.m11 IS DISTINCT FROM revision.m11
                    OR report.m12 IS DISTINCT FROM revision.m12 OR report.m13 IS DISTINCT FROM revision.m13
                    OR report.m14 IS DISTINCT FROM revision.m14 OR report.m15 IS DISTINCT FROM revision.m15))
            """
        ) { row in
            let id = try row.next(ReportID.self)
            differences.append(Difference(table: "report", key: "\(id)", detail: "is not what its applied version says"))
            return true
        }
        // Of the applied versions of a report, each builds on the one applied before it.
        try db.rows(
            """
            SELECT report, rev, base_rev, previous FROM (
                SELECT report, rev, base_rev, lag(rev) OVER (PARTITION BY report ORDER BY rev) AS previous
                FROM revision WHERE state = 'applied') AS chain
            WHERE base_rev <> coalesce(previous, 0)
            """
        ) { row in
            let (report, rev) = (try row.next(ReportID.self), try row.next(Int64.self))
            differences.append(
                Difference(table: "revision", key: "\(report) rev \(rev)", detail: "does not build on the version applied before it"))
            return true
        }
        finding.differences += differences
    }
}
