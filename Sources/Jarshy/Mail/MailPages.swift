import JarshyKit
import Storage

/// The queue for whoever runs the server: how much waits, and what needs a person. No address and no text can be seen.
enum MailPages {
    static func routes(_ site: inout Routes) {
        site.get("/mail", .right(.manageCampaigns)) { visit in try await page(visit, problem: nil) }
        site.post("/mail/{id}/again", .right(.manageCampaigns)) { visit in
            try await deed(visit, "mail.again.done") { try await visit.run(RepeatMail(message: try id(visit))) }
        }
        site.post("/mail/{id}/drop", .right(.manageCampaigns)) { visit in
            try await deed(visit, "mail.drop.done") { try await visit.run(DropMail(message: try id(visit))) }
        }
        site.post("/mail/do-not-contact", .signedIn) { visit in
            try await deed(visit, "mail.no_contact.done") {
                try await visit.run(BarContact(address: visit.form.text("address")))
            }
        }
    }

    private static func id(_ visit: Visit) throws -> MailID {
        guard let id = MailID(visit.parameter("id")) else { throw Problem.notFound("letter") }
        return id
    }

    private static func deed(_ visit: Visit, _ done: String, _ work: () async throws -> Void) async throws -> Reply {
        try await visit.attempt(
            {
                try await work()
                return .redirect("/mail", flash: .init(kind: .done, text: visit.words(done)))
            }, again: { try await page(visit, problem: $0) })
    }

    static let most = 100

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, now) = (try visit.require(), visit.now)
        let view = try await visit.read { db -> MailView in
            try MailRight.require(actor, at: now, in: db)
            var counts: [MailMessage.State: Int] = [:]
            try db.rows("SELECT state, count(*) FROM mail_message GROUP BY state") { row in
                counts[try row.next()] = try row.next(Int.self)
                return true
            }
            var came: [String: Int] = [:]
            let since = now.advanced(seconds: -7 * 86_400)
            try db.rows("SELECT outcome, count(*) FROM mail_in WHERE at > \(since) GROUP BY outcome") { row in
                came[try row.next(String.self)] = try row.next(Int.self)
                return true
            }
            let open = try db.all(
                MailMessage.self,
                where: """
                    FROM mail_message m WHERE m.state IN \([MailMessage.State.unsure, .failed])
                        OR (m.state = 'waiting' AND m.attempts > 0)
                    ORDER BY m.state DESC, m.changed_at DESC, m.id LIMIT \(most)
                    """)
            return MailView(counts: counts, came: came, open: open)
        }
        let page = MailPage(view, form: visit.form, problem: problem, words: visit.words)
        return .page("mail", page, PageHead(page.heading, section: "mail"))
    }
}

/// Who works on the queue: whoever manages campaigns over the whole tree.
enum MailRight {
    static func require(_ actor: Actor, at now: Instant, in db: any Reading) throws {
        let tree = try Tree.current(in: db)
        guard let root = tree.root else { throw Problem.forbidden(Right.manageCampaigns.rawValue) }
        try actor.require(.manageCampaigns, over: root, in: tree, on: Zone.kazakhstan.day(at: now))
    }

    static func find(_ id: MailID, by actor: Actor, at now: Instant, in db: any Writing) throws -> MailMessage {
        try require(actor, at: now, in: db)
        guard let message = try MailQueue.find(id, in: db) else { throw Problem.notFound("letter") }
        return message
    }
}

struct MailView: Sendable {
    let counts: [MailMessage.State: Int]
    let came: [String: Int]
    let open: [MailMessage]
}

/// Sends a letter once more: a person has decided that twice is better than not at all.
struct RepeatMail: Action {
    let message: MailID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try MailRight.find(message, by: actor, at: now, in: db)
        guard found.state.mayRepeat else {
            throw Problem.conflict("mail-state", "This letter is not one that failed or is unsure. Look again.")
        }
        try db.run(
            """
            UPDATE mail_message SET state = 'waiting', attempts = 0, reason = '', queued_at = \(now), changed_at = \(now),
                next_at = \(now) WHERE id = \(message)
            """)
        try Feed.record(FeedLine("again", "mail", message, detail: "was=\(found.state.rawValue)"), by: actor, at: now, in: db)
    }
}

/// Leaves a letter unsent for good.
struct DropMail: Action {
    let message: MailID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try MailRight.find(message, by: actor, at: now, in: db)
        guard [.waiting, .unsure, .failed].contains(found.state) else {
            throw Problem.conflict("mail-state", "This letter is on its way or done. Look again.")
        }
        try MailQueue.set(.stopped, "dropped", of: message, at: now, in: db)
        try Feed.record(FeedLine("drop", "mail", message, detail: "was=\(found.state.rawValue)"), by: actor, at: now, in: db)
    }
}

struct MailPage: PageModel {
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let counts: [MailCount]
    let came: [MailCount]
    let rows: [MailRow]
    let isEmpty: Bool
    let address: TextField

    init(_ view: MailView, form: Fields, problem: Problem?, words: Words) {
        heading = words("mail.title")
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        counts = MailMessage.State.allCases.map { state in
            MailCount(label: words.find("mail.state.\(state.rawValue)") ?? state.rawValue, count: words.format.number(view.counts[state] ?? 0))
        }
        came = ["question", "reply", "bounce", "automatic", "limited", "empty"].map { outcome in
            MailCount(label: words.find("mail.came.\(outcome)") ?? outcome, count: words.format.number(view.came[outcome] ?? 0))
        }
        rows = view.open.map { MailRow($0, words: words) }
        isEmpty = rows.isEmpty
        address = TextField(
            "address", words("mail.no_contact.address"), value: problem == nil ? "" : form.text("address"),
            hint: words("mail.no_contact.hint"), error: FieldErrors(problem, words: words)["address"], required: true,
            autocomplete: "off")
    }
}

struct MailCount: PageModel {
    let label: String
    let count: String
}

struct MailRow: PageModel {
    let kindName: String
    let state: String
    let reason: String
    let attempts: String
    let when: String
    let canRepeat: Bool
    let againAction: String
    let dropAction: String

    init(_ message: MailMessage, words: Words) {
        let text = UnitText(words: words)
        kindName = words.find("mail.kind.\(message.kind)") ?? message.kind
        state = words.find("mail.state.\(message.state.rawValue)") ?? message.state.rawValue
        reason = words.find("mail.reason.\(message.reason.replacing("-", with: "_"))") ?? message.reason
        attempts = words.format.number(Int(message.attempts))
        when = text.moment(message.changedAt)
        canRepeat = message.state.mayRepeat
        againAction = "/mail/\(message.id)/again"
        dropAction = "/mail/\(message.id)/drop"
    }
}
