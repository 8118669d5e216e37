import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Random work on proposals against a plain model: what is gathered, undone, decided, objected to.
@Suite("Proposal properties")
struct ProposalPropertyTests {
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 6))

    @Test("states follow the table, and every state can be left")
    func states() {
        for state in Proposal.State.allCases {
            #expect(Proposal.Step.allCases.contains { Proposal.state(after: $0, from: state) != nil }, "\(state) leads nowhere")
        }
        for step in Proposal.Step.allCases {
            for state in Proposal.State.allCases {
                let next = Proposal.state(after: step, from: state)
                // Nothing is decided but what was taken up, nothing is public again without a person.
                if next == .accepted || next == .declined { #expect(state == .considered) }
                if next == .notPublished { #expect(step == .hide && state != .accepted && state != .declined) }
                if state == .notPublished, let next { #expect(next == .new && step == .restore) }
            }
        }
    }

    @Test("any history keeps groups, reasons and tasks right, and everybody's own words", arguments: Dialect.allCases)
    func history(_ dialect: Dialect) async throws {
        for seed in Self.seeds { try await ProposalHistory(seed: seed).run(dialect) }
    }
}

private struct ProposalHistory: Sendable {
    let seed: UInt64
    static let proposals = 9
    static let steps = 70

    private struct Model {
        var head: [Int]
        var state: [Proposal.State]
        var gatherings: [(id: GatheringID, proposal: Int, moved: [Int], undone: Bool)] = []

        func members(_ head: Int) -> [Int] { self.head.indices.filter { self.head[$0] == head } }
    }

    func run(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            var random = Seeded(seed)
            var model = Model(head: Array(0..<Self.proposals), state: Array(repeating: .new, count: Self.proposals))
            for index in 0..<Self.proposals { try await world.proposal(UInt64(index + 1)) }
            for step in 0..<Self.steps {
                let (a, b) = (Int(random.next() % 9), Int(random.next() % 9))
                try await act(Int(random.next() % 8), a, b, &model, &random, world, "seed \(seed) step \(step)")
                world.site.clock.advance(seconds: 1)
                #expect(try await world.faults() == [], "seed \(seed) step \(step)")
                for index in 0..<Self.proposals {
                    let proposal = try await world.find(id(index))
                    #expect(proposal.head == id(model.head[index]), "seed \(seed) step \(step): \(index)")
                    #expect(proposal.state == model.state[index], "seed \(seed) step \(step): \(index)")
                    #expect(proposal.body == ProposalWorld.text(UInt64(index + 1)), "seed \(seed) step \(step)")
                }
            }
        }
    }

    private func id(_ index: Int) -> ProposalID { ProposalWorld.id(UInt64(index + 1)) }

    private func act(
        _ deed: Int, _ a: Int, _ b: Int, _ model: inout Model, _ random: inout Seeded, _ world: ProposalWorld, _ mark: String
    ) async throws {
        switch deed {
        case 0, 1, 2:
            let refused = try await world.refusal(GatherProposals(target: id(b), proposals: [id(a)]), by: world.secretary)
            let allowed = model.head[a] == a && model.head[b] == b && a != b && model.state[a] == .new
            #expect((refused == nil) == allowed, "\(mark): \(refused ?? "done")")
            guard refused == nil else { return }
            let gathering = try await world.database.read { [own = id(a)] db in
                try db.first(GatheringID.self, "SELECT id FROM proposal_join WHERE proposal = \(own) ORDER BY at DESC, id DESC LIMIT 1")
            }!
            let moved = model.members(a)
            for member in moved { model.head[member] = b }
            model.gatherings.append((gathering, a, moved, false))
        case 3:
            guard !model.gatherings.isEmpty else { return }
            let at = Int(random.next() % UInt64(model.gatherings.count))
            let gathering = model.gatherings[at]
            let refused = try await world.refusal(UndoGathering(gathering: gathering.id), by: world.secretary)
            let from = model.head[gathering.proposal]
            #expect((refused == nil) == (!gathering.undone && from != gathering.proposal), "\(mark): \(refused ?? "done")")
            guard refused == nil else { return }
            for member in gathering.moved where model.head[member] == from { model.head[member] = gathering.proposal }
            model.gatherings[at].undone = true
        case 4:
            let refused = try await world.refusal(PartProposal(proposal: id(a)), by: world.secretary)
            #expect((refused == nil) == (model.head[a] != a), "\(mark): \(refused ?? "done")")
            guard refused == nil else { return }
            model.head[a] = a
            for at in model.gatherings.indices where model.gatherings[at].proposal == a { model.gatherings[at].undone = true }
        case 5:
            let hides = random.next().isMultiple(of: 2)
            let refused = hides
                ? try await world.refusal(HideProposal(proposal: id(a), reason: "unclear"), by: world.secretary)
                : try await world.refusal(RestoreProposal(proposal: id(a)), by: world.secretary)
            expect(refused, hides ? .hide : .restore, a, &model, mark)
        default:
            let decisions: [DecideProposal.Decision] = [.consider(title: "Ашық мазмұны"), world.task(), .decline, .reopen]
            let decision = decisions[Int(random.next() % 4)]
            expect(try await world.refusal(world.decide(id(a), decision), by: world.secretary), decision.step, a, &model, mark)
        }
    }

    private func expect(_ refused: String?, _ step: Proposal.Step, _ at: Int, _ model: inout Model, _ mark: String) {
        let next = model.head[at] == at ? Proposal.state(after: step, from: model.state[at]) : nil
        #expect((refused == nil) == (next != nil), "\(mark): \(step) \(refused ?? "done")")
        if refused == nil, let next { model.state[at] = next }
    }
}
