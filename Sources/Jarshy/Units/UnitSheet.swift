import JarshyKit

/// A file of units as read, before anything is known of the database: rows in the order of the file, and what is wrong.
///
/// Two forms are told apart by their header: ours, TSV with `code parent kind name_kk name_ru [name_en]` in any order
/// of columns (other columns are left aside), and the official KATO classifier as CSV (see `KatoSheet`).
struct UnitSheet: Sendable {
    struct Row: Sendable, Hashable {
        let line: Int
        let code: String
        /// Code of the unit above; nil for the root.
        let parent: String?
        let kind: String
        let kk: String
        let ru: String
        /// Nil when the file has none: the stored name is kept, or one is made from the Kazakh.
        let en: String?
    }

    var rows: [Row] = []
    var faults: [UnitFault] = []
    /// The code of the root that is made when the database has no root; the classifier itself has none.
    var impliedRoot: String?
    /// Codes of lines refused here, so that what stands below them is not called an orphan as well.
    private(set) var refused: Set<String> = []

    static let longestCode = 40
    static let longestName = 200

    /// Reads a file whole. Faults of single lines are gathered; a file that cannot be read at all has one fault and no
    /// rows.
    ///
    /// - Parameter exists: true for codes the database already holds; the classifier's parents are looked for there
    ///   too.
    static func read(_ bytes: [UInt8], exists: (String) -> Bool = { _ in false }) -> UnitSheet {
        let firstLine = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let lines: [DelimitedRow]
        do throws(DelimitedError) {
            if firstLine.contains(UInt8(ascii: "\t")) {
                lines = try Delimited.tsv(bytes)
            } else {
                let semicolons = firstLine.count { $0 == UInt8(ascii: ";") }
                let commas = firstLine.count { $0 == UInt8(ascii: ",") }
                lines = try Delimited.csv(bytes, separator: semicolons > commas ? UInt8(ascii: ";") : UInt8(ascii: ","))
            }
        } catch {
            return UnitSheet(faults: [fault(error)])
        }
        guard let header = lines.first else {
            return UnitSheet(faults: [UnitFault(1, .columns, "the file is empty; expected the header \(expected)")])
        }
        let columns = Columns(header)
        if columns.has(["kato", "level", "name_kk", "name_ru"]) {
            return KatoSheet.read(lines.dropFirst(), columns, exists: exists)
        }
        guard columns.has(["code", "parent", "kind", "name_kk", "name_ru"]) else {
            return UnitSheet(
                faults: [
                    UnitFault(
                        header.line, .columns,
                        "the header reads '\(header.fields.prefix(8).joined(separator: " "))'; expected \(expected)")
                ])
        }
        return ours(lines.dropFirst(), columns)
    }

    private static let expected = "'code parent kind name_kk name_ru [name_en]', or that of the KATO classifier"

    private static func fault(_ error: DelimitedError) -> UnitFault {
        switch error {
        case .notUTF8(let line): UnitFault(line, .encoding, "not UTF-8; save the file as UTF-8 and import it again")
        case .unclosedQuote(let line): UnitFault(line, .quotes, "a quote is opened here and never closed")
        case .textAfterQuote(let line): UnitFault(line, .quotes, "text after a closing quote")
        }
    }

    private static func ours(_ lines: ArraySlice<DelimitedRow>, _ columns: Columns) -> UnitSheet {
        var sheet = UnitSheet()
        sheet.rows.reserveCapacity(lines.count)
        for line in lines {
            let parent = columns["parent", line]
            let english = columns["name_en", line]
            let isOblast = columns["level", line] == "oblast" && parent.isEmpty
            // A table derived from the classifier has its levels and no root, as the classifier itself.
            if isOblast { sheet.impliedRoot = KatoSheet.root }
            let kind = columns["kind", line]
            sheet.add(
                Row(
                    line: line.line, code: columns["code", line],
                    parent: isOblast ? KatoSheet.root : parent.isEmpty ? nil : parent,
                    kind: UnitKinds.aliases[kind] ?? kind, kk: columns["name_kk", line], ru: columns["name_ru", line],
                    en: english.isEmpty ? nil : english),
                level: columns["level", line])
        }
        return sheet
    }

    /// Takes a row in unless its own fields are wrong. Names that carry their kind as a word give it up.
    mutating func add(_ row: Row, level: String) {
        let before = faults.count
        if let wrong = UnitCode.fault(row.code) { refuse(row.code, UnitFault(row.line, .code, wrong)) }
        if let wrong = Self.fault(row.kk) { refuse(row.code, UnitFault(row.line, .name, "name_kk \(wrong)")) }
        if let wrong = Self.fault(row.ru) { refuse(row.code, UnitFault(row.line, .name, "name_ru \(wrong)")) }
        if let en = row.en, let wrong = Self.fault(en) {
            refuse(row.code, UnitFault(row.line, .name, "name_en \(wrong)"))
        }
        guard faults.count == before else { return }
        let bare = KatoName(kazakh: row.kk, russian: row.ru, level: Self.level(row.kind, level))
        let isSameKind = UnitKinds.code(bare.kind) == row.kind
        rows.append(
            Row(
                line: row.line, code: row.code, parent: row.parent, kind: row.kind,
                kk: isSameKind ? bare.kazakh : row.kk, ru: isSameKind ? bare.russian : row.ru, en: row.en))
    }

    mutating func refuse(_ code: String, _ fault: UnitFault) {
        faults.append(fault)
        refused.insert(code)
    }

    static func fault(_ name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "holds a control character"
        }
        return name.unicodeScalars.count > longestName ? "is longer than \(longestName) letters" : nil
    }

    /// The level at which the classifier would write such a kind; decides what its abbreviations mean.
    private static func level(_ kind: String, _ column: String) -> KatoName.Level {
        if let level = KatoName.Level(rawValue: column) { return level }
        return switch kind {
        case "republic", "region", "republic_city": .oblast
        case "district", "city_administration": .district
        case "rural_district", "village_akimat", "town_akimat", "township_akimat", "city_district",
            "city_district_akimat":
            .subdistrict
        default: .settlement
        }
    }
}

/// Where the columns of a header stand.
struct Columns {
    private let places: [String: Int]

    init(_ header: DelimitedRow) {
        places = Dictionary(
            header.fields.enumerated().map { index, name in
                (String(name.lowercased().filter { !$0.isWhitespace && $0 != "\u{FEFF}" }), index)
            }, uniquingKeysWith: { first, _ in first })
    }

    func has(_ names: [String]) -> Bool { names.allSatisfy { places[$0] != nil } }

    /// The field without spaces around it; empty when the line is too short or there is no such column.
    subscript(_ name: String, _ row: DelimitedRow) -> String {
        guard let index = places[name], index < row.fields.count else { return "" }
        let field = row.fields[index]
        guard field.first?.isWhitespace == true || field.last?.isWhitespace == true else { return field }
        var text = field.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// Rules for codes of units: they stand in addresses and files, so only plain letters, digits and `. _ -`.
enum UnitCode {
    static func fault(_ code: String) -> String? {
        if code.isEmpty { return "the code is empty" }
        if code.utf8.count > UnitSheet.longestCode { return "the code is longer than \(UnitSheet.longestCode) letters" }
        let isPlain = code.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte | 32) || byte == 45 || byte == 46 || byte == 95
        }
        if !isPlain { return "the code '\(code)' holds more than Latin letters, digits and . _ -" }
        // Addresses take a unit's id where they take a code, so no code may look like one.
        return UnitID(code) == nil ? nil : "the code '\(code)' looks like an id"
    }

    /// Nine digits are a KATO code; anything else is the installation's own.
    static func scheme(_ code: String) -> String {
        code.utf8.count == 9 && code.utf8.allSatisfy { (48...57).contains($0) } ? "kato" : "own"
    }
}
