import JarshyKit
import Storage

/// Merges a unit into another: it closes, stands below its successor from that day on, and its open children become the
/// successor's. No figure is re-keyed, no sum is lost; late reports for days before still go to the closed unit.
struct MergeUnit: StructureAction {
    let unit: String
    let into: String
    let day: Day
    let note: String
    var isPreview = false

    func perform(by actor: Actor, on books: Books) throws -> Restructure.Effect {
        let tree = books.tree
        let (unit, successor) = (try tree.known(unit, to: actor, on: books.today), try tree.known(into, to: actor, on: books.today))
        guard tree.edges[unit.no] != nil else {
            throw Problem.conflict("unit-root", "The root cannot be merged into anything.")
        }
        try actor.require(.manageUnits, over: unit.no, in: tree, on: books.today)
        try actor.require(.manageUnits, over: successor.no, in: tree, on: books.today)
        guard unit.isOpen(on: day), unit.closed == nil else { throw StructureProblem.closed(unit, on: day) }
        guard successor.isOpen(on: day) else { throw StructureProblem.closed(successor, on: day, field: "target") }
        try StructureProblem.refuseOrder(unit, under: successor, in: tree)
        if unit.no == successor.no { throw StructureProblem.target("unit-same", "A unit cannot be merged into itself.") }
        var change = TreeChange()
        change.closings = [(unit.no, day, successor.no)]
        if tree.parent(of: unit.no, on: day) != successor.no {
            change.edges[unit.no] = tree.edges(of: unit.no, movedTo: successor.no, from: day)
        }
        for child in tree.units.keys where tree.parent(of: child, on: day) == unit.no && child != successor.no {
            if tree[child]?.isOpen(on: day) == true {
                change.edges[child] = tree.edges(of: child, movedTo: successor.no, from: day)
            }
        }
        return try Restructure(
            change: change, kind: "merge", unit: unit.no, other: successor.no, day: day, note: note, isPreview: isPreview
        ).perform(by: actor, on: books)
    }
}

/// Closes a unit with no open unit below it. Its figures stay where they are.
struct CloseUnit: StructureAction {
    let unit: String
    let day: Day
    let note: String
    var isPreview = false

    func perform(by actor: Actor, on books: Books) throws -> Restructure.Effect {
        let tree = books.tree
        let unit = try tree.known(unit, to: actor, on: books.today)
        try actor.require(.manageUnits, over: unit.no, in: tree, on: books.today)
        guard tree.edges[unit.no] != nil else { throw Problem.conflict("unit-root", "The root cannot be closed.") }
        guard unit.isOpen(on: day), unit.closed == nil else { throw StructureProblem.closed(unit, on: day) }
        let open = tree.units.values.filter { tree.parent(of: $0.no, on: day) == unit.no && $0.isOpen(on: day) }
        guard open.isEmpty else {
            throw Problem.conflict(
                "unit-has-children", "\(open.count) open units stand below it. Move, merge or close them first.",
                slots: ["n": "\(open.count)"])
        }
        var change = TreeChange()
        change.closings = [(unit.no, day, nil)]
        return try Restructure(
            change: change, kind: "close", unit: unit.no, other: nil, day: day, note: note, isPreview: isPreview
        ).perform(by: actor, on: books)
    }
}
