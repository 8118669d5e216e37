import JarshyKit
import Storage

/// Something of the library that a text rests on, in the version that was read: a source, or a fact with its source.
struct LibraryCite: Sendable, Hashable {
    /// What somebody pasted: the address of a source's page, or of a fact on it.
    struct Address: Sendable, Hashable {
        let source: SourceID
        let fact: FactID?

        /// Nil for anything else. The page of the staff and an address with a host say the same.
        init?(_ typed: String) {
            guard let start = typed.firstRange(of: "/facts/") else { return nil }
            let rest = typed[start.upperBound...]
            guard let source = SourceID(String(rest.prefix { $0 != "/" && $0 != "#" && $0 != "?" })) else { return nil }
            self.source = source
            fact = rest.firstRange(of: "#fact-").flatMap { FactID(String(rest[$0.upperBound...]).trimmingSpaces()) }
        }

        init(source: SourceID, fact: FactID?) {
            self.source = source
            self.fact = fact
        }

        var path: String { "/facts/\(source)" + (fact.map { "#fact-\($0)" } ?? "") }
    }

    let address: Address
    /// The confirmed versions: what anybody could read when it was cited.
    let sourceVersion: Int64
    let factVersion: Int64?
    let title: String
    /// The source's own link; "" for what has none.
    let url: String
    let issued: Day?

    /// What stands behind these addresses, in their order.
    /// - Throws: 422 under `field` for what is not there, or was not confirmed by a second person yet.
    static func read(_ addresses: [Address], field: String, in db: any Reading) throws -> [LibraryCite] {
        guard !addresses.isEmpty else { return [] }
        let sources = try FactRows.confirmed(sources: addresses.map(\.source), in: db)
        let facts = try FactRows.confirmed(addresses.compactMap(\.fact), in: db)
        return try addresses.map { address in
            guard let source = sources[address.source] else { throw unconfirmed(field) }
            let fact = address.fact.flatMap { facts[$0] }
            if address.fact != nil, fact?.source != source.id { throw unconfirmed(field) }
            return LibraryCite(
                address: address, sourceVersion: source.version, factVersion: fact?.version, title: LibraryWords.title(source),
                url: source.url, issued: source.issued ?? source.checked)
        }
    }

    /// The sources whose own link one of these is; of several one that was confirmed, the earliest.
    static func sources(at links: Set<String>, in db: any Reading) throws -> [String: SourceID] {
        var found: [String: SourceID] = [:]
        for chunk in Padded.chunks(links.filter { !$0.isEmpty }.sorted()) {
            try db.rows(
                """
                SELECT s.url, s.id FROM source s WHERE s.url IN \(chunk)
                ORDER BY CASE WHEN EXISTS (SELECT 1 FROM source_version v WHERE v.source = s.id AND v.confirmed_by IS NOT NULL)
                    THEN 1 ELSE 0 END, s.id DESC
                """
            ) { row in
                found[try row.next(String.self)] = try row.next(SourceID.self)
                return true
            }
        }
        return found
    }

    private static func unconfirmed(_ field: String) -> Problem {
        Problem.invalid([
            Problem.Fault(field, "source-unconfirmed", "Only what a second person has confirmed in the library is cited.")
        ])
    }
}

/// What rests on a source, as the features above the library tell it: the library names none of them.
struct LibraryUse: Sendable {
    struct Line: Sendable {
        let title: String
        let language: Language
        let path: String
        /// It was written on an older version than the one that stands.
        let isBehind: Bool
    }

    /// Whoever reads the lines: a line leads to a page that opens for this person.
    struct Reader: Sendable {
        let actor: Actor
        let tree: Tree
        let today: Day

        init(_ actor: Actor, on today: Day, in db: any Reading) throws {
            (self.actor, self.today) = (actor, today)
            tree = try Tree.current(in: db)
        }

        /// One of the rights, over the unit; over the whole tree for nil.
        func holds(_ rights: [Right], over unit: UnitNo?) -> Bool {
            guard let unit = unit ?? tree.root else { return false }
            return rights.contains { actor.holds($0, over: unit, in: tree, on: today) }
        }
    }

    /// Everything that cites the source.
    let citing: @Sendable (SourceID, Reader, any Reading) throws -> [Line]
    /// What of a campaign rests on something that has changed since, the longest first.
    let behind: @Sendable (CampaignNo, Reader, any Reading) throws -> [Line]

    static let most = 100
}
