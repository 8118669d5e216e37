import JarshyKit
import Storage

enum AwayMark {}

/// A lecturer as the register keeps one.
struct Speaker: Sendable {
    let person: PersonID
    let name: String
    /// Where the person belongs and is asked through.
    let unit: UnitNo
    let level: Level
    let languages: Set<Language>
    /// Events in four weeks that are enough.
    let monthLoad: Int
    /// Hours between two events.
    let restHours: Int
    /// 1 Monday … 64 Sunday, summed.
    let weekdays: Int
    /// Local minutes of a day in which the person can.
    let hours: Range<Int>
    var topics: Set<String> = []
    var places: [UnitNo] = []
    var away: [Away] = []
    var posts: [Post] = []
    /// A mark on the person, whatever the posts say.
    let holdsOffice: Bool
    /// The person's events, by time: a month back and all to come.
    var taken: [Taken] = []

    enum Level: String, Stored, CaseIterable, Sendable {
        case city, region, republic
    }

    struct Away: Sendable, Hashable {
        let id: ID<AwayMark>
        let from: Day
        let to: Day
    }

    /// A time at which the person is at an event.
    struct Taken: Sendable, Hashable {
        let start: Instant
        let end: Instant
    }

    func isWorking(on day: Day) -> Bool { weekdays & (1 << (day.weekday - 1)) != 0 }
    func isAway(on day: Day) -> Bool { away.contains { $0.from <= day && day <= $0.to } }
    func hasOffice(on day: Day) -> Bool { holdsOffice || posts.contains { $0.isPublicOffice && $0.holds(on: day) } }

    /// Events in the four weeks around a moment: two before it, two after.
    func load(around moment: Instant) -> Int {
        let half: Int64 = 14 * 86_400
        return taken.count { abs($0.start.seconds(since: moment)) <= half }
    }
}

/// Every SELECT of speakers.
enum SpeakerRows {
    private static let columns: SQL = """
        s.person, p.name, s.unit, s.level, s.speaks_kk, s.speaks_ru, s.speaks_en, s.month_load, s.rest_hours, s.weekdays,
        s.from_minute, s.to_minute, p.public_office
        """

    private static func read(_ row: inout Row) throws -> Speaker {
        let person = try row.next(PersonID.self)
        let (name, unit, level) = (try row.next(String.self), try row.next(UnitNo.self), try row.next(Speaker.Level.self))
        let speaks = [try row.next(Bool.self), try row.next(Bool.self), try row.next(Bool.self)]
        let (load, rest, weekdays) = (try row.next(Int.self), try row.next(Int.self), try row.next(Int.self))
        let (from, to) = (try row.next(Int.self), try row.next(Int.self))
        return Speaker(
            person: person, name: name, unit: unit, level: level,
            languages: Set(zip(Language.allCases, speaks).filter(\.1).map(\.0)), monthLoad: load, restHours: rest,
            weekdays: weekdays, hours: from..<to, holdsOffice: try row.next())
    }

    static func find(_ person: PersonID, campaign: CampaignNo, at now: Instant, in db: any Reading) throws -> Speaker? {
        let found = try db.all(
            "SELECT \(columns) FROM speaker s JOIN person p ON p.id = s.person WHERE s.person = \(person) AND s.ended_at IS NULL",
            read)
        return try whole(found, campaign: campaign, at: now, in: db).first
    }

    /// Speakers of these units, by name, with all that suggestions need; a fixed number of statements for any number.
    /// - Parameter units: nil for all.
    static func of(_ units: [UnitNo]?, campaign: CampaignNo, at now: Instant, in db: any Reading) throws -> [Speaker] {
        var found: [Speaker] = []
        if let units {
            for chunk in Padded.chunks(units.sorted()) {
                found += try db.all(
                    """
                    SELECT \(columns) FROM speaker s JOIN person p ON p.id = s.person
                    WHERE s.unit IN \(chunk) AND s.ended_at IS NULL ORDER BY p.sort_key, p.id
                    """, read)
            }
        } else {
            found = try db.all(
                """
                SELECT \(columns) FROM speaker s JOIN person p ON p.id = s.person
                WHERE s.ended_at IS NULL ORDER BY p.sort_key, p.id
                """, read)
        }
        return try whole(found, campaign: campaign, at: now, in: db)
    }

    private static func whole(
        _ speakers: [Speaker], campaign: CampaignNo, at now: Instant, in db: any Reading
    ) throws -> [Speaker] {
        let people = speakers.map(\.person)
        let posts = try Post.of(people, in: db)
        var topics: [PersonID: Set<String>] = [:]
        var places: [PersonID: [UnitNo]] = [:]
        var away: [PersonID: [Speaker.Away]] = [:]
        var taken: [PersonID: [Speaker.Taken]] = [:]
        let (since, today) = (now.advanced(seconds: -30 * 86_400), Zone.kazakhstan.day(at: now))
        for chunk in Padded.chunks(people.sorted()) {
            try db.rows("SELECT person, topic FROM speaker_topic WHERE person IN \(chunk) AND campaign = \(campaign)") { row in
                topics[try row.next(), default: []].insert(try row.next())
                return true
            }
            try db.rows("SELECT person, unit FROM speaker_place WHERE person IN \(chunk) ORDER BY person, unit") { row in
                places[try row.next(), default: []].append(try row.next())
                return true
            }
            try db.rows(
                """
                SELECT person, id, from_day, to_day FROM speaker_away WHERE person IN \(chunk) AND to_day >= \(today)
                ORDER BY person, from_day, id
                """
            ) { row in
                let person = try row.next(PersonID.self)
                away[person, default: []].append(
                    Speaker.Away(id: try row.next(), from: try row.next(), to: try row.next()))
                return true
            }
            try db.rows(
                """
                SELECT m.person, e.start_at, e.end_at FROM event_member m JOIN event e ON e.id = m.event
                WHERE m.person IN \(chunk) AND m.state IN \(RosterMember.State.holding) AND e.state <> 'cancelled'
                    AND e.end_at >= \(since) ORDER BY e.start_at, e.id
                """
            ) { row in
                taken[try row.next(), default: []].append(Speaker.Taken(start: try row.next(), end: try row.next()))
                return true
            }
        }
        return speakers.map { speaker in
            var speaker = speaker
            speaker.topics = topics[speaker.person] ?? []
            speaker.places = places[speaker.person] ?? []
            speaker.away = away[speaker.person] ?? []
            speaker.posts = posts[speaker.person] ?? []
            speaker.taken = taken[speaker.person] ?? []
            return speaker
        }
    }
}

/// Whose register entries somebody may see and keep: `manageSpeakers` over the unit keeps, any work on events there sees, and
/// everybody sees the own.
struct SpeakerScope {
    let actor: Actor
    let tree: Tree
    let today: Day
    let now: Instant

    static let seeing: [Right] = [.manageSpeakers, .manageEvents]

    init(_ actor: Actor, at now: Instant, in db: any Reading) throws {
        self.actor = actor
        self.now = now
        tree = try Tree.current(in: db)
        today = Zone.kazakhstan.day(at: now)
    }

    /// Units whose lecturers are seen: at, below and above those where events or speakers are managed. nil: all.
    var units: [UnitNo]? {
        if actor.kind == .operator { return nil }
        let homes = actor.grants.filter { grant in
            grant.holds(on: today) && Self.seeing.contains { grant.rights.contains($0) && actor.allowed?.contains($0) ?? true }
        }.map(\.unit)
        if let root = tree.root, homes.contains(root) { return nil }
        // The region's own lecturers join those of its districts.
        let regions = Set(homes.map { Tree.stream(of: tree.chain(of: $0)) })
        return Array(Set(regions.flatMap { tree.subtree(of: $0) } + (tree.root.map { [$0] } ?? []))).sorted()
    }

    func sees(_ unit: UnitNo) -> Bool { units?.contains(unit) ?? true }

    /// - Throws: 404 for nobody in the register, or one out of sight.
    func find(_ person: PersonID?, campaign: CampaignNo, in db: any Reading) throws -> Speaker {
        guard let person, let speaker = try SpeakerRows.find(person, campaign: campaign, at: now, in: db),
            person == actor.person || sees(speaker.unit)
        else { throw Problem.notFound("speaker") }
        return speaker
    }

    func keeps(_ unit: UnitNo) -> Bool { actor.holds(.manageSpeakers, over: unit, in: tree, on: today) }

    func requireKeeping(_ unit: UnitNo) throws { try actor.require(.manageSpeakers, over: unit, in: tree, on: today) }
}
