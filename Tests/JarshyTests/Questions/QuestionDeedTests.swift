import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Work on questions")
struct QuestionDeedTests {
    @Test("sent, asked back, clarified: the term stands still meanwhile", arguments: Dialect.allCases)
    func clarifies(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await world.question(1)
            try await world.run(SendQuestion(question: id, expert: world.expert), by: world.secretary)
            let due = try await world.find(id).due!
            try await world.run(AskBack(question: id, text: "Қай ауыл?"), by: world.expert)
            var question = try await world.find(id)
            let left = WorkDays.kazakhstan.count(from: world.today, to: due)
            #expect(question.state == .clarify && question.due == nil && question.daysLeft == Int64(left))
            world.site.clock.advance(seconds: 20 * 86_400)
            let clarified = Ops.op([
                .init("op", .text(Ops.id(50))), .init("kind", .text("question.clarified")), .init("campaign", .text("test")),
                .init("question", .text(id.description)), .init("text", .text("Саран ауылы")),
            ])
            #expect(try await world.submit(clarified, by: world.activist).status == .accepted)
            question = try await world.find(id)
            #expect(question.state == .withExpert && question.due == WorkDays.kazakhstan.day(left, after: world.today))
            #expect(try await world.site.count("SELECT count(*) FROM question_message WHERE question = \(id)") == 2)
            #expect(try await world.refusal(AskBack(question: id, text: "Тағы"), by: world.activist) == "forbidden")
        }
    }

    @Test("nothing is declined without a reason of the code; a declined one begins anew", arguments: Dialect.allCases)
    func declines(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await world.question(1)
            #expect(try await world.refusal(DeclineQuestion(question: id, reason: ""), by: world.moderator) == "invalid")
            #expect(try await world.refusal(DeclineQuestion(question: id, reason: "boring"), by: world.moderator) == "invalid")
            #expect(try await world.refusal(DeclineQuestion(question: id, reason: "insult"), by: world.activist) == "forbidden")
            try await world.run(DeclineQuestion(question: id, reason: "insult"), by: world.moderator)
            let declined = try await world.find(id)
            #expect(declined.state == .notPublished && declined.reason == .insult)
            await #expect(throws: StorageError.self) {
                try await world.database.write { db in _ = try db.run("UPDATE question SET reason = NULL WHERE id = \(id)") }
            }
            try await world.run(RestoreQuestion(question: id), by: world.moderator)
            let restored = try await world.find(id)
            #expect(restored.state == .new && restored.due != nil)
        }
    }

    @Test("a question is a secret outside its units; notes are for those who work on it", arguments: Dialect.allCases)
    func scope(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await world.question(1)
            let other = try await world.site.person("other", role: "secretary", unit: "R2")
            let note = NoteQuestion(question: id, text: "Ішкі сөз")
            #expect(try await world.refusal(note, by: other) == "not-found")
            #expect(try await world.refusal(note, by: world.activist) == "forbidden")
            try await world.run(note, by: world.secretary)
            let browser = world.site.browser()
            try await browser.signIn("activist")
            let own = try await browser.get("/questions/\(id)")
            #expect(own.status == 200 && own.body.contains("Сұрақ 1") && !own.body.contains("Ішкі сөз"))
            let stranger = world.site.browser()
            try await stranger.signIn("other")
            #expect(try await stranger.get("/questions/\(id)").status == 404)
            #expect(try await !stranger.get("/questions").body.contains("Сұрақ 1"))
        }
    }

    @Test("joined askers share one state, keep their own words, and see nobody else's", arguments: Dialect.allCases)
    func joins(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let numbers = ["7K3M9QXD2TVA", "8K3M9QXD2TVA"]
            for (n, number) in numbers.enumerated() {
                let ask = QuestionWorld.ask(
                    UInt64(n + 1), "Өз сөзім \(n)", reply: "number", [.init("number", .text(number))])
                #expect(try await world.submit(ask, by: world.activist).status == .accepted)
            }
            let (one, two) = (QuestionWorld.id(1), QuestionWorld.id(2))
            let joining = try await world.run(JoinQuestions(question: two, target: one), by: world.secretary)
            #expect(try await world.refusal(JoinQuestions(question: one, target: two), by: world.secretary) == "question-same")
            #expect(try await world.refusal(SendQuestion(question: two, expert: world.expert), by: world.secretary) == "question-joined")
            try await world.run(DeclineQuestion(question: one, reason: "unclear"), by: world.moderator)
            let browser = world.site.browser()
            let page = try await browser.post("/question", [("number", numbers[1])])
            #expect(page.body.contains("Өз сөзім 1") && !page.body.contains("Өз сөзім 0"))
            #expect(page.body.contains("refused"))
            try await world.run(UndoJoining(joining: joining!), by: world.secretary)
            let apart = try await browser.post("/question", [("number", numbers[1])])
            #expect(apart.body.contains("Өз сөзім 1") && !apart.body.contains("#refused"))
            #expect(try await world.find(two).state == .new)
            #expect(try await world.faults() == [])
        }
    }

    @Test("a list and a page cost the same number of statements, however much they hold", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let actor = try await world.actor(world.secretary)
            let now = world.now
            @Sendable func cost() async throws -> [Int] {
                [
                    try await world.database.read { db in
                        _ = try QuestionListing(Fields(), actor: actor, now: now, whole: false, in: db)
                        return db.statements
                    },
                    try await world.database.read { db in
                        _ = try QuestionView(QuestionWorld.id(1), actor: actor, now: now, in: db)
                        return db.statements
                    },
                    try await world.database.read { db in
                        _ = try QuestionsField.part(for: actor, on: Zone.kazakhstan.day(at: now), in: db)
                        return db.statements
                    },
                ]
            }
            try await world.question(1)
            try await world.question(2)
            try await world.run(JoinQuestions(question: QuestionWorld.id(2), target: QuestionWorld.id(1)), by: world.secretary)
            let before = try await cost()
            for n in 3...20 { try await world.question(UInt64(n)) }
            for n in 3...9 {
                try await world.run(JoinQuestions(question: QuestionWorld.id(UInt64(n)), target: QuestionWorld.id(1)), by: world.secretary)
            }
            #expect(try await cost() == before)
        }
    }

    @Test("a phone pulls its own questions and the topics, and never a contact", arguments: Dialect.allCases)
    func pulls(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let contact = Json.object([
                .init("kind", .text("email")), .init("value", .text("a@b.kz")), .init("adult", .bool(true)),
            ])
            _ = try await world.submit(QuestionWorld.ask(1, "Сұрақ бір", reply: "contact", [.init("contact", contact)]), by: world.activist)
            let second = try await world.site.person("second", role: "activist", unit: "D11")
            _ = try await world.submit(QuestionWorld.ask(2, "Басқаның сұрағы"), by: second)
            let (actor, today) = (try await world.actor(world.activist), world.today)
            let part = try await world.database.read { db in try QuestionsField.part(for: actor, on: today, in: db) }
            let text = String(decoding: Json.object(part).canonical(), as: UTF8.self)
            #expect(text.contains("Сұрақ бір") && text.contains("\"code\":\"where\"") && text.contains("\"state\":\"new\""))
            #expect(!text.contains("Басқаның") && !text.contains("a@b.kz"))
        }
    }

    @Test("every page in every language, without a hole in its words", arguments: Language.allCases)
    func renders(_ language: Language) async throws {
        try await QuestionWorld.run(.sqlite) { world in
            try await world.site.person("root", role: "administrator", language: language)
            let id = try await world.question(1)
            try await world.question(2)
            try await world.run(JoinQuestions(question: QuestionWorld.id(2), target: id), by: world.secretary)
            try await world.run(NoteQuestion(question: id, text: "Жазба"), by: world.secretary)
            let browser = world.site.browser()
            try await browser.signIn("root")
            for path in [
                "/ask", "/ask/rules", "/question", "/questions", "/questions?show=all", "/questions/new", "/questions/desk",
                "/questions/\(id)", "/questions/\(QuestionWorld.id(2))", "/questions.csv",
            ] {
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(!page.body.contains("⟦") && !page.body.contains("[["), "\(path)")
            }
            #expect(Words.missing.isEmpty, "\(Words.missing)")
        }
    }

    @Test("a form takes a question down, shows its number once, and keeps what was typed when refused", arguments: Dialect.allCases)
    func form(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("activist")
            let page = try await browser.get("/questions/new")
            var form = [
                ("op", page.hidden("op")!), ("number", page.hidden("number")!), ("text", ""), ("way", "office"),
                ("language", "kk"), ("unit", "P111"), ("reply", "number"), ("topic", ""),
            ]
            let wrong = try await browser.post("/questions/new", form)
            #expect(wrong.status == 422 && wrong.body.contains("text-error"))
            #expect(wrong.hidden("number") == form[1].1)
            form[2].1 = "Телефонмен сұрақ"
            let done = try await browser.post("/questions/new", form)
            #expect(done.status == 303, "\(done.body)")
            let shown = try await browser.get(done.location!)
            #expect(shown.body.contains(TrackingNumber(form[1].1)!.shown) && shown.body.contains("Телефонмен сұрақ"))
            #expect(try await !browser.get(done.location!).body.contains(TrackingNumber(form[1].1)!.shown))
        }
    }
}
