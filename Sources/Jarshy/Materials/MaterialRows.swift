import JarshyKit
import Storage

/// Every SELECT of lists of materials, stock, moves and sites.
enum MaterialRows {
    /// True of units at or below these. The whole tree needs no list.
    static func within(_ units: [UnitNo], column: SQL, _ tree: Tree) -> SQL {
        if let root = tree.root, units.contains(root) { return "1 = 1" }
        let all = Set(units.flatMap { tree.subtree(of: $0) }).sorted()
        if all.isEmpty { return "1 = 0" }
        return "(" + SQL.joined(Padded.chunks(all).map { chunk -> SQL in "\(column) IN \(chunk)" }, " OR ") + ")"
    }
}
