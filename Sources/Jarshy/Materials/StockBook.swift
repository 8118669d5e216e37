import JarshyKit
import Storage

/// The stock of one unit in one material, open for one deed: read and locked, changed by the rule of `Stock`, and written as one
/// entry with the sum it makes.
struct StockBook {
    let unit: UnitNo
    let material: MaterialID
    private(set) var stock: Stock
    /// Entries so far.
    private let entries: Int64
    private let before: Stock

    /// What one entry says besides its figures.
    struct Entry {
        let kind: Kind
        /// As the deed named it; of a count, what was counted.
        let quantity: Int64
        var move: StockMoveID?
        let day: Day
        var reason = ""
        var note = ""

        enum Kind: String, Stored, Sendable {
            case receive, send, accept, deliver, handOut = "hand_out", writeOff = "write_off", count
        }
    }

    init(_ unit: UnitNo, _ material: MaterialID, in db: any Writing) throws {
        self.unit = unit
        self.material = material
        let found = try db.first(
            """
            SELECT entries, \(Stock.columns) FROM stock WHERE unit = \(unit) AND material = \(material)\(SQL.forUpdate(db.dialect))
            """
        ) { row in (entries: try row.next(Int64.self), stock: try Stock(&row)) }
        entries = found?.entries ?? 0
        stock = found?.stock ?? Stock()
        before = stock
    }

    /// Applies the rule; throws before anything is written.
    mutating func change(_ deed: (inout Stock) throws -> Void) throws { try deed(&stock) }

    /// Writes the sum and the entry.
    func post(_ entry: Entry, op: OperationID, by author: PersonID, at now: Instant, in db: any Writing) throws {
        let sum = stock.figures
        let change = zip(sum, before.figures).map { $0 - $1 }
        try db.insert(
            "INSERT INTO stock AS t (unit, material, entries, \(Stock.columns)) VALUES",
            rows: [[unit.bind, material.bind, (entries + 1).bind] + sum.map(\.bind)],
            """
            ON CONFLICT (unit, material) DO UPDATE SET entries = excluded.entries, received = excluded.received,
                moved_in = excluded.moved_in, found = excluded.found, on_hand = excluded.on_hand,
                handed_out = excluded.handed_out, written_off = excluded.written_off, on_the_way = excluded.on_the_way,
                moved_out = excluded.moved_out, beyond = excluded.beyond
            """)
        // Its number is the table's key: two deeds that began from one and the same sum cannot both be written.
        try db.insert(
            """
            INSERT INTO stock_entry (unit, material, n, op, kind, quantity, move, day, reason, note, author, at, \(Stock.columns))
            VALUES
            """,
            rows: [
                [
                    unit.bind, material.bind, (entries + 1).bind, op.bind, entry.kind.bind, entry.quantity.bind,
                    entry.move?.bind ?? .null(.uuid), entry.day.bind, entry.reason.bind, entry.note.bind, author.bind, now.bind,
                ] + change.map(\.bind)
            ])
    }
}

extension Stock {
    /// In the order of `figures`.
    static let columns: SQL = "received, moved_in, found, on_hand, handed_out, written_off, on_the_way, moved_out, beyond"

    var figures: [Int64] {
        [received, movedIn, found, onHand, handedOut, writtenOff, onTheWay, movedOut, beyond]
    }

    init(_ row: inout Row) throws {
        self.init(
            received: try row.next(), movedIn: try row.next(), found: try row.next(), onHand: try row.next(),
            handedOut: try row.next(), writtenOff: try row.next(), onTheWay: try row.next(), movedOut: try row.next(),
            beyond: try row.next())
    }
}
