import Crypto
import JarshyKit
import Storage

/// Takes one letter from the relay's pipe: a new question, more to an old one, a bounce, or nothing. Done once, however often
/// the relay delivers it.
///
/// Nobody is answered but a writer whose question was taken, once, without a word of the letter. What is not taken is counted
/// by its reason and forgotten.
struct TakeMail: Action {
    let mail: IncomingMail
    /// SHA-256 of the whole letter.
    let mark: Blob
    /// To whom the relay delivered it; empty where it did not say: then the letter's own headers are asked.
    let recipient: MailAddress?
    /// The address people write to, without a tag.
    let own: MailAddress
    /// Code of the campaign; "" for the one that runs.
    let campaign: String
    /// Whose letters may be replied to.
    let writers: [any LetterWriter]

    enum Outcome: String, Stored, Sendable {
        case question, reply, bounce, automatic, limited, empty
    }

    struct Taken: Sendable {
        let outcome: Outcome
        /// The letter had been taken before.
        var isRepeat = false
        var question: QuestionID?
    }

    /// Steps for one address: wide enough for somebody with several questions, far below a flood.
    static let steps = [AskLimits.Step(most: 5, seconds: 600), AskLimits.Step(most: 20, seconds: 86_400)]

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Taken {
        guard actor.kind == .operator else { throw Problem.forbidden(Right.takeQuestions.rawValue) }
        if let known = try db.first("SELECT outcome, about FROM mail_in WHERE mark = \(mark)", { row in
            Taken(outcome: try row.next(), isRepeat: true, question: try row.next(QuestionID?.self))
        }) { return known }
        let taken = try judge(at: now, in: db)
        try db.run(
            """
            INSERT INTO mail_in (mark, at, outcome, about) VALUES (\(mark), \(now), \(taken.outcome), \(taken.question))
            """)
        return taken
    }

    private func judge(at now: Instant, in db: any Writing) throws -> Taken {
        let key = try ContactKey.make(in: db)
        let token = ([recipient].compactMap { $0 } + mail.recipients).lazy.compactMap { $0.tag(of: own) }
            .compactMap { LetterToken.read(tag: $0, key: key) }.first
        if let token, token.purpose == .bounce { return try bounced(token, at: now, in: db) }
        guard !mail.isAutomatic, let from = mail.from, from != own, from.tag(of: own) == nil else {
            return Taken(outcome: .automatic)
        }
        let body = Self.body(mail)
        guard QuestionWords.faults(body).isEmpty else { return Taken(outcome: .empty) }
        guard try countIn(from, key: key, at: now, in: db) else { return Taken(outcome: .limited) }
        if let token, token.purpose == .reply, let message = try MailQueue.find(token.message, in: db) {
            let writer = writers.first { $0.kinds.contains(message.kind) }
            if try writer?.replied(body, to: message, at: now, in: db) == true {
                let isQuestion = QuestionLetters().kinds.contains(message.kind)
                return Taken(outcome: .reply, question: isQuestion ? QuestionID(message.about) : nil)
            }
        }
        if let number = Self.number(in: mail), let question = try? Tracked.find(number, in: db) {
            // A subject that names the number is no part of what is said.
            let text = QuestionWords.cut(QuestionWords.cleaned(mail.text))
            try Self.add(QuestionWords.faults(text).isEmpty ? text : body, to: question, at: now, in: db)
            return Taken(outcome: .reply, question: question.id)
        }
        return try ask(body, from, at: now, in: db)
    }

    /// Only a bounce that came to the address of its own letter counts: nobody else knows it.
    private func bounced(_ token: LetterToken, at now: Instant, in db: any Writing) throws -> Taken {
        guard let report = mail.report, report.isFinal, let message = try MailQueue.find(token.message, in: db) else {
            return Taken(outcome: .automatic)
        }
        try message.mark.set(.bounced, at: now, in: db)
        try MailQueue.set(.failed, "bounced", of: message.id, at: now, in: db)
        try Feed.record(FeedLine("bounce", "mail", message.id), by: .operator, at: now, in: db)
        return Taken(outcome: .bounce)
    }

    /// More to a question that stands: what was asked back, or a word to it.
    static func add(_ body: String, to question: Question, at now: Instant, in db: any Writing) throws {
        if question.isHead, question.state == .clarify {
            try Clarification.take(body, for: question, author: nil, at: now, in: db)
        } else {
            try QuestionMessage.insert(body, fromAsker: true, author: nil, on: question.id, at: now, in: db)
        }
        try Feed.record(
            FeedLine("clarified", "question", question.id, unit: question.unit, detail: "way=mail"), by: .resident, at: now,
            in: db)
    }

    private func ask(_ body: String, _ from: MailAddress, at now: Instant, in db: any Writing) throws -> Taken {
        let tree = try Tree.current(in: db)
        let campaigns = try Campaigns.current(in: db)
        guard let root = tree.root,
            let campaign = campaign.isEmpty ? campaigns.current(on: Zone.kazakhstan.day(at: now)) : campaigns.find(campaign)
        else { throw Problem.notFound("campaign") }
        let desk = try Desk.of(campaign.no, in: db)
        let secret = try QuestionSecret.make(in: db)
        // The same letter makes the same question, whatever happened between two deliveries.
        let id = QuestionID(bytes: mark.bytes.prefix(16)) ?? QuestionID.make(at: now)
        let isWanted = try !ContactMark.kinds(of: from.description, in: db).contains(.doNotContact)
        let contact: AskerContact? =
            desk.organization == nil || !isWanted ? nil : AskerContact(kind: .email, from.description)
        let language = LanguageGuess.of(body)
        let question = NewQuestion(
            id: id, campaign: campaign, unit: root, topic: nil, language: language, body: body, way: .mail,
            reply: contact == nil ? .number : .contact, contact: contact, number: TrackingNumber.make(for: id, secret: secret),
            event: nil, prepared: false)
        _ = try question.insert(
            author: nil, organization: desk.organization ?? .none, desk: desk, tree: tree, at: now, in: db)
        try Feed.record(FeedLine("ask", "question", id, unit: root, detail: "way=mail"), by: .resident, at: now, in: db)
        if contact != nil, let organization = desk.organization {
            try MailQueue.put(
                [
                    NewMessage(
                        kind: QuestionLetters.taken, campaign: campaign.no, organization: organization,
                        about: LetterSubjectID(id), version: 0, language: language, address: from.description)
                ], at: now, in: db)
        }
        return Taken(outcome: .question, question: id)
    }

    /// - Returns: false when the address has had its share.
    private func countIn(_ from: MailAddress, key: [UInt8], at now: Instant, in db: any Writing) throws -> Bool {
        let subject = ContactMark(from.description, key: key)
        let since = now.advanced(seconds: -86_400)
        let before = try db.all(
            Instant.self, "SELECT at FROM ask_attempt WHERE subject = \(subject) AND at > \(since) ORDER BY at DESC LIMIT 20")
        guard AskLimits.wait(before, now: now, steps: Self.steps) == nil else { return false }
        try db.run("INSERT INTO ask_attempt (subject, id, at) VALUES (\(subject), \(ID<AskLimitsMark>.make(at: now)), \(now))")
        return true
    }

    /// The text, under its subject where that says more than the text's beginning; cut to what a question may hold.
    static func body(_ mail: IncomingMail) -> String {
        let (subject, text) = (QuestionWords.cleaned(mail.subject), QuestionWords.cleaned(mail.text))
        let isReply = subject.prefixMatch(of: #/(?i)(re|fw|fwd|aw|жауап|ответ)\s*:/#) != nil
        let says = !subject.isEmpty && !isReply && !folded(text).hasPrefix(folded(subject)) && folded(subject).utf8.count > 3
        let whole = says && !text.isEmpty ? subject + "\n" + text : text.isEmpty && !isReply ? subject : text
        return QuestionWords.cut(whole)
    }

    /// A tracking number that stands in the subject or the text as it is printed: `7K3M-9QXD-2TVA`.
    static func number(in mail: IncomingMail) -> TrackingNumber? {
        for text in [mail.subject, mail.text] {
            if let match = text.firstMatch(of: #/\b[0-9A-HJ-NP-TV-Z]{4}-[0-9A-HJ-NP-TV-Z]{4}-[0-9A-HJ-NP-TV-Z]{4}\b/#) {
                return TrackingNumber(String(match.0))
            }
        }
        return nil
    }
}

extension QuestionWords {
    /// Cut to what a question may hold, with a mark where it was cut.
    static func cut(_ text: String) -> String {
        var out = text
        if out.unicodeScalars.count > longest {
            out = String(String.UnicodeScalarView(out.unicodeScalars.prefix(longest - 2))) + " …"
        }
        while out.utf8.count > longestBytes { out = String(out.dropLast(100)) }
        return out
    }
}
