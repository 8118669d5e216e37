import JarshyKit

/// The summary table as a page. Fields as in `summary.mustache`.
struct SummaryPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let asOf: String
    let editions: [Edition]
    let hasMoreEditions: Bool
    let moreEditionsURL: String
    let fixed: Bool
    let fixedText: String
    let orientation: String
    let metrics: [SummaryMetric]
    let spans: [SummarySpan]
    let rows: [SummaryRow]
    let hasRestated: Bool
    let restatedNote: String
    let hasMore: Bool
    let more: String
    let note: String
    let completeness: String
    let chats: [ChatText]
    let positions: [LogPosition]
    let xlsxURL: String
    let csvURL: String
    let boardURL: String
    let canFix: Bool
    let fixURL: String
    let campaignCode: String
    let isEmpty: Bool
    let empty: EmptyState
}

struct Edition: PageModel {
    let editionURL: String
    let editionName: String
    let current: Bool
}

struct SummaryMetric: PageModel {
    let metric: String
    let unitOfMeasure: String
}

struct SummarySpan: PageModel {
    let span: String
    let spanClass: String
}

struct SummaryRow: PageModel {
    let rowName: String
    let rowURL: String
    let nameClass: String
    let rowClass: String
    let cells: [SummaryCell]
}

struct SummaryCell: HotRow {
    let value: String
    let url: String
    let style: String
    let label: String
    let restatedBy: String

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "value": value
        case "cellURL": url
        case "opens": !url.isEmpty
        case "cellClass": style
        case "cellLabel": label
        case "restated": !restatedBy.isEmpty
        case "restatedBy": restatedBy
        default: nil
        }
    }
}

/// The table as text, in one language.
struct ChatText: PageModel {
    /// Only the reader's own language is open: a chat is written in one.
    let opened: Bool
    let chatID: String
    let chatLang: String
    let chatLanguage: String
    let chatText: String
}

/// One line of the table: the whole unit, a part, or what the unit reported itself.
struct SummaryLine: Sendable {
    enum Kind { case part, own, total }

    let kind: Kind
    let unit: UnitNo
    let pair: SummaryPair
    let restated: SummaryPair

    static func all(_ view: SummaryView) -> [SummaryLine] {
        let restated = view.restated ?? SummaryFigures()
        var lines = view.parts.map { unit in
            SummaryLine(
                kind: .part, unit: unit, pair: view.figures.parts[unit] ?? SummaryPair(),
                restated: restated.parts[unit] ?? SummaryPair())
        }
        if !view.figures.own.isZero || !restated.own.isZero {
            lines.append(SummaryLine(kind: .own, unit: view.unit, pair: view.figures.own, restated: restated.own))
        }
        lines.append(
            SummaryLine(kind: .total, unit: view.unit, pair: view.figures.whole, restated: restated.whole))
        return lines
    }

    func name(_ view: SummaryView, _ text: BoardText) -> String {
        switch kind {
        case .part: text.title(unit, in: view.tree)
        case .own: text.words("board.own")
        case .total: text.words("summary.total")
        }
    }
}

extension SummaryPage {
    init(_ view: SummaryView, all: [Words], words: Words) {
        let text = BoardText(words: words)
        let metrics = view.sheetMetrics
        let encoded = percentEncoded(view.scope.code)
        let campaign = "campaign=\(percentEncoded(view.campaign.code))"
        let lines = SummaryLine.all(view)
        let title = text.title(view.unit, in: view.tree)
        boardURL = "/board/\(encoded)?\(campaign)"
        trail = [TrailLink(boardURL, title)]
        here = words("summary.here")
        heading = words("summary.title", ["unit": title])
        asOf = text.asOf(view.cut)
        editions =
            [Edition(editionURL: "/summary/\(encoded)?\(campaign)", editionName: words("summary.now"), current: view.fixed == nil)]
            + view.editions.map { edition in
                Edition(
                    editionURL: "/summary/\(encoded)/\(edition.id)", editionName: SummaryPage.name(edition.slot, text),
                    current: edition.id == view.fixed?.id)
            }
        hasMoreEditions = view.hasMoreEditions
        moreEditionsURL = "/summary/\(encoded)?\(campaign)&editions=all"
        fixed = view.fixed != nil
        fixedText = view.fixed.map { SummaryPage.fixedText($0, text) } ?? ""
        orientation = metrics.count > 3 ? "sheet-wide" : ""
        self.metrics = metrics.map {
            SummaryMetric(metric: $0.names[words.language], unitOfMeasure: $0.words[words.language])
        }
        let (day, since) = (words("summary.day"), words("summary.since"))
        spans = metrics.flatMap { _ in
            [SummarySpan(span: day, spanClass: "group"), SummarySpan(span: since, spanClass: "since")]
        }
        rows = lines.map { SummaryRow($0, view, metrics, text) }
        hasRestated = lines.contains { !$0.restated.isZero }
        restatedNote = words("summary.restated")
        hasMore = view.metricsLeftOut > 0
        more = words("summary.more", ["n": text.number(Int64(view.metricsLeftOut))])
        note = words("board.attendances_note")
        let told = view.parts.filter { (view.figures.parts[$0]?.day.reports ?? 0) > 0 }.count
        completeness = words(
            "summary.completeness", ["n": text.number(Int64(told)), "m": text.number(Int64(view.parts.count))])
        let own = words.language
        chats = all.sorted { ($0.language == own ? 0 : 1) < ($1.language == own ? 0 : 1) }.map { words in
            ChatText(
                opened: words.language == own, chatID: "chat-\(words.language.rawValue)", chatLang: words.language.rawValue,
                chatLanguage: words.language.ownName, chatText: SummaryFiles.chat(view, words: words))
        }
        positions = text.positions(view.asOf, in: view.tree)
        let file = view.fixed.map { "/summary/\(encoded)/\($0.id)" } ?? "/summary/\(encoded)"
        xlsxURL = "\(file).xlsx?\(campaign)"
        csvURL = "\(file).csv?\(campaign)"
        canFix = view.canFix
        fixURL = "/summary/\(encoded)/fix"
        campaignCode = view.campaign.code
        isEmpty = view.figures.whole.isZero && !(view.restated.map { !$0.whole.isZero } ?? false)
        empty = EmptyState(words("board.empty"), next: words("board.empty.next"))
    }

    static func name(_ slot: SummarySlot, _ text: BoardText) -> String {
        text.words("summary.edition", ["day": text.day(slot.day, .dayMonth), "time": text.minute(slot.minute)])
    }

    private static func fixedText(_ table: FixedSummary, _ text: BoardText) -> String {
        let slots = ["day": text.day(table.slot.day), "time": text.minute(table.slot.minute)]
        guard table.isLate else { return text.words("summary.fixed", slots) }
        let made = [
            "made_day": text.day(Zone.kazakhstan.day(at: table.fixedAt), .dayMonth), "made_time": text.time(table.fixedAt),
        ]
        return text.words("summary.fixed_late", slots.merging(made) { $1 })
    }
}

extension SummaryRow {
    init(_ line: SummaryLine, _ view: SummaryView, _ metrics: [Metric], _ text: BoardText) {
        rowName = line.name(view, text)
        // One line a row keeps twenty regions on one A4; a name longer than this would not fit a phone.
        nameClass = rowName.count <= 28 ? "nowrap" : ""
        rowClass = line.kind == .total ? "total" : ""
        let links = SummaryLinks(line, view)
        rowURL = links.row
        cells = metrics.flatMap { metric -> [SummaryCell] in
            let name = metric.names[text.language]
            func cell(_ value: Int64, _ change: Int64, _ url: String, _ style: String) -> SummaryCell {
                SummaryCell(
                    value: text.number(value), url: url, style: style, label: name,
                    restatedBy: change == 0 ? "" : text.signed(change))
            }
            let (slot, pair, restated) = (metric.slot, line.pair, line.restated)
            return [
                cell(pair.day.amounts[slot], restated.day.amounts[slot], links.day(metric), "group"),
                cell(pair.start.amounts[slot], restated.start.amounts[slot], links.start(metric), "since"),
            ]
        }
    }
}
