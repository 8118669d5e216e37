import JarshyKit
import Storage

/// One proposal as the staff work on it: the senders' words, what says almost the same, and every deed open to the reader.
enum ProposalWork {
    enum Deed: String, CaseIterable, Sendable {
        case consider, accept, decline, reopen, gather, differ, undo, part, hide, restore, contact
    }

    static func routes(_ site: inout Routes) {
        site.get("/proposals/{id}/work", .signedIn) { visit in try await page(visit) }
        for deed in Deed.allCases {
            site.post("/proposals/{id}/\(deed.rawValue)", .signedIn) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private static func page(
        _ visit: Visit, refused: (Deed, Problem)? = nil, contact: String? = nil
    ) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, ProposalID(visit.parameter("id")))
        let view = try await visit.read { db in try ProposalView(id, actor: actor, now: now, in: db) }
        let page = ProposalWorkPage(view, refused: refused, contact: contact, visit: visit)
        let head = PageHead(page.heading, section: "proposals", campaign: view.campaign.names[visit.language])
        let reply = Reply.page("proposal_work", page, head)
        return contact == nil ? reply : reply.header("cache-control", "no-store")
    }

    private static func perform(_ deed: Deed, _ visit: Visit) async throws -> Reply {
        guard let id = ProposalID(visit.parameter("id")) else { throw Problem.notFound("proposal") }
        let form = visit.form
        switch deed {
        case .consider: try await decide(id, .consider(title: form.text("title")), visit)
        case .accept: try await decide(id, .accept(try task(form)), visit)
        case .decline: try await decide(id, .decline, visit)
        case .reopen: try await decide(id, .reopen, visit)
        case .gather:
            _ = try await visit.run(GatherProposals(target: id, proposals: form.all("proposal").compactMap { ProposalID($0) }))
        case .differ:
            guard let other = ProposalID(form.text("other")) else { throw Problem.notFound("proposal") }
            try await visit.run(TellProposalsApart(proposal: id, other: other))
        case .undo:
            guard let gathering = GatheringID(form.text("gathering")) else { throw Problem.notFound("gathering") }
            try await visit.run(UndoGathering(gathering: gathering))
        case .part: try await visit.run(PartProposal(proposal: id))
        case .hide: try await visit.run(HideProposal(proposal: id, reason: form.text("reason")))
        case .restore: try await visit.run(RestoreProposal(proposal: id))
        case .contact: return try await page(visit, contact: try await visit.run(ReadSender(proposal: id)))
        }
        return .redirect("/proposals/\(id)/work", flash: .init(kind: .done, text: visit.words("proposal.done.\(deed.rawValue)")))
    }

    private static func decide(_ id: ProposalID, _ decision: DecideProposal.Decision, _ visit: Visit) async throws {
        let texts = Language.allCases.map { ($0, visit.form.text("reason_\($0.rawValue)")) }
        try await visit.run(
            DecideProposal(
                proposal: id, decision: decision, reasons: Reasons(Dictionary(uniqueKeysWithValues: texts))))
    }

    private static func task(_ form: Fields) throws -> NewProposalTask {
        var faults: [Problem.Fault] = []
        let kind = ProposalTask.Kind(rawValue: form.text("kind"))
        if kind == nil { faults.append(.unknown("kind", form.text("kind"))) }
        let due = Day(form.text("due"))
        if due == nil { faults.append(Problem.Fault("due", "missing", "'due' is a day, as YYYY-MM-DD.")) }
        guard let kind, let due else { throw Problem.invalid(faults) }
        return NewProposalTask(kind: kind, title: form.text("task"), unit: form.text("unit"), due: due)
    }
}

/// What the page needs, read with a fixed number of statements.
struct ProposalView: Sendable {
    let proposal: Proposal
    let head: Proposal
    let campaign: Campaign
    let members: [Proposal]
    let languages: Set<Language>
    let near: [NearProposals.Found]
    let gatherings: [ProposalRows.Gathered]
    let steps: [ProposalStep]
    let tasks: [ProposalTask]
    let objection: String?
    let deeds: [QuestionRows.Deed]
    let names: [PersonID: String]
    let organizations: [OrganizationNo: Trio]
    let tree: Tree
    let today: Day
    let rights: Set<Right>
    let mayReadContact: Bool

    static let mostMembers = 50

    init(_ id: ProposalID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try ProposalScope(actor, at: now, in: db)
        let proposal = try scope.find(id, in: db)
        self.proposal = proposal
        (tree, today) = (scope.tree, scope.today)
        guard let campaign = try Campaigns.current(in: db).find(proposal.campaign) else { throw Problem.notFound("campaign") }
        self.campaign = campaign
        head = proposal.isHead ? proposal : try ProposalRows.find(proposal.head, in: db) ?? proposal
        let held = Set(
            [Right.takeQuestions, .routeQuestions, .moderateQuestions, .decideProposals].filter {
                scope.holds($0, over: proposal)
            })
        rights = held
        let works = ProposalScope.working.contains(where: held.contains)
        // Others' words are for those who work on proposals here, not for whoever took one of them down.
        let all = proposal.isHead && works
            ? try ProposalRows.members(of: proposal.id, limit: Self.mostMembers, in: db) : []
        members = all.filter { $0.id != proposal.id && scope.sees($0) }
        languages = try ProposalRows.languages(of: proposal.id, in: db).union([proposal.language])
        let routes = rights.contains(.routeQuestions)
        near = proposal.isHead && proposal.state.isOpen && routes
            ? try NearProposals.of(proposal, limit: Self.mostMembers, in: db).filter { scope.sees($0.proposal) } : []
        gatherings = proposal.isHead && routes
            ? try ProposalRows.gatherings(to: proposal.id, limit: Self.mostMembers, in: db) : []
        steps = try ProposalRows.steps(of: head.id, in: db)
        tasks = try ProposalRows.tasks(of: head.id, in: db)
        objection = works
            ? try db.first(
                String.self,
                """
                SELECT o.body FROM proposal_objection o JOIN proposal p ON p.id = o.proposal WHERE p.head = \(head.id)
                ORDER BY o.at LIMIT 1
                """) : nil
        deeds = try ProposalRows.deeds(on: proposal.id, limit: 30, in: db)
        let organization = try db.first(
            OrganizationNo.self, "SELECT organization FROM proposal_contact WHERE proposal = \(proposal.id)")
        mayReadContact = (rights.contains(.takeQuestions) || rights.contains(.decideProposals))
            && (organization.map { Contacts.mayRead(actor, $0) } ?? false)
        names = try ReportRows.names(
            [proposal.author].compactMap { $0 } + deeds.compactMap(\.actor) + gatherings.compactMap(\.by), in: db)
        organizations = try ProposalPublic.organizations(in: db)
    }
}
