import JarshyKit
import Storage

/// Authority is judged for the moment an operation was written, which a server token bounds from below, else for its arrival.
enum Authority {
    /// Throws 403 when the right was never held in that time; flags for review when it ended before arrival.
    static func judge(
        _ right: Right, over unit: UnitNo, organization: OrganizationNo?, _ operation: Operation, _ actor: Actor, _ books: Books
    ) throws -> Flags {
        if actor.holds(right, over: unit, organization: organization, in: books.tree, on: books.today) {
            return operation.seal?.ended == nil ? [] : .review
        }
        if let written = try books.written(operation, by: actor),
            actor.held(
                right, over: unit, organization: organization, in: books.tree, at: written,
                on: Zone.kazakhstan.day(at: written))
        {
            return .review
        }
        throw Problem.forbidden(right.rawValue)
    }
}

extension Books {
    /// When an operation was written, if it carries a server token, which proves that it was not earlier than that.
    func written(_ operation: Operation, by actor: Actor) throws -> Instant? {
        guard let token = operation.body["server_token"]?.text,
            let from = ServerToken.moment(token, person: actor.person, secret: try tokenSecret()), from <= now
        else { return nil }
        let claimed = operation.body["at"]?.integer.map { Instant(milliseconds: $0) } ?? from
        return min(max(claimed, from), now)
    }

    func organization(_ code: String) throws -> OrganizationNo {
        let organizations = try self.organizations()
        if let found = organizations.first(where: { $0.code == code || $0.id.description == code }) { return found.no }
        throw Problem.invalid([.unknown("organization", code)])
    }
}

extension Actor {
    /// A unit exists for those who hold any role over it or over something below it; for others it is 404.
    func mayKnow(_ unit: UnitNo, in tree: Tree, on day: Day) -> Bool {
        kind == .operator || grants.contains { tree.isWithin(unit, $0.unit) || tree.isWithin($0.unit, unit) }
    }

    /// True when the right is held in this very unit, not only from above.
    func isHome(_ unit: UnitNo, right: Right, on day: Day) -> Bool {
        grants.contains { $0.unit == unit && $0.rights.contains(right) && $0.holds(on: day) }
    }
}
