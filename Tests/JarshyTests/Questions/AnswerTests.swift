import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Answers")
struct AnswerTests {
    private static let rule = QuestionWorld.rule

    /// A question that lies with the expert, asked once more in equal words, the second with a number.
    private static func asked(_ world: QuestionWorld) async throws -> QuestionID {
        let id = try await world.question(1, "Қайда дауыс беремін?", [.init("topic", .text("where"))])
        let second = QuestionWorld.ask(2, "қайда дауыс беремін", reply: "number", [.init("number", .text("7K3M9QXD2TVA"))])
        #expect(try await world.submit(second, by: world.activist).status == .accepted)
        return id
    }

    private static func approved(_ world: QuestionWorld) async throws -> AnswerID {
        let id = try await asked(world)
        let answer = try await world.run(
            WriteAnswer(question: id, title: "Қайда дауыс береді?", body: "Учаскеде.\nМекенжайы бойынша.", sources: rule),
            by: world.expert)
        try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
        return answer
    }

    @Test("no answer without a source and a second person: not by the actions, not by the table", arguments: Dialect.allCases)
    func second(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await Self.asked(world)
            let bare = WriteAnswer(question: id, title: "Қайда?", body: "Учаскеде.", sources: [])
            #expect(try await world.refusal(bare, by: world.expert) == "invalid")
            let script = [NamedSource(title: "x", url: "javascript:alert(1)")]
            #expect(try await world.refusal(WriteAnswer(question: id, title: "Қайда?", body: "Учаскеде.", sources: script), by: world.expert) == "invalid")
            let whole = WriteAnswer(question: id, title: "Қайда?", body: "Учаскеде.", sources: Self.rule)
            #expect(try await world.refusal(whole, by: world.secretary) == "forbidden")
            let answer = try await world.run(whole, by: world.expert)
            #expect(try await world.refusal(ApproveAnswer(answer: answer, language: .kk), by: world.expert) == "forbidden")
            await #expect(throws: StorageError.self) {
                try await world.database.write { db in
                    _ = try db.run(
                        "UPDATE answer SET state = 'published', version = 1, published_at = 1, approver = author WHERE id = \(answer)")
                }
            }
            await #expect(throws: StorageError.self) {
                try await world.database.write { db in
                    _ = try db.run(
                        """
                        UPDATE answer SET state = 'published', version = 1, published_at = 1, sources = 0,
                            approver = \(PersonID(high: 9, low: 9)) WHERE id = \(answer)
                        """)
                }
            }
            // The secretary took over the writing: then somebody else approves.
            try await world.run(SendBackAnswer(question: id, note: "Сілтемесін тексеріңіз"), by: world.secretary)
            #expect(try await world.find(id).state == .withExpert)
        }
    }

    @Test("nobody approves what they wrote, whatever rights they hold", arguments: Dialect.allCases)
    func own(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await Self.asked(world)
            try await world.run(SendQuestion(question: id, expert: world.secretary), by: world.secretary)
            let answer = try await world.run(
                WriteAnswer(question: id, title: "Қайда?", body: "Учаскеде.", sources: Self.rule), by: world.secretary)
            #expect(try await world.refusal(ApproveAnswer(answer: answer, language: .kk), by: world.secretary) == "own-answer")
        }
    }

    @Test("one answer reaches everybody who asked: by number, by phone, in the bank", arguments: Dialect.allCases)
    func reaches(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let answer = try await Self.approved(world)
            let browser = world.site.browser()
            let tracked = try await browser.post("/question", [("number", "7K3M-9QXD-2TVA")])
            #expect(tracked.body.contains("Учаскеде.") && tracked.body.contains("/answers/\(answer)"))
            let page = try await browser.get("/answers/\(answer)")
            #expect(page.status == 200 && page.bytes.count < 50_000)
            #expect(page.body.contains("Ереже, 1-тармақ") && page.body.contains("Expert") && page.body.contains("Secretary"))
            #expect(page.body.contains("2 рет сұралған"))
            #expect(try await browser.get("/answers").body.contains("Қайда дауыс береді?"))
            let (actor, today) = (try await world.actor(world.activist), world.today)
            let part = try await world.database.read { db in try QuestionsField.part(for: actor, on: today, in: db) }
            let json = String(decoding: Json.object(part).canonical(), as: UTF8.self)
            #expect(json.contains("Учаскеде.") && json.contains("\"told\":false") && json.contains("\"state\":\"published\""))
        }
    }

    @Test("a correction is seen with its day and reason, and whoever was told the old one is told anew", arguments: Dialect.allCases)
    func corrects(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let answer = try await Self.approved(world)
            func told(_ n: UInt64, _ version: Int64) -> Operation {
                Ops.op([
                    .init("op", .text(Ops.id(n))), .init("kind", .text("question.told")),
                    .init("question", .text(Ops.id(1))), .init("version", .integer(version)),
                ])
            }
            @Sendable func isTold() async throws -> Bool {
                let (actor, today) = (try await world.actor(world.activist), world.today)
                let part = try await world.database.read { db in try QuestionsField.part(for: actor, on: today, in: db) }
                return String(decoding: Json.object(part).canonical(), as: UTF8.self).contains("\"told\":true")
            }
            #expect(try await world.submit(told(70, 2), by: world.activist).status == .refused)
            #expect(try await world.submit(told(71, 1), by: world.activist).status == .accepted)
            #expect(try await isTold())
            let rewrite = RewriteAnswer(answer: answer, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "")
            #expect(try await world.refusal(rewrite, by: world.expert) == "invalid")
            try await world.run(
                RewriteAnswer(answer: answer, language: .ru, title: "Где?", body: "На участке.", reason: ""), by: world.expert)
            try await world.run(ApproveAnswer(answer: answer, language: .ru), by: world.secretary)
            world.site.clock.advance(seconds: 3 * 86_400)
            try await world.run(
                RewriteAnswer(answer: answer, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "Орны өзгерді"),
                by: world.expert)
            let browser = world.site.browser()
            #expect(try await !browser.get("/answers/\(answer)").body.contains("Мектепте."))
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
            #expect(try await !isTold())
            let page = try await browser.get("/answers/\(answer)?lang=kk")
            #expect(page.body.contains("Мектепте.") && page.body.contains("Орны өзгерді") && page.body.contains("Учаскеде."))
            let russian = try await browser.get("/answers/\(answer)?lang=ru")
            #expect(russian.body.contains("На участке.") && russian.body.contains("Перевод устарел"))
        }
    }

    @Test("taken back, an answer gives way to the reason at once, and stands again by a new text only", arguments: Dialect.allCases)
    func withdraws(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let answer = try await Self.approved(world)
            try await world.run(
                RewriteAnswer(answer: answer, language: .ru, title: "Где?", body: "На участке.", reason: ""), by: world.expert)
            let browser = world.site.browser()
            #expect(try await browser.get("/answers").body.contains("/answers/\(answer)"))
            let withdraw = WithdrawAnswer(answer: answer, reason: "Мекенжай қате")
            #expect(try await world.refusal(WithdrawAnswer(answer: answer, reason: " "), by: world.secretary) == "invalid")
            #expect(try await world.refusal(withdraw, by: world.expert) == "forbidden")
            try await world.run(withdraw, by: world.secretary)
            #expect(try await world.refusal(withdraw, by: world.secretary) == "not-found")

            #expect(try await !browser.get("/answers").body.contains("/answers/\(answer)"))
            let gone = try await browser.get("/answers/\(answer)?lang=kk")
            #expect(gone.status == 410 && gone.body.contains("Мекенжай қате") && !gone.body.contains("Учаскеде."))
            let tracked = try await browser.post("/question", [("number", "7K3M-9QXD-2TVA")])
            #expect(tracked.body.contains("Мекенжай қате") && !tracked.body.contains("Учаскеде."))
            let question = try await world.find(QuestionWorld.id(1))
            #expect(question.state == .withExpert && question.due != nil && question.expert == world.expert)

            // Neither a translation that waited nor a correction brings it back: its expert writes anew.
            let late = ApproveAnswer(answer: answer, language: .ru)
            #expect(try await world.refusal(late, by: world.secretary) == "answer-withdrawn")
            let rewrite = RewriteAnswer(answer: answer, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "Қате")
            #expect(try await world.refusal(rewrite, by: world.expert) == "not-found")
            try await world.run(
                WriteAnswer(question: QuestionWorld.id(1), title: "Қайда?", body: "Мектепте.", sources: Self.rule), by: world.expert)
            #expect(try await world.refusal(late, by: world.secretary) == "answer-withdrawn")
            #expect(try await browser.get("/answers/\(answer)").status == 410)
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
            let page = try await browser.get("/answers/\(answer)?lang=kk")
            #expect(page.status == 200 && page.body.contains("Мектепте.") && page.body.contains("Мекенжай қате"))
            #expect(try await world.find(QuestionWorld.id(1)).state == .published)
            try await world.run(late, by: world.secretary)
        }
    }

    @Test("what nobody asked here is taken back and corrected in the bank itself", arguments: Dialect.allCases)
    func withdrawsImported(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let file = "id\tlang\tquestion\tanswer\tsource\nq1\tkk\tҚайда?\tУчаскеде.\tЕреже\n"
            _ = try await AnswerImport(file: Array(file.utf8)).apply(to: world.database)
            let id = try await world.database.read { db in
                try db.first(AnswerID.self, "SELECT id FROM answer WHERE external_id = 'q1'")
            }!
            _ = try await world.database.run(WithdrawAnswer(answer: id, reason: "Ескірді"), by: .operator, at: world.now)
            let browser = world.site.browser()
            #expect(try await browser.get("/answers/\(id)").status == 410)
            _ = try await world.database.run(
                RewriteAnswer(answer: id, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "Жаңарды"), by: .operator,
                at: world.now)
            let root = try await world.site.person("root", role: "administrator")
            try await world.run(ApproveAnswer(answer: id, language: .kk), by: root)
            let page = try await browser.get("/answers/\(id)?lang=kk")
            #expect(page.status == 200 && page.body.contains("Мектепте.") && page.body.contains("Жаңарды"))
            // The file as it was changes nothing; a new text in it stands again.
            _ = try await world.database.run(WithdrawAnswer(answer: id, reason: "Ескірді"), by: .operator, at: world.now)
            _ = try await AnswerImport(file: Array(file.replacing("Учаскеде", with: "Мектепте").utf8)).apply(to: world.database)
            _ = try await AnswerImport(file: Array(file.replacing("Учаскеде", with: "Кітапханада").utf8)).apply(to: world.database)
            #expect(try await browser.get("/answers/\(id)?lang=kk").body.contains("Кітапханада."))
        }
    }

    @Test("a press is counted once a day from an address, and keeps nobody", arguments: Dialect.allCases)
    func presses(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let answer = try await Self.approved(world)
            for (address, helped) in [("10.0.0.1", true), ("10.0.0.1", true), ("10.0.0.2", false)] {
                try await world.database.run(
                    PressAnswer(answer: answer, helped: helped, address: address), by: .resident, at: world.now)
            }
            let found = try await world.database.read { db in try AnswerRows.find(answer, in: db) }!
            #expect(found.helped == 1 && found.unhelped == 1)
        }
    }

    @Test("a file of answers is published as imported; again it changes nothing; a bad line stops all of it", arguments: Dialect.allCases)
    func imports(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            func run(_ rows: [String]) async throws -> AnswerImport.Report {
                let text = (["id\tlang\tquestion\tanswer\tsource"] + rows).joined(separator: "\r\n") + "\n"
                return try await AnswerImport(file: Array(text.utf8)).apply(to: world.database)
            }
            let rows = ["q1\tkk\tҚайда?\tУчаскеде.\thttps://example.kz", "q1\tru\tГде?\tНа участке.\tПравила", "q2\tkk\t\tТек \"жауап\".\tЕреже"]
            let first = try await run(rows)
            #expect(first.added == 2 && first.refused.isEmpty)
            let again = try await run(rows)
            #expect(again.added == 0 && again.changed == 0 && again.same == 3)
            let changed = try await run([rows[0].replacing("Учаскеде", with: "Мектепте")])
            #expect(changed.changed == 1)
            let bad = try await run(["q3\tkk\tҚайда?\tУчаскеде.\t", "q4\tkk\tҚайда?\tУчаскеде.\tЕреже"])
            #expect(bad.refused.count == 1 && bad.added == 0)
            #expect(try await world.site.count("SELECT count(*) FROM answer WHERE external_id IN ('q1', 'q2', 'q4') AND imported") == 2)
            let browser = world.site.browser()
            let page = try await browser.get("/answers")
            #expect(page.body.contains("Тек &quot;жауап&quot;.") || page.body.contains("Тек &#34;жауап&#34;.") || page.body.contains("Тек \"жауап\"."))
            let id = try await world.database.read { db in try db.first(AnswerID.self, "SELECT id FROM answer WHERE external_id = 'q1'") }!
            let russian = try await browser.get("/answers/\(id)?lang=ru")
            #expect(russian.body.contains("На участке.") && russian.body.contains("Перевод устарел"))
        }
    }

    @Test("pages of answers in every language, without a hole in their words", arguments: Language.allCases)
    func renders(_ language: Language) async throws {
        try await QuestionWorld.run(.sqlite) { world in
            let answer = try await Self.approved(world)
            try await world.site.person("root", role: "administrator", language: language)
            let browser = world.site.browser()
            try await browser.signIn("root")
            for path in ["/answers", "/answers/\(answer)", "/answers/\(answer)/work", "/questions/\(QuestionWorld.id(1))"] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && !page.body.contains("⟦") && !page.body.contains("[["), "\(path)")
            }
            let stranger = world.site.browser()
            try await world.site.person("plain", role: "activist", unit: "R2")
            try await stranger.signIn("plain")
            #expect(try await stranger.get("/answers/\(answer)/work").status == 404)
        }
    }
}
