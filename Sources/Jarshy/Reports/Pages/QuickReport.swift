import JarshyKit
import Storage

/// The quick report: one unit, one deed, under a minute with one thumb. Place, day, audience and organisation are
/// filled in from the unit's last report; the four kinds it uses most stand first.
///
/// The form's hidden `op` is the operation's id, so sending twice files once. A refusal shows the form again with
/// everything typed and a fresh id; a large value is asked about, and saying yes holds for exactly the values shown.
enum QuickReport {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/report", .right(.fileReports)) { visit in try await page(visit, problem: nil) }
        site.post("/report", .right(.fileReports)) { visit in
            try await visit.attempt({ try await file(visit, intake) }, again: { try await page(visit, problem: $0) })
        }
    }

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today, query) = (try visit.require(), visit.today, visit.query)
        let facts = try await visit.read { db in try QuickFacts(query, actor: actor, today: today, in: db) }
        let form = visit.method == "POST" ? visit.form : nil
        let page = QuickPage(
            facts, query: query, form: form, problem: problem, now: visit.now, today: today, words: visit.words)
        return .page(
            "quick", page,
            PageHead(visit.words("quick.title"), section: "reports", campaign: facts.campaign.names[visit.language]))
    }

    private static func file(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (actor, today, query) = (try visit.require(), visit.today, visit.query)
        let facts = try await visit.read { db in try QuickFacts(query, actor: actor, today: today, in: db) }
        let body = try QuickForm(visit.form, query: query, facts: facts, today: today).operation
        guard let operation = Operation(body, device: "", door: .form) else { throw FormOperation.missing }
        guard let outcome = try await intake.submit([operation], by: actor, at: visit.now).first else {
            throw FormOperation.missing
        }
        if outcome.status == .mismatch {
            // The same form again with other numbers: the first is counted, these are kept on the page.
            throw Problem(
                "already-filed", status: 409, "This form was sent before with other content and is counted.",
                slots: ["report": operation.id.description])
        }
        let report = try outcome.accepted()
        return .redirect("/reports/\(report)", flash: .init(kind: .done, text: visit.words("report.filed")))
    }
}

/// What the form needs to know of the unit, read in one transaction.
struct QuickFacts: Sendable {
    let unit: Unit
    let campaign: Campaign
    let tree: Tree
    let organizations: [Organization]
    /// Codes of kinds, most used by the unit and those below it first, then the campaign's order.
    let kinds: [String]
    let last: Report?
    let lastCell: Cell?
    /// The actor's first organisation, which hosts unless the unit has its own.
    let ownOrganization: OrganizationNo?

    init(_ query: Fields, actor: Actor, today: Day, in db: any Reading) throws {
        let tree = try Tree.current(in: db)
        self.tree = tree
        unit = try FilingUnit.find(query, actor: actor, today: today, tree: tree)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        organizations = try Organization.all(in: db)
        let used = try Self.used(unit.no, campaign, tree, in: db)
        kinds = used + campaign.activities.map(\.code).filter { !used.contains($0) }
        let last = try Self.last(unit.no, in: db)
        self.last = last?.campaign == campaign.no ? last : nil
        lastCell = try self.last.flatMap { try ReportRows.cells([$0.cell], in: db)[$0.cell] }
        ownOrganization = unit.organization ?? actor.organizations.first
    }

    private static func used(_ unit: UnitNo, _ campaign: Campaign, _ tree: Tree, in db: any Reading) throws -> [String]
    {
        let rows: SQL =
            unit == tree.root
            ? "t.parent IN \([unit, UnitNo.none])" : "t.parent IN \(tree.parentsEver(of: unit)) AND t.unit = \(unit)"
        let used = try db.all(
            """
            SELECT c.activity, CAST(sum(t.reports) AS bigint) FROM total_cell t JOIN cell c ON c.id = t.cell
            WHERE t.campaign = \(campaign.no) AND t.basis = 0 AND t.layer < 3 AND \(rows) GROUP BY c.activity
            """
        ) { row in (code: try row.next(String.self), count: try row.next(Int64.self)) }
        return used.filter { $0.count > 0 && campaign.activity($0.code) != nil }
            .sorted { ($1.count, $0.code) < ($0.count, $1.code) }.map(\.code)
    }

    /// The unit's own newest report. Not narrowed to the campaign in SQL, which would tempt a planner to walk the
    /// campaign.
    private static func last(_ unit: UnitNo, in db: any Reading) throws -> Report? {
        let paths = try db.all(PathNo.self, "SELECT path FROM path_member WHERE unit = \(unit) AND depth = 0")
        return try db.first(
            Report.self, where: "FROM report WHERE path IN \(paths) AND NOT voided ORDER BY day DESC, id DESC LIMIT 1")
    }
}

/// The unit a form files for: the one of the address, else where the reader's own right stands.
enum FilingUnit {
    /// - Throws: 404 for a unit out of sight, 403 for one the reader may not file for.
    static func find(_ query: Fields, actor: Actor, today: Day, tree: Tree) throws -> Unit {
        let asked = query.text("unit")
        guard !asked.isEmpty else {
            guard let home = actor.home(for: [.fileReports], in: tree, on: today), let unit = tree[home] else {
                throw Problem.forbidden(Right.fileReports.rawValue)
            }
            return unit
        }
        let unit = try UnitScope(actor, in: tree, on: today).find(asked)
        // A representative's right is for one organisation; which one hosts is judged with the operation.
        guard actor.kind == .operator || !actor.grants(of: .fileReports, over: unit.no, in: tree, on: today).isEmpty
        else {
            throw Problem.forbidden(Right.fileReports.rawValue)
        }
        return unit
    }
}

/// The form as an operation. Metrics the chosen kind does not ask for are left out, whatever the browser sent.
struct QuickForm: Sendable {
    let operation: Json

    init(_ form: Fields, query: Fields, facts: QuickFacts, today: Day) throws {
        if form.has("nil") || query.has("nil") {
            operation = try Self.nothingHeld(form, facts, today)
            return
        }
        let campaign = facts.campaign
        guard let activity = campaign.activity(form.text("activity")) else {
            throw Problem.invalid([Problem.Fault("activity", "missing", "Choose what was held.")])
        }
        let typed = try TypedMetrics(form, of: activity.metrics.compactMap { campaign.metric($0) })
        let day = try form.neededDay("day")
        var members = try Self.head(form, facts)
        members += [
            .init("day", .text(day.description)), .init("activity", .text(activity.code)),
            .init("audience", .text(form.text("audience"))),
            .init("channel", .text(try activity.chosenChannel(form))),
            .init("metrics", typed.json),
        ]
        for name in ["place", "organization"] {
            if let chosen = form.code(name) { members.append(.init(name, .text(chosen))) }
        }
        if form.text("counted") == "estimated" { members.append(.init("estimated", .bool(true))) }
        if !form.text("note").isEmpty { members.append(.init("note", .text(form.text("note")))) }
        if let replaces = query.code("replaces") { members.append(.init("replaces", .text(replaces))) }
        if form["confirm"] == ConfirmCode.make(facts.tree.code(of: facts.unit.no), typed.values) {
            members.append(.init("confirmed", .bool(true)))
        }
        operation = .object(members)
    }

    private static func head(_ form: Fields, _ facts: QuickFacts) throws -> [Json.Member] {
        [
            .init("op", .text(try FormOperation.id(form).description)), .init("kind", .text(FileReport.kind)),
            .init("campaign", .text(facts.campaign.code)), .init("unit", .text(facts.tree.code(of: facts.unit.no))),
        ]
    }

    /// "Nothing was held today": a report like any other, of no events.
    private static func nothingHeld(_ form: Fields, _ facts: QuickFacts, _ today: Day) throws -> Json {
        guard let kind = facts.kinds.lazy.compactMap({ facts.campaign.activity($0) }).first,
            let audience = facts.lastCell?.audience ?? facts.campaign.audiences.first?.code
        else { throw Problem.notFound("activity") }
        return .object(
            try head(form, facts) + [
                .init("day", .text(form.code("day") ?? today.description)), .init("activity", .text(kind.code)),
                .init("audience", .text(audience)), .init("channel", .text(kind.channel)),
                .init("metrics", .object([.init(facts.campaign.eventMetric, .integer(0))])),
            ])
    }
}

extension Campaign.Activity {
    /// The channel a form chose, else the kind's own.
    /// - Throws: 422 for one the kind does not go by.
    func chosenChannel(_ form: Fields) throws -> String {
        guard let chosen = form.code("channel") else { return channel }
        guard channels.contains(chosen) else {
            throw Problem.invalid([
                Problem.Fault("channel", "channel-of-kind", "'\(code)' does not go by '\(chosen.prefix(60))'.")
            ])
        }
        return chosen
    }
}
