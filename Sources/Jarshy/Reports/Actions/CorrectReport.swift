import JarshyKit
import Storage

/// Corrects a report: the whole new vector, the version it is based on, and a reason.
///
/// On the applied version it replaces the figure, which returns to `submitted`; on an older one it competes and changes
/// nothing until somebody settles it.
struct CorrectReport: LedgerAction {
    static let kind = "report.correct"

    let report: ReportID
    let base: BaseVersion
    let metrics: [MetricValue]
    let day: Day?
    let activity: String?
    let audience: String?
    let channel: String?
    let place: String?
    /// `"place": null` says that there was none; a place left out stays.
    let clearsPlace: Bool
    let estimated: Bool?
    let reason: Reason
    let reasonText: String
    let evidence: [EvidencePromise]
    let asks: Bool

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        report = fields.neededReport("report")
        base = BaseVersion(of: report, from: &fields)
        metrics = MetricValue.read(from: &fields)
        day = fields.day("day")
        activity = fields.text("activity")
        audience = fields.text("audience")
        channel = fields.text("channel")
        place = fields.text("place")
        clearsPlace = operation.body["place"] == .null
        estimated = fields.bool("estimated")
        let read = Reason.read(fields.neededText("reason", longest: 1000))
        reason = read.reason
        reasonText = fields.text("reason_text", longest: 1000) ?? read.text
        evidence = EvidencePromise.read(from: &fields)
        asks = operation.door == .form && !(fields.bool("confirmed") ?? false)
        try fields.finish()
    }

    var reports: [ReportID] { [report] }
    var bases: [BaseVersion] { [base] }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        var report = try books.find(report, for: actor, orHolding: .correctReports, operation)
        let cell = try books.cell(report.cell)
        var flags = try Authority.judge(.correctReports, over: report.unit, organization: cell.organization, operation, actor, books)
        guard let campaign = books.campaigns.find(report.campaign), let unit = books.tree[report.unit] else {
            throw Problem.notFound("campaign")
        }
        let base = try base.number(of: report, by: actor.person, on: books)

        let path = try books.path(report.path)
        let newDay = day ?? report.day
        // A day that stays was right when it was filed; a unit closed or a campaign shortened since blocks no correction.
        if newDay != report.day {
            try ReportRules.check(day: newDay, unit: unit, campaign: campaign, today: books.today)
        }
        guard books.tree.chain(of: report.unit, on: newDay) == path.chain else {
            throw Problem(
                "day-crosses-move", status: 422,
                "The unit stood elsewhere in the structure on \(newDay). Void this report and file a new one that replaces it.",
                errors: [Problem.Fault("day", "day-crosses-move", "Void and file anew.")])
        }
        let newCell = Cell(
            campaign: cell.campaign, activity: activity ?? cell.activity, audience: audience ?? cell.audience,
            channel: channel ?? cell.channel, organization: cell.organization)
        try ReportRules.check(
            activity: newCell.activity, audience: newCell.audience, channel: newCell.channel, campaign: campaign)
        try EvidencePromise.check(evidence, audience: newCell.audience, activity: newCell.activity)
        let figures = try ReportRules.figures(metrics, campaign: campaign)
        let newPlace = try place.map { try books.tree.place($0) } ?? (clearsPlace ? nil : report.place)
        let unusual = try Warnings.unusual(
            figures, campaign: campaign, unit: unit.no, place: newPlace, path: path.id, in: books.tree, books.db)
        if asks, !unusual.isEmpty {
            throw Problem("unusual", status: 409, "Some values are larger than usual here. Confirm them.", errors: unusual)
        }

        if !unusual.isEmpty { flags.insert(.unusual) }
        if newDay != report.day, ReportRules.isLate(day: newDay, campaign: campaign, today: books.today) { flags.insert(.late) }

        let before = Posting(report)
        let applies = base == report.rev
        let cellNo = try books.cell(newCell)
        let position = try books.position(in: path.stream)
        let rev = report.lastRev + 1
        var corrected = report
        corrected.day = newDay
        corrected.cell = cellNo
        corrected.place = newPlace
        corrected.estimated = estimated ?? report.estimated
        corrected.figures = figures
        let revision = Revision(
            of: corrected, rev: rev, op: operation.id, kind: .correct, state: applies ? .applied : .competing, base: base,
            reason: reason, reasonText: reasonText, author: actor.person, at: books.now, position: position)
        if applies {
            corrected.rev = rev
            corrected.lastRev = rev
            corrected.band = .submitted
            corrected.changedAt = books.now
            corrected.flags.subtract([.unusual, .equal])
            corrected.flags.formUnion(flags)
            books.change(corrected, revision: revision)
            try books.post(
                .correct, at: position, report: report.id, rev: rev, out: before, in: Posting(corrected), by: actor.person,
                op: operation.id)
        } else {
            report.lastRev = rev
            report.competing += 1
            books.change(report, revision: revision)
            try books.post(
                .correct, at: position, report: report.id, rev: rev, out: nil, in: nil, by: actor.person, op: operation.id)
        }
        books.promise(evidence, of: .report(report.id), unit: report.unit, by: actor.person, operation)
        books.record(FeedLine(applies ? "correct" : "compete", "report", report.id, unit: report.unit), by: actor)
        return .accepted(
            operation, applied: applies, report: report, rev: rev, stream: books.streamID(path.stream), seq: position.seq,
            flags: flags)
    }
}
