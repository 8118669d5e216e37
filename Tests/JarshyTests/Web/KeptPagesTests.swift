import JarshyKit
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Jarshy

/// Public pages are kept as rendered, and a change shows at once.
@Suite("Kept pages")
struct KeptPagesTests {
    private static let afresh = ["cache-control": "no-cache"]

    private static func counts(_ world: FactWorld) -> (kept: Int, made: Int) {
        let text = world.site.app.site.parts.metrics.text(liveSubscribers: 0)
        func number(_ from: String) -> Int {
            text.split(separator: "\n").first { $0.hasPrefix("public_pages_total{from=\"\(from)\"}") }
                .flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? -1
        }
        return (number("kept"), number("made"))
    }

    @Test("a page is rendered once for all who read it, in each language; whoever is signed in gets their own", arguments: Dialect.allCases)
    func once(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let answer = try await world.answer(1, citing: ["Ереже | https://example.kz/1 | 12.01.2026"])
            let path = "/answers/\(answer)"
            let first = try await world.site.browser().get("\(path)?lang=kk")
            let again = try await world.site.browser().get("\(path)?lang=kk")
            #expect(first.bytes == again.bytes && first.status == 200)
            #expect(Self.counts(world) == (1, 1))
            let russian = try await world.site.browser().get("\(path)?lang=ru")
            #expect(russian.bytes != first.bytes && Self.counts(world) == (1, 2))
            let packed = try await world.site.browser().send("GET", "\(path)?lang=kk", headers: ["accept-encoding": "gzip"])
            #expect(packed.headers["content-encoding"] == "gzip" && packed.bytes.count < first.bytes.count)
            let staff = world.site.browser()
            try await staff.signIn("expert")
            let own = try await staff.get("\(path)?lang=kk")
            #expect(own.body.contains("\(path)/work") && !again.body.contains("\(path)/work"))
            #expect(Self.counts(world).made == 2)
            #expect(try await world.site.browser().get("\(path)?lang=kk", headers: Self.afresh).bytes == first.bytes)
            #expect(Self.counts(world).made == 3)
        }
    }

    @Test("after every deed every public page is what it would be rendered as now", arguments: Dialect.allCases)
    func changes(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let source = try await world.source()
            let fact = try await world.fact(of: source)
            let answer = try await world.answer(1, citing: ["/facts/\(source)#fact-\(fact)"])
            let (questions, proposals) = (world.questions, ProposalWorld(questions: world.questions))
            try await proposals.proposal(70)
            try await proposals.proposal(71)
            let proposal = ProposalWorld.id(70)
            try await world.run(proposals.decide(proposal, .consider(title: "Көше шамы")), by: questions.secretary)
            let pages = ["/answers", "/answers/\(answer)", "/facts", "/facts/\(source)", "/proposals", "/proposals/\(proposal)"]

            /// Reads every page as it is kept, and rendered afresh: they are the same.
            func changed(_ deed: String, _ expected: [String], _ work: () async throws -> Void) async throws {
                var before: [String: [UInt8]] = [:]
                for page in pages { before[page] = try await world.site.browser().get("\(page)?lang=en").bytes }
                world.site.clock.advance(seconds: 1)
                try await work()
                for page in pages {
                    let kept = try await world.site.browser().get("\(page)?lang=en")
                    let fresh = try await world.site.browser().get("\(page)?lang=en", headers: Self.afresh)
                    #expect(kept.bytes == fresh.bytes, "\(deed): \(page) is kept as it was")
                    if expected.contains(page) { #expect(kept.bytes != before[page], "\(deed): \(page) does not show it") }
                }
            }

            try await changed("correct", ["/answers/\(answer)", "/answers"]) {
                try await world.run(
                    RewriteAnswer(answer: answer, language: .kk, title: "Қайда?", body: "Мектепте.", reason: "Өзгерді"), by: world.keeper)
                try await world.run(ApproveAnswer(answer: answer, language: .kk), by: questions.secretary)
            }
            try await changed("translate", ["/answers/\(answer)", "/answers"]) {
                try await world.run(
                    RewriteAnswer(answer: answer, language: .en, title: "Where?", body: "At school.", reason: ""), by: world.keeper)
                try await world.run(ApproveAnswer(answer: answer, language: .en), by: questions.secretary)
            }
            try await changed("asked again", ["/answers/\(answer)", "/answers"]) {
                try await questions.question(200, "Қайда дауыс беремін? 1")
            }
            try await changed("parted", ["/answers/\(answer)", "/answers"]) {
                try await world.run(PartQuestion(question: QuestionWorld.id(200)), by: questions.secretary)
            }
            try await changed("joined", ["/answers/\(answer)", "/answers"]) {
                _ = try await world.run(
                    JoinQuestions(question: QuestionWorld.id(200), target: QuestionWorld.id(1)), by: questions.secretary)
            }
            try await changed("renamed", ["/answers/\(answer)"]) {
                try await world.run(EditPerson(person: world.keeper, name: "Gulnar Abenova", language: .en), by: world.keeper)
            }
            try await changed("topic", []) {
                try await world.database.run(
                    SaveTopic(campaign: "test", code: "where", names: Trio(kk: "Қайда", ru: "Где", en: "Where to vote")),
                    by: .operator, at: questions.now)
            }
            try await changed("source changed", ["/answers/\(answer)", "/facts/\(source)", "/facts"]) { try await world.change(source) }
            try await changed("source confirmed", ["/facts/\(source)", "/facts"]) {
                try await world.run(ConfirmSource(source: source, version: 2, itemClass: .information), by: world.second)
            }
            try await changed("fact read again", ["/facts/\(source)"]) { try await world.run(RecheckFact(fact: fact), by: world.keeper) }
            try await changed("answer read again", ["/answers/\(answer)"]) {
                try await world.run(RecheckAnswer(answer: answer), by: questions.secretary)
            }
            try await changed("fact changed", ["/answers/\(answer)", "/facts/\(source)"]) {
                try await world.run(ChangeFact(fact: fact, text: FactWorld.said("Сегізде"), reason: "Уақыты өзгерді"), by: world.keeper)
            }
            try await changed("gathered", ["/proposals/\(proposal)", "/proposals"]) {
                _ = try await world.run(GatherProposals(target: proposal, proposals: [ProposalWorld.id(71)]), by: questions.secretary)
            }
            try await changed("the same again", ["/proposals/\(proposal)", "/proposals"]) {
                try await proposals.proposal(72, ProposalWorld.text(70))
            }
            try await changed("accepted", ["/proposals/\(proposal)", "/proposals"]) {
                try await world.run(proposals.decide(proposal, proposals.task()), by: questions.secretary)
            }
            try await changed("renamed campaign", []) {
                try await world.database.write { db in
                    _ = try db.run("UPDATE campaign SET name_en = 'Another name', stamp = stamp + 1 WHERE code = 'test'")
                }
            }
        }
    }

    @Test("pages shown longest ago go first, and what is kept stays below its bound")
    func bound() async throws {
        let test = try await TestDatabases.make(.sqlite)
        let kept = KeptPages(test.database, most: 40_000)
        var random = Seeded(4)
        func html() -> [UInt8] { (0..<4000).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        func key(_ n: Int) -> KeptPages.Key { .init(address: "/\(n)", language: .kk, day: Day(number: 20_000)) }
        for n in 0..<4 { _ = kept.keep(html(), key(n), ["a": 1]) }
        #expect(kept.find(key(0), ["a": 1]) != nil && kept.find(key(0), ["a": 2]) == nil)
        for n in 4..<60 {
            _ = kept.keep(html(), key(n), ["a": 1])
            _ = kept.find(key(0), ["a": 1])
            #expect(kept.count <= 5)
        }
        #expect(kept.find(key(0), ["a": 1]) != nil && kept.find(key(1), ["a": 1]) == nil)
        try await test.close()
    }

    @Test("a reading begun before the question is not its answer; those who ask together share one")
    func shared() async throws {
        let runs = Mutex(0)
        let read = SharedRead {
            runs.withLock { $0 += 1 }
            let number = runs.withLock { $0 }
            await Task.yield()
            return number
        }
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { try await read.value() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.count == 200 && runs.withLock { $0 } <= 200)
        let before = runs.withLock { $0 }
        #expect(try await read.value() == before + 1)
    }
}
