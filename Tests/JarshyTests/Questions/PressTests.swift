import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Presses and telling")
struct PressTests {
    @Test("after a public event a hall presses; it is only counted, and stands on the boards above with its base", arguments: Dialect.allCases)
    func events(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let (event, inside) = (try await world.announced(), try await world.draft(EventWorld.input(13)))
            func press(_ helped: Bool, _ address: String, _ event: EventID) async throws {
                try await world.database.run(
                    PressEvent(event: event, helped: helped, address: address), by: .resident, at: world.now)
            }
            await #expect(throws: Problem.self) { try await press(true, "10.0.0.1", event) }
            world.site.clock.advance(seconds: 4 * 86_400)
            try await world.run(HoldEvent(event: event), by: world.secretary)
            // What was never told is asked about by nobody.
            await #expect(throws: Problem.self) { try await press(true, "10.0.0.1", inside) }
            let page = try await world.site.browser().get("/meetings/\(event)?lang=en")
            #expect(page.body.contains("/meetings/\(event)/press"))
            let staff = world.site.browser()
            try await staff.signIn("speaker")
            #expect(try await !staff.get("/meetings/\(event)").body.contains("/press"))
            #expect(try await staff.post("/meetings/\(event)/press", [("helped", "1")]).status == 403)
            // One address is a whole hall; beyond that nothing is counted, and nobody is told.
            for n in 0..<80 { try await press(n % 4 != 0, "10.0.0.1", event) }
            try await press(false, "10.0.0.2", event)
            func count(_ unit: String) async throws -> PressCount {
                let no = try await world.site.unit(unit)
                return try await world.database.read { db in
                    try PressCount.of(CampaignNo(1), below: no, in: try Tree.current(in: db), db)
                }
            }
            #expect(try await count("KZ") == PressCount(helped: 45, unhelped: 16))
            #expect(try await count("D11") == count("KZ"))
            #expect(try await count("R2") == PressCount())
            #expect(try await world.site.count("SELECT count(*) FROM event_press") == 1)
            try await world.site.person("board", role: "coordinator")
            let board = world.site.browser()
            try await board.signIn("board")
            #expect(try await board.get("/board/KZ?campaign=test&lang=en").status == 200)
            world.site.clock.advance(seconds: 14 * 86_400)
            await #expect(throws: Problem.self) { try await press(true, "10.0.0.3", event) }
            #expect(try await !world.site.browser().get("/meetings/\(event)").body.contains("/press"))
        }
    }

    @Test("whom nobody told the answer that stands is on a list; told, off it; after a correction on it again", arguments: Dialect.allCases)
    func telling(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let phone = [
                Json.Member("contact", .object([.init("kind", .text("phone")), .init("value", .text("+77011234567")), .init("adult", .bool(true))]))
            ]
            let answer = try await world.answer(1, citing: ["Ереже | https://example.kz/1 | 12.01.2026"])
            // The same question by telephone, one found by number, one that expects no answer.
            let same = "Қайда дауыс беремін? 1"
            // A mail address that somebody of no organisation took gets no letter: it is told by hand.
            let mail = [
                Json.Member("contact", .object([.init("kind", .text("email")), .init("value", .text("a@mail.kz")), .init("adult", .bool(true))]))
            ]
            for (n, reply, more) in [(5, "contact", mail), (2, "contact", phone), (3, "number", [.init("number", .text("7K3M9QXD2TVA"))]), (4, "none", [])] {
                let outcome = try await world.questions.submit(
                    QuestionWorld.ask(UInt64(n), same, reply: reply, way: "telephone", more), by: world.questions.activist)
                #expect(outcome.status == .accepted, "\(outcome.receipt)")
            }
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            func listed() async throws -> Set<Int> {
                let body = try await browser.get("/questions?show=tell").body
                return Set((1...5).filter { body.contains("/questions/\(QuestionWorld.id(UInt64($0)))\"") })
            }
            #expect(try await listed() == [1, 2, 5])
            #expect(try await world.site.count("SELECT count(*) FROM mail_message") == 0)
            let second = QuestionWorld.id(2)
            let page = try await browser.get("/questions/\(second)?lang=en")
            #expect(page.body.contains("Учаскеде.") && page.body.contains("I have told them"))
            let form = [("op", page.hidden("op") ?? ""), ("version", page.hidden("version") ?? "")]
            #expect(try await browser.post("/questions/\(second)/told", form).status == 303)
            #expect(try await listed() == [1, 5])
            #expect(try await !browser.get("/questions/\(second)?lang=en").body.contains("I have told them"))
            try await world.run(
                RewriteAnswer(answer: answer, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "Өзгерді"), by: world.keeper)
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.questions.secretary)
            #expect(try await listed() == [1, 2, 5])
        }
    }
}
