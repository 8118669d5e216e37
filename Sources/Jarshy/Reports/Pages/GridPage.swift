import JarshyKit

/// The grid. Fields as in `grid.mustache`.
struct GridPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let day: DateField
    let activity: SelectField
    let audience: SelectField
    let organization: SelectField
    let hasChannel: Bool
    let channel: SelectField
    let counted: SelectField
    let columns: [GridColumn]
    let rows: [GridPageRow]
    let hasConfirm: Bool
    let confirm: ConfirmPanel
    let pagination: Pagination
    let isEmpty: Bool
    let empty: EmptyState
}

struct GridColumn: PageModel {
    let column: String
    let columnUnit: String
}

struct GridPageRow: PageModel {
    let rowName: String
    let rowSub: String
    let unitField: String
    let unitValue: String
    let opField: String
    let opValue: String
    let hasMark: Bool
    let mark: StateMark
    let hasRowError: Bool
    let rowError: String
    let cells: [GridCell]
}

struct GridCell: PageModel {
    let cellID: String
    let cellName: String
    let cellLabel: String
    let cellShort: String
    let cellValue: String
    let cellMin: String
    let cellMax: String
    let wrong: Bool
    let wrongText: String
}

extension GridPage {
    /// - Parameters:
    ///   - rows: what was typed.
    ///   - fates: what became of the rows that were sent.
    ///   - problem: of the form as a whole.
    init(
        _ facts: GridFacts, form: Fields, rows typed: [GridRow], fates: [UnitNo: GridFate], problem: Problem?,
        visit: Visit
    ) {
        let (words, campaign) = (visit.words, facts.campaign)
        let language = words.language
        let text = ReportText(words: words, tree: facts.tree, campaign: campaign)
        let told = problem.map { ReportProblem.told($0, text) }
        let wrong = FieldErrors(told, words: words)
        let address = Fields([("unit", facts.tree.code(of: facts.unit.no)), ("campaign", campaign.code)])
        trail = text.trail(above: facts.unit.no)
        here = words("reports.grid")
        heading = words("grid.title", ["unit": text.unit(facts.unit.no)])
        action = "/reports/grid?" + address.setting("after", visit.query.code("after")).encoded
        day = DateField(
            "day", words("quick.day"), value: form.has("day") ? form.text("day") : facts.day.description,
            error: wrong["day"],
            required: true, min: campaign.first, max: min(campaign.last, visit.today.advanced(by: 1)))
        activity = SelectField(
            "activity", words("quick.what"), options: campaign.activities.map { ($0.code, $0.names[language]) },
            chosen: facts.activity.code)
        audience = SelectField(
            "audience", words("quick.audience"), options: campaign.audiences.map { ($0.code, $0.names[language]) },
            chosen: facts.audience)
        organization = SelectField(
            "organization", words("quick.organization"),
            options: [("", words("grid.organization.own"))] + facts.organizations.map { ($0.code, $0.names[language]) },
            chosen: form.text("organization"))
        hasChannel = facts.activity.channels.count > 1
        channel = SelectField(
            "channel", words("report.fact.channel"),
            options: facts.activity.channels.compactMap { campaign.channel($0) }.map { ($0.code, $0.names[language]) },
            chosen: facts.channel)
        counted = SelectField(
            "counted", words("quick.counted"),
            options: [("counted", words("state.counted")), ("estimated", words("state.estimated"))],
            chosen: form.text("counted") == "estimated" ? "estimated" : "counted")
        columns = facts.metrics.map { GridColumn(column: $0.names[language], columnUnit: $0.words[language]) }
        let byUnit = Dictionary(typed.map { ($0.unit, $0) }, uniquingKeysWith: { first, _ in first })
        rows = facts.units.enumerated().map { index, unit in
            GridPageRow(index, unit, byUnit[unit], fates[unit], facts, text, now: visit.now)
        }
        let items = rows.flatMap { row in
            row.cells.filter(\.wrong).map {
                ErrorItem(href: "#\($0.cellID)", message: "\(row.rowName). \($0.wrongText)")
            }
                + (row.hasRowError
                    ? [
                        ErrorItem(
                            href: "#\(row.cells.first?.cellID ?? "main")", message: "\(row.rowName). \(row.rowError)")
                    ] : [])
        }
        hasErrors = told != nil || !items.isEmpty
        let first = rows.first?.cells.first?.cellID ?? "main"
        errors =
            told.map { ErrorSummary($0, words: words, ids: ["metrics": first]) }
            ?? ErrorSummary(heading: words("errors.heading"), kept: words("grid.kept"), items: items)
        confirm = Self.confirm(typed, fates, facts, text)
        hasConfirm = !confirm.items.isEmpty
        func page(_ after: UnitNo?) -> String {
            "/reports/grid?"
                + address.setting("day", facts.day.description).setting("activity", facts.activity.code)
                .setting("after", after.map { facts.tree.code(of: $0) }).encoded
        }
        pagination = Pagination(
            summary: words.count("units.found", facts.count),
            previous: facts.slice.hasPrevious ? page(facts.slice.previousAfter) : nil,
            next: facts.slice.next.map { page($0) })
        isEmpty = facts.units.isEmpty
        empty = EmptyState(words("grid.empty"), next: words("grid.empty.next"))
    }

    private static func confirm(
        _ rows: [GridRow], _ fates: [UnitNo: GridFate], _ facts: GridFacts, _ text: ReportText
    ) -> ConfirmPanel {
        var items: [ConfirmItem] = []
        var codes: [String] = []
        for row in rows {
            guard case .asked(let faults) = fates[row.unit], let values = try? row.values(facts.metrics) else {
                continue
            }
            items += ConfirmPanel.items(faults, unit: row.unit, place: nil, text: text, named: true)
            codes.append(ConfirmCode.make(facts.tree.code(of: row.unit), values))
        }
        return ConfirmPanel(items: items, name: "confirm", confirmValue: codes.joined(separator: ","))
    }
}

extension GridPageRow {
    init(
        _ index: Int, _ unit: UnitNo, _ typed: GridRow?, _ fate: GridFate?, _ facts: GridFacts, _ text: ReportText,
        now: Instant
    ) {
        let words = text.words
        var problem: Problem?
        var mark: StateMark?
        var isFiled = false
        switch fate {
        case .filed:
            isFiled = true
            mark = StateMark("submitted", words: words)
        case .refused(let why):
            problem = ReportProblem.told(why, text)
            mark = StateMark("refused", words: words)
        case .asked: mark = StateMark("flagged", words("quick.confirm"))
        case nil: break
        }
        let wrong = FieldErrors(problem, words: words)
        let name = text.unit(unit)
        rowName = name
        rowSub = facts.tree.parent(of: unit).flatMap { $0 == facts.unit.no ? nil : text.unit($0) } ?? ""
        unitField = GridRow.unitField(index)
        unitValue = facts.tree.code(of: unit)
        opField = GridRow.opField(index)
        // A refused row may be mended: what is sent next is another operation.
        opValue = (fate == nil ? typed?.op : nil)?.description ?? OperationID.make(at: now).description
        hasMark = mark != nil
        self.mark = mark ?? StateMark("draft", "")
        cells = facts.metrics.map { metric in
            let message = wrong["metrics.\(metric.code)"]
            return GridCell(
                cellID: "r\(index)-\(metric.code)", cellName: GridRow.cellName(index, metric.code),
                cellLabel: "\(name): \(metric.names[words.language])", cellShort: metric.names[words.language],
                cellValue: isFiled ? "" : typed?.typed[metric.code] ?? "", cellMin: "\(metric.lowest)",
                cellMax: "\(metric.highest)",
                wrong: !message.isEmpty, wrongText: message)
        }
        let onCells = Set(facts.metrics.map { "metrics.\($0.code)" })
        let rest =
            problem.map { problem in
                problem.errors.isEmpty
                    ? wrong.heading
                    : problem.errors.filter { !onCells.contains($0.field) }.map { wrong.message($0) }.joined(
                        separator: " ")
            } ?? ""
        hasRowError = !rest.isEmpty
        rowError = rest
    }
}
