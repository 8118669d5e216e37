import JarshyKit
import Storage

/// One anonymous press: was your question answered? Only counted.
struct PressAnswer: Action {
    let answer: AnswerID
    let helped: Bool
    let address: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let found = try AnswerRows.find(answer, in: db), found.state == .published else {
            throw Problem.notFound("answer")
        }
        let secret = try QuestionSecret.make(in: db)
        // One press a day for an answer from an address: the others change nothing, and nobody is told which it was.
        let subject = AskLimits.hash("press \(found.id) \(AskLimits.subject(address))", secret: secret)
        let pressed = try db.value(
            "SELECT count(*) FROM ask_attempt WHERE subject = \(subject) AND at > \(now.advanced(seconds: -86_400))",
            as: Int.self)
        guard pressed == 0 else { return }
        try db.run(
            "INSERT INTO ask_attempt (subject, id, at) VALUES (\(subject), \(ID<AskLimitsMark>.make(at: now)), \(now))")
        if helped {
            try db.run("UPDATE answer SET helped = helped + 1 WHERE id = \(answer)")
        } else {
            try db.run("UPDATE answer SET unhelped = unhelped + 1 WHERE id = \(answer)")
        }
        try Feed.record(FeedLine("press", "answer", answer, unit: found.unit), by: actor, at: now, in: db)
    }
}
