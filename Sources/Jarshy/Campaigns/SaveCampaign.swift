import JarshyKit
import Storage

/// Changes a campaign's name, description and days. Needs `manageCampaigns` over the whole tree. Reports that stand are
/// not touched: a day moved out of the campaign only stops new reports for the days outside.
struct SaveCampaign: Action {
    let code: String
    let names: Trio
    let abouts: Trio
    let days: CampaignDays

    /// True when something changed.
    typealias Result = Bool

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Bool {
        guard let old = try Campaigns.current(in: db).find(code) else { throw Problem.notFound("campaign") }
        try CampaignWrites.require(.manageCampaigns, of: actor, at: now, in: db)
        var faults = days.faults
        for (field, text, longest) in [
            ("name_kk", names.kk, 200), ("name_ru", names.ru, 200), ("name_en", names.en, 200),
            ("about_kk", abouts.kk, 2000),
            ("about_ru", abouts.ru, 2000), ("about_en", abouts.en, 2000),
        ] {
            if text.isEmpty, longest == 200 { faults.append(Problem.Fault(field, "missing", "\(field) is empty.")) }
            if text.unicodeScalars.count > longest {
                faults.append(
                    Problem.Fault(
                        field, "too-long", "\(field) is longer than \(longest).", slots: ["max": String(longest)]))
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let before = CampaignDays(first: old.first, last: old.last, vote: old.vote, quietFrom: old.quietFrom)
        guard names != old.names || abouts != old.abouts || days != before else { return false }
        try db.run(
            """
            UPDATE campaign SET name_kk = \(names.kk), name_ru = \(names.ru), name_en = \(names.en),
                about_kk = \(abouts.kk), about_ru = \(abouts.ru), about_en = \(abouts.en), first_day = \(days.first),
                last_day = \(days.last), vote_day = \(days.vote), quiet_from_day = \(days.quietFrom),
                stamp = \(CampaignWrites.freshStamp())
            WHERE no = \(old.no)
            """)
        try Feed.record(
            FeedLine("edit", "campaign", code, detail: days == before ? "words" : "days=\(days.first)..\(days.last)"),
            by: actor, at: now, in: db)
        return true
    }
}
