import JarshyKit
import Storage

/// One change of stock, as it is written down for good.
struct StockEntry: Sendable {
    let unit: UnitNo
    let material: MaterialID
    let n: Int64
    let kind: StockBook.Entry.Kind
    let quantity: Int64
    let move: StockMoveID?
    let day: Day
    let reason: String
    let note: String
    let author: PersonID
    let at: Instant
    let change: Stock
}

extension StockEntry: Storage.Decodable {
    static let columns: SQL = """
        e.unit, e.material, e.n, e.kind, e.quantity, e.move, e.day, e.reason, e.note, e.author, e.at, e.received, e.moved_in, e.found,
            e.on_hand, e.handed_out, e.written_off, e.on_the_way, e.moved_out, e.beyond
        """

    init(_ row: inout Row) throws {
        unit = try row.next()
        material = try row.next()
        n = try row.next()
        kind = try row.next()
        quantity = try row.next()
        move = try row.next()
        day = try row.next()
        reason = try row.next()
        note = try row.next()
        author = try row.next()
        at = try row.next()
        change = try Stock(&row)
    }
}
