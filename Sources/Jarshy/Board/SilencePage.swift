import JarshyKit

/// Who is silent below a unit. Fields as in `silent.mustache`.
struct SilencePage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let shows: [Choice]
    let rows: [SilenceRow]
    let pagination: Pagination
    let isEmpty: Bool
    let empty: EmptyState
}

struct SilenceRow: HotRow {
    let name: String
    let url: String
    let above: String
    let last: String
    let days: String

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "unitName": self.name
        case "unitURL": url
        case "above": above
        case "last": last
        case "days": days
        default: nil
        }
    }
}

extension SilencePage {
    static func address(_ code: String, _ campaign: Campaign, _ show: Silence.Show, skipping: Int = 0) -> String {
        let skip = skipping > 0 ? "&skip=\(skipping)" : ""
        return "/board/\(percentEncoded(code))/silent?campaign=\(percentEncoded(campaign.code))&show=\(show.rawValue)" + skip
    }

    static func heading(_ show: Silence.Show, _ words: Words) -> String {
        show == .quiet
            ? words("board.needs.missing", ["n": words.format.number(Campaign.daysOnTime)])
            : words("board.silent.\(show.rawValue)")
    }

    init(_ view: Silence, skipping: Int, words: Words) {
        let text = BoardText(words: words)
        let (tree, code) = (view.scope.tree, view.scope.code)
        let campaign = Fields([("campaign", view.campaign.code)])
        func page(_ skip: Int) -> String { SilencePage.address(code, view.campaign, view.show, skipping: skip) }
        trail = [TrailLink(BoardLinks.board(code, campaign), text.title(view.scope.unit.no, in: tree))]
        here = SilencePage.heading(view.show, words)
        heading = here
        shows = Silence.Show.allCases.map { show in
            Choice(
                choiceURL: SilencePage.address(code, view.campaign, show), choiceName: SilencePage.heading(show, words),
                current: show == view.show)
        }
        rows = view.rows.dropFirst(skipping).prefix(Silence.pageSize).map { row in
            SilenceRow(
                name: text.title(row.unit, in: tree), url: BoardLinks.board(tree.code(of: row.unit), campaign),
                above: tree.parent(of: row.unit).map { text.title($0, in: tree) } ?? "",
                last: row.last.map { text.day($0, .short) } ?? "–",
                days: row.last.map { text.number(Int64(max(0, $0.distance(to: view.today)))) } ?? "–")
        }
        let next = skipping + Silence.pageSize
        pagination = Pagination(
            summary: words("board.silent.count", ["n": text.number(Int64(view.rows.count))]),
            previous: skipping > 0 ? page(max(0, skipping - Silence.pageSize)) : nil,
            next: view.rows.count > next ? page(next) : nil)
        isEmpty = rows.isEmpty
        empty = EmptyState(words("board.silent.none"), next: words("board.silent.none.next"))
    }
}
