import JarshyKit
import Storage

/// An answer at the gate. It leaves in the name of the organisation that takes the campaign's questions, and is campaigning
/// where the campaign is, or where a source it cites is, by the library or by a link that came into the library later.
enum AnswerRelease {
    /// - Throws: the gate's refusal. What an operator's file brought for all campaigns has no campaign to be judged in, and is
    ///   shown as the operator's.
    static func pass(_ answer: Answer, at now: Instant, in db: any Reading) throws {
        guard let campaign = answer.campaign else { return }
        let desk = try Desk.of(campaign, in: db)
        guard let organization = desk.organization else { throw Release.Refusal.organization }
        try ReleaseGate.pass(try item(answer.id, campaign, .answer, organization, in: db), at: now, in: db)
    }

    /// - Parameter address: of the asker, for a letter.
    static func item(
        _ answer: AnswerID, _ campaign: CampaignNo, _ way: Release.Way, _ organization: OrganizationNo, address: String? = nil,
        in db: any Reading
    ) throws -> Release.Item {
        guard let found = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        let campaigning = try db.value(
            """
            SELECT count(*) FROM answer_source s JOIN source o ON o.id = s.source OR (s.source IS NULL AND o.url = s.url AND o.url <> '')
            WHERE s.answer = \(answer) AND o.class = 'campaigning'
            """, as: Int.self)
        return Release.Item(
            way: way, campaign: campaign, organization: organization,
            itemClass: found.isInformation && campaigning == 0 ? .information : .campaigning, address: address)
    }
}

/// Letters that follow upon a text approved, a joining, or a question asked back: put into the queue in the deed's own
/// transaction, for those who left a mail address.
enum AnswerPost {
    /// Everybody whose question the answer serves: the first text goes to all of them, a translation to those who asked in its
    /// language, a correction to those who got the text it corrects.
    static func approved(
        _ answer: Answer, _ language: Language, version: Int64, at now: Instant, in db: any Writing
    ) throws {
        guard let head = answer.question, let campaign = answer.campaign else { return }
        let texts = try AnswerRows.texts(of: [answer.id], in: db)[answer.id] ?? []
        let askers = try Asker.served(by: head, in: db).filter { asker in
            texts.chosen(asker.language, of: answer)?.text.language == language
        }
        let kind = version > 1 ? QuestionLetters.corrected : QuestionLetters.answered
        try put(askers, campaign, kind, version: version, text: language, at: now, in: db)
    }

    /// Questions that came to an answer that stands, or to what is not published: their askers hear it at once.
    static func joined(_ questions: [QuestionID], to head: Question, at now: Instant, in db: any Writing) throws {
        let moved = Set(questions)
        let askers = try Asker.served(by: head.id, in: db).filter { moved.contains($0.question) }
        if head.state == .notPublished {
            try put(askers, head.campaign, QuestionLetters.declined, version: now.milliseconds, text: nil, at: now, in: db)
        }
        guard let answer = try AnswerRows.published(for: [head.id], in: db)[head.id], let campaign = answer.campaign else { return }
        let texts = try AnswerRows.texts(of: [answer.id], in: db)[answer.id] ?? []
        for asker in askers {
            guard let text = texts.chosen(asker.language, of: answer)?.text else { continue }
            try put([asker], campaign, QuestionLetters.answered, version: text.version, text: text.language, at: now, in: db)
        }
    }

    /// Those who were told what is taken back.
    static func withdrawn(_ answer: Answer, at now: Instant, in db: any Writing) throws {
        guard let head = answer.question, let campaign = answer.campaign else { return }
        let askers = try Asker.served(by: head, in: db)
        let told = try AnswerRows.told(askers.map(\.question), in: db)
        try put(
            askers.filter { told[$0.question] != nil }, campaign, QuestionLetters.withdrawn, version: answer.version, text: nil,
            at: now, in: db)
    }

    /// The asker of the head is asked back; those joined to it are not.
    static func askedBack(_ question: Question, at now: Instant, in db: any Writing) throws {
        let askers = try Asker.served(by: question.id, in: db).filter { $0.question == question.id }
        try put(askers, question.campaign, QuestionLetters.askedBack, version: now.milliseconds, text: nil, at: now, in: db)
    }

    /// Not published: everybody it would have served is told why.
    static func declined(_ question: Question, at now: Instant, in db: any Writing) throws {
        let askers = try Asker.served(by: question.id, in: db)
        try put(askers, question.campaign, QuestionLetters.declined, version: now.milliseconds, text: nil, at: now, in: db)
    }

    private static func put(
        _ askers: [Asker], _ campaign: CampaignNo, _ kind: String, version: Int64, text: Language?, at now: Instant,
        in db: any Writing
    ) throws {
        let messages = askers.map { asker in
            NewMessage(
                kind: kind, campaign: campaign, organization: asker.organization, about: LetterSubjectID(asker.question),
                version: version, language: asker.language, address: asker.address)
        }
        let replaced = text == nil ? [] : [QuestionLetters.answered, QuestionLetters.corrected]
        try MailQueue.put(messages, replacing: replaced, at: now, in: db)
    }
}

/// Somebody who asked and left a mail address.
struct Asker: Sendable {
    let question: QuestionID
    let language: Language
    let address: String
    let organization: OrganizationNo

    /// Those whom a letter may reach. What was taken for no organisation gets none: a letter leaves in the name of the one that
    /// took the contact.
    static func served(by head: QuestionID, in db: any Reading) throws -> [Asker] {
        try db.all(
            """
            SELECT q.id, q.language, c.value, c.organization FROM question q JOIN question_contact c ON c.question = q.id
            WHERE q.head = \(head) AND c.kind = 'email' AND c.organization <> \(OrganizationNo.none) ORDER BY q.asked_at, q.id
            """
        ) { row in
            Asker(question: try row.next(), language: try row.next(), address: try row.next(), organization: try row.next())
        }
    }
}
