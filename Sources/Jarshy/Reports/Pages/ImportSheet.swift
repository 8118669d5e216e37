import JarshyKit

/// A file of reports as read: lines by the columns its first line names, nothing of it understood yet.
///
/// XLSX or CSV with commas, semicolons or tabs. The first line holds column names: `unit day activity audience channel
/// organization place note` and codes of metrics, in any order; `name` is for the reader and left aside. Lines that
/// begin with `#` are notes.
struct ImportSheet: Sendable {
    struct Line: Sendable {
        /// As the file counts, from 1.
        let number: Int
        let values: [String: String]

        func text(_ column: String) -> String { values[column] ?? "" }
    }

    static let mostBytes = 2_000_000
    static let mostLines = 5_000
    static let needed = ["unit", "day", "activity", "audience"]
    static let known = Set(needed + ["name", "channel", "organization", "place", "note"])

    let columns: [String]
    let lines: [Line]
    /// Codes of metrics the file has a column for; a blank cell there means "not told".
    let metrics: [Metric]

    /// - Throws: `Problem` 413 or 422 at `file`.
    init(_ bytes: [UInt8], campaign: Campaign) throws {
        guard bytes.count <= Self.mostBytes else {
            throw Problem(
                "too-large", status: 413, "The file has \(bytes.count) bytes; at most \(Self.mostBytes) are read.")
        }
        let rows = try Self.rows(bytes)
        guard let head = rows.first else { throw Self.fault("import-empty", "The file holds no lines.") }
        let columns = head.cells.map { $0.trimmingSpaces().lowercased() }
        let missing = Self.needed.filter { !columns.contains($0) }
        guard missing.isEmpty else {
            throw Self.fault(
                "import-columns", "The first line must name the columns; missing: \(missing.joined(separator: ", ")).",
                ["columns": missing.joined(separator: ", ")])
        }
        let strange = columns.filter { !$0.isEmpty && !Self.known.contains($0) && campaign.metric($0) == nil }
        guard strange.isEmpty else {
            throw Self.fault(
                "import-unknown-columns", "No such columns: \(strange.joined(separator: ", ")).",
                ["columns": strange.joined(separator: ", ")])
        }
        guard Set(columns.filter { !$0.isEmpty }).count == columns.count(where: { !$0.isEmpty }) else {
            throw Self.fault("import-columns-twice", "A column is named twice.")
        }
        self.columns = columns
        metrics = campaign.metrics.filter { columns.contains($0.code) }
        let body = rows.dropFirst().filter { row in
            row.cells.contains { !$0.trimmingSpaces().isEmpty } && !(row.cells.first?.hasPrefix("#") ?? false)
        }
        guard body.count <= Self.mostLines else {
            throw Problem(
                "too-many-rows", status: 422, "The file has \(body.count) lines; at most \(Self.mostLines) are read.",
                slots: ["n": "\(body.count)", "max": "\(Self.mostLines)"],
                errors: [
                    Problem.Fault(
                        "file", "too-many-rows", "At most \(Self.mostLines) lines.",
                        slots: ["n": "\(body.count)", "max": "\(Self.mostLines)"])
                ])
        }
        lines = body.map { row in
            Line(
                number: row.number,
                values: Dictionary(
                    zip(columns, row.cells.map { $0.trimmingSpaces() }).filter { !$0.0.isEmpty },
                    uniquingKeysWith: { first, _ in first }))
        }
    }

    private static func rows(_ bytes: [UInt8]) throws -> [(number: Int, cells: [String])] {
        if bytes.starts(with: Array("PK".utf8)) {
            do {
                return try Xlsx.rows(of: bytes, limits: XlsxLimits(rows: mostLines + 100, columns: 64, cells: 400_000))
                    .map { ($0.number, $0.cells) }
            } catch XlsxError.tooLarge {
                throw Problem("too-large", status: 413, "The workbook is larger than \(mostLines) lines of 64 columns.")
            } catch {
                throw fault("import-unreadable", "The file is no workbook that can be read: \(error).")
            }
        }
        let first = bytes.prefix { $0 != 10 && $0 != 13 }
        func count(_ sign: String) -> Int { first.count { $0 == sign.utf8.first } }
        do throws(DelimitedError) {
            let lines =
                count("\t") > 0
                ? try Delimited.tsv(bytes)
                : try Delimited.csv(bytes, separator: UInt8(ascii: count(";") > count(",") ? ";" : ","))
            return lines.map { ($0.line, $0.fields) }
        } catch {
            throw fault("import-line", "\(error)", ["line": "\(error.line)"])
        }
    }

    private static func fault(_ slug: String, _ detail: String, _ slots: [String: String] = [:]) -> Problem {
        Problem.invalid([Problem.Fault("file", slug, detail, slots: slots)])
    }
}

/// A line understood: which report it tells, or what keeps it from being one.
struct ImportLine: Sendable {
    struct Key: Hashable, Sendable {
        let unit: UnitNo
        let day: Day
        let activity: String
        let audience: String
        let channel: String
    }

    let number: Int
    let key: Key
    let values: [MetricValue]
    let figures: Figures
    let organization: String?
    let place: String?
    let note: String

    /// - Throws: `Problem` 422 with every wrong column of the line, 403 where the reader may not file for the unit.
    init(_ line: ImportSheet.Line, sheet: ImportSheet, actor: Actor, today: Day, campaign: Campaign, tree: Tree) throws
    {
        var faults: [Problem.Fault] = []
        func choose(_ column: String, _ options: [(code: String, names: Trio)]) -> String {
            let typed = line.text(column)
            if let found = options.first(where: { $0.code == typed }) { return found.code }
            let plain = folded(typed)
            let named = options.first { option in Language.allCases.contains { folded(option.names[$0]) == plain } }
            if let named, !plain.isEmpty { return named.code }
            faults.append(
                typed.isEmpty ? Problem.Fault(column, "missing", "'\(column)' is empty.") : .unknown(column, typed))
            return ""
        }
        number = line.number
        let unit = tree.find(line.text("unit")).flatMap { UnitScope(actor, in: tree, on: today).sees($0) ? $0 : nil }
        if unit == nil { faults.append(.unknown("unit", line.text("unit"))) }
        let day = ImportLine.day(line.text("day"))
        if day == nil {
            faults.append(Problem.Fault("day", "not-day", "'day' is no day: \(line.text("day").prefix(40))."))
        }
        let activity = choose("activity", campaign.activities.map { ($0.code, $0.names) })
        let audience = choose("audience", campaign.audiences.map { ($0.code, $0.names) })
        let channel =
            line.text("channel").isEmpty
            ? campaign.activity(activity)?.channel ?? ""
            : choose("channel", campaign.channels.map { ($0.code, $0.names) })
        let fields = Fields(sheet.metrics.map { ($0.code, line.text($0.code)) })
        var told: [MetricValue] = []
        do { told = try TypedMetrics(fields, of: sheet.metrics, prefix: "").values } catch let problem as Problem {
            faults += problem.errors
        }
        var figures = Figures()
        do { if faults.isEmpty { figures = try ReportRules.figures(told, campaign: campaign) } } catch let problem
            as Problem
        {
            faults += problem.errors
        }
        guard faults.isEmpty, let unit, let day else { throw Problem.invalid(faults) }
        guard actor.kind == .operator || !actor.grants(of: .fileReports, over: unit.no, in: tree, on: today).isEmpty
        else {
            throw Problem.forbidden(Right.fileReports.rawValue)
        }
        try ReportRules.check(day: day, unit: unit, campaign: campaign, today: today)
        key = Key(unit: unit.no, day: day, activity: activity, audience: audience, channel: channel)
        values = told
        self.figures = figures
        organization = line.values["organization"].flatMap { $0.isEmpty ? nil : $0 }
        place = line.values["place"].flatMap { $0.isEmpty ? nil : $0 }
        note = line.text("note")
    }

    /// `2026-11-20`, `20.11.2026`, or the number a spreadsheet keeps a date as (days since 1899-12-30).
    static func day(_ text: String) -> Day? {
        if let day = Day(text) { return day }
        let parts = text.split(separator: ".").map { Int($0) }
        if parts.count == 3, let date = parts[0], let month = parts[1], let year = parts[2], year > 999 {
            return Day(year: year, month: month, day: date)
        }
        guard let serial = Int32(text), (30_000..<80_000).contains(serial) else { return nil }
        return Day(number: serial - 25_569)
    }
}
