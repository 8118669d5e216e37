import JarshyKit
import Storage

/// Every SELECT of lists of proposals. Lists hold heads only.
enum ProposalRows {
    static let pageSize = 30

    static func find(_ ids: [ProposalID], in db: any Reading) throws -> [Proposal] {
        var found: [Proposal] = []
        for chunk in Padded.chunks(ids.sorted()) {
            found += try db.all(Proposal.self, where: "FROM proposal p WHERE p.id IN \(chunk)")
        }
        return found
    }

    static func find(_ id: ProposalID, in db: any Reading) throws -> Proposal? {
        try db.first(Proposal.self, where: "FROM proposal p WHERE p.id = \(id)")
    }

    /// What anybody may read of, what was decided or taken up last first.
    static func shown(
        _ campaign: CampaignNo, state: Proposal.State?, offset: Int, in db: any Reading
    ) throws -> [Proposal] {
        var condition: SQL = "FROM proposal p WHERE p.campaign = \(campaign) AND p.head = p.id"
        condition += " AND p.state IN \(state.map { [$0] } ?? Proposal.State.shown)"
        return try db.all(
            Proposal.self,
            where: condition + " ORDER BY p.changed_at DESC, p.id LIMIT \(pageSize + 1) OFFSET \(offset)")
    }

    /// How many proposals are public, and how many people sent them: two numbers, never one.
    static func count(_ campaign: CampaignNo, in db: any Reading) throws -> (proposals: Int, senders: Int64) {
        let row = try db.first(
            """
            SELECT count(*), coalesce(sum(senders), 0) FROM proposal
            WHERE campaign = \(campaign) AND head = id AND state IN \(Proposal.State.shown)
            """
        ) { row in (try row.next(Int.self), try row.next(Int64.self)) }
        return (row?.0 ?? 0, row?.1 ?? 0)
    }

    struct Filter: Sendable {
        enum Show: String, CaseIterable, Sendable {
            case open, late, near, objected, decided, hidden, all
        }

        let show: Show
        let unit: UnitNo?

        init(_ query: Fields, tree: Tree) {
            show = Show(rawValue: query.text("show")) ?? .open
            unit = query.code("unit").flatMap { tree.find($0)?.no }
        }
    }

    /// The staff's queue: who has waited longest stands on top.
    static func queue(
        _ filter: Filter, _ scope: ProposalScope, _ campaign: CampaignNo, offset: Int, in db: any Reading
    ) throws -> [Proposal] {
        try db.all(
            Proposal.self,
            where: condition(filter, scope, campaign)
                + " ORDER BY p.made_at, p.id LIMIT \(pageSize + 1) OFFSET \(offset)")
    }

    static func count(
        _ filter: Filter, _ scope: ProposalScope, _ campaign: CampaignNo, in db: any Reading
    ) throws -> (proposals: Int, senders: Int64) {
        let row = try db.first("SELECT count(*), coalesce(sum(p.senders), 0) " + condition(filter, scope, campaign)) { row in
            (try row.next(Int.self), try row.next(Int64.self))
        }
        return (row?.0 ?? 0, row?.1 ?? 0)
    }

    private static func condition(_ filter: Filter, _ scope: ProposalScope, _ campaign: CampaignNo) -> SQL {
        var parts: [SQL] = ["p.campaign = \(campaign)", "p.head = p.id", scoped(scope)]
        switch filter.show {
        case .open: parts.append("p.state IN \(Proposal.State.open)")
        case .late: parts.append("p.state = 'new' AND p.due_day < \(scope.today)")
        case .near: parts.append("p.near IS NOT NULL AND p.state IN \(Proposal.State.open)")
        case .objected: parts.append("p.objected_at IS NOT NULL AND p.state = 'considered'")
        case .decided: parts.append("p.state IN \([Proposal.State.accepted, .declined])")
        case .hidden: parts.append("p.state = \(Proposal.State.notPublished)")
        case .all: break
        }
        if let unit = filter.unit { parts.append(below([unit], scope.tree)) }
        return "FROM proposal p WHERE " + SQL.joined(parts, " AND ")
    }

    private static func scoped(_ scope: ProposalScope) -> SQL {
        guard let homes = scope.homes else { return "1 = 1" }
        if homes.isEmpty { return "p.author = \(scope.actor.person)" }
        return "(p.author = \(scope.actor.person) OR \(below(homes, scope.tree)))"
    }

    private static func below(_ units: [UnitNo], _ tree: Tree) -> SQL {
        if let root = tree.root, units.contains(root) { return "1 = 1" }
        let all = Set(units.flatMap { tree.subtree(of: $0) }).sorted()
        return "(" + SQL.joined(Padded.chunks(all).map { chunk -> SQL in "p.unit IN \(chunk)" }, " OR ") + ")"
    }
}

extension ProposalRows {
    /// A group: the earliest first; the head itself too.
    static func members(of head: ProposalID, limit: Int, in db: any Reading) throws -> [Proposal] {
        try db.all(
            Proposal.self, where: "FROM proposal p WHERE p.head = \(head) ORDER BY p.made_at, p.id LIMIT \(limit)")
    }

    /// The languages of everybody a head stands for: a reason is given in each.
    static func languages(of head: ProposalID, in db: any Reading) throws -> Set<Language> {
        Set(try db.all("SELECT DISTINCT language FROM proposal WHERE head = \(head)") { row in try row.next(Language.self) })
    }

    static func steps(of proposal: ProposalID, in db: any Reading) throws -> [ProposalStep] {
        try db.all(
            """
            SELECT at, kind, language, reason_kk, reason_ru, reason_en, organization FROM proposal_step
            WHERE proposal = \(proposal) ORDER BY at, id
            """
        ) { row in
            let at = try row.next(Instant.self)
            let kind = Proposal.Step(rawValue: try row.next(String.self)) ?? .consider
            let language = try row.next(Language.self)
            let texts = [try row.next(String.self), try row.next(String.self), try row.next(String.self)]
            return ProposalStep(
                at: at, kind: kind, language: language,
                reasons: Reasons(Dictionary(uniqueKeysWithValues: zip([Language.kk, .ru, .en], texts))),
                organization: try row.next())
        }
    }

    /// The task of an accepted proposal, and those of acceptances that were taken back; the latest first.
    static func tasks(of proposal: ProposalID, in db: any Reading) throws -> [ProposalTask] {
        try db.all(
            """
            SELECT kind, title, unit, due_day, ended_at FROM proposal_task WHERE proposal = \(proposal)
            ORDER BY made_at DESC, id DESC
            """
        ) { row in
            ProposalTask(
                kind: try row.next(), title: try row.next(), unit: try row.next(), due: try row.next(),
                hasEnded: try row.next(Instant?.self) != nil)
        }
    }

    struct Gathered: Sendable {
        let id: GatheringID
        let proposal: ProposalID
        let at: Instant
        let by: PersonID?
        let moved: Int64
    }

    /// Gatherings that brought proposals to this head and can be undone, the latest first.
    static func gatherings(to head: ProposalID, limit: Int, in db: any Reading) throws -> [Gathered] {
        try db.all(
            """
            SELECT j.id, j.proposal, j.at, j.made_by,
                (SELECT count(*) FROM proposal_join_member m WHERE m.joining = j.id)
            FROM proposal_join j JOIN proposal p ON p.id = j.proposal
            WHERE j.undone_at IS NULL AND p.head = \(head) ORDER BY j.at DESC, j.id LIMIT \(limit)
            """
        ) { row in
            Gathered(
                id: try row.next(), proposal: try row.next(), at: try row.next(), by: try row.next(), moved: try row.next())
        }
    }

    /// What happened to a proposal, the latest first: its lines of the feed.
    static func deeds(on proposal: ProposalID, limit: Int, in db: any Reading) throws -> [QuestionRows.Deed] {
        try db.all(
            """
            SELECT at, actor, verb FROM feed WHERE subject = 'proposal' AND subject_id = \(proposal.description)
            ORDER BY at DESC, id DESC LIMIT \(limit)
            """
        ) { row in QuestionRows.Deed(at: try row.next(), actor: try row.next(), verb: try row.next()) }
    }
}
