import Crypto
import JarshyKit
import Storage

/// Stepped limits on the public page, by network address. Staff intake does not pass here, so a flood on the page costs it
/// nothing but the few rows that are let through.
///
/// A village shares one address, and so does a hall after a meeting, so the steps are wide at the short end and firm at the
/// long one. What is over a limit is not taken; what was typed stays on the page, with the other ways to ask.
enum AskLimits {
    struct Step: Sendable, Hashable {
        let most: Int
        let seconds: Int64
    }

    static let steps = [
        Step(most: 1, seconds: 2), Step(most: 5, seconds: 300), Step(most: 10, seconds: 1800), Step(most: 20, seconds: 3600),
        Step(most: 60, seconds: 86_400),
    ]

    static let longestSeconds: Int64 = 86_400

    /// Counts a post, or refuses it.
    /// - Throws: 429 with the seconds to wait; then nothing is counted.
    static func count(_ address: String, at now: Instant, secret: [UInt8], in db: any Writing) throws {
        let subject = hash(address, secret: secret)
        let since = now.advanced(seconds: -longestSeconds)
        let before = try db.all(
            Instant.self,
            """
            SELECT at FROM ask_attempt WHERE subject = \(subject) AND at > \(since)
            ORDER BY at DESC LIMIT \(steps.map(\.most).max() ?? 1)
            """)
        if let wait = wait(before, now: now) {
            throw Problem(
                "too-many", status: 429, "Too many questions from this address; try again in \(wait) seconds.",
                slots: ["seconds": String(wait)])
        }
        try db.run(
            "INSERT INTO ask_attempt (subject, id, at) VALUES (\(subject), \(ID<AskLimitsMark>.make(at: now)), \(now))")
        try db.run("DELETE FROM ask_attempt WHERE at <= \(since)")
    }

    /// Seconds until every step allows another post; nil when all do now.
    /// - Parameter before: moments of earlier posts, the latest first.
    static func wait(_ before: [Instant], now: Instant, steps: [Step] = AskLimits.steps) -> Int64? {
        steps.compactMap { step -> Int64? in
            guard before.count >= step.most else { return nil }
            let free = before[step.most - 1].advanced(seconds: step.seconds)
            return free > now ? max(1, (free.milliseconds - now.milliseconds + 999) / 1000) : nil
        }.max()
    }

    /// An IPv6 network is one subject: whoever has one has 2⁶⁴ addresses.
    static func subject(_ address: String) -> String {
        guard address.contains(":"), !address.contains(".") else { return address }
        let halves = address.split(separator: "%")[0].components("::")
        let left = halves[0].split(separator: ":").map(String.init)
        let right = halves.count > 1 ? halves[1].split(separator: ":").map(String.init) : []
        let zeros = halves.count > 1 ? Array(repeating: "0", count: max(0, 8 - left.count - right.count)) : []
        return (left + zeros + right).prefix(4).joined(separator: ":").lowercased()
    }

    static func hash(_ address: String, secret: [UInt8]) -> Blob {
        Blob(Array(HMAC<SHA256>.authenticationCode(
            for: Array("address \(subject(address))".utf8), using: SymmetricKey(data: secret))))
    }
}

enum AskLimitsMark {}

extension Substring {
    /// The parts around a mark of several characters.
    fileprivate func components(_ mark: String) -> [Substring] {
        guard let range = range(of: mark) else { return [self] }
        return [self[..<range.lowerBound], self[range.upperBound...]]
    }

    private func range(of mark: String) -> Range<Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(mark) { return at..<index(at, offsetBy: mark.count) }
            at = index(after: at)
        }
        return nil
    }
}
