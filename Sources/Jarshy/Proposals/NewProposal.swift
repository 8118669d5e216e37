import JarshyKit
import Storage

/// A proposal on its way in, from any door, checked and in one spelling.
struct NewProposal: Sendable {
    let id: ProposalID
    let campaign: Campaign
    let unit: UnitNo
    let language: Language
    let body: String
    let way: Question.Way
    let reply: Question.ReplyWay
    let contact: AskerContact?
    let number: TrackingNumber?
    let event: ID<EventMark>?

    /// Writes the proposal, its contact and its number; gathers it under one of equal words, else points at the group that
    /// says almost the same. Refuses before it writes.
    ///
    /// - Parameter author: who took it down; nil for the public page.
    /// - Returns: the head it was gathered under, if it was, as it stood.
    func insert(
        author: PersonID?, organization: OrganizationNo, desk: Desk, at now: Instant, in db: any Writing
    ) throws -> Proposal? {
        let today = Zone.kazakhstan.day(at: now)
        let hash = try number.map { $0.hash(secret: try QuestionSecret.make(in: db), of: "proposal") }
        if let hash, try db.first(ProposalID.self, "SELECT proposal FROM proposal_number WHERE hash = \(hash)") != nil {
            throw Problem.conflict("number-taken", "This tracking number is in use. Make another and send again.")
        }
        let fingerprint = QuestionWords.fingerprint(body, language: language)
        let same = try equalHead(fingerprint, in: db)
        let likeness = Likeness(body, SearchWords())
        let near = same == nil ? try NearProposals.nearest(to: likeness, in: campaign.no, db) : nil
        try db.run(
            """
            INSERT INTO proposal (id, campaign, unit, head, state, language, body, title, fingerprint, way, reply, author,
                organization, event, personal, senders, near, made_at, changed_at, due_day)
            VALUES (\(id), \(campaign.no), \(unit), \(id), 'new', \(language), \(body), '', \(fingerprint), \(way), \(reply),
                \(author), \(organization), \(event), \(QuestionWords.mayHoldPersonalData(body)), 1, \(near), \(now),
                \(now), \(WorkDays.kazakhstan.day(desk.answerDays, after: today)))
            """)
        try LikenessRows.put(likeness, of: id, .proposal, in: db)
        if let contact {
            try db.run(
                """
                INSERT INTO proposal_contact (proposal, kind, value, organization, delete_day)
                VALUES (\(id), \(contact.kind), \(contact.value), \(organization), \(desk.deleteDay(takenOn: today)))
                """)
        }
        if let hash { try db.run("INSERT INTO proposal_number (hash, proposal) VALUES (\(hash), \(id))") }
        if let same {
            try Gathering.gather([id], of: id, to: same.id, counting: 1, by: nil, at: now, in: db)
            try Gathering.arrived([id], under: same, at: now, in: db)
        }
        return same
    }

    /// The head of a proposal with equal words in the same language, if there is one; locked, so that two gatherings under
    /// one head come one after the other. Nothing is gathered by itself under what was hidden, or was decided without a reason in
    /// this language: somebody reads it.
    private func equalHead(_ fingerprint: Blob, in db: any Writing) throws -> Proposal? {
        while true {
            let head = try db.first(
                ProposalID.self,
                """
                SELECT h.id FROM proposal p JOIN proposal h ON h.id = p.head
                WHERE p.fingerprint = \(fingerprint) AND p.campaign = \(campaign.no)
                    AND h.state <> \(Proposal.State.notPublished)
                ORDER BY p.made_at, p.id LIMIT 1
                """)
            guard let head else { return nil }
            let still = try db.first(
                Proposal.self, where: "FROM proposal p WHERE p.id = \(head)\(SQL.forUpdate(db.dialect))")
            guard let still, still.isHead, still.state != .notPublished else { continue }
            return try Gathering.isHeard([language], under: still.id, in: db) ? still : nil
        }
    }
}

/// Gathering near-identical proposals and taking them apart again, as `Joining` does for questions: a head's head is itself,
/// a gathering remembers what it moved, nobody's words, contact or number move with it.
enum Gathering {
    /// - Parameters:
    ///   - moved: everything that gets another head; `proposal` is the head they leave, `senders` how many they are.
    ///   - person: nil when the server gathered equal words.
    @discardableResult
    static func gather(
        _ moved: [ProposalID], of proposal: ProposalID, to target: ProposalID, counting senders: Int64, by person: PersonID?,
        at now: Instant, in db: any Writing
    ) throws -> GatheringID {
        let id = GatheringID.make(at: now)
        try db.run(
            """
            INSERT INTO proposal_join (id, proposal, target, at, made_by)
            VALUES (\(id), \(proposal), \(target), \(now), \(person))
            """)
        try db.insert(
            "INSERT INTO proposal_join_member (joining, proposal) VALUES", rows: moved.map { [id.bind, $0.bind] })
        try move(moved, from: proposal, to: target, counting: senders, at: now, in: db)
        return id
    }

    static func move(
        _ moved: [ProposalID], from: ProposalID, to target: ProposalID, counting senders: Int64, at now: Instant,
        in db: any Writing
    ) throws {
        for chunk in Padded.chunks(moved.sorted()) {
            try db.run("UPDATE proposal SET head = \(target), changed_at = \(now) WHERE id IN \(chunk)")
        }
        try db.run("UPDATE proposal SET senders = senders - \(senders), near = NULL, changed_at = \(now) WHERE id = \(from)")
        try db.run("UPDATE proposal SET senders = senders + \(senders), changed_at = \(now) WHERE id = \(target)")
        // A flood of new ones, which nobody reads in public yet, does not meet in one row.
        let shown = try db.value(
            "SELECT count(*) FROM proposal WHERE id IN \([from, target]) AND state IN \(Proposal.State.shown)", as: Int.self)
        if shown > 0 { try PageStamp.touch(.proposals, in: db) }
    }

    /// What was said of a group already was said in these languages too: a sender must be able to read it.
    static func isHeard(_ spoken: Set<Language>, under head: ProposalID, in db: any Reading) throws -> Bool {
        try ProposalRows.steps(of: head, in: db).allSatisfy { step in spoken.allSatisfy { !step.reasons[$0].isEmpty } }
    }

    /// Whoever comes to a group that was taken up, decided or hidden hears at once what the others heard; once nobody owes them
    /// anything more, contacts go as the others' do.
    static func arrived(_ moved: [ProposalID], under head: Proposal, at now: Instant, in db: any Writing) throws {
        guard head.state != .new else { return }
        if !head.state.isOpen {
            let day = Zone.kazakhstan.day(at: now).advanced(by: try Desk.of(head.campaign, in: db).contactDays)
            try ProposalContacts.shorten(served: head.id, to: day, in: db)
        }
        let kind = head.state == .notPublished ? ProposalLetters.hidden : ProposalLetters.decided
        try ProposalLetters.put(kind, for: head, only: Set(moved), at: now, in: db)
    }
}
