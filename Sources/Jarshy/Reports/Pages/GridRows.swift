import JarshyKit

/// The units a grid has rows for: the teams below a unit (primary organisations, branches, groups), or, where there are
/// none, the units directly below. Kazakh order, level by level; a page at a time.
struct GridUnits: Sendable {
    static let pageSize = 40

    let all: [UnitNo]

    init(below unit: UnitNo, on day: Day, in tree: Tree) {
        func isOpen(_ no: UnitNo) -> Bool { tree[no]?.isOpen(on: day) ?? false }
        var teams: [UnitNo] = []
        var waiting = [unit][...]
        while let at = waiting.popFirst() {
            for child in tree.children(of: at) {
                let kind = tree[child].flatMap { tree.kinds[$0.kind] }
                if kind?.territory == false, kind?.code != "headquarters", isOpen(child) { teams.append(child) }
                waiting.append(child)
            }
        }
        all = teams.isEmpty ? tree.children(of: unit).filter(isOpen) : teams
    }

    /// One page, and what leads to its neighbours.
    struct Slice: Sendable {
        let units: [UnitNo]
        let hasPrevious: Bool
        /// The last unit before the page before; nil where that is the first page.
        let previousAfter: UnitNo?
        /// The last unit of this page, when there is a next one.
        let next: UnitNo?
    }

    func page(after: UnitNo?) -> Slice {
        let start = after.flatMap { all.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        let end = min(start + Self.pageSize, all.count)
        return Slice(
            units: Array(all[start..<end]), hasPrevious: start > 0,
            previousAfter: start > Self.pageSize ? all[start - Self.pageSize - 1] : nil,
            next: end < all.count ? all[end - 1] : nil)
    }
}

/// One row as it was typed.
struct GridRow: Sendable {
    let index: Int
    let unit: UnitNo
    let op: OperationID
    /// By metric code, as typed.
    let typed: [String: String]
    var isEmpty: Bool { typed.values.allSatisfy { $0.isEmpty } }

    static func unitField(_ index: Int) -> String { "unit.\(index)" }
    static func opField(_ index: Int) -> String { "op.\(index)" }
    static func cellName(_ index: Int, _ metric: String) -> String { "metric.\(index).\(metric)" }

    /// The rows a form sent, in their order; a row without a unit of this grid or an id is left out.
    static func read(_ form: Fields, metrics: [Metric], units: Set<UnitNo>, tree: Tree) -> [GridRow] {
        var values: [String: String] = [:]
        for pair in form.list where values[pair.name] == nil { values[pair.name] = pair.value.trimmingSpaces() }
        return (0..<GridUnits.pageSize).compactMap { index in
            guard let unit = values[unitField(index)].flatMap({ tree.find($0) })?.no, units.contains(unit),
                let op = values[opField(index)].flatMap({ OperationID($0) })
            else { return nil }
            return GridRow(
                index: index, unit: unit, op: op,
                typed: Dictionary(
                    metrics.map { ($0.code, values[cellName(index, $0.code)] ?? "") },
                    uniquingKeysWith: { first, _ in first }))
        }
    }

    /// - Throws: 422 with the cells that hold no whole number.
    func values(_ metrics: [Metric]) throws -> [MetricValue] {
        try TypedMetrics(Fields(typed.map { ($0.key, $0.value) }), of: metrics, prefix: "").values
    }
}

/// What became of a row.
enum GridFate: Sendable {
    case filed
    case refused(Problem)
    /// Waits for "is it right?".
    case asked([Problem.Fault])
}
