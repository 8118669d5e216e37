import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The library")
struct FactTests {
    @Test("the class is confirmed by a second person of another organisation, who reads it themselves", arguments: Dialect.allCases)
    func second(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let id = try await world.source(confirmed: false)
            let confirm = ConfirmSource(source: id, version: 1, itemClass: .information)
            #expect(try await world.refusal(confirm, by: world.keeper) == "own-version")
            let colleague = try await world.site.person("colleague", role: "reviewer", unit: "R1")
            // Of no organisation, then of the author's: neither is the second person.
            #expect(try await world.refusal(confirm, by: colleague) == "same-organization")
            try await world.questions.belong(colleague, to: 1)
            #expect(try await world.refusal(confirm, by: colleague) == "same-organization")
            #expect(try await world.refusal(ConfirmSource(source: id, version: 1, itemClass: .campaigning), by: world.second) == "class-differs")
            let browser = world.site.browser()
            #expect(try await browser.get("/facts/\(id)").status == 404)
            #expect(try await world.refusal(ConfirmSource(source: id, version: 2, itemClass: .information), by: world.second) == "version-moved")
            try await world.run(confirm, by: world.second)
            #expect(try await world.refusal(confirm, by: world.second) == "version-confirmed")
            #expect(try await browser.get("/facts/\(id)").body.contains("Сайлау туралы ереже, 3-бап"))
            let stranger = try await world.refusal(AddFact(source: id, text: FactWorld.said("Дерек")), by: world.questions.activist)
            #expect(stranger == "not-found", "the library's work is for those who keep or check it")
        }
    }

    @Test("the table itself takes no second person of the author's organisation", arguments: Dialect.allCases)
    func table(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let id = try await world.source(confirmed: false)
            let stranger = PersonID(high: 9, low: 9)
            for organization in [OrganizationNo(1), OrganizationNo.none] {
                await #expect(throws: StorageError.self) {
                    try await world.database.write { db in
                        _ = try db.run(
                            """
                            UPDATE source_version SET confirmed_by = \(stranger), confirmed_organization = \(organization),
                                confirmed_at = 1 WHERE source = \(id)
                            """)
                    }
                }
            }
        }
    }

    @Test("a change is a new version: the old text stands in public until the new one is confirmed", arguments: Dialect.allCases)
    func versions(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let id = try await world.source()
            #expect(try await world.refusal(ChangeSource(source: id, text: FactWorld.text("Басқа"), reason: ""), by: world.keeper) == "invalid")
            try await world.change(id)
            let browser = world.site.browser()
            let page = try await browser.get("/facts/\(id)?lang=en")
            #expect(page.body.contains("учаскеде өтеді") && !page.body.contains("мектепте өтеді"))
            #expect(page.body.contains("A newer version is being checked") || page.body.contains("The new version is being checked"))
            try await world.run(ConfirmSource(source: id, version: 2, itemClass: .information), by: world.second)
            let after = try await browser.get("/facts/\(id)?lang=en")
            #expect(after.body.contains("мектепте өтеді") && after.body.contains("учаскеде өтеді"), "the old text is kept")
            #expect(try await world.site.count("SELECT count(*) FROM source_version WHERE source = \(id)") == 2)
        }
    }

    @Test("only what is confirmed is cited, in the version that was read", arguments: Dialect.allCases)
    func cites(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let (source, waiting) = (try await world.source(), try await world.source(confirmed: false))
            let fact = try await world.fact(of: source)
            let question = try await world.questions.question(90, "Қайда?", [.init("topic", .text("where"))])
            for line in ["/facts/\(waiting)", "/facts/\(SourceID(high: 1, low: 1))", "/facts/\(source)#fact-\(FactID(high: 1, low: 1))"] {
                let write = WriteAnswer(question: question, title: "Қайда?", body: "Учаскеде.", sources: NamedSource.lines(line))
                #expect(try await world.refusal(write, by: world.keeper) == "invalid", "\(line)")
            }
            let answer = try await world.answer(
                91, citing: ["https://host.kz/facts/\(source)/work#fact-\(fact)", "/facts/\(source)", "Қаулы | https://example.kz/2 | 12.01.2026"])
            let (sources, facts) = try await world.database.read { db in
                (try AnswerRows.sources(of: [answer], in: db)[answer] ?? [], try AnswerRows.facts(of: answer, in: db))
            }
            #expect(sources.map(\.title) == ["Сайлау туралы ереже, 3-бап", "Қаулы"])
            #expect(sources[0].source == source && sources[0].read == 1 && !sources[0].hasChanged)
            #expect(facts.map(\.id) == [fact])
            let page = try await world.site.browser().get("/answers/\(answer)")
            #expect(page.body.contains("/facts/\(source)#fact-\(fact)") && page.body.contains("Учаске таңғы жетіде ашылады."))
        }
    }

    @Test("a change of a source marks what rests on it, until somebody has read it again", arguments: Dialect.allCases)
    func marks(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let source = try await world.source()
            let fact = try await world.fact(of: source)
            let answer = try await world.answer(1, citing: ["/facts/\(source)#fact-\(fact)"])
            let other = try await world.answer(2, citing: ["Қаулы | https://example.kz/2 | 12.01.2026"])
            let brief = try await world.run(
                WriteBrief(
                    campaign: "test", topic: "where", language: .kk, title: "Қайда?", body: "Учаскеде.", sources: "Ереже", facts: [fact]),
                by: world.keeper)
            try await world.run(ApproveBrief(brief: brief, version: 1), by: world.questions.secretary)
            let recheck = RecheckAnswer(answer: answer)
            #expect(try await world.refusal(recheck, by: world.questions.secretary) == "not-stale")
            try await world.change(source)

            let browser = world.site.browser()
            let (marked, plain) = (try await browser.get("/answers/\(answer)?lang=en"), try await browser.get("/answers/\(other)?lang=en"))
            #expect(marked.body.contains("The source has changed") && !plain.body.contains("The source has changed"))
            let keeper = world.site.browser()
            try await keeper.signIn("expert")
            let work = try await keeper.get("/facts/work?lang=en").body
            #expect(work.contains("/answers/\(answer)/work") && work.contains("/briefs/\(brief)") && !work.contains("/answers/\(other)/work"))
            #expect(work.contains("Учаске таңғы жетіде ашылады."))
            #expect(try await keeper.get("/facts/\(source)/work").body.contains("/answers/\(answer)/work"))
            #expect(try await keeper.get("/briefs/\(brief)?lang=en").body.contains("A source this brief rests on h"))

            // Not before the source and the fact are confirmed anew, and not by the author.
            #expect(try await world.refusal(recheck, by: world.questions.secretary) == "source-unconfirmed")
            try await world.run(ConfirmSource(source: source, version: 2, itemClass: .information), by: world.second)
            #expect(try await world.refusal(recheck, by: world.questions.secretary) == "source-unconfirmed")
            #expect(try await world.refusal(RecheckFact(fact: fact), by: world.questions.activist) == "not-found")
            try await world.run(RecheckFact(fact: fact), by: world.keeper)
            #expect(try await world.refusal(RecheckFact(fact: fact), by: world.keeper) == "not-stale")
            try await world.run(recheck, by: world.questions.secretary)
            #expect(try await !browser.get("/answers/\(answer)?lang=en").body.contains("The source has changed"))
        }
    }

    @Test("a correction brings its own sources, which stand once a second person has approved it", arguments: Dialect.allCases)
    func corrects(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let source = try await world.source()
            let answer = try await world.answer(1, citing: ["Қаулы | https://example.kz/2 | 12.01.2026"])
            func titles() async throws -> [String] {
                try await world.database.read { db in try AnswerRows.sources(of: [answer], in: db)[answer] ?? [] }.map(\.title)
            }
            func rewrite(_ sources: [NamedSource]?) -> RewriteAnswer {
                RewriteAnswer(
                    answer: answer, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "Орны өзгерді", sources: sources)
            }
            #expect(try await world.refusal(rewrite([]), by: world.keeper) == "invalid")
            try await world.run(rewrite(NamedSource.lines("/facts/\(source)")), by: world.keeper)
            #expect(try await titles() == ["Қаулы"])
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.questions.secretary)
            #expect(try await titles() == ["Сайлау туралы ереже, 3-бап"])
            try await world.run(rewrite(nil), by: world.keeper)
            try await world.run(ApproveAnswer(answer: answer, language: .kk), by: world.questions.secretary)
            #expect(try await titles() == ["Сайлау туралы ереже, 3-бап"])
            #expect(try await world.site.count("SELECT count(*) FROM answer_draft_source") == 0)
        }
    }

    @Test("an answer that cites a campaigning source is campaigning at the gate", arguments: Dialect.allCases)
    func gate(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let id = try await world.run(AddSource(campaign: "test", text: FactWorld.text(itemClass: .campaigning)), by: world.keeper)
            try await world.run(ConfirmSource(source: id, version: 1, itemClass: .campaigning), by: world.second)
            let answer = try await world.answer(1, citing: ["/facts/\(id)"])
            let item = try await world.database.read { db -> Release.Item in
                let found = try AnswerRows.find(answer, in: db)!
                return try AnswerRelease.item(answer, found.campaign!, .answer, OrganizationNo(1), in: db)
            }
            #expect(item.itemClass == .campaigning)
        }
    }
}
