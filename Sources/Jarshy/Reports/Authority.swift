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
        if try held(right, over: unit, organization: organization, operation, actor, books) { return .review }
        throw Problem.forbidden(right.rawValue)
    }

    /// True when the right was held when the operation was written, by a server token's word.
    ///
    /// A phone without network works by the tree it last heard of: where a unit has moved since, whoever was over it before
    /// had the right to write.
    static func held(
        _ right: Right, over unit: UnitNo, organization: OrganizationNo?, _ operation: Operation, _ actor: Actor, _ books: Books
    ) throws -> Bool {
        guard let written = try books.written(operation, by: actor) else { return false }
        return try trees(of: operation, by: actor, books).contains { tree in
            actor.held(
                right, over: unit, organization: organization, in: tree, at: written, on: Zone.kazakhstan.day(at: written))
        }
    }

    /// True when the unit exists for this actor: today, or when the operation was written.
    static func knows(_ unit: UnitNo, _ operation: Operation, _ actor: Actor, _ books: Books) throws -> Bool {
        if actor.mayKnow(unit, in: books.tree, on: books.today) { return true }
        return try trees(of: operation, by: actor, books).contains { actor.mayKnow(unit, in: $0, on: books.today) }
    }

    /// The tree as the author could know it: of the server's last word to the phone, and of the day of writing.
    private static func trees(of operation: Operation, by actor: Actor, _ books: Books) throws -> [TreeOnDay] {
        let moments = [try books.lastWord(operation, to: actor), try books.written(operation, by: actor)].compactMap { $0 }
        return Set(moments.map { Zone.kazakhstan.day(at: $0) }).map { TreeOnDay(tree: books.tree, day: $0) }
    }

    private struct TreeOnDay: Ancestry {
        let tree: Tree
        let day: Day
        func isWithin(_ unit: UnitNo, _ ancestor: UnitNo) -> Bool { tree.isWithin(unit, ancestor, on: day) }
    }
}

extension Books {
    /// The moment of the server token an operation carries.
    func lastWord(_ operation: Operation, to actor: Actor) throws -> Instant? {
        guard let token = operation.body["server_token"]?.text,
            let moment = ServerToken.moment(token, person: actor.person, secret: try tokenSecret()), moment <= now
        else { return nil }
        return moment
    }

    /// When an operation was written, if it carries a server token, which proves that it was not earlier than that.
    func written(_ operation: Operation, by actor: Actor) throws -> Instant? {
        guard let from = try lastWord(operation, to: actor) else { return nil }
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
    func mayKnow(_ unit: UnitNo, in tree: some Ancestry, on day: Day) -> Bool {
        kind == .operator || grants.contains { tree.isWithin(unit, $0.unit) || tree.isWithin($0.unit, unit) }
    }

    /// True when the right is held in this very unit, not only from above.
    func isHome(_ unit: UnitNo, right: Right, on day: Day) -> Bool {
        grants.contains { $0.unit == unit && $0.rights.contains(right) && $0.holds(on: day) }
    }
}
