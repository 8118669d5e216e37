import JarshyKit

/// The quick report. Fields as in `quick.mustache`.
struct QuickPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let operation: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let hasConfirm: Bool
    let confirm: ConfirmPanel
    let kinds: KindTiles
    let place: SelectField
    let day: DateField
    let audience: SelectField
    let organization: SelectField
    let hasChannel: Bool
    let channel: SelectField
    let metrics: [NumberField]
    let counted: TilesField
    let note: AreaField
    let submitLabel: String
    let hasNil: Bool
    let nilAction: String
    let nilDay: String
}

/// The kinds as tiles, fields as in `field_tiles.mustache`. Ids go by place in the campaign (`kind-3`), because the
/// style sheet shows the numbers a kind asks for by them and codes are data.
struct KindTiles: PageModel {
    let id = "kind"
    let name = "activity"
    let label: String
    let hasHint = false
    let hint = ""
    let hasError: Bool
    let error: String
    let required = true
    let described: Bool
    let describedBy: String
    let layout = "tiles-tall tiles-two"
    let choices: [TileChoice]
    let hasMore: Bool
    let moreOpen: Bool
    let moreLabel: String
    let moreChoices: [TileChoice]

    static let shownFirst = 4

    init(_ codes: [String], chosen: String, error: String, text: ReportText) {
        let tiles = codes.compactMap { code -> TileChoice? in
            guard let place = text.campaign.activities.firstIndex(where: { $0.code == code }) else { return nil }
            return TileChoice(
                choiceID: "kind-\(place + 1)", choiceValue: code, choiceLabel: text.activity(code),
                chosen: code == chosen)
        }
        label = text.words("quick.what")
        hasError = !error.isEmpty
        self.error = error
        described = !error.isEmpty
        describedBy = error.isEmpty ? "" : "kind-error"
        choices = Array(tiles.prefix(Self.shownFirst))
        moreChoices = Array(tiles.dropFirst(Self.shownFirst))
        hasMore = !moreChoices.isEmpty
        moreOpen = moreChoices.contains(where: \.chosen)
        moreLabel = text.words("quick.what.more")
    }
}

extension QuickPage {
    /// - Parameter form: what was typed; nil when the form is shown for the first time.
    init(_ facts: QuickFacts, query: Fields, form: Fields?, problem: Problem?, now: Instant, today: Day, words: Words) {
        let text = ReportText(words: words, tree: facts.tree, campaign: facts.campaign)
        let (campaign, language) = (facts.campaign, words.language)
        let told = problem.map { ReportProblem.told($0, text) }
        let asks = problem?.slug == "unusual"
        let wrong = FieldErrors(asks ? nil : told, words: words)
        func typed(_ name: String, _ first: String) -> String { form?[name] ?? first }
        let code = facts.tree.code(of: facts.unit.no)
        let address = Fields(
            [("unit", code), ("campaign", campaign.code)] + (query.code("replaces").map { [("replaces", $0)] } ?? []))
        trail = text.trail(above: facts.unit.no)
        here = words("quick.title")
        heading = words("quick.title.of", ["unit": text.unit(facts.unit.no)])
        action = "/report?\(address.encoded)"
        operation = OperationID.make(at: now).description
        hasErrors = problem != nil && !asks
        errors = told.map { Self.summary($0, words) } ?? .none
        let chosenPlace = facts.tree.find(typed("place", ""))?.no
        hasConfirm = asks
        confirm =
            asks
            ? ConfirmPanel(
                items: ConfirmPanel.items(problem?.errors ?? [], unit: facts.unit.no, place: chosenPlace, text: text),
                name: "confirm", confirmValue: Self.confirmCode(form ?? Fields(), campaign, code)) : .none
        kinds = KindTiles(
            facts.kinds, chosen: typed("activity", facts.lastCell?.activity ?? facts.kinds.first ?? ""),
            error: wrong["activity"], text: text)
        place = SelectField(
            "place", words("quick.where"),
            options: PlaceOptions.list(for: facts.unit.no, also: facts.last?.place, text: text),
            chosen: typed("place", Self.firstPlace(facts)), error: wrong["place"])
        day = DateField(
            "day", words("quick.day"), value: typed("day", min(max(today, campaign.first), campaign.last).description),
            error: wrong["day"], required: true, min: campaign.first, max: min(campaign.last, today.advanced(by: 1)))
        audience = SelectField(
            "audience", words("quick.audience"), options: campaign.audiences.map { ($0.code, $0.names[language]) },
            chosen: typed("audience", facts.lastCell?.audience ?? campaign.audiences.first?.code ?? ""),
            error: wrong["audience"])
        organization = Self.organization(facts, typed("organization", ""), wrong["organization"], words)
        // Only what a kind of several channels goes by needs choosing; the rest go by their one.
        let several = Set(campaign.activities.filter { $0.channels.count > 1 }.flatMap(\.channels))
        hasChannel = !several.isEmpty
        channel = SelectField(
            "channel", words("report.fact.channel"),
            options: [("", words("quick.channel.own"))]
                + campaign.channels.filter { several.contains($0.code) }.map { ($0.code, $0.names[language]) },
            chosen: typed("channel", ""), error: wrong["channel"])
        metrics = Self.metrics(campaign, form, wrong, words)
        counted = TilesField(
            "counted", words("quick.counted"),
            choices: [("counted", words("state.counted")), ("estimated", words("state.estimated"))],
            chosen: typed("counted", "counted"), layout: "tiles-two")
        note = AreaField(
            "note", words("quick.note"), value: typed("note", ""), hint: words("quick.note.hint"), error: wrong["note"],
            maxLength: 1000)
        submitLabel = words(asks ? "quick.confirm.send" : "report.file")
        hasNil = campaign.metric(campaign.eventMetric)?.lowest == 0
        nilAction = "/report?\(address.setting("nil", "1").encoded)"
        nilDay = day.value
    }

    /// Under the list of what is wrong; a form sent before is told with a link to what it became.
    private static func summary(_ problem: Problem, _ words: Words) -> ErrorSummary {
        guard problem.slug == "already-filed", let report = problem.slots["report"] else {
            return ErrorSummary(problem, words: words, ids: ["activity": "kind", "unit": "day", "metrics": "kind"])
        }
        return ErrorSummary(
            heading: words("problem.already_filed"), kept: words("problem.already_filed.todo"),
            items: [ErrorItem(href: "/reports/\(report)", message: words("report.open"))])
    }

    private static func confirmCode(_ form: Fields, _ campaign: Campaign, _ unit: String) -> String {
        let asked = campaign.activity(form.text("activity"))?.metrics.compactMap { campaign.metric($0) } ?? []
        return ConfirmCode.make(unit, (try? TypedMetrics(form, of: asked).values) ?? [])
    }

    private static func firstPlace(_ facts: QuickFacts) -> String {
        let place = facts.last?.place ?? facts.tree.settlement(of: facts.unit.no)
        return place.map { facts.tree.code(of: $0) } ?? ""
    }

    private static func organization(
        _ facts: QuickFacts, _ chosen: String, _ error: String, _ words: Words
    ) -> SelectField {
        let own = facts.organizations.first { $0.no == facts.ownOrganization }
        let first = chosen.isEmpty ? (own?.code ?? "") : chosen
        let none = own == nil ? [("", words("form.none"))] : []
        return SelectField(
            "organization", words("quick.organization"),
            options: none + facts.organizations.map { ($0.code, $0.names[words.language]) }, chosen: first, error: error
        )
    }

    /// Every number some kind asks for, marked with the places of the kinds that do.
    private static func metrics(
        _ campaign: Campaign, _ form: Fields?, _ wrong: FieldErrors, _ words: Words
    ) -> [NumberField] {
        campaign.metrics.compactMap { metric in
            let places = campaign.activities.enumerated().filter { $0.element.metrics.contains(metric.code) }.map {
                $0.offset + 1
            }
            guard !places.isEmpty else { return nil }
            let field = "metrics.\(metric.code)"
            // Most reports are of one event; that much is typed already.
            let first = metric.code == campaign.eventMetric ? "1" : ""
            return NumberField(
                field, metric.names[words.language], value: form.map { $0[field] ?? "" } ?? first,
                hint: words.find("quick.hint.\(metric.code)") ?? "", error: wrong[field],
                unit: metric.words[words.language],
                min: metric.lowest, max: metric.highest,
                shown: "asked " + places.map { "for-\($0)" }.joined(separator: " "))
        }
    }
}
