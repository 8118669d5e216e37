import JarshyKit
import Storage

/// Files in chunks, from the phone that promised them. See `docs/api/evidence.md`.
enum EvidenceApi {
    static let chunk = BodyLimit.form

    /// What the caller's own promises say of a file.
    private struct Promise: Sendable {
        let bytes: Int64
        let role: EvidencePromise.Role
        let isWaiting: Bool
        let state: String?
        let reason: String
    }

    static func routes(_ site: inout Routes, intake: Intake, store: EvidenceStore) {
        site.get("/api/v1/evidence/{sha256}", .bearer, api: readNote) { visit in
            let (sha256, author) = try named(visit)
            let promise = try await promised(sha256, visit)
            return try await known(promise, sha256, author, visit, intake, store)
        }
        site.put("/api/v1/evidence/{sha256}", .bearer, limit: chunk, api: writeNote) { visit in
            try await put(visit, intake, store)
        }
    }

    private static func named(_ visit: Visit) throws -> ([UInt8], PersonID) {
        let person = try visit.require().person
        guard let sha256 = Hex.decoded(visit.parameter("sha256")), sha256.count == 32 else { throw Problem.notFound("evidence") }
        return (sha256, person)
    }

    private static func promised(_ sha256: [UInt8], _ visit: Visit) async throws -> Promise {
        let person = try visit.require().person
        let rows = try await visit.read { db in
            try db.all(
                """
                SELECT e.bytes, e.role, e.verified_at, f.state, f.reason FROM evidence e
                LEFT JOIN evidence_file f ON f.sha256 = e.sha256
                WHERE e.sha256 = \(Blob(sha256)) AND e.author = \(person)
                """
            ) { row in
                Promise(
                    bytes: try row.next(), role: try row.next(), isWaiting: try row.next(Instant?.self) == nil,
                    state: try row.next(String?.self), reason: try row.next(String?.self) ?? "")
            }
        }
        guard let first = rows.first else { throw Problem.notFound("evidence") }
        return Promise(
            bytes: rows.map(\.bytes).max() ?? first.bytes, role: rows.contains { $0.role == .scan } ? .scan : first.role,
            isWaiting: rows.contains(where: \.isWaiting), state: first.state, reason: first.reason)
    }

    /// How a file stands. One that came with another report is counted for this one too.
    private static func known(
        _ promise: Promise, _ sha256: [UInt8], _ author: PersonID, _ visit: Visit, _ intake: Intake, _ store: EvidenceStore
    ) async throws -> Reply {
        guard let state = promise.state else {
            let have = await store.have(sha256, of: author)
            // Everything had come, and the server stopped before it looked: look now.
            if have == promise.bytes { return try await finish(promise, sha256, author, visit, intake, store) }
            return answer(promise.bytes, have: have, "receiving")
        }
        if state == "verified", promise.isWaiting {
            try await intake.change(EvidenceArrived(sha256: sha256, finding: .known), by: .operator, at: visit.now)
        }
        return answer(promise.bytes, have: state == "refused" ? 0 : promise.bytes, state, promise.reason)
    }

    private static func answer(_ bytes: Int64, have: Int64, _ state: String, _ reason: String = "") -> Reply {
        let why = reason.isEmpty ? "" : ",\"reason\":\(Json.quoted(reason))"
        return .json("{\"bytes\":\(bytes),\"have\":\(have),\"state\":\"\(state)\"\(why)}").header("cache-control", "no-store")
    }

    private static func put(_ visit: Visit, _ intake: Intake, _ store: EvidenceStore) async throws -> Reply {
        let (sha256, author) = try named(visit)
        let promise = try await promised(sha256, visit)
        if promise.state != nil { return try await known(promise, sha256, author, visit, intake, store) }
        guard let offset = visit.query["offset"].flatMap({ Int64($0) }), offset >= 0 else {
            throw Problem.invalid([Problem.Fault("offset", "missing", "'offset' says where the chunk begins.")])
        }
        let end = offset.addingReportingOverflow(Int64(visit.body.count))
        guard !end.overflow, end.partialValue <= promise.bytes else {
            throw Problem("longer", status: 413, "The file was promised with \(promise.bytes) bytes.")
        }
        var have = await store.have(sha256, of: author)
        if have < promise.bytes {
            guard !visit.body.isEmpty else {
                throw Problem.invalid([Problem.Fault("body", "missing", "A chunk has at least one byte.")])
            }
            switch try await store.append(visit.body, at: offset, of: sha256, by: author) {
            case .have(let now): have = now
            case .offset(let now): return wrongOffset(now, promise.bytes, visit)
            case .noRoom:
                throw Problem("no-room", status: 503, "The disk is full. What has come is kept; send the same again later.")
            }
        }
        if have < promise.bytes { return answer(promise.bytes, have: have, "receiving") }
        return try await finish(promise, sha256, author, visit, intake, store)
    }

    /// All of a file at once, as a form brings it; the operation that promised it stands already.
    /// - Throws: as a chunk does; the promise then waits for the file.
    static func take(_ content: [UInt8], _ visit: Visit, _ intake: Intake, _ store: EvidenceStore) async throws {
        let (sha256, author) = (EvidenceStore.sha256(content), try visit.require().person)
        let promise = try await promised(sha256, visit)
        guard promise.state == nil else {
            _ = try await known(promise, sha256, author, visit, intake, store)
            return
        }
        await store.discard(sha256, of: author)
        guard try await store.append(content, at: 0, of: sha256, by: author) == .have(promise.bytes) else {
            throw Problem("no-room", status: 503, "The disk is full. Send the same again later.")
        }
        _ = try await finish(promise, sha256, author, visit, intake, store)
    }

    /// All bytes are here: the hash, then the type, then the picture, then the ledger.
    private static func finish(
        _ promise: Promise, _ sha256: [UInt8], _ author: PersonID, _ visit: Visit, _ intake: Intake, _ store: EvidenceStore
    ) async throws -> Reply {
        guard try await store.digest(sha256, of: author) == sha256 else {
            await store.discard(sha256, of: author)
            throw Problem("wrong-hash", status: 422, "The bytes do not have the promised hash. Send the file from the beginning.")
        }
        do {
            let facts = try await Pictures.look(at: store.part(sha256, of: author), thumb: store.thumb(sha256))
            if facts.kind == .pdf, promise.role != .scan {
                await store.discard(sha256, of: author)
                throw Problem("pdf-only-scan", status: 422, "A PDF is taken only as a scan.")
            }
            try await store.keep(sha256, of: author)
            try await intake.change(
                EvidenceArrived(sha256: sha256, finding: .verified(facts, bytes: promise.bytes)), by: .operator, at: visit.now)
            return answer(promise.bytes, have: promise.bytes, "verified")
        } catch let problem as Problem where ["wrong-type", "too-many-pixels", "broken-image"].contains(problem.slug) {
            // Final, by the content: the same bytes are never looked at again.
            try await intake.change(
                EvidenceArrived(sha256: sha256, finding: .refused(problem.slug, bytes: promise.bytes)), by: .operator,
                at: visit.now)
            await store.discard(sha256, of: author)
            throw problem
        }
    }

    private static func wrongOffset(_ have: Int64, _ bytes: Int64, _ visit: Visit) -> Reply {
        let problem = Problem("offset", status: 409, "The next chunk begins at \(have).")
        let json = problem.json(instance: visit.id).dropLast() + ",\"have\":\(have),\"bytes\":\(bytes),\"state\":\"receiving\"}"
        return Reply(
            status: 409, headers: [("content-type", "application/problem+json")], body: .bytes(Array(json.utf8)))
    }

    private static let state = """
        {"type":"object","required":["bytes","have","state"],"properties":{"bytes":{"type":"integer"},
        "have":{"type":"integer","description":"durable here; the next chunk begins there"},
        "state":{"type":"string","enum":["receiving","verified","refused","deleted"]},"reason":{"type":"string"}}}
        """

    private static let readNote = ApiNote(summary: "How much of a promised file has arrived", answer: state)

    private static let writeNote = ApiNote(
        summary: "The next chunk of a promised file, at most 262144 bytes",
        query: [.init(name: "offset", about: "where the chunk begins", required: true)], answer: state)
}
