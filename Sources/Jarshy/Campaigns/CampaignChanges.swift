import JarshyKit

/// What an import of a campaign does, worked out before anything is written: told in lines of English, or refused.
struct CampaignChanges: Sendable {
    /// Nil where the files could not be read.
    private(set) var plan: CampaignPlan?
    /// The campaign as it stands; nil for a new one.
    private(set) var old: Campaign?
    /// With the slots they have or get.
    private(set) var metrics: [Metric] = []
    /// One line a change; none when the files say what is there already.
    private(set) var lines: [String] = []
    private(set) var refused: [CampaignFault] = []

    init(refused: [CampaignFault]) { self.refused = refused }

    init(new plan: CampaignPlan) {
        self.plan = plan
        lines = [
            """
            campaign '\(plan.code)': \(plan.days.first) to \(plan.days.last), \(plan.audiences.count) audiences, \
            \(plan.channels.count) channels, \(plan.metrics.count) metrics, \(plan.activities.count) activities
            """
        ]
    }

    init(_ sheet: CampaignSheet, over old: Campaign, standing: StandingFigures) {
        (plan, self.old) = (sheet.plan, old)
        let plan = sheet.plan
        compareHead(sheet, old, standing)
        compare("audiences", plan.audiences.map { ($0.code, $0.names) }, old.audiences.map { ($0.code, $0.names) })
        compare("channels", plan.channels.map { ($0.code, $0.names) }, old.channels.map { ($0.code, $0.names) })
        compare("metrics", plan.metrics.map { ($0.code, $0.names) }, old.metrics.map { ($0.code, $0.names) })
        compare("activities", plan.activities.map { ($0.code, $0.names) }, old.activities.map { ($0.code, $0.names) })
        compareMetrics(sheet, old, standing)
        compareActivities(sheet, old, standing)
    }

    private mutating func compareHead(_ sheet: CampaignSheet, _ old: Campaign, _ standing: StandingFigures) {
        let plan = sheet.plan
        for (key, new, was) in [
            ("class", "\(plan.isInformation)", "\(old.isInformation)"), ("event_metric", plan.eventMetric, old.eventMetric),
            ("sample", "\(plan.isSample)", "\(old.isSample)"),
        ] where new != was {
            refused.append(sheet.fault(key, "\(key) of a campaign that is there does not change"))
        }
        let (names, abouts) = (plan.names, plan.abouts)
        for (key, new, was) in [
            ("name_kk", names.kk, old.names.kk), ("name_ru", names.ru, old.names.ru), ("name_en", names.en, old.names.en),
            ("about_kk", abouts.kk, old.abouts.kk), ("about_ru", abouts.ru, old.abouts.ru),
            ("about_en", abouts.en, old.abouts.en), ("first_day", "\(plan.days.first)", "\(old.first)"),
            ("last_day", "\(plan.days.last)", "\(old.last)"),
            ("vote_day", plan.days.vote?.description ?? "", old.vote?.description ?? ""),
            ("quiet_from_day", plan.days.quietFrom?.description ?? "", old.quietFrom?.description ?? ""),
        ] where new != was {
            lines.append("\(key): '\(was)' becomes '\(new)'")
        }
        if let first = standing.first, plan.days.first > first, plan.days.first > old.first {
            refused.append(sheet.fault("first", "reports stand from \(first) on; the first day cannot be later"))
        }
        if let last = standing.last, plan.days.last < last, plan.days.last < old.last {
            refused.append(sheet.fault("last", "reports stand up to \(last); the last day cannot be earlier"))
        }
    }

    /// Codes and names of a list; a code that is gone is refused, for figures, events and materials name it.
    private mutating func compare(_ table: String, _ new: [(code: String, names: Trio)], _ old: [(code: String, names: Trio)]) {
        for item in old where !new.contains(where: { $0.code == item.code }) {
            refused.append(CampaignFault(table: table, line: 0, detail: "'\(item.code)' is gone; what is there stays"))
        }
        for item in new {
            guard let was = old.first(where: { $0.code == item.code }) else {
                lines.append("\(table): new '\(item.code)'")
                continue
            }
            if was.names != item.names { lines.append("\(table): new names of '\(item.code)'") }
        }
        let kept = old.map(\.code).filter { code in new.contains { $0.code == code } }
        if new.map(\.code).filter(kept.contains) != kept { lines.append("\(table): another order") }
    }

    private mutating func compareMetrics(_ sheet: CampaignSheet, _ old: Campaign, _ standing: StandingFigures) {
        var free = (old.metrics.map(\.slot).max() ?? -1) + 1
        for var metric in sheet.plan.metrics {
            guard let was = old.metric(metric.code) else {
                metric.slot = free
                free += 1
                metrics.append(metric)
                continue
            }
            metric.slot = was.slot
            metrics.append(metric)
            let isOther = metric.additive != was.additive || metric.about != was.about || metric.atMost != was.atMost
            let isNarrower = metric.lowest > was.lowest || metric.highest < was.highest
            if standing.areThere, isOther || isNarrower {
                refused.append(
                    sheet.fault(
                        "metrics.\(metric.code)",
                        isOther
                            ? "reports stand; additive, about and max_metric of '\(metric.code)' do not change any more"
                            : "reports stand; the bounds of '\(metric.code)' (\(was.lowest) to \(was.highest)) do not become narrower"))
            } else if Self.nameless(metric) != Self.nameless(was) {
                lines.append("metrics: '\(metric.code)' is counted or asked about otherwise")
            }
        }
        // Slots are given once: those of a campaign never move.
        if free > CampaignPlan.mostMetrics {
            refused.append(CampaignFault(table: "metrics", line: 0, detail: "a campaign has at most \(CampaignPlan.mostMetrics) metrics"))
        }
    }

    private static func nameless(_ metric: Metric) -> Metric {
        Metric(
            code: metric.code, slot: metric.slot, names: Trio(kk: "", ru: "", en: ""), words: metric.words,
            additive: metric.additive, about: metric.about, mayHaveTarget: metric.mayHaveTarget, lowest: metric.lowest,
            highest: metric.highest, atMost: metric.atMost, askAbove: metric.askAbove, askAboveMetric: metric.askAboveMetric,
            askCapacity: metric.askCapacity, askSettlementShare: metric.askSettlementShare,
            askHistoryTimes: metric.askHistoryTimes, askHistoryAbove: metric.askHistoryAbove)
    }

    private mutating func compareActivities(_ sheet: CampaignSheet, _ old: Campaign, _ standing: StandingFigures) {
        for activity in sheet.plan.activities {
            guard let was = old.activity(activity.code) else { continue }
            let gone = was.metrics.filter { !activity.metrics.contains($0) }
            if standing.areThere, !gone.isEmpty {
                // A form that no longer asks would drop the number when an old report is corrected.
                refused.append(
                    sheet.fault(
                        "activities.\(activity.code)",
                        "reports stand; '\(activity.code)' goes on asking for \(gone.joined(separator: " "))"))
            } else if activity.metrics != was.metrics || activity.channels != was.channels {
                lines.append("activities: '\(activity.code)' has other metrics or channels")
            }
        }
    }
}
