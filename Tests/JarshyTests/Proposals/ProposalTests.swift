import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Proposals")
struct ProposalTests {
    @Test("an operation is taken once; unknown keys and other units are refused", arguments: Dialect.allCases)
    func takes(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let operation = ProposalWorld.make(1, " Шам керек, \r\n көшеге ")
            let first = try await world.submit(operation, by: world.activist)
            let again = try await world.submit(operation, by: world.activist)
            #expect(first.status == .accepted && first.receipt == again.receipt)
            let made = try await world.find(ProposalWorld.id(1))
            #expect(made.body == "Шам керек, \n көшеге" && made.state == .new && made.way == .event && made.senders == 1)
            #expect(made.due == WorkDays.kazakhstan.day(3, after: world.today))
            for (n, key) in ["name", "address", "party", "workplace"].enumerated() {
                let outcome = try await world.submit(ProposalWorld.make(UInt64(20 + n), "Ұсыныс мәтіні", [.init(key, .text("x"))]), by: world.activist)
                #expect(outcome.problem?.errors.first?.slug == "unknown-key", "\(key)")
            }
            #expect(try await world.submit(ProposalWorld.make(3, "Мәтін", unit: "P211"), by: world.activist).problem?.slug == "not-found")
            let reader = try await world.site.person("observer", role: "observer", unit: "R1")
            #expect(try await world.submit(ProposalWorld.make(4, "Мәтін"), by: reader).problem?.slug == "forbidden")
        }
    }

    @Test("considered, accepted, declined: each only with a reason in the proposer's language", arguments: Dialect.allCases)
    func reasons(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let id = try await world.proposal(1, language: "ru")
            let take = DecideProposal.Decision.consider(title: "Уличное освещение")
            for reasons in [[:], [.kk: "Себебі"], [.ru: "  "], [.ru: "!"]] as [[Language: String]] {
                #expect(try await world.refusal(world.decide(id, take, reasons), by: world.secretary) == "invalid", "\(reasons)")
            }
            let bare = world.decide(id, .consider(title: " "), [.ru: "Важно"])
            #expect(try await world.refusal(bare, by: world.secretary) == "invalid")
            let phone = world.decide(id, .consider(title: "Звоните 8 701 123 45 67"), [.ru: "Важно"])
            #expect(try await world.refusal(phone, by: world.secretary) == "invalid")
            #expect(try await world.refusal(world.decide(id, .decline, [.ru: "Нет"]), by: world.secretary) == "proposal-state")
            try await world.run(world.decide(id, take, [.ru: "Важно для посёлка"]), by: world.secretary)
            #expect(try await world.refusal(world.decide(id, .decline), by: world.secretary) == "invalid")
            try await world.run(world.decide(id, .decline, [.ru: "Нет средств"]), by: world.secretary)
            #expect(try await world.find(id).state == .declined)
            #expect(try await world.faults() == [])
            // The table itself holds no decision without its reason.
            await #expect(throws: StorageError.self) {
                try await world.database.write { db in
                    _ = try db.run(
                        """
                        INSERT INTO proposal_step (id, proposal, at, kind, language, reason_kk, reason_ru, reason_en, actor, organization)
                        VALUES (\(ID<ProposalStep>.make(at: world.now)), \(id), 1, 'accept', 'ru', 'Себебі', '', '', \(id), 0)
                        """)
                }
            }
        }
    }

    @Test("an accepted proposal becomes a task of a unit that exists, with a day to come", arguments: Dialect.allCases)
    func accepts(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let id = try await world.proposal(1)
            try await world.run(world.decide(id, .consider(title: "Көше шамы")), by: world.secretary)
            #expect(try await world.refusal(world.decide(id, world.task("NO")), by: world.secretary) == "invalid")
            #expect(try await world.refusal(world.decide(id, world.task(in: -1)), by: world.secretary) == "invalid")
            try await world.run(world.decide(id, world.task()), by: world.secretary)
            let tasks = try await world.database.read { db in try ProposalRows.tasks(of: id, in: db) }
            #expect(tasks.count == 1 && tasks[0].title == "Шам орнату" && tasks[0].due == world.today.advanced(by: 10))
            try await world.run(world.decide(id, .reopen), by: world.secretary)
            #expect(try await world.find(id).state == .considered)
            try await world.run(world.decide(id, world.task("D12")), by: world.secretary)
            #expect(try await world.faults() == [])
        }
    }

    @Test("rights: outside one's units not found, without the right forbidden", arguments: Dialect.allCases)
    func rights(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let id = try await world.proposal(1)
            let consider = world.decide(id, .consider(title: "Көше шамы"))
            let other = try await world.site.person("other", role: "secretary", unit: "R2")
            let moderator = world.questions.moderator
            #expect(try await world.refusal(consider, by: other) == "not-found")
            #expect(try await world.refusal(consider, by: moderator) == "forbidden")
            #expect(try await world.refusal(consider, by: world.activist) == "forbidden")
            #expect(try await world.refusal(HideProposal(proposal: id, reason: ""), by: moderator) == "invalid")
            #expect(try await world.refusal(HideProposal(proposal: id, reason: "insult"), by: moderator) == nil)
            #expect(try await world.refusal(consider, by: world.secretary) == "proposal-state")
            try await world.run(RestoreProposal(proposal: id), by: moderator)
            #expect(try await world.find(id).due != nil)
        }
    }

    @Test("a group gets its reasons in every sender's language", arguments: Dialect.allCases)
    func languages(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let (one, two) = (try await world.proposal(1), try await world.proposal(2, language: "ru"))
            _ = try await world.run(GatherProposals(target: one, proposals: [two]), by: world.secretary)
            let take = DecideProposal.Decision.consider(title: "Көше шамы")
            #expect(try await world.refusal(world.decide(one, take), by: world.secretary) == "invalid")
            try await world.run(world.decide(one, take, [.kk: "Маңызды", .ru: "Важно"]), by: world.secretary)
            // Somebody whose language the reasons are not in is decided apart.
            let three = try await world.proposal(3, language: "en")
            let late = GatherProposals(target: one, proposals: [three])
            #expect(try await world.refusal(late, by: world.secretary) == "proposal-language")
            #expect(try await world.faults() == [])
        }
    }

    @Test("a contact is read by the organisation that took it, with a trace, and goes on its day", arguments: Dialect.allCases)
    func contacts(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            try await world.questions.belong(world.activist, to: 1)
            let contact = Json.Member("contact", .object([
                .init("kind", .text("phone")), .init("value", .text("8 701 123 45 67")), .init("adult", .bool(true)),
            ]))
            let young = Json.Member("contact", .object([
                .init("kind", .text("phone")), .init("value", .text("8 701 123 45 67")), .init("adult", .bool(false)),
            ]))
            #expect(try await world.submit(ProposalWorld.make(1, "Мәтін осы", reply: "contact", [young]), by: world.activist).status == .refused)
            let operation = ProposalWorld.make(2, "Мәтін осы", reply: "contact", [contact])
            #expect(try await world.submit(operation, by: world.activist).status == .accepted)
            let id = ProposalWorld.id(2)
            #expect(try await world.refusal(ReadSender(proposal: id), by: world.secretary) == "not-found")
            try await world.questions.belong(world.secretary, to: 1)
            #expect(try await world.run(ReadSender(proposal: id), by: world.secretary) == "+77011234567")
            #expect(try await world.site.count("SELECT count(*) FROM personal_read WHERE page = 'proposal contact'") == 1)
            try await world.run(world.decide(id, .consider(title: "Көше шамы")), by: world.secretary)
            try await world.run(world.decide(id, .decline), by: world.secretary)
            world.site.clock.advance(seconds: 89 * 86_400)
            #expect(try await world.database.run(DeleteProposalContacts(), by: .operator, at: world.now) == 0)
            world.site.clock.advance(seconds: 86_400)
            #expect(try await world.database.run(DeleteProposalContacts(), by: .operator, at: world.now) == 1)
        }
    }
}
