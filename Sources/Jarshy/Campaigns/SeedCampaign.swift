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
        try CampaignWrites.insert(plan.audiences, into: .audience, of: no, from: 0, in: db)
        try CampaignWrites.insert(plan.channels, into: .channel, of: no, from: 0, in: db)
        try CampaignWrites.insert(plan.slotted, of: no, from: 0, in: db)
        try CampaignWrites.insert(plan.activities, of: no, from: 0, in: db)
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
}
