import JarshyKit
import Storage

/// Settles a competing version: taken, it becomes a new applied version with what it said; dropped, it stays as it was, a
/// visible version that never counted.
struct SettleReport: LedgerAction {
    static let kind = "report.settle"

    let report: ReportID
    let rev: Int64
    let takes: Bool
    let reason: Reason
    let reasonText: String

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        report = fields.neededReport("report")
        rev = fields.neededInteger("rev")
        let decision = fields.text("decision")
        let take = fields.bool("take")
        let drop = fields.bool("drop")
        switch (decision, take, drop) {
        case ("take", nil, nil), (nil, true, nil), (nil, true, false): takes = true
        case ("drop", nil, nil), (nil, nil, true), (nil, false, true), (nil, false, nil): takes = false
        default:
            takes = false
            fields.fault("decision", "missing", "'decision' is 'take' or 'drop'.")
        }
        let read = Reason.read(fields.neededText("reason", longest: 1000))
        reason = read.reason
        reasonText = fields.text("reason_text", longest: 1000) ?? read.text
        try fields.finish()
    }

    var reports: [ReportID] { [report] }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        var report = try books.find(report, for: actor, orHolding: .settleReports, operation)
        let cell = try books.cell(report.cell)
        let flags = try Authority.judge(.settleReports, over: report.unit, organization: cell.organization, operation, actor, books)
        guard let rival = try books.revisions(of: report.id).last(where: { $0.rev == rev }) else {
            if rev > report.lastRev {
                throw Parked(problem: Problem("base-not-here", status: 409, "Version \(rev) has not arrived yet."))
            }
            throw Problem.notFound("version")
        }
        guard rival.state == .competing else {
            throw Problem.conflict("not-competing", "Version \(rev) is not waiting to be settled.")
        }
        if takes, report.isVoided {
            throw Problem.conflict("report-voided", "The report is voided. Drop this version, or file a new report.")
        }

        let path = try books.path(report.path)
        if takes, rival.kind == .correct, books.tree.chain(of: report.unit, on: rival.day) != path.chain {
            throw Problem.conflict("day-crosses-move", "The unit stood elsewhere on \(rival.day). Drop this version and file anew.")
        }
        let before = Posting(report)
        let position = try books.position(in: path.stream)
        report.competing -= 1
        books.settle(report.id, rev: rev, as: takes ? .taken : .dropped, by: operation.id)
        guard takes else {
            books.change(report)
            try books.post(
                .settle, at: position, report: report.id, rev: rev, out: nil, in: nil, by: actor.person, op: operation.id)
            books.record(FeedLine("drop", "report", report.id, unit: report.unit), by: actor)
            return .accepted(
                operation, applied: false, report: report, rev: report.rev, stream: books.streamID(path.stream),
                seq: position.seq, flags: flags)
        }

        let base = report.rev
        report.rev = report.lastRev + 1
        report.lastRev = report.rev
        report.changedAt = books.now
        if rival.kind == .void {
            report.isVoided = true
        } else {
            report.day = rival.day
            report.cell = rival.cell
            report.place = rival.place
            report.estimated = rival.estimated
            report.figures = rival.figures
            report.band = .submitted
        }
        // The words are the rival's: the version says what its author said, settled by whoever decided.
        let revision = Revision(
            of: report, rev: report.rev, op: operation.id, kind: rival.kind, state: .applied, base: base,
            reason: reason, reasonText: reasonText, author: rival.author, at: books.now, position: position)
        books.change(report, revision: revision)
        try books.post(
            .settle, at: position, report: report.id, rev: report.rev, out: before,
            in: rival.kind == .void ? nil : Posting(report), by: actor.person, op: operation.id)
        books.record(FeedLine("take", "report", report.id, unit: report.unit), by: actor)
        return .accepted(
            operation, applied: true, report: report, rev: report.rev, stream: books.streamID(path.stream), seq: position.seq,
            flags: flags)
    }
}
