import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("What counts as a source")
struct NamedSourceTests {
    @Test("only what can be looked up: the library, or a link or a document with its day", arguments: [
        ("Қаулы | https://example.kz/2 | 12.01.2026", ""), ("Қаулы | https://example.kz/2 | 2026-01-12", ""),
        ("https://example.kz/2 | 12.01.2026", ""), ("Қаулы № 3 | 12.01.2026", ""),
        ("/facts/\(SourceID(high: 1, low: 1))", ""), ("", "no-source"), ("білемін", "source-day"),
        ("Қаулы | https://example.kz/2", "source-day"), ("https://example.kz/2", "source-day"), ("12.01.2026", "source-day"),
        ("Қаулы | https://example.kz/2 | 31.02.2026", "source-day"), ("Қаулы | бетте | 12.01.2026", "not-link"),
        ("Қаулы | javascript:alert(1) | 12.01.2026", "not-link"),
        ("/facts/\(SourceID(high: 1, low: 1))\nбілемін", "source-day"),
    ])
    func faults(_ typed: String, _ fault: String) {
        #expect(NamedSource.faults(NamedSource.lines(typed)).map(\.slug) == (fault.isEmpty ? [] : [fault]))
    }

    @Test("a source named again by its own line is the same", arguments: [
        "Қаулы | https://example.kz/2 | 12.01.2026", "https://example.kz/2 | 12.01.2026", "Қаулы № 3 | 2026-01-12",
        "/facts/\(SourceID(high: 1, low: 1))",
    ])
    func again(_ typed: String) {
        let named = NamedSource.lines(typed)[0]
        let again = NamedSource.lines(named.line)[0]
        #expect(named.url == again.url && named.day == again.day && named.source == again.source)
        #expect(named.source != nil || named.title == again.title)
    }

    @Test("a link of the library cites what stands there, and is not cited before it is confirmed", arguments: Dialect.allCases)
    func library(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let question = try await world.questions.question(90, "Қайда?", [.init("topic", .text("where"))])
            func write(_ line: String) -> WriteAnswer {
                WriteAnswer(question: question, title: "Қайда?", body: "Учаскеде.", sources: NamedSource.lines(line))
            }
            #expect(try await world.refusal(write("білемін"), by: world.keeper) == "invalid")
            let link = "Ереже | \(FactWorld.text().url) | 12.01.2026"
            let waiting = try await world.source(confirmed: false)
            #expect(try await world.refusal(write(link), by: world.keeper) == "invalid")
            let source = try await world.source()
            #expect(source != waiting)
            // With the day and without it: it is the library's source, whatever it was called.
            let answer = try await world.run(write("\(link)\n\(FactWorld.text().url)"), by: world.keeper)
            let sources = try await world.database.read { db in try AnswerRows.sources(of: [answer], in: db)[answer] ?? [] }
            #expect(sources.map(\.source) == [source] && sources.map(\.title) == ["Сайлау туралы ереже, 3-бап"])
        }
    }

    @Test("a link that comes into the library later as campaigning makes the answer so", arguments: Dialect.allCases)
    func laterClass(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let answer = try await world.answer(1, citing: ["Ереже | \(FactWorld.text().url) | 12.01.2026"])
            func itemClass() async throws -> Release.ItemClass? {
                try await world.database.read { db in
                    try AnswerRelease.item(answer, CampaignNo(1), .mail, OrganizationNo(1), in: db).itemClass
                }
            }
            #expect(try await itemClass() == .information)
            _ = try await world.run(
                AddSource(campaign: "test", text: FactWorld.text(itemClass: .campaigning)), by: world.keeper)
            #expect(try await itemClass() == .campaigning)
        }
    }
}
