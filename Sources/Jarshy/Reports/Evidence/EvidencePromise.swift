import JarshyKit
import Storage

enum EvidenceMark {}
typealias EvidenceID = ID<EvidenceMark>

/// A file that an operation promises: its hash, what it shows, how many bytes.
struct EvidencePromise: Sendable {
    let sha256: [UInt8]
    let role: Role
    let bytes: Int64

    /// What a photo shows. There is no role for a list of people, and never will be.
    enum Role: String, Stored, Sendable, CaseIterable {
        case tally, hall, counter, slips, site, scan
    }

    static let most = 10
    static let longest: Int64 = 12_582_912

    /// Where people depend on an employer or a teacher: audiences and activities met at work or at school.
    static let guardedAudiences: Set<String> = ["work_collective", "students", "pupils", "teachers"]
    static let guardedActivities: Set<String> = ["workplace_meeting", "school_meeting"]

    /// Roles of paper with lines on it. A photo cannot tell a tally from a list of names, so none is taken where a list
    /// would be used against people.
    static let lists: Set<Role> = [.tally, .slips, .scan]

    /// Reads the member `evidence` of an operation; faults go to `fields`.
    static func read(from fields: inout Members) -> [EvidencePromise] {
        let list = fields.list("evidence") ?? []
        if list.count > most { fields.fault("evidence", "too-many", "At most \(most) files go with one operation.") }
        var promises: [EvidencePromise] = []
        for (index, item) in list.prefix(most).enumerated() {
            var inner = Members(item, at: "evidence[\(index)]")
            let hash = inner.neededText("sha256")
            let word = inner.neededText("role")
            let bytes = inner.neededInteger("bytes")
            let sum = Hex.decoded(hash)
            if sum?.count != 32 { inner.fault("sha256", "wrong-type", "64 hexadecimal digits are wanted.") }
            let role = Role(rawValue: word)
            if role == nil, !word.isEmpty {
                inner.fault("role", "unknown", "'role' is one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            if !(1...longest).contains(bytes) {
                inner.fault("bytes", "out-of-bounds", "A file has 1 to \(longest) bytes.")
            }
            try? inner.finish()
            fields.add(inner.faults)
            if let sum, let role { promises.append(EvidencePromise(sha256: sum, role: role, bytes: bytes)) }
        }
        return promises
    }

    /// - Throws: 422 where the place allows no such file.
    static func check(_ promises: [EvidencePromise], audience: String, activity: String) throws {
        guard guardedAudiences.contains(audience) || guardedActivities.contains(activity) else { return }
        let faults = promises.enumerated().filter { lists.contains($1.role) }.map { index, _ in
            Problem.Fault("evidence[\(index)].role", "no-lists-here", "No lists are taken from workplaces and schools.")
        }
        if !faults.isEmpty { throw Problem.invalid(faults) }
    }
}

/// What evidence belongs to.
struct EvidenceSubject: Sendable, Hashable {
    let kind: Kind
    let high: UInt64
    let low: UInt64

    enum Kind: String, Stored, Sendable { case report, site }

    static func report(_ id: ReportID) -> EvidenceSubject { EvidenceSubject(.report, id) }
    static func site<Of>(_ id: ID<Of>) -> EvidenceSubject { EvidenceSubject(.site, id) }

    private init<Of>(_ kind: Kind, _ id: ID<Of>) {
        (self.kind, high, low) = (kind, id.high, id.low)
    }

    var report: ReportID { ReportID(high: high, low: low) }
}

extension Books {
    /// Takes note of promised files with the rest of the operation. A file promised before for the subject stays as it was.
    func promise(
        _ files: [EvidencePromise], of subject: EvidenceSubject, unit: UnitNo, by author: PersonID, _ operation: Operation
    ) {
        for file in files {
            evidence.append([
                EvidenceID.make(at: now).bind, subject.kind.bind, subject.report.bind, Blob(file.sha256).bind, file.role.bind,
                file.bytes.bind, unit.bind, author.bind, operation.id.bind, now.bind, .text(""), .text(""),
            ])
        }
    }

    /// Raises or lowers the evidenced measure of a report, in one entry of the ledger.
    func set(evidenced: Bool, _ id: ReportID, by author: PersonID, op: OperationID) throws {
        guard var report = report(id), report.isEvidenced != evidenced else { return }
        let before = Posting(report)
        report.isEvidenced = evidenced
        report.changedAt = now
        change(report)
        // A voided report counts nowhere: only what is said of it changes.
        guard !report.isVoided else { return }
        let position = try position(in: try path(report.path).stream)
        try post(
            .evidence, at: position, report: id, rev: report.rev, out: before, in: Posting(report), by: author, op: op)
    }

    /// Locks the streams of reports and reads the reports: for changes that come not as operations.
    func open(_ reports: Set<ReportID>) throws {
        var streams: Set<UnitNo> = []
        for chunk in Padded.chunks(reports.sorted()) {
            streams.formUnion(
                try db.all(
                    UnitNo.self,
                    "SELECT DISTINCT path.stream FROM report JOIN path ON path.id = report.path WHERE report.id IN \(chunk)"))
        }
        try lock(streams)
        try load(reports)
    }
}
