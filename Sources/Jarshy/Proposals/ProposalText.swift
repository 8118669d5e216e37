import JarshyKit

/// Proposals in the reader's words: states, steps, tasks.
struct ProposalText: Sendable {
    let words: Words

    private var plain: QuestionText { QuestionText(words: words) }
    func day(_ day: Day) -> String { plain.day(day) }
    func moment(_ at: Instant) -> String { plain.moment(at) }
    func day(at moment: Instant) -> String { plain.day(Zone.kazakhstan.day(at: moment)) }
    func way(_ way: Question.Way) -> String { plain.way(way) }
    func reply(_ way: Question.ReplyWay) -> String { plain.reply(way) }
    func reason(_ reason: ModerationReason) -> String { plain.reason(reason) }
    func state(_ state: Proposal.State) -> String { words("proposal.state.\(state.rawValue)") }
    func senders(_ count: Int64) -> String { words.count("proposal.senders", Int(count)) }

    /// Shape and word of a state.
    func mark(_ state: Proposal.State) -> StateMark {
        let kind =
            switch state {
            case .new: "new"
            case .considered: "open"
            case .accepted: "evidenced"
            case .declined: "closed"
            case .notPublished: "refused"
            }
        return StateMark(kind, self.state(state))
    }

    /// The state, then what to look at.
    func marks(_ proposal: Proposal, today: Day) -> [StateMark] {
        var marks = [mark(proposal.state)]
        if proposal.state == .new, let due = proposal.due, due < today {
            marks.append(StateMark("late", words("question.late")))
        }
        if proposal.near != nil { marks.append(StateMark("equal", words("proposal.near"))) }
        if proposal.objectedAt != nil, proposal.state == .considered {
            marks.append(StateMark("changed", words("proposal.objected")))
        }
        if proposal.personal { marks.append(StateMark("flagged", words("question.personal"))) }
        return marks
    }

    func term(_ proposal: Proposal) -> String {
        guard proposal.state == .new, let due = proposal.due else { return "" }
        return words("proposal.term", ["day": day(due)])
    }

    /// The public wording, or the beginning of the sender's words where there is none yet.
    static func heading(_ proposal: Proposal, _ most: Int = 160) -> String {
        QuestionText.short(proposal.title.isEmpty ? proposal.body : proposal.title, most)
    }

    func task(_ task: ProposalTask, in tree: Tree) -> String {
        words(
            "proposal.task.line",
            [
                "kind": words("proposal.task.\(task.kind.rawValue)"), "title": task.title,
                "unit": tree[task.unit]?.titles[words.language] ?? "", "day": day(task.due),
            ])
    }
}

/// A decision of the public history.
struct ProposalStepLine: PageModel {
    let stepKind: String
    let stepOn: String
    let stepBy: String
    let stepReason: String
    let stepLang: String

    /// - Parameter language: whose words the reason is shown in, if it was given in them.
    init(_ step: ProposalStep, language: Language, organizations: [OrganizationNo: Trio], text: ProposalText) {
        stepKind = text.words("proposal.step.\(step.kind.rawValue)")
        stepOn = text.day(at: step.at)
        stepBy = organizations[step.organization]?[text.words.language] ?? ""
        let shown = step.reasons.shown(language, spare: step.language)
        stepReason = shown.text
        stepLang = shown.language.rawValue
    }
}
