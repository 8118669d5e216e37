import JarshyKit

/// How many copies of one material one unit answers for. Unit: copies. Nothing here is ever negative.
///
/// Where copies come from: `received` from a printer, `movedIn` from another unit, `found` by a count. Where they are now:
/// `onHand`, `handedOut`, `writtenOff`, `onTheWay` (sent and not yet acknowledged: still the sender's), `movedOut`
/// (acknowledged by the other side). The invariant at every step, per unit and material:
///
///     received + movedIn + found = onHand + handedOut + writtenOff + onTheWay + movedOut
///
/// Over the tree movedIn = movedOut, so what was received or found is on hand, handed out, written off or on the way.
///
/// `beyond` are copies said to be handed out that the books do not know of, because the entry that brought them is late or
/// was never made. They stand outside the equation until copies arrive and settle them, or a count closes the matter; so
/// receiving and handing out come to the same end in any order.
struct Stock: Equatable, Sendable {
    private(set) var received: Int64 = 0
    private(set) var movedIn: Int64 = 0
    private(set) var found: Int64 = 0
    private(set) var onHand: Int64 = 0
    private(set) var handedOut: Int64 = 0
    private(set) var writtenOff: Int64 = 0
    private(set) var onTheWay: Int64 = 0
    private(set) var movedOut: Int64 = 0
    private(set) var beyond: Int64 = 0

    /// The most copies one entry may name.
    static let largestQuantity: Int64 = 1_000_000

    /// Somebody has to go and count: more was handed out than the books know of.
    var needsCount: Bool { beyond > 0 }

    /// The invariant, for tests and for the recount.
    var isBalanced: Bool {
        let parts = [received, movedIn, found, onHand, handedOut, writtenOff, onTheWay, movedOut, beyond]
        return parts.allSatisfy { $0 >= 0 } && (onHand == 0 || beyond == 0)
            && received + movedIn + found == onHand + handedOut + writtenOff + onTheWay + movedOut
    }

    mutating func receive(_ quantity: Int64) throws {
        try Stock.check(quantity)
        received += quantity
        arrive(quantity)
    }

    /// Takes what is on hand; what goes beyond it waits in `beyond`.
    mutating func handOut(_ quantity: Int64) throws {
        try Stock.check(quantity)
        let known = min(quantity, onHand)
        onHand -= known
        handedOut += known
        beyond += quantity - known
    }

    mutating func writeOff(_ quantity: Int64) throws {
        try Stock.check(quantity)
        try take(quantity)
        writtenOff += quantity
    }

    mutating func send(_ quantity: Int64) throws {
        try Stock.check(quantity)
        try take(quantity)
        onTheWay += quantity
    }

    /// Sets what is on hand to what was counted. What was handed out beyond stock was handed out all the same, so it is
    /// found by the count and settled.
    ///
    /// - Returns: counted less booked, where booked is what is on hand less what went beyond; not 0 needs a reason.
    mutating func count(_ counted: Int64) throws -> Int64 {
        guard (0...Stock.largestTotal).contains(counted) else { throw Stock.outOfRange("counted") }
        let difference = counted - (onHand - beyond)
        if difference > 0 { found += difference } else { writtenOff -= difference }
        handedOut += beyond
        onHand = counted
        beyond = 0
        return difference
    }

    /// The sender's side of an acknowledgement: `arrived` leave for good, `returned` come back, the rest is lost.
    mutating func deliver(_ receipt: MoveReceipt) throws {
        guard receipt.sent <= onTheWay else {
            throw Problem.conflict("not-on-the-way", "The sender has \(onTheWay) on the way, not \(receipt.sent).")
        }
        onTheWay -= receipt.sent
        movedOut += receipt.arrived
        writtenOff += receipt.lost
        arrive(receipt.returned)
    }

    /// The receiver's side of the same acknowledgement.
    mutating func take(in receipt: MoveReceipt) {
        movedIn += receipt.arrived
        arrive(receipt.arrived)
    }

    /// Copies come to hand; those already handed out beyond stock are settled first.
    private mutating func arrive(_ quantity: Int64) {
        let settled = min(quantity, beyond)
        beyond -= settled
        handedOut += settled
        onHand += quantity - settled
    }

    private mutating func take(_ quantity: Int64) throws {
        guard quantity <= onHand else {
            throw Problem.conflict(
                "not-enough", "There are \(onHand) on hand, not \(quantity). Count, or enter what was received.",
                slots: ["have": "\(onHand)", "wanted": "\(quantity)"])
        }
        onHand -= quantity
    }

    static let largestTotal: Int64 = 1_000_000_000

    private static func check(_ quantity: Int64) throws {
        guard (1...largestQuantity).contains(quantity) else { throw outOfRange("quantity") }
    }

    private static func outOfRange(_ field: String) -> Problem {
        Problem.invalid([Problem.Fault(field, "out-of-range", "'\(field)' is outside what one entry may name.")])
    }
}

/// What the other side says of a move. `arrived` + `returned` + `lost` = `sent`; a loss needs a reason.
struct MoveReceipt: Equatable, Sendable {
    let sent: Int64
    let arrived: Int64
    let returned: Int64
    var lost: Int64 { sent - arrived - returned }

    /// Faults are thrown together: more arrived than was sent, or a loss without a reason.
    init(sent: Int64, arrived: Int64, returned: Int64, reason: String?) throws {
        var faults: [Problem.Fault] = []
        if arrived < 0 || arrived > sent {
            faults.append(Problem.Fault("arrived", "out-of-range", "'arrived' is from 0 to \(sent), what was sent."))
        } else if returned < 0 || returned > sent - arrived {
            faults.append(Problem.Fault("returned", "out-of-range", "'returned' is from 0 to \(sent - arrived)."))
        } else if arrived + returned < sent, (reason ?? "").isEmpty {
            faults.append(Problem.Fault("reason", "missing", "A difference needs a reason."))
        }
        if !faults.isEmpty { throw Problem.invalid(faults) }
        self.sent = sent
        self.arrived = arrived
        self.returned = returned
    }
}
