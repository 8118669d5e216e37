import JarshyKit
import Storage

extension Tree {
    /// The tree as it stands in this transaction; read from tables only when it has changed since it was last read.
    static func current(in db: any Reading) throws -> Tree {
        let (stamp, day) = try db.first("SELECT stamp, present_day FROM structure WHERE id = 1") { row in
            (try row.next(Int64.self), try row.next(Day.self))
        } ?? (0, Day(number: 0))
        return try db.shelf.value(stamp: stamp) { try load(stamp: stamp, presentDay: day, in: db) }
    }

    private static func load(stamp: Int64, presentDay: Day, in db: any Reading) throws -> Tree {
        let kinds = try db.all(
            "SELECT code, rank, district_level, settlement, territory, name_kk, name_ru, name_en FROM unit_kind"
        ) { row in
            UnitKind(
                code: try row.next(), rank: try row.next(), districtLevel: try row.next(), settlement: try row.next(),
                territory: try row.next(), names: try Trio(&row))
        }
        let units = try db.all(
            """
            SELECT no, id, kind, name_kk, name_ru, name_en, title_kk, title_ru, title_en, sort_key, opened_day, closed_day,
                succeeded_by, organization, population, capacity
            FROM unit ORDER BY no
            """
        ) { row in
            Unit(
                no: try row.next(), id: try row.next(), kind: try row.next(), names: try Trio(&row), titles: try Trio(&row),
                sortKey: try row.next(Blob.self).bytes, opened: try row.next(), closed: try row.next(),
                succeededBy: try row.next(), organization: try row.next(), population: try row.next(),
                capacity: try row.next())
        }
        var edges: [UnitNo: [Edge]] = [:]
        edges.reserveCapacity(units.count)
        try db.rows("SELECT unit, parent, from_day, to_day FROM unit_edge ORDER BY unit, from_day") { row in
            let unit = try row.next(UnitNo.self)
            edges[unit, default: []].append(Edge(parent: try row.next(), from: try row.next(), to: try row.next()))
            return true
        }
        let codes = try db.all("SELECT code, unit FROM unit_code ORDER BY unit, coalesce(from_day, -1000000), code") { row in
            (code: try row.next(String.self), unit: try row.next(UnitNo.self))
        }
        return Tree(
            stamp: stamp, presentDay: presentDay, units: units, edges: edges,
            kinds: Dictionary(uniqueKeysWithValues: kinds.map { ($0.code, $0) }), codes: codes)
    }

    /// Marks the tree as changed. Every action that writes unit, unit_code or unit_edge ends with this.
    static func touch(presentDay: Day? = nil, in db: any Writing) throws {
        let stamp = Int64.random(in: 1..<(1 << 40))
        try db.run(
            """
            INSERT INTO structure (id, stamp, present_day) VALUES (1, \(stamp), \(presentDay ?? Day(number: 0)))
            ON CONFLICT (id) DO UPDATE SET stamp = \(stamp),
                present_day = coalesce(\(presentDay), structure.present_day)
            """)
    }
}
