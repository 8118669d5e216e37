import JarshyKit
import Storage

/// Every SELECT of the library.
enum FactRows {
    static let pageSize = 50

    private static let newestSource: SQL = "FROM source s JOIN source_version v ON v.source = s.id AND v.version = s.version "
    private static let confirmedSource: SQL = """
        FROM source s JOIN source_version v ON v.source = s.id AND v.version =
            (SELECT max(x.version) FROM source_version x WHERE x.source = s.id AND x.confirmed_by IS NOT NULL)
        """
    private static let newestFact: SQL = """
        FROM fact f JOIN source s ON s.id = f.source JOIN fact_version v ON v.fact = f.id AND v.version = f.version
        """
    private static let confirmedFact: SQL = """
        FROM fact f JOIN source s ON s.id = f.source JOIN fact_version v ON v.fact = f.id AND v.version =
            (SELECT max(x.version) FROM fact_version x WHERE x.fact = f.id AND x.confirmed_by IS NOT NULL)
        """

    /// What the public reads of a campaign's library, in the order of titles and sections.
    static func confirmed(_ campaign: CampaignNo, offset: Int, in db: any Reading) throws -> [Source] {
        try db.all(
            Source.self,
            where: confirmedSource
                + " WHERE s.campaign = \(campaign) ORDER BY v.title, v.section, s.id LIMIT \(pageSize + 1) OFFSET \(offset)")
    }

    static func confirmed(_ id: SourceID, in db: any Reading) throws -> Source? {
        try db.first(Source.self, where: confirmedSource + " WHERE s.id = \(id)")
    }

    /// Confirmed sources by id, whatever their campaign.
    static func confirmed(sources ids: [SourceID], in db: any Reading) throws -> [SourceID: Source] {
        var found: [SourceID: Source] = [:]
        for chunk in Padded.chunks(Set(ids).sorted()) {
            for source in try db.all(Source.self, where: confirmedSource + " WHERE s.id IN \(chunk)") { found[source.id] = source }
        }
        return found
    }

    static func newest(_ id: SourceID, in db: any Reading) throws -> Source? {
        try db.first(Source.self, where: newestSource + "WHERE s.id = \(id)")
    }

    static func newest(_ campaign: CampaignNo, offset: Int, in db: any Reading) throws -> [Source] {
        try db.all(
            Source.self,
            where: newestSource
                + "WHERE s.campaign = \(campaign) ORDER BY v.title, v.section, s.id LIMIT \(pageSize + 1) OFFSET \(offset)")
    }

    /// Sources whose newest version nobody has confirmed, the longest waiting first.
    static func waiting(_ campaign: CampaignNo, in db: any Reading) throws -> [Source] {
        try db.all(
            Source.self,
            where: newestSource
                + "WHERE s.campaign = \(campaign) AND v.confirmed_by IS NULL ORDER BY v.at, s.id LIMIT \(pageSize)")
    }

    static func versions(of source: SourceID, in db: any Reading) throws -> [Source] {
        try db.all(
            Source.self,
            where: "FROM source s JOIN source_version v ON v.source = s.id WHERE s.id = \(source) ORDER BY v.version DESC")
    }

    static func copies(of source: SourceID, in db: any Reading) throws -> [SourceCopy] {
        try db.all(
            "SELECT sha256, version, name, bytes, at FROM source_copy WHERE source = \(source) ORDER BY at DESC, sha256"
        ) { row in
            SourceCopy(
                sha256: try row.next(Blob.self).bytes, version: try row.next(), name: try row.next(),
                bytes: try row.next(), at: try row.next())
        }
    }

    /// The last verification of each copy.
    static func checks(of source: SourceID, in db: any Reading) throws -> [[UInt8]: (at: Instant, good: Bool)] {
        var checks: [[UInt8]: (at: Instant, good: Bool)] = [:]
        try db.rows("SELECT sha256, at, good FROM source_check WHERE source = \(source) ORDER BY at, id") { row in
            checks[try row.next(Blob.self).bytes] = (try row.next(Instant.self), try row.next(Bool.self))
            return true
        }
        return checks
    }

    // MARK: Facts

    static func fact(_ id: FactID, in db: any Reading) throws -> Fact? {
        try db.first(Fact.self, where: newestFact + " WHERE f.id = \(id)")
    }

    static func facts(of source: SourceID, confirmed: Bool, in db: any Reading) throws -> [Fact] {
        try db.all(
            Fact.self,
            where: (confirmed ? confirmedFact : newestFact) + " WHERE f.source = \(source) ORDER BY f.id LIMIT 200")
    }

    /// Confirmed facts by id, whatever their campaign.
    static func confirmed(_ ids: [FactID], in db: any Reading) throws -> [FactID: Fact] {
        var found: [FactID: Fact] = [:]
        for chunk in Padded.chunks(Set(ids).sorted()) {
            for fact in try db.all(Fact.self, where: confirmedFact + " WHERE f.id IN \(chunk)") { found[fact.id] = fact }
        }
        return found
    }

    /// Confirmed facts to choose from, the latest checked first.
    static func choices(_ campaign: CampaignNo, in db: any Reading) throws -> [Fact] {
        try db.all(
            Fact.self,
            where: confirmedFact
                + " WHERE s.campaign = \(campaign) ORDER BY v.checked_day DESC, f.id LIMIT \(pageSize)")
    }

    /// Facts nobody has confirmed, and facts whose source has changed since.
    static func waitingFacts(_ campaign: CampaignNo, in db: any Reading) throws -> [Fact] {
        try db.all(
            Fact.self,
            where: newestFact + """
                 WHERE s.campaign = \(campaign) AND (v.confirmed_by IS NULL OR s.version > f.source_version)
                ORDER BY f.changed_at, f.id LIMIT \(pageSize)
                """)
    }

    static func versions(of fact: FactID, in db: any Reading) throws -> [Fact] {
        try db.all(
            Fact.self,
            where: """
                FROM fact f JOIN source s ON s.id = f.source JOIN fact_version v ON v.fact = f.id
                WHERE f.id = \(fact) ORDER BY v.version DESC
                """)
    }
}
