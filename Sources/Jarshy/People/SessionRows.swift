import JarshyKit
import Storage

enum SessionRows {
    /// Opens a session and returns its token, which is known to nobody else from then on.
    static func open(_ person: PersonID, agent: String, at now: Instant, in db: any Writing) throws -> String {
        let token = Secret.token()
        try db.run(
            """
            INSERT INTO session (hash, id, person, csrf, created_at, seen_at, expires_at, agent)
            VALUES (\(Secret.hash(token)), \(ID<SessionMark>.make(at: now)), \(person), \(Secret.token()), \(now),
                \(now),
                \(now.advanced(seconds: Session.absoluteSeconds)), \(Session.agent(agent)))
            """)
        return token
    }

    /// Open sessions of a person, newest use first.
    static func all(of person: PersonID, at now: Instant, in db: any Reading) throws -> [Session] {
        try db.all(
            """
            SELECT id, csrf, created_at, seen_at, expires_at, agent FROM session
            WHERE person = \(person) AND expires_at > \(now)
                AND seen_at > \(now.advanced(seconds: -Session.idleSeconds))
            ORDER BY seen_at DESC, id
            """
        ) { row in
            Session(
                id: try row.next(), person: person, csrf: try row.next(), created: try row.next(), seen: try row.next(),
                expires: try row.next(), agent: try row.next())
        }
    }

    /// Ends every session of a person but one; the browsers are forgotten too.
    @discardableResult
    static func endAll(of person: PersonID, but kept: ID<SessionMark>? = nil, in db: any Writing) throws -> Int {
        guard let kept else { return try db.run("DELETE FROM session WHERE person = \(person)") }
        return try db.run("DELETE FROM session WHERE person = \(person) AND id <> \(kept)")
    }
}
