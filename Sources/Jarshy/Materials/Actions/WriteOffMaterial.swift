import JarshyKit
import Storage

/// Copies are damaged, lost or out of date: they leave the stock, with the reason.
struct WriteOffMaterial: LedgerAction {
    static let kind = "material.write_off"

    enum Reason: String, CaseIterable, Sendable { case damaged, lost, outdated, other }

    let campaign: String
    let unit: String
    let material: MaterialID
    let quantity: Int64
    let reason: Reason
    let note: String

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        material = fields.neededID("material", of: MaterialMark.self)
        quantity = fields.copies("quantity")
        reason = fields.choice("reason", of: Reason.self) ?? .other
        note = (fields.text("note") ?? "").trimmingSpaces()
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let deed = try StockDeed(campaign: campaign, unit: unit, material: material, operation, actor, books)
        if deed.material.state == .draft { try deed.material.requireApproved() }
        var book = try deed.book()
        do { try book.change { try $0.writeOff(quantity) } } catch let problem as Problem { throw problem.asParked }
        try deed.post(
            book,
            StockBook.Entry(kind: .writeOff, quantity: quantity, day: books.today, reason: reason.rawValue, note: note))
        deed.record("write-off", quantity)
        return deed.accepted()
    }
}
