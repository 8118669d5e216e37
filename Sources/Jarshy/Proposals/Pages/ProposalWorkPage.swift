import JarshyKit

/// The staff's page of one proposal. Fields as in `proposal_work.mustache`.
struct ProposalWorkPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let body: String
    let hasTitle: Bool
    let title: String
    let marks: [StateMark]
    let term: String
    let facts: [QuestionFact]
    let hasProblem: Bool
    let problem: ErrorSummary
    let isGathered: Bool
    let headURL: String
    let canPart: Bool
    let partAction: String
    let senders: String
    let hasMembers: Bool
    let members: [QuestionMember]
    let gatherings: [QuestionJoining]
    let hasNear: Bool
    let near: [NearLine]
    let gatherAction: String
    let differAction: String
    let hasSteps: Bool
    let steps: [ProposalStepLine]
    let hasTask: Bool
    let task: String
    let hasObjection: Bool
    let objection: String
    let decisions: [DecisionForm]
    let canHide: Bool
    let hideAction: String
    let reasons: TilesField
    let canRestore: Bool
    let restoreAction: String
    let canReadContact: Bool
    let contactAction: String
    let hasContact: Bool
    let contact: String
    let isPublic: Bool
    let publicURL: String
    let history: [QuestionLine]

    init(_ view: ProposalView, refused: (ProposalWork.Deed, Problem)?, contact: String?, visit: Visit) {
        let (words, proposal) = (visit.words, view.proposal)
        let text = ProposalText(words: words)
        let base = "/proposals/\(proposal.id)"
        let (routes, moderates) = (view.rights.contains(.routeQuestions), view.rights.contains(.moderateQuestions))
        func name(_ person: PersonID?) -> String { person.flatMap { view.names[$0] } ?? words("question.somebody") }
        trail = [TrailLink("/proposals/queue", words("proposals.title"))]
        here = ProposalText.heading(proposal, 40)
        heading = words("proposal.single")
        lang = proposal.language.rawValue
        body = proposal.body
        hasTitle = !proposal.title.isEmpty
        title = proposal.title
        marks = proposal.isHead
            ? text.marks(proposal, today: view.today)
            : [StateMark("equal", words("proposal.gathered.mark")), text.mark(view.head.state)]
        term = proposal.isHead ? text.term(proposal) : ""
        facts = [
            QuestionFact(fact: words("question.unit"), factText: view.tree[proposal.unit]?.titles[words.language] ?? ""),
            QuestionFact(fact: words("question.language"), factText: proposal.language.ownName),
            QuestionFact(fact: words("question.way"), factText: text.way(proposal.way)),
            QuestionFact(fact: words("question.reply"), factText: text.reply(proposal.reply)),
            QuestionFact(fact: words("proposal.made_at"), factText: text.moment(proposal.madeAt)),
            QuestionFact(
                fact: words("question.taken_by"),
                factText: proposal.author == nil ? words("proposal.sender") : name(proposal.author)),
        ]
        hasProblem = refused != nil
        problem = refused.map { ErrorSummary($0.1, words: words) } ?? .none
        isGathered = !proposal.isHead
        headURL = "/proposals/\(proposal.head)/work"
        canPart = !proposal.isHead && routes
        partAction = base + "/part"
        senders = text.senders(proposal.senders)
        members = view.members.map { member in
            QuestionMember(
                memberURL: "/proposals/\(member.id)/work", memberBody: QuestionText.short(member.body),
                memberLang: member.language.rawValue,
                memberSub: "\(text.moment(member.madeAt)) · \(view.tree[member.unit]?.titles[words.language] ?? "")")
        }
        hasMembers = !members.isEmpty
        gatherings = view.gatherings.map { gathering in
            QuestionJoining(
                joiningID: gathering.id.description, undoAction: "/proposals/\(gathering.proposal)/undo",
                joiningText: [
                    text.moment(gathering.at), text.senders(gathering.moved),
                    gathering.by == nil ? words("question.joined.equal") : name(gathering.by),
                ].joined(separator: " · "))
        }
        near = view.near.map { NearLine($0, text: text, words: words) }
        hasNear = !near.isEmpty
        gatherAction = base + "/gather"
        differAction = base + "/differ"
        steps = view.steps.map {
            ProposalStepLine($0, language: proposal.language, organizations: view.organizations, text: text)
        }
        hasSteps = !steps.isEmpty
        let standing = view.tasks.first { !$0.hasEnded }
        hasTask = standing != nil
        task = standing.map { text.task($0, in: view.tree) } ?? ""
        hasObjection = view.objection != nil
        objection = view.objection ?? ""
        decisions = view.rights.contains(.decideProposals)
            ? DecisionForm.all(view, refused: refused, visit: visit) : []
        canHide = moderates && proposal.can(.hide)
        hideAction = base + "/hide"
        reasons = TilesField(
            "reason", words("question.decline.reason"),
            choices: ModerationReason.allCases.map { ($0.rawValue, text.reason($0)) },
            chosen: refused?.0 == .hide ? visit.form.text("reason") : "",
            error: refused?.0 == .hide ? FieldErrors(refused?.1, words: words)["reason"] : "", required: true)
        canRestore = moderates && proposal.can(.restore)
        restoreAction = base + "/restore"
        canReadContact = view.mayReadContact && contact == nil
        contactAction = base + "/contact"
        hasContact = contact != nil
        self.contact = contact ?? ""
        isPublic = proposal.isHead && proposal.state.isPublic
        publicURL = base
        history = view.deeds.map { deed in
            QuestionLine(
                who: deed.actor.flatMap { view.names[$0] } ?? words("proposal.sender"), when: text.moment(deed.at),
                said: words.find("proposal.deed.\(deed.verb)") ?? deed.verb)
        }
    }
}

/// A group that says almost the same: to be ticked, or told apart.
struct NearLine: PageModel {
    let nearID: String
    let nearURL: String
    let nearBody: String
    let nearLang: String
    let nearSub: String
    let canGather: Bool

    init(_ found: NearProposals.Found, text: ProposalText, words: Words) {
        let proposal = found.proposal
        nearID = proposal.id.description
        nearURL = "/proposals/\(proposal.id)/work"
        nearBody = QuestionText.short(proposal.body, 240)
        nearLang = proposal.language.rawValue
        nearSub = [
            words("proposal.near.share", ["percent": words.format.number(Int((found.share * 100).rounded()))]),
            text.senders(proposal.senders), text.state(proposal.state), text.day(at: proposal.madeAt),
        ].joined(separator: " · ")
        canGather = proposal.state == .new
    }
}

/// A form that decides: reasons in every language needed, and what else the decision wants.
struct DecisionForm: PageModel {
    let decision: String
    let decideAction: String
    let opened: Bool
    let isStop: Bool
    let hasTitle: Bool
    let title: AreaField
    let hasTask: Bool
    let kinds: TilesField
    let task: TextField
    let unit: TextField
    let due: DateField
    let reasons: [AreaField]

    static func all(_ view: ProposalView, refused: (ProposalWork.Deed, Problem)?, visit: Visit) -> [DecisionForm] {
        let deeds: [(ProposalWork.Deed, Proposal.Step)] = [
            (.consider, .consider), (.accept, .accept), (.decline, .decline), (.reopen, .reopen),
        ]
        let open = deeds.filter { view.proposal.can($0.1) }.map(\.0)
        return open.map { DecisionForm($0, view, refused: refused, visit: visit) }
    }

    private init(_ deed: ProposalWork.Deed, _ view: ProposalView, refused: (ProposalWork.Deed, Problem)?, visit: Visit) {
        let (words, form) = (visit.words, visit.form)
        let isRefused = refused?.0 == deed
        let wrong = FieldErrors(isRefused ? refused?.1 : nil, words: words)
        func typed(_ name: String, _ spare: String = "") -> String { isRefused ? form[name] ?? "" : spare }
        decision = words("proposal.decide.\(deed.rawValue)")
        decideAction = "/proposals/\(view.proposal.id)/\(deed.rawValue)"
        opened = isRefused
        isStop = deed == .decline
        hasTitle = deed == .consider
        title = AreaField(
            "title", words("proposal.title_field"), value: typed("title", view.proposal.title),
            hint: words("proposal.title_field.hint"), error: wrong["title"], required: true, rows: 2, id: "\(deed)-title")
        hasTask = deed == .accept
        kinds = TilesField(
            "kind", words("proposal.task.kind"),
            choices: ProposalTask.Kind.allCases.map { ($0.rawValue, words("proposal.task.\($0.rawValue)")) },
            chosen: typed("kind", "task"), error: wrong["kind"], required: true, id: "\(deed)-kind")
        task = TextField(
            "task", words("proposal.task.title"), value: typed("task"), error: wrong["task"], required: true,
            id: "\(deed)-task")
        unit = TextField(
            "unit", words("proposal.task.unit"), value: typed("unit", view.tree.code(of: view.proposal.unit)),
            hint: words("desk.expert.unit.hint"), error: wrong["unit"], required: true, id: "\(deed)-unit")
        due = DateField(
            "due", words("proposal.task.due"), value: typed("due"), error: wrong["due"], required: true, min: view.today,
            id: "\(deed)-due")
        let wanted = Language.allCases.filter { view.languages.contains($0) }
        reasons = wanted.map { language in
            let name = "reason_\(language.rawValue)"
            return AreaField(
                name, words("proposal.reason", ["language": language.ownName]), value: typed(name),
                hint: words("proposal.reason.hint"), error: wrong[name], required: true, rows: 3,
                id: "\(deed)-\(name)")
        }
    }
}
