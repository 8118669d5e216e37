import JarshyKit
import Storage

/// All bytes of a file are here and their hash is right: every promise of it is kept, and reports that had no evidence rise, each
/// in one entry of the ledger. The server's own deed, done in one transaction; doing it again changes nothing.
struct EvidenceArrived: StructureAction {
    let sha256: [UInt8]
    let finding: Finding

    enum Finding: Sendable {
        case verified(Pictures.Found, bytes: Int64)
        case refused(String, bytes: Int64)
        /// What was found before holds: the file was promised once more.
        case known
    }

    func perform(by actor: Actor, on books: Books) throws {
        guard actor.kind == .operator else { throw Problem.forbidden(Right.reviewEvidence.rawValue) }
        let db = books.db
        let name = Blob(sha256)
        try record(name, books)
        guard try db.first(String.self, "SELECT state FROM evidence_file WHERE sha256 = \(name)") == "verified" else { return }
        let items = try db.all(
            """
            SELECT id, subject, subject_kind, author, op FROM evidence WHERE sha256 = \(name) AND verified_at IS NULL
            ORDER BY id\(SQL.forUpdate(db.dialect))
            """
        ) { row in
            (
                id: try row.next(EvidenceID.self), subject: try row.next(ReportID.self),
                kind: try row.next(EvidenceSubject.Kind.self), author: try row.next(PersonID.self),
                op: try row.next(OperationID.self)
            )
        }
        guard !items.isEmpty else { return }
        try books.open(Set(items.filter { $0.kind == .report }.map(\.subject)))
        for chunk in Padded.chunks(items.map(\.id)) {
            try db.run("UPDATE evidence SET verified_at = \(books.now) WHERE id IN \(chunk)")
        }
        for item in items where item.kind == .report {
            try books.set(evidenced: true, item.subject, by: item.author, op: item.op)
        }
    }

    private func record(_ name: Blob, _ books: Books) throws {
        let (state, reason, bytes, facts): (String, String, Int64, Pictures.Found?)
        switch finding {
        case .known: return
        case .refused(let why, let size): (state, reason, bytes, facts) = ("refused", why, size, nil)
        case .verified(let found, let size): (state, reason, bytes, facts) = ("verified", "", size, found)
        }
        let db = books.db
        if try db.first(String.self, "SELECT state FROM evidence_file WHERE sha256 = \(name)") != nil { return }
        let print = facts?.print ?? .none
        try db.run(
            """
            INSERT INTO evidence_file (sha256, state, reason, kind, bytes, width, height, print, at)
            VALUES (\(name), \(state), \(reason), \(facts?.kind.rawValue ?? ""), \(bytes), \(facts?.width ?? 0),
                \(facts?.height ?? 0), \(Blob(print.bytes)), \(books.now))
            """)
        try EvidenceTwins.record(sha256, print, in: db)
    }
}

/// Files that look alike.
enum EvidenceTwins {
    /// A blank sheet looks like every blank sheet: so many are enough to tell.
    private static let most = 20

    static func record(_ sha256: [UInt8], _ print: PhotoPrint, in db: any Writing) throws {
        guard !print.hashes.isEmpty else { return }
        var found: [(sha256: [UInt8], distance: Int)] = []
        var seen: Set<[UInt8]> = []
        for chunk in Padded.chunks(print.probes.sorted()) {
            try db.rows(
                """
                SELECT f.sha256, f.print FROM evidence_file f
                WHERE f.sha256 IN (SELECT sha256 FROM evidence_print WHERE quarter IN \(chunk))
                """
            ) { row in
                let (other, theirs) = (try row.next(Blob.self).bytes, PhotoPrint(bytes: try row.next(Blob.self).bytes))
                if seen.insert(other).inserted, let distance = print.distance(to: theirs), distance <= PhotoPrint.near {
                    found.append((other, distance))
                }
                return true
            }
        }
        let twins = found.sorted { $0.distance < $1.distance }.prefix(most).flatMap { twin -> [[Bind]] in
            let (mine, other, distance) = (Blob(sha256).bind, Blob(twin.sha256).bind, Int64(twin.distance).bind)
            return [[mine, other, distance], [other, mine, distance]]
        }
        try db.insert("INSERT INTO evidence_twin (sha256, other, distance) VALUES", rows: twins, "ON CONFLICT DO NOTHING")
        try db.insert(
            "INSERT INTO evidence_print (quarter, sha256) VALUES",
            rows: print.quarters.sorted().map { [$0.bind, Blob(sha256).bind] }, "ON CONFLICT DO NOTHING")
    }

    /// Other subjects that show the same file (`distance` 0) or one like it, by item.
    static func of(_ items: [EvidenceItem], in db: any Reading) throws -> [EvidenceID: [(subject: ReportID, distance: Int64)]] {
        let wanted = items.filter { $0.kind == .report }
        guard !wanted.isEmpty else { return [:] }
        var likes: [[UInt8]: [(other: [UInt8], distance: Int64)]] = [:]
        let hashes = Array(Set(wanted.map(\.sha256)))
        for hash in hashes { likes[hash] = [(hash, 0)] }
        try db.rows(
            "SELECT sha256, other, distance FROM evidence_twin WHERE sha256 IN \(hashes.map(Blob.init)) ORDER BY distance"
        ) { row in
            let mine = try row.next(Blob.self).bytes
            likes[mine, default: []].append((try row.next(Blob.self).bytes, try row.next()))
            return true
        }
        var subjects: [[UInt8]: [ReportID]] = [:]
        for chunk in Padded.chunks(Array(Set(likes.values.flatMap { $0.map(\.other) })).map(Blob.init)) {
            try db.rows(
                "SELECT sha256, subject FROM evidence WHERE subject_kind = 'report' AND sha256 IN \(chunk) ORDER BY id"
            ) { row in
                subjects[try row.next(Blob.self).bytes, default: []].append(try row.next())
                return true
            }
        }
        var found: [EvidenceID: [(subject: ReportID, distance: Int64)]] = [:]
        for item in wanted {
            var seen: Set<ReportID> = [item.report]
            for like in likes[item.sha256] ?? [] {
                for subject in subjects[like.other] ?? [] where seen.insert(subject).inserted {
                    found[item.id, default: []].append((subject, like.distance))
                }
            }
        }
        return found
    }
}
