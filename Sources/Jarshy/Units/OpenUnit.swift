import JarshyKit
import Storage

/// Opens a unit under a parent from a day on. No figure moves, so the ledger is not touched; a child of the root gets
/// its stream. Needs `manageUnits` over the parent.
struct OpenUnit: Action {
    /// Id or any code of the unit above.
    let parent: String
    let kind: String
    let code: String
    let words: UnitWords
    let opens: Day
    var organization: OrganizationNo?
    var population: Int64?
    var capacity: Int64?

    struct Result: Sendable {
        let no: UnitNo
        let code: String
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Result {
        let next = try UnitWrites.nextNo(in: db)
        let tree = try Tree.current(in: db)
        let today = Zone.kazakhstan.day(at: now)
        guard let above = tree.find(parent), UnitScope(actor, in: tree, on: today).sees(above) else {
            throw Problem.invalid([Problem.Fault("parent", "unit-unknown", "No unit has the code '\(parent)'.")])
        }
        try actor.require(.manageUnits, over: above.no, in: tree, on: today)
        try refuseFaults(under: above, in: tree)
        let unit = NewUnit(
            code: code, parent: above.no, kind: kind, names: words.names, titles: words.titles(kind), opened: opens,
            organization: organization, population: population, capacity: capacity)
        try UnitWrites.insert([(no: UnitNo(next), unit: unit)], root: tree.root, from: opens, at: now, in: db)
        try Tree.touch(in: db)
        try Feed.record(
            FeedLine("open", "unit", code, unit: UnitNo(next), detail: "kind=\(kind) from=\(opens)"),
            by: actor, at: now, in: db)
        return Result(no: UnitNo(next), code: code)
    }

    private func refuseFaults(under above: Unit, in tree: Tree) throws {
        var faults = words.faults
        if let wrong = UnitCode.fault(code) {
            faults.append(Problem.Fault("code", "unit-code", "\(wrong).".capitalizedFirst))
        } else if tree.find(code) != nil {
            faults.append(Problem.Fault("code", "unit-code-taken", "Another unit has or had the code '\(code)'."))
        }
        let rank = tree.kinds[kind]?.rank
        if rank == nil {
            faults.append(Problem.Fault("kind", "unit-kind", "There is no kind '\(kind)'."))
        } else if let rank, rank <= tree.kinds[above.kind]?.rank ?? 0, kind != above.kind {
            faults.append(Problem.Fault("kind", "unit-kind-order", "A '\(kind)' cannot stand under a '\(above.kind)'."))
        }
        if !above.isOpen(on: opens) {
            faults.append(
                Problem.Fault("opens", "unit-parent-closed", "The unit above does not work on \(opens)."))
        }
        faults += Self.faults(population: population, capacity: capacity)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
    }

    static func faults(population: Int64?, capacity: Int64?) -> [Problem.Fault] {
        [("population", population, 100_000_000), ("capacity", capacity, 1_000_000)].compactMap { field, value, most in
            guard let value, !(0...Int64(most)).contains(value) else { return nil }
            return Problem.Fault(
                field, "unit-number", "\(field) must be between 0 and \(most).", slots: ["n": String(most)])
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
