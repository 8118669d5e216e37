import JarshyKit
import Storage

/// Reports somebody should look at: corrections that disagree, values larger than usual, others flagged for review.
///
/// Two statements, over the partial index `report_attention`: reports nobody need look at are not touched. `late` alone asks
/// nothing of anybody and is not counted.
struct Attention: Sendable {
    struct Item: Sendable, Hashable {
        let report: ReportID
        let unit: UnitNo
        let day: Day
    }

    enum Kind: String, CaseIterable, Sendable {
        case competing, unusual, review
    }

    static let shown = 5
    private static let looked = 100

    private(set) var counts: [Kind: Int64] = [:]
    /// The newest of each kind, at most `shown`.
    private(set) var items: [Kind: [Item]] = [:]

    /// - Parameter level: at which the reader checks; a report checked so far since its last version has been looked at.
    static func read(_ query: RollupQuery, level: Band, in tree: Tree, _ db: any Reading) throws -> Attention {
        var attention = Attention()
        // In the very words of the index, or the planners do not see that it applies.
        var place: SQL = """
            FROM report WHERE campaign = \(query.campaign.no) AND (competing > 0 OR flags NOT IN ('', 'late')) AND NOT voided
            """
        if query.unit != tree.root { place += " AND path IN (SELECT path FROM path_member WHERE unit = \(query.unit))" }
        if let from = query.from { place += " AND day >= \(from)" }
        if let to = query.to { place += " AND day <= \(to)" }
        if !query.cells.isEmpty { place += " AND cell IN \(query.cells.cells(of: query.campaign.no))" }
        _ = try db.first(
            """
            SELECT CAST(coalesce(sum(CASE WHEN competing > 0 THEN 1 ELSE 0 END), 0) AS bigint),
                CAST(coalesce(sum(CASE WHEN flags LIKE '%unusual%' AND band < \(level) THEN 1 ELSE 0 END), 0) AS bigint),
                CAST(coalesce(sum(CASE WHEN flags LIKE '%review%' AND band < \(level) THEN 1 ELSE 0 END), 0) AS bigint) \(place)
            """
        ) { row in
            for kind in Kind.allCases { attention.counts[kind] = try row.next(Int64.self) }
        }
        guard attention.counts.values.contains(where: { $0 > 0 }) else { return attention }
        try db.rows("SELECT id, unit, day, competing, flags, band \(place) AND (competing > 0 OR band < \(level)) ORDER BY day DESC, id DESC LIMIT \(looked)") { row in
            let item = Item(report: try row.next(), unit: try row.next(), day: try row.next())
            if try row.next(Int64.self) > 0 { attention.add(item, .competing) }
            let flags = Flags(text: try row.next())
            guard try row.next(Band.self) < level else { return true }
            if flags.contains(.unusual) { attention.add(item, .unusual) }
            if flags.contains(.review) { attention.add(item, .review) }
            return true
        }
        return attention
    }

    private mutating func add(_ item: Item, _ kind: Kind) {
        if items[kind, default: []].count < Attention.shown { items[kind, default: []].append(item) }
    }
}
