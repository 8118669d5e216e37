import JarshyKit
import Storage

/// Signing in: counted, held when the account is under attack, checked, and answered with a new session.
///
/// Not an action of one transaction: between counting the attempt and opening the session a password is worked on,
/// which must not hold the database.
struct SignIn: Sendable {
    let login: String
    let password: String
    let address: String
    let agent: String
    /// The session's token the browser showed, open or not.
    let shown: String?

    /// How an attempt is held; tests do not wait.
    typealias Pause = @Sendable (_ milliseconds: Int64) async throws -> Void

    /// - Returns: the new session's token.
    /// - Throws: as `verified`.
    func perform(_ database: Database, _ passwords: Passwords, at now: Instant, pause: Pause) async throws -> String {
        let (account, subjects) = try await verified(database, passwords, at: now, pause: pause)
        let (shown, agent) = (shown, agent)
        return try await database.write { db in
            try SignInLimits.succeeded(subjects, at: now, in: db)
            if let shown { try db.run("DELETE FROM session WHERE hash = \(Secret.hash(shown))") }
            try db.run("DELETE FROM session WHERE created_at < \(now.advanced(seconds: -Session.rememberedSeconds))")
            let token = try SessionRows.open(account.person, agent: agent, at: now, in: db)
            try Feed.record(
                FeedLine("sign-in", "person", account.person), by: account.actor, at: now, in: db)
            return token
        }
    }

    /// Whose name and password these are. The attempt stands counted until `SignInLimits.succeeded` takes it back.
    /// - Throws: `Problem` 429 while the way is blocked, 422 for a wrong name or password; the two are not told apart.
    func verified(
        _ database: Database, _ passwords: Passwords, at now: Instant, pause: Pause
    ) async throws -> (SignInAccount, SignInLimits.Subjects) {
        let login = Login.folded(login)
        let (address, shown) = (address, shown)
        let (account, subjects, held) = try await database.write { db in
            let account = try SignInAccount.find(login, in: db)
            let device = try shown.flatMap { try account?.knownDevice($0, in: db) }
            let subjects = SignInLimits.Subjects(login: login, address: address, device: device)
            return (account, subjects, try SignInLimits.begin(subjects, at: now, in: db))
        }
        if held > 0 { try await pause(held) }
        let isRight = try await passwords.verify(password, against: account?.password)
        guard let account, isRight, password.utf8.count <= PasswordRule.longest else {
            throw Problem("signin-wrong", status: 422, "The sign-in name or the password is wrong.")
        }
        return (account, subjects)
    }
}

/// What signing in needs of an account.
struct SignInAccount: Sendable {
    let person: PersonID
    let login: String
    let password: String?
    let name: String
    let language: Language

    /// Somebody who is about to sign in, named in the feed; holds no right.
    var actor: Actor {
        Actor(kind: .person, person: person, name: name, language: language, grants: [], organizations: [])
    }

    static func find(_ login: String, in db: any Reading) throws -> SignInAccount? {
        try db.first(
            """
            SELECT p.id, a.login, a.password, p.name, p.language FROM account a JOIN person p ON p.id = a.person
            WHERE a.login = \(login) AND a.disabled_at IS NULL
            """
        ) { row in
            SignInAccount(
                person: try row.next(), login: try row.next(), password: try row.next(String?.self),
                name: try row.next(),
                language: try row.next())
        }
    }

    static func find(_ person: PersonID, in db: any Reading) throws -> SignInAccount? {
        guard let login = try db.first(String.self, "SELECT login FROM account WHERE person = \(person)") else {
            return nil
        }
        return try find(login, in: db)
    }

    /// A browser is known when it shows a session's token of this account, even of an ended one.
    func knownDevice(_ token: String, in db: any Reading) throws -> ID<SessionMark>? {
        try db.first(
            ID<SessionMark>.self,
            "SELECT id FROM session WHERE hash = \(Secret.hash(token)) AND person = \(person)")
    }
}
