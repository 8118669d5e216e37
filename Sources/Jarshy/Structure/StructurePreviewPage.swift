import JarshyKit
import Storage

/// The units' totals as they stand, to set beside what a change would make of them.
struct TotalsBefore: Sendable {
    private struct Key: Hashable {
        let campaign: CampaignNo
        let unit: UnitNo
    }

    private var sums: [Key: Amounts] = [:]

    init(of effect: Restructure.Effect, in db: any Reading) throws {
        for chunk in Padded.chunks(Set(effect.differences.map(\.unit)).sorted()) {
            try db.rows(
                """
                SELECT campaign, unit, \(AmountColumns.sums) FROM total_unit WHERE unit IN \(chunk) AND layer <> 3
                GROUP BY campaign, unit
                """
            ) { row in
                let key = Key(campaign: try row.next(), unit: try row.next())
                sums[key] = try Amounts.reading(&row)
                return true
            }
        }
    }

    /// In the present structure, all bands together.
    func present(_ unit: UnitNo, _ campaign: CampaignNo) -> Amounts { sums[Key(campaign: campaign, unit: unit)] ?? Amounts() }
}

struct StructurePreviewPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let sentence: String
    let warnings: [String]
    let hasWarnings: Bool
    let effects: [StructureEffectRow]
    let hasEffects: Bool
    let effectsSummary: String
    let moved: [String]
    let hasMoved: Bool
    let movedSummary: String
    let action: String
    let hidden: [HiddenInput]
    let applyLabel: String
    let cancelURL: String
    let canApply: Bool

    static let mostMoved = 50

    init(
        _ request: StructureRequest, _ effect: Restructure.Effect, _ before: TotalsBefore, _ tree: Tree, _ campaigns: Campaigns,
        _ visit: Visit
    ) {
        let (words, text) = (visit.words, UnitText(words: visit.words))
        let unit = tree.find(request.unit)
        let title = unit.map(text.title) ?? request.unit
        trail = unit.map { text.trail(above: $0.no, in: tree) + [TrailLink("/units/\(percentEncoded(request.unit))", title)] } ?? []
        here = words("unit.\(request.kind.rawValue)")
        heading = words("preview.title", ["change": here, "unit": title])
        let target = tree.find(request.target).map(text.title)
        sentence = [text.day(request.day), target ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
        let explain = words("unit.\(request.kind.rawValue).explain")
        warnings = [explain]
        hasWarnings = true
        effects = effect.differences.flatMap { difference in
            Self.rows(difference, before, tree, campaigns, words)
        }
        hasEffects = !effects.isEmpty
        effectsSummary =
            hasEffects || effect.reposted > 0
            ? words("preview.summary", ["n": words.format.number(effect.reposted)]) : words("preview.none")
        let below = unit.map { tree.subtree(of: $0.no).dropFirst() } ?? []
        moved = below.prefix(Self.mostMoved).compactMap { tree[$0].map(text.title) }
        hasMoved = !moved.isEmpty && request.kind != .close
        movedSummary = words("preview.moved", ["n": words.format.number(below.count)])
        action = "/units/\(percentEncoded(request.unit))/\(request.kind.rawValue)"
        hidden = [
            HiddenInput(hiddenName: "day", hiddenValue: request.day.description),
            HiddenInput(hiddenName: "target", hiddenValue: request.target),
            HiddenInput(hiddenName: "parts", hiddenValue: request.partsText),
        ]
        applyLabel = words("preview.apply")
        cancelURL = "/units/\(percentEncoded(request.unit))"
        canApply = true
    }

    /// One row a unit and metric that would change in the present structure.
    private static func rows(
        _ difference: Restructure.Effect.Difference, _ before: TotalsBefore, _ tree: Tree, _ campaigns: Campaigns, _ words: Words
    ) -> [StructureEffectRow] {
        guard let unit = tree[difference.unit], let campaign = campaigns.find(difference.campaign) else { return [] }
        let old = before.present(unit.no, campaign.no)
        return campaign.metrics.compactMap { metric in
            let change = difference.present[metric.slot]
            guard change != 0 else { return nil }
            let code = tree.code(of: unit.no)
            return StructureEffectRow(
                effectUnit: unit.titles[words.language], effectURL: "/board/\(code)", metric: metric.names[words.language],
                before: words.format.number(Int(old[metric.slot])), after: words.format.number(Int(old[metric.slot] + change)),
                difference: words.format.signed(Int(change)), direction: change > 0 ? "up" : "down")
        }
    }
}

struct StructureEffectRow: PageModel {
    let effectUnit: String
    let effectURL: String
    let metric: String
    let before: String
    let after: String
    let difference: String
    let direction: String
}
