import JarshyKit

/// What an import would do to the tree: pure, so that a dry run and the import itself cannot differ.
///
/// A code any unit ever held means that unit. Names and kind of a known unit may change; its parent may not, because a
/// move takes figures along and is previewed first. Units the file does not mention stay as they are.
struct UnitPlan: Sendable {
    struct Change: Sendable, Hashable {
        let row: UnitSheet.Row
        let unit: UnitNo
        let names: Trio
        /// What changes, for the dry run: "name_ru: Абайский → Абай".
        let what: [String]
    }

    struct Rename: Sendable, Hashable {
        let row: Succession.Row
        let unit: UnitNo
    }

    /// Parents before children is not promised; every parent is here or in the tree.
    var created: [UnitSheet.Row] = []
    var changed: [Change] = []
    var renamed: [Rename] = []
    var equal = 0
    /// In the order of the file. When there is one, nothing at all is applied.
    var refused: [UnitFault] = []

    var isEmpty: Bool { created.isEmpty && changed.isEmpty && renamed.isEmpty }
}

extension UnitPlan {
    init(_ sheet: UnitSheet, succession: Succession = .none, tree: Tree) {
        self.init()
        refused = succession.faults + sheet.faults
        var planner = Planner(sheet: sheet, tree: tree)
        planner.take(succession, into: &self)
        planner.takeRoot(into: &self)
        for row in sheet.rows { planner.take(row, into: &self) }
        planner.refuseCycles(in: &self)
        refused.sort { $0.line < $1.line }
    }
}

/// The planning itself: what is known while the rows go by.
private struct Planner {
    let sheet: UnitSheet
    let tree: Tree
    let kinds: Set<String>
    /// The first line of each code of the file.
    private var lines: [String: Int] = [:]
    private var parents: [String: String] = [:]
    /// New codes of known units, from the succession file.
    private var successors: [String: UnitNo] = [:]
    private var seen: [UnitNo: Int] = [:]
    private var newRoot: UnitSheet.Row?

    init(sheet: UnitSheet, tree: Tree) {
        self.sheet = sheet
        self.tree = tree
        kinds = tree.kinds.isEmpty ? Set(UnitKinds.standard.map(\.code)) : Set(tree.kinds.keys)
        lines.reserveCapacity(sheet.rows.count)
        parents.reserveCapacity(sheet.rows.count)
        for row in sheet.rows where lines[row.code] == nil {
            lines[row.code] = row.line
            if let parent = row.parent { parents[row.code] = parent }
        }
    }

    func unit(_ code: String) -> UnitNo? { successors[code] ?? tree.find(code)?.no }

    mutating func take(_ succession: Succession, into plan: inout UnitPlan) {
        for row in succession.rows {
            let holder = tree.find(row.new)?.no
            guard let unit = tree.find(row.old)?.no else {
                plan.refused.append(
                    UnitFault(row.line, .succession, "succession file: no unit has ever held the code '\(row.old)'"))
                continue
            }
            if holder == unit { continue }
            if holder != nil {
                plan.refused.append(
                    UnitFault(row.line, .succession, "succession file: '\(row.new)' already names another unit"))
                continue
            }
            successors[row.new] = unit
            plan.renamed.append(UnitPlan.Rename(row: row, unit: unit))
        }
    }

    /// The classifier has no root: it is the tree's, or the file's own row `KZ`, or is made.
    mutating func takeRoot(into plan: inout UnitPlan) {
        guard let code = sheet.impliedRoot, tree.root == nil, lines[code] == nil else { return }
        let row = UnitSheet.Row(
            line: 0, code: code, parent: nil, kind: "republic", kk: "Қазақстан", ru: "Казахстан", en: "Kazakhstan")
        newRoot = row
        plan.created.append(row)
    }

    mutating func take(_ row: UnitSheet.Row, into plan: inout UnitPlan) {
        let before = plan.refused.count
        if let first = lines[row.code], first != row.line {
            plan.refused.append(
                UnitFault(row.line, .duplicate, "code '\(row.code)' stands on line \(first) already"))
            return
        }
        if !kinds.contains(row.kind) {
            plan.refused.append(
                UnitFault(
                    row.line, .kind, "unknown kind '\(row.kind)'; known are \(kinds.sorted().joined(separator: ", "))"))
        }
        let known = unit(row.code)
        checkParent(of: row, known: known, into: &plan)
        if let known, let line = seen.updateValue(row.line, forKey: known) {
            plan.refused.append(
                UnitFault(row.line, .duplicate, "'\(row.code)' is another code of the unit on line \(line)"))
        }
        guard plan.refused.count == before else { return }
        guard let known, let unit = tree[known] else {
            plan.created.append(row)
            return
        }
        let change = Self.change(row, unit)
        if let change { plan.changed.append(change) } else { plan.equal += 1 }
    }

    private mutating func checkParent(of row: UnitSheet.Row, known: UnitNo?, into plan: inout UnitPlan) {
        guard let parent = row.parent else {
            takeRoot(row, known: known, into: &plan)
            return
        }
        let isImplied = parent == sheet.impliedRoot && lines[parent] == nil
        let above = isImplied ? tree.root : unit(parent)
        if above == nil, !isImplied, lines[parent] == nil, !sheet.refused.contains(parent) {
            plan.refused.append(
                UnitFault(row.line, .parent, "parent '\(parent)' is neither in the file nor in the database"))
        }
        if above == known, known != nil {
            plan.refused.append(UnitFault(row.line, .cycle, "'\(row.code)' is its own parent"))
        } else if let known, let standing = tree.parent(of: known), standing != above {
            plan.refused.append(
                UnitFault(
                    row.line, .moved,
                    """
                    '\(row.code)' stands under '\(tree.code(of: standing))', the file says '\(parent)'; an import moves \
                    nothing, since figures move too: open /units/\(row.code), plan the move there and import again
                    """))
        } else if let known, known == tree.root {
            plan.refused.append(
                UnitFault(row.line, .root, "'\(row.code)' is the root and cannot stand under '\(parent)'"))
        }
    }

    private mutating func takeRoot(_ row: UnitSheet.Row, known: UnitNo?, into plan: inout UnitPlan) {
        if let root = tree.root {
            if known != root {
                plan.refused.append(
                    UnitFault(row.line, .root, "no parent given, but the root is '\(tree.code(of: root))' already"))
            }
        } else if let other = newRoot {
            plan.refused.append(
                UnitFault(
                    row.line, .root, "no parent given, but the root is '\(other.code)' (line \(other.line)) already"))
        } else {
            newRoot = row
        }
    }

    private static func change(_ row: UnitSheet.Row, _ unit: Unit) -> UnitPlan.Change? {
        let names = Trio(kk: row.kk, ru: row.ru, en: row.en ?? unit.names.en)
        var what: [String] = []
        if row.kind != unit.kind { what.append("kind: \(unit.kind) → \(row.kind)") }
        if names.kk != unit.names.kk { what.append("name_kk: \(unit.names.kk) → \(names.kk)") }
        if names.ru != unit.names.ru { what.append("name_ru: \(unit.names.ru) → \(names.ru)") }
        if names.en != unit.names.en { what.append("name_en: \(unit.names.en) → \(names.en)") }
        return what.isEmpty ? nil : UnitPlan.Change(row: row, unit: unit.no, names: names, what: what)
    }

    /// A row from which no way leads up to the root or the tree hangs on a circle; one line of each circle is named.
    func refuseCycles(in plan: inout UnitPlan) {
        var isSound: [String: Bool] = [:]
        isSound.reserveCapacity(parents.count)
        for row in sheet.rows where isSound[row.code] == nil {
            var way: [String] = []
            var standing: Set<String> = []
            var at: String? = row.code
            while let code = at, isSound[code] == nil, parents[code] != nil, standing.insert(code).inserted {
                way.append(code)
                at = parents[code]
            }
            let circle = at.flatMap { standing.contains($0) ? way.firstIndex(of: $0) : nil }
            if let circle, way.count - circle > 1 || unit(way[circle]) == nil {
                let codes = way[circle...] + [way[circle]]
                let line = way[circle...].compactMap { lines[$0] }.min() ?? row.line
                plan.refused.append(
                    UnitFault(line, .cycle, "these stand under one another: \(codes.joined(separator: " → "))"))
            }
            for code in way { isSound[code] = circle == nil }
        }
    }
}
