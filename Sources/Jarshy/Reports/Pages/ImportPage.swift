import JarshyKit

/// Reports from a file. Fields as in `import.mustache`.
struct ImportPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let file: TextField
    let templateURL: String
    let hasApplied: Bool
    let applied: String
    let hasPreview: Bool
    let preview: ImportPreview
}

struct ImportPreview: PageModel {
    let fileName: String
    let summary: String
    let counts: [ImportCount]
    let rows: [ImportPageRow]
    let hasRest: Bool
    let rest: String
    let canApply: Bool
    let applyAction: String
    let token: String
    let applyLabel: String
    let hasRefused: Bool
    let refusedURL: String
}

struct ImportCount: PageModel {
    let countMark: StateMark
    let count: String
}

struct ImportPageRow: HotRow {
    let row: ImportPlan.Row
    let words: Words

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "line": String(row.line)
        case "rowUnit": row.unit
        case "rowDay": row.day
        case "rowFigures": row.figures
        case "rowMark": StateMark(row.state.rawValue, words: words)
        case "hasWhy": row.problem != nil
        case "why": ImportPage.why(row, words)
        default: nil
        }
    }
}

extension ImportPage {
    static let shownRows = 200

    init(problem: Problem?, preview: (ImportPlan, String)?, applied: String = "", query: Fields, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        let place = Fields(["unit", "campaign"].compactMap { name in query.code(name).map { (name, $0) } })
        trail = [TrailLink("/reports", words("nav.reports"))]
        here = words("import.title")
        heading = words("import.title")
        action = ReportListPage.address("/reports/import", place)
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        file = TextField(
            "file", words("import.file"), hint: words("import.file.hint"), error: wrong["file"], required: true,
            type: "file")
        templateURL = ReportListPage.address("/reports/import/template.xlsx", place)
        hasApplied = !applied.isEmpty
        self.applied = applied
        hasPreview = preview != nil
        self.preview =
            preview.map { ImportPreview($0.0, token: $0.1, isApplied: !applied.isEmpty, words: words) } ?? .none
    }

    /// Why a line was refused, with the column it is about.
    static func why(_ row: ImportPlan.Row, _ words: Words) -> String {
        guard let problem = row.problem else { return "" }
        let told = FieldErrors(problem, words: words)
        if problem.errors.isEmpty { return told.heading }
        return problem.errors.map { fault in
            let column = fault.field.split(separator: ".").last.map(String.init) ?? fault.field
            return "\(column): \(told.message(fault))"
        }.joined(separator: " ")
    }
}

extension ImportPreview {
    static let none = ImportPreview(
        fileName: "", summary: "", counts: [], rows: [], hasRest: false, rest: "", canApply: false, applyAction: "",
        token: "",
        applyLabel: "", hasRefused: false, refusedURL: "")

    init(_ plan: ImportPlan, token: String, isApplied: Bool, words: Words) {
        fileName = plan.fileName
        summary = words.count("import.summary", plan.rows.count)
        counts = ImportPlan.State.allCases.map {
            ImportCount(countMark: StateMark($0.rawValue, words: words), count: words.format.number(plan.count($0)))
        }
        // What needs a look first; a long file is cut, its counts are not.
        let order: [ImportPlan.State] = [.refused, .changed, .new, .equal]
        let sorted = order.flatMap { state in plan.rows.filter { $0.state == state } }
        rows = sorted.prefix(ImportPage.shownRows).map { ImportPageRow(row: $0, words: words) }
        hasRest = sorted.count > rows.count
        rest = words.count("import.rest", sorted.count - rows.count)
        let toWrite = plan.count(.new) + plan.count(.changed)
        canApply = !isApplied && toWrite > 0
        applyAction = "/reports/import/confirmation"
        self.token = token
        applyLabel = words.count("import.apply", toWrite)
        hasRefused = plan.count(.refused) > 0
        refusedURL = "/reports/import/refused.csv?token=\(token)"
    }
}
