import JarshyKit

/// Which codes took the place of which: TSV with the header `old new [day]`, a line for each pair. The unit keeps its
/// identity and its figures; the old code goes on finding it. Nothing but such a file ever maps one code to another.
struct Succession: Sendable {
    struct Row: Sendable, Hashable {
        let line: Int
        let old: String
        let new: String
        /// The first day of the new code; nil means today.
        let day: Day?
    }

    var rows: [Row] = []
    var faults: [UnitFault] = []

    static let none = Succession()

    static func read(_ bytes: [UInt8]) -> Succession {
        var succession = Succession()
        let lines: [DelimitedRow]
        do throws(DelimitedError) {
            lines = try Delimited.tsv(bytes)
        } catch {
            return Succession(faults: [UnitFault(error.line, .encoding, "succession file: not UTF-8")])
        }
        guard let header = lines.first, Columns(header).has(["old", "new"]) else {
            return Succession(
                faults: [UnitFault(1, .columns, "succession file: expected the header 'old new [day]', by tabs")])
        }
        let columns = Columns(header)
        var seen: Set<String> = []
        for line in lines.dropFirst() {
            let (old, new, day) = (columns["old", line], columns["new", line], columns["day", line])
            func refuse(_ detail: String) {
                succession.faults.append(UnitFault(line.line, .succession, "succession file: \(detail)"))
            }
            if let wrong = UnitCode.fault(old) ?? UnitCode.fault(new) {
                refuse(wrong)
            } else if old == new {
                refuse("'\(old)' cannot follow itself")
            } else if !day.isEmpty, Day(day) == nil {
                refuse("'\(day)' is no day; write YYYY-MM-DD")
            } else if !seen.insert(old).inserted || !seen.insert(new).inserted {
                refuse("'\(old)' or '\(new)' stands in the file twice")
            } else {
                succession.rows.append(Row(line: line.line, old: old, new: new, day: Day(day)))
            }
        }
        return succession
    }
}
