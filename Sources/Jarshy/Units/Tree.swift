import JarshyKit
import Storage

/// The whole tree of units through time, as one immutable value.
///
/// Loaded once per change (see `Tree.current`) and shared by every request: names, parents and paths cost no query. An edge
/// says "child of P from day A until, not including, day B"; edges of a unit follow one another without gap or overlap.
struct Tree: Sendable, Ancestry {
    struct Edge: Sendable, Hashable {
        let parent: UnitNo
        let from: Day
        /// Exclusive; nil while it lasts.
        let to: Day?
    }

    let stamp: Int64
    /// The day whose tree the "present structure" stands for.
    let presentDay: Day
    let root: UnitNo?
    private(set) var units: [UnitNo: Unit]
    private(set) var edges: [UnitNo: [Edge]]
    let kinds: [String: UnitKind]
    private let byCode: [String: UnitNo]
    private let byID: [UnitID: UnitNo]
    private let codes: [UnitNo: [String]]
    /// Children by today's tree, in the Kazakh order of names.
    private var childrenNow: [UnitNo: [UnitNo]]

    init(
        stamp: Int64, presentDay: Day, units: [Unit], edges: [UnitNo: [Edge]], kinds: [String: UnitKind],
        codes: [(code: String, unit: UnitNo)]
    ) {
        self.stamp = stamp
        self.presentDay = presentDay
        self.kinds = kinds
        self.edges = edges
        self.units = Dictionary(uniqueKeysWithValues: units.map { ($0.no, $0) })
        self.byID = Dictionary(uniqueKeysWithValues: units.map { ($0.id, $0.no) })
        self.byCode = Dictionary(codes.map { ($0.code, $0.unit) }, uniquingKeysWith: { first, _ in first })
        self.codes = Dictionary(grouping: codes, by: \.unit).mapValues { $0.map(\.code) }
        self.root = units.first { edges[$0.no] == nil }?.no
        self.childrenNow = [:]
        childrenNow = Tree.children(units: self.units, edges: edges, on: presentDay)
    }

    subscript(_ unit: UnitNo) -> Unit? { units[unit] }

    /// By id or by any code the unit ever held.
    func find(_ text: String) -> Unit? {
        if let no = byCode[text] { return units[no] }
        if let id = UnitID(text), let no = byID[id] { return units[no] }
        return nil
    }

    func find(_ id: UnitID) -> Unit? { byID[id].flatMap { units[$0] } }

    /// The code in use: the newest the unit was given, else its id.
    func code(of unit: UnitNo) -> String { codes[unit]?.last ?? units[unit]?.id.description ?? "" }

    func allCodes(of unit: UnitNo) -> [String] { codes[unit] ?? [] }

    func parent(of unit: UnitNo, on day: Day) -> UnitNo? {
        guard let list = edges[unit] else { return nil }
        // Before the first edge the first one holds: history begins with the tree as it was first entered.
        return (list.last { $0.from <= day } ?? list.first)?.parent
    }

    func parent(of unit: UnitNo) -> UnitNo? { parent(of: unit, on: presentDay) }

    /// Every parent the unit ever had, for reading roll-ups that are keyed by parent.
    func parentsEver(of unit: UnitNo) -> [UnitNo] {
        guard let list = edges[unit] else { return [.none] }
        var seen: [UnitNo] = []
        for edge in list where !seen.contains(edge.parent) { seen.append(edge.parent) }
        return seen
    }

    /// From the unit up to the root, both included, as the tree stood on the day.
    func chain(of unit: UnitNo, on day: Day) -> [UnitNo] {
        var chain = [unit]
        var at = unit
        while let up = parent(of: at, on: day) {
            chain.append(up)
            at = up
        }
        return chain
    }

    func chain(of unit: UnitNo) -> [UnitNo] { chain(of: unit, on: presentDay) }

    func isWithin(_ unit: UnitNo, _ ancestor: UnitNo) -> Bool {
        isWithin(unit, ancestor, on: presentDay)
    }

    func isWithin(_ unit: UnitNo, _ ancestor: UnitNo, on day: Day) -> Bool {
        var at: UnitNo? = unit
        while let here = at {
            if here == ancestor { return true }
            at = parent(of: here, on: day)
        }
        return false
    }

    /// Children by today's tree, closed ones too (their figures stay below this parent), in Kazakh order.
    func children(of unit: UnitNo) -> [UnitNo] { childrenNow[unit] ?? [] }

    /// The unit and all below it today.
    func subtree(of unit: UnitNo) -> [UnitNo] {
        var found = [unit]
        var at = 0
        while at < found.count {
            found.append(contentsOf: children(of: found[at]))
            at += 1
        }
        return found
    }

    /// The stream a chain's figures go to: the child of the root, or the root itself.
    static func stream(of chain: [UnitNo]) -> UnitNo { chain.count >= 2 ? chain[chain.count - 2] : chain[0] }

    /// The nearest unit on the chain of a kind that checks as a district, if there is one.
    func districtLevel(on chain: [UnitNo]) -> UnitNo? {
        chain.first { units[$0].flatMap { kinds[$0.kind]?.districtLevel } ?? false }
    }

    /// The settlement a unit stands in or is, by today's tree.
    func settlement(of unit: UnitNo) -> UnitNo? {
        chain(of: unit).first { units[$0].flatMap { kinds[$0.kind]?.settlement } ?? false }
    }

    static func children(units: [UnitNo: Unit], edges: [UnitNo: [Edge]], on day: Day) -> [UnitNo: [UnitNo]] {
        var children: [UnitNo: [UnitNo]] = [:]
        for (unit, list) in edges {
            guard let edge = list.last(where: { $0.from <= day }) ?? list.first else { continue }
            children[edge.parent, default: []].append(unit)
        }
        for parent in children.keys {
            children[parent]?.sort { left, right in
                let (a, b) = (units[left]?.sortKey ?? [], units[right]?.sortKey ?? [])
                return a == b ? left < right : a.lexicographicallyPrecedes(b)
            }
        }
        return children
    }
}

extension Tree {
    /// The same tree with other edges for some units, standing for another day: what a change would make of it.
    func changed(edges changes: [UnitNo: [Edge]], units others: [Unit] = [], presentDay day: Day? = nil) -> Tree {
        var all = units
        for unit in others { all[unit.no] = unit }
        return Tree(
            stamp: stamp, presentDay: day ?? presentDay, units: Array(all.values),
            edges: edges.merging(changes) { _, new in new }, kinds: kinds,
            codes: codes.flatMap { no, list in list.map { ($0, no) } })
    }
}
