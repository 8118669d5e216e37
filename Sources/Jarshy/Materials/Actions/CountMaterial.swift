import JarshyKit
import Storage

/// Somebody counted. What is on hand becomes what was counted; a difference is in the entry, with its reason. Of two counts the
/// later to arrive stands.
struct CountMaterial: LedgerAction {
    static let kind = "material.count"

    let campaign: String
    let unit: String
    let material: MaterialID
    let counted: Int64
    let reason: String

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        material = fields.neededID("material", of: MaterialMark.self)
        counted = fields.copies("counted", from: 0, to: Stock.largestTotal)
        reason = (fields.text("reason") ?? "").trimmingSpaces()
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let deed = try StockDeed(campaign: campaign, unit: unit, material: material, operation, actor, books)
        if deed.material.state == .draft { try deed.material.requireApproved() }
        var book = try deed.book()
        var difference: Int64 = 0
        try book.change { difference = try $0.count(counted) }
        if difference != 0, reason.isEmpty {
            throw Problem(
                "count-differs", status: 422, "The count differs from the books by \(difference); say why.",
                slots: ["n": "\(difference)"],
                errors: [
                    Problem.Fault(
                        "reason", "count-differs", "The count differs by \(difference); say why.", slots: ["n": "\(difference)"])
                ])
        }
        try deed.post(book, StockBook.Entry(kind: .count, quantity: counted, day: books.today, reason: reason))
        deed.record("count", counted)
        return deed.accepted()
    }
}
