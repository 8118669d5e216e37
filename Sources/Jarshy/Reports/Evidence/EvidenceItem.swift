import JarshyKit
import Storage

/// A promised file of a subject, with what is known of it.
struct EvidenceItem: Sendable {
    let id: EvidenceID
    let subject: ID<EvidenceSubject>
    let kind: EvidenceSubject.Kind
    let sha256: [UInt8]
    let role: EvidencePromise.Role
    let bytes: Int64
    let unit: UnitNo
    let author: PersonID
    let op: OperationID
    let verified: Instant?
    let decision: Decision
    let reason: String
    /// Nil until all of the file has come, from whomever.
    let file: File?

    enum Decision: String, Stored, Sendable { case none = "", accepted, rejected }

    struct File: Sendable {
        let state: String
        let reason: String
        let kind: String
        let isOriginalGone: Bool
    }

    var report: ReportID { ReportID(subject) }
    var isReceived: Bool { verified != nil }
    /// A thumbnail can be shown: pictures only, until their bytes are deleted.
    var hasThumb: Bool { file?.state == "verified" && file?.kind != "pdf" }
    var hasOriginal: Bool { file?.state == "verified" && file?.isOriginalGone == false }

    static let select: SQL = """
        SELECT e.id, e.subject, e.subject_kind, e.sha256, e.role, e.bytes, e.unit, e.author, e.op, e.verified_at, e.decision, e.reason,
            f.state, f.reason, f.kind, f.original_gone_at
        FROM evidence e LEFT JOIN evidence_file f ON f.sha256 = e.sha256
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        subject = try row.next()
        kind = try row.next()
        sha256 = try row.next(Blob.self).bytes
        role = try row.next()
        bytes = try row.next()
        unit = try row.next()
        author = try row.next()
        op = try row.next()
        verified = try row.next(Instant?.self)
        decision = try row.next()
        reason = try row.next()
        let (state, why) = (try row.next(String?.self), try row.next(String?.self))
        let (type, gone) = (try row.next(String?.self), try row.next(Instant?.self))
        file = state.map { File(state: $0, reason: why ?? "", kind: type ?? "", isOriginalGone: gone != nil) }
    }

    static func find(_ id: EvidenceID?, in db: any Reading) throws -> EvidenceItem {
        guard let id, let item = try db.first("\(select) WHERE e.id = \(id)", { row in try EvidenceItem(&row) }) else {
            throw Problem.notFound("evidence")
        }
        return item
    }

    /// The files of some subjects, by subject, oldest promise first; a fixed number of statements.
    static func list<Of>(of subjects: [ID<Of>], in db: any Reading) throws -> [ID<Of>: [EvidenceItem]] {
        var found: [ID<Of>: [EvidenceItem]] = [:]
        for chunk in Padded.chunks(Array(Set(subjects)).sorted()) {
            for item in try db.all("\(select) WHERE e.subject IN \(chunk) ORDER BY e.id", { row in try EvidenceItem(&row) }) {
                found[ID(item.subject), default: []].append(item)
            }
        }
        return found
    }
}

/// Who may see a file of evidence: whoever may see its subject. Outside that it does not exist.
enum EvidenceGate {
    /// - Returns: the item, and the organisation whose figure it is about.
    static func find(
        _ id: EvidenceID?, for actor: Actor, today: Day, in db: any Reading
    ) throws -> (item: EvidenceItem, organization: OrganizationNo?) {
        let item = try EvidenceItem.find(id, in: db)
        let tree = try Tree.current(in: db)
        switch item.kind {
        case .report:
            guard let report = try db.first(Report.self, where: "FROM report WHERE id = \(item.report)"),
                let path = try db.first(
                    "SELECT id, chain FROM path WHERE id = \(report.path)",
                    { row in Interned.path(id: try row.next(), chain: try row.next()) })
            else { throw Problem.notFound("evidence") }
            let host = try ReportRows.cells([report.cell], in: db)[report.cell]?.organization
            guard
                ReportView.mayRead(report, organization: host, path: path.chain, actor: actor, today: today, tree: tree)
                    || actor.holds(.reviewEvidence, over: report.unit, organization: host, in: tree, on: today)
            else { throw Problem.notFound("evidence") }
            return (item, host)
        case .site:
            let rights: [Right] = [.useMaterials, .manageMaterials, .reviewEvidence]
            guard
                item.author == actor.person
                    || rights.contains(where: { actor.holds($0, over: item.unit, in: tree, on: today) })
            else { throw Problem.notFound("evidence") }
            return (item, nil)
        }
    }
}
