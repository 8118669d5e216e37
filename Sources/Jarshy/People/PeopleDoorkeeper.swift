import JarshyKit
import Storage

/// Finds the person behind a session's cookie or an API token, in at most three statements; each is hashed first, so
/// the database never sees a secret.
struct PeopleDoorkeeper: Doorkeeper {
    /// `seen_at` and `used_at` are written at most once in this time: a reading page must not write each time.
    private static let seenEverySeconds: Int64 = 300

    let database: Database

    init(_ database: Database) { self.database = database }

    func visitor(session token: String, now: Instant, tally: Tally) async throws -> Visitor? {
        let hash = Secret.hash(token)
        let found = try await counted(tally) { db -> (Visitor, Instant)? in
            let row = try db.first(
                """
                SELECT s.id, s.csrf, s.created_at, s.seen_at, s.expires_at, p.id, p.name, p.language
                FROM session s JOIN person p ON p.id = s.person JOIN account a ON a.person = p.id
                WHERE s.hash = \(hash) AND a.disabled_at IS NULL
                """
            ) { row in
                let (id, csrf) = (try row.next(ID<SessionMark>.self), try row.next(String.self))
                let (created, seen, expires) = (
                    try row.next(Instant.self), try row.next(Instant.self), try row.next(Instant.self)
                )
                let session = Session(
                    id: id, person: try row.next(), csrf: csrf, created: created, seen: seen, expires: expires,
                    agent: "")
                return (session, try row.next(String.self), try row.next(Language.self))
            }
            guard let (session, name, language) = row, session.isOpen(at: now) else { return nil }
            let actor = try Actors.load(
                session.person, name: name, language: language, on: Zone.kazakhstan.day(at: now), in: db)
            return (Visitor(actor: actor, session: .init(id: session.id, csrf: session.csrf)), session.seen)
        }
        guard let (visitor, seen) = found else { return nil }
        if now.seconds(since: seen) >= PeopleDoorkeeper.seenEverySeconds {
            try await database.write { db in
                try db.run("UPDATE session SET seen_at = \(now) WHERE hash = \(hash) AND seen_at = \(seen)")
            }
        }
        return visitor
    }

    func visitor(bearer token: String, now: Instant, tally: Tally) async throws -> Visitor? {
        let hash = Secret.hash(token)
        let found = try await counted(tally) { db -> (Visitor, Instant?)? in
            let row = try db.first(
                """
                SELECT t.scope, t.used_at, p.id, p.name, p.language, d.id
                FROM api_token t JOIN person p ON p.id = t.person JOIN account a ON a.person = p.id
                LEFT JOIN device d ON d.token = t.id
                WHERE t.hash = \(hash) AND t.revoked_at IS NULL AND t.expires_at > \(now) AND a.disabled_at IS NULL
                """
            ) { row in
                (
                    try row.next(String.self), try row.next(Instant?.self), try row.next(PersonID.self),
                    try row.next(String.self), try row.next(Language.self), try row.next(DeviceID?.self)
                )
            }
            guard let (scope, used, person, name, language, device) = row, let scope = TokenScope(rawValue: scope) else {
                return nil
            }
            let actor = try Actors.load(
                person, name: name, language: language, kind: .token, allowed: scope.allowed,
                on: Zone.kazakhstan.day(at: now), in: db)
            return (Visitor(actor: actor, session: nil, device: device), used)
        }
        guard let (visitor, used) = found else { return nil }
        if used.map({ now.seconds(since: $0) >= PeopleDoorkeeper.seenEverySeconds }) ?? true {
            // Of many requests at once one writes; the others, tried again, find it written and hold nobody up.
            let before = now.advanced(seconds: -PeopleDoorkeeper.seenEverySeconds)
            try await database.write { db in
                try db.run(
                    """
                    UPDATE api_token SET used_at = \(now)
                    WHERE hash = \(hash) AND (used_at IS NULL OR used_at <= \(before))
                    """)
            }
        }
        return visitor
    }

    private func counted<Value: Sendable>(
        _ tally: Tally, _ work: @escaping @Sendable (any Reading) throws -> Value
    ) async throws -> Value {
        let started = ContinuousClock.now
        defer { tally.add(time: ContinuousClock.now - started) }
        return try await database.read { db in
            defer { tally.add(statements: db.statements) }
            return try work(db)
        }
    }
}
