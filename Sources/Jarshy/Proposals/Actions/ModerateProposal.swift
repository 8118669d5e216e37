import JarshyKit
import Storage

/// Not published and not considered, for a reason of the published code, which the sender reads. Needs `moderateQuestions`.
struct HideProposal: Action {
    let proposal: ProposalID
    /// A code of `ModerationReason`; there is no way without one.
    let reason: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try ProposalDeed(proposal, by: actor, at: now, in: db)
        try deed.require(.moderateQuestions)
        let state = try deed.proposal.after(.hide)
        guard let reason = ModerationReason(rawValue: reason) else {
            throw Problem.invalid([
                reason.isEmpty ? Problem.Fault("reason", "missing", "A reason is wanted.") : .unknown("reason", reason)
            ])
        }
        try db.run(
            """
            UPDATE proposal SET state = \(state), reason = \(reason), due_day = NULL, changed_at = \(now)
            WHERE id = \(proposal)
            """)
        let desk = try Desk.of(deed.proposal.campaign, in: db)
        try ProposalContacts.shorten(served: proposal, to: deed.scope.today.advanced(by: desk.contactDays), in: db)
        try ProposalIndex.update([proposal], in: db)
        try ProposalLetters.put(ProposalLetters.hidden, for: deed.proposal, at: now, in: db)
        try deed.record("hide", "reason=\(reason.rawValue)")
    }
}

/// Takes up again what was not published; its term begins anew. Needs `moderateQuestions`.
struct RestoreProposal: Action {
    let proposal: ProposalID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try ProposalDeed(proposal, by: actor, at: now, in: db)
        try deed.require(.moderateQuestions)
        let state = try deed.proposal.after(.restore)
        let desk = try Desk.of(deed.proposal.campaign, in: db)
        let due = WorkDays.kazakhstan.day(desk.answerDays, after: deed.scope.today)
        try db.run(
            """
            UPDATE proposal SET state = \(state), reason = NULL, due_day = \(due), changed_at = \(now)
            WHERE id = \(proposal)
            """)
        try deed.record("restore")
    }
}

/// Reads how a sender is reached. Only for the organisation that took the contact; every reading is logged, and needs
/// `takeQuestions` or `decideProposals` over the unit.
struct ReadSender: Action {
    let proposal: ProposalID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> String {
        let deed = try ProposalDeed(proposal, by: actor, at: now, in: db)
        guard [.takeQuestions, .decideProposals].contains(where: { deed.scope.holds($0, over: deed.proposal) }) else {
            throw Problem.forbidden(Right.decideProposals.rawValue)
        }
        let contact = try db.first(
            "SELECT value, organization FROM proposal_contact WHERE proposal = \(proposal)"
        ) { row in (try row.next(String.self), try row.next(OrganizationNo.self)) }
        // Another organisation's contact looks like none.
        guard let (value, organization) = contact, Contacts.mayRead(actor, organization) else {
            throw Problem.notFound("contact")
        }
        try db.run(
            """
            INSERT INTO personal_read (id, at, reader, subject, page)
            VALUES (\(ID<ProposalMark>.make(at: now)), \(now), \(actor.person), \(proposal), \("proposal contact"))
            """)
        try deed.record("read-contact")
        return value
    }
}

enum ProposalContacts {
    /// Contacts of a head and of everything it serves go on `day`, if they would stay longer.
    static func shorten(served head: ProposalID, to day: Day, in db: any Writing) throws {
        try db.run(
            """
            UPDATE proposal_contact SET delete_day = \(day)
            WHERE delete_day > \(day) AND proposal IN (SELECT id FROM proposal WHERE head = \(head))
            """)
    }
}

/// Deletes contacts whose day has come. The server's own clock does it.
struct DeleteProposalContacts: Action {
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int {
        guard actor.kind == .operator else { throw Problem.forbidden(Right.moderateQuestions.rawValue) }
        let today = Zone.kazakhstan.day(at: now)
        let gone = try db.run("DELETE FROM proposal_contact WHERE delete_day <= \(today)")
        if gone > 0 {
            try Feed.record(FeedLine("delete", "contact", today, detail: "count=\(gone)"), by: actor, at: now, in: db)
        }
        return gone
    }
}
