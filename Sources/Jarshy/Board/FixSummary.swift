import JarshyKit
import Storage

enum SummaryMark {}
typealias SummaryID = ID<SummaryMark>

/// Fixes the tables of some units for one slot. A table that is fixed already stays as it is; the answer names it.
///
/// Needs `readSummary` over each unit, for all organisations: a fixed table holds everybody's figures.
struct FixSummary: Action {
    let campaign: String
    let units: [UnitNo]
    let slot: SummarySlot

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> [UnitNo: SummaryID] {
        let tree = try Tree.current(in: db)
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        let today = Zone.kazakhstan.day(at: now)
        for unit in units { try actor.require(.readSummary, over: unit, in: tree, on: today) }
        // A regular slot's table waits until everything acknowledged at the slot is in the ledger, whoever asks for it.
        guard slot.moment().advanced(seconds: slot.isRegular ? SummarySlot.grace : 0) <= now else {
            throw Problem.conflict("summary-early", "The hour of the table has not come yet.")
        }
        var fixed = try FixedSummary.ids(campaign.no, units: units, slot: slot, in: db)
        let fresh = units.filter { fixed[$0] == nil }
        guard !fresh.isEmpty else { return fixed }
        let cut = slot.cut(fixedAt: now)
        let figures = try SummaryReader(db: db, tree: tree, campaign: campaign).figures(of: fresh, cut: cut)
        let positions = try positions(cut: cut, in: db)
        var heads: [[Bind]] = []
        var rows: [[Bind]] = []
        for unit in fresh {
            let table = figures[unit] ?? SummaryFigures()
            let id = SummaryID.make(at: now)
            fixed[unit] = id
            heads.append([
                id.bind, campaign.no.bind, unit.bind, now.bind, slot.day.bind, slot.minute.bind,
                .text(asOf(unit, positions, in: tree)),
            ])
            rows += [(unit, table.whole)].flatMap { FixSummary.rows(id, $0, $1) }
            for child in Below.shown(unit, withFigures: Set(table.parts.keys), in: tree, db) {
                rows += FixSummary.rows(id, child, table.parts[child] ?? SummaryPair())
            }
        }
        try db.insert("INSERT INTO summary (id, campaign, unit, fixed_at, slot_day, slot_minute, as_of) VALUES", rows: heads)
        try db.insert("INSERT INTO summary_row (summary, unit, period, reports, \(AmountColumns.list)) VALUES", rows: rows)
        try Feed.record(
            fresh.compactMap { unit in
                fixed[unit].map { id in
                    FeedLine("fix", "summary", id, unit: unit, detail: "\(slot.day) \(slot.minute)").binds(by: actor, at: now)
                }
            }, in: db)
        return fixed
    }

    private static func rows(_ id: SummaryID, _ unit: UnitNo, _ pair: SummaryPair) -> [[Bind]] {
        [("day", pair.day), ("start", pair.start)].map { period, layer in
            [id.bind, unit.bind, .text(period), layer.reports.bind] + layer.amounts.binds
        }
    }

    /// Where every stream stood at the cut: before its first later entry, else at its last.
    private func positions(cut: Instant, in db: any Reading) throws -> [AsOf.Stream] {
        var later: [UnitNo: Int64] = [:]
        try db.rows("SELECT stream, min(seq) FROM entry WHERE at > \(cut) GROUP BY stream") { row in
            later[try row.next()] = try row.next(Int64.self) - 1
            return true
        }
        return try db.all("SELECT unit, seq FROM stream ORDER BY unit") { row in
            let (unit, seq) = (try row.next(UnitNo.self), try row.next(Int64.self))
            return AsOf.Stream(unit: unit, seq: later[unit] ?? seq)
        }
    }

    private func asOf(_ unit: UnitNo, _ positions: [AsOf.Stream], in tree: Tree) -> String {
        let regions = AsOf.regions(of: unit, in: tree)
        let own = unit == tree.root ? positions : positions.filter { regions.contains($0.unit) }
        return String(decoding: AsOf(streams: own).json(in: tree).canonical(), as: UTF8.self)
    }
}

/// A table fixed at its hour; never changed afterwards.
struct FixedSummary: Sendable {
    let id: SummaryID
    let campaign: CampaignNo
    let unit: UnitNo
    let slot: SummarySlot
    let fixedAt: Instant
    let asOf: String

    var cut: Instant { slot.cut(fixedAt: fixedAt) }

    /// Made up for later, because the server was away at the hour.
    var isLate: Bool { slot.isRegular && fixedAt.seconds(since: slot.moment()) > 15 * 60 }

    private static let columns: SQL = "id, campaign, unit, slot_day, slot_minute, fixed_at, as_of"

    private init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        slot = SummarySlot(day: try row.next(), minute: try row.next())
        fixedAt = try row.next()
        asOf = try row.next()
    }

    static func find(_ id: SummaryID, in db: any Reading) throws -> FixedSummary? {
        try db.first("SELECT \(columns) FROM summary WHERE id = \(id)") { row in try FixedSummary(&row) }
    }

    /// The newest first.
    static func list(_ campaign: CampaignNo, unit: UnitNo, most: Int, in db: any Reading) throws -> [FixedSummary] {
        try db.all(
            """
            SELECT \(columns) FROM summary WHERE campaign = \(campaign) AND unit = \(unit)
            ORDER BY slot_day DESC, slot_minute DESC LIMIT \(most)
            """
        ) { row in try FixedSummary(&row) }
    }

    static func ids(
        _ campaign: CampaignNo, units: [UnitNo], slot: SummarySlot, in db: any Reading
    ) throws -> [UnitNo: SummaryID] {
        var ids: [UnitNo: SummaryID] = [:]
        for chunk in Padded.chunks(units) {
            try db.rows(
                """
                SELECT unit, id FROM summary WHERE campaign = \(campaign) AND unit IN \(chunk)
                    AND slot_day = \(slot.day) AND slot_minute = \(slot.minute)
                """
            ) { row in
                ids[try row.next()] = try row.next(SummaryID.self)
                return true
            }
        }
        return ids
    }

    /// The figures as they were fixed.
    func figures(in db: any Reading) throws -> SummaryFigures {
        var table = SummaryFigures()
        try db.rows("SELECT unit, period, reports, \(AmountColumns.list) FROM summary_row WHERE summary = \(id)") { row in
            let unit = try row.next(UnitNo.self)
            let isDay = try row.next(String.self) == "day"
            let layer = BandedSums.Layer(reports: try row.next(), amounts: try Amounts.reading(&row))
            var pair = unit == self.unit ? table.whole : table.parts[unit] ?? SummaryPair()
            if isDay { pair.day = layer } else { pair.start = layer }
            if unit == self.unit { table.whole = pair } else { table.parts[unit] = pair }
            return true
        }
        return table
    }
}
