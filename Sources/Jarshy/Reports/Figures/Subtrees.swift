import JarshyKit
import Storage

/// What is asked of the tree on every board and would cost a walk through all of it: made once a tree, then kept.
struct Subtrees: Sendable {
    /// What works below a unit today, itself included.
    struct Counts: Sendable, Hashable {
        /// Headquarters, branches, primary organisations, groups: units that are no territory.
        var teams: Int64 = 0
        var settlements: Int64 = 0
    }

    private let below: [UnitNo: [UnitNo]]
    private let counts: [UnitNo: Counts]
    /// Every open unit that is no territory, parents before children.
    let teams: [UnitNo]

    static func of(_ tree: Tree, _ db: any Reading) -> Subtrees {
        db.shelf.value(stamp: tree.stamp) { Subtrees(tree) }
    }

    init(_ tree: Tree) {
        var below: [UnitNo: Set<UnitNo>] = [:]
        for (unit, edges) in tree.edges {
            for edge in edges { below[edge.parent, default: []].insert(unit) }
        }
        self.below = below.mapValues { $0.sorted() }
        var counts: [UnitNo: Counts] = [:]
        // Children stand after their parents in this order, so that backwards every child is ready before its parent.
        for unit in (tree.root.map(tree.subtree) ?? []).reversed() {
            var sum = counts[unit] ?? Counts()
            if let here = tree[unit], here.isOpen(on: tree.presentDay), let kind = tree.kinds[here.kind] {
                if !kind.territory { sum.teams += 1 }
                if kind.settlement { sum.settlements += 1 }
            }
            counts[unit] = sum
            if let parent = tree.parent(of: unit) {
                counts[parent, default: Counts()].teams += sum.teams
                counts[parent, default: Counts()].settlements += sum.settlements
            }
        }
        self.counts = counts
        teams = (tree.root.map(tree.subtree) ?? []).filter { Subtrees.isTeam($0, tree) }
    }

    static func isTeam(_ unit: UnitNo, _ tree: Tree) -> Bool {
        guard let here = tree[unit], here.isOpen(on: tree.presentDay), let kind = tree.kinds[here.kind] else { return false }
        return !kind.territory
    }

    /// Every unit that stood directly below at any time, so that figures of all days find their row.
    func everBelow(_ unit: UnitNo) -> [UnitNo] { below[unit] ?? [] }

    subscript(_ unit: UnitNo) -> Counts { counts[unit] ?? Counts() }
}
