import JarshyKit
import Storage

/// Splits a unit: it closes, new units open beside it, and each open child goes below the new unit chosen for it (the first
/// by default). The history stays on the unit that was.
struct SplitUnit: StructureAction {
    struct Part: Sendable {
        let code: String
        let names: Trio
        /// Codes of the children that go with this part.
        let children: [String]
    }

    let unit: String
    let parts: [Part]
    let day: Day
    let note: String
    var isPreview = false

    func perform(by actor: Actor, on books: Books) throws -> Restructure.Effect {
        var next = try UnitWrites.nextNo(in: books.db)
        books.tree = try Tree.current(in: books.db)
        let tree = books.tree
        let unit = try tree.known(unit, to: actor, on: books.today)
        guard let parent = tree.parent(of: unit.no, on: day) else {
            throw Problem.conflict("unit-root", "The root cannot be split.")
        }
        try actor.require(.manageUnits, over: parent, in: tree, on: books.today)
        guard unit.isOpen(on: day), unit.closed == nil else { throw StructureProblem.closed(unit, on: day) }
        guard parts.count >= 2 else {
            throw Problem.invalid([Problem.Fault("parts", "split-too-few", "A split makes at least two units.")])
        }
        try refuseTakenCodes(tree)

        let children = tree.units.values.filter { tree.parent(of: $0.no, on: day) == unit.no && $0.isOpen(on: day) }
        var change = TreeChange()
        change.closings = [(unit.no, day, nil)]
        var rows: [(no: UnitNo, unit: NewUnit)] = []
        for (index, part) in parts.enumerated() {
            let no = UnitNo(next)
            next += 1
            rows.append(
                (no, NewUnit(code: part.code, parent: parent, kind: unit.kind, names: part.names, opened: day, organization: unit.organization)))
            for child in children {
                let chosen = parts.firstIndex { chosen in chosen.children.contains { tree.find($0)?.no == child.no } } ?? 0
                if chosen == index { change.edges[child.no] = tree.edges(of: child.no, movedTo: no, from: day) }
            }
        }
        try UnitWrites.insert(rows, root: tree.root, from: day, at: books.now, in: books.db)
        try Tree.touch(in: books.db)
        return try Restructure(
            change: change, kind: "split", unit: unit.no, other: rows.first?.no, day: day, note: note, isPreview: isPreview
        ).perform(by: actor, on: books)
    }

    private func refuseTakenCodes(_ tree: Tree) throws {
        var seen: Set<String> = []
        var faults: [Problem.Fault] = []
        for (index, part) in parts.enumerated() {
            if tree.find(part.code) != nil || !seen.insert(part.code).inserted {
                faults.append(Problem.Fault("parts[\(index)].code", "split-code-taken", "The code '\(part.code)' is taken.", slots: ["code": part.code]))
            }
        }
        if !faults.isEmpty { throw Problem.invalid(faults) }
    }
}
