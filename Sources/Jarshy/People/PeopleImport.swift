import JarshyKit
import Storage

/// People from a spreadsheet: choose a file, see what would happen, do it, print the invitations.
enum PeopleImport {
    static func routes(_ site: inout Routes) {
        site.get("/people/import", .right(.managePeople)) { visit in page(visit, preview: nil, problem: nil) }
        site.get("/people/import.csv", .right(.managePeople)) { _ in
            var writer = CSVWriter(byteOrderMark: true)
            writer.append(["name", "login", "role", "unit", "organization", "post", "language"])
            return .file(writer.bytes, "text/csv; charset=utf-8", name: "people.csv")
        }
        site.post("/people/import", .right(.managePeople), limit: .upload) { visit in
            try await visit.attempt({ try await preview(visit) }, again: { page(visit, preview: nil, problem: $0) })
        }
        site.post("/people/import/apply", .right(.managePeople), limit: .upload) { visit in
            try await visit.attempt({ try await apply(visit) }, again: { page(visit, preview: nil, problem: $0) })
        }
    }

    private static func preview(_ visit: Visit) async throws -> Reply {
        guard let file = visit.file("file"), !file.bytes.isEmpty else {
            throw Problem.invalid([Problem.Fault("file", "missing", "Choose a file.")])
        }
        let (actor, now) = (try visit.require(), visit.now)
        let sheet = try PeopleSheet(file.bytes)
        let (plan, names) = try await visit.read { db in
            (try PeoplePlan(sheet, by: actor, at: now, in: db), try PeopleNames(in: db))
        }
        let model = PeopleImportPreview(
            plan, carried: sheet.carried, fileName: file.name, PeopleText(visit.words, names))
        return page(visit, preview: model, problem: nil)
    }

    private static func apply(_ visit: Visit) async throws -> Reply {
        let sheet = try PeopleSheet(Array((visit.form["rows"] ?? "").utf8))
        let done = try await visit.run(ImportPeople(sheet: sheet))
        guard !done.invitations.isEmpty else {
            let text = visit.words(
                "people.import.done",
                [
                    "new": String(done.plan.count(.new)), "changed": String(done.plan.count(.changed)),
                    "equal": String(done.plan.count(.equal)), "refused": String(done.plan.count(.refused)),
                ])
            return .redirect("/people", flash: .init(kind: .done, text: text))
        }
        return try await InvitationPage.reply(done.invitations, visit)
    }

    private static func page(_ visit: Visit, preview: PeopleImportPreview?, problem: Problem?) -> Reply {
        let (words, wrong) = (visit.words, FieldErrors(problem, words: visit.words))
        let model = PeopleImportPage(
            trail: [TrailLink("/people", words("nav.people"))], here: words("people.import"),
            heading: words("people.import"),
            action: "/people/import", hasErrors: problem != nil,
            errors: problem.map { ErrorSummary($0, words: words) } ?? .none,
            file: TextField(
                "file", words("people.import.file"), hint: words("people.import.hint"), error: wrong["file"],
                required: true),
            templateURL: "/people/import.csv", hasPreview: preview != nil, preview: preview ?? .none)
        return .page("people_import", model, PageHead(words("people.import"), section: "people"))
    }
}

struct PeopleImportPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let file: TextField
    let templateURL: String
    let hasPreview: Bool
    let preview: PeopleImportPreview
}

struct PeopleImportPreview: PageModel {
    let fileName: String
    let summary: String
    let counts: [PeopleImportCount]
    let rows: [PeopleImportRow]
    let canApply: Bool
    let applyAction: String
    let carried: String
    let applyLabel: String

    static let none = PeopleImportPreview()

    private init() {
        (fileName, summary, counts, rows, canApply, applyAction, carried, applyLabel) = (
            "", "", [], [], false, "", "", ""
        )
    }

    init(_ plan: PeoplePlan, carried: String, fileName: String, _ text: PeopleText) {
        let words = text.words
        self.fileName = fileName
        summary = words("people.import.rows", ["n": words.format.number(plan.lines.count)])
        counts = [PeoplePlan.Fate.new, .changed, .equal, .refused].map {
            PeopleImportCount(
                countMark: StateMark($0.rawValue, words: words), count: words.format.number(plan.count($0)))
        }
        rows = plan.lines.map { line in
            let why = line.fault.map { FieldErrors(Problem.invalid([$0]), words: words).message($0) } ?? ""
            return PeopleImportRow(
                line: String(line.row.line), rowName: line.row.name, rowLogin: line.row.login,
                rowRole: line.role.map { text.role($0.code) } ?? line.row.role,
                rowUnit: line.unit.map { text.unit($0.no) } ?? line.row.unit,
                rowMark: StateMark(line.fate.rawValue, words: words), hasWhy: !why.isEmpty, why: why)
        }
        let doable = plan.count(.new) + plan.count(.changed)
        canApply = doable > 0
        applyAction = "/people/import/apply"
        self.carried = carried
        applyLabel = words("people.import.apply", ["n": words.format.number(doable)])
    }
}

struct PeopleImportCount: PageModel {
    let countMark: StateMark
    let count: String
}

struct PeopleImportRow: PageModel {
    let line: String
    let rowName: String
    let rowLogin: String
    let rowRole: String
    let rowUnit: String
    let rowMark: StateMark
    let hasWhy: Bool
    let why: String
}
