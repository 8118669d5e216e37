import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Random work on answers by people who do what they may not, too: nothing is ever published without a source and a second
/// person, and nothing that was published changes without both.
@Suite("Answer properties")
struct AnswerPropertyTests {
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 6))

    @Test("no history publishes an answer without a source and a second person", arguments: Dialect.allCases)
    func published(_ dialect: Dialect) async throws {
        for seed in Self.seeds { try await AnswerHistory(seed: seed).run(dialect) }
    }
}

private struct AnswerHistory: Sendable {
    let seed: UInt64
    static let questions = 4
    static let steps = 110

    private struct World: Sendable {
        let facts: FactWorld
        let source: SourceID
        /// Both may write and approve; the third may approve only.
        let people: [PersonID]
        var questions: QuestionWorld { facts.questions }
    }

    func run(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { facts in
            let source = try await facts.source()
            let other = try await facts.site.person("other", role: "coordinator", unit: "KZ")
            let reviewer = try await facts.site.person("reviewer", role: "reviewer", unit: "KZ")
            let world = World(facts: facts, source: source, people: [facts.questions.secretary, other, reviewer])
            var random = Seeded(seed)
            for n in 1...Self.questions {
                try await world.questions.question(UInt64(n), "Сұрақ № \(n) мәтіні", [.init("topic", .text("where"))])
            }
            for step in 0..<Self.steps {
                let mark = "seed \(seed) step \(step)"
                try await act(world, &random)
                world.facts.site.clock.advance(seconds: 60)
                #expect(try await faults(world) == [], "\(mark)")
            }
            let published = try await world.facts.site.count("SELECT count(*) FROM answer_version")
            #expect(published > 0, "seed \(seed): nothing was published, so nothing was tried")
        }
    }

    private func act(_ world: World, _ random: inout Seeded) async throws {
        func one<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }
        let person = one(world.people)
        let question = QuestionWorld.id(UInt64(one(Array(1...Self.questions))))
        let answer = try await world.facts.database.read { db in try AnswerRows.find(for: question, in: db)?.id }
            ?? AnswerID(high: 3, low: 3)
        let good = ["Ереже | 12.01.2026", "Ереже | https://example.kz | 2026-01-12", "/facts/\(world.source)"]
        let lines = one(good + good + good + ["", "Ереже", "Ереже | https://example.kz", "Ереже | javascript:x | 12.01.2026", "/facts/\(SourceID(high: 1, low: 1))"])
        let sources = NamedSource.lines(lines)
        // Mostly who may and what waits, so that the history gets somewhere; else anybody and anything.
        let expert = try await world.questions.find(question).expert
        let writer = random.next() % 4 == 0 ? person : expert ?? person
        let waits = try await world.facts.database.read { db in try AnswerRows.drafts(of: answer, in: db).first?.language }
        let language = random.next() % 4 == 0 ? one(Language.allCases) : waits ?? one(Language.allCases)
        switch random.next() % 10 {
        case 0: _ = try await world.questions.refusal(SendQuestion(question: question, expert: person), by: person)
        case 1, 2:
            let deed = WriteAnswer(question: question, title: "Сұрақ қандай?", body: "Жауап \(random.next() % 5)", sources: sources)
            let refused = try await world.questions.refusal(deed, by: writer)
            if NamedSource.faults(sources) != [] { #expect(refused != nil, "seed \(seed): '\(lines)' was taken as a source") }
        case 3, 4, 5:
            let drafts = try await world.facts.database.read { db in try AnswerRows.drafts(of: answer, in: db) }
            let refused = try await world.questions.refusal(ApproveAnswer(answer: answer, language: language), by: person)
            let draft = drafts.first { $0.language == language }
            if draft?.author == person || draft == nil { #expect(refused != nil, "seed \(seed): approved by its author, or from nothing") }
        case 6:
            let deed = RewriteAnswer(
                answer: answer, language: language, title: "Сұрақ қандай?", body: "Түзету \(random.next() % 5)", reason: one(["", "Өзгерді"]),
                sources: one([nil, sources]))
            _ = try await world.questions.refusal(deed, by: person)
        case 7: _ = try await world.questions.refusal(SendBackAnswer(question: question, note: "Сілтемесін тексеріңіз"), by: person)
        case 8: _ = try await world.questions.refusal(WithdrawAnswer(answer: answer, reason: one(["", "Қате бар"])), by: person)
        default: _ = try await world.questions.refusal(RecheckAnswer(answer: answer), by: person)
        }
    }

    private func faults(_ world: World) async throws -> [String] {
        try await world.facts.database.read { db in
            var faults: [String] = []
            let answers = try db.all(Answer.self, where: Answer.from)
            let texts = try AnswerRows.texts(of: answers.map(\.id), in: db)
            let sources = try AnswerRows.sources(of: answers.map(\.id), in: db)
            for answer in answers {
                let versions = try AnswerRows.versions(of: answer.id, in: db)
                guard answer.state == .published else {
                    let isEmpty = (texts[answer.id] ?? []).isEmpty && versions.isEmpty
                    if !isEmpty, try AnswerRows.withdrawal(of: answer, in: db) == nil {
                        faults.append("\(answer.id): a text stands in no bank, and was not taken back")
                    }
                    if answer.state == .withdrawn, let question = answer.question,
                        try db.value("SELECT count(*) FROM question WHERE id = \(question) AND state = 'published'", as: Int.self) > 0
                    {
                        faults.append("\(answer.id): taken back, and its question is answered")
                    }
                    continue
                }
                if (sources[answer.id] ?? []).isEmpty { faults.append("\(answer.id): published without a source") }
                if (sources[answer.id] ?? []).contains(where: { !$0.url.isEmpty && !NamedSource.isLink($0.url) }) {
                    faults.append("\(answer.id): a source that is no link")
                }
                for version in versions where version.approver == nil || version.approver == version.author {
                    faults.append("\(answer.id): version \(version.version) has no second person")
                }
                for text in texts[answer.id] ?? [] {
                    let stands = versions.first { $0.language == text.language && $0.version == text.version }
                    if stands?.body != text.body { faults.append("\(answer.id): a text nobody approved stands in \(text.language)") }
                    if text.version > 1, stands?.reason.isEmpty ?? true { faults.append("\(answer.id): corrected without a reason") }
                }
            }
            return faults
        }
    }
}
