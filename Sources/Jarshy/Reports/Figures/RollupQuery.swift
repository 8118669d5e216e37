import JarshyKit
import Storage

/// What is to be added up: a unit's figures in a campaign, perhaps of some days, perhaps of some cells only.
struct RollupQuery: Sendable {
    let campaign: Campaign
    let unit: UnitNo
    var basis = RollupBasis.reported
    /// First and last day of the figures, both included.
    var from: Day?
    var to: Day?
    var cells = CellFilter()
    /// The metrics to read, by slot; nil reads every additive metric. Fewer are faster, nothing else.
    var slots: [Int]?

    var hasDays: Bool { from != nil || to != nil }

    /// The slots a statement sums. Peaks are never summed (see `Peaks`).
    var summed: [Int] {
        let additive = campaign.metrics.filter(\.additive).map(\.slot).sorted()
        guard let slots else { return additive }
        return additive.filter(slots.contains)
    }

    func with(_ change: (inout RollupQuery) -> Void) -> RollupQuery {
        var query = self
        change(&query)
        return query
    }
}

/// Whose children a figure's unit counts among.
enum RollupBasis: String, CaseIterable, Sendable {
    /// Those it stood under on the report's day.
    case reported
    /// Those it stands under today.
    case present
}

/// By what the rows of an answer are told apart.
enum RollupBy: String, CaseIterable, Sendable {
    case unit, day, week, month, activity, audience, channel, organization
}

/// Which figures count, by what they are about; empty means all.
struct CellFilter: Sendable, Hashable {
    var activity: String?
    var audience: String?
    var channel: String?
    /// Nil: every organisation's; an empty set matches nothing.
    var organizations: Set<OrganizationNo>?

    var isEmpty: Bool { self == CellFilter() }

    /// The same, narrowed to what an actor may see.
    func narrowed(to allowed: Set<OrganizationNo>?) -> CellFilter {
        guard let allowed else { return self }
        var filter = self
        filter.organizations = organizations.map { $0.intersection(allowed) } ?? allowed
        return filter
    }

    func matches(_ cell: Cell) -> Bool {
        (activity == nil || activity == cell.activity) && (audience == nil || audience == cell.audience)
            && (channel == nil || channel == cell.channel) && (organizations?.contains(cell.organization) ?? true)
    }

    /// The cells of a campaign that match, as a subquery for `IN`.
    func cells(of campaign: CampaignNo) -> SQL {
        var sql: SQL = "(SELECT id FROM cell WHERE campaign = \(campaign)"
        if let activity { sql += " AND activity = \(activity)" }
        if let audience { sql += " AND audience = \(audience)" }
        if let channel { sql += " AND channel = \(channel)" }
        if let organizations { sql += " AND organization IN \(organizations.sorted())" }
        return sql + ")"
    }
}
