import JarshyKit
import Storage

/// Brings a campaign from its five tables: a new one, or changes of one that is there. Needs `manageCampaigns` over the
/// whole tree; the command line runs it as the operator. All of it or nothing; the same files again change nothing.
///
/// What figures mean does not change under them: nothing is taken out, and once a report stands no metric counts
/// otherwise or within narrower bounds (`CampaignChanges`).
struct ImportCampaign: Action {
    let files: [String: [UInt8]]

    /// What was done, or would be had nothing been refused.
    typealias Result = CampaignChanges

    /// The changes alone: what a dry run shows.
    func plan(in db: any Reading) throws -> CampaignChanges {
        let sheet = CampaignSheet.read(files)
        guard sheet.faults.isEmpty else { return CampaignChanges(refused: sheet.faults) }
        guard let old = try Campaigns.current(in: db).find(sheet.plan.code) else { return CampaignChanges(new: sheet.plan) }
        return CampaignChanges(sheet, over: old, standing: try StandingFigures(of: old.no, in: db))
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> CampaignChanges {
        try CampaignWrites.require(.manageCampaigns, of: actor, at: now, in: db)
        let changes = try plan(in: db)
        guard changes.refused.isEmpty, let plan = changes.plan, !changes.lines.isEmpty else { return changes }
        guard let old = changes.old else {
            _ = try SeedCampaign(plan: plan).perform(by: actor, at: now, in: db)
            return changes
        }
        try writeHead(plan, old.no, in: db)
        try writeTerms(plan.audiences, old.audiences, .audience, old.no, in: db)
        try writeTerms(plan.channels, old.channels, .channel, old.no, in: db)
        try writeMetrics(changes.metrics, old, in: db)
        try writeActivities(plan.activities, old, in: db)
        try Feed.record(
            FeedLine("import", "campaign", plan.code, detail: "changes=\(changes.lines.count)"), by: actor, at: now, in: db)
        return changes
    }

    private func writeHead(_ plan: CampaignPlan, _ no: CampaignNo, in db: any Writing) throws {
        try db.run(
            """
            UPDATE campaign SET name_kk = \(plan.names.kk), name_ru = \(plan.names.ru), name_en = \(plan.names.en),
                about_kk = \(plan.abouts.kk), about_ru = \(plan.abouts.ru), about_en = \(plan.abouts.en),
                first_day = \(plan.days.first), last_day = \(plan.days.last), vote_day = \(plan.days.vote),
                quiet_from_day = \(plan.days.quietFrom), stamp = \(CampaignWrites.freshStamp())
            WHERE no = \(no)
            """)
    }

    private func writeTerms(
        _ terms: [Campaign.Term], _ old: [Campaign.Term], _ table: CampaignWrites.TermTable, _ no: CampaignNo,
        in db: any Writing
    ) throws {
        guard terms != old else { return }
        for (index, term) in terms.enumerated() {
            if !old.contains(where: { $0.code == term.code }) {
                try CampaignWrites.insert([term], into: table, of: no, from: index, in: db)
                continue
            }
            switch table {
            case .audience:
                try db.run(
                    """
                    UPDATE audience SET position = \(index + 1), name_kk = \(term.names.kk), name_ru = \(term.names.ru),
                        name_en = \(term.names.en) WHERE campaign = \(no) AND code = \(term.code)
                    """)
            case .channel:
                try db.run(
                    """
                    UPDATE channel SET position = \(index + 1), name_kk = \(term.names.kk), name_ru = \(term.names.ru),
                        name_en = \(term.names.en) WHERE campaign = \(no) AND code = \(term.code)
                    """)
            }
        }
    }

    private func writeMetrics(_ metrics: [Metric], _ old: Campaign, in db: any Writing) throws {
        guard metrics != old.metrics else { return }
        for (index, metric) in metrics.enumerated() {
            if old.metric(metric.code) == nil {
                try CampaignWrites.insert([metric], of: old.no, from: index, in: db)
                continue
            }
            try db.run(
                """
                UPDATE metric SET position = \(index + 1), name_kk = \(metric.names.kk), name_ru = \(metric.names.ru),
                    name_en = \(metric.names.en), word_kk = \(metric.words.kk), word_ru = \(metric.words.ru),
                    word_en = \(metric.words.en), additive = \(metric.additive), about = \(metric.about),
                    target = \(metric.mayHaveTarget), lowest = \(metric.lowest), highest = \(metric.highest),
                    at_most = \(metric.atMost), ask_above = \(metric.askAbove), ask_above_metric = \(metric.askAboveMetric),
                    ask_capacity = \(metric.askCapacity), ask_settlement_share = \(metric.askSettlementShare),
                    ask_history_times = \(metric.askHistoryTimes), ask_history_above = \(metric.askHistoryAbove)
                WHERE campaign = \(old.no) AND code = \(metric.code)
                """)
        }
    }

    private func writeActivities(_ activities: [Campaign.Activity], _ old: Campaign, in db: any Writing) throws {
        guard activities != old.activities else { return }
        for (index, activity) in activities.enumerated() {
            guard let known = old.activity(activity.code) else {
                try CampaignWrites.insert([activity], of: old.no, from: index, in: db)
                continue
            }
            try db.run(
                """
                UPDATE activity SET position = \(index + 1), name_kk = \(activity.names.kk), name_ru = \(activity.names.ru),
                    name_en = \(activity.names.en), channel = \(activity.channel)
                WHERE campaign = \(old.no) AND code = \(activity.code)
                """)
            guard activity.metrics != known.metrics || activity.otherChannels != known.otherChannels else { continue }
            try db.run("DELETE FROM activity_metric WHERE campaign = \(old.no) AND activity = \(activity.code)")
            try db.run("DELETE FROM activity_channel WHERE campaign = \(old.no) AND activity = \(activity.code)")
            try CampaignWrites.insertLists(of: [activity], of: old.no, in: db)
        }
    }
}

/// What of a campaign's figures forbids changes: the days reports stand on, voided ones among them.
struct StandingFigures: Sendable {
    let first: Day?
    let last: Day?

    init(of campaign: CampaignNo, in db: any Reading) throws {
        // Each by its own end of the index `report_day`.
        first = try db.first(Day.self, "SELECT day FROM report WHERE campaign = \(campaign) ORDER BY day LIMIT 1")
        last = try db.first(Day.self, "SELECT day FROM report WHERE campaign = \(campaign) ORDER BY day DESC LIMIT 1")
    }

    init(first: Day? = nil, last: Day? = nil) { (self.first, self.last) = (first, last) }

    var areThere: Bool { first != nil }
}
