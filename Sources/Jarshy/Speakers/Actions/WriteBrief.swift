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
}

/// Writes a new version of a brief; the one in force stays until a second person has checked the new one. Needs
/// `manageFacts` anywhere: what is said to people is the whole campaign's.
struct WriteBrief: Action {
    let campaign: String
    let topic: String
    let language: Language
    let title: String
    let body: String
    /// One a line; the address of something in the library is noted with the version that was read.
    let sources: String

    static let longest = 20_000

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> BriefID {
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        let today = Zone.kazakhstan.day(at: now)
        guard actor.holdsAnywhere(.manageFacts, on: today) else { throw Problem.forbidden(Right.manageFacts.rawValue) }
        let (title, body, sources) = (cleanedTyping(title), cleanedTyping(body), cleanedTyping(sources))
        var faults: [Problem.Fault] = []
        if !(try EventTopic.all(of: campaign.no, in: db)).contains(where: { $0.code == topic }) { faults.append(.unknown("topic", topic)) }
        for (field, text, most) in [("title", title, 200), ("body", body, Self.longest), ("sources", sources, 4000)] {
            if text.isEmpty { faults.append(Problem.Fault(field, "missing", "'\(field)' is missing.")) }
            if text.unicodeScalars.count > most {
                faults.append(Problem.Fault(field, "too-long", "'\(field)' is longer than \(most).", slots: ["max": "\(most)"]))
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let cited = BriefCite.addresses(in: sources)
        let cites = try LibraryCite.read(cited.map(\.address), field: "sources", in: db)
        try db.run(
            """
            INSERT INTO brief (id, campaign, topic, language, version)
            VALUES (\(BriefID.make(at: now)), \(campaign.no), \(topic), \(language), 0)
            ON CONFLICT (campaign, topic, language) DO NOTHING
            """)
        let brief = try db.value(
            "SELECT id FROM brief WHERE campaign = \(campaign.no) AND topic = \(topic) AND language = \(language)", as: BriefID.self)
        let last = try db.value(
            "SELECT coalesce(max(version), 0) FROM brief_version WHERE brief = \(brief)", as: Int64.self)
        try db.run(
            """
            INSERT INTO brief_version (brief, version, title, body, sources, author, at)
            VALUES (\(brief), \(last + 1), \(title), \(body), \(sources), \(actor.person), \(now))
            """)
        try db.insert(
            "INSERT INTO brief_cite (brief, version, position, source, source_version, fact, fact_version) VALUES",
            rows: zip(cited, cites).map { cited, cite in
                [
                    brief.bind, (last + 1).bind, Int64(cited.position).bind, cite.address.source.bind, cite.sourceVersion.bind,
                    cite.address.fact?.bind ?? .null(.uuid), cite.factVersion?.bind ?? .null(.bigint),
                ]
            })
        try Feed.record(FeedLine("write", "brief", brief, detail: "version=\(last + 1)"), by: actor, at: now, in: db)
        return brief
    }
}

/// A second person checks the newest version; it is in force from now on. Needs `approveAnswers` anywhere.
struct ApproveBrief: Action {
    let brief: BriefID
    let version: Int64

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard actor.holdsAnywhere(.approveAnswers, on: Zone.kazakhstan.day(at: now)) else {
            throw Problem.forbidden(Right.approveAnswers.rawValue)
        }
        _ = try db.first(BriefID.self, "SELECT id FROM brief WHERE id = \(brief)\(SQL.forUpdate(db.dialect))")
        let found = try Brief.find(brief, in: db)
        guard let newest = try Brief.versions(of: brief, in: db).first, newest.version == version, version > found.version else {
            throw Problem.conflict("brief-version", "Another version was written meanwhile. Read that one.")
        }
        guard newest.author != actor.person else {
            throw Problem("second-person", status: 403, "A second person checks what another wrote.")
        }
        try db.run(
            """
            UPDATE brief_version SET checked_by = \(actor.person), checked_at = \(now)
            WHERE brief = \(brief) AND version = \(version)
            """)
        try db.run("UPDATE brief SET version = \(version) WHERE id = \(brief)")
        try Feed.record(FeedLine("approve", "brief", brief, detail: "version=\(version)"), by: actor, at: now, in: db)
    }
}

/// A member of a roster takes the brief in force along: its version is noted with the event. Anew before the event, the newer
/// version is noted.
struct TakeBrief: Action {
    let brief: BriefID
    let event: EventID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int64 {
        let event = try EventScope(actor, at: now, in: db).find(event, in: db)
        guard try db.first(
            MemberID.self,
            """
            SELECT id FROM event_member WHERE event = \(event.id) AND person = \(actor.person)
                AND state IN \(Member.State.holding)
            """) != nil
        else { throw Problem("not-on-roster", status: 403, "Only who works at the event takes a brief along to it.") }
        let brief = try Brief.find(brief, in: db)
        guard brief.version > 0, brief.campaign == event.campaign else { throw Problem.notFound("brief") }
        try db.run(
            """
            INSERT INTO brief_use (event, person, brief, version, at)
            VALUES (\(event.id), \(actor.person), \(brief.id), \(brief.version), \(now))
            ON CONFLICT (event, person, brief) DO UPDATE SET version = \(brief.version), at = \(now)
            """)
        try Feed.record(
            FeedLine("brief", "event", event.id, unit: event.unit, detail: "brief=\(brief.id) version=\(brief.version)"),
            by: actor, at: now, in: db)
        return brief.version
    }
}
