import JarshyKit
import Storage

/// Puts a person into the register of speakers, or changes what it says. Needs `manageSpeakers` over the unit the person
/// belongs to, and over the one before; the person must hold a role somewhere the actor may know of.
struct SaveSpeaker: Action {
    let person: PersonID
    let campaign: String
    /// Code.
    let unit: String
    let level: Speaker.Level
    let languages: Set<Language>
    /// Codes of the campaign's topics.
    let topics: [String]
    /// Codes of units served beside the own.
    var places: [String] = []
    var monthLoad: Int64 = 8
    var restHours: Int64 = 2
    /// 1 Monday … 7 Sunday.
    var weekdays: Set<Int> = Set(1...7)
    /// Local minutes.
    var from: Int64 = 540
    var to: Int64 = 1260

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = try SpeakerScope(actor, at: now, in: db)
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        guard let unit = scope.tree.find(unit), actor.mayKnow(unit.no, in: scope.tree, on: scope.today) else {
            throw Problem.notFound("unit")
        }
        try scope.requireKeeping(unit.no)
        let home = try HomeUnit.of(person, on: scope.today, in: scope.tree, db)
        let known = try db.first(
            "SELECT unit FROM speaker WHERE person = \(person)"
        ) { row in try row.next(UnitNo.self) }
        if let known { try scope.requireKeeping(known) }
        guard actor.mayKnow(home, in: scope.tree, on: scope.today) else { throw Problem.notFound("person") }
        let places = try resolved(scope.tree)
        let faults = try faults(campaign, in: db)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let mask = weekdays.reduce(0) { $0 | (1 << ($1 - 1)) }
        try db.run(
            """
            INSERT INTO speaker (person, unit, level, speaks_kk, speaks_ru, speaks_en, month_load, rest_hours, weekdays,
                from_minute, to_minute, added_at)
            VALUES (\(person), \(unit.no), \(level), \(languages.contains(.kk)), \(languages.contains(.ru)),
                \(languages.contains(.en)), \(monthLoad), \(restHours), \(mask), \(from), \(to), \(now))
            ON CONFLICT (person) DO UPDATE SET unit = \(unit.no), level = \(level), speaks_kk = \(languages.contains(.kk)),
                speaks_ru = \(languages.contains(.ru)), speaks_en = \(languages.contains(.en)), month_load = \(monthLoad),
                rest_hours = \(restHours), weekdays = \(mask), from_minute = \(from), to_minute = \(to), ended_at = NULL
            """)
        try db.run("DELETE FROM speaker_topic WHERE person = \(person) AND campaign = \(campaign.no)")
        try db.insert(
            "INSERT INTO speaker_topic (person, campaign, topic) VALUES",
            rows: Set(topics).sorted().map { [person.bind, campaign.no.bind, .text($0)] })
        try db.run("DELETE FROM speaker_place WHERE person = \(person)")
        try db.insert("INSERT INTO speaker_place (person, unit) VALUES", rows: places.map { [person.bind, $0.bind] })
        try Feed.record(FeedLine("speaker", "person", person, unit: unit.no), by: actor, at: now, in: db)
    }

    private func resolved(_ tree: Tree) throws -> [UnitNo] {
        try Set(
            places.map { code -> UnitNo in
                guard let place = tree.find(code) else { throw Problem.invalid([.unknown("places", code)]) }
                return place.no
            }).sorted()
    }

    private func faults(_ campaign: Campaign, in db: any Reading) throws -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if languages.isEmpty { faults.append(Problem.Fault("languages", "missing", "At least one language is wanted.")) }
        if weekdays.isEmpty || !weekdays.isSubset(of: Set(1...7)) {
            faults.append(Problem.Fault("weekdays", "missing", "At least one day of the week is wanted."))
        }
        if !(1...60).contains(monthLoad) { faults.append(.bounds("month_load", 1, 60)) }
        if !(0...72).contains(restHours) { faults.append(.bounds("rest_hours", 0, 72)) }
        if !(0...1439).contains(from) || !(1...1440).contains(to) || from >= to {
            faults.append(Problem.Fault("from", "not-hours", "The hours begin before they end."))
        }
        let listed = Set(try EventTopic.all(of: campaign.no, in: db).map(\.code))
        for topic in topics where !listed.contains(topic) { faults.append(.unknown("topics", topic)) }
        return faults
    }
}

/// What deeds on a speaker share.
private struct SpeakerDeed {
    let speaker: Speaker
    let scope: SpeakerScope

    init(_ person: PersonID, by actor: Actor, at now: Instant, in db: any Reading) throws {
        scope = try SpeakerScope(actor, at: now, in: db)
        // Topics are of no matter here.
        speaker = try scope.find(person, campaign: CampaignNo(0), in: db)
    }

    func record(_ verb: String, in db: any Writing) throws {
        try Feed.record(
            FeedLine(verb, "person", speaker.person, unit: speaker.unit), by: scope.actor, at: scope.now, in: db)
    }
}

/// Takes a person out of the register; what was, stays. Needs `manageSpeakers`. Not while events to come count on the person.
struct EndSpeaker: Action {
    let person: PersonID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try SpeakerDeed(person, by: actor, at: now, in: db)
        try deed.scope.requireKeeping(deed.speaker.unit)
        guard !deed.speaker.taken.contains(where: { $0.end > now }) else {
            throw Problem.conflict("speaker-taken", "Events to come count on this speaker. Take the person off their rosters first.")
        }
        try db.run("UPDATE speaker SET ended_at = \(now) WHERE person = \(person)")
        try deed.record("speaker-end", in: db)
    }
}

/// Gives a speaker a post. Needs `manageSpeakers`. With a public office the person is taken off the events of those days that
/// are to come and campaign, and off those that were told to the public while no second person confirmed their class.
struct AddPost: Action {
    let person: PersonID
    let name: String
    let isPublicOffice: Bool
    let from: Day
    let to: Day?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int {
        let deed = try SpeakerDeed(person, by: actor, at: now, in: db)
        try deed.scope.requireKeeping(deed.speaker.unit)
        let name = cleanedTyping(name)
        var faults: [Problem.Fault] = []
        if name.isEmpty { faults.append(Problem.Fault("post", "missing", "A post has a name.")) }
        if name.unicodeScalars.count > Post.longest {
            faults.append(Problem.Fault("post", "too-long", "A post has at most \(Post.longest) characters.", slots: ["max": "\(Post.longest)"]))
        }
        if let to, to < from { faults.append(Problem.Fault("to", "days-order", "A post ends on or after the day it begins.")) }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try db.run(
            """
            INSERT INTO post (id, person, name, public_office, from_day, to_day)
            VALUES (\(ID<PostMark>.make(at: now)), \(person), \(name), \(isPublicOffice), \(from), \(to))
            """)
        try deed.record(isPublicOffice ? "office" : "post", in: db)
        return isPublicOffice ? try withdraw(by: actor, at: now, in: db) : 0
    }

    /// Off the events to come on days of the office that may not have its holder; how many there were.
    private func withdraw(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int {
        let events = try db.all(
            Event.self,
            where: """
                FROM event e JOIN event_member m ON m.event = e.id
                WHERE m.person = \(person) AND m.role <> 'helper' AND m.state IN ('asked', 'invited', 'confirmed')
                    AND (e.class = 'campaigning' AND e.state = 'draft' OR e.state IN ('announced', 'moved')
                        AND (e.class = 'campaigning' OR e.shown = 'public' AND e.class_by IS NULL))
                ORDER BY e.id
                """
        ).filter { event in from <= event.day && to.map { event.day <= $0 } ?? true }
        for event in events {
            try Roster.release(person, event.id, in: db)
            try db.run(
                """
                UPDATE event_member SET state = 'withdrawn', answered_at = \(now)
                WHERE event = \(event.id) AND person = \(person)
                """)
            try Feed.record(
                FeedLine("withdraw", "event", event.id, unit: event.unit, detail: "person=\(person) office"), by: actor, at: now,
                in: db)
        }
        return events.count
    }
}

/// Ends a post: today is its last day. Needs `manageSpeakers`.
struct EndPost: Action {
    let person: PersonID
    let post: ID<PostMark>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try SpeakerDeed(person, by: actor, at: now, in: db)
        try deed.scope.requireKeeping(deed.speaker.unit)
        guard let held = deed.speaker.posts.first(where: { $0.id == post }), held.to.map({ $0 > deed.scope.today }) ?? true else {
            throw Problem.notFound("post")
        }
        try db.run("UPDATE post SET to_day = \(max(held.from, deed.scope.today)) WHERE id = \(post)")
        try deed.record("post-end", in: db)
    }
}

/// Days on which a speaker is away, entered by the person or whoever keeps the register. No reason is kept.
struct SetAway: Action {
    let person: PersonID
    let from: Day
    let to: Day

    static let most = 50

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try SpeakerDeed(person, by: actor, at: now, in: db)
        if person != actor.person { try deed.scope.requireKeeping(deed.speaker.unit) }
        guard from <= to, to >= deed.scope.today else {
            throw Problem.invalid([.init("to", "days-order", "The last day is not before the first, nor past.")])
        }
        guard deed.speaker.away.count < Self.most else {
            throw Problem.invalid([.init("from", "too-long", "At most \(Self.most) such times.", slots: ["max": "\(Self.most)"])])
        }
        try db.run(
            "INSERT INTO speaker_away (id, person, from_day, to_day) VALUES (\(ID<AwayMark>.make(at: now)), \(person), \(from), \(to))")
        try deed.record("away", in: db)
    }
}

/// The person is there after all.
struct EndAway: Action {
    let person: PersonID
    let away: ID<AwayMark>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try SpeakerDeed(person, by: actor, at: now, in: db)
        if person != actor.person { try deed.scope.requireKeeping(deed.speaker.unit) }
        guard deed.speaker.away.contains(where: { $0.id == away }) else { throw Problem.notFound("away") }
        try db.run("DELETE FROM speaker_away WHERE id = \(away)")
        try deed.record("away-end", in: db)
    }
}

/// Asks speakers to events. Needs `manageEvents` over each event's unit; one of another unit is asked through that unit. All
/// or none: a person who was taken meanwhile refuses the whole.
struct AskSpeakers: Action {
    struct Pair: Sendable, Hashable {
        let event: EventID
        let person: PersonID
    }

    let pairs: [Pair]

    static let most = 300

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int {
        guard !pairs.isEmpty, pairs.count <= Self.most else {
            throw Problem.invalid([.init("pairs", "missing", "Choose 1 to \(Self.most).")])
        }
        let scope = try SpeakerScope(actor, at: now, in: db)
        for pair in pairs {
            let deed = try EventDeed(pair.event, by: actor, at: now, in: db)
            try deed.requireManaging()
            if deed.event.isOver {
                throw Problem.conflict("event-state", "It is over.", slots: ["state": deed.event.state.rawValue])
            }
            let speaker = try scope.find(pair.person, campaign: deed.event.campaign, in: db)
            let isOwn = pair.person == actor.person
                || [Right.manageEvents, .manageSpeakers].contains {
                    actor.holds($0, over: speaker.unit, in: scope.tree, on: scope.today)
                }
            _ = try Roster.add(
                pair.person, to: deed.event, as: .speaker, state: isOwn ? .invited : .asked, via: isOwn ? nil : speaker.unit,
                by: actor.person, at: now, in: db)
            try deed.record("invite", "person=\(pair.person) role=speaker")
        }
        return pairs.count
    }
}
