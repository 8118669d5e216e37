import JarshyKit
import Storage

/// Every campaign of the database; few, small and read by every request, so kept on the shelf.
struct Campaigns: Sendable {
    let all: [Campaign]

    func find(_ code: String) -> Campaign? { all.first { $0.code == code } }
    func find(_ no: CampaignNo) -> Campaign? { all.first { $0.no == no } }

    /// The campaign pages open with: the one running on `day`, else the last that was.
    func current(on day: Day) -> Campaign? {
        all.last { $0.first <= day && day <= $0.last } ?? all.max { $0.last < $1.last }
    }

    /// Why there is none of a code: a fresh installation has no campaign at all, and its pages say so.
    var missing: Problem {
        all.isEmpty
            ? .conflict("no-campaign", "There is no campaign yet. The operator brings one with 'jarshy import campaign'.")
            : .notFound("campaign")
    }

    static func current(in db: any Reading) throws -> Campaigns {
        let stamp = try db.value("SELECT CAST(coalesce(sum(stamp), 0) AS bigint) FROM campaign", as: Int64.self)
        return try db.shelf.value(stamp: stamp) { try load(in: db) }
    }

    private static func load(in db: any Reading) throws -> Campaigns {
        let audiences = try terms("SELECT campaign, code, name_kk, name_ru, name_en FROM audience ORDER BY campaign, position", in: db)
        let channels = try terms("SELECT campaign, code, name_kk, name_ru, name_en FROM channel ORDER BY campaign, position", in: db)
        let metrics = try metrics(in: db)
        let activities = try activities(in: db)
        return Campaigns(
            all: try db.all(
                """
                SELECT no, id, code, class, name_kk, name_ru, name_en, about_kk, about_ru, about_en, first_day, last_day,
                    vote_day, quiet_from_day, event_metric, sample
                FROM campaign ORDER BY no
                """
            ) { row in
                let no = try row.next(CampaignNo.self)
                return Campaign(
                    no: no, id: try row.next(), code: try row.next(), isInformation: try row.next(String.self) == "information",
                    names: try Trio(&row), abouts: try Trio(&row), first: try row.next(), last: try row.next(),
                    vote: try row.next(), quietFrom: try row.next(), eventMetric: try row.next(), isSample: try row.next(),
                    activities: activities[no] ?? [], audiences: audiences[no] ?? [], channels: channels[no] ?? [],
                    metrics: metrics[no] ?? [])
            })
    }

    private static func terms(_ sql: SQL, in db: any Reading) throws -> [CampaignNo: [Campaign.Term]] {
        var terms: [CampaignNo: [Campaign.Term]] = [:]
        try db.rows(sql) { row in
            terms[try row.next(), default: []].append(Campaign.Term(code: try row.next(), names: try Trio(&row)))
            return true
        }
        return terms
    }

    private static func activities(in db: any Reading) throws -> [CampaignNo: [Campaign.Activity]] {
        var asked: [CampaignNo: [String: [String]]] = [:]
        try db.rows("SELECT campaign, activity, metric FROM activity_metric ORDER BY campaign, activity, position") { row in
            asked[try row.next(), default: [:]][try row.next(), default: []].append(try row.next())
            return true
        }
        var activities: [CampaignNo: [Campaign.Activity]] = [:]
        try db.rows(
            """
            SELECT a.campaign, a.code, a.name_kk, a.name_ru, a.name_en, a.channel, o.channel
            FROM activity a LEFT JOIN activity_channel o ON o.campaign = a.campaign AND o.activity = a.code
            ORDER BY a.campaign, a.position, a.code, o.position
            """
        ) { row in
            let no = try row.next(CampaignNo.self)
            let code = try row.next(String.self)
            let (names, channel, other) = (try Trio(&row), try row.next(String.self), try row.next(String?.self))
            if let other, let last = activities[no]?.indices.last, activities[no]?[last].code == code {
                // A further row of the same activity: another channel of it.
                activities[no]?[last].otherChannels.append(other)
            } else {
                activities[no, default: []].append(
                    Campaign.Activity(
                        code: code, names: names, channel: channel, metrics: asked[no]?[code] ?? [],
                        otherChannels: other.map { [$0] } ?? []))
            }
            return true
        }
        return activities
    }

    private static func metrics(in db: any Reading) throws -> [CampaignNo: [Metric]] {
        var metrics: [CampaignNo: [Metric]] = [:]
        try db.rows(
            """
            SELECT campaign, code, slot, name_kk, name_ru, name_en, word_kk, word_ru, word_en, additive, about, target, lowest,
                highest, at_most, ask_above, ask_above_metric, ask_capacity, ask_settlement_share, ask_history_times,
                ask_history_above
            FROM metric ORDER BY campaign, position
            """
        ) { row in
            let no = try row.next(CampaignNo.self)
            metrics[no, default: []].append(
                Metric(
                    code: try row.next(), slot: try row.next(), names: try Trio(&row), words: try Trio(&row),
                    additive: try row.next(), about: try row.next(), mayHaveTarget: try row.next(), lowest: try row.next(),
                    highest: try row.next(), atMost: try row.next(), askAbove: try row.next(), askAboveMetric: try row.next(),
                    askCapacity: try row.next(), askSettlementShare: try row.next(), askHistoryTimes: try row.next(),
                    askHistoryAbove: try row.next()))
            return true
        }
        return metrics
    }
}
