import JarshyKit
import Storage

/// Stepped limits on guessing, made so that a stranger's guesses cannot shut the owner out.
///
/// - A **pair** (account, address) may fail 5 times, then each failure costs a wait of 15 s, 30 s, … up to 15 min.
/// - An **address** may fail 30 times over all accounts (an office sits behind one), then waits the same way.
/// - A **device** known to the account, one that shows a session cookie of it, even an ended one, has a count of its
/// own
///   instead of the pair's and the address's: who shares the owner's address cannot block it.
/// - An **account** under attack from many addresses is never blocked: past 10 failures each attempt from an unknown
/// device
///   is only held for 0.5 s, 1 s, … up to 8 s, and then the right password is let in.
///
/// An attempt is counted before the password is looked at, so that a burst in parallel gains nothing; success takes it
/// back. An hour without attempts clears a count.
enum SignInLimits {
    struct Step: Sendable {
        let free: Int64
        let first: Int64
        let longest: Int64

        /// Seconds to wait after this many failures.
        func wait(after failures: Int64) -> Int64 {
            guard failures >= free else { return 0 }
            return min(first << min(failures - free, 20), longest)
        }
    }

    static let pair = Step(free: 5, first: 15, longest: 900)
    static let address = Step(free: 30, first: 15, longest: 900)
    static let device = Step(free: 10, first: 15, longest: 300)
    static let forgottenAfterSeconds: Int64 = 3600

    /// Milliseconds an attempt on an account under attack is held.
    static func hold(after failures: Int64) -> Int64 {
        guard failures >= 10 else { return 0 }
        return min(500 << min(failures - 10, 10), 8000)
    }

    /// What an attempt is counted under.
    struct Subjects: Sendable {
        let blocking: [(subject: String, step: Step)]
        /// Counted but never blocking; nil for a known device.
        let account: String?

        init(login: String, address: String, device: ID<SessionMark>?) {
            if let device {
                blocking = [("device:\(device)", SignInLimits.device)]
                account = nil
            } else {
                blocking = [
                    ("pair:\(login) \(address)", SignInLimits.pair), ("address:\(address)", SignInLimits.address),
                ]
                account = "account:\(login)"
            }
        }

        /// One-time codes have no account to attack.
        init(codesFrom address: String) {
            blocking = [("code:\(address)", SignInLimits.address)]
            account = nil
        }

        var all: [String] { blocking.map(\.subject) + (account.map { [$0] } ?? []) }
    }

    /// Counts an attempt and says how many milliseconds to hold it.
    /// - Throws: `Problem` 429 with the seconds to wait; then nothing is counted.
    static func begin(_ subjects: Subjects, at now: Instant, in db: any Writing) throws -> Int64 {
        struct Count {
            let failures: Int64
            let last: Instant
            let until: Instant
        }
        var counts: [String: Count] = [:]
        try db.rows(
            "SELECT subject, failures, last_at, until_at FROM sign_in_failure WHERE subject IN \(subjects.all)"
        ) { row in
            let subject = try row.next(String.self)
            let count = Count(failures: try row.next(), last: try row.next(), until: try row.next())
            if now.seconds(since: count.last) < forgottenAfterSeconds { counts[subject] = count }
            return true
        }
        let until = subjects.blocking.compactMap { counts[$0.subject]?.until }.max() ?? now
        if until > now {
            let seconds = max(1, (until.milliseconds - now.milliseconds + 999) / 1000)
            throw Problem(
                "too-many", status: 429, "Too many attempts; try again in \(seconds) seconds.",
                slots: ["seconds": String(seconds)])
        }
        for (subject, step) in subjects.blocking {
            let failures = (counts[subject]?.failures ?? 0) + 1
            try count(subject, failures, until: now.advanced(seconds: step.wait(after: failures)), at: now, in: db)
        }
        guard let account = subjects.account else { return 0 }
        let before = counts[account]?.failures ?? 0
        try count(account, before + 1, until: now, at: now, in: db)
        return hold(after: before)
    }

    /// The attempt was right: its own counts are cleared, the shared ones give back the one it took.
    static func succeeded(_ subjects: Subjects, at now: Instant, in db: any Writing) throws {
        let own = subjects.blocking.filter { $0.step.free != address.free }.map(\.subject)
        try db.run("DELETE FROM sign_in_failure WHERE subject IN \(own)")
        let shared = subjects.all.filter { !own.contains($0) }
        try db.run(
            """
            UPDATE sign_in_failure SET failures = failures - 1, until_at = \(now)
            WHERE subject IN \(shared) AND failures > 0
            """)
        try db.run(
            "DELETE FROM sign_in_failure WHERE last_at < \(now.advanced(seconds: -forgottenAfterSeconds))")
    }

    private static func count(
        _ subject: String, _ failures: Int64, until: Instant, at now: Instant, in db: any Writing
    ) throws {
        try db.run(
            """
            INSERT INTO sign_in_failure (subject, failures, last_at, until_at)
            VALUES (\(subject), \(failures), \(now), \(until))
            ON CONFLICT (subject) DO UPDATE SET failures = \(failures), last_at = \(now), until_at = \(until)
            """)
    }
}
