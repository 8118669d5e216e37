import JarshyKit
import Storage

/// Checks a figure for a district or a region: it moves to a higher band, and no total changes by it.
///
/// The region may check without the district. Nobody checks what they authored. A check on an older version is refused:
/// what was looked at is no longer what stands.
struct CheckReport: LedgerAction {
    static let kind = "report.check"

    let report: ReportID
    let base: Int64
    let level: Band

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        report = fields.neededReport("report")
        base = fields.neededInteger("base_rev")
        let word = fields.neededText("level")
        switch word {
        case "district": level = .district
        case "region": level = .region
        default:
            level = .region
            if !word.isEmpty { fields.fault("level", "unknown", "'level' is 'district' or 'region'.") }
        }
        try fields.finish()
    }

    var reports: [ReportID] { [report] }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        var report = try books.find(report, for: actor, orHolding: level == .district ? .checkDistrict : .checkRegion, operation)
        let cell = try books.cell(report.cell)
        let chain = books.tree.chain(of: report.unit)
        let checker: UnitNo
        let right: Right
        if level == .district {
            guard let district = books.tree.districtLevel(on: chain) else {
                throw Problem.conflict("no-district-level", "This unit stands below no district; the region checks it.")
            }
            (checker, right) = (district, .checkDistrict)
        } else {
            (checker, right) = (Tree.stream(of: chain), .checkRegion)
        }
        let flags = try Authority.judge(right, over: checker, organization: cell.organization, operation, actor, books)
        if report.isVoided { throw Problem.conflict("report-voided", "The report is voided; there is nothing to check.") }
        if base != report.rev {
            if base > report.lastRev {
                throw Parked(problem: Problem("base-not-here", status: 409, "Version \(base) has not arrived yet."))
            }
            throw Problem.conflict("stale", "The report has changed since: version \(report.rev) stands, not \(base). Look again.")
        }
        if try books.authors(of: report).contains(actor.person) {
            throw Problem("own-report", status: 403, "Nobody checks what they authored.")
        }
        if report.band >= level {
            throw Problem.conflict("already-checked", "The report is already checked at this level.")
        }

        let path = try books.path(report.path)
        let before = Posting(report)
        let position = try books.position(in: path.stream)
        report.band = level
        report.changedAt = books.now
        books.change(report)
        try books.post(
            .check, at: position, report: report.id, rev: report.rev, out: before, in: Posting(report), by: actor.person,
            op: operation.id)
        books.record(FeedLine("check-\(level.name)", "report", report.id, unit: report.unit), by: actor)
        return .accepted(
            operation, applied: true, report: report, rev: report.rev, stream: books.streamID(path.stream),
            seq: position.seq, flags: flags)
    }
}

extension Band: Comparable {
    static func < (left: Band, right: Band) -> Bool { left.rawValue < right.rawValue }
}

extension Books {
    /// Everyone whose version is or was the applied one.
    func authors(of report: Report) throws -> Set<PersonID> {
        if report.lastRev == 1 { return [report.author] }
        return Set(try revisions(of: report.id).filter { $0.state != .competing }.map(\.author) + [report.author])
    }
}
