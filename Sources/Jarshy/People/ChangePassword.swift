import JarshyKit
import Storage

/// A person's own new password; every other session ends. Both strings are argon2id: the present one as it was read and
/// verified, the fresh one as it will be kept. When the present one has changed in between, nothing is done.
struct ChangePassword: Action {
    let present: String
    let fresh: String
    let keeping: ID<SessionMark>?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let changed = try db.run(
            "UPDATE account SET password = \(fresh) WHERE person = \(actor.person) AND password = \(present)")
        guard changed == 1 else {
            throw Problem.conflict("password-changed", "The password was changed meanwhile; sign in again.")
        }
        let ended = try SessionRows.endAll(of: actor.person, but: keeping, in: db)
        try Feed.record(
            FeedLine("change-password", "person", actor.person, detail: "ended=\(ended)"), by: actor, at: now, in: db)
    }
}
