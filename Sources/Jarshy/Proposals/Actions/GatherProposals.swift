import JarshyKit
import Storage

/// Gathers near-identical proposals, each with those it serves, under one: all get one decision, and it is counted how many
/// sent it. A person does this, having read them. Needs `routeQuestions` over every one. Nobody sees another's words by it.
struct GatherProposals: Action {
    let target: ProposalID
    let proposals: [ProposalID]

    static let most = 200

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> [GatheringID] {
        let deed = try ProposalDeed(target, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        guard deed.proposal.isHead else {
            throw Problem.conflict("proposal-gathered", "The proposal is gathered under another; work on that one.")
        }
        guard !proposals.isEmpty else {
            throw Problem.invalid([Problem.Fault("proposals", "missing", "Choose at least one.")])
        }
        guard proposals.count <= Self.most else { throw Problem.invalid([.bounds("proposals", 1, Int64(Self.most))]) }
        let others = try Set(proposals).sorted().map { try deed.scope.find($0, in: db) }
        for other in others { try check(other, deed) }
        let ids = try others.map { other in
            let moved = try db.all(ProposalID.self, "SELECT id FROM proposal WHERE head = \(other.id)")
            let id = try Gathering.gather(
                moved, of: other.id, to: target, counting: other.senders, by: actor.person, at: now, in: db)
            try Gathering.arrived(moved, under: deed.proposal, at: now, in: db)
            return id
        }
        try db.run("UPDATE proposal SET near = NULL WHERE id = \(target)")
        try ProposalIndex.update(others.map(\.id) + [target], in: db)
        try deed.record("gather", "count=\(others.count)")
        return ids
    }

    private func check(_ other: Proposal, _ deed: ProposalDeed) throws {
        try deed.scope.actor.require(.routeQuestions, over: other.unit, in: deed.scope.tree, on: deed.scope.today)
        guard other.isHead, other.id != target else {
            throw Problem.conflict("proposal-same", "One of these is gathered already.")
        }
        guard other.campaign == deed.proposal.campaign else {
            throw Problem.conflict("proposal-campaign", "Proposals of two campaigns are not gathered.")
        }
        guard other.state == .new else {
            throw Problem.conflict(
                "proposal-state", "Only a proposal nobody has taken up is gathered under another.",
                slots: ["state": other.state.rawValue])
        }
        guard try Gathering.isHeard(try ProposalRows.languages(of: other.id, in: deed.db), under: target, in: deed.db) else {
            throw Problem.conflict(
                "proposal-language", "The reasons given so far are not in this sender's language; decide it by itself.")
        }
    }
}

/// A person has read two groups the server thought near-identical, and finds that they differ. Needs `routeQuestions`.
struct TellProposalsApart: Action {
    let proposal: ProposalID
    let other: ProposalID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try ProposalDeed(proposal, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        let found = try deed.scope.find(other, in: db)
        guard found.id != proposal else { throw Problem.notFound("proposal") }
        let (one, two) = (min(proposal, other), max(proposal, other))
        try db.run(
            """
            INSERT INTO proposal_unlike (one, other, at, made_by) VALUES (\(one), \(two), \(now), \(actor.person))
            ON CONFLICT (one, other) DO NOTHING
            """)
        try db.run(
            """
            UPDATE proposal SET near = NULL
            WHERE (id = \(proposal) AND near = \(other)) OR (id = \(other) AND near = \(proposal))
            """)
        try deed.record("differ", "other=\(other)")
    }
}

/// Undoes a gathering: what it moved and still stands where it put it goes back to the proposal it belonged to.
struct UndoGathering: Action {
    let gathering: GatheringID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try db.first(
            ProposalID.self, "SELECT proposal FROM proposal_join WHERE id = \(gathering) AND undone_at IS NULL")
        guard let proposal = found else { throw Problem.notFound("gathering") }
        let deed = try ProposalDeed(proposal, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        // Where its proposal stands now is where the gathering's proposals are, whatever was gathered on top since.
        let from = deed.proposal.head
        guard from != proposal else { throw Problem.conflict("proposal-apart", "The proposal stands alone already.") }
        let back = try db.all(
            ProposalID.self,
            """
            SELECT p.id FROM proposal_join_member m JOIN proposal p ON p.id = m.proposal
            WHERE m.joining = \(gathering) AND p.head = \(from)
            """)
        try Gathering.move(back, from: from, to: proposal, counting: Int64(back.count), at: now, in: db)
        try db.run("UPDATE proposal_join SET undone_at = \(now), undone_by = \(actor.person) WHERE id = \(gathering)")
        try ProposalIndex.update([proposal, from], in: db)
        try deed.record("part", "from=\(from)")
    }
}

/// Takes one proposal out of its group: it stands alone again, in the state it had.
struct PartProposal: Action {
    let proposal: ProposalID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try ProposalDeed(proposal, by: actor, at: now, in: db)
        try deed.require(.routeQuestions)
        guard !deed.proposal.isHead else {
            throw Problem.conflict("proposal-apart", "The proposal stands alone already.")
        }
        let from = deed.proposal.head
        try Gathering.move([proposal], from: from, to: proposal, counting: 1, at: now, in: db)
        try db.run(
            """
            UPDATE proposal_join SET undone_at = \(now), undone_by = \(actor.person)
            WHERE proposal = \(proposal) AND undone_at IS NULL
            """)
        try ProposalIndex.update([proposal, from], in: db)
        try deed.record("part", "from=\(from)")
    }
}
