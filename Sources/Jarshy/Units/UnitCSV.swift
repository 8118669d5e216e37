import JarshyKit

/// Units as a file that `jarshy import units` reads again: its columns, and the days beside them.
enum UnitCSV {
    static func bytes(_ list: UnitList, isSearch: Bool) -> [UInt8] {
        var csv = CSVWriter(byteOrderMark: true)
        csv.append(["code", "parent", "kind", "name_kk", "name_ru", "name_en", "opened", "closed", "population"])
        let units = isSearch ? list.units : list.under.map { list.levels.all(from: $0.no) } ?? []
        for no in units {
            guard let unit = list.tree[no] else { continue }
            csv.append([
                list.tree.code(of: no),
                list.tree.parent(of: no, on: list.levels.day).map { list.tree.code(of: $0) } ?? "", unit.kind,
                unit.names.kk, unit.names.ru, unit.names.en, unit.opened?.description ?? "",
                unit.closed?.description ?? "", unit.population.map(String.init) ?? "",
            ])
        }
        return csv.bytes
    }
}
