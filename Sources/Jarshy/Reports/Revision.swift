import JarshyKit
import Storage

/// One version of a report: what it said, who said so and why. Never deleted.
struct Revision: Sendable, Decodable {
    let report: ReportID
    let rev: Int64
    let op: OperationID
    let kind: Kind
    var state: State
    let base: Int64
    let day: Day
    let cell: CellNo
    let place: UnitNo?
    let estimated: Bool
    let reason: Reason?
    let reasonText: String
    let author: PersonID
    let at: Instant
    let stream: UnitNo
    let seq: Int64
    let figures: Figures

    enum Kind: String, Stored, Sendable {
        case file, correct, void
    }

    enum State: String, Stored, Sendable {
        case applied
        /// Built on a version that was no longer the applied one; changes no figure until settled.
        case competing
        case taken, dropped
    }

    static let columns: SQL = """
        report, rev, op, kind, state, base_rev, day, cell, place, estimated, reason, reason_text, author, at, stream, seq, \
        \(AmountColumns.list)
        """

    init(_ row: inout Row) throws {
        report = try row.next()
        rev = try row.next()
        op = try row.next()
        kind = try row.next()
        state = try row.next()
        base = try row.next()
        day = try row.next()
        cell = try row.next()
        place = try row.next()
        estimated = try row.next()
        reason = Reason(rawValue: try row.next(String.self))
        reasonText = try row.next()
        author = try row.next()
        at = try row.next()
        stream = try row.next()
        seq = try row.next()
        figures = try Figures(&row)
    }

    init(
        of report: Report, rev: Int64, op: OperationID, kind: Kind, state: State, base: Int64, reason: Reason?,
        reasonText: String, author: PersonID, at: Instant, position: Position
    ) {
        self.report = report.id
        self.rev = rev
        self.op = op
        self.kind = kind
        self.state = state
        self.base = base
        self.day = report.day
        self.cell = report.cell
        self.place = report.place
        self.estimated = report.estimated
        self.reason = reason
        self.reasonText = reasonText
        self.author = author
        self.at = at
        self.stream = position.stream
        self.seq = position.seq
        self.figures = report.figures
    }

    var binds: [Bind] {
        [
            report.bind, rev.bind, op.bind, kind.bind, state.bind, base.bind, day.bind, cell.bind,
            place?.bind ?? .null(.bigint), estimated.bind, (reason?.rawValue ?? "").bind, reasonText.bind, author.bind,
            at.bind, stream.bind, seq.bind,
        ] + figures.binds
    }
}

/// Why a report was corrected or voided; chosen by a tap, words only for `other`.
enum Reason: String, Sendable, CaseIterable {
    case typo, recount, twice
    case placeDay = "place_day"
    case other

    /// The API may send words of its own; they are kept as `other`.
    static func read(_ text: String) -> (reason: Reason, text: String) {
        if let reason = Reason(rawValue: text) { return (reason, "") }
        return (.other, text)
    }
}

/// A place in the ledger: which stream, which number.
struct Position: Sendable, Hashable {
    let stream: UnitNo
    let seq: Int64
}
