import JarshyKit
import Storage

/// Copies leave for another unit. They are on the way, and the sender's, until the other side says what arrived.
struct MoveMaterial: LedgerAction {
    static let kind = "material.move"

    let campaign: String
    let unit: String
    let material: MaterialID
    let to: String
    let quantity: Int64

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        material = fields.neededID("material", of: MaterialMark.self)
        to = fields.neededText("to")
        quantity = fields.copies("quantity")
        if !to.isEmpty, to == unit { fields.fault("to", "same-unit", "A unit sends nothing to itself.") }
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let deed = try StockDeed(campaign: campaign, unit: unit, material: material, operation, actor, books)
        // A neighbour is not below the sender, so what counts is whether its name may be known at all.
        guard let receiver = try? UnitScope(actor, in: books.tree, on: books.today).find(to) else {
            throw Problem.invalid([.unknown("to", to)])
        }
        guard receiver.no != deed.unit.no else {
            throw Problem.invalid([Problem.Fault("to", "same-unit", "A unit sends nothing to itself.")])
        }
        guard books.tree.isWithin(receiver.no, deed.material.unit) else {
            throw Problem.conflict("material-not-there", "The material is not meant for that unit.")
        }
        try deed.material.requireApproved()
        try deed.requireOpen(receiver)
        var book = try deed.book()
        do { try book.change { try $0.send(quantity) } } catch let problem as Problem { throw problem.asParked }
        let id = StockMoveID(operation.id)
        try books.db.run(
            """
            INSERT INTO stock_move (id, material, sender, receiver, quantity, sent_at, sent_by, reason)
            VALUES (\(id), \(deed.material.id), \(deed.unit.no), \(receiver.no), \(quantity), \(books.now), \(actor.person), '')
            """)
        try deed.post(book, StockBook.Entry(kind: .send, quantity: quantity, move: id, day: books.today))
        deed.record("send", quantity)
        return deed.accepted("move")
    }
}
