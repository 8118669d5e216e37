import JarshyKit
import Storage

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
        let isFirst = language == found.language
        // Withdrawn, it stands again by a new first text only: of its question's expert, where somebody asked it.
        guard found.state == .published || (isFirst && (found.state == .draft || found.question == nil)) else {
            throw Problem.conflict("answer-withdrawn", "The answer was withdrawn; a new text comes first.")
        }
        guard try db.value("SELECT count(*) FROM answer_source WHERE answer = \(answer)", as: Int.self) > 0 else {
            throw Problem.conflict("no-source", "An answer without a source is not published.")
        }
        let named = try AnswerRows.draftSources(of: answer, language, in: db)
        if isFirst, !named.isEmpty { try AnswerWrites.put(named, on: answer, in: db) }
        try AnswerRelease.pass(found, at: now, in: db)
        if let question = found.question, found.state == .draft {
            try publish(question, found, by: actor, at: now, in: db)
        }
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
        try db.run("DELETE FROM answer_draft_source WHERE answer = \(answer) AND language = \(language)")
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
        try PageStamp.touch(.answers, in: db)
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

/// Somebody has read what the answer rests on again, in the versions that stand: it holds as it is written. Needs
/// `approveAnswers`; the author does not say it of the own text, and everything is confirmed in the library first.
struct RecheckAnswer: Action {
    let answer: AnswerID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        guard let found = try AnswerRows.find(answer, in: db), found.state == .published,
            actor.mayKnow(try found.home(in: tree), in: tree, on: today)
        else { throw Problem.notFound("answer") }
        try actor.require(.approveAnswers, over: try found.home(in: tree), in: tree, on: today)
        guard found.author != actor.person else {
            throw Problem("own-answer", status: 403, "Nobody approves what they wrote.")
        }
        let sources = try AnswerRows.sources(of: [answer], in: db)[answer] ?? []
        let facts = try AnswerRows.facts(of: answer, in: db)
        guard sources.contains(where: \.hasChanged) || facts.contains(where: \.isBehind) else {
            throw Problem.conflict("not-stale", "Its source has not changed since.")
        }
        let confirmed = try FactRows.confirmed(sources: sources.compactMap(\.source), in: db)
        let stated = try FactRows.confirmed(facts.map(\.id), in: db)
        guard confirmed.values.allSatisfy({ !$0.isBehind }),
            stated.values.allSatisfy({ $0.newest == $0.version && !$0.isStale })
        else { throw Problem.conflict("source-unconfirmed", "Its source is not confirmed yet: that comes first.") }
        for source in confirmed.values.sorted(by: { $0.id < $1.id }) {
            try db.run(
                """
                UPDATE answer_source SET source_version = \(source.version), title = \(LibraryWords.title(source)),
                    url = \(source.url), day = \(source.issued ?? source.checked)
                WHERE answer = \(answer) AND source = \(source.id)
                """)
        }
        for fact in stated.values.sorted(by: { $0.id < $1.id }) {
            try db.run(
                "UPDATE answer_fact SET fact_version = \(fact.version) WHERE answer = \(answer) AND fact = \(fact.id)")
        }
        try PageStamp.touch(.answers, in: db)
        try Feed.record(FeedLine("recheck", "answer", answer, unit: found.unit), by: actor, at: now, in: db)
    }
}
