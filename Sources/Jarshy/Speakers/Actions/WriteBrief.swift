import JarshyKit
import Storage

/// Writes a new version of a brief; the one in force stays until a second person has checked the new one. Needs
/// `manageFacts` anywhere: what is said to people is the whole campaign's.
struct WriteBrief: Action {
    let campaign: String
    let topic: String
    let language: Language
    let title: String
    let body: String
    /// One a line, `title | link`; may be empty when facts are cited.
    let sources: String
    /// Confirmed facts of the library it rests on.
    var facts: [FactID] = []

    static let longest = 20_000
    static let mostFacts = 20

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> BriefID {
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        let today = Zone.kazakhstan.day(at: now)
        guard actor.holdsAnywhere(.manageFacts, on: today) else { throw Problem.forbidden(Right.manageFacts.rawValue) }
        let (title, body, sources) = (cleanedTyping(title), cleanedTyping(body), cleanedTyping(sources))
        var faults: [Problem.Fault] = []
        if !(try EventTopic.all(of: campaign.no, in: db)).contains(where: { $0.code == topic }) { faults.append(.unknown("topic", topic)) }
        let cited = try FactRows.confirmed(Array(Set(facts)), in: db)
        if facts.count > Self.mostFacts || Set(facts) != Set(cited.keys) {
            faults.append(Problem.Fault("facts", "not-confirmed", "Only confirmed facts of the library are cited, at most \(Self.mostFacts)."))
        }
        for (field, text, most) in [("title", title, 200), ("body", body, Self.longest), ("sources", sources, 4000)] {
            if text.isEmpty, field != "sources" || cited.isEmpty { faults.append(Problem.Fault(field, "missing", "'\(field)' is missing.")) }
            if text.unicodeScalars.count > most {
                faults.append(Problem.Fault(field, "too-long", "'\(field)' is longer than \(most).", slots: ["max": "\(most)"]))
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
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
            "INSERT INTO brief_fact (brief, version, fact, fact_version) VALUES",
            rows: cited.values.sorted { $0.id < $1.id }.map { fact in
                [brief.bind, .integer(last + 1), fact.id.bind, .integer(fact.version)]
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
                AND state IN \(RosterMember.State.holding)
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
