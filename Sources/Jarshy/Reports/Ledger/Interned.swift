import JarshyKit
import Storage

/// A chain of ancestors as the ledger knows it.
struct Path: Sendable, Hashable {
    let id: PathNo
    /// From the unit up to the root.
    let chain: [UnitNo]

    var unit: UnitNo { chain[0] }
    var stream: UnitNo { Tree.stream(of: chain) }

    /// The keys its figures are stored under: every unit with its parent here. The root is not stored, except for its own
    /// reports, which have no unit below it to stand in.
    var members: [(unit: UnitNo, parent: UnitNo)] {
        if chain.count == 1 { return [(chain[0], .none)] }
        return (0..<(chain.count - 1)).map { (chain[$0], chain[$0 + 1]) }
    }
}

/// What a figure is about.
struct Cell: Sendable, Hashable {
    let campaign: CampaignNo
    let activity: String
    let audience: String
    let channel: String
    let organization: OrganizationNo
}

/// Paths and cells by content, so that the hot path asks the database for neither. They are only ever added; the intake keeps
/// what a committed transaction added, and drops what a rolled-back one did.
struct Interned: Sendable {
    var paths: [[UnitNo]: Path] = [:]
    var pathsByID: [PathNo: Path] = [:]
    var cells: [Cell: CellNo] = [:]
    var cellsByID: [CellNo: Cell] = [:]

    mutating func add(_ path: Path) {
        paths[path.chain] = path
        pathsByID[path.id] = path
    }

    mutating func add(_ cell: Cell, _ id: CellNo) {
        cells[cell] = id
        cellsByID[id] = cell
    }

    static func path(id: PathNo, chain: String) -> Path {
        Path(id: id, chain: chain.split(separator: "/").compactMap { Int64($0) }.map { UnitNo($0) })
    }

    static func cell(_ row: inout Row) throws -> Cell {
        Cell(
            campaign: try row.next(), activity: try row.next(), audience: try row.next(), channel: try row.next(),
            organization: try row.next())
    }
}
