import JarshyKit
import Storage

/// A resident's proposal from the public page. Only residents propose here: whoever is signed in takes proposals down under
/// their own name.
struct ProposePublicly: Action {
    let id: ProposalID
    let campaign: String
    /// Code of the region it is about; "" for the whole country.
    let unit: String
    let language: Language
    let text: String
    /// Phone or mail address; "" for none.
    let contact: String
    let isAdult: Bool
    /// The network address, for the stepped limits; kept a day as a keyed hash.
    let address: String

    struct Taken: Sendable {
        /// Shown once.
        let number: TrackingNumber
        /// The term to take it up; nil where somebody sent the same before, and it was taken up.
        let due: Day?
        /// What it was gathered under and anybody may read of.
        let known: Proposal?
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Taken {
        guard actor.kind == .resident else {
            throw Problem("staff-proposes", status: 403, "Staff of the organisers do not propose as residents.")
        }
        let tree = try Tree.current(in: db)
        guard let campaign = try Campaigns.current(in: db).find(campaign), let root = tree.root else {
            throw Problem.notFound("campaign")
        }
        let body = QuestionWords.cleaned(text)
        let desk = try Desk.of(campaign.no, in: db)
        var faults = QuestionWords.faults(body)
        let unit = self.unit.isEmpty ? tree[root] : tree.find(self.unit)
        if unit.map({ tree.kinds[$0.kind]?.territory == true || $0.no == root }) != true {
            faults.append(.unknown("unit", self.unit))
        }
        let reached = contact.isEmpty ? nil : AskerContact(contact)
        if !contact.isEmpty { faults += contactFaults(reached, desk) }
        let secret = try QuestionSecret.make(in: db)
        let number = TrackingNumber.make(for: id, secret: secret)
        let due = WorkDays.kazakhstan.day(desk.answerDays, after: Zone.kazakhstan.day(at: now))
        if let before = try ProposalRows.find(id, in: db) {
            // The answer to the first sending was lost: the same again gets the same.
            guard before.way == .page, before.body == body else {
                throw Problem.conflict("question-sent", "This form was sent before with other words.")
            }
            return Self.told(number, of: try ProposalRows.find(before.head, in: db) ?? before)
        }
        guard faults.isEmpty, let unit else { throw Problem.invalid(faults) }
        try AskLimits.count(address, at: now, secret: secret, in: db)
        let proposal = NewProposal(
            id: id, campaign: campaign, unit: unit.no, language: language, body: body, way: .page,
            reply: reached == nil ? .number : .contact, contact: reached, number: number, event: nil)
        let head = try proposal.insert(author: nil, organization: desk.organization ?? .none, desk: desk, at: now, in: db)
        try Feed.record(FeedLine("propose", "proposal", id, unit: unit.no, detail: "way=page"), by: actor, at: now, in: db)
        return head.map { Self.told(number, of: $0) } ?? Taken(number: number, due: due, known: nil)
    }

    private static func told(_ number: TrackingNumber, of head: Proposal) -> Taken {
        Taken(number: number, due: head.due, known: head.state.isPublic ? head : nil)
    }

    private func contactFaults(_ reached: AskerContact?, _ desk: Desk) -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if reached == nil {
            faults.append(Problem.Fault("contact", "not-contact", "This is no phone number and no mail address."))
        }
        if desk.organization == nil { faults.append(Problem.Fault("contact", "not-wanted", "No contact is kept here.")) }
        if !isAdult { faults.append(Problem.Fault("adult", "under-age", "No contact is kept of anybody under 16.")) }
        return faults
    }
}

enum TrackedProposal {
    /// The proposal of a number.
    /// - Throws: 404 when there is none.
    static func find(_ number: TrackingNumber, in db: any Reading) throws -> Proposal {
        guard let secret = try QuestionSecret.find(in: db),
            let proposal = try db.first(
                Proposal.self,
                where: """
                    FROM proposal p JOIN proposal_number n ON n.proposal = p.id
                    WHERE n.hash = \(number.hash(secret: secret, of: "proposal"))
                    """)
        else { throw Problem("no-number", status: 404, "There is no proposal with this number.") }
        return proposal
    }
}

/// A sender who does not agree with a decline has it looked at again, once, knowing the number. The words are for the staff.
struct ObjectToDecline: Action {
    let number: TrackingNumber
    let text: String
    let address: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let secret = try QuestionSecret.make(in: db)
        let own = try TrackedProposal.find(number, in: db)
        let head = try Objecting.head(of: own, in: db)
        _ = try head.after(.object)
        guard head.objectedAt == nil else {
            throw Problem.conflict("objected", "This decision was looked at again already.")
        }
        let body = QuestionWords.cleaned(text)
        let faults = QuestionWords.faults(body)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try AskLimits.count(address, at: now, secret: secret, in: db)
        try Objecting.take(body, from: own, head, by: actor, at: now, in: db)
    }
}

/// An objection as it is kept, by number or by a reply to the letter.
enum Objecting {
    /// The decision a proposal hangs on, locked: it is looked at again once.
    static func head(of own: Proposal, in db: any Writing) throws -> Proposal {
        guard let head = try db.first(
            Proposal.self, where: "FROM proposal p WHERE p.id = \(own.head)\(SQL.forUpdate(db.dialect))")
        else { throw Problem.notFound("proposal") }
        return head
    }

    static func take(
        _ body: String, from own: Proposal, _ head: Proposal, by actor: Actor, at now: Instant, in db: any Writing
    ) throws {
        let state = try head.after(.object)
        try db.run(
            """
            INSERT INTO proposal_objection (proposal, at, body) VALUES (\(own.id), \(now), \(body))
            ON CONFLICT (proposal) DO UPDATE SET at = \(now), body = \(body)
            """)
        try db.run(
            "UPDATE proposal SET state = \(state), objected_at = \(now), changed_at = \(now) WHERE id = \(head.id)")
        try Feed.record(FeedLine("object", "proposal", head.id, unit: head.unit), by: actor, at: now, in: db)
    }
}
