import JarshyKit
import Storage

/// The other side of a move says what arrived and what goes back; the rest is written off at the sender, with the reason. A move is
/// acknowledged once.
struct AcceptMove: LedgerAction {
    static let kind = "material.accept"

    let campaign: String
    let unit: String
    let move: StockMoveID
    let arrived: Int64
    let returned: Int64
    let reason: String

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        move = fields.neededID("move", of: StockMoveMark.self)
        arrived = fields.copies("arrived", from: 0)
        returned = fields.copies("returned", from: 0)
        reason = (fields.text("reason") ?? "").trimmingSpaces()
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let db = books.db
        guard
            let move = try db.first(
                StockMove.self, where: "FROM stock_move v WHERE v.id = \(move)\(SQL.forUpdate(db.dialect))")
        else {
            throw Parked(problem: Problem("move-not-here", status: 404, "The move has not arrived here yet. Send this again later."))
        }
        let deed = try StockDeed(campaign: campaign, unit: unit, material: move.material, operation, actor, books)
        guard move.receiver == deed.unit.no else { throw Problem.notFound("move") }
        guard move.isOpen else {
            throw Problem.conflict("move-accepted", "The move was acknowledged before; what was said then stands.")
        }
        let receipt = try MoveReceipt(sent: move.quantity, arrived: arrived, returned: returned, reason: reason)
        // Always the smaller number first, so that two moves in opposite directions wait for each other in no circle.
        let sides = [move.sender, move.receiver].sorted()
        var first = try StockBook(sides[0], move.material, in: db)
        var second = try StockBook(sides[1], move.material, in: db)
        let senderIsFirst = sides[0] == move.sender
        let deliver: (inout Stock) throws -> Void = { try $0.deliver(receipt) }
        let takeIn: (inout Stock) throws -> Void = { $0.take(in: receipt) }
        try first.change(senderIsFirst ? deliver : takeIn)
        try second.change(senderIsFirst ? takeIn : deliver)
        try db.run(
            """
            UPDATE stock_move SET arrived = \(arrived), returned = \(returned), reason = \(reason), accepted_at = \(books.now),
                accepted_by = \(actor.person)
            WHERE id = \(move.id)
            """)
        let delivered = StockBook.Entry(
            kind: .deliver, quantity: move.quantity, move: move.id, day: books.today, reason: reason)
        let taken = StockBook.Entry(kind: .accept, quantity: arrived, move: move.id, day: books.today, reason: reason)
        try deed.post(first, senderIsFirst ? delivered : taken)
        try deed.post(second, senderIsFirst ? taken : delivered)
        deed.record("accept", arrived)
        if receipt.lost > 0 { deed.record("lose", receipt.lost, unit: move.sender) }
        return deed.accepted("move")
    }
}
