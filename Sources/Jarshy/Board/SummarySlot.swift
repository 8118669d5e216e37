import JarshyKit

/// A moment a summary table stands for: a local day and minute. At 12:00 and 18:00 tables are fixed by themselves.
struct SummarySlot: Sendable, Hashable, Comparable {
    let day: Day
    /// Minutes since local midnight.
    let minute: Int

    static let regularMinutes = [12 * 60, 18 * 60]

    /// Seconds after a slot before its table is fixed, so that everything acknowledged at the slot is in the ledger.
    static let grace: Int64 = 30

    /// How far back missed tables are made up for.
    static let mostDaysBack = 7

    init(day: Day, minute: Int) {
        self.day = day
        self.minute = minute
    }

    /// The slot of a table fixed by hand.
    init(at now: Instant, zone: Zone = .kazakhstan) {
        self.init(day: zone.day(at: now), minute: zone.minuteOfDay(at: now))
    }

    var isRegular: Bool { SummarySlot.regularMinutes.contains(minute) }

    func moment(in zone: Zone = .kazakhstan) -> Instant { zone.instant(day, minute: minute) }

    /// What is in the table: everything up to the slot, or, of a table fixed by hand, up to the fixing itself.
    func cut(fixedAt: Instant) -> Instant { isRegular ? moment() : fixedAt }

    /// The regular slots of a campaign that have passed by `now`, oldest first.
    static func due(for campaign: Campaign, at now: Instant, zone: Zone = .kazakhstan) -> [SummarySlot] {
        let today = zone.day(at: now)
        let first = max(campaign.first, today.advanced(by: -mostDaysBack))
        let last = min(campaign.last, today)
        guard first <= last else { return [] }
        return (first...last).flatMap { day in regularMinutes.map { SummarySlot(day: day, minute: $0) } }
            .filter { $0.moment(in: zone).advanced(seconds: grace) <= now }
    }

    static func < (left: Self, right: Self) -> Bool { (left.day, left.minute) < (right.day, right.minute) }
}
