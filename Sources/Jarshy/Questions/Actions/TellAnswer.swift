import JarshyKit
import Storage

/// The activist, or whoever called, passed the answer on.
struct ToldQuestion: LedgerAction {
    static let kind = "question.told"

    let question: QuestionID
    let version: Int64

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        _ = fields.text("campaign")
        question = fields.id("question", of: QuestionMark.self) ?? QuestionID(high: 0, low: 0)
        if !fields.has("question") { fields.fault("question", "missing", "'question' is missing.") }
        version = fields.neededInteger("version")
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        guard let found = try books.db.first(Question.self, where: "FROM question q WHERE q.id = \(question)"),
            try QuestionScope(actor, at: books.now, in: books.db).sees(found)
        else { throw Problem.notFound("question") }
        let right: Right = found.author == actor.person ? .takeQuestions : .routeQuestions
        let flags = try Authority.judge(right, over: found.unit, organization: nil, operation, actor, books)
        guard let answer = try AnswerRows.find(for: found.head, in: books.db), answer.state == .published,
            (1...answer.version).contains(version)
        else { throw Problem.conflict("no-answer", "There is no such version of an answer to this question.") }
        try books.db.run(
            """
            INSERT INTO answer_told (question, version, at, told_by)
            VALUES (\(question), \(version), \(books.now), \(actor.person)) ON CONFLICT (question, version) DO NOTHING
            """)
        books.record(FeedLine("told", "question", question, unit: found.unit, detail: "version=\(version)"), by: actor)
        return .accepted(operation, "question", question, flags: flags)
    }
}
