import JarshyKit
import Storage

/// Takes a published answer back at once, with a reason that everybody reads where it stood: one person is enough to stop what
/// is wrong. Its question is open again with a new term, and those who were told are told this. Needs `approveAnswers`.
struct WithdrawAnswer: Action {
    let answer: AnswerID
    let reason: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        guard let found = try AnswerRows.find(answer, in: db), found.state == .published,
            actor.mayKnow(try found.home(in: tree), in: tree, on: today)
        else { throw Problem.notFound("answer") }
        try actor.require(.approveAnswers, over: try found.home(in: tree), in: tree, on: today)
        let reason = QuestionWords.cleaned(reason)
        let faults = QuestionWords.faults(reason, field: "reason")
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try db.run(
            """
            INSERT INTO answer_withdrawal (answer, version, reason, by_person, at)
            VALUES (\(answer), \(found.version), \(reason), \(actor.person), \(now))
            """)
        try db.run("UPDATE answer SET state = 'withdrawn', changed_at = \(now) WHERE id = \(answer)")
        if let question = found.question { try open(question, by: actor, at: now, in: db) }
        try PageStamp.touch(.answers, in: db)
        try AnswerIndex.update([answer], in: db)
        try AnswerPost.withdrawn(found, at: now, in: db)
        try Feed.record(
            FeedLine("withdraw", "answer", answer, unit: found.unit, detail: "version=\(found.version)"),
            by: actor, at: now, in: db)
    }

    /// The question waits again, with whom it lay; its term begins anew.
    private func open(_ id: QuestionID, by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let question = try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)") else {
            throw Problem.notFound("question")
        }
        let state = try question.after(.withdraw)
        let desk = try Desk.of(question.campaign, in: db)
        let due = WorkDays.kazakhstan.day(desk.answerDays, after: Zone.kazakhstan.day(at: now))
        try db.run(
            "UPDATE question SET state = \(state), due_day = \(due), changed_at = \(now) WHERE id = \(id)")
        try Feed.record(FeedLine("withdraw", "question", id, unit: question.unit), by: actor, at: now, in: db)
    }
}
