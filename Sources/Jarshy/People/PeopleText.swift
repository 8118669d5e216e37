import JarshyKit
import Storage

/// Names of roles, units and organisations in one language, for the pages of People.
struct PeopleText: Sendable {
    let words: Words
    let tree: Tree
    let roles: [Role]
    let organizations: [(no: OrganizationNo, code: String, names: Trio)]
    private let roleNames: [String: String]
    private let organizationNames: [OrganizationNo: String]

    init(_ words: Words, _ known: PeopleNames) {
        self.words = words
        tree = known.tree
        roles = known.roles
        organizations = known.organizations
        roleNames = Dictionary(
            known.roles.map { ($0.code, $0.names[words.language]) }, uniquingKeysWith: { first, _ in first })
        organizationNames = Dictionary(
            known.organizations.map { ($0.no, $0.names[words.language]) }, uniquingKeysWith: { first, _ in first })
    }

    func role(_ code: String) -> String { roleNames[code] ?? code }
    func unit(_ no: UnitNo) -> String { tree[no]?.titles[words.language] ?? "" }
    func organization(_ no: OrganizationNo) -> String { organizationNames[no] ?? "" }

    /// "secretary · Talgar District", with the organisation where the role stands for one.
    func role(_ held: HeldRole) -> String {
        let parts = [role(held.role), held.organization.map(organization) ?? "", unit(held.unit)]
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    func organizationOptions(none: String) -> [(value: String, label: String)] {
        [("", none)] + organizations.map { ($0.code, $0.names[words.language]) }
    }

    /// Roles this actor could grant somewhere: those whose every right the actor holds.
    func roleOptions(for actor: Actor, on day: Day) -> [(value: String, label: String)] {
        roles.filter { role in role.rights.allSatisfy { actor.holdsAnywhere($0, on: day) } }
            .map { ($0.code, $0.names[words.language]) }
    }

    /// Units in which this actor may give roles: the ones held or, when a filter names one of them, that one, and what
    /// lies below, level by level, to 300.
    func unitOptions(for actor: Actor, under filter: Unit?, on day: Day) -> [(value: String, label: String)] {
        let held =
            actor.kind == .operator
            ? tree.root.map { [$0] } ?? []
            : actor.grants.filter { $0.holds(on: day) && $0.rights.contains(.managePeople) }.map(\.unit)
        var found: [UnitNo] = []
        if let filter, held.contains(where: { tree.isWithin(filter.no, $0) }) {
            found = [filter.no]
        } else {
            for unit in held where !found.contains(unit) { found.append(unit) }
        }
        var at = 0
        while at < found.count, found.count < 300 {
            for child in tree.children(of: found[at]) where tree[child]?.isOpen(on: day) ?? false {
                if found.count < 300, !found.contains(child) { found.append(child) }
            }
            at += 1
        }
        return found.map { (tree.code(of: $0), placed($0)) }
    }

    /// A unit's title with the one above it, since districts of one name lie in several regions; the root is not said.
    private func placed(_ no: UnitNo) -> String {
        guard let above = tree.parent(of: no), above != tree.root else { return unit(no) }
        return "\(unit(no)) · \(unit(above))"
    }
}

/// What `PeopleText` needs of the database; read in the page's own transaction.
struct PeopleNames: Sendable {
    let tree: Tree
    let roles: [Role]
    let organizations: [(no: OrganizationNo, code: String, names: Trio)]

    init(in db: any Reading) throws {
        tree = try Tree.current(in: db)
        roles = try Role.all(in: db)
        organizations = try PersonRows.organizations(in: db)
    }
}
