import JarshyKit
import Storage

/// Whose pages an actor may open, and whose accounts an actor may manage.
///
/// A person is seen by those who hold `viewPeople` or `managePeople` over a unit in which that person holds or held a
/// role; a person without any role by those who see the whole tree.
struct PeopleScope: Sendable {
    enum Cover: Sendable {
        case everyone
        case units(Set<UnitNo>)
    }

    let actor: Actor
    let tree: Tree
    let today: Day
    let cover: Cover

    init(_ actor: Actor, tree: Tree, today: Day) {
        self.actor = actor
        self.tree = tree
        self.today = today
        if actor.kind == .operator {
            cover = .everyone
            return
        }
        let held = actor.grants.filter { grant in
            grant.holds(on: today) && grant.organization == nil
                && [Right.viewPeople, .managePeople].contains { right in
                    grant.rights.contains(right) && actor.allowed?.contains(right) ?? true
                }
        }
        if held.contains(where: { $0.unit == tree.root }) {
            cover = .everyone
        } else {
            cover = .units(held.reduce(into: []) { $0.formUnion(tree.subtree(of: $1.unit)) })
        }
    }

    /// The scope narrowed to a unit and below, for a filter.
    func narrowed(to unit: UnitNo) -> Cover {
        let below = Set(tree.subtree(of: unit))
        switch cover {
        case .everyone: return unit == tree.root ? .everyone : .units(below)
        case .units(let units): return .units(units.intersection(below))
        }
    }

    func sees(_ grants: [HeldRole]) -> Bool {
        switch cover {
        case .everyone: true
        case .units(let units): grants.contains { units.contains($0.unit) }
        }
    }

    /// The person, if within sight; oneself always is.
    /// - Throws: 404 otherwise.
    func find(_ id: PersonID, in db: any Reading) throws -> (Person, [HeldRole]) {
        guard let person = try PersonRows.find(id, in: db) else { throw Problem.notFound("person") }
        let roles = try PersonRows.roles(of: [id], in: db)
        guard id == actor.person || sees(roles) else { throw Problem.notFound("person") }
        return (person, roles)
    }

    /// May this actor give out, end or take over a role here? Only who manages people there and holds each of its
    /// rights there, not narrower by organisation and for no shorter time. This is what "nobody grants more than they
    /// hold" means.
    func requirePower(over role: Role, unit: UnitNo, organization: OrganizationNo?, until: Day?) throws {
        try actor.require(.managePeople, over: unit, in: tree, on: today)
        for right in role.rights { try requireHeld(right, unit, organization: organization, until: until) }
    }

    private func requireHeld(_ right: Right, _ unit: UnitNo, organization: OrganizationNo?, until: Day?) throws {
        if actor.kind == .operator { return }
        let isHeld = actor.grants(of: right, over: unit, in: tree, on: today).contains { grant in
            let isWide = grant.organization == nil || (organization != nil && grant.organization == organization)
            let lasts = grant.to.map { last in until.map { $0 <= last } ?? false } ?? true
            return isWide && lasts
        }
        guard isHeld else {
            throw Problem(
                "beyond", status: 403, "The role includes the right '\(right.rawValue)', which you do not hold there.",
                slots: ["right": right.rawValue])
        }
    }

    /// May this actor act on the account itself (a new password, closing)? Whoever can set a password can act as that
    /// person, so it takes power over every role the person holds or will hold.
    func requirePower(over person: PersonID, holding roles: [HeldRole], in db: any Reading) throws {
        let known = try Role.all(in: db)
        let present = roles.filter { $0.person == person && $0.to.map { $0 >= today } ?? true }
        for held in present {
            guard let role = known.first(where: { $0.code == held.role }) else { continue }
            try requirePower(over: role, unit: held.unit, organization: held.organization, until: today)
        }
        if present.isEmpty {
            let last = roles.filter { $0.person == person }.map(\.unit).first ?? tree.root ?? .none
            try actor.require(.managePeople, over: last, in: tree, on: today)
        }
    }
}
