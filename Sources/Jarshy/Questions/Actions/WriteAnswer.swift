import JarshyKit
import Storage

/// The expert answers: the text goes to a second person. Needs to be the question's expert, with `answerQuestions`.
/// Written in the language of the question.
struct WriteAnswer: Action {
    let question: QuestionID
    /// The question as the bank will show it: general, without anything personal.
    let title: String
    let body: String
    let sources: [NamedSource]

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> AnswerID {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        guard deed.question.expert == actor.person else { throw Problem.forbidden(Right.answerQuestions.rawValue) }
        try deed.require(.answerQuestions)
        let state = try deed.question.after(.submit)
        let (title, body) = (QuestionWords.cleaned(title), QuestionWords.cleaned(body))
        let sources = try NamedSource.cited(sources, in: db)
        let faults = QuestionWords.faults(title, field: "title") + AnswerWrites.faults(body) + NamedSource.faults(sources)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let settled = try NamedSource.settled(sources, in: db)
        let known = try AnswerRows.find(for: question, in: db)
        let id = known?.id ?? AnswerID.make(at: now)
        if known == nil {
            try db.run(
                """
                INSERT INTO answer (id, campaign, unit, question, topic, language, state, version, author, sources, imported,
                    prepared, helped, unhelped, created_at, changed_at)
                VALUES (\(id), \(deed.question.campaign), \(deed.question.unit), \(question), \(deed.question.topic),
                    \(deed.question.language), 'draft', 0, \(actor.person), 0, \(false), \(deed.question.prepared), 0, 0,
                    \(now), \(now))
                """)
        } else {
            try db.run("UPDATE answer SET state = 'draft', author = \(actor.person), changed_at = \(now) WHERE id = \(id)")
        }
        try AnswerWrites.put(settled, on: id, in: db)
        // What follows upon a text that was withdrawn corrects it.
        let reason = try known.flatMap { try AnswerRows.withdrawal(of: $0, in: db) }?.reason ?? ""
        try AnswerWrites.put(
            deed.question.language, question: title, body: body, reason: reason, author: actor.person, on: id, at: now, in: db)
        try deed.set(state, expert: actor.person, due: deed.question.due)
        try deed.record("answer")
        return id
    }
}

/// A translation of a published answer, or a correction of a text that stands, with its reason; it waits for a second
/// person. Needs `answerQuestions` over the answer's unit.
struct RewriteAnswer: Action {
    let answer: AnswerID
    let language: Language
    let title: String
    let body: String
    /// Wanted for a correction.
    let reason: String
    /// What a correction of the first text rests on; nil leaves the sources as they are.
    var sources: [NamedSource]?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        guard let found = try AnswerRows.find(answer, in: db), found.mayBeRewritten else { throw Problem.notFound("answer") }
        try actor.require(.answerQuestions, over: try found.home(in: tree), in: tree, on: today)
        let (title, body, reason) = (
            QuestionWords.cleaned(title), QuestionWords.cleaned(body), QuestionWords.cleaned(reason)
        )
        var faults = QuestionWords.faults(title, field: "title") + AnswerWrites.faults(body)
        let stands = try AnswerRows.texts(of: [answer], in: db)[answer]?.contains { $0.language == language } ?? false
        if stands { faults += QuestionWords.faults(reason, field: "reason") }
        // A translation says what the first text says, on the same sources.
        let named = stands && language == found.language ? try sources.map { try NamedSource.cited($0, in: db) } : nil
        if let named { faults += NamedSource.faults(named) }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let settled = try named.map { try NamedSource.settled($0, in: db) }
        try AnswerWrites.put(
            language, question: title, body: body, reason: stands ? reason : "", sources: settled, author: actor.person,
            on: answer, at: now, in: db)
        try Feed.record(
            FeedLine(stands ? "correct" : "translate", "answer", answer, unit: found.unit, detail: "language=\(language)"),
            by: actor, at: now, in: db)
    }
}

/// The second person sends the first text back to its author with a note. Needs `approveAnswers`.
struct SendBackAnswer: Action {
    let question: QuestionID
    let note: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.approveAnswers)
        let state = try deed.question.after(.sendBack)
        let body = QuestionWords.cleaned(note)
        let faults = QuestionWords.faults(body, field: "note")
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try deed.set(state, expert: deed.question.expert, due: deed.question.due)
        try db.run(
            """
            INSERT INTO question_note (id, question, at, author, body)
            VALUES (\(ID<QuestionNote>.make(at: now)), \(question), \(now), \(actor.person), \(body))
            """)
        try deed.record("send-back")
    }
}
