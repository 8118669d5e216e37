import JarshyKit
import Storage

enum SourceMark {}
enum FactMark {}
typealias SourceID = ID<SourceMark>
typealias FactID = ID<FactMark>

/// Who wrote a version and who confirmed it.
struct LibraryHands: Sendable {
    let author: PersonID
    let organization: OrganizationNo
    let at: Instant
    let confirmedBy: PersonID?
    let confirmedOrganization: OrganizationNo?
    let confirmedAt: Instant?

    var isConfirmed: Bool { confirmedBy != nil }

    init(_ row: inout Row) throws {
        author = try row.next()
        organization = try row.next()
        at = try row.next()
        confirmedBy = try row.next()
        confirmedOrganization = try row.next()
        confirmedAt = try row.next()
    }

    static let columns: SQL = """
        v.author, v.author_organization, v.at, v.confirmed_by, v.confirmed_organization, v.confirmed_at
        """

    /// The organisation in whose name somebody is the second person.
    /// - Throws: 403 for the author, for anybody who shares the author's organisation, and for whoever belongs to none.
    func second(_ actor: Actor) throws -> OrganizationNo {
        guard actor.person != author else {
            throw Problem("own-version", status: 403, "Nobody confirms what they wrote.")
        }
        guard !actor.organizations.contains(organization), let own = actor.organizations.first else {
            throw Problem("same-organization", status: 403, "The second person belongs to another organisation.")
        }
        return own
    }
}

/// A source of the library, in one of its versions.
struct Source: Sendable {
    let id: SourceID
    let campaign: CampaignNo
    let version: Int64
    /// The newest version there is; higher than `version` while a newer one waits to be confirmed.
    let newest: Int64
    let title: String
    let section: String
    let url: String
    /// The words of the section.
    let statement: String
    let issued: Day?
    let itemClass: Release.ItemClass
    let checked: Day
    let reason: String
    let hands: LibraryHands

    var isBehind: Bool { newest > version }
}

extension Source: Decodable {
    static let columns: SQL = """
        s.id, s.campaign, v.version, s.version, v.title, v.section, v.url, v.statement, v.issued_day, v.class, v.checked_day,
            v.reason, v.author, v.author_organization, v.at, v.confirmed_by, v.confirmed_organization, v.confirmed_at
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        version = try row.next()
        newest = try row.next()
        title = try row.next()
        section = try row.next()
        url = try row.next()
        statement = try row.next()
        issued = try row.next()
        itemClass = try row.next()
        checked = try row.next()
        reason = try row.next()
        hands = try LibraryHands(&row)
    }
}

/// A fact of the library, in one of its versions.
struct Fact: Sendable {
    let id: FactID
    let source: SourceID
    let version: Int64
    let newest: Int64
    /// The version of the source that was read for it, and the one that stands.
    let read: Int64
    let stands: Int64
    let statements: [Language: String]
    let itemClass: Release.ItemClass
    let checked: Day
    let reason: String
    let hands: LibraryHands

    /// The source has changed since the fact was read in it.
    var isStale: Bool { stands > read }

    /// Whoever cites this version cites something older than what stands, or that rests on it.
    var isBehind: Bool { isStale || newest > version }

    /// In the language, else in any there is.
    func statement(_ language: Language) -> (text: String, language: Language) {
        let order = [language] + Language.allCases
        let found = order.first { !(statements[$0] ?? "").isEmpty } ?? language
        return (statements[found] ?? "", found)
    }
}

extension Fact: Decodable {
    static let columns: SQL = """
        f.id, f.source, v.version, f.version, f.source_version, s.version, v.statement_kk, v.statement_ru, v.statement_en,
            v.class, v.checked_day, v.reason, v.author, v.author_organization, v.at, v.confirmed_by,
            v.confirmed_organization, v.confirmed_at
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        source = try row.next()
        version = try row.next()
        newest = try row.next()
        read = try row.next()
        stands = try row.next()
        statements = [.kk: try row.next(), .ru: try row.next(), .en: try row.next()]
        itemClass = try row.next()
        checked = try row.next()
        reason = try row.next()
        hands = try LibraryHands(&row)
    }
}

/// An archived copy.
struct SourceCopy: Sendable {
    let sha256: [UInt8]
    let version: Int64
    let name: String
    let bytes: Int64
    let at: Instant

    /// Whether it lay there when a second person confirmed the source: what came later nobody but its author may have seen.
    func isPublic(with versions: [Source]) -> Bool {
        versions.contains { source in
            source.version >= version && (source.hands.confirmedAt.map { $0 >= at } ?? false)
        }
    }
}
