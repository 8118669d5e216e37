import JarshyKit
import Storage

/// Moves a unit, with all below it, under another from a day on: planned, from today, or backdated.
struct MoveUnit: StructureAction {
    let unit: String
    let parent: String
    let day: Day
    let note: String
    var isPreview = false

    func perform(by actor: Actor, on books: Books) throws -> Restructure.Effect {
        let tree = books.tree
        let (unit, parent) = (try tree.known(unit, to: actor, on: books.today), try tree.known(parent, to: actor, on: books.today))
        guard tree.edges[unit.no] != nil else {
            throw Problem.conflict("unit-root", "The root stands below nothing and cannot be moved.")
        }
        try actor.require(.manageUnits, over: unit.no, in: tree, on: books.today)
        try actor.require(.manageUnits, over: parent.no, in: tree, on: books.today)
        guard unit.isOpen(on: day) else { throw StructureProblem.closed(unit, on: day) }
        guard parent.isOpen(on: day) else { throw StructureProblem.closed(parent, on: day, field: "target") }
        try StructureProblem.refuseOrder(unit, under: parent, in: tree)
        if tree.parent(of: unit.no, on: day) == parent.no {
            throw StructureProblem.target("unit-same-parent", "The unit stands there already on \(day).")
        }
        var change = TreeChange()
        change.edges[unit.no] = tree.edges(of: unit.no, movedTo: parent.no, from: day)
        return try Restructure(
            change: change, kind: "move", unit: unit.no, other: parent.no, day: day, note: note, isPreview: isPreview
        ).perform(by: actor, on: books)
    }
}

/// Moves the "present structure" on to a new day, and with it every move planned for the days since. Run at local midnight.
struct AdvancePresent: StructureAction {
    let day: Day

    func perform(by actor: Actor, on books: Books) throws -> Restructure.Effect? {
        guard day > books.tree.presentDay, let root = books.tree.root else { return nil }
        var change = TreeChange()
        change.presentDay = day
        if change.moved(in: books.tree).isEmpty {
            try Tree.touch(presentDay: day, in: books.db)
            return nil
        }
        return try Restructure(
            change: change, kind: "advance", unit: root, other: nil, day: day, note: "", isPreview: false
        ).perform(by: actor, on: books)
    }
}

enum StructureProblem {
    /// A unit stands below one of a higher rank: a region never below a primary organisation. Equal ranks may nest, as a
    /// merged unit does below its successor.
    static func refuseOrder(_ unit: Unit, under parent: Unit, in tree: Tree) throws {
        guard let own = tree.kinds[unit.kind]?.rank, let above = tree.kinds[parent.kind]?.rank, above > own else { return }
        throw Problem(
            "unit-kind-order", status: 422, "A '\(unit.kind)' cannot stand below a '\(parent.kind)'.",
            errors: [Problem.Fault("target", "unit-kind-order", "Choose a unit of a higher kind.")])
    }

    static func closed(_ unit: Unit, on day: Day, field: String = "day") -> Problem {
        let detail = "The unit '\(unit.titles.en)' does not work on \(day)."
        return Problem(
            "unit-closed", status: 422, detail, slots: ["day": "\(day)"],
            errors: [Problem.Fault(field, "unit-not-open", detail)])
    }

    /// A refusal that lies in what was chosen.
    static func target(_ slug: String, _ detail: String) -> Problem {
        Problem(slug, status: 409, detail, errors: [Problem.Fault("target", slug, detail)])
    }
}

extension Tree {
    func known(_ code: String, to actor: Actor, on day: Day) throws -> Unit {
        guard let unit = find(code), actor.mayKnow(unit.no, in: self, on: day) else { throw Problem.notFound("unit") }
        return unit
    }
}
