import JarshyKit
import Storage

/// A deed that writes the ledger. It is read from its operation before the transaction, says what it will need, and then
/// judges and applies itself on the open books; it throws a `Problem` before it has changed anything.
protocol LedgerAction: Sendable {
    /// The operation's name: `report.file`.
    static var kind: String { get }

    /// Reads the operation's own members; faults are thrown together.
    init(_ operation: Operation) throws

    /// Reports that must be loaded.
    var reports: [ReportID] { get }

    /// The report it files, if it does.
    var filing: FileReport? { get }

    /// Versions it was written against.
    var bases: [BaseVersion] { get }

    /// Streams that will be written besides those of `reports`.
    func streams(in tree: Tree, campaigns: Campaigns) -> [UnitNo]

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome

    /// The inbox keeps the day it came and not the moment, where moments would tell on people.
    var keepsOnlyDay: Bool { get }

    /// Two who saw the same thing tell of it under one id in different bytes, as a phone and the paper list do. Then other bytes
    /// are no mismatch: the deed is asked again, must change nothing it has counted, and what was answered first is the answer.
    var mayComeTwice: Bool { get }
}

extension LedgerAction {
    var reports: [ReportID] { [] }
    var filing: FileReport? { nil }
    var bases: [BaseVersion] { [] }
    func streams(in tree: Tree, campaigns: Campaigns) -> [UnitNo] { [] }
    var keepsOnlyDay: Bool { false }
    var mayComeTwice: Bool { false }
}

/// Not yet: what the operation builds on has not arrived. No receipt is kept, and a resend is judged anew.
struct Parked: Error {
    let problem: Problem
}

extension Operation {
    /// Keys any operation may carry. Signatures and evidence are read by the field app's own part.
    static let commonKeys: Set<String> = ["op", "kind", "at", "n", "server_token", "prev", "key", "sig", "author"]
}

extension Books {
    /// The report, if this actor may see it: outside the scope it does not exist.
    ///
    /// - Parameter right: what the deed needs; who holds that over the report may know of it too, so that a device's token
    ///   without the right to browse reports still does its work.
    /// - Parameter operation: the deed; whoever held the right when it was written knew of the report too.
    func find(
        _ id: ReportID, for actor: Actor, orHolding right: Right = .viewReports, _ operation: Operation
    ) throws -> Report {
        guard let report = report(id) else {
            throw Parked(problem: Problem("report-not-here", status: 404, "The report has not arrived yet. Send this again later."))
        }
        let host = try cell(report.cell).organization
        let mine = report.author == actor.person
        let known = [.viewReports, right].contains {
            actor.holds($0, over: report.unit, organization: host, in: tree, on: today)
        }
        guard
            try mine || known || Authority.held(right, over: report.unit, organization: host, operation, actor, self)
        else {
            throw Problem.notFound("report")
        }
        return report
    }

    func stream(of report: Report) throws -> UnitNo { try path(report.path).stream }

    func streamID(_ stream: UnitNo) -> UnitID { tree[stream]?.id ?? UnitID(high: 0, low: 0) }
}
