import JarshyKit
import Storage

/// A change of the tree, worked out before anything is written: which edges and units become what.
struct TreeChange: Sendable {
    /// The whole new list of edges of each unit that moves, ascending and without gaps.
    var edges: [UnitNo: [Tree.Edge]] = [:]
    /// Units that close, with the day and the successor if there is one.
    var closings: [(unit: UnitNo, day: Day, successor: UnitNo?)] = []
    /// The day the "present structure" moves on to, if it does.
    var presentDay: Day?

    /// Every unit whose place in the tree may differ, on some day or at present.
    func moved(in tree: Tree) -> Set<UnitNo> {
        guard let presentDay else { return Set(edges.keys) }
        let due = tree.edges.filter { _, list in
            list.contains { tree.presentDay < $0.from && $0.from <= presentDay }
        }
        return Set(edges.keys).union(due.keys)
    }

    /// The tree as it will be.
    func applied(to tree: Tree) -> Tree {
        tree.changed(edges: edges, presentDay: presentDay)
    }
}

extension Tree {
    /// The edges of a unit after a move to `parent` from `day` on; a move planned for later stays planned.
    func edges(of unit: UnitNo, movedTo parent: UnitNo, from day: Day) -> [Edge] {
        let old = edges[unit] ?? []
        // History begins with the first edge: a move before it rewrites the beginning.
        let start = old.first.map { max($0.from, day) } ?? day
        var new: [Edge] = []
        for edge in old where edge.from < start { new.append(Edge(parent: edge.parent, from: edge.from, to: min(edge.to ?? start, start))) }
        let next = old.first { $0.from > start }
        new.append(Edge(parent: parent, from: start, to: next?.from))
        new.append(contentsOf: old.filter { $0.from > start })
        return new
    }

    /// A day on which the tree would hold a circle, or nil. 
    func circle(among units: Set<UnitNo>) -> Day? {
        // A later edge of someone above may close a circle too, so every day on which any edge begins is looked at.
        let days = Set(edges.values.flatMap { $0.map(\.from) })
        for day in days.sorted() {
            for unit in units {
                var at = unit
                var steps = 0
                while let up = parent(of: at, on: day) {
                    if up == unit || steps > 64 { return day }
                    at = up
                    steps += 1
                }
            }
        }
        return nil
    }
}
