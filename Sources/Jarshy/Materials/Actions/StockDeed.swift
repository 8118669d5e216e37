import JarshyKit
import Storage

/// What every deed on stock begins with: the unit within the author's knowledge, the material within the unit's, the right.
struct StockDeed {
    let campaign: Campaign
    let unit: Unit
    let material: Material
    /// Of authority.
    let flags: Flags
    let operation: Operation
    let actor: Actor
    let books: Books

    /// - Throws: 404 for a unit out of sight, and for a material that is not for this unit; 403 without `useMaterials`.
    init(
        campaign code: String, unit unitCode: String, material id: MaterialID, _ operation: Operation, _ actor: Actor, _ books: Books
    ) throws {
        guard let campaign = books.campaigns.find(code) else { throw Problem.notFound("campaign") }
        guard let unit = books.tree.find(unitCode), actor.mayKnow(unit.no, in: books.tree, on: books.today) else {
            throw Problem.notFound("unit")
        }
        flags = try Authority.judge(.useMaterials, over: unit.no, organization: nil, operation, actor, books)
        guard let material = try books.db.first(Material.self, where: "FROM material m WHERE m.id = \(id)"),
            material.campaign == campaign.no, books.tree.isWithin(unit.no, material.unit)
        else { throw Problem.notFound("material") }
        (self.campaign, self.unit, self.material) = (campaign, unit, material)
        (self.operation, self.actor, self.books) = (operation, actor, books)
        try refuseTakenID()
    }

    /// An operation's id is its author's own; an entry's is everybody's.
    private func refuseTakenID() throws {
        let id = operation.id
        if try books.db.first(OperationID.self, "SELECT op FROM stock_entry WHERE op = \(id)") != nil {
            throw Problem.conflict("id-taken", "Another entry has this id. Make a new one and send again.")
        }
    }

    /// Nothing comes to a unit that is closed; what lies there is still moved, counted and written off.
    func requireOpen(_ unit: Unit) throws {
        guard unit.isOpen(on: books.today) else {
            throw Problem(
                "unit-closed", status: 422, "The unit is not working on \(books.today).", slots: ["day": "\(books.today)"],
                errors: [Problem.Fault("unit", "unit-closed", "The unit is not working on \(books.today).")])
        }
    }

    func book() throws -> StockBook { try StockBook(unit.no, material.id, in: books.db) }

    func post(_ book: StockBook, _ entry: StockBook.Entry) throws {
        try book.post(entry, op: operation.id, by: actor.person, at: books.now, in: books.db)
    }

    func record(_ verb: String, _ quantity: Int64, unit: UnitNo? = nil) {
        books.record(
            FeedLine(verb, "material", material.id, unit: unit ?? self.unit.no, detail: "quantity=\(quantity)"), by: actor)
    }

    func accepted(_ subject: StaticString = "entry", noting notes: [String] = []) -> Outcome {
        .accepted(operation, subject, operation.id, noting: flags.list + notes)
    }
}

extension Problem {
    /// More is wanted than the books know of. Not final: what brought the copies may still be on its way here.
    var asParked: any Error { slug == "not-enough" ? Parked(problem: self) : self }
}

extension Outcome {
    /// An accepted operation that moves no figure, with words about what is to be looked at.
    static func accepted(
        _ operation: Operation, _ subject: StaticString, _ id: some CustomStringConvertible, noting notes: [String]
    ) -> Outcome {
        let list = notes.map { "\"\($0)\"" }.joined(separator: ",")
        let receipt = """
            {"op":"\(operation.id)","status":"accepted","effect":"applied","\(subject)":"\(id)","flags":[\(list)]}
            """
        return Outcome(receipt: receipt, status: .accepted, problem: nil, report: nil)
    }
}

extension Members {
    mutating func neededID<Of>(_ key: String, of mark: Of.Type) -> ID<Of> {
        if let id = id(key, of: mark) { return id }
        if !has(key) { fault(key, "missing", "'\(key)' is missing.") }
        return ID<Of>(high: 0, low: 0)
    }

    /// Copies, from `lowest` to what one entry may name.
    mutating func copies(_ key: String, from lowest: Int64 = 1, to highest: Int64 = Stock.largestQuantity) -> Int64 {
        guard let given = integer(key) else {
            if !has(key) { fault(key, "missing", "'\(key)' is missing.") }
            return lowest
        }
        if !(lowest...highest).contains(given) {
            fault(key, "out-of-range", "'\(key)' is from \(lowest) to \(highest).")
        }
        return given
    }

    /// One of the words of an enum; nil with a fault otherwise.
    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(_ key: String, of _: Value.Type) -> Value? {
        let word = neededText(key)
        if word.isEmpty { return nil }
        if let value = Value(rawValue: word) { return value }
        fault(key, "not-listed", "'\(key)' is one of \(Value.allCases.map(\.rawValue).joined(separator: ", ")).")
        return nil
    }
}
