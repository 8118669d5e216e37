import JarshyKit
import Storage

/// The letters to askers: your question came in, here is the answer, it was corrected or taken back, please say more, it is not published.
///
/// A letter is written when it is sent, from what stands then: whoever's contact was deleted gets none, and an answer corrected
/// while it waited goes out corrected. None repeats the asker's words, since anybody can put another's address into a form.
struct QuestionLetters: LetterWriter {
    static let taken = "question.taken"
    static let answered = "question.answered"
    static let corrected = "question.corrected"
    static let withdrawn = "question.withdrawn"
    static let askedBack = "question.asked_back"
    static let declined = "question.declined"

    let kinds: Set<String> = [taken, answered, corrected, withdrawn, askedBack, declined]

    func letter(_ message: MailMessage, desk: LetterDesk, in db: any Reading) throws -> Letter? {
        let id = QuestionID(message.about)
        guard let question = try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)"),
            let address = try Self.address(of: id, in: db).flatMap({ MailAddress($0) }),
            let head = try QuestionRows.heads(of: [question], in: db)[question.head]
        else { return nil }
        switch message.kind {
        case Self.answered, Self.corrected: return try answer(message, question, address, desk, in: db)
        case Self.withdrawn: return try withdrawn(message, question, address, desk, in: db)
        case Self.taken: return try taken(message, question, head, address, desk, in: db)
        case Self.askedBack where head.state == .clarify: return try askedBack(message, question, address, desk, in: db)
        case Self.declined where head.state == .notPublished:
            let reason = head.reason.map { QuestionText(words: desk.words).reason($0) } ?? ""
            return Letter(
                address: address, subject: desk.words("letter.declined.subject"),
                paragraphs: [
                    desk.words("letter.hello"), desk.words("letter.declined", ["reason": reason]),
                    desk.words("letter.ask_again", ["url": desk.site + "/ask"]),
                ],
                item: try item(message, address, in: db))
        default: return nil
        }
    }

    private func answer(
        _ message: MailMessage, _ question: Question, _ address: MailAddress, _ desk: LetterDesk, in db: any Reading
    ) throws -> Letter? {
        guard let answer = try AnswerRows.published(for: [question.head], in: db)[question.head],
            let text = try AnswerRows.texts(of: [answer.id], in: db)[answer.id]?.chosen(question.language, of: answer)?.text,
            // What was corrected meanwhile has a letter of its own, or this one tells it already.
            text.version >= message.version
        else { return nil }
        let (words, page) = (desk.words, "\(desk.site)/answers/\(answer.id)")
        let sources = try AnswerRows.sources(of: [answer.id], in: db)[answer.id] ?? []
        let isCorrection = message.kind == Self.corrected
        var paragraphs = [words("letter.hello")]
        if isCorrection {
            let reason = try AnswerRows.versions(of: answer.id, in: db).first {
                $0.language == text.language && $0.version == text.version
            }?.reason ?? ""
            paragraphs.append(words("letter.corrected", ["reason": reason]))
        }
        if text.language != question.language { paragraphs.append(words("letter.other_language")) }
        // The approved wording of the question, not the asker's own.
        if !text.question.isEmpty { paragraphs.append(words("letter.question", ["question": text.question])) }
        paragraphs += [text.body, Self.sources(sources, words, site: desk.site), words("letter.page", ["url": page])]
        paragraphs.append(words("letter.press", ["url": page + "#press"]))
        let subject = words(isCorrection ? "letter.corrected.subject" : "letter.answered.subject")
        return Letter(
            address: address, subject: subject, paragraphs: paragraphs,
            item: try AnswerRelease.item(
                answer.id, message.campaign, .mail, message.organization, address: address.description, in: db))
    }

    private func withdrawn(
        _ message: MailMessage, _ question: Question, _ address: MailAddress, _ desk: LetterDesk, in db: any Reading
    ) throws -> Letter? {
        guard let answer = try AnswerRows.find(for: question.head, in: db),
            let why = try AnswerRows.withdrawal(of: answer, in: db)
        else { return nil }
        let (words, page) = (desk.words, "\(desk.site)/answers/\(answer.id)")
        return Letter(
            address: address, subject: words("letter.withdrawn.subject"),
            paragraphs: [
                words("letter.hello"), words("letter.withdrawn", ["reason": why.reason]), words("letter.withdrawn.next"),
                words("letter.page", ["url": page]),
            ],
            item: try AnswerRelease.item(
                answer.id, message.campaign, .mail, message.organization, address: address.description, in: db))
    }

    private static func sources(_ sources: [Answer.Source], _ words: Words, site: String) -> String {
        ([words("letter.sources")] + sources.map { source in
            let own = NamedSource.isLink(source.url) && source.url != source.title ? source.url : ""
            let kept = source.source.map { site + LibraryCite.Address(source: $0, fact: nil).path } ?? ""
            return (["· " + source.title, own, kept].filter { !$0.isEmpty }).joined(separator: " ")
        }).joined(separator: "\n")
    }

    private func taken(
        _ message: MailMessage, _ question: Question, _ head: Question, _ address: MailAddress, _ desk: LetterDesk, in db: any Reading
    ) throws -> Letter? {
        guard let secret = try QuestionSecret.find(in: db) else { return nil }
        let words = desk.words
        let number = TrackingNumber.make(for: question.id, secret: secret).shown
        // What was asked before has its answer, and needs no term.
        let term = head.state == .published
            ? words("letter.taken.known") : words.count("letter.taken", try Desk.of(question.campaign, in: db).answerDays)
        return Letter(
            address: address, subject: words("letter.taken.subject"),
            paragraphs: [
                words("letter.hello"), term, words("letter.number", ["number": number]),
                words("letter.track", ["url": desk.site + "/question"]), words("letter.no_files"), words("letter.under_age"),
            ],
            item: try item(message, address, in: db), isReply: true)
    }

    private func askedBack(
        _ message: MailMessage, _ question: Question, _ address: MailAddress, _ desk: LetterDesk, in db: any Reading
    ) throws -> Letter? {
        guard let asked = try QuestionRows.lastAskedBack([question.id], in: db)[question.id] else { return nil }
        let words = desk.words
        return Letter(
            address: address, subject: words("letter.asked_back.subject"),
            paragraphs: [words("letter.hello"), words("letter.asked_back"), asked, words("letter.asked_back.how")],
            item: try item(message, address, in: db))
    }

    private func item(_ message: MailMessage, _ address: MailAddress, in db: any Reading) throws -> Release.Item {
        guard let campaign = try Campaigns.current(in: db).find(message.campaign) else { throw Problem.notFound("campaign") }
        return .ofCampaign(.mail, campaign, organization: message.organization, address: address.description)
    }

    private static func address(of question: QuestionID, in db: any Reading) throws -> String? {
        try db.first(
            String.self, "SELECT value FROM question_contact WHERE question = \(question) AND kind = 'email'")
    }

    /// The asker was told this version: a later one is told anew.
    func sent(_ message: MailMessage, at now: Instant, in db: any Writing) throws {
        guard [Self.answered, Self.corrected].contains(message.kind), message.version > 0 else { return }
        let id = QuestionID(message.about)
        guard let question = try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)"),
            let answer = try AnswerRows.find(for: question.head, in: db),
            let text = try AnswerRows.texts(of: [answer.id], in: db)[answer.id]?.chosen(question.language, of: answer)?.text
        else { return }
        try AnswerWrites.told(id, text.language, message.version, by: Actor.operatorID, at: now, in: db)
    }

    func replied(_ body: String, to message: MailMessage, at now: Instant, in db: any Writing) throws -> Bool {
        let id = QuestionID(message.about)
        guard let question = try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)") else { return false }
        try TakeMail.add(body, to: question, at: now, in: db)
        return true
    }

    func stopped(_ message: MailMessage, at now: Instant, in db: any Writing) throws {
        let gone = try db.run("DELETE FROM question_contact WHERE question = \(message.about) AND kind = 'email'")
        guard gone > 0 else { return }
        try db.run("UPDATE question SET reply = 'number', changed_at = \(now) WHERE id = \(message.about) AND reply = 'contact'")
    }
}
