import JarshyKit
import Storage

/// One question as the staff work on it: the words, the state, who asks the same, the exchange with the asker, notes among
/// staff, and every deed that is open to the reader.
enum QuestionPages {
    enum Deed: String, CaseIterable, Sendable {
        case topic, send, askBack = "ask-back", clarified, join, part, undo, decline, restore, note, contact
        case answer, sendBack = "send-back", told
    }

    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/questions/{id}", .signedIn) { visit in try await page(visit) }
        for deed in Deed.allCases {
            site.post("/questions/{id}/\(deed.rawValue)", .signedIn) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit, intake) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private static func page(
        _ visit: Visit, refused: (Deed, Problem)? = nil, contact: String? = nil
    ) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, QuestionID(visit.parameter("id")))
        let view = try await visit.read { db in try QuestionView(id, actor: actor, now: now, in: db) }
        let page = QuestionPage(view, refused: refused, contact: contact, visit: visit)
        let head = PageHead(page.heading, section: "questions", campaign: view.campaign.names[visit.language])
        let reply = Reply.page("question", page, head)
        return contact == nil ? reply : reply.header("cache-control", "no-store")
    }

    private static func perform(_ deed: Deed, _ visit: Visit, _ intake: Intake) async throws -> Reply {
        guard let id = QuestionID(visit.parameter("id")) else { throw Problem.notFound("question") }
        let form = visit.form
        switch deed {
        case .topic: try await visit.run(SortQuestion(question: id, topic: form.text("topic")))
        case .send:
            guard let expert = PersonID(form.text("expert")) else { throw missing("expert") }
            try await visit.run(SendQuestion(question: id, expert: expert))
        case .askBack: try await visit.run(AskBack(question: id, text: form.text("ask")))
        case .clarified: try await clarified(id, visit, intake)
        case .join:
            guard let target = QuestionText.id(in: form.text("target")) else { throw missing("target") }
            _ = try await visit.run(JoinQuestions(question: id, target: target))
        case .part: try await visit.run(PartQuestion(question: id))
        case .undo:
            guard let joining = JoiningID(form.text("joining")) else { throw Problem.notFound("joining") }
            try await visit.run(UndoJoining(joining: joining))
        case .decline: try await visit.run(DeclineQuestion(question: id, reason: form.text("reason")))
        case .restore: try await visit.run(RestoreQuestion(question: id))
        case .note: try await visit.run(NoteQuestion(question: id, text: form.text("note")))
        case .answer:
            _ = try await visit.run(
                WriteAnswer(
                    question: id, title: form.text("title"), body: form.text("answer"),
                    sources: NamedSource.lines(form.text("sources"))))
        case .sendBack: try await visit.run(SendBackAnswer(question: id, note: form.text("back")))
        case .told: try await told(id, visit, intake)
        case .contact: return try await page(visit, contact: try await visit.run(ReadContact(question: id)))
        }
        return .redirect("/questions/\(id)", flash: .init(kind: .done, text: visit.words("question.done.\(deed.rawValue)")))
    }

    private static func clarified(_ id: QuestionID, _ visit: Visit, _ intake: Intake) async throws {
        let body = Json.object([
            .init("op", .text(try FormOperation.id(visit.form).description)), .init("kind", .text(ClarifiedQuestion.kind)),
            .init("question", .text(id.description)), .init("text", .text(visit.form.text("text"))),
        ])
        guard let operation = Operation(body, device: "", door: .form),
            let outcome = try await intake.submit([operation], by: try visit.require(), at: visit.now).first
        else { throw FormOperation.missing }
        guard outcome.status == .accepted else {
            throw outcome.problem ?? Problem("refused", status: 422, "The clarification was refused.")
        }
    }

    private static func told(_ id: QuestionID, _ visit: Visit, _ intake: Intake) async throws {
        let (form, what) = (visit.form, visit.form["what"] ?? "answer")
        let version: [Json.Member] = [.init("version", .integer(Int64(form.text("version")) ?? 0))]
            + (form.text("language").isEmpty ? [] : [.init("language", .text(form.text("language")))])
        let body = Json.object([
            .init("op", .text(try FormOperation.id(visit.form).description)), .init("kind", .text(ToldQuestion.kind)),
            .init("question", .text(id.description)), .init("what", .text(what)),
        ] + (what == "answer" ? version : []))
        guard let operation = Operation(body, device: "", door: .form),
            let outcome = try await intake.submit([operation], by: try visit.require(), at: visit.now).first
        else { throw FormOperation.missing }
        guard outcome.status == .accepted else { throw outcome.problem ?? Problem("refused", status: 422, "It was refused.") }
    }

    private static func missing(_ field: String) -> Problem {
        Problem.invalid([Problem.Fault(field, "missing", "'\(field)' is missing.")])
    }
}

extension QuestionText {
    /// The id in what somebody pasted: the id itself, or the address of the question's page.
    static func id(in typed: String) -> QuestionID? {
        QuestionID(typed) ?? typed.split(separator: "/").last.flatMap { QuestionID($0.prefix { $0 != "?" && $0 != "#" }) }
    }
}

/// What the page of a question needs, read with a fixed number of statements.
struct QuestionView: Sendable {
    let question: Question
    let head: Question
    let campaign: Campaign
    let desk: Desk
    let members: [Question]
    let joinings: [QuestionRows.Joined]
    let messages: [QuestionMessage]
    let notes: [QuestionNote]
    let deeds: [QuestionRows.Deed]
    let experts: [Routing.Suggestion]
    let names: [PersonID: String]
    let tree: Tree
    let today: Day
    let rights: Set<Right>
    let isExpert: Bool
    let isAuthor: Bool
    let mayReadContact: Bool
    let answer: Answer?
    let withdrawal: Answer.Withdrawal?
    let draft: Answer.Draft?
    let sources: [Answer.Source]
    let facts: [Fact]
    /// What the asker is to be told by a person; nil when it was.
    let tell: Telling?
    /// The asker wrote, and nobody has heard it yet.
    let hasWritten: Bool

    enum Telling: Sendable {
        /// The answer in the language asked in.
        case answer(Answer.Text)
        case declined(ModerationReason)
        /// Why the answer that was told was taken back.
        case withdrawn(String)
    }

    static let mostMembers = 50

    init(_ id: QuestionID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try QuestionScope(actor, at: now, in: db)
        let question = try scope.find(id, in: db)
        self.question = question
        (tree, today) = (scope.tree, scope.today)
        guard let campaign = try Campaigns.current(in: db).find(question.campaign) else { throw Problem.notFound("campaign") }
        self.campaign = campaign
        desk = try Desk.of(campaign.no, in: db)
        head = try QuestionRows.heads(of: [question], in: db)[question.head] ?? question
        let works = QuestionScope.working.contains { scope.holds($0, over: question) }
        isExpert = question.expert == actor.person
        isAuthor = question.author == actor.person
        rights = Set(
            [Right.routeQuestions, .moderateQuestions, .takeQuestions, .answerQuestions, .approveAnswers].filter {
                scope.holds($0, over: question)
            })
        // Others' words are for those who work on questions here, not for whoever took one of them down.
        let all = question.isHead && works
            ? try QuestionRows.members(of: question.id, limit: Self.mostMembers, in: db) : []
        members = all.filter { $0.id != question.id && scope.sees($0) }
        joinings = question.isHead && rights.contains(.routeQuestions)
            ? try QuestionRows.joinings(to: question.id, limit: Self.mostMembers, in: db) : []
        messages = try QuestionMessage.of(question.id, in: db)
        notes = works || isExpert ? try QuestionNote.of(question.id, in: db) : []
        deeds = try QuestionRows.deeds(on: question.id, limit: 30, in: db)
        experts = rights.contains(.routeQuestions)
            ? Routing.suggestions(
                topic: question.topic, unit: question.unit, language: question.language,
                from: try Expert.of(campaign.no, in: db), in: tree) : []
        let organization = try db.first(
            OrganizationNo.self, "SELECT organization FROM question_contact WHERE question = \(question.id)")
        mayReadContact = (rights.contains(.takeQuestions) || rights.contains(.routeQuestions))
            && (organization.map { Contacts.mayRead(actor, $0) } ?? false)
        let answer = try AnswerRows.find(for: question.head, in: db)
        self.answer = answer
        withdrawal = try answer.flatMap { try AnswerRows.withdrawal(of: $0, in: db) }
        draft = try answer.flatMap { answer in
            try AnswerRows.drafts(of: answer.id, in: db).first { $0.language == answer.language }
        }
        sources = try answer.flatMap { try AnswerRows.sources(of: [$0.id], in: db)[$0.id] } ?? []
        facts = try answer.map { try AnswerRows.facts(of: $0.id, in: db) } ?? []
        let mayTell = rights.contains(.routeQuestions) || (isAuthor && rights.contains(.takeQuestions))
        tell = mayTell && [.activist, .contact].contains(question.reply)
            ? try Telling(question, head: head, answer, withdrawal, in: db) : nil
        hasWritten = try !QuestionRows.unheard(among: [question.id], in: db).isEmpty
        names = try ReportRows.names(
            [draft?.author, question.expert, question.author].compactMap { $0 } + notes.map(\.author) + deeds.compactMap(\.actor)
                + messages.compactMap(\.author), in: db)
    }
}

extension QuestionView.Telling {
    /// What the asker has not been told yet; as `QuestionRows` lists it.
    init?(
        _ question: Question, head: Question, _ answer: Answer?, _ withdrawal: Answer.Withdrawal?, in db: any Reading
    ) throws {
        func heard(_ what: ToldQuestion.What, since at: Instant?) throws -> Bool {
            guard let at else { return true }
            return try db.value(
                "SELECT count(*) FROM asker_told WHERE question = \(question.id) AND what = \(what) AND at >= \(at)", as: Int.self) > 0
        }
        let told = try AnswerRows.told([question.id], in: db)[question.id] ?? [:]
        if head.state == .notPublished, let reason = head.reason {
            let since = try db.first(Instant.self, "SELECT declined_at FROM question WHERE id = \(head.id)")
            guard try !heard(.declined, since: since) else { return nil }
            self = .declined(reason)
        } else if let answer, answer.state == .published {
            let texts = try AnswerRows.texts(of: [answer.id], in: db)[answer.id] ?? []
            guard let text = texts.chosen(question.language, of: answer)?.text, !told.holds(text) else { return nil }
            self = .answer(text)
        } else {
            guard let withdrawal, !told.isEmpty, try !heard(.withdrawn, since: withdrawal.at) else { return nil }
            self = .withdrawn(withdrawal.reason)
        }
    }
}
