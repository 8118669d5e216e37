import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// `QuestionWorld` with what proposals need.
struct ProposalWorld: Sendable {
    let questions: QuestionWorld

    var site: TestSite { questions.site }
    var database: Database { site.database }
    var now: Instant { site.clock.now }
    var today: Day { Zone.kazakhstan.day(at: now) }
    var secretary: PersonID { questions.secretary }
    var activist: PersonID { questions.activist }

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (ProposalWorld) async throws -> Void) async throws {
        try await QuestionWorld.run(dialect) { try await body(ProposalWorld(questions: $0)) }
    }

    static func id(_ n: UInt64) -> ProposalID { ProposalID(Ops.id(n))! }

    /// An operation `proposal.make` as a phone writes it.
    static func make(
        _ n: UInt64, _ text: String, unit: String = "P111", language: String = "kk", reply: String = "activist",
        way: String = "event", _ more: [Json.Member] = []
    ) -> Operation {
        Ops.op(
            [
                .init("op", .text(Ops.id(n))), .init("kind", .text("proposal.make")), .init("campaign", .text("test")),
                .init("unit", .text(unit)), .init("way", .text(way)), .init("language", .text(language)),
                .init("text", .text(text)), .init("reply", .text(reply)),
            ] + more)
    }

    @discardableResult
    func submit(_ operation: Operation, by person: PersonID) async throws -> Outcome {
        try await questions.submit(operation, by: person)
    }

    /// A proposal that stands, taken down by the activist at a meeting.
    @discardableResult
    func proposal(_ n: UInt64, _ text: String? = nil, language: String = "kk") async throws -> ProposalID {
        let outcome = try await submit(ProposalWorld.make(n, text ?? ProposalWorld.text(n), language: language), by: activist)
        guard outcome.status == .accepted else { throw StorageError.other(outcome.receipt) }
        return ProposalWorld.id(n)
    }

    /// Texts that no two of are alike.
    static func text(_ n: UInt64) -> String {
        let words = [
            "көше шамы", "балабақша", "автобус аялдамасы", "спорт алаңы", "кітапхана", "су құбыры", "ағаш отырғызу", "базар",
            "дәріхана", "мектеп ауласы", "көпір", "саябақ орындығы",
        ]
        return "\(words[Int(n) % words.count]) \(words[Int(n / 3 + 5) % words.count]) жөніндегі № \(n)"
    }

    func find(_ id: ProposalID) async throws -> Proposal {
        try await database.read { db in try ProposalRows.find(id, in: db) }!
    }

    func run<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> Deed.Result {
        try await questions.run(deed, by: person)
    }

    func refusal<Deed: Action>(_ deed: Deed, by person: PersonID) async throws -> String? {
        try await questions.refusal(deed, by: person)
    }

    func decide(
        _ id: ProposalID, _ decision: DecideProposal.Decision, _ reasons: [Language: String] = [.kk: "Себебі осы"]
    ) -> DecideProposal {
        DecideProposal(proposal: id, decision: decision, reasons: Reasons(reasons))
    }

    func task(_ unit: String = "D11", in days: Int = 10) -> DecideProposal.Decision {
        .accept(NewProposalTask(kind: .task, title: "Шам орнату", unit: unit, due: today.advanced(by: days)))
    }

    /// What must hold of every proposal, whatever was done: the faults found.
    func faults() async throws -> [String] {
        try await database.read { db in
            let all = try db.all(Proposal.self, where: "FROM proposal p")
            let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
            var served: [ProposalID: Int64] = [:]
            var spoken: [ProposalID: Set<Language>] = [:]
            for proposal in all {
                served[proposal.head, default: 0] += 1
                spoken[proposal.head, default: []].insert(proposal.language)
            }
            var faults: [String] = []
            for proposal in all {
                if byID[proposal.head]?.head != proposal.head { faults.append("\(proposal.id): the head of its head is another") }
                if proposal.senders != served[proposal.id] ?? 0 {
                    faults.append("\(proposal.id): senders \(proposal.senders), serves \(served[proposal.id] ?? 0)")
                }
                let steps = try ProposalRows.steps(of: proposal.id, in: db)
                if proposal.state.isPublic, proposal.title.isEmpty { faults.append("\(proposal.id): public without a wording") }
                if proposal.state.isPublic, steps.isEmpty { faults.append("\(proposal.id): decided by nobody") }
                for step in steps where proposal.isHead {
                    for language in spoken[proposal.id] ?? [] where step.reasons[language].isEmpty {
                        faults.append("\(proposal.id): no reason in \(language)")
                    }
                }
                let standing = try ProposalRows.tasks(of: proposal.id, in: db).count { !$0.hasEnded }
                if standing != (proposal.state == .accepted ? 1 : 0) { faults.append("\(proposal.id): \(standing) tasks stand") }
            }
            return faults
        }
    }
}
