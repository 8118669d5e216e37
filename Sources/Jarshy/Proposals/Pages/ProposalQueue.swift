import JarshyKit
import Storage

/// The staff's queue of proposals: one line for all who sent the same, who has waited longest on top.
enum ProposalQueue {
    static func routes(_ site: inout Routes) {
        site.get("/proposals/queue", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let list = try await visit.read { db in try ProposalListing(query, actor: actor, now: now, in: db) }
            let page = ProposalQueuePage(list, visit: visit)
            return .page(
                "proposal_queue", page,
                PageHead(page.heading, section: "proposals", campaign: list.campaign.names[visit.language]))
        }
    }
}

/// What the queue needs, read with a fixed number of statements.
struct ProposalListing: Sendable {
    let campaign: Campaign
    let filter: ProposalRows.Filter
    let proposals: [Proposal]
    let hasMore: Bool
    let offset: Int
    let count: (proposals: Int, senders: Int64)
    let tree: Tree
    let today: Day
    let mayTake: Bool

    init(_ query: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try ProposalScope(actor, at: now, in: db)
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        filter = ProposalRows.Filter(query, tree: tree)
        offset = min(max(0, Int(query.text("from")) ?? 0), 100_000)
        let found = try ProposalRows.queue(filter, scope, campaign.no, offset: offset, in: db)
        proposals = Array(found.prefix(ProposalRows.pageSize))
        hasMore = found.count > ProposalRows.pageSize
        count = try ProposalRows.count(filter, scope, campaign.no, in: db)
        mayTake = actor.holdsAnywhere(.takeQuestions, on: today)
    }
}

struct ProposalQueuePage: PageModel {
    let heading: String
    let canTake: Bool
    let takeURL: String
    let publicURL: String
    let shows: [QuestionShow]
    let rows: [ProposalQueueRow]
    let pagination: Pagination
    let isEmpty: Bool
    let empty: EmptyState

    init(_ list: ProposalListing, visit: Visit) {
        let (words, query) = (visit.words, visit.query)
        let text = ProposalText(words: words)
        let plain = query.setting("from", nil)
        func address(_ fields: Fields) -> String { ReportListPage.address("/proposals/queue", fields) }
        heading = words("proposals.title")
        canTake = list.mayTake
        takeURL = "/proposals/queue/new"
        publicURL = "/proposals"
        shows = ProposalRows.Filter.Show.allCases.map { show in
            QuestionShow(
                showURL: address(plain.setting("show", show.rawValue)), showName: words("proposals.show.\(show.rawValue)"),
                chosen: show == list.filter.show)
        }
        rows = list.proposals.map { proposal in
            ProposalQueueRow(
                proposal: proposal, unit: list.tree[proposal.unit]?.titles[words.language] ?? "", text: text, today: list.today)
        }
        let before = max(0, list.offset - ProposalRows.pageSize)
        pagination = Pagination(
            summary: words(
                "proposals.count",
                ["proposals": words.format.number(list.count.proposals), "senders": text.senders(list.count.senders)]),
            previous: list.offset > 0 ? address(plain.setting("from", before == 0 ? nil : String(before))) : nil,
            next: list.hasMore ? address(plain.setting("from", String(list.offset + ProposalRows.pageSize))) : nil)
        isEmpty = rows.isEmpty
        empty = EmptyState(
            words("proposals.empty"), next: words("proposals.empty.next"),
            step: list.mayTake ? (takeURL, words("proposal.take")) : nil)
    }
}

struct ProposalQueueRow: HotRow {
    let proposal: Proposal
    let unit: String
    let text: ProposalText
    let today: Day

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "workURL": "/proposals/\(proposal.id)/work"
        case "body": ProposalText.heading(proposal)
        case "lang": proposal.language.rawValue
        case "sub": [unit, text.way(proposal.way)].filter { !$0.isEmpty }.joined(separator: " · ")
        case "isMany": proposal.senders > 1
        case "many": text.senders(proposal.senders)
        case "marks": text.marks(proposal, today: today)
        case "term": text.term(proposal)
        case "made": text.day(at: proposal.madeAt)
        default: nil
        }
    }
}
