import JarshyKit
import Storage

/// Ends a role at once: yesterday becomes its last day, and the moment is kept, because what was written before it is
/// judged by it; one that has not begun is taken out, the feed keeps it.
/// Needs the same power as granting it. The last who manages people over the whole tree keeps that role.
struct RevokeRole: Action {
    let person: PersonID
    let grant: ID<GrantMark>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
        let (_, roles) = try scope.find(person, in: db)
        guard let held = roles.first(where: { $0.id == grant }) else { throw Problem.notFound("role") }
        guard held.to.map({ $0 >= scope.today }) ?? true else {
            throw Problem.conflict("role-ended", "The role has ended already.")
        }
        if let role = try Role.find(held.role, in: db) {
            try scope.requirePower(over: role, unit: held.unit, organization: held.organization, until: scope.today)
        }
        try LastAdministrator.requireAnother(than: .grant(grant), scope, in: db)
        if held.from > scope.today {
            try db.run("DELETE FROM role_grant WHERE id = \(grant)")
        } else {
            let last = scope.today.advanced(by: -1)
            try db.run("UPDATE role_grant SET to_day = \(last), revoked_at = \(now) WHERE id = \(grant)")
        }
        try Feed.record(
            FeedLine("revoke-role", "person", person, unit: held.unit, detail: "role=\(held.role)"), by: actor, at: now,
            in: db)
    }
}

/// Somebody must always be able to let people in.
enum LastAdministrator {
    enum Leaving: Sendable {
        case grant(ID<GrantMark>)
        case person(PersonID)
    }

    /// - Throws: `Problem` 409 when, without what leaves, nobody with an open account manages people over the whole
    /// tree.
    static func requireAnother(than leaving: Leaving, _ scope: PeopleScope, in db: any Reading) throws {
        guard let root = scope.tree.root else { return }
        let today = scope.today
        let holders = try db.all(
            """
            SELECT g.id, g.person FROM role_grant g
            JOIN role_right r ON r.role = g.role
            JOIN account a ON a.person = g.person
            WHERE r.name = \(Right.managePeople.rawValue) AND g.unit = \(root) AND g.organization IS NULL
                AND g.from_day <= \(today) AND (g.to_day IS NULL OR g.to_day >= \(today)) AND a.disabled_at IS NULL
            """
        ) { row in (try row.next(ID<GrantMark>.self), try row.next(PersonID.self)) }
        let staying = holders.filter { grant, person in
            switch leaving {
            case .grant(let id): grant != id
            case .person(let id): person != id
            }
        }
        guard staying.isEmpty, !holders.isEmpty, staying.count < holders.count else { return }
        throw Problem.conflict("last-administrator", "Nobody else could let people in; grant that to another first.")
    }
}
