import JarshyKit
import Storage
import Synchronization

/// The one-time code that lets the first administrator in; made when the server starts on a database without accounts
/// and shown in its log only.
final class SetupCode: Sendable {
    private let code = Mutex<String?>(nil)

    /// A new code, for the log.
    func make() -> String {
        let fresh = Secret.code()
        code.withLock { $0 = fresh }
        return Secret.grouped(fresh)
    }

    func matches(_ typed: String) -> Bool {
        code.withLock { code in code.map { sameBytes($0, Secret.typed(typed)) } ?? false }
    }

    func forget() { code.withLock { $0 = nil } }
}

/// Makes the first person an administrator of the whole tree. Possible only while there is no account; whoever does it
/// is recorded as the operator, who alone could read the code.
struct SetUpFirst: Action {
    let person: NewPerson
    /// argon2id, worked out before.
    let password: String
    let agent: String

    /// - Returns: the new session's token.
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> String {
        guard actor.kind == .operator else { throw Problem.forbidden("operator") }
        guard try !db.value(PersonRows.hasAccounts, as: Bool.self) else { throw Problem.notFound("page") }
        guard let root = try Tree.current(in: db).root else {
            throw Problem.conflict(
                "setup-no-tree", "There are no units yet; the operator imports them with 'jarshy import units'.")
        }
        let faults = person.faults()
        guard faults.isEmpty, let login = Login(person.login) else { throw Problem.invalid(faults) }
        _ = try SeedRoles().perform(by: actor, at: now, in: db)
        let id = PersonID.make(at: now)
        try AddPerson.insert(id, person, login: login.text, password: password, at: now, in: db)
        try Feed.record(FeedLine("add", "person", id, unit: root), by: actor, at: now, in: db)
        try GrantRole(
            person: id, role: "administrator", unit: root, organization: nil, from: Zone.kazakhstan.day(at: now),
            to: nil
        ).insert(by: actor, at: now, in: db)
        return try SessionRows.open(id, agent: agent, at: now, in: db)
    }
}
