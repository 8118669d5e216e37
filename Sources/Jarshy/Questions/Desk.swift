import JarshyKit
import Storage

enum ExpertMark {}

/// How a campaign takes questions: its topics, its experts, in whose name, and its own terms.
struct Desk: Sendable {
    let campaign: CampaignNo
    /// Nil until somebody has set the desk: then the public page leaves no contact, only a number.
    let organization: OrganizationNo?
    /// Working days to an answer.
    let answerDays: Int
    /// Days a contact is kept after the answer.
    let contactDays: Int
    let topics: [Topic]

    struct Topic: Sendable, Hashable {
        let code: String
        let names: Trio
    }

    func topic(_ code: String?) -> Topic? { code.flatMap { code in topics.first { $0.code == code } } }

    /// - Throws: 422 unless the topic is one of the campaign's.
    func check(topic code: String?) throws {
        guard let code, topic(code) == nil else { return }
        throw Problem.invalid([.unknown("topic", code)])
    }

    /// A contact nobody answered goes on this day at the latest.
    func deleteDay(takenOn day: Day) -> Day { day.advanced(by: 2 * contactDays) }

    static let answerDaysByDefault = 3
    static let contactDaysByDefault = 90

    static func of(_ campaign: CampaignNo, in db: any Reading) throws -> Desk {
        let topics = try db.all(
            "SELECT code, name_kk, name_ru, name_en FROM topic WHERE campaign = \(campaign) ORDER BY position, code"
        ) { row in Topic(code: try row.next(), names: try Trio(&row)) }
        let set = try db.first(
            "SELECT organization, answer_days, contact_days FROM question_desk WHERE campaign = \(campaign)"
        ) { row in (try row.next(OrganizationNo.self), try row.next(Int.self), try row.next(Int.self)) }
        return Desk(
            campaign: campaign, organization: set?.0, answerDays: set?.1 ?? answerDaysByDefault,
            contactDays: set?.2 ?? contactDaysByDefault, topics: topics)
    }
}

/// Somebody who answers on a topic.
struct Expert: Sendable, Hashable {
    let id: ID<ExpertMark>
    let topic: String
    let person: PersonID
    let name: String
    let unit: UnitNo
    let languages: Set<Language>
    /// Questions that lie with the person now.
    let load: Int64

    static func of(_ campaign: CampaignNo, in db: any Reading) throws -> [Expert] {
        try db.all(
            """
            SELECT e.id, e.topic, e.person, p.name, e.unit, e.speaks_kk, e.speaks_ru, e.speaks_en,
                (SELECT count(*) FROM question q WHERE q.expert = e.person AND q.state IN ('with_expert', 'clarify')
                    AND q.head = q.id)
            FROM expert e JOIN person p ON p.id = e.person
            WHERE e.campaign = \(campaign) AND e.ended_at IS NULL ORDER BY e.topic, p.sort_key, e.id
            """
        ) { row in
            let id = try row.next(ID<ExpertMark>.self)
            let (topic, person) = (try row.next(String.self), try row.next(PersonID.self))
            let (name, unit) = (try row.next(String.self), try row.next(UnitNo.self))
            let speaks = [try row.next(Bool.self), try row.next(Bool.self), try row.next(Bool.self)]
            return Expert(
                id: id, topic: topic, person: person, name: name, unit: unit,
                languages: Set(zip(Language.allCases, speaks).filter(\.1).map(\.0)), load: try row.next())
        }
    }
}

/// Who is to answer: topic, territory, language, load. The first is suggested, with the reasons said.
struct Routing: Sendable {
    struct Suggestion: Sendable, Hashable {
        let expert: Expert
        let speaks: Bool
        /// Steps from the question's unit up to the expert's.
        let distance: Int
    }

    /// Experts of the topic whose territory holds the unit: those who speak the language first, then the nearest, then
    /// the least loaded. Deterministic: equals are ordered by their id.
    static func suggestions(
        topic: String?, unit: UnitNo, language: Language, from experts: [Expert], in tree: Tree
    ) -> [Suggestion] {
        guard let topic else { return [] }
        let chain = tree.chain(of: unit)
        let found = experts.compactMap { expert -> Suggestion? in
            guard expert.topic == topic, let distance = chain.firstIndex(of: expert.unit) else { return nil }
            return Suggestion(expert: expert, speaks: expert.languages.contains(language), distance: distance)
        }
        return found.sorted { left, right in
            if left.speaks != right.speaks { return left.speaks }
            if left.distance != right.distance { return left.distance < right.distance }
            if left.expert.load != right.expert.load { return left.expert.load < right.expert.load }
            return left.expert.id < right.expert.id
        }
    }
}

/// Sets in whose name a campaign takes questions and its own terms. Needs `manageCampaigns` over the whole tree.
struct SetDesk: Action {
    let campaign: String
    let organization: String
    let answerDays: Int64
    let contactDays: Int64

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        try CampaignWrites.require(.manageCampaigns, of: actor, at: now, in: db)
        var faults: [Problem.Fault] = []
        let organization = try Organization.all(in: db).first { $0.code == self.organization }
        if organization == nil { faults.append(.unknown("organization", self.organization)) }
        if !(1...30).contains(answerDays) { faults.append(.bounds("answer_days", 1, 30)) }
        if !(1...365).contains(contactDays) { faults.append(.bounds("contact_days", 1, 365)) }
        guard faults.isEmpty, let organization else { throw Problem.invalid(faults) }
        try db.run(
            """
            INSERT INTO question_desk (campaign, organization, answer_days, contact_days)
            VALUES (\(campaign.no), \(organization.no), \(answerDays), \(contactDays))
            ON CONFLICT (campaign) DO UPDATE SET organization = \(organization.no), answer_days = \(answerDays),
                contact_days = \(contactDays)
            """)
        let terms = "organization=\(organization.code) answer_days=\(answerDays) contact_days=\(contactDays)"
        try Feed.record(FeedLine("desk", "campaign", campaign.code, detail: terms), by: actor, at: now, in: db)
    }
}

/// Adds a topic, or gives one other names. Needs `manageCampaigns` over the whole tree.
struct SaveTopic: Action {
    let campaign: String
    let code: String
    let names: Trio

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        try CampaignWrites.require(.manageCampaigns, of: actor, at: now, in: db)
        var faults: [Problem.Fault] = []
        if let wrong = UnitCode.fault(code) { faults.append(Problem.Fault("code", "unit-code", "\(wrong).")) }
        for (field, name) in [("name_kk", names.kk), ("name_ru", names.ru), ("name_en", names.en)] {
            if name.isEmpty { faults.append(Problem.Fault(field, "missing", "\(field) is empty.")) }
            if name.unicodeScalars.count > 200 {
                faults.append(Problem.Fault(field, "too-long", "\(field) is longer than 200.", slots: ["max": "200"]))
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let position = try db.value(
            "SELECT coalesce(max(position), 0) + 1 FROM topic WHERE campaign = \(campaign.no)", as: Int64.self)
        try db.run(
            """
            INSERT INTO topic (campaign, code, position, name_kk, name_ru, name_en)
            VALUES (\(campaign.no), \(code), \(position), \(names.kk), \(names.ru), \(names.en))
            ON CONFLICT (campaign, code) DO UPDATE SET name_kk = \(names.kk), name_ru = \(names.ru), name_en = \(names.en)
            """)
        try PageStamp.touch(.names, in: db)
        try Feed.record(FeedLine("save", "topic", code), by: actor, at: now, in: db)
    }
}

/// Names an expert for a topic in a unit and below. Needs `routeQuestions` there; the expert must hold `answerQuestions`
/// over that unit.
struct AddExpert: Action {
    let campaign: String
    let topic: String
    let login: String
    let unit: String
    let languages: Set<Language>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        let unit = try UnitScope(actor, in: tree, on: today).find(self.unit)
        try actor.require(.routeQuestions, over: unit.no, in: tree, on: today)
        try Desk.of(campaign.no, in: db).check(topic: topic)
        guard !languages.isEmpty else {
            throw Problem.invalid([Problem.Fault("languages", "missing", "At least one language is wanted.")])
        }
        guard let person = try PersonRows.logins([login], in: db)[login],
            let expert = try Actors.load(person, on: today, in: db)
        else { throw Problem.invalid([.unknown("login", login)]) }
        guard expert.holds(.answerQuestions, over: unit.no, in: tree, on: today) else {
            throw Problem.invalid([
                Problem.Fault("login", "no-answering", "'\(login)' may not answer questions of this unit.")
            ])
        }
        let known = try db.first(
            ID<ExpertMark>.self,
            """
            SELECT id FROM expert WHERE campaign = \(campaign.no) AND topic = \(topic) AND person = \(person)
                AND unit = \(unit.no) AND ended_at IS NULL
            """)
        if let known {
            try db.run(
                """
                UPDATE expert SET speaks_kk = \(languages.contains(.kk)), speaks_ru = \(languages.contains(.ru)),
                    speaks_en = \(languages.contains(.en)) WHERE id = \(known)
                """)
        } else {
            try db.run(
                """
                INSERT INTO expert (id, campaign, topic, person, unit, speaks_kk, speaks_ru, speaks_en, added_at)
                VALUES (\(ID<ExpertMark>.make(at: now)), \(campaign.no), \(topic), \(person), \(unit.no),
                    \(languages.contains(.kk)), \(languages.contains(.ru)), \(languages.contains(.en)), \(now))
                """)
        }
        try Feed.record(
            FeedLine("expert", "person", person, unit: unit.no, detail: "topic=\(topic)"), by: actor, at: now, in: db)
    }
}

/// Takes an expert off a topic; what lies with the person stays there until somebody sends it elsewhere.
struct EndExpert: Action {
    let expert: ID<ExpertMark>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        let found = try db.first(
            "SELECT unit, person, topic FROM expert WHERE id = \(expert) AND ended_at IS NULL"
        ) { row in (try row.next(UnitNo.self), try row.next(PersonID.self), try row.next(String.self)) }
        guard let (unit, person, topic) = found, actor.mayKnow(unit, in: tree, on: today) else {
            throw Problem.notFound("expert")
        }
        try actor.require(.routeQuestions, over: unit, in: tree, on: today)
        try db.run("UPDATE expert SET ended_at = \(now) WHERE id = \(expert)")
        try Feed.record(
            FeedLine("expert-end", "person", person, unit: unit, detail: "topic=\(topic)"), by: actor, at: now, in: db)
    }
}
