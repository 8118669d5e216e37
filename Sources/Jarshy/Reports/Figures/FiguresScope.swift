import JarshyKit
import Storage

/// A unit whose figures an actor may see, and how much of them. Every read of figures begins here.
struct FiguresScope: Sendable {
    let tree: Tree
    let unit: Unit
    /// Nil: everything. Else the organisations whose figures may be seen.
    let organizations: Set<OrganizationNo>?

    /// - Throws: 404 for a unit that does not exist, and for one whose figures the actor may not see; the two look alike.
    static func find(_ code: String, actor: Actor, today: Day, in tree: Tree) throws -> FiguresScope {
        guard let unit = tree.find(code) else { throw Problem.notFound("unit") }
        switch actor.view(of: unit.no, in: tree, on: today) {
        case .everything: return FiguresScope(tree: tree, unit: unit, organizations: nil)
        case .organizations(let set): return FiguresScope(tree: tree, unit: unit, organizations: set)
        case .nothing: throw Problem.notFound("unit")
        }
    }

    var isWhole: Bool { organizations == nil }
    var code: String { tree.code(of: unit.no) }
}
