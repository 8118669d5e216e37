import JarshyKit

/// When things happen in the demo: days of the campaign up to today, and moments in the simulated clock, none after
/// now.
struct DemoDays: Sendable {
    let first: Day
    let today: Day
    let now: Instant
    /// The last day with reports: today, or yesterday while it is early in the morning.
    let last: Day
    private let weights: [(value: Day, weight: Double)]
    private static let zone = Zone.kazakhstan
    /// Before this local minute nothing of today has been reported yet.
    private static let morning = 9 * 60 + 30

    init(first: Day, now: Instant) {
        self.first = first
        self.now = now
        today = Self.zone.day(at: now)
        last = Self.zone.minuteOfDay(at: now) > Self.morning ? today : today.advanced(by: -1)
        // The campaign gathers pace; weekends are quieter.
        var weights: [(value: Day, weight: Double)] = []
        for (index, day) in (first...max(first, last)).enumerated() {
            let pace = 0.5 + Double(index) / 60
            weights.append((day, pace * (day.weekday == 7 ? 0.4 : day.weekday == 6 ? 0.7 : 1)))
        }
        self.weights = weights
    }

    func day(_ random: inout DemoRandom) -> Day { random.weighted(weights) }

    /// When a report about the day is filed: mostly that evening, sometimes next morning, a few days late.
    func filing(of day: Day, isLate: Bool, _ random: inout DemoRandom) -> Instant {
        let (late, minute, morning) = (random.whole(3...6), random.whole(0...299), random.happens(0.13))
        if isLate {
            let at = Self.zone.instant(day.advanced(by: late), minute: 600 + minute)
            if at <= now { return at }
        }
        let next = Self.zone.instant(day.advanced(by: 1), minute: 480 + minute / 2)
        if morning, next <= now { return next }
        let evening = Self.zone.instant(day, minute: 17 * 60 + minute)
        if evening <= now { return evening }
        // Today, before now: somewhere between nine and this minute.
        let spent = max(1, Self.zone.minuteOfDay(at: now) - 9 * 60)
        let at = Self.zone.instant(day, minute: 9 * 60 + minute % spent)
        return min(at, now)
    }

    /// Working hours so many days after a moment; nil when that has not come yet.
    func later(_ at: Instant, days: Int, _ random: inout DemoRandom) -> Instant? {
        let minute = random.whole(9 * 60...12 * 60)
        let moment = Self.zone.instant(Self.zone.day(at: at).advanced(by: days), minute: minute)
        return moment <= now && moment > at ? moment : nil
    }

    /// Hours after a moment; nil when that has not come yet.
    func soon(_ at: Instant, hours: Int64) -> Instant? {
        let moment = at.advanced(seconds: hours * 3600)
        return moment <= now ? moment : nil
    }
}
