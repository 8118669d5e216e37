import JarshyKit
import Storage

extension Books {
    /// Locks the streams and reads their last numbers; called before anything is judged. A stream is opened when first needed.
    func lock(_ units: Set<UnitNo>) throws {
        let missing = units.subtracting(streams.keys).sorted()
        guard !missing.isEmpty else { return }
        var found: [UnitNo: Int64] = [:]
        try db.rows(
            "SELECT unit, seq FROM stream WHERE unit IN \(missing) ORDER BY unit\(SQL.forUpdate(db.dialect))"
        ) { row in
            found[try row.next()] = try row.next(Int64.self)
            return true
        }
        for unit in missing where found[unit] == nil {
            try db.run("INSERT INTO stream (unit, seq) VALUES (\(unit), 0) ON CONFLICT (unit) DO NOTHING")
            found[unit] = try db.value(
                "SELECT seq FROM stream WHERE unit = \(unit)\(SQL.forUpdate(db.dialect))", as: Int64.self)
        }
        streams.merge(found) { old, _ in old }
    }

    func report(_ id: ReportID) -> Report? { reports[id] }

    func isLocked(_ stream: UnitNo) -> Bool { streams[stream] != nil }

    func load(_ ids: Set<ReportID>) throws {
        for chunk in Padded.chunks(ids.subtracting(reports.keys).sorted()) {
            for report in try db.all(Report.self, where: "FROM report WHERE id IN \(chunk)") { reports[report.id] = report }
        }
        try loadPaths(Set(reports.values.map(\.path)))
        try loadCells(Set(reports.values.map(\.cell)))
    }

    func loadPaths(_ ids: Set<PathNo>) throws {
        for chunk in Padded.chunks(ids.filter { interned.pathsByID[$0] == nil }.sorted()) {
            try db.rows("SELECT id, chain FROM path WHERE id IN \(chunk)") { row in
                interned.add(Interned.path(id: try row.next(), chain: try row.next()))
                return true
            }
        }
    }

    func loadCells(_ ids: Set<CellNo>) throws {
        for chunk in Padded.chunks(ids.filter { interned.cellsByID[$0] == nil }.sorted()) {
            try db.rows("SELECT id, campaign, activity, audience, channel, organization FROM cell WHERE id IN \(chunk)") { row in
                let id = try row.next(CellNo.self)
                interned.add(try Interned.cell(&row), id)
                return true
            }
        }
    }

    func revisions(of report: ReportID) throws -> [Revision] {
        var stored = try db.all(Revision.self, where: "FROM revision WHERE report = \(report) ORDER BY rev")
        // What this group has settled is not written yet.
        for mark in settled where mark.report == report {
            if let index = stored.firstIndex(where: { $0.rev == mark.rev }) { stored[index].state = mark.state }
        }
        return stored + revisions.filter { $0.report == report }
    }

    func path(_ id: PathNo) throws -> Path {
        if let path = interned.pathsByID[id] { return path }
        try loadPaths([id])
        guard let path = interned.pathsByID[id] else { throw StorageError.decoding("no path \(id)") }
        return path
    }

    func cell(_ id: CellNo) throws -> Cell {
        if let cell = interned.cellsByID[id] { return cell }
        try loadCells([id])
        guard let cell = interned.cellsByID[id] else { throw StorageError.decoding("no cell \(id)") }
        return cell
    }

    /// Paths for chains that already have one; nothing is added.
    func loadPaths(chains: Set<[UnitNo]>) throws {
        let texts = chains.filter { interned.paths[$0] == nil }.map { $0.map(\.description).joined(separator: "/") }
        for chunk in Padded.chunks(texts.sorted()) {
            try db.rows("SELECT id, chain FROM path WHERE chain IN \(chunk)") { row in
                interned.add(Interned.path(id: try row.next(), chain: try row.next()))
                return true
            }
        }
    }

    /// Reports already there at the same path and day, so that an equal one can be flagged.
    func loadSiblings(_ keys: Set<SiblingKey>) throws {
        let pairs = Set(keys.map { PathDay(path: $0.path, day: $0.day) })
        for chunk in Padded.chunks(Array(pairs)) {
            let values = SQL.joined(chunk.map { "(CAST(\($0.path) AS bigint), CAST(\($0.day) AS bigint))" }, ", ")
            try db.rows(
                """
                SELECT id, path, day, cell, \(AmountColumns.list) FROM report
                WHERE (path, day) IN (VALUES \(values)) AND NOT voided
                """
            ) { row in
                let id = try row.next(ReportID.self)
                let key = SiblingKey(path: try row.next(), day: try row.next(), cell: try row.next())
                siblings[key, default: []].append((id, try Figures(&row)))
                return true
            }
        }
    }

    private struct PathDay: Hashable {
        let path: PathNo
        let day: Day
    }
}
