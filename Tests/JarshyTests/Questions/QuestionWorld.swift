import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// `TestSite` with a desk, two topics and an expert: what questions need.
struct QuestionWorld: Sendable {
    let site: TestSite
    let expert: PersonID
    let secretary: PersonID
    let moderator: PersonID
    let activist: PersonID

    var database: Database { site.database }
    var now: Instant { site.clock.now }
    var today: Day { Zone.kazakhstan.day(at: now) }

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (QuestionWorld) async throws -> Void) async throws {
        try await TestSite.run(dialect) { site in
            let world = QuestionWorld(
                site: site, expert: try await site.person("expert", role: "expert", unit: "R1"),
                secretary: try await site.person("secretary", role: "secretary", unit: "R1"),
                moderator: try await site.person("moderator", role: "moderator", unit: "R1"),
                activist: try await site.person("activist", role: "activist", unit: "D11"))
            let now = site.clock.now
            try await site.database.write { db in
                try SetDesk(campaign: "test", organization: "north", answerDays: 3, contactDays: 90)
                    .perform(by: .operator, at: now, in: db)
                try QuestionWorld.imprint("north").perform(by: .operator, at: now, in: db)
                for code in ["where", "local"] {
                    try SaveTopic(campaign: "test", code: code, names: Trio(kk: code, ru: code, en: code))
                        .perform(by: .operator, at: now, in: db)
                }
                try AddExpert(campaign: "test", topic: "where", login: "expert", unit: "R1", languages: [.kk, .ru])
                    .perform(by: .operator, at: now, in: db)
            }
            try await body(world)
        }
    }

    /// A document with its day: what an answer may rest on.
    static let rule = NamedSource.lines("Ереже, 1-тармақ | https://example.kz/1 | 12.01.2026")

    static func imprint(_ organization: String) -> SetImprint {
        SetImprint(
            campaign: "test", organization: organization, orderer: "Штаб", payer: "Қор", responsible: "Айгүл Сейітова",
            address: "north@example.kz")
    }

    func belong(_ person: PersonID, to organization: Int64) async throws {
        _ = try await database.run(
            AddAffiliation(person: person, organization: OrganizationNo(organization), post: "x"), by: .operator, at: now)
    }

    func actor(_ person: PersonID) async throws -> Actor { try await site.actor(person) }

    /// An operation `question.ask` as a phone writes it.
    static func ask(
        _ n: UInt64, _ text: String, unit: String = "P111", language: String = "kk", reply: String = "none",
        way: String = "door", _ more: [Json.Member] = []
    ) -> Operation {
        Ops.op(
            [
                .init("op", .text(Ops.id(n))), .init("kind", .text("question.ask")), .init("campaign", .text("test")),
                .init("unit", .text(unit)), .init("way", .text(way)), .init("language", .text(language)),
                .init("text", .text(text)), .init("reply", .text(reply)),
            ] + more)
    }

    static func id(_ n: UInt64) -> QuestionID { QuestionID(Ops.id(n))! }

    @discardableResult
    func submit(_ operation: Operation, by person: PersonID) async throws -> Outcome {
        try await site.app.intake.submit([operation], by: try await actor(person), at: now)[0]
    }

    /// A question that stands, taken down by the activist.
    @discardableResult
    func question(_ n: UInt64, _ text: String? = nil, language: String = "kk", _ more: [Json.Member] = []) async throws -> QuestionID {
        let outcome = try await submit(
            QuestionWorld.ask(n, text ?? "Сұрақ \(n)", language: language, reply: "activist", more), by: activist)
        guard outcome.status == .accepted else { throw StorageError.other(outcome.receipt) }
        return QuestionWorld.id(n)
    }

    func find(_ id: QuestionID) async throws -> Question {
        try await database.read { db in try db.first(Question.self, where: "FROM question q WHERE q.id = \(id)") }!
    }

    func run<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> Deed.Result {
        try await database.run(deed, by: try await actor(person), at: now)
    }

    /// The slug of the problem a deed is refused with.
    func refusal<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> String? {
        do {
            _ = try await run(deed, by: person)
            return nil
        } catch let problem as Problem {
            return problem.slug
        }
    }

    /// What must hold of every group, whatever was done: the faults found.
    func faults() async throws -> [String] {
        let all = try await database.read { db in try db.all(Question.self, where: "FROM question q") }
        let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        var served: [QuestionID: Int64] = [:]
        for question in all where !question.prepared { served[question.head, default: 0] += 1 }
        return all.compactMap { question in
            if byID[question.head]?.head != question.head { return "\(question.id): the head of its head is another" }
            if question.asked != served[question.id] ?? 0 { return "\(question.id): asked \(question.asked), serves \(served[question.id] ?? 0)" }
            return nil
        }
    }
}
