import JarshyKit
import Storage

/// A unit about to be written, whichever action makes it: import, opening, the demo.
struct NewUnit: Sendable {
    let code: String
    /// Nil only for the root.
    let parent: UnitNo?
    let kind: String
    let names: Trio
    /// Nil: made from the names and the kind.
    var titles: Trio?
    var opened: Day?
    var organization: OrganizationNo?
    var population: Int64?
    var capacity: Int64?
}

/// The writes that every action on units shares, so that sort keys, search text and streams are made in one way.
enum UnitWrites {
    /// Territory that an import describes has always stood where it stands: before the first day any report could have.
    static let always = Day(number: -719_162)

    /// The number the next unit gets. Locks the tree's row first, so that two writers never draw the same one.
    static func nextNo(in db: any Writing) throws -> Int64 {
        try db.rows("SELECT stamp FROM structure WHERE id = 1 \(.forUpdate(db.dialect))") { _ in true }
        return try db.value("SELECT coalesce(max(no), 0) + 1 FROM unit", as: Int64.self)
    }

    /// Inserts units with their codes and edges, opens streams for the root and for children of the root, and says how
    /// many are done. The caller has checked everything and ends with `Tree.touch`.
    static func insert(
        _ units: [(no: UnitNo, unit: NewUnit)], root: UnitNo?, from day: Day = always, at now: Instant,
        progress: (Int) -> Void = { _ in }, in db: any Writing
    ) throws {
        let root = root ?? units.first { $0.unit.parent == nil }?.no
        // A multiple of 64, so that the same statement is used throughout.
        for start in stride(from: 0, to: units.count, by: 2048) {
            let part = units[start..<min(start + 2048, units.count)]
            try db.insert(
                """
                INSERT INTO unit (no, id, kind, name_kk, name_ru, name_en, title_kk, title_ru, title_en, sort_key,
                    folded, opened_day, organization, population, capacity) VALUES
                """,
                rows: part.map { row(no: $0.no, $0.unit, at: now) })
            try db.insert(
                "INSERT INTO unit_code (code, scheme, unit, from_day) VALUES",
                rows: part.map { no, unit in
                    [unit.code.bind, UnitCode.scheme(unit.code).bind, no.bind, unit.opened?.bind ?? .null(.bigint)]
                })
            progress(start + part.count)
        }
        try db.insert(
            "INSERT INTO unit_edge (unit, parent, from_day) VALUES",
            rows: units.compactMap { no, unit in unit.parent.map { [no.bind, $0.bind, day.bind] } })
        try db.insert(
            "INSERT INTO stream (unit, seq) VALUES",
            rows: units.filter { $0.unit.parent == nil || $0.unit.parent == root }.map { [$0.no.bind, Int64(0).bind] },
            "ON CONFLICT (unit) DO NOTHING")
    }

    private static func row(no: UnitNo, _ unit: NewUnit, at now: Instant) -> [Bind] {
        let titles = unit.titles ?? UnitKinds.titles(unit.kind, unit.names)
        return [
            no.bind, UnitID.make(at: now).bind, unit.kind.bind, unit.names.kk.bind, unit.names.ru.bind,
            unit.names.en.bind,
            titles.kk.bind, titles.ru.bind, titles.en.bind, Blob(sortKey(titles.kk)).bind,
            searchText(titles).bind, unit.opened?.bind ?? .null(.bigint), unit.organization?.bind ?? .null(.bigint),
            unit.population?.bind ?? .null(.bigint), unit.capacity?.bind ?? .null(.bigint),
        ]
    }

    /// What a search looks through: the titles folded, and the Kazakh one once more as typed in Latin, parted by `|`,
    /// which no folded query holds.
    static func searchText(_ titles: Trio) -> String {
        "\(folded(titles.kk))|\(folded(titles.ru))|\(folded(titles.en))|\(foldedLatin(titles.kk))"
    }

    static func rename(_ unit: UnitNo, kind: String, names: Trio, titles: Trio, in db: any Writing) throws {
        try db.run(
            """
            UPDATE unit SET kind = \(kind), name_kk = \(names.kk), name_ru = \(names.ru), name_en = \(names.en),
                title_kk = \(titles.kk), title_ru = \(titles.ru), title_en = \(titles.en),
                sort_key = \(Blob(sortKey(titles.kk))), folded = \(searchText(titles))
            WHERE no = \(unit)
            """)
    }
}
