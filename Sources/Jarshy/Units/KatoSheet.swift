import JarshyKit

/// The official classifier of administrative-territorial units (KATO): `kato kato_version level type_code name_ru
/// name_kk`.
///
/// A code is AB CD EF HIJ: region, district, rural district, settlement; the last two digits, when not 00, name a place
/// inside settlement …H00. The file has no parents and no root: the parent is the next shorter code that exists, the
/// root is `KZ`. Kinds stand inside the names as abbreviations, in either order (see `KatoName`).
enum KatoSheet {
    static let root = "KZ"

    /// - Parameter exists: true for codes the database already holds, so that a part of the classifier can be added.
    static func read(
        _ lines: ArraySlice<DelimitedRow>, _ columns: Columns, exists: (String) -> Bool
    ) -> UnitSheet {
        var sheet = UnitSheet(impliedRoot: root)
        sheet.rows.reserveCapacity(lines.count + 1)
        let codes = Set(lines.map { columns["kato", $0] })
        for line in lines {
            let code = columns["kato", line]
            guard UnitCode.scheme(code) == "kato" else {
                sheet.refuse(code, UnitFault(line.line, .code, "'\(code)' is no KATO code of nine digits"))
                continue
            }
            guard let level = KatoName.Level(rawValue: columns["level", line]) else {
                let level = columns["level", line]
                sheet.refuse(
                    code,
                    UnitFault(
                        line.line, .kind, "level '\(level)' is none of oblast, district, sub_district, settlement"))
                continue
            }
            let name = KatoName(kazakh: columns["name_kk", line], russian: columns["name_ru", line], level: level)
            sheet.add(
                UnitSheet.Row(
                    line: line.line, code: code,
                    parent: shorter(code).first { codes.contains($0) || exists($0) } ?? root,
                    kind: UnitKinds.code(name.kind), kk: name.kazakh, ru: name.russian, en: nil),
                level: level.rawValue)
        }
        return sheet
    }

    /// The codes above a code, nearest first: 111032102 → 111032100, 111032000, 111000000, 110000000.
    static func shorter(_ code: String) -> [String] {
        [7, 6, 4, 2].map { kept in String(code.prefix(kept)) + String(repeating: "0", count: 9 - kept) }
            .filter { $0 != code }
    }
}
