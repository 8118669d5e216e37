import JarshyKit
import Storage

/// Letters to senders of proposals who left a mail address: what was decided and why, or why it is not public.
///
/// A letter is written when it is sent, from what stands then; none repeats the sender's words.
struct ProposalLetters: LetterWriter {
    static let decided = "proposal.decided"
    static let hidden = "proposal.hidden"

    let kinds: Set<String> = [decided, hidden]

    func letter(_ message: MailMessage, desk: LetterDesk, in db: any Reading) throws -> Letter? {
        guard let own = try ProposalRows.find(ProposalID(message.about), in: db),
            let address = try Self.address(of: own.id, in: db).flatMap({ MailAddress($0) }),
            let head = try ProposalRows.find(own.head, in: db), let campaign = try Campaigns.current(in: db).find(message.campaign)
        else { return nil }
        let (words, text) = (desk.words, ProposalText(words: desk.words))
        var paragraphs = [words("letter.hello")]
        switch message.kind {
        case Self.decided where head.state.isPublic:
            guard let step = try ProposalRows.steps(of: head.id, in: db).last else { return nil }
            paragraphs.append(words("letter.proposal.decided", ["title": head.title, "state": text.state(head.state)]))
            paragraphs.append(words("letter.proposal.reason", ["reason": step.reasons.shown(own.language, spare: step.language).text]))
            if let task = try ProposalRows.tasks(of: head.id, in: db).first(where: { !$0.hasEnded }) {
                paragraphs.append(text.task(task, in: try Tree.current(in: db)))
            }
            if head.state == .declined, head.objectedAt == nil {
                paragraphs.append(words("letter.proposal.object", ["url": desk.site + "/proposal"]))
            }
            paragraphs.append(words("letter.proposal.page", ["url": "\(desk.site)/proposals/\(head.id)"]))
        case Self.hidden where head.state == .notPublished:
            paragraphs.append(words("letter.proposal.hidden", ["reason": head.reason.map(text.reason) ?? ""]))
        default: return nil
        }
        return Letter(
            address: address, subject: words("letter.proposal.subject"), paragraphs: paragraphs,
            item: .ofCampaign(.mail, campaign, organization: message.organization, address: address.description))
    }

    func sent(_ message: MailMessage, at now: Instant, in db: any Writing) throws {}

    /// A decline that was not looked at again yet is objected to; anything else is taken as a question.
    func replied(_ body: String, to message: MailMessage, at now: Instant, in db: any Writing) throws -> Bool {
        guard let own = try ProposalRows.find(ProposalID(message.about), in: db) else { return false }
        let head = try Objecting.head(of: own, in: db)
        guard head.can(.object), head.objectedAt == nil else { return false }
        try Objecting.take(body, from: own, head, by: .resident, at: now, in: db)
        return true
    }

    func stopped(_ message: MailMessage, at now: Instant, in db: any Writing) throws {
        let gone = try db.run("DELETE FROM proposal_contact WHERE proposal = \(message.about) AND kind = 'email'")
        guard gone > 0 else { return }
        try db.run(
            "UPDATE proposal SET reply = 'number', changed_at = \(now) WHERE id = \(message.about) AND reply = 'contact'")
    }

    private static func address(of proposal: ProposalID, in db: any Reading) throws -> String? {
        try db.first(
            String.self, "SELECT value FROM proposal_contact WHERE proposal = \(proposal) AND kind = 'email'")
    }

    /// Puts a letter into the queue for everybody whom the head stands for and who left a mail address with an organisation.
    /// - Parameter only: of these alone; nil for all.
    static func put(_ kind: String, for head: Proposal, only moved: Set<ProposalID>? = nil, at now: Instant, in db: any Writing) throws {
        let messages = try db.all(
            """
            SELECT p.id, p.language, c.value, c.organization FROM proposal p JOIN proposal_contact c ON c.proposal = p.id
            WHERE p.head = \(head.id) AND c.kind = 'email' AND c.organization <> \(OrganizationNo.none) ORDER BY p.made_at, p.id
            """
        ) { row in
            let (id, language) = (try row.next(ProposalID.self), try row.next(Language.self))
            let (address, organization) = (try row.next(String.self), try row.next(OrganizationNo.self))
            return NewMessage(
                kind: kind, campaign: head.campaign, organization: organization, about: LetterSubjectID(id),
                version: now.milliseconds, language: language, address: address)
        }
        // Who was told nothing yet hears the last of several decisions.
            .filter { message in moved?.contains(ProposalID(message.about)) ?? true }
        try MailQueue.put(messages, replacing: [decided, hidden], at: now, in: db)
    }
}
