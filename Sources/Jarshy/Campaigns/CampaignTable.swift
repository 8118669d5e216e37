import JarshyKit

/// Why a campaign's file is refused: where, and what is wrong. English, for the command line.
struct CampaignFault: Sendable, Hashable, CustomStringConvertible {
    /// "metrics"; "" where the campaign as a whole is meant.
    let table: String
    /// The line of the file, from 1; 0 when no single line is meant.
    let line: Int
    let detail: String

    var description: String {
        if table.isEmpty { return detail }
        return line > 0 ? "\(table).tsv line \(line): \(detail)" : "\(table).tsv: \(detail)"
    }
}

/// One of a campaign's tables: tab-separated, lines that begin with # left aside, cells by the header's names.
struct CampaignTable: Sendable {
    struct Row: Sendable {
        let line: Int
        fileprivate let columns: Columns
        fileprivate let row: DelimitedRow

        /// The cell without spaces around it; "" when it is empty.
        subscript(_ column: String) -> String { columns[column, row] }

        func words(_ column: String) -> [String] { self[column].split(separator: " ").map(String.init) }

        /// `name_kk name_ru name_en` for "name".
        func trio(_ prefix: String) -> Trio {
            Trio(kk: self["\(prefix)_kk"], ru: self["\(prefix)_ru"], en: self["\(prefix)_en"])
        }
    }

    let name: String
    private(set) var rows: [Row] = []
    private(set) var faults: [CampaignFault] = []

    /// - Parameters:
    ///   - bytes: nil when there is no such file.
    ///   - needed: columns the header must have; others are left aside.
    init(_ name: String, _ bytes: [UInt8]?, needed: [String]) {
        self.name = name
        guard let bytes else {
            faults.append(CampaignFault(table: name, line: 0, detail: "is missing"))
            return
        }
        do throws(DelimitedError) {
            let lines = try Delimited.tsv(bytes).filter { !$0.fields[0].hasPrefix("#") }
            guard let header = lines.first else {
                faults.append(CampaignFault(table: name, line: 0, detail: "is empty; expected the header \(needed.joined(separator: " "))"))
                return
            }
            let columns = Columns(header)
            let missing = needed.filter { !columns.has([$0]) }
            guard missing.isEmpty else {
                faults.append(
                    CampaignFault(table: name, line: header.line, detail: "no column \(missing.joined(separator: ", "))"))
                return
            }
            rows = lines.dropFirst().map { Row(line: $0.line, columns: columns, row: $0) }
        } catch {
            faults.append(CampaignFault(table: name, line: error.line, detail: "cannot be read as tab-separated UTF-8"))
        }
    }
}
