import JarshyKit
import Storage

/// Where reports come from below a unit: who has reported, who held an event, which settlements had one, and when last.
///
/// Read in one statement from `presence`, for the whole campaign and all organisations: it knows neither days nor cells.
struct Presence: Sendable {
    struct Part: Sendable, Hashable {
        /// Units with at least one report that stands, with at least one event, and how many work there.
        var reported: Int64 = 0
        var active: Int64 = 0
        var working: Int64 = 0
        /// The newest day of a report; a voided newest report is still remembered while others stand.
        var lastDay: Day?
    }

    private(set) var whole = Part()
    private(set) var parts: [UnitNo: Part] = [:]
    /// Settlements with an event, and how many there are.
    private(set) var places: Int64 = 0
    let settlements: Int64
    /// Who has reported, by unit: the newest day, and whether an event was held.
    private(set) var told: [UnitNo: (last: Day, held: Bool)] = [:]
    /// The settlements with an event.
    private(set) var reached: Set<UnitNo> = []

    static func read(_ unit: UnitNo, campaign: CampaignNo, in tree: Tree, _ db: any Reading) throws -> Presence {
        var presence = Presence(unit, Subtrees.of(tree, db), tree)
        var seen: [UnitNo: Mark] = [:]
        var settlements: Set<UnitNo> = []
        try db.rows(
            """
            SELECT child.unit, path.unit, presence.place, presence.events, presence.last_day
            FROM path_member AS top
            JOIN presence ON presence.campaign = \(campaign) AND presence.path = top.path
            JOIN path ON path.id = top.path
            LEFT JOIN path_member AS child ON child.path = top.path AND child.depth = top.depth - 1
            WHERE top.unit = \(unit) AND presence.reports > 0
            """
        ) { row in
            let part = try row.next(UnitNo?.self)
            let who = try row.next(UnitNo.self)
            let place = try row.next(UnitNo.self)
            let held = try row.next(Int64.self) > 0
            let last = try row.next(Day.self)
            var mark = seen[who] ?? Mark(part: part ?? unit)
            mark.held = mark.held || held
            seen[who] = mark
            presence.tell(last, by: part)
            presence.told[who] = (max(presence.told[who]?.last ?? last, last), mark.held)
            if held, let settlement = tree.settlement(of: place == .none ? who : place), tree.isWithin(settlement, unit) {
                settlements.insert(settlement)
            }
            return true
        }
        presence.places = Int64(settlements.count)
        presence.reached = settlements
        presence.count(seen, tree)
        return presence
    }

    private struct Mark {
        let part: UnitNo
        var held = false
    }

    private let subtrees: Subtrees

    /// The open teams below a unit, itself included.
    func teams(below unit: UnitNo, in tree: Tree) -> [UnitNo] {
        unit == tree.root ? subtrees.teams : tree.subtree(of: unit).filter { Subtrees.isTeam($0, tree) }
    }

    private init(_ unit: UnitNo, _ subtrees: Subtrees, _ tree: Tree) {
        self.subtrees = subtrees
        settlements = subtrees[unit].settlements
        whole.working = subtrees[unit].teams
        for child in tree.children(of: unit) { parts[child] = Part(working: subtrees[child].teams) }
    }

    private mutating func tell(_ day: Day, by part: UnitNo?) {
        whole.lastDay = max(whole.lastDay ?? day, day)
        guard let part else { return }
        parts[part, default: Part()].lastDay = max(parts[part]?.lastDay ?? day, day)
    }

    /// A territory's headquarters, or a team closed since, works too when it has reported: nobody reports above the base.
    private mutating func count(_ seen: [UnitNo: Mark], _ tree: Tree) {
        for (unit, mark) in seen {
            let isCounted = tree[unit].map { here in
                here.isOpen(on: tree.presentDay) && tree.kinds[here.kind]?.territory == false && tree.isWithin(unit, mark.part)
            } ?? false
            let one = Part(reported: 1, active: mark.held ? 1 : 0, working: isCounted ? 0 : 1)
            whole.add(one)
            parts[mark.part, default: Part()].add(one)
        }
    }
}

extension Presence.Part {
    fileprivate mutating func add(_ other: Self) {
        reported += other.reported
        active += other.active
        working += other.working
    }
}
