import JarshyKit
import Storage

/// Not published and not answered, for a reason of the published code, which the asker reads. Needs `moderateQuestions`.
/// The words stay as they were asked.
struct DeclineQuestion: Action {
    let question: QuestionID
    /// A code of `ModerationReason`; there is no way without one.
    let reason: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.moderateQuestions)
        let state = try deed.question.after(.decline)
        guard let reason = ModerationReason(rawValue: reason) else {
            throw Problem.invalid([
                reason.isEmpty ? Problem.Fault("reason", "missing", "A reason is wanted.") : .unknown("reason", reason)
            ])
        }
        let desk = try Desk.of(deed.question.campaign, in: db)
        try deed.set(state, expert: deed.question.expert, due: nil, reason: reason)
        try Contacts.shorten(served: question, to: deed.scope.today.advanced(by: desk.contactDays), in: db)
        try AnswerPost.declined(deed.question, at: now, in: db)
        try deed.record("decline", "reason=\(reason.rawValue)")
    }
}

/// Takes a declined question up again; its term begins anew. Needs `moderateQuestions`.
struct RestoreQuestion: Action {
    let question: QuestionID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        try deed.require(.moderateQuestions)
        let state = try deed.question.after(.restore)
        let desk = try Desk.of(deed.question.campaign, in: db)
        let due = WorkDays.kazakhstan.day(desk.answerDays, after: deed.scope.today)
        try deed.set(state, expert: nil, due: due)
        try deed.record("restore")
    }
}

/// A note among staff: apart from the answer, never shown to the asker. For everybody who works on the question.
struct NoteQuestion: Action {
    let question: QuestionID
    let text: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        if deed.question.expert != actor.person {
            guard QuestionScope.working.contains(where: { deed.scope.holds($0, over: deed.question) }) else {
                throw Problem.forbidden(Right.routeQuestions.rawValue)
            }
        }
        let body = QuestionWords.cleaned(text)
        let faults = QuestionWords.faults(body, field: "note")
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try db.run(
            """
            INSERT INTO question_note (id, question, at, author, body)
            VALUES (\(ID<QuestionNote>.make(at: now)), \(question), \(now), \(actor.person), \(body))
            """)
        try deed.record("note")
    }
}

struct QuestionNote: Sendable {
    let at: Instant
    let author: PersonID
    let body: String

    static func of(_ question: QuestionID, in db: any Reading) throws -> [QuestionNote] {
        try db.all("SELECT at, author, body FROM question_note WHERE question = \(question) ORDER BY at, id") { row in
            QuestionNote(at: try row.next(), author: try row.next(), body: try row.next())
        }
    }
}

/// Reads how an asker is reached. Only for the organisation that took the contact; every reading is logged, and needs
/// `takeQuestions` or `routeQuestions` over the unit.
struct ReadContact: Action {
    let question: QuestionID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> String {
        let deed = try QuestionDeed(question, by: actor, at: now, in: db)
        guard deed.scope.holds(.takeQuestions, over: deed.question) || deed.scope.holds(.routeQuestions, over: deed.question)
        else { throw Problem.forbidden(Right.routeQuestions.rawValue) }
        let contact = try db.first(
            "SELECT value, organization FROM question_contact WHERE question = \(question)"
        ) { row in (try row.next(String.self), try row.next(OrganizationNo.self)) }
        // Another organisation's contact looks like none.
        guard let (value, organization) = contact, Contacts.mayRead(actor, organization) else {
            throw Problem.notFound("contact")
        }
        try db.run(
            """
            INSERT INTO personal_read (id, at, reader, subject, page)
            VALUES (\(ID<QuestionMark>.make(at: now)), \(now), \(actor.person), \(question), \("question contact"))
            """)
        try deed.record("read-contact")
        return value
    }
}

enum Contacts {
    /// A contact that was taken for no organisation is read by those who belong to none.
    static func mayRead(_ actor: Actor, _ organization: OrganizationNo) -> Bool {
        organization == .none ? actor.organizations.isEmpty : actor.organizations.contains(organization)
    }

    /// Contacts of a head and of everything it serves go on `day`, if they would stay longer.
    static func shorten(served head: QuestionID, to day: Day, in db: any Writing) throws {
        try db.run(
            """
            UPDATE question_contact SET delete_day = \(day)
            WHERE delete_day > \(day) AND question IN (SELECT id FROM question WHERE head = \(head))
            """)
    }
}

/// Deletes contacts whose day has come. The server's own clock does it.
struct DeleteContacts: Action {
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int {
        guard actor.kind == .operator else { throw Problem.forbidden(Right.moderateQuestions.rawValue) }
        let today = Zone.kazakhstan.day(at: now)
        let gone = try db.run("DELETE FROM question_contact WHERE delete_day <= \(today)")
        if gone > 0 {
            try Feed.record(
                FeedLine("delete", "contact", today, detail: "count=\(gone)"), by: actor, at: now, in: db)
        }
        try db.run("DELETE FROM ask_attempt WHERE at <= \(now.advanced(seconds: -AskLimits.longestSeconds))")
        return gone
    }
}
