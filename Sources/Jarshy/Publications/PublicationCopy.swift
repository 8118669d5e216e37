import JarshyKit
import Storage

/// Writes down that the copy of a publication lies in the server's own store. The bytes are there first: a row never points at
/// nothing, and a second time changes nothing. Needs `publish` over the publication's unit; outside that it is 404.
struct KeepPublicationCopy: Action {
    let publication: ID<PublicationMark>
    let sha256: [UInt8]
    /// The file's name as it came.
    let name: String
    let bytes: Int64

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try PublicationCopy.find(publication, for: actor, at: now, in: db)
        guard found.sha256.bytes == sha256 else {
            throw Problem.conflict("copy-differs", "The file does not have the checksum that was logged.")
        }
        if found.name != nil { return }
        try db.run(
            """
            INSERT INTO publication_copy (publication, name, bytes, author, at)
            VALUES (\(publication), \(String(LibraryText.cleaned(name).prefix(200))), \(bytes), \(actor.person), \(now))
            """)
        try Feed.record(
            FeedLine("copy", "publication", publication, unit: found.unit, detail: "sha256=\(Hex.encoded(sha256))"), by: actor,
            at: now, in: db)
    }
}

/// The kept copy of a publication.
struct PublicationCopy: Sendable {
    let unit: UnitNo
    let sha256: Blob
    /// Nil where only the checksum was logged.
    let name: String?

    /// - Throws: 404 where the reader does not keep the log.
    static func find(
        _ id: ID<PublicationMark>?, for actor: Actor, at now: Instant, in db: any Reading
    ) throws -> PublicationCopy {
        let found = try id.flatMap { id in
            try db.first(
                """
                SELECT p.unit, p.sha256, c.name FROM publication p LEFT JOIN publication_copy c ON c.publication = p.id
                WHERE p.id = \(id)
                """
            ) { row in PublicationCopy(unit: try row.next(), sha256: try row.next(), name: try row.next(String?.self)) }
        }
        let today = Zone.kazakhstan.day(at: now)
        guard let found, actor.holds(.publish, over: found.unit, in: try Tree.current(in: db), on: today) else {
            throw Problem.notFound("publication")
        }
        return found
    }
}
