import JarshyKit
import Storage

/// What an accepted proposal is to become.
struct NewProposalTask: Sendable {
    let kind: ProposalTask.Kind
    let title: String
    /// Code of the unit that is responsible.
    let unit: String
    let due: Day
}

/// Takes a proposal up, accepts it, declines it, or looks at it again: each with a reason in the language of everybody it
/// stands for, which cannot be left out. Needs `decideProposals`.
struct DecideProposal: Action {
    enum Decision: Sendable {
        /// `title`: the wording the public reads, general, without anything personal.
        case consider(title: String)
        case accept(NewProposalTask)
        case decline
        case reopen

        var step: Proposal.Step {
            switch self {
            case .consider: .consider
            case .accept: .accept
            case .decline: .decline
            case .reopen: .reopen
            }
        }
    }

    let proposal: ProposalID
    let decision: Decision
    let reasons: StepReasons

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try ProposalDeed(proposal, by: actor, at: now, in: db)
        try deed.require(.decideProposals)
        let state = try deed.proposal.after(decision.step)
        var faults = try reasonFaults(deed)
        var title = deed.proposal.title
        if case .consider(let wording) = decision {
            title = QuestionWords.cleaned(wording)
            faults += QuestionWords.faults(title, field: "title")
            if QuestionWords.mayHoldPersonalData(title) {
                faults.append(Problem.Fault("title", "wording-personal", "The public wording may hold a phone or an identity number."))
            }
        }
        var responsible: UnitNo?
        if case .accept(let task) = decision {
            faults += QuestionWords.faults(QuestionWords.cleaned(task.title), field: "task")
            responsible = deed.scope.tree.find(task.unit)?.no
            if responsible == nil { faults.append(.unknown("unit", task.unit)) }
            if task.due < deed.scope.today { faults.append(Problem.Fault("due", "task-past", "'due' lies in the past.")) }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try db.run(
            """
            INSERT INTO proposal_step (id, proposal, at, kind, language, reason_kk, reason_ru, reason_en, actor, organization)
            VALUES (\(ID<ProposalStep>.make(at: now)), \(proposal), \(now), \(decision.step.rawValue),
                \(deed.proposal.language), \(reasons[.kk]), \(reasons[.ru]), \(reasons[.en]), \(actor.person),
                \(actor.organizations.first ?? .none))
            """)
        try settle(deed, task: responsible)
        try db.run(
            """
            UPDATE proposal SET state = \(state), title = \(title), due_day = NULL, changed_at = \(now)
            WHERE id = \(proposal)
            """)
        try ProposalIndex.update([proposal], in: db)
        try ProposalLetters.put(ProposalLetters.decided, for: deed.proposal, at: now, in: db)
        try deed.record(decision.step.rawValue)
    }

    /// The task of an acceptance, the end of one that is taken back, and the term of contacts once it is decided.
    private func settle(_ deed: ProposalDeed, task responsible: UnitNo?) throws {
        let (db, now) = (deed.db, deed.now)
        switch decision {
        case .accept(let task):
            guard let responsible else { return }
            try db.run(
                """
                INSERT INTO proposal_task (id, proposal, kind, title, unit, due_day, made_at, made_by)
                VALUES (\(ID<ProposalTask>.make(at: now)), \(proposal), \(task.kind), \(QuestionWords.cleaned(task.title)),
                    \(responsible), \(task.due), \(now), \(deed.scope.actor.person))
                """)
            try shorten(deed)
        case .decline: try shorten(deed)
        case .reopen: try db.run("UPDATE proposal_task SET ended_at = \(now) WHERE proposal = \(proposal) AND ended_at IS NULL")
        case .consider: break
        }
    }

    private func shorten(_ deed: ProposalDeed) throws {
        let day = deed.scope.today.advanced(by: try Desk.of(deed.proposal.campaign, in: deed.db).contactDays)
        try ProposalContacts.shorten(served: proposal, to: day, in: deed.db)
    }

    private func reasonFaults(_ deed: ProposalDeed) throws -> [Problem.Fault] {
        let wanted = try ProposalRows.languages(of: proposal, in: deed.db).union([deed.proposal.language])
        return Language.allCases.flatMap { language -> [Problem.Fault] in
            if reasons[language].isEmpty, !wanted.contains(language) { return [] }
            return QuestionWords.faults(reasons[language], field: "reason_\(language)")
        }
    }
}
