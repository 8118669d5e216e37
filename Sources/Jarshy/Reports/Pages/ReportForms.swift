import JarshyKit

// The forms on the page of one report. Fields as in `report.mustache`.

struct ReportCheckForm: PageModel {
    let action: String
    let baseRev: String
    let level: String
    let operation: String
    let checkLabel: String
}

struct ReportCorrectForm: PageModel {
    let action: String
    let baseRev: String
    let operation: String
    let opened: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let metrics: [NumberField]
    let reasons: TilesField
    let other: TextField
    let day: DateField
    let selects: [SelectField]
    let hasConfirm: Bool
    let confirm: ConfirmPanel
}

struct ReportVoidForm: PageModel {
    let action: String
    let baseRev: String
    let operation: String
    let opened: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let reasons: TilesField
    let other: TextField
    let replaceURL: String
}

extension ReportCorrectForm {
    /// The metrics a correction asks about: those the kind asks for and those the report tells.
    static func metrics(of view: ReportView) -> [Metric] {
        let asked = view.cell.flatMap { view.campaign.activity($0.activity) }?.metrics ?? []
        return view.campaign.metrics.filter { asked.contains($0.code) || view.report.figures[$0.slot] != nil }
    }

    init(_ view: ReportView, now: Instant, refused: RefusedForm?, text: ReportText) {
        let (words, report) = (text.words, view.report)
        let mine = refused?.deed == .correction ? refused : nil
        let problem = mine.map { ReportProblem.told($0.problem, text) }
        let asks = problem?.slug == "unusual"
        let wrong = FieldErrors(asks ? nil : problem, words: words)
        func typed(_ field: String, _ stored: String) -> String { mine?.form[field] ?? stored }
        action = "/reports/\(report.id)/correction"
        // What was looked at, not what stands now: a correction of an older version is to compete, not to overwrite.
        baseRev = typed("base_rev", "\(report.rev)")
        operation = OperationID.make(at: now).description
        opened = mine != nil
        hasErrors = mine != nil && !asks
        errors =
            problem.map {
                ErrorSummary($0, words: words, ids: ["reason": "correct-reason", "reason_text": "correct-reason_text"])
            } ?? .none
        metrics = ReportCorrectForm.metrics(of: view).map { metric in
            let field = "metrics.\(metric.code)"
            return NumberField(
                field, metric.names[words.language],
                value: typed(field, report.figures[metric.slot].map(String.init) ?? ""),
                error: wrong[field], unit: metric.words[words.language], min: metric.lowest, max: metric.highest)
        }
        reasons = TilesField(
            "reason", words("report.correct.reason"), choices: ReasonTiles.choices(words), chosen: typed("reason", ""),
            error: wrong["reason"], required: true, id: "correct-reason")
        other = TextField(
            "reason_text", words("reason.other.label"), value: typed("reason_text", ""), error: wrong["reason_text"],
            id: "correct-reason_text")
        day = DateField(
            "day", words("report.fact.day"), value: typed("day", report.day.description), error: wrong["day"],
            min: view.campaign.first, max: view.campaign.last)
        func select(_ name: String, _ key: String, _ options: [Campaign.Term], _ stored: String?) -> SelectField {
            SelectField(
                name, words(key), options: options.map { ($0.code, $0.names[words.language]) },
                chosen: typed(name, stored ?? ""), error: wrong[name])
        }
        selects = [
            select("audience", "report.fact.audience", view.campaign.audiences, view.cell?.audience),
            select("channel", "report.fact.channel", view.campaign.channels, view.cell?.channel),
            SelectField(
                "place", words("report.fact.place"),
                options: PlaceOptions.list(
                    for: report.unit, also: report.place, text: text),
                chosen: typed("place", report.place.map { view.tree.code(of: $0) } ?? ""), error: wrong["place"]),
        ]
        hasConfirm = asks
        confirm =
            mine.flatMap { form in
                asks
                    ? ConfirmPanel(
                        items: ConfirmPanel.items(
                            form.problem.errors, unit: report.unit, place: report.place, text: text),
                        name: "confirm",
                        confirmValue: ConfirmCode.make(
                            report.id.description,
                            (try? TypedMetrics(form.form, of: view.campaign.metrics).values) ?? []))
                    : nil
            } ?? .none
    }
}

extension ReportVoidForm {
    init(_ view: ReportView, now: Instant, refused: RefusedForm?, text: ReportText) {
        let (words, report) = (text.words, view.report)
        let mine = refused?.deed == .void ? refused : nil
        let problem = mine.map { ReportProblem.told($0.problem, text) }
        let wrong = FieldErrors(problem, words: words)
        action = "/reports/\(report.id)/void"
        baseRev = mine?.form["base_rev"] ?? "\(report.rev)"
        operation = OperationID.make(at: now).description
        opened = mine != nil
        hasErrors = mine != nil
        errors =
            problem.map {
                ErrorSummary($0, words: words, ids: ["reason": "void-reason", "reason_text": "void-reason_text"])
            } ?? .none
        reasons = TilesField(
            "reason", words("report.void.reason"), choices: ReasonTiles.choices(words),
            chosen: mine?.form["reason"] ?? "",
            error: wrong["reason"], required: true, id: "void-reason")
        other = TextField(
            "reason_text", words("reason.other.label"), value: mine?.form["reason_text"] ?? "",
            error: wrong["reason_text"],
            id: "void-reason_text")
        let unit = view.tree.code(of: report.unit)
        replaceURL =
            "/report?"
            + Fields([("unit", unit), ("campaign", view.campaign.code), ("replaces", report.id.description)]).encoded
    }
}

enum ReasonTiles {
    static func choices(_ words: Words) -> [(value: String, label: String)] {
        Reason.allCases.map { ($0.rawValue, words("reason.\($0.rawValue)")) }
    }
}

/// Where something may have been held: the settlements and territories around a unit, nearest first, few enough for a
/// list.
enum PlaceOptions {
    static let most = 200

    static func list(
        for unit: UnitNo, also place: UnitNo?, text: ReportText
    ) -> [(value: String, label: String)] {
        let tree = text.tree
        func isTerritory(_ no: UnitNo) -> Bool { tree[no].flatMap { tree.kinds[$0.kind]?.territory } ?? false }
        let chain = tree.chain(of: unit)
        var places = chain.filter { isTerritory($0) && $0 != tree.root }
        // The nearest territory that is more than one settlement, with all settlements in it.
        if let around = places.first(where: { tree[$0].flatMap { tree.kinds[$0.kind]?.settlement } != true })
            ?? places.first
        {
            places += Self.below(around, in: tree, isTerritory)
        }
        if let place { places.append(place) }
        return [("", text.words("form.none"))] + UnitText(words: text.words).options(places, in: tree)
    }

    private static func below(_ unit: UnitNo, in tree: Tree, _ isTerritory: (UnitNo) -> Bool) -> [UnitNo] {
        var found: [UnitNo] = []
        var waiting = tree.children(of: unit).filter(isTerritory)
        while found.count < most, !waiting.isEmpty {
            let next = waiting.removeFirst()
            found.append(next)
            waiting += tree.children(of: next).filter(isTerritory)
        }
        return found
    }
}

/// The numbers of a form by metric: an empty field is not told, which is not 0.
struct TypedMetrics: Sendable {
    let values: [MetricValue]

    /// - Parameter prefix: what stands before a metric's code in the field's name.
    /// - Throws: 422 with every field that is no whole number.
    init(_ form: Fields, of metrics: [Metric], prefix: String = "metrics.") throws {
        var values: [MetricValue] = []
        var faults: [Problem.Fault] = []
        for metric in metrics {
            let typed = form.text(prefix + metric.code).filter { !$0.isWhitespace }
            if typed.isEmpty { continue }
            guard let value = Int64(typed) else {
                faults.append(
                    Problem.Fault("metrics.\(metric.code)", "not-number", "'\(metric.code)' is no whole number."))
                continue
            }
            values.append(MetricValue(code: metric.code, value: value))
        }
        if !faults.isEmpty { throw Problem.invalid(faults) }
        self.values = values
    }

    var json: Json { .object(values.map { Json.Member($0.code, .integer($0.value)) }) }
}
