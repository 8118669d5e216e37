import JarshyKit
import Storage

/// A report as it stands now: who did what, when, for whom, and how much of it.
///
/// It counts once on the path its unit had on its day (`path`), in one cell, in one band; voided, it counts nowhere.
struct Report: Sendable, Decodable {
    let id: ReportID
    let campaign: CampaignNo
    let unit: UnitNo
    var path: PathNo
    var day: Day
    var cell: CellNo
    var place: UnitNo?
    var estimated: Bool
    var band: Band
    /// The applied version.
    var rev: Int64
    /// The newest version, applied or competing; the next takes the number after it.
    var lastRev: Int64
    var isVoided: Bool
    var isEvidenced: Bool
    /// Versions that wait to be settled.
    var competing: Int64
    var flags: Flags
    let author: PersonID
    /// Entered by someone whose role stands above the unit, for a unit that does not sign in.
    let onBehalf: Bool
    let door: Door
    let replaces: ReportID?
    let note: String
    let filedAt: Instant
    var changedAt: Instant
    var figures: Figures

    static let columns: SQL = """
        id, campaign, unit, path, day, cell, place, estimated, band, rev, last_rev, voided, evidenced, competing, flags, \
        author, on_behalf, door, replaces, note, filed_at, changed_at, \(AmountColumns.list)
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        path = try row.next()
        day = try row.next()
        cell = try row.next()
        place = try row.next()
        estimated = try row.next()
        band = try row.next()
        rev = try row.next()
        lastRev = try row.next()
        isVoided = try row.next()
        isEvidenced = try row.next()
        competing = try row.next()
        flags = Flags(text: try row.next())
        author = try row.next()
        onBehalf = try row.next()
        door = try row.next()
        replaces = try row.next()
        note = try row.next()
        filedAt = try row.next()
        changedAt = try row.next()
        figures = try Figures(&row)
    }

    init(
        id: ReportID, campaign: CampaignNo, unit: UnitNo, path: PathNo, day: Day, cell: CellNo, place: UnitNo?,
        estimated: Bool, flags: Flags, author: PersonID, onBehalf: Bool, door: Door, replaces: ReportID?, note: String,
        filedAt: Instant, figures: Figures
    ) {
        self.id = id
        self.campaign = campaign
        self.unit = unit
        self.path = path
        self.day = day
        self.cell = cell
        self.place = place
        self.estimated = estimated
        self.band = .submitted
        self.rev = 1
        self.lastRev = 1
        self.isVoided = false
        self.isEvidenced = false
        self.competing = 0
        self.flags = flags
        self.author = author
        self.onBehalf = onBehalf
        self.door = door
        self.replaces = replaces
        self.note = note
        self.filedAt = filedAt
        self.changedAt = filedAt
        self.figures = figures
    }

    var binds: [Bind] {
        [
            id.bind, campaign.bind, unit.bind, path.bind, day.bind, cell.bind, place?.bind ?? .null(.bigint),
            estimated.bind, band.bind, rev.bind, lastRev.bind, isVoided.bind, isEvidenced.bind, competing.bind,
            flags.text.bind, author.bind, onBehalf.bind, door.bind, replaces?.bind ?? .null(.uuid), note.bind, filedAt.bind,
            changedAt.bind,
        ] + figures.binds
    }
}

/// How far a figure has been checked. The sum over bands never moves by a check, and nothing is hidden upward.
enum Band: Int64, Stored, Sendable, CaseIterable {
    case submitted = 0, district = 1, region = 2

    var name: String {
        switch self {
        case .submitted: "submitted"
        case .district: "district"
        case .region: "region"
        }
    }
}

/// By which door an operation came in.
enum Door: String, Stored, Sendable {
    case sync, form, grid, sheet, demo
}

/// What somebody should look at again; none of them keeps a figure from counting.
struct Flags: OptionSet, Sendable, Hashable {
    let rawValue: Int

    /// Arrived more than `Campaign.daysOnTime` days after its day, or after the campaign's end.
    static let late = Flags(rawValue: 1)
    /// The author's right ended between writing and arrival.
    static let review = Flags(rawValue: 2)
    /// A value is larger than this unit, place or settlement would suggest.
    static let unusual = Flags(rawValue: 4)
    /// Another report of this unit, day and cell tells exactly the same.
    static let equal = Flags(rawValue: 8)

    private static let names: [(Flags, String)] = [(.late, "late"), (.review, "review"), (.unusual, "unusual"), (.equal, "equal")]

    var list: [String] { Flags.names.filter { contains($0.0) }.map(\.1) }
    var text: String { list.joined(separator: " ") }

    init(rawValue: Int) { self.rawValue = rawValue }

    init(text: String) {
        self = text.split(separator: " ").reduce(into: []) { flags, word in
            if let flag = Flags.names.first(where: { $0.1 == word }) { flags.insert(flag.0) }
        }
    }
}
