import JarshyKit
import Storage

/// Copies were handed out on a day. Nothing campaigning on a quiet day. More than the books know of is taken all the same, because
/// it happened, and the unit is asked to count.
struct HandOutMaterial: LedgerAction {
    static let kind = "material.hand_out"

    let campaign: String
    let unit: String
    let material: MaterialID
    let quantity: Int64
    let day: Day

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        material = fields.neededID("material", of: MaterialMark.self)
        quantity = fields.copies("quantity")
        day = fields.neededDay("day")
        try fields.finish()
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let deed = try StockDeed(campaign: campaign, unit: unit, material: material, operation, actor, books)
        try ReportRules.check(day: day, unit: deed.unit, campaign: deed.campaign, today: books.today)
        if deed.material.isCampaigning, deed.campaign.isQuiet(on: day) {
            throw Problem.conflict(
                "quiet-period", "\(day) is a quiet day: no campaigning material is handed out.", slots: ["day": "\(day)"])
        }
        // What was handed out before the withdrawal was handed out; a phone may tell of it later.
        if deed.material.state != .withdrawn || day > Zone.kazakhstan.day(at: deed.material.withdrawnAt ?? books.now) {
            try deed.material.requireApproved()
        }
        var book = try deed.book()
        try book.change { try $0.handOut(quantity) }
        try deed.post(book, StockBook.Entry(kind: .handOut, quantity: quantity, day: day))
        deed.record("hand-out", quantity)
        return deed.accepted(noting: book.stock.needsCount ? ["count-needed"] : [])
    }
}
