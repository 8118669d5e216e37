import JarshyKit

/// One way of dividing the chosen figure. Fields as in `breakdown.mustache`.
struct Breakdown: PageModel {
    let title: String
    let base: String
    let parts: [BreakdownPart]
}

struct BreakdownPart: PageModel {
    let partURL: String
    let part: String
    let value: String
    let share: String
    let bar: Bar
}

extension Breakdown {
    /// By activity, audience, channel and organisation, each in the campaign's own order: people are not ranked.
    static func all(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) -> [Breakdown] {
        let campaign = view.campaign
        func terms(_ terms: [Campaign.Term]) -> [(String, Trio)] { terms.map { ($0.code, $0.names) } }
        return [
            make("activity", campaign.activities.map { ($0.code, $0.names) }, view, links, text) { $0.activity },
            make("audience", terms(campaign.audiences), view, links, text) { $0.audience },
            make("channel", terms(campaign.channels), view, links, text) { $0.channel },
            organizations(view, links, text),
        ].compactMap { $0 }
    }

    private static func organizations(_ view: BoardView, _ links: BoardLinks, _ text: BoardText) -> Breakdown? {
        let codes = Dictionary(uniqueKeysWithValues: view.organizations.map { ($0.no, $0.code) })
        return make("organization", view.organizations.map { ($0.code, $0.names) }, view, links, text) {
            codes[$0.organization] ?? ""
        }
    }

    private static func make(
        _ field: String, _ terms: [(code: String, names: Trio)], _ view: BoardView, _ links: BoardLinks, _ text: BoardText,
        _ key: (Cell) -> String
    ) -> Breakdown? {
        var sums: [String: Int64] = [:]
        for share in view.cells { sums[key(share.cell), default: 0] += share.value }
        let whole = sums.values.reduce(0, +)
        guard whole > 0 else { return nil }
        var parts = terms.compactMap { term -> BreakdownPart? in
            guard let value = sums[term.code], value != 0 else { return nil }
            let url = links.board(view.scope.code) { $0 = $0.setting(field, term.code) }
            return part(term.names[text.language], value, of: whole, url: url, text)
        }
        if let rest = sums[""], rest != 0 {
            parts.append(part(text.words("board.by.none"), rest, of: whole, url: links.made(view.scope.code, of: view.metric), text))
        }
        return Breakdown(
            title: text.words("board.by.\(field)"), base: text.words("board.by.base", ["n": text.number(whole)]), parts: parts)
    }

    private static func part(
        _ name: String, _ value: Int64, of whole: Int64, url: String, _ text: BoardText
    ) -> BreakdownPart {
        let share = text.share(value, of: whole)
        return BreakdownPart(
            partURL: url, part: name, value: text.number(value), share: share,
            bar: Bar(value, of: whole, words: "\(name): \(share)"))
    }
}
