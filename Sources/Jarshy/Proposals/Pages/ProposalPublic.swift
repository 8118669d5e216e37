import JarshyKit
import Storage

/// What anybody reads of proposals: the public wording, how many sent it, and every decision with its reason and day.
enum ProposalPublic {
    static func routes(_ site: inout Routes) {
        site.kept("/proposals") { visit in try await list(visit) }
        site.kept("/proposals/{id}") { visit in try await page(visit) }
    }

    static func organizations(in db: any Reading) throws -> [OrganizationNo: Trio] {
        Dictionary(try Organization.all(in: db).map { ($0.no, $0.names) }, uniquingKeysWith: { first, _ in first })
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let (query, today) = (visit.query, visit.today)
        let offset = min(max(0, Int(query.text("from")) ?? 0), 100_000)
        let state = Proposal.State(rawValue: query.text("state")).flatMap { $0.isPublic ? $0 : nil }
        let view = try await visit.read { db -> ProposalListView in
            let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
            let found = try ProposalRows.shown(campaign.no, state: state, offset: offset, in: db)
            return ProposalListView(
                campaign: campaign, proposals: Array(found.prefix(ProposalRows.pageSize)),
                hasMore: found.count > ProposalRows.pageSize, count: try ProposalRows.count(campaign.no, in: db),
                tree: try Tree.current(in: db))
        }
        let page = ProposalListPage(view, state: state, offset: offset, query: query, words: visit.words)
        return .page(
            "proposals", page, PageHead(page.heading, section: "propose", campaign: view.campaign.names[visit.language]))
    }

    private static func page(_ visit: Visit) async throws -> Reply {
        let (id, actor, now) = (ProposalID(visit.parameter("id")), visit.actor, visit.now)
        let view = try await visit.read { db -> ProposalPublicView in
            guard let id, let proposal = try ProposalRows.find(id, in: db), proposal.isHead, proposal.state.isPublic else {
                throw Problem.notFound("proposal")
            }
            return ProposalPublicView(
                proposal: proposal, steps: try ProposalRows.steps(of: id, in: db), tasks: try ProposalRows.tasks(of: id, in: db),
                organizations: try organizations(in: db), tree: try Tree.current(in: db),
                isStaff: try actor.map { try ProposalScope($0, at: now, in: db).sees(proposal) } ?? false)
        }
        let page = ProposalPublicPage(view, words: visit.words)
        return .page("proposal", page, PageHead(page.heading, section: "propose"))
    }
}

struct ProposalListView: Sendable {
    let campaign: Campaign
    let proposals: [Proposal]
    let hasMore: Bool
    let count: (proposals: Int, senders: Int64)
    let tree: Tree
}

struct ProposalPublicView: Sendable {
    let proposal: Proposal
    let steps: [ProposalStep]
    let tasks: [ProposalTask]
    let organizations: [OrganizationNo: Trio]
    let tree: Tree
    let isStaff: Bool
}

struct ProposalListPage: PageModel {
    let heading: String
    let lead: String
    let count: String
    let shows: [QuestionShow]
    let rows: [ProposalListRow]
    let isEmpty: Bool
    let hasPrevious: Bool
    let previousURL: String
    let hasNext: Bool
    let nextURL: String
    let proposeURL: String
    let trackURL: String

    init(_ view: ProposalListView, state: Proposal.State?, offset: Int, query: Fields, words: Words) {
        let text = ProposalText(words: words)
        let plain = query.setting("from", nil)
        func address(_ fields: Fields) -> String { ReportListPage.address("/proposals", fields) }
        heading = words("proposals.title")
        lead = words("proposals.lead")
        count = words(
            "proposals.count",
            ["proposals": words.format.number(view.count.proposals), "senders": text.senders(view.count.senders)])
        let states: [Proposal.State?] = [nil] + Proposal.State.shown
        shows = states.map { shown in
            QuestionShow(
                showURL: address(plain.setting("state", shown?.rawValue)), showName: shown.map(text.state) ?? words("form.all"),
                chosen: shown == state)
        }
        rows = view.proposals.map { proposal in
            ProposalListRow(
                proposalURL: "/proposals/\(proposal.id)", title: proposal.title, lang: proposal.language.rawValue,
                place: view.tree[proposal.unit]?.titles[words.language] ?? "", mark: text.mark(proposal.state),
                isMany: proposal.senders > 1, many: text.senders(proposal.senders), made: text.day(at: proposal.madeAt))
        }
        isEmpty = rows.isEmpty
        hasPrevious = offset > 0
        let before = max(0, offset - ProposalRows.pageSize)
        previousURL = address(plain.setting("from", before == 0 ? nil : String(before)))
        hasNext = view.hasMore
        nextURL = address(plain.setting("from", String(offset + ProposalRows.pageSize)))
        proposeURL = "/propose"
        trackURL = "/proposal"
    }
}

struct ProposalListRow: PageModel {
    let proposalURL: String
    let title: String
    let lang: String
    let place: String
    let mark: StateMark
    let isMany: Bool
    let many: String
    let made: String
}

struct ProposalPublicPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let mark: StateMark
    let place: String
    let made: String
    let isMany: Bool
    let many: String
    let hasTask: Bool
    let task: String
    let steps: [ProposalStepLine]
    let isObjected: Bool
    let objectedOn: String
    let ended: [String]
    let proposeURL: String
    let trackURL: String
    let isStaff: Bool
    let workURL: String

    init(_ view: ProposalPublicView, words: Words) {
        let (text, proposal) = (ProposalText(words: words), view.proposal)
        trail = [TrailLink("/proposals", words("proposals.title"))]
        here = QuestionText.short(proposal.title, 40)
        heading = proposal.title
        lang = proposal.language.rawValue
        mark = text.mark(proposal.state)
        place = view.tree[proposal.unit]?.titles[words.language] ?? ""
        made = text.day(at: proposal.madeAt)
        isMany = proposal.senders > 1
        many = text.senders(proposal.senders)
        let standing = view.tasks.first { !$0.hasEnded }
        hasTask = standing != nil
        task = standing.map { text.task($0, in: view.tree) } ?? ""
        steps = view.steps.map {
            ProposalStepLine($0, language: words.language, organizations: view.organizations, text: text)
        }
        isObjected = proposal.objectedAt != nil
        objectedOn = proposal.objectedAt.map { words("proposal.objected_on", ["day": text.day(at: $0)]) } ?? ""
        ended = view.tasks.filter(\.hasEnded).map { words("proposal.task.ended", ["task": text.task($0, in: view.tree)]) }
        proposeURL = "/propose"
        trackURL = "/proposal"
        isStaff = view.isStaff
        workURL = "/proposals/\(proposal.id)/work"
    }
}
