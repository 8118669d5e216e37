import JarshyKit
import Storage

/// Closes an account: nobody signs in with it, its sessions, tokens and invitations end; what the person did stays.
struct DisableAccount: Action {
    let person: PersonID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
        let (found, roles) = try scope.find(person, in: db)
        guard person != actor.person else { throw Problem.conflict("own-account", "Nobody closes their own account.") }
        try scope.requirePower(over: person, holding: roles, in: db)
        guard found.isOpen else { throw Problem.conflict("account-closed", "The account is closed already.") }
        try LastAdministrator.requireAnother(than: .person(person), scope, in: db)
        try db.run("UPDATE account SET disabled_at = \(now), password = \(String?.none) WHERE person = \(person)")
        try SessionRows.endAll(of: person, in: db)
        try db.run("UPDATE api_token SET revoked_at = \(now) WHERE person = \(person) AND revoked_at IS NULL")
        try db.run("UPDATE invitation SET used_at = \(now) WHERE person = \(person) AND used_at IS NULL")
        try Feed.record(FeedLine("close-account", "person", person), by: actor, at: now, in: db)
    }
}
