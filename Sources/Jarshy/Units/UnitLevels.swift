import JarshyKit

/// The tree as it stood on one day, for listing: who stood directly below whom, and how many below in all.
struct UnitLevels: Sendable {
    let tree: Tree
    let day: Day
    private let children: [UnitNo: [UnitNo]]
    private let sizes: [UnitNo: Int]

    /// - Parameter sees: what the reader may know of; what is out of sight is neither listed nor counted.
    init(_ tree: Tree, on day: Day, sees: (Unit) -> Bool) {
        self.tree = tree
        self.day = day
        var children: [UnitNo: [UnitNo]] = [:]
        for (no, unit) in tree.units where unit.opened.map({ $0 <= day }) ?? true && sees(unit) {
            guard let parent = tree.parent(of: no, on: day) else { continue }
            children[parent, default: []].append(no)
        }
        self.children = children
        var sizes: [UnitNo: Int] = [:]
        if let root = tree.root { _ = UnitLevels.size(root, children, &sizes) }
        self.sizes = sizes
    }

    private static func size(_ unit: UnitNo, _ children: [UnitNo: [UnitNo]], _ sizes: inout [UnitNo: Int]) -> Int {
        var size = 0
        for child in children[unit] ?? [] { size += 1 + self.size(child, children, &sizes) }
        sizes[unit] = size
        return size
    }

    /// How many units stand below, at any depth.
    func size(below unit: UnitNo) -> Int { sizes[unit] ?? 0 }

    /// Directly below, in Kazakh order.
    func directly(below unit: UnitNo) -> [UnitNo] {
        (children[unit] ?? []).sorted { left, right in
            let (a, b) = (tree[left]?.sortKey ?? [], tree[right]?.sortKey ?? [])
            return a == b ? left < right : a.lexicographicallyPrecedes(b)
        }
    }

    /// The unit and everything below it, parents before children.
    func all(from unit: UnitNo) -> [UnitNo] {
        [unit] + directly(below: unit).flatMap { all(from: $0) }
    }
}

/// A piece of a list, cut after or before one of its members, so that a list that grows meanwhile neither skips nor
/// repeats.
struct UnitSlice: Sendable {
    let units: [UnitNo]
    let hasBefore: Bool
    let hasAfter: Bool

    static let size = 100

    /// - Parameters: the member after which (or before which) to begin; the start of the list when there is none or it
    ///   is gone.
    init(_ list: [UnitNo], after: UnitNo?, before: UnitNo?) {
        var start = 0
        if let before, let at = list.firstIndex(of: before) {
            start = max(0, at - Self.size)
        } else if let after, let at = list.firstIndex(of: after) {
            start = at + 1
        }
        let end = min(list.count, start + Self.size)
        units = Array(list[min(start, end)..<end])
        hasBefore = start > 0
        hasAfter = end < list.count
    }
}
