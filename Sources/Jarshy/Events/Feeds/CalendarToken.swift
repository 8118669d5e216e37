import Crypto
import JarshyKit
import Storage

enum CalendarMark {}
typealias CalendarID = ID<CalendarMark>

/// Makes an address a calendar program reads without signing in: of one's own events, or of a unit and those below it. It is
/// shown once and kept as a hash; what it shows is what its owner may see on the day it is read.
struct MakeCalendar: Action {
    /// Code; "" for one's own events.
    let unit: String

    static let most = 20

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> String {
        let (tree, today) = (try Tree.current(in: db), Zone.kazakhstan.day(at: now))
        var no: UnitNo?
        if !unit.isEmpty {
            let found = try UnitScope(actor, in: tree, on: today).find(unit)
            guard EventScope.working.contains(where: { actor.holds($0, over: found.no, in: tree, on: today) }) else {
                throw Problem.forbidden(Right.manageEvents.rawValue)
            }
            no = found.no
        }
        let held = try db.value(
            "SELECT count(*) FROM calendar_token WHERE person = \(actor.person) AND ended_at IS NULL", as: Int.self)
        guard held < Self.most else {
            throw Problem.conflict("calendars-many", "At most \(Self.most) addresses; end one that is not read any more.", slots: ["max": "\(Self.most)"])
        }
        let token = Secret.token()
        let id = CalendarID.make(at: now)
        try db.run(
            """
            INSERT INTO calendar_token (hash, id, person, unit, made_at)
            VALUES (\(Secret.hash(token)), \(id), \(actor.person), \(no), \(now))
            """)
        try Feed.record(FeedLine("calendar", "person", actor.person, unit: no), by: actor, at: now, in: db)
        return token
    }
}

/// Ends one of one's own addresses.
struct EndCalendar: Action {
    let calendar: CalendarID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let ended = try db.run(
            """
            UPDATE calendar_token SET ended_at = \(now)
            WHERE id = \(calendar) AND person = \(actor.person) AND ended_at IS NULL
            """)
        guard ended == 1 else { throw Problem.notFound("calendar") }
        try Feed.record(FeedLine("calendar-end", "person", actor.person), by: actor, at: now, in: db)
    }
}

/// An address somebody made.
struct CalendarToken: Sendable {
    let id: CalendarID
    let person: PersonID
    let unit: UnitNo?
    let madeAt: Instant

    private static func read(_ row: inout Row) throws -> CalendarToken {
        CalendarToken(id: try row.next(), person: try row.next(), unit: try row.next(UnitNo?.self), madeAt: try row.next())
    }

    static func of(_ person: PersonID, in db: any Reading) throws -> [CalendarToken] {
        try db.all(
            "SELECT id, person, unit, made_at FROM calendar_token WHERE person = \(person) AND ended_at IS NULL ORDER BY made_at, id",
            read)
    }

    /// - Throws: 404 for an address there is not, or whose owner's account is closed.
    static func find(_ token: String, at now: Instant, in db: any Reading) throws -> (CalendarToken, Actor) {
        let hash = Secret.hash(token)
        guard token.utf8.count == 43,
            let found = try db.first(
                "SELECT id, person, unit, made_at FROM calendar_token WHERE hash = \(hash) AND ended_at IS NULL", read),
            let owner = try Actors.load(found.person, on: Zone.kazakhstan.day(at: now), in: db)
        else { throw Problem.notFound("calendar") }
        return (found, owner)
    }
}

/// The private address under which somebody follows one public event. Made from the event's id under the server's own key, so
/// nothing is kept of who follows.
enum FollowToken {
    private static let size = 16

    static func make(_ event: EventID, secret: [UInt8]) -> String {
        Base64URL.encoded(event.bytes + seal(event, secret))
    }

    /// The event of an address; nil when the server did not make it.
    static func event(_ token: String, secret: [UInt8]) -> EventID? {
        guard let bytes = Base64URL.decoded(token), bytes.count == 16 + size, let event = EventID(bytes: bytes.prefix(16))
        else { return nil }
        // All bytes are compared, so that the time taken tells nothing.
        let difference = zip(bytes.suffix(size), seal(event, secret)).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        return difference == 0 ? event : nil
    }

    private static func seal(_ event: EventID, _ secret: [UInt8]) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(for: Array("follow \(event)".utf8), using: SymmetricKey(data: secret))
        return Array(Array(code).prefix(size))
    }
}

/// The key of follow addresses; made with the first event that is announced.
enum EventSecret {
    static func make(in db: any Writing) throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try db.run("INSERT INTO secret (name, value) VALUES ('event', \(Blob(fresh))) ON CONFLICT (name) DO NOTHING")
        return try db.value("SELECT value FROM secret WHERE name = 'event'", as: Blob.self).bytes
    }

    static func find(in db: any Reading) throws -> [UInt8]? {
        try db.first(Blob.self, "SELECT value FROM secret WHERE name = 'event'")?.bytes
    }
}
