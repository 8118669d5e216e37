import JarshyKit
import Storage

/// Reports from a spreadsheet: the file is read and shown as what it would do, and only a second step does exactly
/// that. Every line is one operation of its own; a line that is refused keeps no other from being counted.
enum ReportImport {
    static func routes(_ site: inout Routes, intake: Intake, drafts: ImportDrafts) {
        site.get("/reports/import", .right(.fileReports)) { visit in page(visit, problem: nil, preview: nil) }
        site.post("/reports/import", .right(.fileReports), limit: .upload) { visit in
            try await visit.attempt(
                {
                    let plan = try await preview(visit)
                    let token = await drafts.keep(plan, for: try visit.require().person, at: visit.now)
                    return page(visit, problem: nil, preview: (plan, token))
                }, again: { page(visit, problem: $0, preview: nil) })
        }
        site.post("/reports/import/confirmation", .right(.fileReports)) { visit in
            try await visit.attempt(
                { try await apply(visit, intake, drafts) }, again: { page(visit, problem: $0, preview: nil) })
        }
        site.get("/reports/import/refused.csv", .right(.fileReports)) { visit in
            let plan = try await drafts.find(visit.query.text("token"), of: try visit.require().person, at: visit.now)
            return .file(refused(plan, visit.words), "text/csv; charset=utf-8", name: "refused-\(visit.today).csv")
        }
        site.get("/reports/import/template.xlsx", .right(.fileReports)) { visit in
            .file(
                try await template(visit), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                name: "reports-\(visit.today).xlsx")
        }
    }

    private static func page(_ visit: Visit, problem: Problem?, preview: (ImportPlan, String)?) -> Reply {
        let model = ImportPage(problem: problem, preview: preview, query: visit.query, words: visit.words)
        return .page("import", model, PageHead(model.heading, section: "reports"))
    }

    private static func preview(_ visit: Visit) async throws -> ImportPlan {
        guard let file = visit.file("file") else {
            throw Problem.invalid([Problem.Fault("file", "missing", "No file was chosen.")])
        }
        let (actor, today, words, code) = (try visit.require(), visit.today, visit.words, visit.query.text("campaign"))
        return try await visit.read { db in
            let campaign = try Campaigns.current(in: db).chosen(code, on: today)
            let sheet = try ImportSheet(file.bytes, campaign: campaign)
            return try ImportPlanner(
                sheet, bytes: file.bytes, actor: actor, today: today, campaign: campaign, words: words, in: db
            ).plan(fileName: file.name)
        }
    }

    private static func apply(_ visit: Visit, _ intake: Intake, _ drafts: ImportDrafts) async throws -> Reply {
        let (actor, token) = (try visit.require(), visit.form.text("token"))
        var plan = try await drafts.find(token, of: actor.person, at: visit.now)
        let planned = plan
        let waiting = plan.rows.indices.filter { plan.rows[$0].body != nil }
        var at = 0
        while at < waiting.count {
            let part = waiting[at..<min(at + Intake.groupSize, waiting.count)]
            let operations = part.compactMap { index in
                plan.rows[index].body.flatMap { Operation($0, device: "", door: .sheet) }
            }
            let outcomes = try await intake.submit(operations, by: actor, at: visit.now)
            for (index, outcome) in zip(part, outcomes) where outcome.status != .accepted {
                plan.rows[index].state = .refused
                plan.rows[index].problem = outcome.problem
            }
            at += part.count
        }
        let said = ["new", "changed", "equal", "refused"].compactMap { ImportPlan.State(rawValue: $0) }
        let counts = Dictionary(uniqueKeysWithValues: said.map { ($0.rawValue, visit.format.number(plan.count($0))) })
        let text = visit.words("import.done", counts)
        guard plan.count(.refused) > planned.count(.refused) else {
            return .redirect("/reports?author=me", flash: .init(kind: .done, text: text))
        }
        for index in waiting where plan.rows[index].state != .refused { plan.rows[index].body = nil }
        await drafts.replace(token, plan)
        return .page(
            "import",
            ImportPage(problem: nil, preview: (plan, token), applied: text, query: visit.query, words: visit.words),
            PageHead(visit.words("import.title"), section: "reports"), status: 422)
    }

    /// Lines that were refused, to be mended and brought again.
    private static func refused(_ plan: ImportPlan, _ words: Words) -> [UInt8] {
        var csv = CSVWriter(byteOrderMark: true)
        csv.append([words("import.line"), words("import.unit"), words("reports.day"), words("import.what")])
        for row in plan.rows where row.state == .refused {
            csv.append(["\(row.line)", row.unit, row.day, ImportPage.why(row, words)])
        }
        return csv.bytes
    }

    private static func template(_ visit: Visit) async throws -> [UInt8] {
        let (actor, today, query, words) = (try visit.require(), visit.today, visit.query, visit.words)
        let sheets = try await visit.read { db in
            let tree = try Tree.current(in: db)
            let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
            let unit = try FilingUnit.find(query, actor: actor, today: today, tree: tree)
            return ImportTemplate(
                unit: unit.no, campaign: campaign, tree: tree, today: today, words: words,
                organizations: try Organization.all(in: db)
            ).sheets
        }
        do { return try Xlsx(sheets: sheets).file() } catch {
            throw Problem(
                "too-many-rows", status: 422, "The template would be too large.", slots: ["n": "", "max": ""])
        }
    }
}

/// An empty sheet for a unit's teams: a line for each, codes filled in, numbers left open; and a second sheet of codes.
struct ImportTemplate {
    let unit: UnitNo
    let campaign: Campaign
    let tree: Tree
    let today: Day
    let words: Words
    let organizations: [Organization]

    var sheets: [Xlsx.Sheet] {
        let text = ReportText(words: words, tree: tree, campaign: campaign)
        let columns = ["unit", "name", "day", "activity", "audience", "channel", "organization", "place"]
        let said = [
            "import.unit_code", "import.unit", "reports.day", "report.fact.activity", "report.fact.audience",
            "report.fact.channel", "report.fact.organization", "report.fact.place",
        ].map { words($0) }
        let units = GridUnits(below: unit, on: today, in: tree).all
        let activity = campaign.activities.first?.code ?? ""
        let audience = campaign.audiences.first?.code ?? ""
        func row(_ cells: [String]) -> [Xlsx.Cell] { cells.map { $0.isEmpty ? .empty : .text($0) } }
        let lines = (units.isEmpty ? [unit] : units).prefix(ImportSheet.mostLines).map { no in
            row([tree.code(of: no), text.unit(no), today.description, activity, audience])
        }
        let head = [
            row(columns + campaign.metrics.map(\.code)),
            row(["# " + said[0]] + said.dropFirst() + campaign.metrics.map { $0.names[words.language] }),
        ]
        var codes: [[Xlsx.Cell]] = [row([words("import.column"), words("import.code"), words("import.meaning")])]
        func list(_ column: String, _ items: [(String, Trio)]) {
            codes += items.map { row([column, $0.0, $0.1[words.language]]) }
        }
        list("activity", campaign.activities.map { ($0.code, $0.names) })
        list("audience", campaign.audiences.map { ($0.code, $0.names) })
        list("channel", campaign.channels.map { ($0.code, $0.names) })
        list("organization", organizations.map { ($0.code, $0.names) })
        return [
            Xlsx.Sheet(
                name: words("nav.reports"), rows: head + lines, headerRows: 2,
                columnWidths: [14, 36, 12, 16, 16, 12, 16, 14]),
            Xlsx.Sheet(name: words("import.codes"), rows: codes, headerRows: 1, columnWidths: [16, 20, 44]),
        ]
    }
}
