import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Whatever is joined, undone, taken out, answered or not published: everybody who asked finds the own words by the own
/// number, and reads nobody else's, on the page and in every letter and part of the phone.
@Suite("Askers' own words")
struct AskerPropertyTests {
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 3))

    @Test("every asker keeps access to the own text and sees no other's", arguments: Dialect.allCases)
    func own(_ dialect: Dialect) async throws {
        for seed in Self.seeds { try await AskerHistory(seed: seed).run(dialect) }
    }

    @Test("every sender of a proposal keeps access to the own text and sees no other's", arguments: Dialect.allCases)
    func proposals(_ dialect: Dialect) async throws {
        for seed in Self.seeds { try await SenderHistory(seed: seed).run(dialect) }
    }
}

/// Words that stand in no page by themselves.
private func secret(_ n: Int) -> String { "құпиясөз\(["бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз"][n])нөмір\(n)" }

private struct AskerHistory: Sendable {
    let seed: UInt64
    static let askers = 8
    static let steps = 40

    func run(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            var random = Seeded(seed)
            var numbers: [String] = []
            for n in 0..<Self.askers {
                let browser = world.site.browser()
                let form = [
                    ("question", Ops.id(UInt64(n + 1))), ("text", "Сұрағым: \(secret(n))"), ("language", "kk"), ("topic", "where"),
                ]
                let page = try await browser.post("/ask", form)
                numbers.append(String(try #require(page.body.firstMatch(of: #/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/#)).output))
                world.site.clock.advance(seconds: 2000)
            }
            #expect(Set(numbers).count == Self.askers)
            var joinings: [JoiningID] = []
            for step in 0..<Self.steps {
                try await act(world, &random, &joinings)
                world.site.clock.advance(seconds: 1)
                for asker in 0..<Self.askers where (asker + step).isMultiple(of: 2) || step == Self.steps - 1 {
                    let shown = try await world.site.browser().post("/question", [("number", numbers[asker])])
                    #expect(shown.status == 200 && shown.body.contains(secret(asker)), "seed \(seed) step \(step): asker \(asker) lost the own words")
                    for other in 0..<Self.askers where other != asker {
                        #expect(!shown.body.contains(secret(other)), "seed \(seed) step \(step): asker \(asker) reads asker \(other)")
                    }
                }
                #expect(try await world.faults() == [], "seed \(seed) step \(step)")
            }
            // Nor does the public bank hold anybody's words.
            for page in ["/answers", "/answers?lang=ru"] {
                let body = try await world.site.browser().get(page).body
                #expect(!(0..<Self.askers).contains { body.contains(secret($0)) })
            }
        }
    }

    private func act(_ world: QuestionWorld, _ random: inout Seeded, _ joinings: inout [JoiningID]) async throws {
        let (a, b) = (QuestionWorld.id(random.next() % 8 + 1), QuestionWorld.id(random.next() % 8 + 1))
        switch random.next() % 10 {
        case 0, 1, 2, 3:
            if try await world.refusal(JoinQuestions(question: a, target: b), by: world.secretary) == nil {
                let joined = try await world.database.read { db in
                    try db.first(JoiningID.self, "SELECT id FROM question_join WHERE question = \(a) ORDER BY at DESC, id DESC LIMIT 1")
                }
                if let joined { joinings.append(joined) }
            }
        case 4, 5:
            guard !joinings.isEmpty else { return }
            let joining = joinings[Int(random.next() % UInt64(joinings.count))]
            _ = try await world.refusal(UndoJoining(joining: joining), by: world.secretary)
        case 6: _ = try await world.refusal(PartQuestion(question: a), by: world.secretary)
        case 7: _ = try await world.refusal(AskBack(question: a, text: "Қай жер туралы?"), by: world.secretary)
        case 8: _ = try await world.refusal(DeclineQuestion(question: a, reason: "unclear"), by: world.moderator)
        default:
            guard try await world.refusal(SendQuestion(question: a, expert: world.expert), by: world.secretary) == nil else { return }
            let write = WriteAnswer(
                question: a, title: "Қайда дауыс береді?", body: "Учаскеде.",
                sources: QuestionWorld.rule)
            guard try await world.refusal(write, by: world.expert) == nil else { return }
            let answer = try await world.database.read { db in try AnswerRows.find(for: a, in: db)!.id }
            _ = try await world.refusal(ApproveAnswer(answer: answer, language: .kk), by: world.secretary)
        }
    }
}

private struct SenderHistory: Sendable {
    let seed: UInt64
    static let senders = 6
    static let steps = 30

    func run(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            var random = Seeded(seed)
            var numbers: [String] = []
            for n in 0..<Self.senders {
                let form = [("proposal", Ops.id(UInt64(n + 1))), ("text", "\(ProposalWorld.text(UInt64(n))) \(secret(n))"), ("language", "kk")]
                let page = try await world.site.browser().post("/propose", form)
                numbers.append(String(try #require(page.body.firstMatch(of: #/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/#)).output))
                world.site.clock.advance(seconds: 2000)
            }
            var gatherings: [GatheringID] = []
            for step in 0..<Self.steps {
                try await act(world, &random, &gatherings)
                world.site.clock.advance(seconds: 1)
                for sender in 0..<Self.senders {
                    let shown = try await world.site.browser().post("/proposal", [("number", numbers[sender])])
                    #expect(shown.status == 200 && shown.body.contains(secret(sender)), "seed \(seed) step \(step): sender \(sender) lost the own words")
                    for other in 0..<Self.senders where other != sender {
                        #expect(!shown.body.contains(secret(other)), "seed \(seed) step \(step): sender \(sender) reads sender \(other)")
                    }
                }
                let listed = try await world.site.browser().get("/proposals").body
                #expect(!(0..<Self.senders).contains { listed.contains(secret($0)) }, "seed \(seed) step \(step): words of a sender are public")
                #expect(try await world.faults() == [], "seed \(seed) step \(step)")
            }
        }
    }

    private func act(_ world: ProposalWorld, _ random: inout Seeded, _ gatherings: inout [GatheringID]) async throws {
        let (a, b) = (ProposalWorld.id(random.next() % 6 + 1), ProposalWorld.id(random.next() % 6 + 1))
        switch random.next() % 8 {
        case 0, 1, 2:
            guard try await world.refusal(GatherProposals(target: b, proposals: [a]), by: world.secretary) == nil else { return }
            let gathered = try await world.database.read { db in
                try db.first(GatheringID.self, "SELECT id FROM proposal_join WHERE proposal = \(a) ORDER BY at DESC, id DESC LIMIT 1")
            }
            if let gathered { gatherings.append(gathered) }
        case 3:
            guard !gatherings.isEmpty else { return }
            let gathering = gatherings[Int(random.next() % UInt64(gatherings.count))]
            _ = try await world.refusal(UndoGathering(gathering: gathering), by: world.secretary)
        case 4: _ = try await world.refusal(PartProposal(proposal: a), by: world.secretary)
        default:
            let decisions: [DecideProposal.Decision] = [.consider(title: "Ашық мазмұны"), world.task(), .decline, .reopen]
            let decision = decisions[Int(random.next() % 4)]
            _ = try await world.refusal(world.decide(a, decision), by: world.secretary)
        }
    }
}
