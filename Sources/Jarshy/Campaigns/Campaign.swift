import JarshyKit
import Storage

/// A campaign with its vocabulary, all of it data: what is done, for whom, by what channel, and what is counted.
struct Campaign: Sendable {
    let no: CampaignNo
    let id: ID<CampaignMark>
    let code: String
    let isInformation: Bool
    let names: Trio
    let abouts: Trio
    let first: Day
    let last: Day
    let vote: Day?
    let quietFrom: Day?
    /// The metric whose sum says how many events were held.
    let eventMetric: String
    /// True for invented data: every page says so.
    let isSample: Bool
    let activities: [Activity]
    let audiences: [Term]
    let channels: [Term]
    let metrics: [Metric]

    struct Term: Sendable, Hashable {
        let code: String
        let names: Trio
    }

    struct Activity: Sendable, Hashable {
        let code: String
        let names: Trio
        /// The channel the form starts with.
        let channel: String
        /// What the form asks for, in this order.
        let metrics: [String]
        /// Other channels it may go by, offered after its own.
        var otherChannels: [String] = []

        var channels: [String] { [channel] + otherChannels }
    }

    func activity(_ code: String) -> Activity? { activities.first { $0.code == code } }
    func audience(_ code: String) -> Term? { audiences.first { $0.code == code } }
    func channel(_ code: String) -> Term? { channels.first { $0.code == code } }
    func metric(_ code: String) -> Metric? { metrics.first { $0.code == code } }
    var eventSlot: Int? { metric(eventMetric)?.slot }

    /// How many days after its day a report still counts as on time.
    static let daysOnTime = 2
}

/// What is counted, with its bounds and the questions asked about large values. A small value is never asked about.
struct Metric: Sendable, Hashable {
    let code: String
    /// Which of the sixteen columns of reports, ledger and roll-ups holds it.
    var slot: Int
    let names: Trio
    let words: Trio
    /// False for a peak, of which only the largest and the median mean anything.
    let additive: Bool
    let about: About
    /// Always false for a metric about people.
    let mayHaveTarget: Bool
    let lowest: Int64
    let highest: Int64
    /// Another metric of the same report that this one cannot exceed (answered ≤ questions).
    let atMost: String?
    let askAbove: Int64?
    let askAboveMetric: String?
    let askCapacity: Bool
    /// Asks above this share of the settlement's population, in percent.
    let askSettlementShare: Int64?
    /// Asks above so many times the unit's own median, when also above `askHistoryAbove`.
    let askHistoryTimes: Int64?
    let askHistoryAbove: Int64?

    enum About: String, Stored, Sendable {
        case work, people
    }
}
