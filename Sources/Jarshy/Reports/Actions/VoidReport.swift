import JarshyKit
import Storage

/// Takes a report out of every total, visibly and for a reason. The report stays; its present value is posted with a minus.
struct VoidReport: LedgerAction {
    static let kind = "report.void"

    let report: ReportID
    let base: BaseVersion
    let reason: Reason
    let reasonText: String

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        report = fields.neededReport("report")
        base = BaseVersion(of: report, from: &fields)
        let read = Reason.read(fields.neededText("reason", longest: 1000))
        reason = read.reason
        reasonText = fields.text("reason_text", longest: 1000) ?? read.text
        try fields.finish()
    }

    var reports: [ReportID] { [report] }
    var bases: [BaseVersion] { [base] }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        var report = try books.find(report, for: actor, orHolding: .voidReports, operation)
        let cell = try books.cell(report.cell)
        let flags = try Authority.judge(.voidReports, over: report.unit, organization: cell.organization, operation, actor, books)
        let base = try base.number(of: report, by: actor.person, on: books)

        let path = try books.path(report.path)
        let before = Posting(report)
        let applies = base == report.rev
        let position = try books.position(in: path.stream)
        let rev = report.lastRev + 1
        report.lastRev = rev
        let revision = Revision(
            of: report, rev: rev, op: operation.id, kind: .void, state: applies ? .applied : .competing, base: base,
            reason: reason, reasonText: reasonText, author: actor.person, at: books.now, position: position)
        if applies {
            report.rev = rev
            report.isVoided = true
            report.changedAt = books.now
        } else {
            report.competing += 1
        }
        report.flags.formUnion(flags)
        books.change(report, revision: revision)
        try books.post(
            .void, at: position, report: report.id, rev: rev, out: applies ? before : nil, in: nil, by: actor.person,
            op: operation.id)
        books.record(FeedLine(applies ? "void" : "compete", "report", report.id, unit: report.unit), by: actor)
        return .accepted(
            operation, applied: applies, report: report, rev: rev, stream: books.streamID(path.stream), seq: position.seq,
            flags: flags)
    }
}
