import JarshyKit
import Storage

/// Puts a question under a topic. Needs `routeQuestions`.
struct SortQuestion: Action {
    let question: QuestionID
    /// "" takes the topic away.
    let topic: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        let topic = self.topic.isEmpty ? nil : self.topic
        try Desk.of(deed.question.campaign, in: db).check(topic: topic)
        guard topic != deed.question.topic else { return }
        try db.run("UPDATE question SET topic = \(topic), changed_at = \(now) WHERE id = \(question)")
        try deed.record("sort", "topic=\(topic ?? "")")
    }
}

/// Sends a question to an expert, or from one to another; the clock runs on. Needs `routeQuestions`; the expert must hold
/// `answerQuestions` over the question's unit.
struct SendQuestion: Action {
    let question: QuestionID
    let expert: PersonID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        let state = try deed.question.after(.send)
        guard let person = try Actors.load(expert, on: deed.scope.today, in: db),
            person.holds(.answerQuestions, over: deed.question.unit, in: deed.scope.tree, on: deed.scope.today)
        else {
            throw Problem.invalid([
                Problem.Fault("expert", "no-answering", "This person may not answer questions of this unit.")
            ])
        }
        guard expert != deed.question.expert else { return }
        try deed.set(state, expert: expert, due: deed.question.due)
        try deed.record("send", "expert=\(expert)")
    }
}

/// Asks the asker back; the clock stands until the answer comes. Needs `routeQuestions`, or to be the question's expert.
struct AskBack: Action {
    let question: QuestionID
    let text: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        if deed.question.expert != actor.person { try deed.require(.routeQuestions) }
        let state = try deed.question.after(.ask)
        let body = QuestionWords.cleaned(text)
        let faults = QuestionWords.faults(body)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        if deed.question.reply == .none {
            throw Problem.conflict("no-way-back", "The asker left no way back: nobody can be asked.")
        }
        let left = deed.question.due.map { WorkDays.kazakhstan.count(from: deed.scope.today, to: $0) } ?? 0
        try deed.set(state, expert: deed.question.expert, due: nil, daysLeft: Int64(left))
        try QuestionMessage.insert(body, fromAsker: false, author: actor.person, on: deed.question.id, at: now, in: db)
        try AnswerPost.askedBack(deed.question, at: now, in: db)
        try deed.record("ask-back")
    }
}

/// One line of the exchange with the asker.
struct QuestionMessage: Sendable {
    let at: Instant
    let author: PersonID?
    let fromAsker: Bool
    let body: String

    static func insert(
        _ body: String, fromAsker: Bool, author: PersonID?, on question: QuestionID, at now: Instant, in db: any Writing
    ) throws {
        try db.run(
            """
            INSERT INTO question_message (id, question, at, author, from_asker, body)
            VALUES (\(ID<QuestionMessage>.make(at: now)), \(question), \(now), \(author), \(fromAsker), \(body))
            """)
    }

    static func of(_ question: QuestionID, in db: any Reading) throws -> [QuestionMessage] {
        try db.all(
            "SELECT at, author, from_asker, body FROM question_message WHERE question = \(question) ORDER BY at, id"
        ) { row in
            QuestionMessage(at: try row.next(), author: try row.next(), fromAsker: try row.next(), body: try row.next())
        }
    }
}

/// What the asker said when asked back; the clock runs on with what was left of it.
enum Clarification {
    /// - Parameter author: who brought it; nil when the asker wrote it.
    static func take(
        _ typed: String, for question: Question, author: PersonID?, at now: Instant, in db: any Writing
    ) throws {
        let state = try question.after(.clarified)
        let body = QuestionWords.cleaned(typed)
        let faults = QuestionWords.faults(body)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let today = Zone.kazakhstan.day(at: now)
        let due = WorkDays.kazakhstan.day(Int(max(1, question.daysLeft ?? 1)), after: today)
        try db.run(
            """
            UPDATE question SET state = \(state), due_day = \(due), days_left = NULL, changed_at = \(now)
            WHERE id = \(question.id)
            """)
        try QuestionMessage.insert(body, fromAsker: true, author: author, on: question.id, at: now, in: db)
    }
}

/// The activist, or whoever took the question down, brings what the asker clarified.
struct ClarifiedQuestion: LedgerAction {
    static let kind = "question.clarified"

    let question: QuestionID
    let text: String

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        _ = fields.text("campaign")
        question = fields.id("question", of: QuestionMark.self) ?? QuestionID(high: 0, low: 0)
        if !fields.has("question") { fields.fault("question", "missing", "'question' is missing.") }
        text = fields.neededText("text", longest: 4 * QuestionWords.longestBytes)
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let found = try books.db.first(
            Question.self, where: "FROM question q WHERE q.id = \(question)\(SQL.forUpdate(books.db.dialect))")
        guard let found else {
            throw Parked(problem: Problem("question-not-here", status: 404, "The question has not arrived yet. Send this again later."))
        }
        guard try QuestionScope(actor, at: books.now, in: books.db).sees(found) else { throw Problem.notFound("question") }
        let isMine = found.author == actor.person
        let right: Right = isMine ? .takeQuestions : .routeQuestions
        let flags = try Authority.judge(right, over: found.unit, organization: nil, operation, actor, books)
        try Clarification.take(text, for: found, author: actor.person, at: books.now, in: books.db)
        books.record(FeedLine("clarified", "question", question, unit: found.unit), by: actor)
        return .accepted(operation, "question", question, flags: flags)
    }
}

/// The asker clarifies on the tracking page, knowing the number.
struct ClarifyByNumber: Action {
    let number: TrackingNumber
    let text: String
    let address: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let secret = try QuestionSecret.make(in: db)
        let question = try Tracked.find(number, in: db)
        try AskLimits.count(address, at: now, secret: secret, in: db)
        try Clarification.take(text, for: question, author: nil, at: now, in: db)
        try Feed.record(FeedLine("clarified", "question", question.id, unit: question.unit), by: actor, at: now, in: db)
    }
}

enum Tracked {
    /// The question of a number.
    /// - Throws: 404 when there is none.
    static func find(_ number: TrackingNumber, in db: any Reading) throws -> Question {
        guard let secret = try QuestionSecret.find(in: db),
            let question = try db.first(
                Question.self,
                where: """
                    FROM question q JOIN question_number n ON n.question = q.id WHERE n.hash = \(number.hash(secret: secret))
                    """)
        else { throw Problem("no-number", status: 404, "There is no question with this number.") }
        return question
    }
}
