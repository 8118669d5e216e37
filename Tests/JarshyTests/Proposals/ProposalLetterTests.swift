import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Letters about proposals")
struct ProposalLetterTests {
    private static func mail(_ address: String) -> [Json.Member] {
        [.init("contact", .object([.init("kind", .text("email")), .init("value", .text(address)), .init("adult", .bool(true))]))]
    }

    @Test("everybody a decision stands for gets it with its reason in their language, and nobody else's words", arguments: Dialect.allCases)
    func decided(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            // What somebody of no organisation took gets no letter, and holds up nobody's.
            let bare = ProposalWorld.make(3, "Кештете кездесейік", reply: "contact", Self.mail("sender3@mail.kz"))
            #expect(try await world.submit(bare, by: world.activist).status == .accepted)
            try await world.questions.belong(world.activist, to: 1)
            for (n, language, text) in [(1, "kk", "Кездесуді кешке өткізіңіздер"), (2, "ru", "Проводите встречи вечером")] {
                let made = ProposalWorld.make(
                    UInt64(n), text, language: language, reply: "contact", Self.mail("sender\(n)@mail.kz"))
                let outcome = try await world.submit(made, by: world.activist)
                #expect(outcome.status == .accepted, "\(outcome.receipt)")
            }
            let head = ProposalWorld.id(1)
            _ = try await world.run(GatherProposals(target: head, proposals: [ProposalWorld.id(2), ProposalWorld.id(3)]), by: world.secretary)
            let reasons: [Language: String] = [.kk: "Жұмыстағылар үшін", .ru: "Для тех, кто работает"]
            try await world.run(world.decide(head, .consider(title: "Кездесу уақыты"), reasons), by: world.secretary)
            world.site.clock.advance(seconds: 60)
            try await world.run(world.decide(head, .decline, reasons), by: world.secretary)
            let letters = LetterWorld(world: world.questions)
            let waiting = try await letters.messages().filter { $0.state == .waiting }
            // The first decision was not sent yet: one letter each, with the last.
            #expect(waiting.map(\.kind) == [ProposalLetters.decided, ProposalLetters.decided])
            for message in waiting {
                let words = try Pages(home: try Home(), reload: false).words(message.language)
                let letter = try await world.database.read { db in
                    try ProposalLetters().letter(message, desk: LetterDesk(words: words, site: "https://x.kz"), in: db)
                }
                let text = try #require(letter).paragraphs.joined(separator: "\n")
                #expect(text.contains("https://x.kz/proposals/\(head)") && text.contains("https://x.kz/proposal"))
                #expect(text.contains(message.language == .ru ? "Для тех, кто работает" : "Жұмыстағылар үшін"))
                #expect(!text.contains("Проводите встречи") && !text.contains("Кездесуді кешке"))
            }
            // A contact that was deleted gets nothing.
            try await world.database.write { db in _ = try db.run("DELETE FROM proposal_contact") }
            let none = try await world.database.read { db in
                let words = try Pages(home: try Home(), reload: false).words(.kk)
                return try ProposalLetters().letter(waiting[0], desk: LetterDesk(words: words, site: "https://x.kz"), in: db)
            }
            #expect(none == nil)
        }
    }
}
