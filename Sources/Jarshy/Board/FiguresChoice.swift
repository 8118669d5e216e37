import JarshyKit
import Storage

/// What of a unit's figures an address asks for: `campaign from to activity audience channel organization metric basis`.
///
/// The same words stand in the board's, the API's, the citation's and the report list's addresses.
struct FiguresChoice: Sendable {
    let campaign: Campaign
    var basis = RollupBasis.reported
    var from: Day?
    var to: Day?
    var activity: String?
    var audience: String?
    var channel: String?
    var organizations: [Organization] = []
    /// The metric compared between children, on the map and by day.
    var metric: Metric

    /// - Throws: 404 for an unknown campaign, 422 with every faulty name for the rest.
    init(_ fields: Fields, campaigns: Campaigns, organizations all: [Organization], today: Day) throws {
        let code = fields.text("campaign")
        let campaign = try campaigns.chosen(code, on: today)
        self.campaign = campaign
        var faults: [Problem.Fault] = []
        func listed(_ field: String, in codes: [String]) -> String? {
            let code = fields.text(field)
            if code.isEmpty { return nil }
            if !codes.contains(code) { faults.append(Problem.Fault(field, "not-listed", "There is no '\(code.prefix(60))'.")) }
            return code
        }
        func day(_ field: String) -> Day? {
            let text = fields.text(field)
            if text.isEmpty { return nil }
            if let day = Day(text) { return day }
            faults.append(Problem.Fault(field, "not-day", "'\(text.prefix(20))' is no day; write YYYY-MM-DD."))
            return nil
        }
        activity = listed("activity", in: campaign.activities.map(\.code))
        audience = listed("audience", in: campaign.audiences.map(\.code))
        channel = listed("channel", in: campaign.channels.map(\.code))
        from = day("from")
        to = day("to")
        basis = listed("basis", in: RollupBasis.allCases.map(\.rawValue)).flatMap { RollupBasis(rawValue: $0) } ?? .reported
        let additive = campaign.metrics.filter(\.additive)
        let chosen = listed("metric", in: additive.map(\.code)) ?? campaign.eventMetric
        for code in fields.all("organization") where !code.isEmpty {
            if let found = all.first(where: { $0.code == code || $0.id.description == code }) {
                organizations.append(found)
            } else {
                faults.append(Problem.Fault("organization", "not-listed", "There is no '\(code.prefix(60))'."))
            }
        }
        guard let metric = additive.first(where: { $0.code == chosen }) ?? additive.first else {
            throw Problem.notFound("metric")
        }
        self.metric = metric
        if let from, let to, to < from {
            faults.append(Problem.Fault("to", "day-order", "The last day \(to) is before the first, \(from)."))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
    }

    /// True when nothing narrows the figures of the campaign.
    var isWhole: Bool {
        from == nil && to == nil && activity == nil && audience == nil && channel == nil && organizations.isEmpty
    }

    /// The filters alone, which the report list understands too.
    var filterFields: Fields {
        var fields = Fields([("campaign", campaign.code)])
        if let from { fields.append("from", from.description) }
        if let to { fields.append("to", to.description) }
        if let activity { fields.append("activity", activity) }
        if let audience { fields.append("audience", audience) }
        if let channel { fields.append("channel", channel) }
        for organization in organizations { fields.append("organization", organization.code) }
        return fields
    }

    /// The whole choice as an address says it; what is usual is left out.
    var fields: Fields {
        var fields = filterFields
        if metric.code != campaign.eventMetric { fields.append("metric", metric.code) }
        if basis != .reported { fields.append("basis", basis.rawValue) }
        return fields
    }

    func query(_ scope: FiguresScope) -> RollupQuery {
        let own = organizations.isEmpty ? nil : Set(organizations.map(\.no))
        let filter = CellFilter(activity: activity, audience: audience, channel: channel, organizations: own)
        return RollupQuery(
            campaign: campaign, unit: scope.unit.no, basis: basis, from: from, to: to,
            cells: filter.narrowed(to: scope.organizations))
    }
}
