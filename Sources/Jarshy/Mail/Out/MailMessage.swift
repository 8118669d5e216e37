import JarshyKit
import Storage

enum MailMark {}
enum LetterSubject {}
typealias MailID = ID<MailMark>
/// A feature's own thing that a letter is about.
typealias LetterSubjectID = ID<LetterSubject>

/// A letter on its way out, without its text and without its address.
struct MailMessage: Sendable {
    let id: MailID
    let campaign: CampaignNo
    let organization: OrganizationNo
    /// `question.answered`
    let kind: String
    let about: LetterSubjectID
    let version: Int64
    /// The language it is written in.
    let language: Language
    let mark: ContactMark
    let state: State
    let attempts: Int64
    /// Why it waits, stopped or failed: a problem's slug, or the relay's code.
    let reason: String
    let queuedAt: Instant
    let changedAt: Instant
    let nextAt: Instant

    enum State: String, Stored, CaseIterable, Sendable {
        case waiting, sending, handed, sent, unsure, stopped, failed

        /// A person may send it again.
        var mayRepeat: Bool { self == .unsure || self == .failed }
        var isOver: Bool { [.sent, .stopped, .failed].contains(self) }
    }

    /// Seconds until the next attempt, by how many there were.
    static let pauses: [Int64] = [60, 300, 900, 3600, 10_800, 21_600, 43_200]
    /// After so long nobody waits for it any more.
    static let longestSeconds: Int64 = 5 * 86_400
    /// An attempt that lasts longer has lost its process.
    static let leaseSeconds: Int64 = 300
    /// Letters to one address in 24 hours; the rest waits. A stranger's address in a form is not to be flooded.
    static let mostADay = 10

    /// When to try again after the attempt just made; nil when it is too old.
    func next(after now: Instant) -> Instant? {
        let pause = Self.pauses[min(Self.pauses.count - 1, Int(max(0, attempts - 1)))]
        let at = now.advanced(seconds: pause)
        return at.seconds(since: queuedAt) > Self.longestSeconds ? nil : at
    }
}

extension MailMessage: Decodable {
    static let columns: SQL = """
        m.id, m.campaign, m.organization, m.kind, m.about, m.version, m.language, m.mark, m.state, m.attempts, m.reason,
            m.queued_at, m.changed_at, m.next_at
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        organization = try row.next()
        kind = try row.next()
        about = try row.next()
        version = try row.next()
        language = try row.next()
        mark = try row.next()
        state = try row.next()
        attempts = try row.next()
        reason = try row.next()
        queuedAt = try row.next()
        changedAt = try row.next()
        nextAt = try row.next()
    }
}

/// A letter to be sent. The address serves only to make the mark: it is not kept here.
struct NewMessage: Sendable {
    let kind: String
    let campaign: CampaignNo
    let organization: OrganizationNo
    let about: LetterSubjectID
    let version: Int64
    let language: Language
    let address: String
}

/// The queue's table.
enum MailQueue {
    /// Puts letters into the queue. One of a kind about one thing, version and language is sent once, however often it is put;
    /// letters of these kinds about an older version that still wait are left out.
    static func put(_ messages: [NewMessage], replacing kinds: [String] = [], at now: Instant, in db: any Writing) throws {
        guard !messages.isEmpty else { return }
        let key = try ContactKey.make(in: db)
        for message in messages where !kinds.isEmpty {
            try db.run(
                """
                UPDATE mail_message SET state = 'stopped', reason = 'replaced', changed_at = \(now)
                WHERE state = 'waiting' AND about = \(message.about) AND kind IN \(kinds) AND version < \(message.version)
                """)
        }
        try db.insert(
            """
            INSERT INTO mail_message (id, campaign, organization, kind, about, version, language, mark, state, attempts, reason,
                queued_at, changed_at, next_at) VALUES
            """,
            rows: messages.map { message in
                [
                    MailID.make(at: now).bind, message.campaign.bind, message.organization.bind, message.kind.bind,
                    message.about.bind, message.version.bind, message.language.bind,
                    ContactMark(message.address, key: key).bind, "waiting".bind, Int64(0).bind, "".bind, now.bind, now.bind,
                    now.bind,
                ]
            }, "ON CONFLICT (kind, about, version, language) DO NOTHING")
    }

    static func find(_ id: MailID, in db: any Reading) throws -> MailMessage? {
        try db.first(MailMessage.self, where: "FROM mail_message m WHERE m.id = \(id)")
    }

    /// Something waits to be sent, or an attempt has lost its process.
    static func isDue(at now: Instant, in db: any Reading) throws -> Bool {
        try db.value(
            """
            SELECT EXISTS (SELECT 1 FROM mail_message WHERE state IN ('waiting', 'sending', 'handed') AND next_at <= \(now))
            """)
    }

    /// Takes the letter that has waited longest, for one attempt.
    static func claim(at now: Instant, in db: any Writing) throws -> MailMessage? {
        let id = try db.first(
            MailID.self,
            "SELECT id FROM mail_message WHERE state = 'waiting' AND next_at <= \(now) ORDER BY next_at, id LIMIT 1")
        guard let id else { return nil }
        try db.run(
            """
            UPDATE mail_message SET state = 'sending', attempts = attempts + 1, changed_at = \(now),
                next_at = \(now.advanced(seconds: MailMessage.leaseSeconds))
            WHERE id = \(id)
            """)
        return try find(id, in: db)
    }

    /// Attempts whose process died: what was not handed over waits again; of what was, nobody knows.
    static func recover(at now: Instant, in db: any Writing) throws {
        try db.run(
            "UPDATE mail_message SET state = 'waiting', changed_at = \(now) WHERE state = 'sending' AND next_at <= \(now)")
        try db.run(
            """
            UPDATE mail_message SET state = 'unsure', reason = 'no-answer', changed_at = \(now)
            WHERE state = 'handed' AND next_at <= \(now)
            """)
    }

    static func set(
        _ state: MailMessage.State, _ reason: String = "", next: Instant? = nil, of id: MailID, at now: Instant, in db: any Writing
    ) throws {
        try db.run(
            """
            UPDATE mail_message SET state = \(state), reason = \(reason), changed_at = \(now), next_at = \(next ?? now)
            WHERE id = \(id)
            """)
    }

    /// Letters handed over to an address within a day.
    static func handed(to mark: ContactMark, since: Instant, in db: any Reading) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM mail_message
            WHERE mark = \(mark) AND changed_at > \(since) AND state IN ('handed', 'sent', 'unsure')
            """)
    }
}
