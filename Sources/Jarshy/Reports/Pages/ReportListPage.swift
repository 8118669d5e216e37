import JarshyKit

/// The list of reports. Fields as in `reports.mustache`.
struct ReportListPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasSum: Bool
    let sum: String
    let filters: Filters
    let rows: [ReportListRow]
    let pagination: Pagination
    let hasCSV: Bool
    let csvURL: String
    let canFile: Bool
    let fileURL: String
    let gridURL: String
    let importURL: String
    let isEmpty: Bool
    let empty: EmptyState
    let canCheck: Bool
    let checkAction: String
    let checkOp: String
    let checkReturn: String
    let checkLevels: [CheckLevelButton]
}

struct CheckLevelButton: PageModel {
    let level: String
    let checkLabel: String
}

struct ReportListRow: HotRow {
    let report: Report
    let cell: Cell?
    let who: String
    let text: ReportText
    let canTick: Bool
    /// What entered of it, when the list is about a span of the ledger.
    let moved: Amounts?

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "reportURL": "/reports/\(report.id)"
        case "activity": text.activity(cell?.activity ?? "")
        case "unitName": text.unit(report.unit)
        case "day": text.day(report.day)
        case "who": who
        case "figures":
            moved.map { $0 == report.figures.amounts ? text.figures(report.figures) : text.deltas($0) }
                ?? text.figures(report.figures)
        case "marks": text.marks(report)
        case "restated": report.isVoided && moved == nil
        case "canTick": canTick
        case "tickID": "tick-\(report.id)"
        case "tickValue": "\(report.id).\(report.rev)"
        case "tickLabel":
            text.words("checks.choose", ["report": "\(text.activity(cell?.activity ?? "")), \(text.unit(report.unit))"])
        default: nil
        }
    }
}

extension ReportListPage {
    init(_ list: ReportListing, visit: Visit) {
        let (words, filter, query) = (visit.words, list.filter, visit.query)
        let text = list.text(words)
        let name = text.unit(filter.unit.no)
        trail = text.trail(above: filter.unit.no)
        here = name
        heading = words("reports.title", ["unit": name])
        let levels = Set(list.page.reports.flatMap { list.levels($0) })
        sum = [Self.span(filter, text), Self.sum(list, text)].filter { !$0.isEmpty }.joined(separator: " ")
        hasSum = !sum.isEmpty
        filters = Self.filters(list, text, query)
        rows = list.page.reports.map { report in
            ReportListRow(
                report: report, cell: list.cells[report.cell],
                who: list.names[report.author] ?? words("report.operator"),
                text: text, canTick: !list.levels(report).isEmpty,
                moved: filter.entered == nil ? nil : list.moved[report.id] ?? Amounts())
        }
        pagination = Self.pagination(list, query, words)
        hasCSV = filter.mayExport(list.actor, on: list.today)
        csvURL = Self.address("/reports.csv", query.setting("after", nil).setting("before", nil))
        canFile =
            list.actor.holds(.fileReports, over: filter.unit.no, in: filter.tree, on: list.today)
            || !list.actor.grants(of: .fileReports, over: filter.unit.no, in: filter.tree, on: list.today).isEmpty
        let place = Fields([("unit", filter.tree.code(of: filter.unit.no)), ("campaign", filter.campaign.code)])
        fileURL = Self.address("/report", place)
        gridURL = Self.address("/reports/grid", place)
        importURL = Self.address("/reports/import", place)
        isEmpty = rows.isEmpty
        empty = EmptyState(
            words("reports.empty"), next: words("reports.empty.next"),
            step: canFile ? (fileURL, words("report.file")) : nil)
        canCheck = !levels.isEmpty
        checkAction = "/checks"
        checkOp = OperationID.make(at: visit.now).description
        checkReturn = visit.here(query)
        checkLevels = levels.sorted().map {
            CheckLevelButton(level: $0.name, checkLabel: words("checks.\($0.name)"))
        }
    }

    static func address(_ path: String, _ query: Fields) -> String { query.isEmpty ? path : "\(path)?\(query.encoded)" }

    /// The span of the ledger the list is about, and how corrections count in it.
    private static func span(_ filter: ReportFilter, _ text: ReportText) -> String {
        guard let entered = filter.entered else { return "" }
        guard let after = entered.after else { return text.words("reports.entered.until", ["until": text.moment(entered.until)]) }
        return text.words("reports.entered", ["after": text.moment(after), "until": text.moment(entered.until)])
    }

    /// What these reports add up to: the metric asked about as a sentence, or every sum there is.
    private static func sum(_ list: ReportListing, _ text: ReportText) -> String {
        if let metric = list.filter.metric, metric.additive {
            return text.words(
                "reports.sum",
                ["metric": metric.names[text.language], "value": text.number(list.total.amounts[metric.slot])])
        }
        return text.sums(list.total.amounts)
    }

    private static func pagination(_ list: ReportListing, _ query: Fields, _ words: Words) -> Pagination {
        let (page, plain) = (list.page, query.setting("after", nil).setting("before", nil))
        func link(_ name: String, _ report: Report?, _ isThere: Bool) -> String? {
            guard isThere, let report else { return nil }
            return address("/reports", plain.setting(name, ReportRows.Cursor(report).text))
        }
        return Pagination(
            summary: words.count("reports.count", Int(list.total.reports)),
            previous: link("before", page.reports.first, page.hasNewer),
            next: link("after", page.reports.last, page.hasOlder))
    }

    private static func filters(_ list: ReportListing, _ text: ReportText, _ query: Fields) -> Filters {
        let (words, filter) = (text.words, list.filter)
        let campaign = filter.campaign
        func terms(_ list: [Campaign.Term]) -> [(value: String, label: String)] {
            list.map { ($0.code, $0.names[words.language]) }
        }
        let all: (value: String, label: String) = ("", words("form.all"))
        func select(
            _ name: String, _ key: String, _ options: [(value: String, label: String)],
            first: (value: String, label: String)? = nil
        ) -> SelectField {
            SelectField(
                name, words(key), options: [first ?? all] + options, chosen: query.text(name), id: "filter-\(name)")
        }
        let states = ReportFilter.State.allCases.filter { $0 != .standing }
        let selects = [
            select("activity", "report.fact.activity", campaign.activities.map { ($0.code, $0.names[words.language]) }),
            select("audience", "report.fact.audience", terms(campaign.audiences)),
            select("channel", "report.fact.channel", terms(campaign.channels)),
            select(
                "organization", "report.fact.organization",
                list.organizations.map { ($0.code, $0.names[words.language]) }),
            select("band", "reports.filter.band", Band.allCases.map { ($0.name, words("state.\($0.name)")) }),
            select(
                "state", "reports.filter.state", states.map { ($0.rawValue, words("reports.state.\($0.rawValue)")) },
                first: ("", words("reports.state.standing"))),
            select(
                "flag", "reports.filter.flag",
                ["late", "review", "unusual", "equal"].map { ($0, words("report.flag.\($0)")) }),
            select("author", "reports.filter.author", [("me", words("reports.author.me"))]),
        ]
        let dates = [
            DateField(
                "from", words("filters.from"), value: query.text("from"), min: campaign.first, max: campaign.last,
                id: "filter-from"),
            DateField(
                "to", words("filters.to"), value: query.text("to"), min: campaign.first, max: campaign.last,
                id: "filter-to"),
        ]
        let chosen = selects.flatMap { field in
            field.options.filter { $0.selected && !$0.optionValue.isEmpty }.map(\.optionLabel)
        }
        let hidden = ["unit", "campaign", "metric", "unchecked", "entered_after", "entered_until"].compactMap { name in query.code(name).map { (name, $0) } }
        let days =
            filter.from == nil && filter.to == nil
            ? words("filters.whole")
            : words(
                "filters.days",
                ["from": text.day(filter.from ?? campaign.first), "to": text.day(filter.to ?? campaign.last)])
        return Filters(
            action: "/reports", summary: ([days] + chosen).joined(separator: " · "), hidden: hidden, selects: selects,
            dates: dates,
            reset: chosen.isEmpty && filter.from == nil && filter.to == nil ? nil : address("/reports", Fields(hidden)))
    }
}
