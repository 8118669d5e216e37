import JarshyKit

/// The board of one unit. Fields as in `board_body.mustache`.
struct BoardPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let kindWord: String
    let asOf: String
    let positions: [LogPosition]
    let isLiveNow: Bool
    let note: String
    let headlines: [Headline]
    let bandKey: [KeyItem]
    let sums: [SumLine]
    let filters: Filters
    let basis: [Choice]
    let tools: BoardTools
    let hasNeeds: Bool
    let needs: Needs
    let hasChildren: Bool
    let children: ChildTable
    let hasMap: Bool
    let map: TileMapModel
    let chart: TimeChart
    let hasBreakdowns: Bool
    let breakdowns: [Breakdown]
    let cite: CiteBox
    let isEmpty: Bool
    let empty: EmptyState
}

struct Headline: PageModel {
    let id: String
    let label: String
    let value: String
    let url: String
    let made: String
    let change: String
    let direction: String
    let bar: Bar
    let evidence: String

    /// How many stand on a board: the campaign's first.
    static let most = 4
}

/// A sentence about what is reported, with what it leaves out to open, if there is such a list.
struct SumLine: PageModel {
    let sumText: String
    let hasSumURL: Bool
    let sumURL: String

    init(_ text: String, _ url: String? = nil) {
        sumText = text
        hasSumURL = url != nil
        sumURL = url ?? ""
    }
}

struct KeyItem: PageModel {
    let fill: String
    let word: String
}

struct Choice: PageModel {
    let choiceURL: String
    let choiceName: String
    let current: Bool
}

struct BoardTools: PageModel {
    let summaryURL: String
    let csvURL: String
    let hasCSV: Bool
    let reportsURL: String
    let canFile: Bool
    let fileURL: String
}

struct CiteBox: PageModel {
    let action: String
    let sentence: String
    let figures: SelectField
    let hidden: [HiddenInput]
}

extension BoardPage {
    init(_ view: BoardView, sort: ChildSort, actor: Actor, words: Words) {
        let text = BoardText(words: words)
        let links = BoardLinks(choice: view.choice, opensReports: view.rights.opensReports)
        let (tree, scope, choice) = (view.tree, view.scope, view.choice)
        let code = scope.code
        trail = Self.trail(view, actor, text)
        here = text.title(view.unit, in: tree)
        heading = here
        kindWord = tree.kinds[scope.unit.kind]?.names[words.language] ?? ""
        asOf = text.asOf(view.now)
        positions = text.positions(view.asOf, in: tree)
        isLiveNow = true
        note = words("board.attendances_note")
        headlines = Self.headlines(view, links, text)
        bandKey = ["region", "district", "submitted"].map { KeyItem(fill: "band-\($0)", word: words("band.\($0)")) }
        sums = Self.sums(view, text)
        filters = Self.filters(view, sort, text)
        basis = RollupBasis.allCases.map { basis in
            Choice(
                choiceURL: links.board(code) { $0 = $0.setting("basis", basis == .reported ? nil : basis.rawValue) },
                choiceName: words("board.basis.\(basis.rawValue)"), current: basis == choice.basis)
        }
        let encoded = percentEncoded(code)
        let query = choice.fields.encoded
        tools = BoardTools(
            summaryURL: "/summary/\(encoded)?campaign=\(percentEncoded(choice.campaign.code))",
            csvURL: "/board/\(encoded).csv?\(query)", hasCSV: view.rights.exports, reportsURL: links.made(code),
            canFile: view.rights.files,
            fileURL: "/report?unit=\(encoded)&campaign=\(percentEncoded(choice.campaign.code))")
        // Who may neither settle, check nor correct finds the silent by the sentences' links.
        hasNeeds = view.attention != nil
        needs = Needs(view, links, text)
        children = ChildTable(view, sort: sort, links, text)
        hasChildren = !view.parts.isEmpty && view.parts != [view.unit]
        map = TileMapModel(view, links, text)
        hasMap = view.unit == tree.root && !map.tiles.isEmpty
        chart = TimeChart(view, links, text)
        breakdowns = Breakdown.all(view, links, text)
        hasBreakdowns = !breakdowns.isEmpty
        cite = Self.cite(view, text)
        isEmpty = view.isEmpty
        empty = EmptyState(
            words("board.empty"), next: words("board.empty.next"),
            step: view.rights.files ? (tools.fileURL, words("report.file")) : nil)
    }

    /// Only the units above whose figures this reader may see.
    private static func trail(_ view: BoardView, _ actor: Actor, _ text: BoardText) -> [TrailLink] {
        view.tree.chain(of: view.unit).dropFirst().reversed().compactMap { no in
            guard actor.view(of: no, in: view.tree, on: view.today) != .nothing else { return nil }
            return TrailLink(
                BoardLinks.board(view.tree.code(of: no), view.choice.fields), text.title(no, in: view.tree))
        }
    }

    private static func headlines(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) -> [Headline] {
        let words = text.words
        return view.campaign.metrics.filter(\.additive).prefix(Headline.most).map { metric in
            let figure = view.total.figure(metric.slot)
            let change = view.recent.whole.amounts[metric.slot]
            return Headline(
                id: "headline-\(metric.code)", label: metric.names[text.language], value: text.number(figure.total),
                url: links.made(view.scope.code, of: metric), made: words("board.made_of"),
                change: change == 0
                    ? words("board.no_change") : words("board.since_yesterday", ["n": text.signed(change)]),
                direction: ChildTable.direction(change), bar: Bar(figure, scale: figure.total, text),
                evidence: text.evidence(figure))
        }
    }

    private static func sums(_ view: BoardView, _ text: BoardText) -> [SumLine] {
        let words = text.words
        func pair(_ key: String, _ n: Int64, _ m: Int64, _ show: Silence.Show) -> SumLine {
            SumLine(
                words(key, ["n": text.number(n), "m": text.number(m)]),
                SilencePage.address(view.scope.code, view.campaign, show))
        }
        var sums: [SumLine] = []
        if let presence = view.presence {
            let whole = presence.whole
            if whole.working > 0 {
                sums.append(pair("board.reported_n", whole.reported, whole.working, .never))
                sums.append(pair("board.active_n", whole.active, whole.working, .idle))
            }
            if presence.settlements > 0 { sums.append(pair("board.places_n", presence.places, presence.settlements, .places)) }
        }
        sums += effect(view, text).map { SumLine($0) }
        for peak in view.peaks {
            guard let metric = view.campaign.metric(peak.metric) else { continue }
            sums.append(
                SumLine(
                    words(
                        "board.peak",
                        [
                            "metric": metric.names[text.language], "largest": text.number(peak.largest),
                            "median": text.number(peak.median), "n": text.number(peak.reports),
                        ])))
        }
        return sums
    }

    /// The figures of effect: questions answered on the spot, and what residents press. Never a share without its base.
    private static func effect(_ view: BoardView, _ text: BoardText) -> [String] {
        func line(_ key: String, _ part: Int64, of base: Int64) -> String? {
            guard base > 0 else { return nil }
            return text.words(
                key, ["share": text.share(part, of: base), "n": text.number(part), "m": text.number(base)])
        }
        func amount(_ code: String) -> Int64 { view.campaign.metric(code).map { view.total.figure($0.slot).total } ?? 0 }
        let spot = amount("answered")
        let lines = [
            spot > 0 ? line("board.effect.spot", spot, of: amount("questions")) : nil,
            // Presses know neither days nor cells: beside narrowed figures they would mislead.
            view.choice.isWhole ? line("board.effect.press", view.presses.helped, of: view.presses.all) : nil,
        ]
        return lines.compactMap { $0 }
    }

    private static func filters(_ view: BoardView, _ sort: ChildSort, _ text: BoardText) -> Filters {
        let (choice, campaign, language, words) = (view.choice, view.campaign, text.language, text.words)
        func options(_ terms: [Campaign.Term]) -> [(value: String, label: String)] {
            [("", words("form.all"))] + terms.map { ($0.code, $0.names[language]) }
        }
        let activities = [("", words("form.all"))] + campaign.activities.map { ($0.code, $0.names[language]) }
        var hidden = [("campaign", campaign.code)]
        if choice.basis != .reported { hidden.append(("basis", choice.basis.rawValue)) }
        if sort != .usual { hidden.append(("sort", sort.text)) }
        let shownOrganizations = view.organizations.filter { view.scope.organizations?.contains($0.no) ?? true }
        return Filters(
            action: "/board/\(percentEncoded(view.scope.code))",
            summary: ([choice.metric.names[language], text.period(choice)] + text.terms(choice)).joined(separator: " · "),
            hidden: hidden,
            selects: [
                SelectField(
                    "metric", words("board.filter.metric"),
                    options: campaign.metrics.filter(\.additive).map { ($0.code, $0.names[language]) },
                    chosen: choice.metric.code),
                SelectField(
                    "activity", words("board.filter.activity"), options: activities, chosen: choice.activity ?? ""),
                SelectField(
                    "audience", words("board.filter.audience"), options: options(campaign.audiences),
                    chosen: choice.audience ?? ""),
                SelectField(
                    "channel", words("board.filter.channel"), options: options(campaign.channels),
                    chosen: choice.channel ?? ""),
                SelectField(
                    "organization", words("board.filter.organization"),
                    options: [("", words("form.all"))] + shownOrganizations.map { ($0.code, $0.names[language]) },
                    chosen: choice.organizations.first?.code ?? ""),
            ],
            dates: [
                DateField(
                    "from", words("filters.from"), value: choice.from?.description ?? "", min: campaign.first,
                    max: campaign.last),
                DateField(
                    "to", words("filters.to"), value: choice.to?.description ?? "", min: campaign.first, max: campaign.last),
            ],
            reset: choice.isWhole ? nil : BoardLinks.board(view.scope.code, Fields([("campaign", campaign.code)])))
    }

    private static func cite(_ view: BoardView, _ text: BoardText) -> CiteBox {
        let metrics = view.campaign.metrics.filter(\.additive)
        return CiteBox(
            action: "/board/\(percentEncoded(view.scope.code))/cite",
            sentence: CitedWords.sentence(
                unit: view.scope.unit, choice: view.choice, metric: view.metric,
                figure: view.total.figure(view.metric.slot), at: view.now, words: text.words),
            figures: SelectField(
                "metric", text.words("cite.figure"), options: metrics.map { ($0.code, $0.names[text.language]) },
                chosen: view.metric.code, id: "cite-metric"),
            hidden: view.choice.fields.list.filter { $0.name != "metric" }.map {
                HiddenInput(hiddenName: $0.name, hiddenValue: $0.value)
            })
    }
}
