import JarshyKit

/// What waits for a decision. Fields as in `needs.mustache`.
struct Needs: PageModel {
    let nothing: Bool
    let nothingText: String
    let groups: [NeedGroup]
}

struct NeedGroup: PageModel {
    let icon: String
    let title: String
    let count: String
    let items: [NeedItem]
    let hasMore: Bool
    let moreURL: String
    let more: String
}

struct NeedItem: PageModel {
    let itemURL: String
    let item: String
    let detail: String
}

extension Needs {
    init(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) {
        groups = [Needs.silent(view, links, text)].compactMap { $0 } + Needs.reports(view, links, text)
        nothing = groups.isEmpty
        nothingText = text.words("board.needs.nothing")
    }

    private static func silent(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) -> NeedGroup? {
        let words = text.words
        guard let presence = view.presence, view.campaign.first <= view.today else { return nil }
        let silent = Silence.rows(.quiet, below: view.unit, presence, in: view.tree, on: view.today)
        guard !silent.isEmpty else { return nil }
        let items = silent.prefix(Attention.shown).map { row in
            NeedItem(
                itemURL: links.board(view.tree.code(of: row.unit)), item: text.title(row.unit, in: view.tree),
                detail: row.last.map { words.count("board.silent", max(0, $0.distance(to: view.today))) }
                    ?? words("board.needs.never"))
        }
        return NeedGroup(
            icon: "missing", title: SilencePage.heading(.quiet, words), count: text.number(Int64(silent.count)), items: items,
            hasMore: silent.count > items.count,
            moreURL: SilencePage.address(view.scope.code, view.campaign, .quiet),
            more: words("board.needs.more", ["n": text.number(Int64(silent.count))]))
    }

    private static func reports(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) -> [NeedGroup] {
        guard let attention = view.attention else { return [] }
        return Attention.Kind.allCases.compactMap { kind in
            guard let count = attention.counts[kind], count > 0 else { return nil }
            let items = (attention.items[kind] ?? []).map { item in
                NeedItem(
                    itemURL: "/reports/\(item.report)", item: text.title(item.unit, in: view.tree),
                    detail: text.day(item.day, .dayMonth))
            }
            let url = links.made(view.scope.code) { fields in
                fields.append(kind == .competing ? "state" : "flag", kind.rawValue)
                if kind != .competing { fields.append("unchecked", view.level.name) }
            }
            return NeedGroup(
                icon: kind == .competing ? "competing" : kind == .unusual ? "question" : "flagged",
                title: text.words("board.needs.\(kind.rawValue)"), count: text.number(count), items: items,
                hasMore: count > Int64(items.count), moreURL: url,
                more: text.words("board.needs.more", ["n": text.number(count)]))
        }
    }
}
