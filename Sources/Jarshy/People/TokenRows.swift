import JarshyKit
import Storage

/// An API token as its owner sees it; the secret is not kept.
struct ApiToken: Sendable {
    let id: ID<TokenMark>
    let name: String
    let scope: String
    let created: Instant
    let expires: Instant
    let used: Instant?
    let revoked: Instant?

    func isOpen(at now: Instant) -> Bool { revoked == nil && now < expires }
}

enum TokenRows {
    static func all(of person: PersonID, in db: any Reading) throws -> [ApiToken] {
        try db.all(
            """
            SELECT id, name, scope, created_at, expires_at, used_at, revoked_at FROM api_token
            WHERE person = \(person) ORDER BY created_at DESC, id
            """
        ) { row in
            ApiToken(
                id: try row.next(), name: try row.next(), scope: try row.next(), created: try row.next(),
                expires: try row.next(), used: try row.next(Instant?.self), revoked: try row.next(Instant?.self))
        }
    }

    /// - Returns: the secret.
    static func add(
        _ person: PersonID, id: ID<TokenMark>? = nil, name: String, scope: TokenScope, expires: Instant, by actor: Actor,
        at now: Instant, in db: any Writing
    ) throws -> String {
        let (secret, id) = (Secret.token(), id ?? ID<TokenMark>.make(at: now))
        try db.run(
            """
            INSERT INTO api_token (hash, id, person, name, scope, created_at, expires_at, used_at, revoked_at)
            VALUES (\(Secret.hash(secret)), \(id), \(person), \(name), \(scope.rawValue), \(now), \(expires), NULL,
                NULL)
            """)
        try Feed.record(
            FeedLine("make-token", "person", person, detail: "token=\(id) scope=\(scope.rawValue)"), by: actor, at: now,
            in: db)
        return secret
    }
}
