import JarshyKit
import Storage

/// The version a correction or a void was written against: told by its number, or by the operation of the same author that
/// made it.
///
/// A phone that corrects twice without network cannot know what number its first correction will get. When a stranger's
/// correction comes in between, the number it expected is the stranger's, and the second correction would replace what its
/// author never saw. An operation's id is nobody else's, so such a correction names that instead, and competes.
struct BaseVersion: Sendable, Hashable {
    let report: ReportID
    private let rev: Int64?
    private let op: OperationID?

    /// Reads `base_rev` or `base_op` of a correction of `report`; exactly one of them is wanted.
    init(of report: ReportID, from fields: inout Members) {
        self.report = report
        op = fields.id("base_op", of: OperationMark.self)
        rev = fields.integer("base_rev")
        switch (rev, op) {
        case (nil, nil) where fields.faults.allSatisfy({ $0.field != "base_rev" && $0.field != "base_op" }):
            fields.fault("base_rev", "missing", "'base_rev' is missing.")
        case (.some, .some): fields.fault("base_op", "two-bases", "'base_rev' or 'base_op' is told, not both.")
        default: break
        }
    }

    /// Whoever writes names only what they wrote themselves.
    fileprivate func name(of author: PersonID) -> Name? { op.map { Name(report: report, author: author, op: $0) } }

    /// A version by who made it.
    struct Name: Hashable {
        let report: ReportID
        let author: PersonID
        let op: OperationID
    }

    /// The number of the version on `books`.
    ///
    /// - Throws: `Parked` when it has not arrived, 409 for a voided report, 422 for a number below 1.
    func number(of report: Report, by author: PersonID, on books: Books) throws -> Int64 {
        if report.isVoided {
            throw Problem.conflict("report-voided", "The report is voided. File a new one that replaces it.")
        }
        if let name = name(of: author) {
            if let made = books.made[name] { return made }
            throw Parked(
                problem: Problem("base-not-here", status: 409, "The version that \(name.op) made has not arrived yet."))
        }
        let rev = rev ?? 0
        if rev < 1 {
            throw Problem.invalid([Problem.Fault("base_rev", "out-of-bounds", "'base_rev' counts from 1.")])
        }
        if rev > report.lastRev {
            throw Parked(
                problem: Problem("base-not-here", status: 409, "Version \(rev) has not arrived yet; the newest is \(report.lastRev)."))
        }
        return rev
    }
}

extension Books {
    /// Reads which numbers the named versions have: one statement for a group, none where no version is named. Versions made
    /// within the group are added as they are made.
    func loadBases(_ bases: [(base: BaseVersion, author: PersonID)]) throws {
        let names = Set(bases.compactMap { $0.base.name(of: $0.author) })
        guard !names.isEmpty else { return }
        for reports in Padded.chunks(Set(names.map(\.report)).sorted()) {
            for ops in Padded.chunks(Set(names.map(\.op)).sorted()) {
                try db.rows("SELECT report, author, op, rev FROM revision WHERE report IN \(reports) AND op IN \(ops)") { row in
                    let name = BaseVersion.Name(report: try row.next(), author: try row.next(), op: try row.next())
                    made[name] = try row.next(Int64.self)
                    return true
                }
            }
        }
    }
}
