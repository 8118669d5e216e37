import JarshyKit
import Storage

extension Books {
    /// The path a unit has on a day, added to the ledger's list when it is new.
    func path(of unit: UnitNo, on day: Day) throws -> Path {
        try path(tree.chain(of: unit, on: day))
    }

    func path(_ chain: [UnitNo]) throws -> Path {
        if let path = interned.paths[chain] { return path }
        let text = chain.map(\.description).joined(separator: "/")
        let stream = Tree.stream(of: chain)
        try lock([stream])
        if let id = try db.first(PathNo.self, "SELECT id FROM path WHERE chain = \(text)") {
            let path = Path(id: id, chain: chain)
            interned.add(path)
            return path
        }
        // Numbers are given within the stream, whose row is locked, so two writers cannot give one twice.
        let last = try db.value("SELECT coalesce(max(id), 0) FROM path WHERE stream = \(stream)", as: Int64.self)
        let path = Path(id: PathNo(last == 0 ? stream.value << 32 | 1 : last + 1), chain: chain)
        try db.run("INSERT INTO path (id, chain, unit, stream) VALUES (\(path.id), \(text), \(path.unit), \(stream))")
        let members = chain.enumerated().map { depth, unit -> [Bind] in
            [unit.bind, path.id.bind, depth.bind, (depth + 1 < chain.count ? chain[depth + 1] : UnitNo.none).bind]
        }
        try db.insert("INSERT INTO path_member (unit, path, depth, parent) VALUES", rows: members)
        interned.add(path)
        return path
    }

    func cell(_ cell: Cell) throws -> CellNo {
        if let id = interned.cells[cell] { return id }
        // One row to queue at: cells are few, and new ones rare.
        _ = try db.first(Int64.self, "SELECT no FROM campaign WHERE no = \(cell.campaign)\(SQL.forUpdate(db.dialect))")
        let kept = try db.first(
            CellNo.self,
            """
            SELECT id FROM cell WHERE campaign = \(cell.campaign) AND activity = \(cell.activity)
                AND audience = \(cell.audience) AND channel = \(cell.channel) AND organization = \(cell.organization)
            """)
        if let kept {
            interned.add(cell, kept)
            return kept
        }
        let floor = cell.campaign.value << 32
        let last = try db.value(
            "SELECT coalesce(max(id), \(floor)) FROM cell WHERE id > \(floor) AND id < \(floor + (1 << 32))", as: Int64.self)
        let id = CellNo(last + 1)
        try db.run(
            """
            INSERT INTO cell (id, campaign, activity, audience, channel, organization)
            VALUES (\(id), \(cell.campaign), \(cell.activity), \(cell.audience), \(cell.channel), \(cell.organization))
            """)
        interned.add(cell, id)
        return id
    }
}
