import JarshyKit
import Storage

/// Which units directly below are worth a row.
enum Below {
    /// Those with figures, those where somebody works, and the upper territory always, in Kazakh order; units that have left
    /// since, but left figures, after them. Where that leaves nothing, every open child.
    static func shown(_ unit: UnitNo, withFigures told: Set<UnitNo>, in tree: Tree, _ db: any Reading) -> [UnitNo] {
        let subtrees = Subtrees.of(tree, db)
        let children = tree.children(of: unit)
        let all = children + told.subtracting(children).subtracting([unit]).sorted()
        func isOpen(_ child: UnitNo) -> Bool { tree[child]?.isOpen(on: tree.presentDay) ?? false }
        let shown = all.filter { child in
            if told.contains(child) { return true }
            guard let here = tree[child], isOpen(child) else { return false }
            let isUpper = unit == tree.root || tree.kinds[here.kind]?.districtLevel ?? false
            return isUpper || subtrees[child].teams > 0
        }
        return shown.isEmpty ? all.filter(isOpen) : shown
    }
}
