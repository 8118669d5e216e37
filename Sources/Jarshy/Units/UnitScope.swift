import JarshyKit

/// Which units an actor may know of. Territory is public knowledge; teams (headquarters, primary organisations, groups)
/// are known to those who hold a role in them, above them or below them.
struct UnitScope: Sendable {
    private let tree: Tree
    private let seesAll: Bool
    private let held: [UnitNo]
    /// Units above those where a role is held: their names stand in every trail.
    private let above: Set<UnitNo>

    init(_ actor: Actor, in tree: Tree, on day: Day) {
        self.tree = tree
        seesAll = actor.kind == .operator
        held = Array(Set(actor.grants.filter { $0.holds(on: day) }.map(\.unit)))
        above = Set(held.flatMap { tree.chain(of: $0) })
    }

    func sees(_ unit: Unit) -> Bool {
        if seesAll || tree.kinds[unit.kind]?.territory ?? false || above.contains(unit.no) { return true }
        return held.contains { tree.isWithin(unit.no, $0) }
    }

    /// The unit of an id or of any code it ever held.
    /// - Throws: 404 when there is none or it is out of sight; the two look alike.
    func find(_ text: String) throws -> Unit {
        guard let unit = tree.find(text), sees(unit) else { throw Problem.notFound("unit") }
        return unit
    }
}
