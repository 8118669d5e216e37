import JarshyKit
import Storage

/// By how much figures moved, read from the ledger: late reports, corrections and voids included, whatever day they are about.
///
/// Checks and verdicts on evidence move figures between bands only and are left out.
struct Movement: Sendable {
    private(set) var whole = BandedSums.Layer()
    /// By the unit directly below; the unit itself stands for its own reports.
    private(set) var parts: [UnitNo: BandedSums.Layer] = [:]

    /// What moved since a day's local midnight.
    ///
    /// Nearly everything that enters is about the day it enters on, and whatever is about this day or a later one is in the
    /// stored totals of those days. So only entries about another day than their own are read one by one, by the partial
    /// index `entry_apart`: those since midnight about days before are added, those before midnight about this day or a
    /// later one (tomorrow's event may be told today) are taken off.
    /// - Parameter apart: what those entries say, where it is known already.
    static func since(_ day: Day, _ query: RollupQuery, _ rollups: Rollups, apart known: Movement? = nil) throws -> Movement {
        let fresh = query.with { $0.from = max(query.from ?? day, day) }
        var sums = try known ?? apart(query, day, rollups)
        if query.to.map({ $0 >= day }) ?? true {
            let parts = try rollups.parts(fresh)
            let isRoot = query.unit == rollups.tree.root
            let total = isRoot ? parts.values.reduce(BandedSums(), +) : try rollups.total(fresh)
            for (part, figures) in parts { sums.add(figures.total, to: part) }
            sums.whole = sums.whole + total.total
        }
        return sums.withOwn(of: query.unit)
    }

    /// What corrections moved after a moment on reports filed by then: by how much a figure that was said has been restated.
    static func corrected(after: Instant, _ query: RollupQuery, _ rollups: Rollups) throws -> Movement {
        let from: SQL = "FROM entry JOIN report ON report.id = entry.report"
        // In the very words of the index `entry_restating`.
        let kinds: SQL = " WHERE entry.kind IN ('correct', 'void', 'settle', 'move') AND entry.at > \(after)"
        let sums = try read(query, rollups, sign: "1", from + kinds + " AND report.filed_at <= \(after)")
        return sums.withOwn(of: query.unit)
    }

    private static func apart(_ query: RollupQuery, _ day: Day, _ rollups: Rollups) throws -> Movement {
        try read(query, rollups, sign: sign(day), entriesApart(of: day))
    }

    /// The same for every unit at once, on the paths as reported, of all days and cells.
    static func apartEverywhere(_ campaign: Campaign, _ day: Day, in db: any Reading) throws -> [UnitNo: Movement] {
        let slots = RollupQuery(campaign: campaign, unit: .none).summed
        var sql: SQL = "SELECT top.unit, child.unit, CAST(sum(moved.reports) AS bigint)\(SlotColumns.sums(slots, of: "moved.")) FROM "
        sql += byPath(slots, sign: sign(day), entriesApart(of: day)) + " AND entry.campaign = \(campaign.no)"
        sql += """
             GROUP BY entry.path) AS moved JOIN path_member AS top ON top.path = moved.id
            LEFT JOIN path_member AS child ON child.path = moved.id AND child.depth = top.depth - 1 GROUP BY top.unit, child.unit
            """
        var movements: [UnitNo: Movement] = [:]
        try db.rows(sql) { row in
            let (unit, part) = (try row.next(UnitNo.self), try row.next(UnitNo?.self))
            let layer = BandedSums.Layer(reports: try row.next(), amounts: try SlotColumns.read(slots, &row))
            movements[unit, default: Movement()].take(layer, in: part)
            return true
        }
        return movements
    }

    private mutating func take(_ layer: BandedSums.Layer, in part: UnitNo?) {
        whole = whole + layer
        if let part { add(layer, to: part) }
    }

    private static func sign(_ day: Day) -> SQL {
        "CASE WHEN entry.at < \(Zone.kazakhstan.instant(day, minute: 0)) THEN -1 ELSE 1 END"
    }

    private static func entriesApart(of day: Day) -> SQL {
        let zone = Zone.kazakhstan
        let (midnight, before) = (zone.instant(day, minute: 0), zone.instant(day.advanced(by: -1), minute: 0))
        // In the very words of the index `entry_apart`, or the planners do not see that it applies.
        let entries: SQL = """
            FROM entry WHERE entry.kind NOT IN ('check', 'evidence') AND entry.day <> (entry.at + 18000000) / 86400000
                AND entry.at >= \(before)
            """
        let spans: SQL = """
             AND (entry.at >= \(midnight) AND entry.day < \(day) OR entry.at < \(midnight) AND entry.day >= \(day))
            """
        return entries + spans
    }

    /// Begins the statement's inner part: figures added up by path, still open for conditions.
    private static func byPath(_ slots: [Int], sign: SQL, _ entries: SQL) -> SQL {
        var sql: SQL = "(SELECT entry.path AS id, sum(entry.reports * \(sign)) AS reports"
        for slot in slots { sql += ", sum(entry.\(SlotColumns.all[slot]) * \(sign)) AS \(SlotColumns.all[slot])" }
        return sql + " " + entries
    }

    /// One statement: added up by path first, then by the unit directly below on that path or, on the present basis, today.
    private static func read(_ query: RollupQuery, _ rollups: Rollups, sign: SQL, _ entries: SQL) throws -> Movement {
        let slots = query.summed
        let isReported = query.basis == .reported
        var sql: SQL = "SELECT "
        sql += isReported ? "child.unit" : "path.unit"
        sql += ", CAST(sum(moved.reports) AS bigint)\(SlotColumns.sums(slots, of: "moved.")) FROM "
        sql += byPath(slots, sign: sign, entries) + " AND entry.campaign = \(query.campaign.no)"
        if isReported, query.unit != rollups.tree.root {
            sql += " AND entry.stream IN \(AsOf.regions(of: query.unit, in: rollups.tree))"
        }
        if let from = query.from { sql += " AND entry.day >= \(from)" }
        if let to = query.to { sql += " AND entry.day <= \(to)" }
        if !query.cells.isEmpty { sql += " AND entry.cell IN \(query.cells.cells(of: query.campaign.no))" }
        sql += " GROUP BY entry.path) AS moved "
        if isReported {
            sql += """
                JOIN path_member AS top ON top.path = moved.id AND top.unit = \(query.unit)
                LEFT JOIN path_member AS child ON child.path = moved.id AND child.depth = top.depth - 1 GROUP BY child.unit
                """
        } else {
            sql += "JOIN path ON path.id = moved.id GROUP BY path.unit"
        }
        var movement = Movement()
        try rollups.db.rows(sql) { row in
            let unit = try row.next(UnitNo?.self)
            let layer = BandedSums.Layer(reports: try row.next(), amounts: try SlotColumns.read(slots, &row))
            var part = unit
            if !isReported {
                let chain = unit.map { rollups.tree.chain(of: $0) } ?? []
                guard let at = chain.firstIndex(of: query.unit) else { return true }
                part = at == 0 ? nil : chain[at - 1]
            }
            movement.take(layer, in: part)
            return true
        }
        return movement
    }

    private mutating func add(_ layer: BandedSums.Layer, to part: UnitNo) {
        parts[part] = (parts[part] ?? .init()) + layer
    }

    private func withOwn(of unit: UnitNo) -> Movement {
        var movement = self
        movement.parts[unit] = nil
        let own = movement.parts.values.reduce(movement.whole) { $0 - $1 }
        if own != .init() { movement.parts[unit] = own }
        return movement
    }
}
