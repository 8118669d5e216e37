import Crypto
import JarshyKit
import Storage

/// Writes down that an archived copy of a source lies in the store. The bytes are there first: a row never points at nothing.
/// Needs `manageFacts`.
struct KeepCopy: Action {
    let source: SourceID
    let sha256: [UInt8]
    let name: String
    let bytes: Int64

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = LibraryScope(actor, at: now)
        let found = try scope.source(source, in: db)
        try scope.requireKeeping()
        try db.run(
            """
            INSERT INTO source_copy (source, sha256, version, name, bytes, at, author)
            VALUES (\(source), \(Blob(sha256)), \(found.newest), \(String(LibraryText.cleaned(name).prefix(200))), \(bytes), \(now),
                \(actor.person))
            ON CONFLICT (source, sha256) DO NOTHING
            """)
        try db.run("UPDATE source SET sha256 = \(Blob(sha256)) WHERE id = \(source)")
        try PageStamp.touch(.library, in: db)
        try Feed.record(
            FeedLine("copy", "source", source, detail: "sha256=\(Hex.encoded(sha256))"), by: actor, at: now, in: db)
    }
}

/// Writes down what working out a copy's hash again came to. For whoever may read the library's work.
struct NoteCopyCheck: Action {
    let source: SourceID
    let sha256: [UInt8]
    let good: Bool

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        _ = try LibraryScope(actor, at: now).source(source, in: db)
        guard try FactRows.copies(of: source, in: db).contains(where: { $0.sha256 == sha256 }) else {
            throw Problem.notFound("copy")
        }
        try db.run(
            """
            INSERT INTO source_check (id, source, sha256, at, author, good)
            VALUES (\(ID<SourceCopy>.make(at: now)), \(source), \(Blob(sha256)), \(now), \(actor.person), \(good))
            """)
        try PageStamp.touch(.library, in: db)
        try Feed.record(FeedLine("verify", "source", source, detail: good ? "good" : "bad"), by: actor, at: now, in: db)
    }
}

/// Archived copies in the store of files.
enum SourceCopies {
    /// Keeps the bytes under their hash, durably.
    /// - Throws: 422 for an empty file, 503 when the disk is full.
    static func keep(_ bytes: [UInt8], by author: PersonID, in store: EvidenceStore) async throws -> [UInt8] {
        guard !bytes.isEmpty else { throw Problem.invalid([Problem.Fault("copy", "missing", "Choose a file.")]) }
        return try await store.put(bytes, by: author)
    }

    /// Is the copy there, and does it still have its hash?
    static func isGood(_ sha256: [UInt8], in store: EvidenceStore) async -> Bool {
        guard let bytes = await store.read(store.original(sha256), sha256) else { return false }
        return Array(SHA256.hash(data: bytes)) == sha256
    }
}
