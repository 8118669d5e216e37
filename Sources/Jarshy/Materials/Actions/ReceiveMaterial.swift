import JarshyKit
import Storage

/// Copies came from outside: a printer, with its delivery note.
struct ReceiveMaterial: LedgerAction {
    static let kind = "material.receive"

    let campaign: String
    let unit: String
    let material: MaterialID
    let quantity: Int64
    let from: String

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        material = fields.neededID("material", of: MaterialMark.self)
        quantity = fields.copies("quantity")
        from = fields.neededText("from")
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let deed = try StockDeed(campaign: campaign, unit: unit, material: material, operation, actor, books)
        try deed.material.requireApproved()
        try deed.requireOpen(deed.unit)
        var book = try deed.book()
        try book.change { try $0.receive(quantity) }
        try deed.post(book, StockBook.Entry(kind: .receive, quantity: quantity, day: books.today, note: from))
        deed.record("receive", quantity)
        return deed.accepted()
    }
}
