import JarshyKit

/// The campaign of the demo from its tables, with its days counted from today.
enum DemoCampaign {
    static let code = "referendum"

    static func plan(_ data: DemoData, today: Day) -> CampaignPlan {
        let text = data.campaign
        func number(_ key: String) -> Int { text[key].flatMap { Int($0) } ?? 0 }
        func trio(_ prefix: String) -> Trio {
            Trio(kk: text["\(prefix)_kk"] ?? "", ru: text["\(prefix)_ru"] ?? "", en: text["\(prefix)_en"] ?? "")
        }
        let last = today.advanced(by: number("days_after"))
        // The last Sunday of the span.
        let vote = last.advanced(by: -(last.weekday % 7))
        return CampaignPlan(
            code: text["code"] ?? code, isInformation: text["class"] == "information", names: trio("name"),
            abouts: trio("about"),
            days: CampaignDays(
                first: today.advanced(by: -number("days_before")), last: last, vote: vote,
                quietFrom: vote.advanced(by: -number("quiet_from_days_before_vote"))),
            eventMetric: "events", isSample: true, audiences: data.audiences.rows.map(term),
            channels: data.channels.rows.map(term), metrics: data.metrics.rows.enumerated().map(metric),
            activities: data.activities.rows.map { row in
                Campaign.Activity(
                    code: row["code"], names: row.trio("name"), channel: row.words("channels").first ?? "",
                    metrics: row.words("metrics"))
            })
    }

    private static func term(_ row: DemoTable.Row) -> Campaign.Term {
        Campaign.Term(code: row["code"], names: row.trio("name"))
    }

    private static func metric(_ slot: Int, _ row: DemoTable.Row) -> Metric {
        func some(_ column: String) -> String? { row[column].isEmpty ? nil : row[column] }
        return Metric(
            code: row["code"], slot: slot, names: row.trio("name"),
            words: Trio(kk: row["unit_kk"], ru: row["unit_ru_many"], en: row["unit_en_other"]),
            additive: row.flag("additive"), about: row["about"] == "people" ? .people : .work,
            mayHaveTarget: row.flag("target"), lowest: row.integer("min") ?? 0, highest: row.integer("max") ?? 0,
            atMost: some("max_metric"), askAbove: row.integer("ask_over"), askAboveMetric: some("ask_over_metric"),
            askCapacity: row.flag("ask_capacity"),
            askSettlementShare: Double(row["ask_settlement_share"]).map { Int64(($0 * 100).rounded()) },
            askHistoryTimes: row.integer("ask_median_times"), askHistoryAbove: row.integer("ask_median_floor"))
    }
}
