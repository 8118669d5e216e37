import JarshyKit
import Storage

@testable import Jarshy

/// `QuestionWorld` with a library: its expert keeps it for one organisation, a press officer of another is the second person.
struct FactWorld: Sendable {
    let questions: QuestionWorld
    let keeper: PersonID
    let second: PersonID

    var site: TestSite { questions.site }
    var database: Database { site.database }

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (FactWorld) async throws -> Void) async throws {
        try await QuestionWorld.run(dialect) { questions in
            let second = try await questions.site.person("second", role: "press_officer", unit: "KZ")
            try await questions.belong(questions.expert, to: 1)
            try await questions.belong(second, to: 2)
            try await body(FactWorld(questions: questions, keeper: questions.expert, second: second))
        }
    }

    static func text(_ statement: String = "Дауыс беру учаскеде өтеді.", itemClass: Release.ItemClass = .information) -> SourceText {
        SourceText(
            title: "Сайлау туралы ереже", section: "3-бап", url: "https://example.kz/rule", statement: statement, issued: nil,
            itemClass: itemClass)
    }

    static func said(_ kk: String, itemClass: Release.ItemClass = .information) -> FactText {
        FactText(statements: [.kk: kk], itemClass: itemClass)
    }

    func run<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> Deed.Result {
        try await questions.run(deed, by: person)
    }

    func refusal<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> String? {
        try await questions.refusal(deed, by: person)
    }

    /// A source in the library, confirmed unless said otherwise.
    func source(confirmed: Bool = true) async throws -> SourceID {
        let id = try await run(AddSource(campaign: "test", text: FactWorld.text()), by: keeper)
        if confirmed { try await run(ConfirmSource(source: id, version: 1, itemClass: .information), by: second) }
        return id
    }

    func fact(of source: SourceID, _ said: String = "Учаске таңғы жетіде ашылады.", confirmed: Bool = true) async throws -> FactID {
        let id = try await run(AddFact(source: source, text: FactWorld.said(said)), by: keeper)
        if confirmed { try await run(ConfirmFact(fact: id, version: 1, itemClass: .information), by: second) }
        return id
    }

    /// A new version of a source, not confirmed yet.
    func change(_ source: SourceID, to statement: String = "Дауыс беру мектепте өтеді.") async throws {
        try await run(ChangeSource(source: source, text: FactWorld.text(statement), reason: "Ереже өзгерді"), by: keeper)
    }

    /// A published answer that rests on these lines.
    func answer(_ n: UInt64, citing lines: [String]) async throws -> AnswerID {
        let question = try await questions.question(n, "Қайда дауыс беремін? \(n)", [.init("topic", .text("where"))])
        let answer = try await run(
            WriteAnswer(
                question: question, title: "Қайда дауыс береді? \(n)", body: "Учаскеде.",
                sources: NamedSource.lines(lines.joined(separator: "\n"))), by: keeper)
        try await run(ApproveAnswer(answer: answer, language: .kk), by: questions.secretary)
        return answer
    }
}
