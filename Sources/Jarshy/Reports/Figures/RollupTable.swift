import JarshyKit
import Storage

/// The answer to "this unit's figures by …": rows ascending by key, and their sum.
struct RollupTable: Sendable {
    struct Row: Sendable {
        /// Today's code of a unit, `YYYY-MM-DD` of a day or of the first day of a week or month, or a code of the vocabulary.
        let key: String
        let sums: BandedSums
    }

    let rows: [Row]
    let totals: BandedSums

    init(_ sums: [String: BandedSums], totals: BandedSums) {
        rows = sums.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { Row(key: $0.key, sums: $0.value) }
        self.totals = totals
    }
}

extension Rollups {
    /// - Parameter organizations: for the codes of the keys of `by: .organization`.
    func table(_ query: RollupQuery, by: RollupBy, organizations: [Organization] = []) throws -> RollupTable {
        switch by {
        case .unit:
            let parts = try parts(query)
            let total = query.unit == tree.root ? parts.values.reduce(BandedSums(), +) : try total(query)
            return RollupTable(
                named(withOwn(parts, total: total, of: query.unit)) { tree.code(of: $0) }, totals: total)
        case .day: return summed(try days(query)) { $0.description }
        case .week: return summed(try days(query)) { $0.weekStart.description }
        case .month: return summed(try days(query)) { $0.monthStart.description }
        case .activity: return try byCell(query) { $0.activity }
        case .audience: return try byCell(query) { $0.audience }
        case .channel: return try byCell(query) { $0.channel }
        case .organization:
            let codes = Dictionary(uniqueKeysWithValues: organizations.map { ($0.no, $0.code) })
            return try byCell(query) { codes[$0.organization] ?? "" }
        }
    }

    /// The parts with what the unit reported in its own name, which is what the parts leave over.
    func withOwn(_ parts: [UnitNo: BandedSums], total: BandedSums, of unit: UnitNo) -> [UnitNo: BandedSums] {
        guard unit != tree.root else { return parts }
        let own = total - parts.values.reduce(BandedSums(), +)
        return own.isZero ? parts : parts.merging([unit: own]) { $1 }
    }

    private func byCell(_ query: RollupQuery, _ code: (Cell) -> String) throws -> RollupTable {
        let cells = try cellsByNumber(of: query.campaign.no)
        return summed(try self.cells(query)) { cells[$0].map(code) ?? "" }
    }

    private func summed<Key: Hashable>(_ sums: [Key: BandedSums], _ name: (Key) -> String) -> RollupTable {
        let named = named(sums, name)
        return RollupTable(named, totals: named.values.reduce(BandedSums(), +))
    }

    private func named<Key: Hashable>(_ sums: [Key: BandedSums], _ name: (Key) -> String) -> [String: BandedSums] {
        var named: [String: BandedSums] = [:]
        for (key, sum) in sums {
            let name = name(key)
            named[name] = (named[name] ?? BandedSums()) + sum
        }
        return named.filter { !$0.value.isZero }
    }
}
