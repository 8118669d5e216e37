import JarshyKit
import Storage

/// Changes what a role may do, everywhere it is held. Needs every right over the whole tree: whoever changes a role
/// changes what everybody who holds it may do. The administrator's role is not changed, so that there is always someone
/// who can.
struct SetRoleRights: Action {
    let role: String
    let rights: Set<Right>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let tree = try Tree.current(in: db)
        let today = Zone.kazakhstan.day(at: now)
        guard let root = tree.root else { throw Problem.notFound("unit") }
        for right in Right.allCases { try actor.require(right, over: root, in: tree, on: today) }
        guard let present = try Role.find(role, in: db) else { throw Problem.notFound("role") }
        guard role != "administrator" else {
            throw Problem.conflict("role-fixed", "The administrator's role holds every right and is not changed.")
        }
        let changed = present.rights.symmetricDifference(rights)
        guard !changed.isEmpty else { return }
        try db.run("DELETE FROM role_right WHERE role = \(role)")
        try db.insert(
            "INSERT INTO role_right (role, name) VALUES",
            rows: rights.map(\.rawValue).sorted().map { [.text(role), .text($0)] })
        let detail = changed.map { (rights.contains($0) ? "+" : "-") + $0.rawValue }.sorted().joined(separator: " ")
        try Feed.record(FeedLine("change", "role", role, unit: root, detail: detail), by: actor, at: now, in: db)
    }
}
