import JarshyKit
import Storage

/// A reviewer has looked at a file of evidence: it stands, or it is rejected for a reason. A report whose only file is rejected is
/// no longer evidenced; its figures stay. What shows names or faces is deleted; that it was checked stays.
struct CheckEvidence: StructureAction {
    let item: EvidenceID
    let decision: EvidenceItem.Decision
    /// One of `reasons` for a rejection, "" otherwise.
    let reason: String

    static let reasons = ["names", "faces", "other-event", "copied", "unreadable"]
    /// What nobody should have taken is deleted at once.
    static let deleting: Set<String> = ["names", "faces"]

    struct Checked: Sendable {
        let sha256: [UInt8]
        /// The bytes are to be erased now that the transaction holds.
        let erases: Bool
    }

    func perform(by actor: Actor, on books: Books) throws -> Checked {
        let db = books.db
        let (item, host) = try EvidenceGate.find(item, for: actor, today: books.today, in: db)
        try actor.require(.reviewEvidence, over: item.unit, organization: host, in: books.tree, on: books.today)
        if item.author == actor.person {
            throw Problem("own-evidence", status: 403, "Nobody checks the evidence they sent.")
        }
        switch decision {
        case .none: throw Problem.invalid([Problem.Fault("decision", "missing", "Say whether the evidence stands.")])
        case .accepted: break
        case .rejected:
            guard CheckEvidence.reasons.contains(reason) else {
                throw Problem.invalid([Problem.Fault("reason", "missing", "Say why it is rejected.")])
            }
        }
        guard item.isReceived else {
            throw Problem.conflict("not-received", "The file has not arrived yet; there is nothing to look at.")
        }
        if decision == .accepted, item.file?.state == "deleted" {
            throw Problem.conflict("evidence-deleted", "The file is deleted and cannot stand as evidence again.")
        }
        let why = decision == .rejected ? reason : ""
        let erases = CheckEvidence.deleting.contains(why)
        let isReport = item.kind == .report
        if isReport { try books.open([item.report]) }
        try db.run(
            """
            UPDATE evidence SET decision = \(decision), reason = \(why), checked_by = \(actor.person), checked_at = \(books.now)
            WHERE id = \(item.id)
            """)
        if erases {
            try db.run(
                "UPDATE evidence_file SET state = 'deleted', reason = \(why) WHERE sha256 = \(Blob(item.sha256)) AND state = 'verified'")
        }
        if isReport {
            let standing = try db.value(
                """
                SELECT count(*) FROM evidence
                WHERE subject = \(item.subject) AND verified_at IS NOT NULL AND decision <> 'rejected'
                """, as: Int64.self)
            try books.set(evidenced: standing > 0, item.report, by: actor.person, op: OperationID.make(at: books.now))
        }
        let verb = decision == .accepted ? "accept-evidence" : "reject-evidence"
        let detail = why.isEmpty ? "" : "reason=\(why)"
        books.record(FeedLine(verb, "evidence", item.id, unit: item.unit, detail: detail), by: actor)
        return Checked(sha256: item.sha256, erases: erases)
    }
}

/// Opens an original: the right decides, and who looked is written down.
struct ReadOriginal: Action {
    let item: EvidenceID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> EvidenceItem {
        let today = Zone.kazakhstan.day(at: now)
        let (item, host) = try EvidenceGate.find(item, for: actor, today: today, in: db)
        try actor.require(.reviewEvidence, over: item.unit, organization: host, in: try Tree.current(in: db), on: today)
        guard item.hasOriginal else { throw Problem.notFound("evidence") }
        try db.run(
            """
            INSERT INTO personal_read (id, at, reader, subject, page)
            VALUES (\(EvidenceID.make(at: now)), \(now), \(actor.person), \(item.author), \("evidence original"))
            """)
        try Feed.record(
            FeedLine("read-original", "evidence", item.id, unit: item.unit), by: actor, at: now, in: db)
        return item
    }
}
