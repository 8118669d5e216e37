import JarshyKit
import Storage

/// The questions of the demo: ten that were asked, answered by one person and approved by another, through the same actions
/// as everywhere; no. 2 asked 41 times, no. 7 corrected three days later, no. 8 with a translation out of date; one that
/// waits for the asker, one not published, one prepared by the organiser.
struct DemoQuestions: Sendable {
    let questions: DemoTable
    let answers: DemoTable
    let topics: DemoTable
    let waiting: DemoTable
    let imprints: DemoTable
    let intake: Intake
    let database: Database
    let today: Day
    let people: [String: PersonID]
    let library: DemoLibrary
    let proposals: DemoProposals

    init(_ home: Home, intake: Intake, database: Database, today: Day, people: [String: PersonID]) throws {
        questions = try DemoTable("questions", home: home)
        answers = try DemoTable("answers", home: home)
        topics = try DemoTable("topics", home: home)
        waiting = try DemoTable("open_questions", home: home)
        imprints = try DemoTable("imprints", home: home)
        self.intake = intake
        self.database = database
        self.today = today
        self.people = people
        library = try DemoLibrary(home, database: database, today: today)
        proposals = try DemoProposals(home, intake: intake, database: database, today: today)
    }

    /// Where the cast of the questions works.
    static let region = "350000000"
    static let settlements = 17
    static let asked = 41

    /// Operations that fill() sends through the intake.
    var operations: Int { questions.rows.count + Self.asked - 1 + waiting.rows.count + questions.rows.count + Self.asked - 1 - Self.untold }

    /// Of those who asked the same, so many have not been told the answer yet.
    static let untold = 3

    /// Topics and experts; before anything else is said about a topic.
    func open() async throws {
        try await database.write { [self] db in try openDesk(in: db) }
    }

    /// - Parameter events: an event of a day, at which a question of that day was asked.
    func fill(events: [Day: EventID]) async throws {
        let (expert, reviewer, moderator) = (try await actor("speaker"), try await actor("reviewer"), try await actor("region"))
        let places = try await places()
        let kept = try await library.fill(keeper: moderator, second: reviewer)
        for row in questions.rows {
            guard let n = row.integer("number"), let answer = answers.rows.first(where: { $0.integer("number") == n }) else {
                throw DemoFault.data("questions: no answer to \(row["number"])")
            }
            // No. 8 was asked in Russian: its Kazakh text is the translation.
            let language: Language = n == 8 ? .ru : .kk
            let day = today.advanced(by: -24 + Int(n))
            let id = try await ask(
                row[language == .ru ? "question_ru" : "question_kk"], language, topic: row["topic"], at: moment(day, 600),
                unit: places[0], by: moderator, event: events[day])
            var asked = [id]
            if n == 2 { asked += try await askAgain(row["question_kk"], places: places, after: day, by: moderator) }
            try await respond(id, n, row, answer, language, from: day, kept: kept, expert: expert, reviewer: reviewer)
            try await tell(n == 2 ? asked.dropLast(Self.untold) : asked[...], at: moment(day.advanced(by: 4), 660), by: moderator)
            if n <= 3 || n == 6 { try await brief(row, answer, kept, at: moment(day.advanced(by: 1), 600), by: moderator, checked: reviewer) }
        }
        try await others(places[0], expert: expert, moderator: moderator)
        try await library.change(kept, keeper: moderator, second: reviewer)
        try await proposals.fill(unit: places[0], taker: moderator, decider: moderator)
    }

    /// What an answer rests on, by lines of a form: facts of the library where the campaign's rules are cited, its sources where
    /// the link stands there.
    private func sources(_ row: DemoTable.Row, _ answer: DemoTable.Row, _ kept: DemoLibrary.Kept) -> String {
        let facts = row.words("rules").compactMap { kept.facts[$0]?.path }
        if !facts.isEmpty { return facts.joined(separator: "\n") }
        return named(answer).map { line in
            let link = line.split(separator: "|").last.map { String($0).trimmingSpaces() } ?? ""
            return kept.links[link]?.path ?? line
        }.joined(separator: "\n")
    }

    /// What lecturers take along on a topic: the text of the answer, in Kazakh and Russian, checked by the second person.
    private func brief(
        _ row: DemoTable.Row, _ answer: DemoTable.Row, _ kept: DemoLibrary.Kept, at now: Instant, by writer: Actor, checked reviewer: Actor
    ) async throws {
        for (language, code) in [(Language.kk, "kk"), (.ru, "ru")] {
            let written = try await database.run(
                WriteBrief(
                    campaign: DemoCampaign.code, topic: row["topic"], language: language, title: row["question_\(code)"],
                    body: answer["answer_\(code)"].replacing(" ¶ ", with: "\n"),
                    sources: named(answer).joined(separator: "\n"), facts: row.words("rules").compactMap { kept.facts[$0]?.fact }),
                by: writer, at: now)
            try await database.run(ApproveBrief(brief: written, version: 1), by: reviewer, at: now)
        }
    }

    /// The sources as the table names them, a line each.
    private func named(_ answer: DemoTable.Row) -> [String] {
        answer["sources"].replacing(" ;; ", with: "\n").split(separator: "\n").map(String.init)
    }

    private func openDesk(in db: any Writing) throws {
        let at = moment(today.advanced(by: -40), 540)
        try SetDesk(campaign: DemoCampaign.code, organization: "ashyq-esik", answerDays: 3, contactDays: 90)
            .perform(by: .operator, at: at, in: db)
        for row in imprints.rows {
            try SetImprint(
                campaign: DemoCampaign.code, organization: row["code"], orderer: row["orderer"], payer: row["payer"],
                responsible: row["responsible"], address: row["address"]
            ).perform(by: .operator, at: at, in: db)
        }
        for row in topics.rows {
            try SaveTopic(campaign: DemoCampaign.code, code: row["code"], names: row.trio("name"))
                .perform(by: .operator, at: at, in: db)
            try AddExpert(
                campaign: DemoCampaign.code, topic: row["code"], login: "speaker", unit: Self.region, languages: [.kk, .ru]
            ).perform(by: .operator, at: at, in: db)
        }
    }

    private func actor(_ login: String) async throws -> Actor {
        let (person, day) = (people[login], today)
        let actor = try await database.read { db in try person.flatMap { try Actors.load($0, on: day, in: db) } }
        guard let actor else { throw DemoFault.data("people: nobody signs in as \(login)") }
        return actor
    }

    private func moment(_ day: Day, _ minute: Int) -> Instant { Zone.kazakhstan.instant(day, minute: minute) }

    private func places() async throws -> [String] {
        try await database.read { db in
            let tree = try Tree.current(in: db)
            guard let region = tree.find(Self.region) else { throw DemoFault.data("units: no \(Self.region)") }
            let below = tree.subtree(of: region.no).dropFirst().filter { tree[$0].flatMap { tree.kinds[$0.kind]?.territory } ?? false }
            return below.prefix(Self.settlements).map { tree.code(of: $0) }
        }
    }

    private func ask(
        _ text: String, _ language: Language, topic: String, at now: Instant, unit: String, by actor: Actor,
        prepared: Bool = false, event: EventID? = nil
    ) async throws -> QuestionID {
        let id = OperationID.make(at: now)
        let body = Json.object(
            [
                .init("op", .text(id.description)), .init("kind", .text(AskQuestion.kind)),
                .init("campaign", .text(DemoCampaign.code)), .init("unit", .text(unit)), .init("way", .text("event")),
                .init("language", .text(language.rawValue)), .init("text", .text(text)), .init("topic", .text(topic)),
                .init("reply", .text("activist")),
            ] + (prepared ? [.init("prepared", .bool(true))] : [])
                + (event.map { [.init("event", .text($0.description))] } ?? []))
        guard let operation = Operation(body, device: "demo", door: .demo) else { throw DemoFault.data("questions: \(text)") }
        let outcome = try await intake.submit([operation], by: actor, at: now)[0]
        guard outcome.status == .accepted else { throw DemoFault.refused(outcome.receipt) }
        return QuestionID(id)
    }

    /// The same words again, from other places, as people type them.
    private func askAgain(_ text: String, places: [String], after day: Day, by actor: Actor) async throws -> [QuestionID] {
        var asked: [QuestionID] = []
        for n in 1..<Self.asked {
            let typed = n.isMultiple(of: 3) ? text.lowercased() : n.isMultiple(of: 5) ? text + "!" : text
            asked.append(
                try await ask(
                    typed, .kk, topic: "away", at: moment(day.advanced(by: n / 20), 610 + n), unit: places[n % places.count],
                    by: actor))
        }
        return asked
    }

    /// The first answer was passed on; whoever got one that was corrected since is to be told anew.
    private func tell(_ questions: ArraySlice<QuestionID>, at now: Instant, by actor: Actor) async throws {
        for id in questions {
            let body = Json.object([
                .init("op", .text(OperationID.make(at: now).description)), .init("kind", .text(ToldQuestion.kind)),
                .init("question", .text(id.description)), .init("version", .integer(1)),
            ])
            guard let operation = Operation(body, device: "demo", door: .demo) else { throw DemoFault.data("questions: told") }
            let outcome = try await intake.submit([operation], by: actor, at: now)[0]
            guard outcome.status == .accepted else { throw DemoFault.refused(outcome.receipt) }
        }
    }

    private func respond(
        _ id: QuestionID, _ n: Int64, _ row: DemoTable.Row, _ answer: DemoTable.Row, _ language: Language, from day: Day,
        kept: DemoLibrary.Kept, expert: Actor, reviewer: Actor
    ) async throws {
        let sources = NamedSource.lines(sources(row, answer, kept))
        func title(_ language: Language) -> String { row[language == .ru ? "question_ru" : "question_kk"] }
        func body(_ language: Language) -> String {
            answer[language == .ru ? "answer_ru" : "answer_kk"].replacing(" ¶ ", with: "\n")
        }
        let other: Language = language == .kk ? .ru : .kk
        let published = day.advanced(by: 3)
        let written = try await database.run(
            WriteAnswer(question: id, title: title(language), body: body(language), sources: sources), by: expert,
            at: moment(published, 600))
        try await approve(written, language, by: reviewer, at: moment(published, 660))
        try await database.run(
            RewriteAnswer(answer: written, language: other, title: title(other), body: body(other), reason: ""),
            by: expert, at: moment(published, 700))
        try await approve(written, other, by: reviewer, at: moment(published, 760))
        guard !answer["correction"].isEmpty else { return }
        let correctedOn = published.advanced(by: 3)
        try await database.run(
            RewriteAnswer(
                answer: written, language: language, title: title(language), body: body(language) + "\n" + answer["correction"],
                reason: answer["correction_reason"]),
            by: expert, at: moment(correctedOn, 600))
        try await approve(written, language, by: reviewer, at: moment(correctedOn, 660))
    }

    private func approve(_ answer: AnswerID, _ language: Language, by reviewer: Actor, at now: Instant) async throws {
        try await database.run(ApproveAnswer(answer: answer, language: language), by: reviewer, at: now)
    }

    private func others(_ unit: String, expert: Actor, moderator: Actor) async throws {
        for (index, row) in waiting.rows.enumerated() {
            let day = today.advanced(by: -2)
            let language = Language(rawValue: row["language"]) ?? .kk
            let id = try await ask(
                row["text"], language, topic: row["topic"], at: moment(day, 600 + 10 * index), unit: unit, by: moderator,
                prepared: row["fate"] == "prepared")
            switch row["fate"] {
            case "asked_back":
                try await database.run(AskBack(question: id, text: row["ask"]), by: expert, at: moment(day, 700))
            case "declined":
                try await database.run(
                    DeclineQuestion(question: id, reason: row["ask"]), by: moderator, at: moment(day, 720))
            default: break
            }
        }
    }
}
