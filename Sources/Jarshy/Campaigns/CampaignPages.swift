import JarshyKit

// View-models of the pages of campaigns; fields as in the templates of the same names.

struct CampaignsPage: PageModel {
    let heading: String
    let rows: [CampaignListRow]
    let isEmpty: Bool
    let empty: EmptyState
}

struct CampaignListRow: PageModel {
    let campaignURL: String
    let campaignName: String
    let campaignDays: String
    let campaignClass: String
    let voteDay: String
    let mark: StateMark
}

struct CampaignPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let about: String
    let hasQuietNow: Bool
    let canEdit: Bool
    let editURL: String
    let facts: [CampaignFact]
    let metrics: [CampaignMetricRow]
    let activities: [CampaignActivityRow]
    let audiences: [String]
    let channels: [String]
}

struct CampaignFact: PageModel {
    let fact: String
    let factText: String
}

struct CampaignMetricRow: PageModel {
    let metricName: String
    let metricWord: String
    let metricAbout: String
    let metricBounds: String
    let metricAsks: String
    let isSum: Bool
}

struct CampaignActivityRow: PageModel {
    let activityName: String
    let activityChannel: String
    let activityMetrics: String
}

extension CampaignsPage {
    init(_ campaigns: [Campaign], today: Day, words: Words) {
        let text = UnitText(words: words)
        heading = words("campaigns.title")
        rows = campaigns.sorted { $0.first > $1.first }.map { campaign in
            CampaignListRow(
                campaignURL: "/campaigns/\(campaign.code)", campaignName: campaign.names[words.language],
                campaignDays: words("time.span", ["from": text.day(campaign.first), "to": text.day(campaign.last)]),
                campaignClass: words(campaign.isInformation ? "campaign.information" : "campaign.campaigning"),
                voteDay: campaign.vote.map(text.day) ?? "–",
                mark: StateMark(
                    campaign.isRunning(on: today) ? "open" : "closed",
                    words(
                        campaign.isRunning(on: today)
                            ? "campaign.running" : today < campaign.first ? "campaign.coming" : "campaign.over")))
        }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("campaigns.empty"), next: words("campaigns.empty.next"))
    }
}

extension CampaignPage {
    init(_ campaign: Campaign, canEdit: Bool, today: Day, words: Words) {
        let text = UnitText(words: words)
        let language = words.language
        trail = [TrailLink("/campaigns", words("campaigns.title"))]
        here = campaign.names[language]
        heading = campaign.names[language]
        about = campaign.abouts[language]
        hasQuietNow = campaign.isQuiet(on: today)
        self.canEdit = canEdit
        editURL = "/campaigns/\(campaign.code)/edit"
        var facts = [
            CampaignFact(
                fact: words("campaign.class"),
                factText: words(campaign.isInformation ? "campaign.information" : "campaign.campaigning")),
            CampaignFact(
                fact: words("campaign.days"),
                factText: words("time.span", ["from": text.day(campaign.first), "to": text.day(campaign.last)])),
        ]
        if let vote = campaign.vote {
            facts.append(CampaignFact(fact: words("campaign.vote"), factText: text.day(vote)))
        }
        if let quiet = campaign.quietFrom, let vote = campaign.vote {
            facts.append(
                CampaignFact(
                    fact: words("campaign.quiet"),
                    factText: words("time.span", ["from": text.day(quiet), "to": text.day(vote)])))
        }
        self.facts = facts
        metrics = campaign.metrics.map { CampaignMetricRow($0, campaign, text) }
        activities = campaign.activities.map { activity in
            CampaignActivityRow(
                activityName: activity.names[language],
                activityChannel: campaign.channel(activity.channel)?.names[language] ?? activity.channel,
                activityMetrics: activity.metrics.compactMap { campaign.metric($0)?.names[language] }.joined(
                    separator: ", "))
        }
        audiences = campaign.audiences.map { $0.names[language] }
        channels = campaign.channels.map { $0.names[language] }
    }
}

extension CampaignMetricRow {
    init(_ metric: Metric, _ campaign: Campaign, _ text: UnitText) {
        let words = text.words
        func name(_ code: String) -> String { campaign.metric(code)?.names[words.language] ?? code }
        metricName = metric.names[words.language]
        metricWord = metric.words[words.language]
        metricAbout = words(metric.about == .people ? "campaign.about.people" : "campaign.about.work")
        isSum = metric.additive
        let bounds = "\(text.number(metric.lowest)) – \(text.number(metric.highest))"
        metricBounds = metric.atMost.map { bounds + "; " + words("campaign.at_most", ["metric": name($0)]) } ?? bounds
        var asks: [String] = []
        if let above = metric.askAbove { asks.append(words("campaign.ask.above", ["n": text.number(above)])) }
        if let other = metric.askAboveMetric { asks.append(words("campaign.ask.metric", ["metric": name(other)])) }
        if metric.askCapacity { asks.append(words("campaign.ask.capacity")) }
        if let share = metric.askSettlementShare {
            asks.append(words("campaign.ask.settlement", ["share": words.format.percent(Int(share))]))
        }
        if let times = metric.askHistoryTimes {
            asks.append(
                words(
                    "campaign.ask.history",
                    ["times": text.number(times), "n": text.number(metric.askHistoryAbove ?? 0)]))
        }
        metricAsks = asks.isEmpty ? words("campaign.ask.never") : asks.joined(separator: "; ")
    }
}
