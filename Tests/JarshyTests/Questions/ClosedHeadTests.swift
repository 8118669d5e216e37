import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Who comes to a question that is closed already.
@Suite("Questions that come to a closed one")
struct ClosedHeadTests {
    private static func mail(_ address: String) -> [Json.Member] {
        [.init("contact", .object([.init("kind", .text("email")), .init("value", .text(address)), .init("adult", .bool(true))]))]
    }

    private static func days(_ question: QuestionID, _ world: QuestionWorld) async throws -> Day {
        try await world.database.read { db in
            try db.value("SELECT delete_day FROM question_contact WHERE question = \(question)", as: Day.self)
        }
    }

    @Test("the words of a declined question come to a person, and no promise is broken by a machine", arguments: Dialect.allCases)
    func declined(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await world.question(1, "Бізден терезе алыңыздар")
            try await world.run(DeclineQuestion(question: id, reason: "advertising"), by: world.moderator)
            let browser = world.site.browser()
            let form = try await browser.get("/ask")
            let page = try await browser.post(
                "/ask",
                [
                    ("question", form.hidden("question") ?? ""), ("text", "бізден терезе алыңыздар!"), ("language", "kk"),
                    ("contact", "aigul@mail.kz"), ("adult", "1"),
                ])
            #expect(page.status == 200, "\(page.body)")
            let own = try await world.database.read { db in
                try db.first(Question.self, where: "FROM question q WHERE q.id <> \(id)")
            }!
            // Stands alone in the open queue, with the term that was promised.
            #expect(own.isHead && own.state == .new && own.due != nil)
            #expect(page.body.contains(QuestionText(words: try Pages(home: try Home(), reload: false).words(.kk)).day(own.due!)))
            #expect(try await world.find(id).asked == 1)
            // A third of equal words joins the one that is open.
            #expect(try await world.submit(QuestionWorld.ask(3, "Бізден терезе алыңыздар"), by: world.activist).status == .accepted)
            #expect(try await world.find(QuestionWorld.id(3)).head == own.id)
            #expect(try await world.faults() == [])
        }
    }

    @Test("joined to a declined one by a person, the asker gets the letter and the short term of the contact", arguments: Dialect.allCases)
    func joinedByHand(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            try await world.belong(world.activist, to: 1)
            let id = try await world.question(1, "Бізден терезе алыңыздар")
            try await world.run(DeclineQuestion(question: id, reason: "advertising"), by: world.moderator)
            let ask = QuestionWorld.ask(2, "Терезе сатамыз", reply: "contact", Self.mail("b@mail.kz"))
            #expect(try await world.submit(ask, by: world.activist).status == .accepted)
            #expect(try await Self.days(QuestionWorld.id(2), world) == world.today.advanced(by: 180))
            _ = try await world.run(JoinQuestions(question: QuestionWorld.id(2), target: id), by: world.secretary)
            let letters = try await LetterWorld(world)
            let messages = try await letters.messages()
            #expect(messages.map(\.kind) == [QuestionLetters.declined])
            #expect(messages.map(\.about) == [LetterSubjectID(QuestionWorld.id(2))])
            #expect(try #require(try await letters.written(messages[0])).text.body.contains("Жарнама"))
            #expect(try await Self.days(QuestionWorld.id(2), world) == world.today.advanced(by: 90))
        }
    }

    @Test("equal words of an answered one: the answer instead of a term, and the short term of the contact", arguments: Dialect.allCases)
    func answered(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await world.question(1, "Қайда дауыс беремін?", [.init("topic", .text("where"))])
            let answer = try await world.run(
                WriteAnswer(question: id, title: "Қайда дауыс береді?", body: "Учаскеде.", sources: QuestionWorld.rule), by: world.expert)
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
            let browser = world.site.browser()
            let form = try await browser.get("/ask")
            let page = try await browser.post(
                "/ask",
                [
                    ("question", form.hidden("question") ?? ""), ("text", "қайда дауыс беремін"), ("language", "kk"), ("seen", "1"),
                    ("contact", "aigul@mail.kz"), ("adult", "1"),
                ])
            #expect(page.status == 200 && page.body.contains("/answers/\(answer)"), "\(page.body)")
            #expect(!page.body.contains("Жауап беру мерзімі"))
            let own = try await world.database.read { db in try db.value("SELECT id FROM question WHERE id <> \(id)", as: QuestionID.self) }
            #expect(try await Self.days(own, world) == world.today.advanced(by: 90))
            let letters = try await LetterWorld(world)
            #expect(try await letters.messages().map(\.kind) == [QuestionLetters.answered])
            // By mail: the letter that it was taken promises no term either.
            try await letters.take(LetterWorld.letter(from: "c@mail.kz", "Қайда дауыс беремін?"))
            let taken = try #require(try await letters.messages().first { $0.kind == QuestionLetters.taken })
            let body = try #require(try await letters.written(taken)).text.body
            #expect(body.contains("келесі хатпен") && !body.contains("мерзімі:"))
        }
    }
}
