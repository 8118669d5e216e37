import JarshyKit
import Storage

/// A person's own newest reports, as the phone shows their fate.
enum FieldReports {
    static func own(_ person: PersonID, most: Int, in tree: Tree, _ db: any Reading) throws -> [Json] {
        let reports = try db.all(
            Report.self, where: "FROM report WHERE author = \(person) ORDER BY id DESC LIMIT \(most)")
        let cells = try activities(of: Set(reports.map(\.cell)), in: db)
        let files = try evidence(of: reports.map(\.id), in: db)
        let campaigns = try Campaigns.current(in: db)
        return reports.map { report in
            let metrics = (campaigns.find(report.campaign)?.metrics ?? []).compactMap { metric in
                report.figures[metric.slot].map { Json.Member(metric.code, .integer($0)) }
            }
            let (expected, received) = files[report.id] ?? (0, 0)
            return .object([
                .init("id", .text(report.id.description)), .init("unit", .text(tree.code(of: report.unit))),
                .init("day", .text(report.day.description)), .init("activity", .text(cells[report.cell] ?? "")),
                .init("metrics", .object(metrics)), .init("rev", .integer(report.rev)),
                .init("band", .text(report.band.name)), .init("state", .text(report.isVoided ? "void" : "counted")),
                .init("evidence", .object([.init("expected", .integer(expected)), .init("received", .integer(received))])),
            ])
        }
    }

    private static func activities(of cells: Set<CellNo>, in db: any Reading) throws -> [CellNo: String] {
        var found: [CellNo: String] = [:]
        for chunk in Padded.chunks(cells.sorted()) {
            try db.rows("SELECT id, activity FROM cell WHERE id IN \(chunk)") { row in
                found[try row.next()] = try row.next(String.self)
                return true
            }
        }
        return found
    }

    private static func evidence(of reports: [ReportID], in db: any Reading) throws -> [ReportID: (Int64, Int64)] {
        var found: [ReportID: (Int64, Int64)] = [:]
        for chunk in Padded.chunks(reports) {
            try db.rows(
                """
                SELECT subject, count(*), CAST(sum(CASE WHEN verified_at IS NULL THEN 0 ELSE 1 END) AS bigint)
                FROM evidence WHERE subject IN \(chunk) GROUP BY subject
                """
            ) { row in
                found[try row.next()] = (try row.next(Int64.self), try row.next(Int64.self))
                return true
            }
        }
        return found
    }
}
