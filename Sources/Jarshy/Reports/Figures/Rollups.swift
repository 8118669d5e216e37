import JarshyKit
import Storage

/// Reads the stored totals: a unit, its children, its days, its cells. Each read is one statement, whatever it adds up.
///
/// Rows are keyed (parent, unit): children of P are the rows with parent P, a unit is the sum of its rows over all parents it
/// ever had, and the root, which is never stored, is the rows with parent root and its own stream's. The smallest grain that
/// answers is read: without days and cells a headline touches a row a band.
struct Rollups {
    let db: any Reading
    let tree: Tree

    init(_ db: any Reading, _ tree: Tree) {
        self.db = db
        self.tree = tree
    }

    /// The unit with everything below it.
    func total(_ query: RollupQuery) throws -> BandedSums {
        try sums(query, by: nil as SQL?, Int64.self, place: whole(query.unit))[0] ?? BandedSums()
    }

    /// The units directly below, by number; of the root also itself, for what it reported in its own name.
    func parts(_ query: RollupQuery) throws -> [UnitNo: BandedSums] {
        var sums = try sums(query, by: "unit", UnitNo.self, place: below(query))
        if query.unit != tree.root { sums[query.unit] = nil }
        return sums
    }

    /// The unit's days, those with figures only.
    func days(_ query: RollupQuery) throws -> [Day: BandedSums] {
        try sums(query, by: "day", Day.self, place: whole(query.unit), grain: .day)
    }

    /// The unit's cells, those with figures only.
    func cells(_ query: RollupQuery) throws -> [CellNo: BandedSums] {
        try sums(query, by: "cell", CellNo.self, place: whole(query.unit), grain: .cell)
    }

    /// What every cell of a campaign is about.
    func cellsByNumber(of campaign: CampaignNo) throws -> [CellNo: Cell] {
        var cells: [CellNo: Cell] = [:]
        try db.rows("SELECT id, campaign, activity, audience, channel, organization FROM cell WHERE campaign = \(campaign)") {
            row in
            cells[try row.next()] = try Interned.cell(&row)
            return true
        }
        return cells
    }

    private enum Grain { case any, day, cell }

    private func sums<Key: Column & Hashable>(
        _ query: RollupQuery, by key: SQL?, _: Key.Type, place: SQL, grain: Grain = .any
    ) throws -> [Key: BandedSums] {
        let slots = query.summed
        let byDay = query.hasDays || grain == .day
        let byCell = !query.cells.isEmpty || grain == .cell
        let table: SQL =
            switch (byDay, byCell) {
            case (false, false): "total_unit"
            case (true, false): "total_unit_day"
            case (false, true): "total_cell"
            case (true, true): "total_cell_day"
            }
        var sql: SQL = "SELECT "
        sql += key.map { $0 + ", layer" } ?? "CAST(0 AS bigint), layer"
        sql += ", CAST(sum(reports) AS bigint)\(SlotColumns.sums(slots)) FROM \(table) WHERE campaign = \(query.campaign.no)"
        sql += query.basis == .reported ? " AND basis = 0" : " AND basis IN (0, 1)"
        sql += " AND " + place
        if let from = query.from { sql += " AND day >= \(from)" }
        if let to = query.to { sql += " AND day <= \(to)" }
        if !query.cells.isEmpty { sql += " AND cell IN \(query.cells.cells(of: query.campaign.no))" }
        sql += key.map { " GROUP BY " + $0 + ", layer" } ?? " GROUP BY layer"
        var sums: [Key: BandedSums] = [:]
        try db.rows(sql) { row in
            let key = try row.next(Key.self)
            let layer = try row.next(Int64.self)
            let part = BandedSums.Layer(reports: try row.next(), amounts: try SlotColumns.read(slots, &row))
            sums[key, default: BandedSums()].add(part, at: layer)
            return true
        }
        return sums.filter { !$0.value.isZero }
    }

    /// The rows that make up a unit.
    private func whole(_ unit: UnitNo) -> SQL {
        if unit == tree.root { return "parent IN \([UnitNo.none, unit])" }
        let parents = tree.parentsEver(of: unit)
        return parents.count == 1 ? "parent = \(parents[0]) AND unit = \(unit)" : "parent IN \(parents) AND unit = \(unit)"
    }

    /// The rows of the units directly below.
    private func below(_ query: RollupQuery) throws -> SQL {
        let unit = query.unit
        var sql: SQL = unit == tree.root ? "parent IN \([UnitNo.none, unit])" : "parent = \(unit)"
        // Named, the units lead straight to their days; unnamed, every day of every child is looked through.
        let children = Subtrees.of(tree, db).everBelow(unit) + (unit == tree.root ? [unit] : [])
        if query.hasDays, !children.isEmpty, children.count <= 64, let list = Padded.chunks(children).first {
            sql += " AND unit IN \(list)"
        }
        return sql
    }
}
