import JarshyKit
import Storage

/// The link under every letter. Opening it changes nothing, since scanners open links before people do; one press stops all
/// letters to the address, also the one a mail program makes by itself (RFC 8058).
enum StopPages {
    static func routes(_ site: inout Routes, writers: [any LetterWriter]) {
        site.get("/mail/stop/{token}", .open) { visit in
            let token = visit.parameter("token")
            let stopped = try await visit.read { db in
                try StopMail.message(token, in: db).mark.has(.doNotContact, in: db)
            }
            return page(visit, isStopped: stopped)
        }
        site.post("/mail/stop/{token}", .open) { visit in
            let (action, now) = (StopMail(token: visit.parameter("token"), writers: writers), visit.now)
            try await visit.write { db in try action.perform(by: .resident, at: now, in: db) }
            return page(visit, isStopped: true)
        }
        site.post("/mail/resume/{token}", .open) { visit in
            let (action, now) = (ResumeMail(token: visit.parameter("token")), visit.now)
            try await visit.write { db in try action.perform(by: .resident, at: now, in: db) }
            return page(visit, isStopped: false)
        }
    }

    private static func page(_ visit: Visit, isStopped: Bool) -> Reply {
        let token = visit.parameter("token")
        let page = StopPage(
            heading: visit.words(isStopped ? "mail.stop.done" : "mail.stop.title"),
            explain: visit.words(isStopped ? "mail.stop.done.explain" : "mail.stop.explain"), isStopped: isStopped,
            action: isStopped ? "/mail/resume/\(token)" : "/mail/stop/\(token)")
        return .page("mail_stop", page, PageHead(page.heading, section: "ask")).header("cache-control", "no-store")
            .header("referrer-policy", "no-referrer")
    }
}

struct StopPage: PageModel {
    let heading: String
    let explain: String
    let isStopped: Bool
    let action: String
}

extension ContactMark {
    func has(_ kind: Kind, in db: any Reading) throws -> Bool {
        try db.value("SELECT count(*) FROM address_mark WHERE mark = \(self) AND kind = \(kind)", as: Int.self) > 0
    }
}

/// Whoever holds a letter wants no more of them, from anybody here.
struct StopMail: Action {
    let token: String
    let writers: [any LetterWriter]

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let message = try Self.message(token, in: db)
        try message.mark.set(.doNotContact, at: now, in: db)
        try db.run(
            """
            UPDATE mail_message SET state = 'stopped', reason = 'do-not-contact', changed_at = \(now)
            WHERE mark = \(message.mark) AND state = 'waiting'
            """)
        for writer in writers where writer.kinds.contains(message.kind) {
            try writer.stopped(message, at: now, in: db)
        }
        try Feed.record(FeedLine("stop", "mail", message.id), by: actor, at: now, in: db)
    }

    /// The letter of a token.
    /// - Throws: 404 for one that this server did not make.
    static func message(_ token: String, in db: any Reading) throws -> MailMessage {
        guard let key = try ContactKey.find(in: db), let token = LetterToken(token, .stop, key: key),
            let message = try MailQueue.find(token.message, in: db)
        else { throw Problem.notFound("letter") }
        return message
    }
}

/// The same person takes it back; only who holds a letter sent to the address can.
struct ResumeMail: Action {
    let token: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let message = try StopMail.message(token, in: db)
        try message.mark.lift(.doNotContact, in: db)
        try Feed.record(FeedLine("resume", "mail", message.id), by: actor, at: now, in: db)
    }
}
