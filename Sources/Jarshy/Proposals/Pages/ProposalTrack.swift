import JarshyKit
import Storage

/// What became of a proposal, by its number. The number travels in the body of a form; the page is not kept by anybody.
enum ProposalTrack {
    static func routes(_ site: inout Routes) {
        site.get("/proposal", .open) { visit in
            .page("proposal_track", ProposalTrackPage(form: Fields(), problem: nil, words: visit.words), head(visit))
        }
        site.post("/proposal", .open) { visit in
            try await told(visit) { try await show(visit, done: "", problem: nil) }
        }
        site.post("/proposal/objection", .open) { visit in
            try await told(visit) { try await object(visit) }
        }
    }

    private static func told(_ visit: Visit, _ work: () async throws -> Reply) async throws -> Reply {
        try await NumberForm.told(
            visit, template: "proposal_track", head(visit),
            refused: { ProposalTrackPage(form: visit.form, problem: $0, words: visit.words) }, work)
    }

    private static func object(_ visit: Visit) async throws -> Reply {
        let action = ObjectToDecline(number: try NumberForm.number(visit), text: visit.form.text("text"), address: visit.address)
        let now = visit.now
        do {
            try await visit.write { db in try action.perform(by: .resident, at: now, in: db) }
        } catch let problem as Problem where problem.status == 422 && !visit.wantsJson {
            // What was typed stays on the page it was typed on.
            var reply = try await show(visit, done: "", problem: problem)
            reply.status = 422
            return reply
        }
        return try await show(visit, done: visit.words("proposal.objection.taken"), problem: nil)
    }

    private static func show(_ visit: Visit, done: String, problem: Problem?) async throws -> Reply {
        let number = try NumberForm.number(visit)
        let view = try await visit.read { db in
            let own = try TrackedProposal.find(number, in: db)
            let head = try ProposalRows.find(own.head, in: db) ?? own
            return TrackedProposalView(
                own: own, head: head, steps: try ProposalRows.steps(of: head.id, in: db),
                tasks: try ProposalRows.tasks(of: head.id, in: db), tree: try Tree.current(in: db),
                organizations: try ProposalPublic.organizations(in: db))
        }
        let page = TrackedProposalPage(view, number: number, done: done, problem: problem, form: visit.form, words: visit.words)
        return .page("proposal_tracked", page, head(visit))
    }

    private static func head(_ visit: Visit) -> PageHead { PageHead(visit.words("proposal.track"), section: "propose") }
}

/// What the holder of a number may see: the own words, the state of the head, what was decided and why.
struct TrackedProposalView: Sendable {
    let own: Proposal
    let head: Proposal
    let steps: [ProposalStep]
    let tasks: [ProposalTask]
    let tree: Tree
    let organizations: [OrganizationNo: Trio]
}

struct ProposalTrackPage: PageModel {
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let number: TextField
    let proposeURL: String

    init(form: Fields, problem: Problem?, words: Words) {
        let problem = problem.map { problem in
            problem.slug == "no-number"
                ? Problem.invalid([Problem.Fault("number", "no-number", problem.detail)]) : problem
        }
        heading = words("proposal.track")
        action = "/proposal"
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        number = TextField(
            "number", words("track.number"), value: form.text("number"), hint: words("track.number.hint"),
            error: FieldErrors(problem, words: words)["number"], required: true)
        proposeURL = "/propose"
    }
}

struct TrackedProposalPage: PageModel {
    let heading: String
    let body: String
    let lang: String
    let made: String
    let mark: StateMark
    let explain: String
    let isGathered: Bool
    let gathered: String
    let hasDone: Bool
    let done: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let hasSteps: Bool
    let steps: [ProposalStepLine]
    let hasTask: Bool
    let task: String
    let canObject: Bool
    let objectAction: String
    let number: String
    let text: AreaField
    let hasPage: Bool
    let pageURL: String
    let proposeURL: String

    init(
        _ view: TrackedProposalView, number: TrackingNumber, done: String, problem: Problem?, form: Fields, words: Words
    ) {
        let (text, own, head) = (ProposalText(words: words), view.own, view.head)
        heading = words("proposal.own")
        body = own.body
        lang = own.language.rawValue
        made = text.moment(own.madeAt)
        mark = text.mark(head.state)
        explain =
            switch head.state {
            case .notPublished: head.reason.map { words("track.declined", ["reason": text.reason($0)]) } ?? ""
            case .new: text.term(head)
            default: ""
            }
        isGathered = head.senders > 1
        gathered = words("proposal.gathered", ["senders": text.senders(head.senders)])
        hasDone = !done.isEmpty
        self.done = done
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        // In the language it was made in, whatever the page is read in.
        steps = view.steps.map {
            ProposalStepLine($0, language: own.language, organizations: view.organizations, text: text)
        }
        hasSteps = !steps.isEmpty
        let standing = view.tasks.first { !$0.hasEnded }
        hasTask = standing != nil
        task = standing.map { text.task($0, in: view.tree) } ?? ""
        canObject = head.state == .declined && head.objectedAt == nil
        objectAction = "/proposal/objection"
        self.number = number.shown
        self.text = AreaField(
            "text", words("proposal.objection"), value: problem == nil ? "" : form.text("text"),
            hint: words("proposal.objection.hint"), error: FieldErrors(problem, words: words)["text"], required: true, rows: 4)
        hasPage = head.state.isPublic
        pageURL = "/proposals/\(head.id)"
        proposeURL = "/propose"
    }
}
