import JarshyKit

/// A table of people as it was sent: CSV (`,` or `;`), TSV or XLSX, its first row the heads.
///
/// Heads may be in English, Kazakh or Russian; `name`, `login`, `role` and `unit` must be there, `organization`, `post`
/// and `language` may.
struct PeopleSheet: Sendable, Hashable {
    static let most = 500

    struct Row: Sendable, Hashable {
        /// The line of the file, or the row of the sheet, from 1.
        let line: Int
        var name = ""
        var login = ""
        var role = ""
        var unit = ""
        var organization = ""
        var post = ""
        var language = ""
    }

    let rows: [Row]

    /// - Throws: `Problem` 422 that names the line or the missing head.
    init(_ bytes: [UInt8]) throws {
        let table = try PeopleSheet.table(bytes)
        guard let head = table.first else { throw PeopleSheet.fault("sheet-empty", "The file has no rows.") }
        let columns = head.cells.map { PeopleSheet.heads[folded($0)] }
        for needed in ["name", "login", "role", "unit"] where !columns.contains(needed) {
            throw PeopleSheet.fault("sheet-head", "The file has no column '\(needed)'.", ["column": needed])
        }
        let body = table.dropFirst().filter { row in row.cells.contains { !$0.trimmingSpaces().isEmpty } }
        guard body.count <= PeopleSheet.most else {
            throw PeopleSheet.fault(
                "sheet-long", "A file has at most \(PeopleSheet.most) people.", ["max": String(PeopleSheet.most)])
        }
        rows = body.map { line in
            var row = Row(line: line.line)
            for (index, column) in columns.enumerated() where index < line.cells.count {
                let cell = line.cells[index].trimmingSpaces()
                switch column {
                case "name": row.name = cell
                case "login": row.login = Login.folded(cell)
                case "role": row.role = cell
                case "unit": row.unit = cell
                case "organization": row.organization = cell
                case "post": row.post = cell
                case "language": row.language = cell.lowercased()
                default: break
                }
            }
            return row
        }
    }

    /// The rows as text to be sent along with "do it", so that nothing is kept on the server between preview and doing.
    var carried: String {
        var writer = CSVWriter()
        writer.append(["name", "login", "role", "unit", "organization", "post", "language"])
        for row in rows {
            writer.append([row.name, row.login, row.role, row.unit, row.organization, row.post, row.language])
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func table(_ bytes: [UInt8]) throws -> [(line: Int, cells: [String])] {
        if bytes.starts(with: [0x50, 0x4B]) {
            do {
                return try Xlsx.rows(of: bytes, limits: XlsxLimits(rows: 5000, columns: 40)).map {
                    ($0.number, $0.cells)
                }
            } catch {
                throw fault("sheet-unreadable", "The workbook cannot be read: \(error).")
            }
        }
        let firstLine = bytes.prefix { $0 != 10 && $0 != 13 }
        func count(_ byte: UInt8) -> Int { firstLine.filter { $0 == byte }.count }
        do {
            if count(9) > max(count(44), count(59)) {
                return try Delimited.tsv(bytes).map { ($0.line, $0.fields) }
            }
            return try Delimited.csv(bytes, separator: count(59) > count(44) ? 59 : 44).map { ($0.line, $0.fields) }
        } catch {
            throw fault("sheet-unreadable", "The file cannot be read: \(error).", ["line": String(error.line)])
        }
    }

    private static func fault(_ slug: String, _ detail: String, _ slots: [String: String] = [:]) -> Problem {
        Problem.invalid([Problem.Fault("file", slug, detail, slots: slots)])
    }

    private static let heads: [String: String] = {
        let names: [(String, [String])] = [
            ("name", ["name", "full name", "аты-жөні", "аты жөні", "тегі мен аты", "фио", "ф.и.о.", "имя"]),
            ("login", ["login", "sign-in name", "логин", "кіру аты", "имя для входа"]),
            ("role", ["role", "рөл", "рөлі", "роль"]),
            ("unit", ["unit", "code", "құрылым", "құрылым коды", "код", "подразделение", "код подразделения"]),
            ("organization", ["organization", "organisation", "ұйым", "организация"]),
            ("post", ["post", "лауазым", "лауазымы", "должность"]),
            ("language", ["language", "тіл", "тілі", "язык"]),
        ]
        var heads: [String: String] = [:]
        for (column, list) in names { for name in list { heads[folded(name)] = column } }
        return heads
    }()
}
