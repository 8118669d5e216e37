import JarshyKit
import Storage

/// The ledger, open for one transaction.
///
/// Operations read and change what is here; rows are written once, when the group is closed (`flush`). So an operation that
/// refuses has written nothing, a group of 64 touches each total once, and the order of locks is always the same: streams
/// first, lowest number first.
final class Books {
    let db: any Writing
    let now: Instant
    let today: Day
    /// The tree the group judges by; a change of structure puts the new one here once the old has been posted out.
    var tree: Tree
    let campaigns: Campaigns
    var interned: Interned

    var streams: [UnitNo: Int64] = [:]
    var changedStreams: Set<UnitNo> = []
    var reports: [ReportID: Report] = [:]
    var newReports: [ReportID] = []
    var changedReports: Set<ReportID> = []
    var revisions: [Revision] = []
    /// Numbers of the versions that operations of this group name as their base, and of those it makes.
    var made: [BaseVersion.Name: Int64] = [:]
    var settled: [(report: ReportID, rev: Int64, state: Revision.State, op: OperationID)] = []
    var entries: [[Bind]] = []
    var deltas = RollupDeltas()
    var presence: [PresenceKey: PresenceDelta] = [:]
    var credits: [[Bind]] = []
    var evidence: [[Bind]] = []
    var receipts: [[Bind]] = []
    var again: [[Bind]] = []
    var mismatches: [[Bind]] = []
    var forks: [[Bind]] = []
    var feed: [[Bind]] = []
    /// Units whose boards have changed; told to the live bus after the commit.
    var touched: Set<UnitNo> = []
    var siblings: [SiblingKey: [(id: ReportID, figures: Figures)]] = [:]

    struct PresenceKey: Hashable {
        let campaign: CampaignNo
        let path: PathNo
        let place: UnitNo
    }

    struct PresenceDelta {
        var reports: Int64 = 0
        var events: Int64 = 0
        var lastDay: Day
        var lastAt: Instant
    }

    /// Where equal reports would stand: same path, day and cell.
    struct SiblingKey: Hashable {
        let path: PathNo
        let day: Day
        let cell: CellNo
    }

    private var organizationList: [Organization]?
    private var secret: [UInt8]?

    init(db: any Writing, now: Instant, today: Day, tree: Tree, campaigns: Campaigns, interned: Interned) {
        self.db = db
        self.now = now
        self.today = today
        self.tree = tree
        self.campaigns = campaigns
        self.interned = interned
    }

    func organizations() throws -> [Organization] {
        if let list = organizationList { return list }
        let list = try Organization.all(in: db)
        organizationList = list
        return list
    }

    /// The key server tokens are sealed with; read only when an operation carries one.
    func tokenSecret() throws -> [UInt8] {
        if let secret { return secret }
        let read = try ServerToken.secret(in: db)
        secret = read
        return read
    }
}
