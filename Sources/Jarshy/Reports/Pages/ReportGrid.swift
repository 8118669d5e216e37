import JarshyKit
import Storage

/// The grid: a secretary enters for many primary organisations, one row each, one kind and day at a time.
///
/// Every row that holds a number is one `report.file` under the row's own id, so sending the page again files nothing
/// twice. A row that is refused stays with what was typed and why; rows that were filed are emptied and marked. Large
/// values are asked about before they are filed, like in the quick report.
enum ReportGrid {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/reports/grid", .right(.fileReports)) { visit in
            let (facts, form) = (try await facts(visit, visit.query), visit.query)
            return page(GridPage(facts, form: form, rows: [], fates: [:], problem: nil, visit: visit), visit)
        }
        site.post("/reports/grid", .right(.fileReports)) { visit in
            let facts = try await facts(visit, visit.form)
            do {
                return try await file(facts, visit, intake)
            } catch let problem as Problem where !visit.wantsJson && problem.status == 422 {
                return page(
                    GridPage(
                        facts, form: visit.form, rows: facts.rows(visit.form), fates: [:], problem: problem,
                        visit: visit),
                    visit, status: 422)
            }
        }
    }

    private static func page(_ model: GridPage, _ visit: Visit, status: Int = 200) -> Reply {
        .page("grid", model, PageHead(model.heading, section: "reports"), status: status)
    }

    private static func facts(_ visit: Visit, _ form: Fields) async throws -> GridFacts {
        let (actor, today, query) = (try visit.require(), visit.today, visit.query)
        return try await visit.read { db in try GridFacts(query, form: form, actor: actor, today: today, in: db) }
    }

    private static func file(_ facts: GridFacts, _ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (actor, form, rows) = (try visit.require(), visit.form, facts.rows(visit.form))
        if form.has("show") {
            return page(GridPage(facts, form: form, rows: rows, fates: [:], problem: nil, visit: visit), visit)
        }
        let filled = rows.filter { !$0.isEmpty }
        guard !filled.isEmpty else {
            throw Problem.invalid([Problem.Fault("metrics", "nothing-told", "No row holds a number.")])
        }
        let day = try form.neededDay("day")
        var fates: [UnitNo: GridFate] = [:]
        var ready: [(row: GridRow, values: [MetricValue])] = []
        for row in filled {
            do {
                ready.append((row, try row.values(facts.metrics)))
            } catch let problem as Problem {
                fates[row.unit] = .refused(problem)
            }
        }
        let asked = try await visit.read { [ready] db in try GridQuestions.ask(ready, facts: facts, day: day, in: db) }
        let confirmed = Set(form.text("confirm").split(separator: ",").map(String.init))
        var sent: [(unit: UnitNo, operation: Operation)] = []
        for (row, values) in ready {
            let code = facts.tree.code(of: row.unit)
            if let questions = asked[row.unit], !confirmed.contains(ConfirmCode.make(code, values)) {
                fates[row.unit] = .asked(questions)
            } else if let operation = operation(row, values, unit: code, day: day, form: form, facts: facts) {
                sent.append((row.unit, operation))
            }
        }
        let outcomes = try await intake.submit(sent.map(\.operation), by: actor, at: visit.now)
        for (item, outcome) in zip(sent, outcomes) {
            fates[item.unit] = outcome.status == .accepted ? .filed : .refused(refusal(outcome, item.operation))
        }
        let done = fates.values.count { if case .filed = $0 { true } else { false } }
        guard done == fates.count else {
            return page(
                GridPage(facts, form: form, rows: rows, fates: fates, problem: nil, visit: visit), visit,
                status: fates.values.contains { if case .refused = $0 { true } else { false } } ? 422 : 409)
        }
        let list = Fields([
            ("unit", facts.tree.code(of: facts.unit.no)), ("campaign", facts.campaign.code), ("from", "\(day)"),
            ("to", "\(day)"),
            ("author", "me"),
        ])
        return .redirect(
            ReportListPage.address("/reports", list),
            flash: .init(kind: .done, text: visit.words.count("grid.done", done)))
    }

    private static func refusal(_ outcome: Outcome, _ operation: Operation) -> Problem {
        outcome.status == .mismatch
            ? Problem(
                "already-filed", status: 409, "This row was filed before with other numbers.",
                slots: ["report": operation.id.description])
            : outcome.problem ?? Problem("refused", status: 422, "The row was refused.")
    }

    private static func operation(
        _ row: GridRow, _ values: [MetricValue], unit: String, day: Day, form: Fields, facts: GridFacts
    ) -> Operation? {
        var members: [Json.Member] = [
            .init("op", .text(row.op.description)), .init("kind", .text(FileReport.kind)),
            .init("campaign", .text(facts.campaign.code)), .init("unit", .text(unit)),
            .init("day", .text(day.description)),
            .init("activity", .text(facts.activity.code)), .init("audience", .text(facts.audience)),
            .init("channel", .text(facts.channel)),
            .init("metrics", .object(values.map { .init($0.code, .integer($0.value)) })),
        ]
        if form.text("counted") == "estimated" { members.append(.init("estimated", .bool(true))) }
        if let organization = form.code("organization") { members.append(.init("organization", .text(organization))) }
        return Operation(.object(members), device: "", door: .grid)
    }
}

/// What a grid is for, read in one transaction.
struct GridFacts: Sendable {
    let unit: Unit
    let campaign: Campaign
    let tree: Tree
    let organizations: [Organization]
    let activity: Campaign.Activity
    let audience: String
    /// One of the kind's own.
    let channel: String
    let day: Day
    let slice: GridUnits.Slice
    let count: Int

    var units: [UnitNo] { slice.units }

    var metrics: [Metric] { activity.metrics.compactMap { campaign.metric($0) } }

    /// - Parameter form: what is chosen now; the address says for which unit and which page.
    init(_ query: Fields, form: Fields, actor: Actor, today: Day, in db: any Reading) throws {
        tree = try Tree.current(in: db)
        unit = try FilingUnit.find(query, actor: actor, today: today, tree: tree)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        organizations = try Organization.all(in: db)
        guard let activity = campaign.activity(form.text("activity")) ?? campaign.activities.first else {
            throw Problem.notFound("activity")
        }
        self.activity = activity
        // Another kind may have been chosen since: its own channel then.
        let asked = form.text("channel")
        channel = activity.channels.contains(asked) ? asked : activity.channel
        audience = campaign.audience(form.text("audience"))?.code ?? campaign.audiences.first?.code ?? ""
        day = Day(form.text("day")) ?? min(max(today, campaign.first), campaign.last)
        let rows = GridUnits(below: unit.no, on: day, in: tree)
        count = rows.all.count
        slice = rows.page(after: tree.find(query.text("after"))?.no)
    }

    func rows(_ form: Fields) -> [GridRow] {
        GridRow.read(form, metrics: campaign.metrics, units: Set(units), tree: tree)
    }
}

/// "Is it right?" for rows of a grid, asked with the same rule as everywhere.
enum GridQuestions {
    static func ask(
        _ rows: [(row: GridRow, values: [MetricValue])], facts: GridFacts, day: Day, in db: any Reading
    ) throws -> [UnitNo: [Problem.Fault]] {
        let chains = rows.map { facts.tree.chain(of: $0.row.unit, on: day) }
        var paths: [[UnitNo]: PathNo] = [:]
        for chunk in Padded.chunks(Set(chains).map { $0.map(\.description).joined(separator: "/") }.sorted()) {
            try db.rows("SELECT id, chain FROM path WHERE chain IN \(chunk)") { row in
                let path = Interned.path(id: try row.next(), chain: try row.next())
                paths[path.chain] = path.id
                return true
            }
        }
        var asked: [UnitNo: [Problem.Fault]] = [:]
        for ((row, values), chain) in zip(rows, chains) {
            // What breaks a hard bound is refused, not asked about.
            guard let figures = try? ReportRules.figures(values, campaign: facts.campaign) else { continue }
            let faults = try Warnings.unusual(
                figures, campaign: facts.campaign, unit: row.unit, place: nil, path: paths[chain] ?? PathNo(0),
                in: facts.tree, db)
            if !faults.isEmpty { asked[row.unit] = faults }
        }
        return asked
    }
}
