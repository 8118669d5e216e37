import JarshyKit
import Storage

enum BriefMark {}
typealias BriefID = ID<BriefMark>

/// What is taken along on a topic in one language, as it stands.
struct Brief: Sendable {
    let id: BriefID
    let campaign: CampaignNo
    let topic: String
    let language: Language
    /// The approved one; 0 until there is one.
    let version: Int64

    struct Version: Sendable, Hashable {
        let version: Int64
        let title: String
        let body: String
        let sources: String
        let author: PersonID
        let at: Instant
        let checkedBy: PersonID?
    }

    private static func read(_ row: inout Row) throws -> Brief {
        Brief(
            id: try row.next(), campaign: try row.next(), topic: try row.next(), language: try row.next(),
            version: try row.next())
    }

    static func all(of campaign: CampaignNo, in db: any Reading) throws -> [Brief] {
        try db.all(
            "SELECT id, campaign, topic, language, version FROM brief WHERE campaign = \(campaign) ORDER BY topic, language", read)
    }

    static func find(_ id: BriefID?, in db: any Reading) throws -> Brief {
        guard let id,
            let found = try db.first("SELECT id, campaign, topic, language, version FROM brief WHERE id = \(id)", read)
        else { throw Problem.notFound("brief") }
        return found
    }

    /// The versions of a brief, the newest first.
    static func versions(of brief: BriefID, in db: any Reading) throws -> [Version] {
        try db.all(
            """
            SELECT version, title, body, sources, author, at, checked_by FROM brief_version WHERE brief = \(brief)
            ORDER BY version DESC
            """
        ) { row in
            Version(
                version: try row.next(), title: try row.next(), body: try row.next(), sources: try row.next(),
                author: try row.next(), at: try row.next(), checkedBy: try row.next(PersonID?.self))
        }
    }

    /// Which of these rest on a fact that has changed since, or on one whose source has.
    static func stale(_ briefs: [Brief], in db: any Reading) throws -> Set<BriefID> {
        var stale: Set<BriefID> = []
        for chunk in Padded.chunks(briefs.filter { $0.version > 0 }.map(\.id)) {
            stale.formUnion(
                try db.all(
                    BriefID.self,
                    """
                    SELECT DISTINCT b.id FROM brief b JOIN brief_fact r ON r.brief = b.id AND r.version = b.version
                    JOIN fact f ON f.id = r.fact JOIN source s ON s.id = f.source
                    WHERE b.id IN \(chunk) AND (f.version > r.fact_version OR s.version > f.source_version)
                    """))
        }
        return stale
    }

    /// A fact as a version of a brief cites it.
    struct Cited: Sendable {
        let fact: Fact
        /// The fact, or its source, says something else now.
        let isStale: Bool
    }

    /// What each version of a brief cites, in the order the facts were confirmed in.
    static func cited(by brief: BriefID, in db: any Reading) throws -> [Int64: [Cited]] {
        let lines = try db.all(
            "SELECT version, fact, fact_version FROM brief_fact WHERE brief = \(brief) ORDER BY version, fact"
        ) { row in (version: try row.next(Int64.self), fact: try row.next(FactID.self), read: try row.next(Int64.self)) }
        let facts = try FactRows.confirmed(Array(Set(lines.map(\.fact))), in: db)
        var cited: [Int64: [Cited]] = [:]
        for line in lines {
            guard let fact = facts[line.fact] else { continue }
            cited[line.version, default: []].append(Cited(fact: fact, isStale: fact.newest > line.read || fact.isStale))
        }
        return cited
    }
}
