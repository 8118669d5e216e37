import JarshyKit
import Storage

/// A source as somebody names it: a title, and a link or an entry of the library.
struct NamedSource: Sendable, Hashable {
    let title: String
    let url: String
    var day: Day?
    var source: SourceID?

    /// Lines of a form, `title | link`, or a link alone; empty lines are nothing.
    static func lines(_ text: String) -> [NamedSource] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: "|", maxSplits: 1).map { String($0).trimmingSpaces() }
            guard let first = parts.first, !first.isEmpty else { return nil }
            if parts.count == 1 { return NamedSource(title: first, url: isLink(first) ? first : "") }
            return NamedSource(title: first, url: parts[1])
        }
    }

    /// Only these may stand in a link of a page: `javascript:` and its like never do.
    static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 500
            && text.utf8.allSatisfy { $0 > 32 && $0 != 34 && $0 != 60 && $0 != 62 }
    }

    static func faults(_ sources: [NamedSource]) -> [Problem.Fault] {
        if sources.isEmpty { return [Problem.Fault("sources", "no-source", "At least one source is wanted.")] }
        if sources.count > 20 { return [.bounds("sources", 1, 20)] }
        let wrong = sources.contains { ($0.url.isEmpty ? false : !isLink($0.url)) || $0.title.utf8.count > 600 }
        return wrong ? [Problem.Fault("sources", "not-link", "A source's link begins with https:// or http://.")] : []
    }
}

enum AnswerWrites {
    static let longest = 8000

    static func faults(_ body: String, field: String = "answer") -> [Problem.Fault] {
        if folded(body).isEmpty { return [Problem.Fault(field, "missing", "'\(field)' is missing.")] }
        if body.unicodeScalars.count > longest {
            return [Problem.Fault(field, "too-long", "'\(field)' is too long.", slots: ["max": String(longest)])]
        }
        return []
    }

    static func put(_ sources: [NamedSource], on answer: AnswerID, in db: any Writing) throws {
        try db.run("DELETE FROM answer_source WHERE answer = \(answer)")
        var rows: [[Bind]] = []
        for (position, named) in sources.enumerated() {
            let version = try named.source.map { id in
                try db.first(Int64.self, "SELECT version FROM source WHERE id = \(id)") ?? 1
            }
            rows.append([
                answer.bind, Int64(position).bind, named.title.bind, named.url.bind, named.day?.bind ?? .null(.bigint),
                named.source?.bind ?? .null(.uuid), version?.bind ?? .null(.bigint),
            ])
        }
        try db.insert(
            "INSERT INTO answer_source (answer, position, title, url, day, source, source_version) VALUES", rows: rows)
        try db.run("UPDATE answer SET sources = \(sources.count) WHERE id = \(answer)")
    }

    static func put(
        _ language: Language, question: String, body: String, reason: String, author: PersonID, on answer: AnswerID,
        at now: Instant, in db: any Writing
    ) throws {
        try db.run(
            """
            INSERT INTO answer_draft (answer, language, question, body, reason, author, at)
            VALUES (\(answer), \(language), \(question), \(body), \(reason), \(author), \(now))
            ON CONFLICT (answer, language) DO UPDATE SET question = \(question), body = \(body), reason = \(reason),
                author = \(author), at = \(now)
            """)
    }
}

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
        let faults = QuestionWords.faults(title, field: "title") + AnswerWrites.faults(body) + NamedSource.faults(sources)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let known = try AnswerRows.find(for: question, in: db)?.id
        let id = known ?? AnswerID.make(at: now)
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
            try db.run("UPDATE answer SET author = \(actor.person), changed_at = \(now) WHERE id = \(id)")
        }
        try AnswerWrites.put(sources, on: id, in: db)
        try AnswerWrites.put(
            deed.question.language, question: title, body: body, reason: "", author: actor.person, on: id, at: now, in: db)
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

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        guard let found = try AnswerRows.find(answer, in: db), found.state == .published else {
            throw Problem.notFound("answer")
        }
        try actor.require(.answerQuestions, over: try found.home(in: tree), in: tree, on: today)
        let (title, body, reason) = (
            QuestionWords.cleaned(title), QuestionWords.cleaned(body), QuestionWords.cleaned(reason)
        )
        var faults = QuestionWords.faults(title, field: "title") + AnswerWrites.faults(body)
        let stands = try AnswerRows.texts(of: [answer], in: db)[answer]?.contains { $0.language == language } ?? false
        if stands { faults += QuestionWords.faults(reason, field: "reason") }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try AnswerWrites.put(
            language, question: title, body: body, reason: stands ? reason : "", author: actor.person, on: answer, at: now,
            in: db)
        try Feed.record(
            FeedLine(stands ? "correct" : "translate", "answer", answer, unit: found.unit, detail: "language=\(language)"),
            by: actor, at: now, in: db)
    }
}

/// A second person approves a text that waits: it is published at once, in the bank and to everybody who asked. Needs
/// `approveAnswers`; nobody approves what they wrote.
struct ApproveAnswer: Action {
    let answer: AnswerID
    let language: Language

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        guard let found = try AnswerRows.find(answer, in: db), actor.mayKnow(try found.home(in: tree), in: tree, on: today),
            let draft = try AnswerRows.drafts(of: answer, in: db).first(where: { $0.language == language })
        else { throw Problem.notFound("answer") }
        try actor.require(.approveAnswers, over: try found.home(in: tree), in: tree, on: today)
        guard draft.author != actor.person else {
            throw Problem("own-answer", status: 403, "Nobody approves what they wrote.")
        }
        guard try db.value("SELECT count(*) FROM answer_source WHERE answer = \(answer)", as: Int.self) > 0 else {
            throw Problem.conflict("no-source", "An answer without a source is not published.")
        }
        try AnswerRelease.pass(found, at: now, in: db)
        if let question = found.question, found.state == .draft {
            try publish(question, found, by: actor, at: now, in: db)
        }
        let isFirst = language == found.language
        let version = isFirst ? found.version + 1 : try next(in: db)
        let basedOn = isFirst ? version : found.version
        try db.run(
            """
            INSERT INTO answer_text (answer, language, version, based_on, question, body, at)
            VALUES (\(answer), \(language), \(version), \(basedOn), \(draft.question), \(draft.body), \(now))
            ON CONFLICT (answer, language) DO UPDATE SET version = \(version), based_on = \(basedOn),
                question = \(draft.question), body = \(draft.body), at = \(now)
            """)
        try db.run(
            """
            INSERT INTO answer_version (answer, language, version, question, body, reason, author, approver, at)
            VALUES (\(answer), \(language), \(version), \(draft.question), \(draft.body), \(draft.reason), \(draft.author),
                \(actor.person), \(now))
            """)
        try db.run("DELETE FROM answer_draft WHERE answer = \(answer) AND language = \(language)")
        if isFirst {
            try db.run(
                """
                UPDATE answer SET state = 'published', version = \(version), author = \(draft.author),
                    approver = \(actor.person), published_at = coalesce(published_at, \(now)), changed_at = \(now)
                WHERE id = \(answer)
                """)
        } else {
            try db.run("UPDATE answer SET changed_at = \(now) WHERE id = \(answer)")
        }
        try AnswerIndex.update([answer], in: db)
        try AnswerPost.approved(found, language, version: version, at: now, in: db)
        try Feed.record(
            FeedLine("approve", "answer", answer, unit: found.unit, detail: "language=\(language) version=\(version)"),
            by: actor, at: now, in: db)
    }

    private func next(in db: any Writing) throws -> Int64 {
        try db.value(
            "SELECT coalesce(max(version), 0) + 1 FROM answer_version WHERE answer = \(answer) AND language = \(language)")
    }

    /// The question and all it serves are answered; their contacts go when their days after the answer are over.
    private func publish(
        _ id: QuestionID, _ found: Answer, by actor: Actor, at now: Instant, in db: any Writing
    ) throws {
        guard let question = try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)") else {
            throw Problem.notFound("question")
        }
        _ = try question.after(.approve)
        let desk = try Desk.of(question.campaign, in: db)
        let today = Zone.kazakhstan.day(at: now)
        try db.run(
            "UPDATE question SET state = 'published', due_day = NULL, changed_at = \(now) WHERE id = \(id)")
        try Contacts.shorten(served: id, to: today.advanced(by: desk.contactDays), in: db)
        try Feed.record(FeedLine("publish", "question", id, unit: question.unit), by: actor, at: now, in: db)
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
