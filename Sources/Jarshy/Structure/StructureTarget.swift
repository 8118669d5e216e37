import JarshyKit

/// Where a move or a merge leads, by the code or the name somebody typed.
struct StructureTarget: Sendable {
    static let several = "unit-several"
    static let mostChoices = 12

    let code: String

    /// - Throws: 422 at `target` when no unit the actor may know is called so, or several are.
    init(_ request: StructureRequest, _ tree: Tree, _ actor: Actor, today: Day, search: UnitSearch) throws {
        if let unit = tree.find(request.target), actor.mayKnow(unit.no, in: tree, on: today) {
            code = request.target
            return
        }
        let found = Self.candidates(request, tree, actor, today: today, search: search)
        guard let first = found.first else {
            throw Problem.invalid([
                Problem.Fault("target", "unit-target-unknown", "There is no unit '\(request.target.prefix(60))' to choose here.")
            ])
        }
        guard found.count == 1 else {
            throw Problem.invalid([
                Problem.Fault(
                    "target", Self.several, "\(found.count) units are called so. Choose one.", slots: ["n": "\(found.count)"])
            ])
        }
        code = tree.code(of: first)
    }

    /// Units of the name that are open on the day; those called exactly so, where there are any.
    static func candidates(
        _ request: StructureRequest, _ tree: Tree, _ actor: Actor, today: Day, search: UnitSearch
    ) -> [UnitNo] {
        let own = tree.find(request.unit)?.no
        let found = search.find(request.target, in: tree).filter { no in
            no != own && actor.mayKnow(no, in: tree, on: today) && tree[no]?.isOpen(on: request.day) == true
        }
        let typed = folded(request.target)
        let exact = found.filter { no in
            guard let unit = tree[no] else { return false }
            return Language.allCases.contains { folded(unit.titles[$0]) == typed || folded(unit.names[$0]) == typed }
        }
        return exact.isEmpty ? found : exact
    }
}
