import JarshyKit
import Storage

/// What a group of operations changes in the stored totals, folded in memory before a single row is touched.
///
/// Four grains: unit × campaign, unit × day, unit × campaign × cell, unit × day × cell. Non-additive metrics (peaks) are left
/// out: their largest and median are read from the reports.
struct RollupDeltas {
    struct Key: Hashable, Comparable {
        let campaign: CampaignNo
        /// 0 as reported, 1 the shift to the present structure.
        let basis: Int64
        let parent: UnitNo
        let unit: UnitNo
        let day: Day?
        let cell: CellNo?
        let stream: UnitNo
        let layer: Int64

        static func < (a: Key, b: Key) -> Bool {
            if a.campaign != b.campaign { return a.campaign < b.campaign }
            if a.basis != b.basis { return a.basis < b.basis }
            if a.parent != b.parent { return a.parent < b.parent }
            if a.unit != b.unit { return a.unit < b.unit }
            if let x = a.day, let y = b.day, x != y { return x < y }
            if let x = a.cell, let y = b.cell, x != y { return x < y }
            return (a.stream, a.layer) < (b.stream, b.layer)
        }
    }

    struct Delta {
        var reports: Int64 = 0
        var amounts = Amounts()
    }

    static let evidencedLayer: Int64 = 3

    private(set) var total: [Key: Delta] = [:]
    private(set) var day: [Key: Delta] = [:]
    private(set) var cell: [Key: Delta] = [:]
    private(set) var cellDay: [Key: Delta] = [:]

    /// Makes room for so many postings at once, so that the tables need not grow step by step.
    mutating func reserve(postings: Int) {
        // A posting touches a row a level below the root: region, district, organisation, perhaps its village.
        let rows = postings * 4
        total.reserveCapacity(rows)
        day.reserveCapacity(rows)
        cell.reserveCapacity(rows)
        cellDay.reserveCapacity(rows)
    }

    /// Adds one side of an entry on the rows of a path.
    ///
    /// - Parameters:
    ///   - sign: +1 when the figure enters, -1 when it leaves.
    ///   - additive: ones in the slots that may be added up.
    mutating func add(_ posting: Posting, on path: Path, basis: Int64, sign: Int64, additive: Amounts) {
        let amounts = posting.amounts &* additive &* Amounts(repeating: sign)
        for member in path.members {
            add(amounts, reports: sign * posting.reports, posting, member, stream: path.stream, basis: basis, layer: posting.band.rawValue)
            if posting.evidenced {
                add(amounts, reports: sign * posting.reports, posting, member, stream: path.stream, basis: basis, layer: Self.evidencedLayer)
            }
        }
    }

    private mutating func add(
        _ amounts: Amounts, reports: Int64, _ posting: Posting, _ member: (unit: UnitNo, parent: UnitNo), stream: UnitNo,
        basis: Int64, layer: Int64
    ) {
        func key(_ day: Day?, _ cell: CellNo?) -> Key {
            Key(
                campaign: posting.campaign, basis: basis, parent: member.parent, unit: member.unit, day: day, cell: cell,
                stream: stream, layer: layer)
        }
        total[key(nil, nil), default: Delta()].add(amounts, reports)
        day[key(posting.day, nil), default: Delta()].add(amounts, reports)
        cell[key(nil, posting.cell), default: Delta()].add(amounts, reports)
        cellDay[key(posting.day, posting.cell), default: Delta()].add(amounts, reports)
    }

    /// Writes the deltas, keys ascending, with few statements.
    func flush(in db: any Writing) throws {
        let list = AmountColumns.list
        let adding = AmountColumns.adding
        try db.insert(
            "INSERT INTO total_unit AS t (campaign, basis, parent, unit, stream, layer, reports, \(list)) VALUES",
            rows: RollupDeltas.rows(total),
            "ON CONFLICT (campaign, basis, parent, unit, stream, layer) DO UPDATE SET reports = t.reports + excluded.reports, \(adding)")
        try db.insert(
            "INSERT INTO total_unit_day AS t (campaign, basis, parent, unit, day, stream, layer, reports, \(list)) VALUES",
            rows: RollupDeltas.rows(day),
            "ON CONFLICT (campaign, basis, parent, unit, day, stream, layer) DO UPDATE SET reports = t.reports + excluded.reports, \(adding)")
        try db.insert(
            "INSERT INTO total_cell AS t (campaign, basis, parent, unit, cell, stream, layer, reports, \(list)) VALUES",
            rows: RollupDeltas.rows(cell),
            "ON CONFLICT (campaign, basis, parent, unit, cell, stream, layer) DO UPDATE SET reports = t.reports + excluded.reports, \(adding)")
        try db.insert(
            "INSERT INTO total_cell_day AS t (campaign, basis, parent, unit, day, cell, stream, layer, reports, \(list)) VALUES",
            rows: RollupDeltas.rows(cellDay),
            "ON CONFLICT (campaign, basis, parent, unit, day, cell, stream, layer) DO UPDATE SET reports = t.reports + excluded.reports, \(adding)")
    }

    private static func rows(_ deltas: [Key: Delta]) -> [[Bind]] {
        deltas.filter { $0.value.reports != 0 || !$0.value.amounts.isZero }
            .sorted { $0.key < $1.key }
            .map { key, delta in
                var binds: [Bind] = [key.campaign.bind, key.basis.bind, key.parent.bind, key.unit.bind]
                if let day = key.day { binds.append(day.bind) }
                if let cell = key.cell { binds.append(cell.bind) }
                binds.append(contentsOf: [key.stream.bind, key.layer.bind, delta.reports.bind])
                binds.append(contentsOf: delta.amounts.binds)
                return binds
            }
    }
}

extension RollupDeltas.Delta {
    mutating func add(_ amounts: Amounts, _ reports: Int64) {
        self.amounts &+= amounts
        self.reports += reports
    }
}
