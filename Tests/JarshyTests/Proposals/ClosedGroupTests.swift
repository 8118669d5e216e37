import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Who comes to a group that was taken up, decided or hidden already; and who replies to its letter.
@Suite("Proposals that come to a closed group")
struct ClosedGroupTests {
    private static func mail(_ address: String) -> [Json.Member] {
        [.init("contact", .object([.init("kind", .text("email")), .init("value", .text(address)), .init("adult", .bool(true))]))]
    }

    private static func send(_ n: UInt64, _ text: String, _ world: ProposalWorld) async throws -> ProposalID {
        let made = ProposalWorld.make(n, text, reply: "contact", mail("sender\(n)@mail.kz"))
        let outcome = try await world.submit(made, by: world.activist)
        #expect(outcome.status == .accepted, "\(outcome.receipt)")
        return ProposalWorld.id(n)
    }

    private static func days(_ proposal: ProposalID, _ world: ProposalWorld) async throws -> Int {
        let day = try await world.database.read { db in
            try db.value("SELECT delete_day FROM proposal_contact WHERE proposal = \(proposal)", as: Day.self)
        }
        return world.today.distance(to: day)
    }

    /// A proposal declined a minute ago.
    private static func declined(_ world: ProposalWorld, _ text: String = "Көшеге шам керек") async throws -> ProposalID {
        let head = try await world.proposal(1, text)
        try await world.run(world.decide(head, .consider(title: "Көше жарығы")), by: world.secretary)
        world.site.clock.advance(seconds: 60)
        try await world.run(world.decide(head, .decline, [.kk: "Қаражат жоқ"]), by: world.secretary)
        world.site.clock.advance(seconds: 60)
        return head
    }

    private static func letter(_ message: MailMessage, _ world: ProposalWorld) async throws -> String? {
        let words = try Pages(home: try Home(), reload: false).words(message.language)
        return try await world.database.read { db in
            try ProposalLetters().letter(message, desk: LetterDesk(words: words, site: "https://x.kz"), in: db)
        }?.paragraphs.joined(separator: "\n")
    }

    @Test("gathered under a decided one, by hand or for equal words, a sender hears the decision at once", arguments: Dialect.allCases)
    func decided(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            try await world.questions.belong(world.activist, to: 1)
            let head = try await Self.declined(world)
            let near = try await Self.send(2, "Абай көшесіне шам қойыңыздар", world)
            #expect(try await Self.days(near, world) == 180)
            _ = try await world.run(GatherProposals(target: head, proposals: [near]), by: world.secretary)
            let equal = try await Self.send(3, "көшеге шам керек!", world)
            #expect(try await world.find(equal).head == head)
            let letters = try await LetterWorld(world.questions).messages()
            #expect(letters.map(\.kind) == [ProposalLetters.decided, ProposalLetters.decided])
            #expect(Set(letters.map(\.about)) == [LetterSubjectID(near), LetterSubjectID(equal)])
            for message in letters { #expect(try #require(try await Self.letter(message, world)).contains("Қаражат жоқ")) }
            for sender in [near, equal] { #expect(try await Self.days(sender, world) == 90) }
            #expect(try await world.faults() == [])
        }
    }

    @Test("the words of a hidden one stand alone; on the page the state that is true stands for a term", arguments: Dialect.allCases)
    func hidden(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let head = try await world.proposal(1, "Бізден терезе алыңыздар")
            try await world.run(HideProposal(proposal: head, reason: "advertising"), by: world.questions.moderator)
            #expect(try await world.find(try await Self.send(2, "Бізден терезе алыңыздар", world)).isHead)
            #expect(try await world.find(head).senders == 1)

            let decided = try await world.proposal(4, "Саябаққа орындық керек")
            try await world.run(world.decide(decided, .consider(title: "Саябақ")), by: world.secretary)
            let browser = world.site.browser()
            let form = try await browser.get("/propose")
            let page = try await browser.post(
                "/propose",
                [("proposal", form.hidden("proposal") ?? ""), ("text", "Саябаққа орындық керек"), ("language", "kk")])
            #expect(page.status == 200 && page.body.contains("/proposals/\(decided)"), "\(page.body)")
            #expect(page.body.contains("Қаралып жатыр") && !page.body.contains("Қарау мерзімі"))
        }
    }

    @Test("a reply to the letter of a decline is the objection; what has nowhere to go becomes a question", arguments: Dialect.allCases)
    func replies(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            try await world.questions.belong(world.activist, to: 1)
            let head = try await Self.declined(world)
            let sender = try await Self.send(3, "Көшеге шам керек", world)
            let letters = try await LetterWorld(world.questions)
            let message = try #require(try await letters.messages().first)
            #expect(try #require(try await Self.letter(message, world)).contains("осы хатқа жауап"))
            let tag = LetterToken(message.id, .reply).tag(key: try await letters.key())
            func reply(_ text: String) async throws -> TakeMail.Taken {
                try await letters.take(LetterWorld.letter(to: "answers+\(tag)@example.kz", subject: "Re: x", text))
            }
            let taken = try await reply("Жол қараңғы, балалар жүреді")
            #expect(taken.outcome == .reply && taken.question == nil)
            #expect(try await world.find(head).state == .considered)
            let words = try await world.database.read { db in
                try db.all(String.self, "SELECT body FROM proposal_objection WHERE proposal = \(sender)")
            }
            #expect(words == ["Жол қараңғы, балалар жүреді"])
            // Looked at again already: a second word is not lost.
            let second = try await reply("Тағы айтарым бар еді")
            #expect(second.outcome == .question)
            #expect(try await letters.world.find(try #require(second.question)).body == "Тағы айтарым бар еді")
            #expect(try await letters.count("SELECT count(*) FROM proposal_objection") == 1)
        }
    }
}
