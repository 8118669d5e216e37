import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Briefs and the library")
struct BriefFactTests {
    @Test("a brief cites confirmed facts only, and a change of their source marks it", arguments: Dialect.allCases)
    func cites(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            func text(_ statement: String) -> SourceText {
                SourceText(
                    title: "Заң", section: "5-бап", url: "https://example.kz/law", statement: statement, issued: nil,
                    itemClass: .information)
            }
            func write(_ facts: [FactID], sources: String = "") -> WriteBrief {
                WriteBrief(
                    campaign: "test", topic: "where", language: .kk, title: "Қайда", body: "Учаскеде", sources: sources, facts: facts)
            }
            let source = try await world.run(AddSource(campaign: "test", text: text("Учаске 7:00-де ашылады")), by: world.secretary)
            let fact = try await world.run(
                AddFact(source: source, text: FactText(statements: [.kk: "Учаске 7:00-де ашылады"], itemClass: .information)),
                by: world.secretary)
            #expect(try await world.refusal(write([fact]), by: world.secretary) == "not-confirmed")
            try await world.run(ConfirmSource(source: source, version: 1, itemClass: .information), by: world.reviewer)
            try await world.run(ConfirmFact(fact: fact, version: 1, itemClass: .information), by: world.reviewer)
            // With a fact no line of sources is needed; without either it is refused.
            #expect(try await world.refusal(write([]), by: world.secretary) == "missing")
            let brief = try await world.run(write([fact]), by: world.secretary)
            try await world.run(ApproveBrief(brief: brief, version: 1), by: world.reviewer)
            @Sendable func isStale() async throws -> Bool {
                try await world.database.read { db in
                    !(try Brief.stale(try Brief.all(of: CampaignNo(1), in: db), in: db)).isEmpty
                }
            }
            #expect(try await !isStale())
            try await world.run(
                ChangeSource(source: source, text: text("Учаске 8:00-де ашылады"), reason: "Жаңа редакция"), by: world.secretary)
            #expect(try await isStale())
            try await world.site.person("root", role: "administrator", language: .en)
            let browser = world.site.browser()
            try await browser.signIn("root")
            let page = try await browser.get("/briefs/\(brief)?lang=en")
            #expect(page.body.contains("A source this brief rests on has changed") && page.body.contains("/facts/\(source)"))
            #expect(try await browser.get("/briefs?lang=en").body.contains("source has changed"))
        }
    }
}
