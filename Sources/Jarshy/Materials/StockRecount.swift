import JarshyKit
import Storage

/// Recomputes every heap twice, as the sum of its entries' changes and by doing its deeds again from nothing; then what is on the
/// way, and what moved, against the moves. Part of `jarshy recount`.
///
/// One heap is held at a time, so that memory does not grow with the campaign.
enum StockRecount {
    static let part = Recount.Part(check: check)

    private struct Key: Hashable {
        let unit: UnitNo
        let material: MaterialID
        var text: String { "unit \(unit) material \(material)" }
    }

    /// A heap as its entries make it.
    private struct Told {
        let key: Key
        var last: Int64 = 0
        var sums = [Int64](repeating: 0, count: Stock().figures.count)
        var redone = Stock()
        /// The first entry that cannot be done again, or does not say what doing it again comes to.
        var fault: String?
    }

    private static func check(_ db: any Reading, _ finding: inout Recount.Finding) throws {
        var kept: [Key: (entries: Int64, stock: Stock)] = [:]
        try db.rows("SELECT unit, material, entries, \(Stock.columns) FROM stock") { row in
            let key = Key(unit: try row.next(), material: try row.next())
            kept[key] = (entries: try row.next(), stock: try Stock(&row))
            return true
        }
        var differences: [Recount.Difference] = []
        func judge(_ told: Told) {
            let heap = kept.removeValue(forKey: told.key) ?? (entries: 0, stock: Stock())
            if heap.entries != told.last {
                differences.append(difference(told.key, "says \(heap.entries) entries, holds \(told.last)"))
            }
            if heap.stock.figures != told.sums {
                differences.append(difference(told.key, "stored \(named(heap.stock.figures)), from entries \(named(told.sums))"))
            } else if let fault = told.fault {
                differences.append(difference(told.key, fault))
            }
        }
        var told: Told?
        try db.rows(
            """
            SELECT e.unit, e.material, e.n, e.kind, e.quantity, v.quantity, v.arrived, v.returned, v.reason,
                e.received, e.moved_in, e.found, e.on_hand, e.handed_out, e.written_off, e.on_the_way, e.moved_out, e.beyond
            FROM stock_entry e LEFT JOIN stock_move v ON v.id = e.move ORDER BY e.unit, e.material, e.n
            """
        ) { row in
            let key = Key(unit: try row.next(), material: try row.next())
            if let done = told, done.key != key {
                judge(done)
                told = nil
            }
            var heap = told ?? Told(key: key)
            try add(&row, to: &heap)
            told = heap
            finding.entries += 1
            return true
        }
        if let told { judge(told) }
        for (key, heap) in kept { differences.append(difference(key, "says \(heap.entries) entries, holds none")) }
        finding.differences += differences.sorted { $0.key < $1.key }
        try checkMoves(db, &finding)
    }

    private static func add(_ row: inout Row, to heap: inout Told) throws {
        let (n, kind) = (try row.next(Int64.self), try row.next(StockBook.Entry.Kind.self))
        let quantity = try row.next(Int64.self)
        let (sent, arrived) = (try row.next(Int64?.self), try row.next(Int64?.self))
        let (returned, reason) = (try row.next(Int64?.self), try row.next(String?.self))
        let change = try Stock(&row).figures
        heap.sums = zip(heap.sums, change).map { $0 + $1 }
        if n != heap.last + 1, heap.fault == nil { heap.fault = "entry \(n) follows \(heap.last)" }
        heap.last = n
        guard heap.fault == nil else { return }
        let before = heap.redone.figures
        do {
            let receipt = try sent.flatMap { sent -> MoveReceipt? in
                guard let arrived, let returned else { return nil }
                return try MoveReceipt(sent: sent, arrived: arrived, returned: returned, reason: reason)
            }
            try heap.redone.redo(kind, quantity, receipt)
        } catch let problem as Problem {
            heap.fault = "entry \(n), \(kind.rawValue) \(quantity), cannot be done again: \(problem.slug)"
            return
        }
        let redone = zip(heap.redone.figures, before).map { $0 - $1 }
        if redone != change {
            heap.fault = "entry \(n), \(kind.rawValue) \(quantity), says \(named(change)), done again \(named(redone))"
        }
    }

    /// What is on the way is in open moves; what moved out of one unit moved into another.
    private static func checkMoves(_ db: any Reading, _ finding: inout Recount.Finding) throws {
        var open: [Key: Int64] = [:]
        try db.rows(
            """
            SELECT sender, material, CAST(sum(quantity) AS bigint) FROM stock_move WHERE accepted_at IS NULL
            GROUP BY sender, material
            """
        ) { row in
            open[Key(unit: try row.next(), material: try row.next())] = try row.next(Int64.self)
            return true
        }
        var differences: [Recount.Difference] = []
        try db.rows("SELECT unit, material, on_the_way FROM stock WHERE on_the_way > 0") { row in
            let key = Key(unit: try row.next(), material: try row.next())
            let (way, moves) = (try row.next(Int64.self), open.removeValue(forKey: key) ?? 0)
            if way != moves { differences.append(difference(key, "\(way) on the way, the open moves say \(moves)")) }
            return true
        }
        for (key, moves) in open { differences.append(difference(key, "0 on the way, the open moves say \(moves)")) }
        try db.rows(
            """
            SELECT material, CAST(sum(moved_in) AS bigint), CAST(sum(moved_out) AS bigint) FROM stock
            GROUP BY material HAVING sum(moved_in) <> sum(moved_out)
            """
        ) { row in
            let material = try row.next(MaterialID.self)
            let (came, left) = (try row.next(Int64.self), try row.next(Int64.self))
            differences.append(
                Recount.Difference(table: "stock", key: "material \(material)", detail: "\(came) moved in, \(left) moved out"))
            return true
        }
        finding.differences += differences.sorted { $0.key < $1.key }
    }

    private static func difference(_ key: Key, _ detail: String) -> Recount.Difference {
        Recount.Difference(table: "stock", key: key.text, detail: detail)
    }

    /// "on hand 5, handed out 2": the figures that are not 0.
    private static func named(_ figures: [Int64]) -> String {
        let names = [
            "received", "moved in", "found", "on hand", "handed out", "written off", "on the way", "moved out", "beyond",
        ]
        let told = zip(names, figures).filter { $0.1 != 0 }.map { "\($0.0) \($0.1)" }
        return told.isEmpty ? "nothing" : told.joined(separator: ", ")
    }
}

extension Stock {
    /// Does a deed as its entry names it.
    /// - Throws: what the deed itself throws; 409 `no-receipt` for an acknowledgement without a move that was answered.
    fileprivate mutating func redo(_ kind: StockBook.Entry.Kind, _ quantity: Int64, _ receipt: MoveReceipt?) throws {
        func answered() throws -> MoveReceipt {
            guard let receipt else { throw Problem.conflict("no-receipt", "The move of this entry was not answered.") }
            return receipt
        }
        switch kind {
        case .receive: try receive(quantity)
        case .send: try send(quantity)
        case .accept: take(in: try answered())
        case .deliver: try deliver(try answered())
        case .handOut: try handOut(quantity)
        case .writeOff: try writeOff(quantity)
        case .count: _ = try count(quantity)
        }
    }
}
