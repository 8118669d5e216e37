import JarshyKit
import Storage

/// What one row of a summary table says.
struct SummaryPair: Sendable, Hashable {
    /// What the ledger took in within 24 hours, corrections included.
    var day = BandedSums.Layer()
    /// What stands since the campaign began.
    var start = BandedSums.Layer()

    static func + (left: Self, right: Self) -> Self { Self(day: left.day + right.day, start: left.start + right.start) }
    static func - (left: Self, right: Self) -> Self { Self(day: left.day - right.day, start: left.start - right.start) }
    var isZero: Bool { self == SummaryPair() }
}

/// A unit's summary table as numbers: the unit with everything below it, and its parts.
struct SummaryFigures: Sendable, Hashable {
    var whole = SummaryPair()
    var parts: [UnitNo: SummaryPair] = [:]

    /// What the unit reported in its own name.
    var own: SummaryPair { whole - parts.values.reduce(SummaryPair(), +) }
}

/// Reads tables of several units at once: a fixed number of statements, however many units and rows.
struct SummaryReader {
    let db: any Reading
    let tree: Tree
    let campaign: Campaign
    var cells = CellFilter()

    static let daySeconds: Int64 = 24 * 60 * 60

    /// The tables as they stood at `cut`. What was posted later is taken off the stored totals, so that a table made late is
    /// the one that would have been made on time.
    func figures(of units: [UnitNo], cut: Instant) throws -> [UnitNo: SummaryFigures] {
        let day = try moved(units, after: cut.advanced(seconds: -Self.daySeconds), upTo: cut)
        let later = try moved(units, after: cut)
        let stored = try stored(units)
        var figures: [UnitNo: SummaryFigures] = [:]
        for unit in units {
            var table = SummaryFigures()
            let keys = Set((day[unit] ?? [:]).keys).union((stored[unit] ?? [:]).keys).union((later[unit] ?? [:]).keys)
            for key in keys {
                let pair = SummaryPair(
                    day: day[unit]?[key] ?? .init(),
                    start: (stored[unit]?[key] ?? .init()) - (later[unit]?[key] ?? .init()))
                if key == unit { table.whole = pair } else if !pair.isZero { table.parts[key] = pair }
            }
            figures[unit] = table
        }
        return figures
    }

    /// By how much a table fixed at `cut` has been corrected since: entries posted later on reports filed by then.
    func restated(_ unit: UnitNo, cut: Instant) throws -> SummaryFigures {
        let all = try moved([unit], after: cut, filed: (after: nil, upTo: cut))[unit] ?? [:]
        let day = try moved([unit], after: cut, filed: (after: cut.advanced(seconds: -Self.daySeconds), upTo: cut))[unit] ?? [:]
        var table = SummaryFigures()
        for key in Set(all.keys).union(day.keys) {
            let pair = SummaryPair(day: day[key] ?? .init(), start: all[key] ?? .init())
            if key == unit { table.whole = pair } else if !pair.isZero { table.parts[key] = pair }
        }
        return table
    }

    /// What the ledger moved in a span of time, by unit and by the part it moved in; the unit's own key holds the whole.
    private func moved(
        _ units: [UnitNo], after: Instant, upTo: Instant? = nil, filed: (after: Instant?, upTo: Instant)? = nil
    ) throws -> [UnitNo: [UnitNo: BandedSums.Layer]] {
        let slots = slots
        var moved: [UnitNo: [UnitNo: BandedSums.Layer]] = [:]
        for chunk in Padded.chunks(units) {
            // Added up by path first: the ledger's index leads to its hours, and not from paths to their entries.
            var sql: SQL = """
                SELECT top.unit, child.unit, CAST(sum(moved.reports) AS bigint)\(SlotColumns.sums(slots, of: "moved."))
                FROM (SELECT entry.path AS id, sum(entry.reports) AS reports\(SlotColumns.named(slots)) FROM entry
                """
            if filed != nil { sql += " JOIN report ON report.id = entry.report" }
            sql += " WHERE entry.campaign = \(campaign.no) AND entry.at > \(after)"
            if let upTo { sql += " AND entry.at <= \(upTo)" }
            if let filed {
                // A filing after the cut is no correction, and a check moves figures between bands only.
                sql += " AND entry.kind IN ('correct', 'void', 'settle', 'move') AND report.filed_at <= \(filed.upTo)"
                if let from = filed.after { sql += " AND report.filed_at > \(from)" }
            }
            if !cells.isEmpty { sql += " AND entry.cell IN \(cells.cells(of: campaign.no))" }
            sql += """
                 GROUP BY entry.path) AS moved
                JOIN path_member AS top ON top.path = moved.id
                LEFT JOIN path_member AS child ON child.path = moved.id AND child.depth = top.depth - 1
                WHERE top.unit IN \(chunk) GROUP BY top.unit, child.unit
                """
            try db.rows(sql) { row in
                let unit = try row.next(UnitNo.self)
                let part = try row.next(UnitNo?.self)
                let layer = BandedSums.Layer(reports: try row.next(), amounts: try SlotColumns.read(slots, &row))
                moved[unit, default: [:]].add(layer, to: unit)
                if let part { moved[unit, default: [:]].add(layer, to: part) }
                return true
            }
        }
        return moved
    }

    /// The stored totals of now, keyed the same way.
    private func stored(_ units: [UnitNo]) throws -> [UnitNo: [UnitNo: BandedSums.Layer]] {
        let slots = slots
        var stored: [UnitNo: [UnitNo: BandedSums.Layer]] = [:]
        let table: SQL = cells.isEmpty ? "total_unit" : "total_cell"
        var filter: SQL = ""
        if !cells.isEmpty { filter = " AND cell IN \(cells.cells(of: campaign.no))" }
        // One list for both questions: rows below the units, and the units' own rows under whatever parents they had.
        let parents = Array(Set(units + units.flatMap(tree.parentsEver))).sorted()
        let wanted = Set(units)
        for chunk in Padded.chunks(parents) {
            try db.rows(
                """
                SELECT parent, unit, CAST(sum(reports) AS bigint)\(SlotColumns.sums(slots)) FROM \(table)
                WHERE campaign = \(campaign.no) AND basis = 0 AND parent IN \(chunk) AND layer < 3\(filter)
                GROUP BY parent, unit
                """
            ) { row in
                let (parent, unit) = (try row.next(UnitNo.self), try row.next(UnitNo.self))
                let layer = BandedSums.Layer(reports: try row.next(), amounts: try SlotColumns.read(slots, &row))
                if wanted.contains(parent) {
                    stored[parent, default: [:]].add(layer, to: unit)
                    if parent == tree.root { stored[parent, default: [:]].add(layer, to: parent) }
                }
                if wanted.contains(unit) { stored[unit, default: [:]].add(layer, to: unit) }
                return true
            }
        }
        return stored
    }

    private var slots: [Int] { campaign.metrics.filter(\.additive).map(\.slot).sorted() }
}

extension [UnitNo: BandedSums.Layer] {
    fileprivate mutating func add(_ layer: BandedSums.Layer, to unit: UnitNo) {
        self[unit] = (self[unit] ?? .init()) + layer
    }
}

extension SlotColumns {
    /// `, sum(entry.m0) AS m0, …`: the same, to be added up once more.
    static func named(_ slots: [Int]) -> SQL {
        var sql: SQL = ""
        for slot in slots { sql += ", sum(entry.\(all[slot])) AS \(all[slot])" }
        return sql
    }
}
