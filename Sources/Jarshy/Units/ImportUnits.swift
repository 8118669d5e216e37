import JarshyKit
import Storage

/// Brings a file of units into the tree: all of it, or, when a single line is refused, nothing.
///
/// Importing the same file again changes nothing and writes nothing. New units stand under their parents for all time;
/// units the file does not mention stay. The command line runs it as the operator.
struct ImportUnits: Action {
    let file: [UInt8]
    var succession: [UInt8]?
    /// English names by code, where better ones are known than a romanisation of the Kazakh.
    var english: [String: String] = [:]
    /// Told the units written so far and how many there are to write. Called within the transaction, which PostgreSQL
    /// may run again from its start.
    var progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }

    /// What was done, or would be had nothing been refused.
    typealias Result = UnitPlan

    /// The plan alone: what a dry run shows.
    func plan(in db: any Reading) throws -> UnitPlan {
        let tree = try Tree.current(in: db)
        let sheet = UnitSheet.read(file) { tree.find($0) != nil }
        return UnitPlan(sheet, succession: succession.map(Succession.read) ?? .none, tree: tree)
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> UnitPlan {
        let next = try UnitWrites.nextNo(in: db)
        let tree = try Tree.current(in: db)
        if let root = tree.root {
            try actor.require(.manageUnits, over: root, in: tree, on: Zone.kazakhstan.day(at: now))
        } else if actor.kind != .operator {
            throw Problem.forbidden(Right.manageUnits.rawValue)
        }
        let plan = try plan(in: db)
        guard plan.refused.isEmpty, !plan.isEmpty else { return plan }
        let today = Zone.kazakhstan.day(at: now)
        try UnitKinds.seed(in: db)
        try create(plan.created, tree: tree, renamed: plan.renamed, next: next, at: now, in: db)
        for change in plan.changed {
            try UnitWrites.rename(
                change.unit, kind: change.row.kind, names: change.names,
                titles: UnitKinds.titles(change.row.kind, change.names), in: db)
        }
        try Self.rename(plan.renamed, today: today, in: db)
        try Tree.touch(presentDay: tree.stamp == 0 ? today : nil, in: db)
        try Feed.record(
            FeedLine(
                "import", "structure", "units", unit: tree.root ?? UnitNo(next),
                detail: "created=\(plan.created.count) changed=\(plan.changed.count) recoded=\(plan.renamed.count)"),
            by: actor, at: now, in: db)
        return plan
    }

    private func create(
        _ rows: [UnitSheet.Row], tree: Tree, renamed: [UnitPlan.Rename], next: Int64, at now: Instant,
        in db: any Writing
    ) throws {
        var numbers = Dictionary(renamed.map { ($0.row.new, $0.unit) }, uniquingKeysWith: { first, _ in first })
        for (index, row) in rows.enumerated() { numbers[row.code] = UnitNo(next + Int64(index)) }
        let units = rows.map { row in
            // The classifier's regions name a root that may go by another code in the tree.
            let parent = row.parent.flatMap { numbers[$0] ?? tree.find($0)?.no ?? tree.root }
            let english = row.en ?? english[row.code] ?? romanised(row.kk)
            let unit = NewUnit(
                code: row.code, parent: parent, kind: row.kind,
                names: Trio(kk: row.kk, ru: row.ru, en: english.isEmpty ? row.kk : english))
            return (no: numbers[row.code] ?? .none, unit: unit)
        }
        try UnitWrites.insert(
            units, root: tree.root, at: now, progress: { progress($0, units.count) }, in: db)
    }

    private static func rename(_ renamed: [UnitPlan.Rename], today: Day, in db: any Writing) throws {
        for rename in renamed {
            let day = rename.row.day ?? today
            try db.run(
                """
                UPDATE unit_code SET to_day = \(day)
                WHERE unit = \(rename.unit) AND code = \(rename.row.old) AND to_day IS NULL
                """)
            try db.run(
                """
                INSERT INTO unit_code (code, scheme, unit, from_day)
                VALUES (\(rename.row.new), \(UnitCode.scheme(rename.row.new)), \(rename.unit), \(day))
                """)
        }
    }
}
