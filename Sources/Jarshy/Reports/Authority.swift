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
        guard let written = try books.written(operation, by: actor), let tree = try books.treeHeard(operation, by: actor) else {
            return false
        }
        return actor.held(
            right, over: unit, organization: organization, in: tree, at: written, on: Zone.kazakhstan.day(at: written))
    }

    /// True when the unit exists for this actor: today, or by the tree the phone had heard of.
    static func knows(_ unit: UnitNo, _ operation: Operation, _ actor: Actor, _ books: Books) throws -> Bool {
        if actor.mayKnow(unit, in: books.tree, on: books.today) { return true }
        guard let tree = try books.treeHeard(operation, by: actor) else { return false }
        return actor.mayKnow(unit, in: tree, on: books.today)
    }
}

/// The tree as it stood, and as it was known, at a moment in the past: changes that were entered later, even for earlier days,
/// are left out.
struct PastTree: Ancestry {
    let tree: Tree
    let day: Day
    /// Days from which changes that were entered later have effect.
    let news: Set<Day>

    func isWithin(_ unit: UnitNo, _ ancestor: UnitNo) -> Bool {
        var at: UnitNo? = unit
        while let here = at {
            if here == ancestor { return true }
            let edges = (tree.edges[here] ?? []).filter { !news.contains($0.from) }
            at = (edges.last { $0.from <= day } ?? edges.first)?.parent
        }
        return false
    }
}

extension Books {
    /// The tree as the author's phone had last heard of it.
    func treeHeard(_ operation: Operation, by actor: Actor) throws -> PastTree? {
        guard let heard = try lastWord(operation, to: actor) else { return nil }
        let days = try news[heard]
            ?? Set(db.all(Day.self, "SELECT DISTINCT day FROM structure_change WHERE at > \(heard) AND kind <> 'advance'"))
        news[heard] = days
        return PastTree(tree: tree, day: Zone.kazakhstan.day(at: heard), news: days)
    }

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
