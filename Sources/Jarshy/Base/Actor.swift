import JarshyKit
import Storage

/// Who acts: a signed-in person with the roles held, or the operator at the command line. Always an argument, never ambient.
struct Actor: Sendable {
    enum Kind: String, Sendable {
        case person, token, `operator`
        /// Somebody without an account on a public page; holds no right at all.
        case resident
    }

    let kind: Kind
    let person: PersonID
    let name: String
    let language: Language
    /// Every grant ever held, ended ones too: authority is judged for the moment an operation was written.
    let grants: [Grant]
    /// The organisations the person belongs to, oldest affiliation first; the first is the default host of a report.
    let organizations: [OrganizationNo]
    /// A token's scope narrows the roles; nil does not.
    let allowed: Set<Right>?

    init(
        kind: Kind, person: PersonID, name: String, language: Language, grants: [Grant],
        organizations: [OrganizationNo], allowed: Set<Right>? = nil
    ) {
        self.kind = kind
        self.person = person
        self.name = name
        self.language = language
        self.grants = grants
        self.organizations = organizations
        self.allowed = allowed
    }

    /// A role's rights in a unit and below, from day to day (`to` is the last day).
    struct Grant: Sendable, Hashable {
        let role: String
        let rights: Set<Right>
        let unit: UnitNo
        /// Set for an organisation's representative: only that organisation's figures.
        let organization: OrganizationNo?
        let from: Day
        let to: Day?
        /// When somebody took it away; until that moment it was in force.
        var revokedAt: Instant?

        func holds(on day: Day) -> Bool { from <= day && to.map { day <= $0 } ?? true }

        /// In force at a moment in the past, which falls on `day`.
        func held(at moment: Instant, on day: Day) -> Bool {
            if let revokedAt { return from <= day && moment < revokedAt }
            return holds(on: day)
        }
    }

    /// The operator of the command line: named in the feed, may do everything.
    static let operatorID = PersonID(high: 0, low: 1)
    static let `operator` = Actor(
        kind: .operator, person: operatorID, name: "operator", language: .en, grants: [], organizations: [])
}

extension Actor {
    /// A resident on a public page: everybody and nobody, so the feed can tell none from another.
    static let resident = Actor(
        kind: .resident, person: PersonID(high: 0, low: 2), name: "resident", language: .kk, grants: [], organizations: [])
}

/// What an actor needs to know of the tree: who stands below whom today.
protocol Ancestry {
    func isWithin(_ unit: UnitNo, _ ancestor: UnitNo) -> Bool
}

extension Actor {
    /// Grants of `right` in force on `day` that cover `unit`.
    func grants(of right: Right, over unit: UnitNo, in tree: some Ancestry, on day: Day) -> [Grant] {
        if let allowed, !allowed.contains(right) { return [] }
        return grants.filter { $0.holds(on: day) && $0.rights.contains(right) && tree.isWithin(unit, $0.unit) }
    }

    /// True when the right is held over the unit, for all organisations or for `organization`.
    func holds(
        _ right: Right, over unit: UnitNo, organization: OrganizationNo? = nil, in tree: some Ancestry, on day: Day
    ) -> Bool {
        if kind == .operator { return true }
        return grants(of: right, over: unit, in: tree, on: day).contains { grant in
            grant.organization == nil || grant.organization == organization
        }
    }

    /// True when the right was held at a moment in the past, which falls on `day`.
    func held(
        _ right: Right, over unit: UnitNo, organization: OrganizationNo?, in tree: some Ancestry, at moment: Instant, on day: Day
    ) -> Bool {
        if let allowed, !allowed.contains(right) { return false }
        return grants.contains { grant in
            grant.held(at: moment, on: day) && grant.rights.contains(right) && tree.isWithin(unit, grant.unit)
                && (grant.organization == nil || grant.organization == organization)
        }
    }

    /// Throws 403 unless the right is held. Call it after the row was found within the scope, which answers 404.
    func require(
        _ right: Right, over unit: UnitNo, organization: OrganizationNo? = nil, in tree: some Ancestry, on day: Day
    ) throws {
        guard holds(right, over: unit, organization: organization, in: tree, on: day) else {
            throw Problem.forbidden(right.rawValue)
        }
    }

    /// True when the right is held anywhere: decides what a menu shows, never what an action may do.
    func holdsAnywhere(_ right: Right, on day: Day) -> Bool {
        if kind == .operator { return true }
        if let allowed, !allowed.contains(right) { return false }
        return grants.contains { $0.holds(on: day) && $0.rights.contains(right) }
    }

    /// What of a unit's figures may be seen: everything, only some organisations', or nothing.
    func view(of unit: UnitNo, in tree: some Ancestry, on day: Day) -> View {
        if kind == .operator { return .everything }
        let covering = grants(of: .viewFigures, over: unit, in: tree, on: day)
        if covering.contains(where: { $0.organization == nil }) { return .everything }
        let organizations = Set(covering.compactMap(\.organization))
        return organizations.isEmpty ? .nothing : .organizations(organizations)
    }

    enum View: Sendable, Hashable {
        case everything
        case organizations(Set<OrganizationNo>)
        case nothing
    }
}
