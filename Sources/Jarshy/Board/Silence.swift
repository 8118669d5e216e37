import JarshyKit
import Storage

/// The units below a unit that are missing from one of the board's sentences, by name: `/board/{unit}/silent?show=`.
///
/// For the whole campaign and all organisations, as presence is; an organisation's representative finds no such list.
struct Silence: Sendable {
    enum Show: String, CaseIterable, Sendable {
        /// Open teams without a report for longer than reports take, those that never reported among them.
        case quiet
        /// Open teams without any report.
        case never
        /// Teams, and whoever else has reported, without an event.
        case idle
        /// Settlements without an event.
        case places
    }

    struct Row: Sendable, Hashable {
        let unit: UnitNo
        let last: Day?
    }

    static let pageSize = 100

    let scope: FiguresScope
    let campaign: Campaign
    let show: Show
    let rows: [Row]
    let today: Day

    /// - Throws: 404 for a unit or campaign that does not exist or is out of sight, and for a representative.
    init(_ code: String, _ fields: Fields, actor: Actor, today: Day, in db: any Reading) throws {
        let tree = try Tree.current(in: db)
        scope = try FiguresScope.find(code, actor: actor, today: today, in: tree)
        guard scope.isWhole else { throw Problem.notFound("unit") }
        campaign = try Campaigns.current(in: db).chosen(fields.text("campaign"), on: today)
        show = Show(rawValue: fields.text("show")) ?? .quiet
        self.today = today
        let presence = try Presence.read(scope.unit.no, campaign: campaign.no, in: tree, db)
        rows = Silence.rows(show, below: scope.unit.no, presence, in: tree, on: today)
    }

    /// Those without any report first, then the longest silent; equals in the tree's order.
    static func rows(_ show: Show, below unit: UnitNo, _ presence: Presence, in tree: Tree, on today: Day) -> [Row] {
        let teams = presence.teams(below: unit, in: tree)
        let missing: [UnitNo]
        switch show {
        case .never: missing = teams.filter { presence.told[$0] == nil }
        case .quiet:
            missing = teams.filter { team in
                presence.told[team].map { $0.last.distance(to: today) > Campaign.daysOnTime } ?? true
            }
        case .idle:
            missing = teams.filter { presence.told[$0] == nil }
                + presence.told.filter { !$0.value.held }.map(\.key).sorted()
        case .places:
            missing = tree.subtree(of: unit).filter { place in
                guard let here = tree[place], here.isOpen(on: tree.presentDay) else { return false }
                return (tree.kinds[here.kind]?.settlement ?? false) && !presence.reached.contains(place)
            }
        }
        let silent = missing.filter { presence.told[$0] == nil }.map { Row(unit: $0, last: nil) }
        // Only those with a day need sorting: stable, so that equals keep the order of the tree.
        let known = missing.enumerated().compactMap { at, unit in presence.told[unit].map { (at: at, unit: unit, last: $0.last) } }
        let sorted = known.sorted { a, b in (a.last, a.at) < (b.last, b.at) }
        return silent + sorted.map { Row(unit: $0.unit, last: $0.last) }
    }
}
