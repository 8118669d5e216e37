import JarshyKit
import Storage

/// A one-time invitation: a code on paper that lets its person set a password. Good for 14 days, used once; a newer one
/// makes the older ones void. The database keeps the code's SHA-256.
struct Invitation: Sendable {
    static let days: Int64 = 14

    let person: PersonID
    let login: String
    /// Sixteen letters and digits, known only now.
    let code: String
    let expires: Instant

    static func make(
        for person: PersonID, login: String, by actor: Actor, at now: Instant, in db: any Writing
    ) throws -> Invitation {
        let code = Secret.code()
        let expires = now.advanced(seconds: days * 86_400)
        try db.run("UPDATE invitation SET used_at = \(now) WHERE person = \(person) AND used_at IS NULL")
        try db.run(
            """
            INSERT INTO invitation (hash, id, person, created_by, created_at, expires_at, used_at)
            VALUES (\(Secret.hash(code)), \(ID<InvitationMark>.make(at: now)), \(person), \(actor.person), \(now),
                \(expires), NULL)
            """)
        try Feed.record(FeedLine("invite", "person", person), by: actor, at: now, in: db)
        return Invitation(person: person, login: login, code: code, expires: expires)
    }

    /// The account a typed code belongs to; nil for a wrong, used or expired one.
    static func account(of typed: String, at now: Instant, in db: any Reading) throws -> SignInAccount? {
        let hash = Secret.hash(Secret.typed(typed))
        let person = try db.first(
            PersonID.self,
            "SELECT person FROM invitation WHERE hash = \(hash) AND used_at IS NULL AND expires_at > \(now)")
        return try person.flatMap { try SignInAccount.find($0, in: db) }
    }

    static let unknown = Problem.invalid([
        Problem.Fault("code", "accept-used", "This invitation is unknown, has been used or has expired.")
    ])
}

/// Prints a new invitation for a person; the password and every session end. For who has forgotten a password, or lost
/// a phone. Needs power over every role the person holds: whoever sets a password can act as its owner.
struct ResetPassword: Action {
    let person: PersonID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Invitation {
        let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
        let (found, roles) = try scope.find(person, in: db)
        try scope.requirePower(over: person, holding: roles, in: db)
        guard let login = found.login, found.isOpen else {
            throw Problem.conflict("account-closed", "The account is closed.")
        }
        try db.run("UPDATE account SET password = \(String?.none) WHERE person = \(person)")
        let ended = try SessionRows.endAll(of: person, in: db)
        try db.run("UPDATE api_token SET revoked_at = \(now) WHERE person = \(person) AND revoked_at IS NULL")
        try Feed.record(
            FeedLine("reset-password", "person", person, detail: "ended=\(ended)"), by: actor, at: now, in: db)
        return try Invitation.make(for: person, login: login, by: actor, at: now, in: db)
    }
}

/// Uses an invitation: sets the first password (argon2id, worked out before) and signs in. Its actor is the invited
/// person, found by the code; the code is looked at again here, so that two at once cannot both succeed.
struct AcceptInvitation: Action {
    let code: String
    let password: String
    let agent: String

    /// - Returns: the new session's token.
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> String {
        guard let account = try Invitation.account(of: code, at: now, in: db), account.person == actor.person else {
            throw Invitation.unknown
        }
        try db.run("UPDATE invitation SET used_at = \(now) WHERE hash = \(Secret.hash(Secret.typed(code)))")
        try db.run("UPDATE account SET password = \(password) WHERE person = \(actor.person)")
        try SessionRows.endAll(of: actor.person, in: db)
        try Feed.record(FeedLine("accept-invitation", "person", actor.person), by: actor, at: now, in: db)
        return try SessionRows.open(actor.person, agent: agent, at: now, in: db)
    }
}
