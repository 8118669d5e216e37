import JarshyKit
import Storage

/// Brings a whole campaign into the database. Needs `manageCampaigns` over the whole tree. A code that is there already
/// is refused: what a campaign counts does not change under figures that stand.
struct SeedCampaign: Action {
    let plan: CampaignPlan

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> CampaignNo {
        try CampaignWrites.require(.manageCampaigns, of: actor, at: now, in: db)
        let faults = plan.faults
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        guard try db.first(Int64.self, "SELECT no FROM campaign WHERE code = \(plan.code)") == nil else {
            throw Problem.conflict(
                "campaign-exists", "There is a campaign '\(plan.code)' already.", slots: ["code": plan.code])
        }
        let no = CampaignNo(try db.value("SELECT coalesce(max(no), 0) + 1 FROM campaign"))
        try insertCampaign(no, at: now, in: db)
        try CampaignWrites.insert(
            plan.audiences, "INSERT INTO audience (campaign, code, position, name_kk, name_ru, name_en) VALUES", of: no,
            in: db)
        try CampaignWrites.insert(
            plan.channels, "INSERT INTO channel (campaign, code, position, name_kk, name_ru, name_en) VALUES", of: no,
            in: db)
        try insertMetrics(no, in: db)
        try insertActivities(no, in: db)
        try Feed.record(
            FeedLine(
                "seed", "campaign", plan.code,
                detail: "metrics=\(plan.metrics.count) days=\(plan.days.first)..\(plan.days.last)"),
            by: actor, at: now, in: db)
        return no
    }

    private func insertCampaign(_ no: CampaignNo, at now: Instant, in db: any Writing) throws {
        // Said apart: within the statement a bare literal would be taken for SQL.
        let kind: String = plan.isInformation ? "information" : "campaigning"
        try db.run(
            """
            INSERT INTO campaign (no, id, code, class, name_kk, name_ru, name_en, about_kk, about_ru, about_en,
                first_day, last_day, vote_day, quiet_from_day, event_metric, sample, stamp)
            VALUES (\(no), \(ID<CampaignMark>.make(at: now)), \(plan.code),
                \(kind), \(plan.names.kk), \(plan.names.ru), \(plan.names.en),
                \(plan.abouts.kk), \(plan.abouts.ru), \(plan.abouts.en), \(plan.days.first), \(plan.days.last),
                \(plan.days.vote), \(plan.days.quietFrom), \(plan.eventMetric), \(plan.isSample),
                \(CampaignWrites.freshStamp()))
            """)
    }

    private func insertMetrics(_ no: CampaignNo, in db: any Writing) throws {
        try db.insert(
            """
            INSERT INTO metric (campaign, code, slot, position, name_kk, name_ru, name_en, word_kk, word_ru, word_en,
                additive, about, target, lowest, highest, at_most, ask_above, ask_above_metric, ask_capacity,
                ask_settlement_share, ask_history_times, ask_history_above) VALUES
            """,
            rows: plan.metrics.enumerated().map { index, metric in
                [
                    no.bind, metric.code.bind, Int64(index).bind, Int64(index + 1).bind, metric.names.kk.bind,
                    metric.names.ru.bind, metric.names.en.bind, metric.words.kk.bind, metric.words.ru.bind,
                    metric.words.en.bind, metric.additive.bind, metric.about.bind, metric.mayHaveTarget.bind,
                    metric.lowest.bind, metric.highest.bind, metric.atMost?.bind ?? .null(.text),
                    metric.askAbove?.bind ?? .null(.bigint), metric.askAboveMetric?.bind ?? .null(.text),
                    metric.askCapacity.bind, metric.askSettlementShare?.bind ?? .null(.bigint),
                    metric.askHistoryTimes?.bind ?? .null(.bigint), metric.askHistoryAbove?.bind ?? .null(.bigint),
                ]
            })
    }

    private func insertActivities(_ no: CampaignNo, in db: any Writing) throws {
        try db.insert(
            "INSERT INTO activity (campaign, code, position, name_kk, name_ru, name_en, channel) VALUES",
            rows: plan.activities.enumerated().map { index, activity in
                [
                    no.bind, activity.code.bind, Int64(index + 1).bind, activity.names.kk.bind, activity.names.ru.bind,
                    activity.names.en.bind, activity.channel.bind,
                ]
            })
        try db.insert(
            "INSERT INTO activity_metric (campaign, activity, metric, position) VALUES",
            rows: plan.activities.flatMap { activity in
                activity.metrics.enumerated().map { index, metric in
                    [no.bind, activity.code.bind, metric.bind, Int64(index + 1).bind]
                }
            })
    }
}

/// What the actions on campaigns and organisations share.
enum CampaignWrites {
    /// Campaigns and organisations belong to the whole tree, so the right must be held at the root.
    static func require(_ right: Right, of actor: Actor, at now: Instant, in db: any Reading) throws {
        if actor.kind == .operator { return }
        let tree = try Tree.current(in: db)
        guard let root = tree.root else { throw Problem.forbidden(right.rawValue) }
        try actor.require(right, over: root, in: tree, on: Zone.kazakhstan.day(at: now))
    }

    /// Drawn inside the transaction (see `Shelf`); sums of stamps stay far from the edge of 64 bits.
    static func freshStamp() -> Int64 { Int64.random(in: 1..<(1 << 40)) }

    static func insert(_ terms: [Campaign.Term], _ head: SQL, of no: CampaignNo, in db: any Writing) throws {
        try db.insert(
            head,
            rows: terms.enumerated().map { index, term in
                [
                    no.bind, term.code.bind, Int64(index + 1).bind, term.names.kk.bind, term.names.ru.bind,
                    term.names.en.bind,
                ]
            })
    }
}
