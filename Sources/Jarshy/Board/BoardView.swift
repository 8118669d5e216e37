import JarshyKit
import Storage

/// Everything a board is made of, read in one transaction with a number of statements that does not hang on the number of
/// children, days or reports.
struct BoardView: Sendable {
    let scope: FiguresScope
    let choice: FiguresChoice
    let total: BandedSums
    /// The units directly below, with figures or without, in Kazakh order; the unit itself last for its own reports.
    let parts: [UnitNo]
    let partSums: [UnitNo: BandedSums]
    /// What the ledger moved since yesterday's midnight, whatever day it is about.
    let recent: Movement
    /// The chosen metric by day.
    let days: [Day: BandedFigure]
    /// The chosen metric by cell.
    let cells: [CellShare]
    /// Nil for an organisation's representative and beside narrowed figures: presence knows neither organisations, days nor
    /// cells.
    let presence: Presence?
    let lastDays: [UnitNo: Day]
    /// Nil for whoever may neither settle, check nor correct here: nothing of it waits for them.
    let attention: Attention?
    /// The level at which the reader checks.
    let level: Band
    let peaks: [Peak]
    let asOf: AsOf
    /// What residents pressed on answers and after events.
    let presses: PressCount
    let organizations: [Organization]
    let rights: Rights
    let today: Day
    let now: Instant

    struct CellShare: Sendable {
        let cell: Cell
        let value: Int64
    }

    struct Rights: Sendable {
        let opensReports: Bool
        let files: Bool
        let exports: Bool
    }

    /// Below so many reports the board reads peaks unasked; beyond, where an activity with a peak is chosen.
    static let fewReports: Int64 = 5_000

    var tree: Tree { scope.tree }
    var unit: UnitNo { scope.unit.no }
    var campaign: Campaign { choice.campaign }
    var metric: Metric { choice.metric }

    /// - Throws: 404 for a unit that does not exist or is out of sight, 422 for names that are not listed.
    init(_ code: String, _ fields: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let today = Zone.kazakhstan.day(at: now)
        let tree = try Tree.current(in: db)
        let scope = try FiguresScope.find(code, actor: actor, today: today, in: tree)
        let organizations = try Organization.all(in: db)
        let choice = try FiguresChoice(
            fields, campaigns: try Campaigns.current(in: db), organizations: organizations, today: today)
        let query = choice.query(scope)
        let rollups = Rollups(db, tree)
        let parts = try rollups.parts(query)
        let total = scope.unit.no == tree.root ? parts.values.reduce(BandedSums(), +) : try rollups.total(query)
        let partSums = rollups.withOwn(parts, total: total, of: scope.unit.no)
        self.scope = scope
        self.choice = choice
        self.total = total
        self.partSums = partSums
        self.today = today
        self.now = now
        self.organizations = organizations
        let metric = choice.metric
        let shown = choice.campaign.metrics.filter(\.additive).prefix(Headline.most) + [metric]
        let ledger = try AsOf.ledger(db)
        recent = try MovementShelf.at(ledger, tree, db).since(
            today.advanced(by: -1), query.with { $0.slots = Set(shown.map(\.slot)).sorted() }, rollups)
        days = try rollups.days(query.with { $0.slots = [metric.slot] }).mapValues { $0.figure(metric.slot) }
        let cells = try rollups.cellsByNumber(of: choice.campaign.no)
        let cellSums = try rollups.cells(query.with { $0.slots = [metric.slot] })
        self.cells = cellSums.compactMap { number, sums in
            cells[number].map { CellShare(cell: $0, value: sums.figure(metric.slot).total) }
        }
        presence = scope.isWhole && choice.isWhole ? try Presence.read(scope.unit.no, campaign: choice.campaign.no, in: tree, db) : nil
        let hosts = scope.organizations.map { $0.map(Optional.some) } ?? [nil]
        let opensReports = hosts.contains { host in
            actor.holds(.viewReports, over: scope.unit.no, organization: host, in: tree, on: today)
        }
        rights = Rights(
            opensReports: opensReports,
            files: actor.holds(.fileReports, over: scope.unit.no, in: tree, on: today),
            exports: actor.holds(.exportFigures, over: scope.unit.no, in: tree, on: today))
        func acts(_ right: Right) -> Bool {
            hosts.contains { actor.holds(right, over: scope.unit.no, organization: $0, in: tree, on: today) }
        }
        level = acts(.checkRegion) ? .region : .district
        let deciding: [Right] = [.settleReports, .checkDistrict, .checkRegion, .correctReports]
        attention = opensReports && deciding.contains(where: acts) ? try Attention.read(query, level: level, in: tree, db) : nil
        peaks = try Self.peaks(query, total: total, cells: cells, cellSums, in: tree, db)
        presses = try PressCount.of(choice.campaign.no, below: scope.unit.no, in: tree, db)
        asOf = ledger.part(of: scope.unit.no, in: tree)
        if let presence {
            lastDays = presence.parts.compactMapValues(\.lastDay)
        } else {
            lastDays = [:]
        }
        let own = partSums[scope.unit.no] == nil ? [] : [scope.unit.no]
        self.parts = Below.shown(scope.unit.no, withFigures: Set(partSums.keys), in: tree, db) + own
    }

    private static func peaks(
        _ query: RollupQuery, total: BandedSums, cells: [CellNo: Cell], _ sums: [CellNo: BandedSums], in tree: Tree,
        _ db: any Reading
    ) throws -> [Peak] {
        let peaked = Set(query.campaign.metrics.filter { !$0.additive }.map(\.code))
        let activities = query.campaign.activities.filter { !peaked.isDisjoint(with: $0.metrics) }.map(\.code)
        guard sums.contains(where: { cells[$0.key].map { activities.contains($0.activity) } ?? false }) else { return [] }
        let isAsked = query.cells.activity.map(activities.contains) ?? false
        guard total.total.reports <= (isAsked ? Peaks.mostReports : fewReports) else { return [] }
        return try Peaks.read(query, in: tree, db)
    }

    /// True when nobody has reported anything in this choice.
    var isEmpty: Bool { total.isZero }

    /// Days since a child's newest report; nil when it has none.
    func silence(of child: UnitNo) -> Int? { lastDays[child].map { max(0, $0.distance(to: today)) } }

    /// A child that should be asked: open, with somebody working below, and no report for longer than reports take.
    func isSilent(_ child: UnitNo) -> Bool {
        guard let presence, child != unit, tree[child]?.isOpen(on: today) ?? false,
            campaign.first <= today, (presence.parts[child]?.working ?? 0) > 0
        else { return false }
        return silence(of: child).map { $0 > Campaign.daysOnTime } ?? true
    }
}
