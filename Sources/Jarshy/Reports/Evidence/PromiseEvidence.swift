import JarshyKit
import Storage

/// `report.evidence`: promises files for a report that was filed before.
struct PromiseEvidence: LedgerAction {
    static let kind = "report.evidence"

    let report: ReportID
    let files: [EvidencePromise]

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        report = fields.neededReport("report")
        files = EvidencePromise.read(from: &fields)
        if files.isEmpty, fields.faults.isEmpty { fields.fault("evidence", "missing", "'evidence' is missing.") }
        try fields.finish()
    }

    var reports: [ReportID] { [report] }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let report = try books.find(report, for: actor, orHolding: .fileReports, operation)
        let cell = try books.cell(report.cell)
        let flags = try Authority.judge(.fileReports, over: report.unit, organization: cell.organization, operation, actor, books)
        if report.isVoided { throw Problem.conflict("report-voided", "The report is voided; evidence changes nothing.") }
        try EvidencePromise.check(files, audience: cell.audience, activity: cell.activity)
        books.promise(files, of: .report(report.id), unit: report.unit, by: actor.person, operation)
        books.record(FeedLine("promise-evidence", "report", report.id, unit: report.unit), by: actor)
        let path = try books.path(report.path)
        return .accepted(
            operation, applied: true, report: report, rev: report.rev, stream: books.streamID(path.stream),
            seq: books.streams[path.stream] ?? 0, flags: flags)
    }
}
