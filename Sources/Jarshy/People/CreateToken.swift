import JarshyKit
import Storage

/// An API token of one's own: named, limited to a scope, with an end. The secret is shown once.
struct CreateToken: Action {
    static let longestDays: Int64 = 400

    let name: String
    let scope: TokenScope
    /// The last day it works.
    let until: Day

    /// - Returns: the secret.
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> String {
        // A token must not make itself a wider or longer one.
        guard actor.kind == .person else { throw Problem.forbidden("session") }
        let today = Zone.kazakhstan.day(at: now)
        var faults: [Problem.Fault] = []
        if name.isEmpty { faults.append(Problem.Fault("name", "missing", "A token has a name.")) }
        if name.unicodeScalars.count > 80 {
            faults.append(Problem.Fault("name", "too-long", "A name has at most 80 characters.", slots: ["max": "80"]))
        }
        if until < today || today.distance(to: until) > CreateToken.longestDays {
            faults.append(
                Problem.Fault(
                    "until", "token-until", "A token ends between today and \(CreateToken.longestDays) days from now.",
                    slots: ["max": String(CreateToken.longestDays)]))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        return try TokenRows.add(
            actor.person, name: name, scope: scope, expires: Zone.kazakhstan.instant(until.advanced(by: 1)), by: actor,
            at: now, in: db)
    }
}

/// A token made at the command line for any login, with all its rights (`jarshy token`). The operator's alone.
struct IssueToken: Action {
    let login: String
    let days: Int64

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> String {
        guard actor.kind == .operator else { throw Problem.forbidden("operator") }
        guard let account = try SignInAccount.find(Login.folded(login), in: db) else { throw Problem.notFound("login") }
        return try TokenRows.add(
            account.person, name: "jarshy token", scope: .full, expires: now.advanced(seconds: days * 86_400),
            by: actor,
            at: now, in: db)
    }
}

/// Revokes a token of one's own.
struct RevokeToken: Action {
    let token: ID<TokenMark>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let changed = try db.run(
            """
            UPDATE api_token SET revoked_at = \(now)
            WHERE id = \(token) AND person = \(actor.person) AND revoked_at IS NULL
            """)
        guard changed == 1 else { throw Problem.notFound("token") }
        try Feed.record(
            FeedLine("revoke-token", "person", actor.person, detail: "token=\(token)"), by: actor, at: now, in: db)
    }
}
