/// Local time as a dated table of offsets, so that "today" does not hang on the host's time-zone files.
public struct Zone: Sendable, Hashable {
    public let name: String
    /// Offsets in minutes east of UTC, each from a moment on, ascending; the first holds for all time before it too.
    let offsets: [Offset]

    struct Offset: Sendable, Hashable {
        let from: Instant
        let minutes: Int64
    }

    /// Kazakhstan has kept one time, UTC+5, since 1 March 2024; before that most of it kept UTC+6.
    public static let kazakhstan = Zone(
        name: "Asia/Almaty",
        offsets: [
            Offset(from: Instant(milliseconds: 0), minutes: 360),
            Offset(from: Instant(milliseconds: 1_709_229_600_000), minutes: 300),
        ])

    func minutes(at now: Instant) -> Int64 {
        var minutes = offsets[0].minutes
        for offset in offsets where offset.from <= now { minutes = offset.minutes }
        return minutes
    }

    public func day(at now: Instant) -> Day {
        let local = now.milliseconds + minutes(at: now) * 60_000
        return Day(number: Int32(truncatingIfNeeded: local.flooredQuotient(by: 86_400_000)))
    }

    /// Minutes since local midnight, 0…1439.
    public func minuteOfDay(at now: Instant) -> Int {
        let local = now.milliseconds + minutes(at: now) * 60_000
        return Int((local - local.flooredQuotient(by: 86_400_000) * 86_400_000) / 60_000)
    }

    /// The moment at which `day` reaches the given local minute.
    public func instant(_ day: Day, minute: Int = 0) -> Instant {
        let local = Int64(day.number) * 86_400_000 + Int64(minute) * 60_000
        let guess = Instant(milliseconds: local - minutes(at: Instant(milliseconds: local)) * 60_000)
        return Instant(milliseconds: local - minutes(at: guess) * 60_000)
    }
}

extension Int64 {
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
