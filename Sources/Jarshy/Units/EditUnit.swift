import JarshyKit
import Storage

/// Changes a unit's names, population and capacity. Needs `manageUnits` over it. A form that changes nothing writes
/// nothing.
struct EditUnit: Action {
    let unit: UnitID
    let words: UnitWords
    let population: Int64?
    let capacity: Int64?

    /// True when something changed.
    typealias Result = Bool

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Bool {
        let tree = try Tree.current(in: db)
        let today = Zone.kazakhstan.day(at: now)
        let old = try UnitScope(actor, in: tree, on: today).find(unit.description)
        try actor.require(.manageUnits, over: old.no, in: tree, on: today)
        let faults = words.faults + OpenUnit.faults(population: population, capacity: capacity)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let (names, titles) = (words.names, words.titles(old.kind))
        let changed = [
            names != old.names || titles != old.titles ? "names" : "", population != old.population ? "population" : "",
            capacity != old.capacity ? "capacity" : "",
        ].filter { !$0.isEmpty }
        guard !changed.isEmpty else { return false }
        try UnitWrites.rename(old.no, kind: old.kind, names: names, titles: titles, in: db)
        try db.run("UPDATE unit SET population = \(population), capacity = \(capacity) WHERE no = \(old.no)")
        try Tree.touch(in: db)
        try Feed.record(
            FeedLine(
                "edit", "unit", tree.code(of: old.no), unit: old.no, detail: changed.joined(separator: " ")),
            by: actor, at: now, in: db)
        return true
    }
}
