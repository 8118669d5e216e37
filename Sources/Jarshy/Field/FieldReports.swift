import JarshyKit
import Storage

/// A person's own newest reports, as the phone shows their fate.
enum FieldReports {
    static func own(_ person: PersonID, most: Int, in tree: Tree, _ db: any Reading) throws -> [Json] {
        let reports = try db.all(
            Report.self, where: "FROM report WHERE author = \(person) ORDER BY id DESC LIMIT \(most)")
        let cells = try facts(of: Set(reports.map(\.cell)), in: db)
        let files = try EvidenceItem.list(of: reports.map(\.id), in: db)
        let campaigns = try Campaigns.current(in: db)
        return reports.map { report in
            let metrics = (campaigns.find(report.campaign)?.metrics ?? []).compactMap { metric in
                report.figures[metric.slot].map { Json.Member(metric.code, .integer($0)) }
            }
            let (own, cell) = (files[report.id] ?? [], cells[report.cell])
            return .object([
                .init("id", .text(report.id.description)), .init("unit", .text(tree.code(of: report.unit))),
                .init("day", .text(report.day.description)), .init("activity", .text(cell?.activity ?? "")),
                .init("audience", .text(cell?.audience ?? "")),
                .init("campaign", .text(campaigns.find(report.campaign)?.code ?? "")),
                .init("metrics", .object(metrics)), .init("rev", .integer(report.rev)),
                .init("band", .text(report.band.name)), .init("state", .text(report.isVoided ? "void" : "counted")),
                .init("evidence", evidence(own)),
            ])
        }
    }

    private static func facts(of cells: Set<CellNo>, in db: any Reading) throws -> [CellNo: (activity: String, audience: String)] {
        var found: [CellNo: (activity: String, audience: String)] = [:]
        for chunk in Padded.chunks(cells.sorted()) {
            try db.rows("SELECT id, activity, audience FROM cell WHERE id IN \(chunk)") { row in
                found[try row.next()] = (activity: try row.next(String.self), audience: try row.next(String.self))
                return true
            }
        }
        return found
    }

    /// `files` by hash, so that a phone can join them with the photos it still holds. A file's state: promised, received,
    /// accepted or rejected by a reviewer; `reason` says why it was rejected and is "" otherwise.
    private static func evidence(_ files: [EvidenceItem]) -> Json {
        let list = files.map { file -> Json in
            let state =
                switch file.decision {
                case .none: file.isReceived ? "received" : "promised"
                case .accepted: "accepted"
                case .rejected: "rejected"
                }
            return .object([
                .init("sha256", .text(Hex.encoded(file.sha256))), .init("state", .text(state)),
                .init("reason", .text(file.reason)),
            ])
        }
        return .object([
            .init("expected", .integer(Int64(files.count))),
            .init("received", .integer(Int64(files.count { $0.isReceived }))), .init("files", .list(list)),
        ])
    }
}
