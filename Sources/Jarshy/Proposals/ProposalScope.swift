import JarshyKit
import Storage

/// Which proposals somebody may see as staff: those of units where a right to work on them is held, and those the person took
/// down. Anything else is 404.
struct ProposalScope {
    let actor: Actor
    let tree: Tree
    let today: Day

    static let working: [Right] = [.routeQuestions, .moderateQuestions, .decideProposals]

    init(_ actor: Actor, at now: Instant, in db: any Reading) throws {
        self.actor = actor
        tree = try Tree.current(in: db)
        today = Zone.kazakhstan.day(at: now)
    }

    func sees(_ proposal: Proposal) -> Bool {
        proposal.author == actor.person || Self.working.contains { holds($0, over: proposal) }
    }

    /// - Throws: 404 outside the scope; the two look alike.
    func find(_ id: ProposalID?, in db: any Reading) throws -> Proposal {
        guard let id, let proposal = try db.first(Proposal.self, where: "FROM proposal p WHERE p.id = \(id)"),
            sees(proposal)
        else { throw Problem.notFound("proposal") }
        return proposal
    }

    func holds(_ right: Right, over proposal: Proposal) -> Bool {
        actor.holds(right, over: proposal.unit, in: tree, on: today)
    }

    /// Units below which a right to work on proposals is held; nil for the operator, who sees all.
    var homes: [UnitNo]? {
        if actor.kind == .operator { return nil }
        let held = actor.grants.filter { grant in
            grant.holds(on: today) && Self.working.contains { right in
                grant.rights.contains(right) && actor.allowed?.contains(right) ?? true
            }
        }
        return Set(held.map(\.unit)).sorted()
    }
}

/// What the deeds of the staff share: the proposal within the scope, its line in the feed.
struct ProposalDeed {
    let proposal: Proposal
    let scope: ProposalScope
    let db: any Writing
    let now: Instant

    init(_ id: ProposalID, by actor: Actor, at now: Instant, in db: any Writing) throws {
        scope = try ProposalScope(actor, at: now, in: db)
        proposal = try scope.find(id, in: db)
        self.db = db
        self.now = now
    }

    func require(_ right: Right) throws {
        try scope.actor.require(right, over: proposal.unit, in: scope.tree, on: scope.today)
    }

    func record(_ verb: String, _ detail: String = "") throws {
        try Feed.record(
            FeedLine(verb, "proposal", proposal.id, unit: proposal.unit, detail: detail), by: scope.actor, at: now, in: db)
    }
}
