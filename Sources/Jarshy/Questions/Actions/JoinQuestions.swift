import JarshyKit
import Storage

/// Joins a question, with those it serves, to another that asks the same: all get one answer, and it is counted how many
/// asked. Needs `routeQuestions` over both. Nobody sees another's words by it.
struct JoinQuestions: Action {
    let question: QuestionID
    let target: QuestionID

    typealias Result = JoiningID?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> JoiningID? {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        let other = try deed.scope.find(target, in: db)
        try deed.scope.require(.routeQuestions, over: other)
        let from = deed.question
        guard let head = try QuestionRows.heads(of: [other], in: db)[other.head] else { throw Problem.notFound("question") }
        guard from.isHead else {
            throw Problem.conflict("question-joined", "The question is joined already; take it out first.")
        }
        guard head.id != from.id else {
            throw Problem.conflict("question-same", "These two are together already.")
        }
        guard from.campaign == other.campaign else {
            throw Problem.conflict("question-campaign", "Questions of two campaigns are not joined.")
        }
        guard from.state.isOpen else {
            throw Problem.conflict("question-state", "Only a question that still waits is joined to another.", slots: ["state": from.state.rawValue])
        }
        let moved = try db.all(QuestionID.self, "SELECT id FROM question WHERE head = \(from.id)")
        let id = try Joining.join(moved, of: from.id, to: head.id, counting: from.asked, by: actor.person, at: now, in: db)
        try Joining.arrived(moved, under: head, at: now, in: db)
        try deed.record("join", "to=\(head.id)")
        return id
    }
}

/// Undoes a joining: what it moved and still stands where it put it goes back to the question it belonged to.
struct UndoJoining: Action {
    let joining: JoiningID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try db.first(
            "SELECT question, target FROM question_join WHERE id = \(joining) AND undone_at IS NULL"
        ) { row in (try row.next(QuestionID.self), try row.next(QuestionID.self)) }
        guard let (question, _) = found else { throw Problem.notFound("joining") }
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        // Where its question stands now is where the joining's questions are, whatever was joined on top since.
        let from = deed.question.head
        guard from != question else {
            throw Problem.conflict("question-apart", "The question stands alone already.")
        }
        let back = try db.all(
            """
            SELECT q.id, q.prepared FROM question_join_member m JOIN question q ON q.id = m.question
            WHERE m.joining = \(joining) AND q.head = \(from)
            """
        ) { row in (id: try row.next(QuestionID.self), prepared: try row.next(Bool.self)) }
        try Joining.move(
            back.map(\.id), from: from, to: question, counting: Int64(back.count { !$0.prepared }), at: now, in: db)
        try db.run("UPDATE question_join SET undone_at = \(now), undone_by = \(actor.person) WHERE id = \(joining)")
        try deed.record("part", "from=\(from)")
    }
}

/// Takes one question out of its group: it stands alone again, in the state it had.
struct PartQuestion: Action {
    let question: QuestionID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        guard !deed.question.isHead else {
            throw Problem.conflict("question-apart", "The question stands alone already.")
        }
        let from = deed.question.head
        try Joining.move([question], from: from, to: question, counting: deed.question.prepared ? 0 : 1, at: now, in: db)
        try db.run(
            """
            UPDATE question_join SET undone_at = \(now), undone_by = \(actor.person)
            WHERE question = \(question) AND undone_at IS NULL
            """)
        try deed.record("part", "from=\(from)")
    }
}
