import JarshyKit

/// The campaign of the demo from its tables, with its days counted from today.
enum DemoCampaign {
    static let code = "referendum"

    /// The tables are of one version with the program; a test holds that the reader finds nothing wrong with them.
    static func plan(_ data: DemoData, today: Day) -> CampaignPlan {
        func number(_ key: String) -> Int { data.campaign[key].flatMap { Int($0) } ?? 0 }
        let last = today.advanced(by: number("days_after"))
        // The last Sunday of the span.
        let vote = last.advanced(by: -(last.weekday % 7))
        return CampaignSheet.read(
            data.campaignFiles,
            demo: CampaignDays(
                first: today.advanced(by: -number("days_before")), last: last, vote: vote,
                quietFrom: vote.advanced(by: -number("quiet_from_days_before_vote")))
        ).plan
    }
}
