import JarshyKit
import Storage

/// Every SELECT of lists of materials, stock and moves. Each is one statement, whatever the number of rows.
enum MaterialRows {
    static let pageSize = 50
    static let mostExported = 20_000

    /// True of units at or below these. The whole tree needs no list.
    static func within(_ units: [UnitNo], column: SQL, _ tree: Tree) -> SQL {
        if let root = tree.root, units.contains(root) { return "1 = 1" }
        let all = Set(units.flatMap { tree.subtree(of: $0) }).sorted()
        if all.isEmpty { return "1 = 0" }
        return "(" + SQL.joined(Padded.chunks(all).map { chunk -> SQL in "\(column) IN \(chunk)" }, " OR ") + ")"
    }

    /// Materials of a campaign within the scope, the newest first: those meant for the reader's units and for units below;
    /// drafts only where one draws up or approves.
    static func materials(
        _ scope: MaterialScope, campaign: CampaignNo, state: Material.State? = nil, before: MaterialID? = nil, limit: Int,
        in db: any Reading
    ) throws -> [Material] {
        let homes = scope.homes()
        let above = Set(homes.flatMap { scope.tree.chain(of: $0) }).sorted()
        var sql: SQL = """
            FROM material m WHERE m.campaign = \(campaign)
                AND (m.unit IN \(above) OR \(within(homes, column: "m.unit", scope.tree)))
                AND (m.state <> 'draft' OR \(within(scope.homes([.manageMaterials, .approveMaterials]), column: "m.unit", scope.tree)))
            """
        if let state { sql += " AND m.state = \(state)" }
        if let before { sql += " AND m.id < \(before)" }
        return try db.all(Material.self, where: sql + " ORDER BY m.id DESC LIMIT \(limit)")
    }

    static func materials(_ ids: some Sequence<MaterialID>, in db: any Reading) throws -> [MaterialID: Material] {
        var found: [MaterialID: Material] = [:]
        for chunk in Padded.chunks(Set(ids).sorted()) {
            for material in try db.all(Material.self, where: "FROM material m WHERE m.id IN \(chunk)") { found[material.id] = material }
        }
        return found
    }

    /// Every version of a material, the first on top.
    static func versions(of family: MaterialID, in db: any Reading) throws -> [Material] {
        try db.all(Material.self, where: "FROM material m WHERE m.family = \(family) ORDER BY m.version")
    }

    static func files(of material: MaterialID, in db: any Reading) throws -> [MaterialFile] {
        try db.all(MaterialFile.self, where: "FROM material_file f WHERE f.material = \(material) ORDER BY f.id")
    }

    /// Sums by material over units at and below some.
    static func sums(
        _ materials: [MaterialID], within units: [UnitNo], _ tree: Tree, in db: any Reading
    ) throws -> [MaterialID: Stock] {
        var sums: [MaterialID: Stock] = [:]
        for chunk in Padded.chunks(Set(materials).sorted()) {
            try db.rows(
                """
                SELECT k.material, \(summed) FROM stock k WHERE k.material IN \(chunk) AND \(within(units, column: "k.unit", tree))
                GROUP BY k.material
                """
            ) { row in
                sums[try row.next()] = try Stock(&row)
                return true
            }
        }
        return sums
    }

    /// A SUM of bigint is a numeric on PostgreSQL.
    private static let summed: SQL = """
        CAST(sum(k.received) AS bigint), CAST(sum(k.moved_in) AS bigint), CAST(sum(k.found) AS bigint),
            CAST(sum(k.on_hand) AS bigint), CAST(sum(k.handed_out) AS bigint), CAST(sum(k.written_off) AS bigint),
            CAST(sum(k.on_the_way) AS bigint), CAST(sum(k.moved_out) AS bigint), CAST(sum(k.beyond) AS bigint)
        """

    /// What one unit has, by material.
    static func stock(of unit: UnitNo, in db: any Reading) throws -> [MaterialID: Stock] {
        var stock: [MaterialID: Stock] = [:]
        try db.rows("SELECT material, \(Stock.columns) FROM stock WHERE unit = \(unit)") { row in
            stock[try row.next()] = try Stock(&row)
            return true
        }
        return stock
    }

    /// What each unit at and below one has of a material.
    static func stock(
        of material: MaterialID, within unit: UnitNo, _ tree: Tree, in db: any Reading
    ) throws -> [(unit: UnitNo, stock: Stock)] {
        try db.all(
            """
            SELECT k.unit, \(columns) FROM stock k WHERE k.material = \(material) AND \(within([unit], column: "k.unit", tree))
            """
        ) { row in (try row.next(UnitNo.self), try Stock(&row)) }
    }

    private static let columns: SQL = """
        k.received, k.moved_in, k.found, k.on_hand, k.handed_out, k.written_off, k.on_the_way, k.moved_out, k.beyond
        """

    /// Every heap below some units, for a file.
    static func heaps(
        within units: [UnitNo], campaign: CampaignNo, _ tree: Tree, in db: any Reading
    ) throws -> [(unit: UnitNo, material: MaterialID, stock: Stock)] {
        try db.all(
            """
            SELECT k.unit, k.material, \(columns) FROM stock k JOIN material m ON m.id = k.material
            WHERE m.campaign = \(campaign) AND \(within(units, column: "k.unit", tree))
            ORDER BY k.unit, k.material LIMIT \(mostExported)
            """
        ) { row in (try row.next(UnitNo.self), try row.next(MaterialID.self), try Stock(&row)) }
    }

    /// Entries of one heap, the newest first.
    static func entries(
        _ unit: UnitNo, _ material: MaterialID, before: Int64? = nil, limit: Int, in db: any Reading
    ) throws -> [StockEntry] {
        var sql: SQL = "FROM stock_entry e WHERE e.unit = \(unit) AND e.material = \(material)"
        if let before { sql += " AND e.n < \(before)" }
        return try db.all(StockEntry.self, where: sql + " ORDER BY e.n DESC LIMIT \(limit)")
    }

    static func moves(_ ids: [StockMoveID], in db: any Reading) throws -> [StockMoveID: StockMove] {
        var found: [StockMoveID: StockMove] = [:]
        for chunk in Padded.chunks(Set(ids).sorted()) {
            for move in try db.all(StockMove.self, where: "FROM stock_move v WHERE v.id IN \(chunk)") { found[move.id] = move }
        }
        return found
    }

    enum MoveShow: String, CaseIterable, Sendable { case incoming, sent, done }

    /// Moves of units at and below some: what comes to them, what they sent, what is acknowledged.
    static func moves(
        _ show: MoveShow, within units: [UnitNo], campaign: CampaignNo, after: StockMoveID? = nil, _ tree: Tree, limit: Int,
        in db: any Reading
    ) throws -> [StockMove] {
        let (to, from) = (within(units, column: "v.receiver", tree), within(units, column: "v.sender", tree))
        let condition: SQL = switch show {
        case .incoming: "v.accepted_at IS NULL AND \(to)"
        case .sent: "v.accepted_at IS NULL AND \(from)"
        case .done: "v.accepted_at IS NOT NULL AND (\(to) OR \(from))"
        }
        var sql: SQL = "FROM stock_move v JOIN material m ON m.id = v.material WHERE m.campaign = \(campaign) AND \(condition)"
        // What waits longest stands on top; what is done, the newest.
        if show == .done {
            if let after { sql += " AND v.id < \(after)" }
            return try db.all(StockMove.self, where: sql + " ORDER BY v.id DESC LIMIT \(limit)")
        }
        if let after { sql += " AND v.id > \(after)" }
        return try db.all(StockMove.self, where: sql + " ORDER BY v.id LIMIT \(limit)")
    }
}

/// Every SELECT of lists of poster sites.
struct SiteRows {
    enum Show: String, CaseIterable, Sendable {
        /// All in use.
        case all
        /// What has to come down, overdue first.
        case down
        /// Damaged or missing.
        case mend
        case empty, closed
    }

    let show: Show
    let scope: MaterialScope
    let campaign: CampaignNo
    /// Nil: all of one's units.
    let unit: UnitNo?
    let db: any Reading

    /// Sites come down in the order of their days; all others stand by unit and address.
    struct Cursor: Sendable {
        let text: String
        let id: PosterSiteID

        init(_ site: PosterSite, _ show: Show) {
            text = show == .down ? "\(site.form.takeDown?.number ?? 0)" : site.form.address
            id = site.id
        }

        init?(_ packed: String) {
            guard let dot = packed.firstIndex(of: "."), let id = PosterSiteID(String(packed[..<dot])) else { return nil }
            self.id = id
            text = String(packed[packed.index(after: dot)...])
        }

        var packed: String { "\(id).\(text)" }
    }

    func page(after: Cursor? = nil, limit: Int) throws -> [PosterSite] {
        var sql = condition
        if show == .down {
            if let after, let day = Int64(after.text) { sql += " AND (s.take_down_day, s.id) > (\(day), \(after.id))" }
            sql += " ORDER BY s.take_down_day, s.id"
        } else {
            if let after { sql += " AND (s.address, s.id) > (\(after.text), \(after.id))" }
            sql += " ORDER BY s.address, s.id"
        }
        return try db.all(PosterSite.self, where: sql + " LIMIT \(limit)")
    }

    func count() throws -> Int { try db.value("SELECT count(*) " + condition) }

    private var condition: SQL {
        let units = unit.map { [$0] } ?? scope.homes()
        var sql: SQL = """
            FROM poster_site s WHERE s.campaign = \(campaign) AND \(MaterialRows.within(units, column: "s.unit", scope.tree))
            """
        switch show {
        case .all: sql += " AND s.closed_at IS NULL"
        case .down: sql += " AND s.closed_at IS NULL AND s.take_down_day IS NOT NULL AND s.condition IN \(PosterSite.Condition.hanging)"
        case .mend: sql += " AND s.closed_at IS NULL AND s.condition IN \([PosterSite.Condition.damaged, .missing])"
        case .empty: sql += " AND s.closed_at IS NULL AND s.condition IN \([PosterSite.Condition.empty, .removed])"
        case .closed: sql += " AND s.closed_at IS NOT NULL"
        }
        return sql
    }
}
