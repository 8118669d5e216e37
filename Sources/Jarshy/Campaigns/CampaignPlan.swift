import JarshyKit

/// A whole campaign as data, before it is in the database: what a seed, an import or the demo brings along.
struct CampaignPlan: Sendable {
    let code: String
    let isInformation: Bool
    let names: Trio
    let abouts: Trio
    let days: CampaignDays
    let eventMetric: String
    let isSample: Bool
    let audiences: [Campaign.Term]
    let channels: [Campaign.Term]
    /// In the order shown; slots are given in this order too.
    let metrics: [Metric]
    let activities: [Campaign.Activity]

    static let mostMetrics = 16

    /// The metrics with slots in their order, as a new campaign has them.
    var slotted: [Metric] {
        metrics.enumerated().map { slot, metric in
            var metric = metric
            metric.slot = slot
            return metric
        }
    }
}

/// When a campaign runs, and when it is to be quiet.
struct CampaignDays: Sendable, Hashable {
    let first: Day
    let last: Day
    /// The day of the vote, where there is one.
    var vote: Day?
    /// The first quiet day; the quiet period lasts to the end of the vote day.
    var quietFrom: Day?

    var faults: [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if last < first { faults.append(Problem.Fault("last", "campaign-days", "The last day is before the first.")) }
        if last.number - first.number > 3660 {
            faults.append(Problem.Fault("last", "campaign-long", "A campaign lasts at most ten years."))
        }
        if let vote, vote < first || vote > last {
            faults.append(Problem.Fault("vote", "campaign-vote", "The day of the vote is outside the campaign."))
        }
        if let quietFrom {
            if vote == nil {
                faults.append(
                    Problem.Fault("quiet_from", "campaign-quiet-alone", "A quiet period needs a day of the vote."))
            } else if let vote, quietFrom > vote || quietFrom < first {
                faults.append(
                    Problem.Fault(
                        "quiet_from", "campaign-quiet",
                        "The quiet period begins within the campaign, not after the vote."))
            }
        }
        return faults
    }
}

extension CampaignPlan {
    /// Everything wrong with the plan, each with its place (`metrics.attendees.target`).
    var faults: [Problem.Fault] {
        var faults = days.faults
        if code.isEmpty || !code.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }) {
            faults.append(
                Problem.Fault("code", "campaign-code", "The code is small Latin letters, digits and hyphens."))
        }
        for (field, name) in [("name_kk", names.kk), ("name_ru", names.ru), ("name_en", names.en)] where name.isEmpty {
            faults.append(Problem.Fault(field, "missing", "\(field) is empty."))
        }
        for (field, text, longest) in [
            ("name_kk", names.kk, 200), ("name_ru", names.ru, 200), ("name_en", names.en, 200),
            ("about_kk", abouts.kk, 2000), ("about_ru", abouts.ru, 2000), ("about_en", abouts.en, 2000),
        ] where text.unicodeScalars.count > longest {
            faults.append(
                Problem.Fault(field, "too-long", "\(field) is longer than \(longest).", slots: ["max": String(longest)]))
        }
        faults += metrics.flatMap { self.faults($0) }
        if metrics.count > Self.mostMetrics {
            faults.append(
                Problem.Fault("metrics", "campaign-metrics", "A campaign has at most \(Self.mostMetrics) metrics."))
        }
        if metrics.first(where: { $0.code == eventMetric })?.additive != true {
            faults.append(
                Problem.Fault("event_metric", "campaign-event", "'\(eventMetric)' is no metric that adds up."))
        }
        for activity in activities {
            for channel in activity.channels where !channels.contains(where: { $0.code == channel }) {
                faults.append(.unlisted("activities.\(activity.code).channel", channel))
            }
            if Set(activity.channels).count != activity.channels.count || Set(activity.metrics).count != activity.metrics.count {
                faults.append(
                    Problem.Fault(
                        "activities.\(activity.code)", "campaign-twice", "'\(activity.code)' names a channel or metric twice."))
            }
            for metric in activity.metrics where !metrics.contains(where: { $0.code == metric }) {
                faults.append(.unlisted("activities.\(activity.code).metrics", metric))
            }
        }
        for (what, codes) in [
            ("audiences", audiences.map(\.code)), ("channels", channels.map(\.code)), ("metrics", metrics.map(\.code)),
            ("activities", activities.map(\.code)),
        ] {
            if codes.isEmpty { faults.append(Problem.Fault(what, "missing", "There are no \(what).")) }
            if Set(codes).count != codes.count {
                faults.append(Problem.Fault(what, "campaign-twice", "A code stands twice among the \(what)."))
            }
        }
        return faults
    }

    private func faults(_ metric: Metric) -> [Problem.Fault] {
        let place = "metrics.\(metric.code)"
        var faults: [Problem.Fault] = []
        if metric.about == .people, metric.mayHaveTarget {
            faults.append(
                Problem.Fault(
                    "\(place).target", "metric-people-target",
                    "'\(metric.code)' counts people; a number about people carries no target and ranks nobody."))
        }
        if metric.lowest < 0 || metric.highest < metric.lowest {
            faults.append(
                Problem.Fault("\(place).highest", "metric-bounds", "The bounds of '\(metric.code)' are not in order."))
        }
        for other in [metric.atMost, metric.askAboveMetric].compactMap({ $0 })
        where !metrics.contains(where: { $0.code == other }) {
            faults.append(.unlisted(place, other))
        }
        return faults
    }
}

extension Problem.Fault {
    fileprivate static func unlisted(_ field: String, _ code: String) -> Problem.Fault {
        Problem.Fault(field, "campaign-unlisted", "'\(code)' is not in the campaign's lists.", slots: ["code": code])
    }
}
