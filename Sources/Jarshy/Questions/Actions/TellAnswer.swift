import JarshyKit
import Storage

/// The activist, or whoever called, told the asker: the answer, that the question is not published, or that an answer told
/// before was taken back.
struct ToldQuestion: LedgerAction {
    static let kind = "question.told"

    enum What: String, Stored, CaseIterable, Sendable {
        case answer, declined, withdrawn
    }

    let question: QuestionID
    let what: What
    /// Of the text that was told; nil for the one that stands for the asker's language.
    let language: Language?
    let version: Int64

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        _ = fields.text("campaign")
        question = fields.id("question", of: QuestionMark.self) ?? QuestionID(high: 0, low: 0)
        if !fields.has("question") { fields.fault("question", "missing", "'question' is missing.") }
        what = fields.has("what") ? AskQuestion.one(of: What.allCases, "what", &fields) ?? .answer : .answer
        language = fields.has("language") ? AskQuestion.one(of: Language.allCases, "language", &fields) : nil
        version = what == .answer ? fields.neededInteger("version") : 0
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        guard let found = try books.db.first(Question.self, where: "FROM question q WHERE q.id = \(question)"),
            try QuestionScope(actor, at: books.now, in: books.db).sees(found)
        else { throw Problem.notFound("question") }
        let right: Right = found.author == actor.person ? .takeQuestions : .routeQuestions
        let flags = try Authority.judge(right, over: found.unit, organization: nil, operation, actor, books)
        if what == .answer { try tell(found, by: actor, on: books) } else { try tellFate(found, by: actor, on: books) }
        let detail = what == .answer ? "version=\(version)" : "what=\(what.rawValue)"
        books.record(FeedLine("told", "question", question, unit: found.unit, detail: detail), by: actor)
        return .accepted(operation, "question", question, flags: flags)
    }

    private func tell(_ found: Question, by actor: Actor, on books: Books) throws {
        guard let answer = try AnswerRows.find(for: found.head, in: books.db), answer.state == .published,
            let texts = try AnswerRows.texts(of: [answer.id], in: books.db)[answer.id],
            let text = language.map({ language in texts.first { $0.language == language } })
                ?? texts.chosen(found.language, of: answer)?.text,
            (1...text.version).contains(version)
        else { throw Problem.conflict("no-answer", "There is no such version of an answer to this question.") }
        try AnswerWrites.told(question, text.language, version, by: actor.person, at: books.now, in: books.db)
    }

    private func tellFate(_ found: Question, by actor: Actor, on books: Books) throws {
        let head = try QuestionRows.heads(of: [found], in: books.db)[found.head] ?? found
        let isTrue = try what == .declined
            ? head.state == .notPublished
            : AnswerRows.find(for: head.id, in: books.db).flatMap { try AnswerRows.withdrawal(of: $0, in: books.db) } != nil
        guard isTrue else {
            throw Problem.conflict("question-state", "That is not so any more. Look again.", slots: ["state": head.state.rawValue])
        }
        try books.db.run(
            """
            INSERT INTO asker_told (question, what, at, told_by)
            VALUES (\(question), \(what), \(books.now), \(actor.person)) ON CONFLICT (question, what, at) DO NOTHING
            """)
    }
}
