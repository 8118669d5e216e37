import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// What askers are still to hear, and whose words nobody has heard.
@Suite("News to askers and from them")
struct AskerNewsTests {
    private static func numbers(_ body: String) -> Set<Int> {
        Set((1...6).filter { body.contains("/questions/\(QuestionWorld.id(UInt64($0)))\"") })
    }

    /// Presses "told" on a question's page as it stands.
    private static func tell(_ n: UInt64, _ browser: TestBrowser) async throws -> Int {
        let page = try await browser.get("/questions/\(QuestionWorld.id(n))")
        let form = ["op", "what", "version", "language"].map { ($0, page.hidden($0) ?? "") }
        return try await browser.post("/questions/\(QuestionWorld.id(n))/told", form).status
    }

    @Test("whoever is reached by a person hears of a refusal, once, and anew when it is refused again", arguments: Dialect.allCases)
    func declined(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            try await world.question(1, "Бізден терезе алыңыздар")
            try await world.question(2, "Терезе сатамыз")
            let silent = QuestionWorld.ask(3, "Терезе, есік", reply: "none")
            #expect(try await world.submit(silent, by: world.activist).status == .accepted)
            for n in [2, 3] as [UInt64] {
                _ = try await world.run(JoinQuestions(question: QuestionWorld.id(n), target: QuestionWorld.id(1)), by: world.secretary)
            }
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            func listed() async throws -> Set<Int> { Self.numbers(try await browser.get("/questions?show=tell").body) }
            #expect(try await listed() == [])
            try await world.run(DeclineQuestion(question: QuestionWorld.id(1), reason: "advertising"), by: world.moderator)
            #expect(try await listed() == [1, 2])
            #expect(try await browser.get("/questions/\(QuestionWorld.id(2))?lang=kk").body.contains("Жарнама"))
            #expect(try await Self.tell(2, browser) == 303)
            #expect(try await listed() == [1])
            world.site.clock.advance(seconds: 60)
            try await world.run(RestoreQuestion(question: QuestionWorld.id(1)), by: world.moderator)
            #expect(try await listed() == [])
            // What is not so any more is not told.
            let stale = Ops.op([
                .init("op", .text(Ops.id(60))), .init("kind", .text("question.told")), .init("question", .text(Ops.id(1))),
                .init("what", .text("declined")),
            ])
            #expect(try await world.submit(stale, by: world.activist).status == .refused)
            try await world.run(DeclineQuestion(question: QuestionWorld.id(1), reason: "advertising"), by: world.moderator)
            #expect(try await listed() == [1, 2])
        }
    }

    @Test("told is the text in the asker's language: a translation corrected, an answer taken back is told anew", arguments: Dialect.allCases)
    func corrected(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let first = try await world.question(1, "Қайда дауыс беремін?", [.init("topic", .text("where"))])
            try await world.question(2, "Где мне голосовать?", language: "ru")
            _ = try await world.run(JoinQuestions(question: QuestionWorld.id(2), target: first), by: world.secretary)
            let answer = try await world.run(
                WriteAnswer(question: first, title: "Қайда?", body: "Учаскеде.", sources: QuestionWorld.rule), by: world.expert)
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
            func russian(_ body: String, _ reason: String) async throws {
                try await world.run(
                    RewriteAnswer(answer: answer, language: .ru, title: "Где?", body: body, reason: reason), by: world.expert)
                try await world.run(ApproveAnswer(answer: answer, language: .ru), by: world.secretary)
            }
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            func listed() async throws -> Set<Int> { Self.numbers(try await browser.get("/questions?show=tell").body) }
            #expect(try await listed() == [1, 2])
            for n in [1, 2] as [UInt64] { #expect(try await Self.tell(n, browser) == 303) }
            #expect(try await listed() == [])
            // Told in Kazakh so far: now it stands in the language that was asked in.
            try await russian("На участке.", "")
            #expect(try await listed() == [2])
            #expect(try await Self.tell(2, browser) == 303)
            #expect(try await listed() == [])
            try await russian("На участке № 5.", "Уточнён номер")
            #expect(try await listed() == [2])
            #expect(try await browser.get("/questions/\(QuestionWorld.id(2))").body.contains("№ 5"))
            #expect(try await Self.tell(2, browser) == 303)

            world.site.clock.advance(seconds: 60)
            try await world.run(WithdrawAnswer(answer: answer, reason: "Мекенжай қате"), by: world.secretary)
            #expect(try await listed() == [1, 2])
            #expect(try await browser.get("/questions/\(first)").body.contains("Мекенжай қате"))
            #expect(try await Self.tell(1, browser) == 303)
            #expect(try await listed() == [2])
            // Whoever heard nothing yet hears of no withdrawal.
            try await world.question(4, "Қайда дауыс беремін")
            #expect(try await world.find(QuestionWorld.id(4)).head == first)
            #expect(try await listed() == [2])
            let anew = WriteAnswer(question: first, title: "Қайда?", body: "Мектепте.", sources: QuestionWorld.rule)
            _ = try await world.run(anew, by: world.expert)
            #expect(try await listed() == [2])
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
            #expect(try await listed().isSuperset(of: [1, 4]))
        }
    }

    @Test("words of an asker after the answer stand in a list of their own until somebody has dealt with them", arguments: Dialect.allCases)
    func wrote(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { letters in
            let world = letters.world
            let first = try #require(try await letters.take(LetterWorld.letter("Қайда дауыс беремін?")).question)
            let second = try #require(try await letters.take(LetterWorld.letter(from: "b@mail.kz", "қайда дауыс беремін")).question)
            let answer = try await letters.answer(first)
            world.site.clock.advance(seconds: 60)
            let browser = world.site.browser()
            try await browser.signIn("head")
            func listed() async throws -> [QuestionID] {
                let body = try await browser.get("/questions?show=wrote&lang=en").body
                let found = [first, second].filter { body.contains("/questions/\($0)\"") }
                #expect(body.contains("Wrote again") == !found.isEmpty)
                return found
            }
            #expect(try await listed() == [])
            let sent = try await letters.messages().filter { $0.kind == QuestionLetters.answered }
            for (question, text) in [(first, "Ол мекенжай қате ғой"), (second, "Мектеп жабық тұр")] {
                let message = try #require(sent.first { $0.about == LetterSubjectID(question) })
                let tag = LetterToken(message.id, .reply).tag(key: try await letters.key())
                #expect(try await letters.take(LetterWorld.letter(to: "answers+\(tag)@example.kz", subject: "Re: x", text)).outcome == .reply)
            }
            // The one joined to the other, too.
            #expect(try await listed() == [first, second])
            #expect(try await browser.get("/questions/\(second)?lang=en").body.contains("The asker wrote again"))
            world.site.clock.advance(seconds: 60)
            try await world.run(NoteQuestion(question: second, text: "Оқыдым, тексеремін"), by: letters.head)
            #expect(try await listed() == [first])
            try await world.run(
                RewriteAnswer(answer: answer, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "Мекенжай қате"),
                by: letters.writer)
            #expect(try await listed() == [first])
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: letters.head)
            #expect(try await listed() == [])
        }
    }

    @Test("a territory is chosen from the own units and what lies below", arguments: Dialect.allCases)
    func territory(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            try await world.question(1)
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            func options(_ query: String) async throws -> [String] {
                let body = try await browser.get("/questions?show=all\(query)").body
                let select = try #require(body.firstMatch(of: #/(?s)<select[^>]*id="filter-unit".*?</select>/#)).output
                return select.matches(of: #/<option value="([^"]*)"/#).map { String($0.1) }
            }
            let own = try await options("")
            #expect(Array(own.prefix(2)) == ["", "R1"] && own.contains("D11") && !own.contains("R2") && !own.contains("P111"))
            #expect(try await options("&unit=D11").contains("P111"))
            let there = try await browser.get("/questions?show=all&unit=P111").body
            #expect(Self.numbers(there) == [1])
            #expect(try await Self.numbers(browser.get("/questions?show=all&unit=R2").body) == [])
        }
    }
}
