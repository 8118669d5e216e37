import JarshyKit
import Storage

/// One line of the log.
struct Publication: Sendable {
    let id: ID<PublicationMark>
    let unit: UnitNo
    let organization: OrganizationNo
    /// Name of the page or the medium.
    let place: String
    let title: String
    let url: String
    let day: Day
    let itemClass: Release.ItemClass
    let sha256: Blob
    let isCounted: Bool
    let isVoided: Bool
    /// Its bytes lie in the server's own store.
    let hasCopy: Bool
}

extension Publication: Decodable {
    static let columns: SQL = """
        p.id, p.unit, p.organization, coalesce(o.name, p.outlet), p.title, p.url, p.day, p.class, p.sha256, p.counted,
            coalesce(r.voided, \(false)), c.publication IS NOT NULL
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        unit = try row.next()
        organization = try row.next()
        place = try row.next()
        title = try row.next()
        url = try row.next()
        day = try row.next()
        itemClass = try row.next()
        sha256 = try row.next()
        isCounted = try row.next()
        isVoided = try row.next()
        hasCopy = try row.next()
    }
}

/// Every SELECT of publications: the latest day first, paged by day and id.
struct PublicationRows {
    static let pageSize = 50
    static let mostExported = 20_000

    struct Cursor: Sendable {
        let day: Day
        let id: ID<PublicationMark>

        init(_ publication: Publication) {
            day = publication.day
            id = publication.id
        }

        init?(_ text: String) {
            let halves = text.split(separator: ".", maxSplits: 1)
            guard halves.count == 2, let day = Day(halves[0]), let id = ID<PublicationMark>(halves[1]) else { return nil }
            self.day = day
            self.id = id
        }

        var text: String { "\(day).\(id)" }
    }

    let campaign: CampaignNo
    let organization: OrganizationNo?
    /// Units at or below which the reader keeps the log.
    let homes: [UnitNo]
    let tree: Tree
    let db: any Reading

    func page(after cursor: Cursor?) throws -> (rows: [Publication], hasMore: Bool) {
        var later: SQL = ""
        if let cursor { later += " AND (p.day < \(cursor.day) OR (p.day = \(cursor.day) AND p.id > \(cursor.id)))" }
        let found = try db.all(
            Publication.self, where: condition + later + " ORDER BY p.day DESC, p.id LIMIT \(Self.pageSize + 1)")
        return (Array(found.prefix(Self.pageSize)), found.count > Self.pageSize)
    }

    func all() throws -> [Publication] {
        try db.all(Publication.self, where: condition + " ORDER BY p.day DESC, p.id LIMIT \(Self.mostExported)")
    }

    private var condition: SQL {
        var parts: [SQL] = ["p.campaign = \(campaign)"]
        if let organization { parts.append("p.organization = \(organization)") }
        if let root = tree.root, !homes.contains(root) {
            let all = Set(homes.flatMap { tree.subtree(of: $0) }).sorted()
            let chunks = Padded.chunks(all).map { chunk -> SQL in "p.unit IN \(chunk)" }
            parts.append(chunks.isEmpty ? "1 = 0" : "(" + SQL.joined(chunks, " OR ") + ")")
        }
        return """
            FROM publication p LEFT JOIN organization_page o ON o.id = p.page LEFT JOIN report r ON r.id = p.id
                LEFT JOIN publication_copy c ON c.publication = p.id
            WHERE \(SQL.joined(parts, " AND "))
            """
    }
}
