import JarshyKit

/// The quiet period: from 00:00 of its first day to the end of the vote day, local time. No campaigning material is
/// handed out in it; reports are never blocked.
extension Campaign {
    func isQuiet(on day: Day) -> Bool {
        guard let vote, let quietFrom else { return false }
        return quietFrom <= day && day <= vote
    }

    func isQuiet(at now: Instant, zone: Zone = .kazakhstan) -> Bool { isQuiet(on: zone.day(at: now)) }

    func isRunning(on day: Day) -> Bool { first <= day && day <= last }
}
