import JarshyKit

/// `GET /api/v1/reports/{id}`: a report as JSON. See `docs/api/reports.md`.
enum ReportApi {
    static func routes(_ site: inout Routes) {
        site.get("/api/v1/reports/{id}", .bearer, api: note) { visit in
            let (actor, today, id) = (try visit.require(), visit.today, visit.parameter("id"))
            let view = try await visit.read { db in try ReportView(id, actor: actor, today: today, in: db) }
            return .json(json(view).canonical())
        }
    }

    static func json(_ view: ReportView) -> Json {
        let (report, tree, campaign) = (view.report, view.tree, view.campaign)
        return .object([
            .init("id", .text(report.id.description)),
            .init("unit", unit(report.unit, tree)),
            .init("unit_id", .text(tree[report.unit]?.id.description ?? "")),
            .init("campaign", .text(campaign.code)),
            .init("day", .text(report.day.description)),
            .init("activity", .text(view.cell?.activity ?? "")),
            .init("audience", .text(view.cell?.audience ?? "")),
            .init("channel", .text(view.cell?.channel ?? "")),
            .init("organization", text(view.organization(view.cell?.organization)?.code)),
            .init("place", report.place.map { unit($0, tree) } ?? .null),
            .init("estimated", .bool(report.estimated)),
            .init("rev", .integer(report.rev)),
            .init("band", .text(report.band.name)),
            .init("voided", .bool(report.isVoided)),
            .init("evidenced", .bool(report.isEvidenced)),
            .init("competing", .integer(report.competing)),
            .init("flags", .list(report.flags.list.map { .text($0) })),
            .init("on_behalf", .bool(report.onBehalf)),
            .init("door", .text(report.door.rawValue)),
            .init("replaces", text(report.replaces?.description)),
            .init("note", .text(report.note)),
            .init("filed_at", .integer(report.filedAt.milliseconds)),
            .init("changed_at", .integer(report.changedAt.milliseconds)),
            .init("path", .list(view.path.chain.map { unit($0, tree) })),
            .init("metrics", metrics(campaign) { report.figures[$0.slot] }),
            .init("revisions", .list(view.revisions.map { revision($0, view) })),
            .init("entries", .list(view.entries.map { entry($0, view) })),
            .init(
                "credits",
                .list(
                    view.credits.map { credit in
                        .object([
                            .init("unit", unit(credit.unit, tree)),
                            .init("organization", text(view.organization(credit.organization)?.code)),
                            .init("role", .text(credit.role)),
                        ])
                    })),
        ])
    }

    private static func revision(_ revision: Revision, _ view: ReportView) -> Json {
        let cell = view.cells[revision.cell]
        return .object([
            .init("rev", .integer(revision.rev)),
            .init("op", .text(revision.op.description)),
            .init("kind", .text(revision.kind.rawValue)),
            .init("state", .text(revision.state.rawValue)),
            .init("base_rev", .integer(revision.base)),
            .init("day", .text(revision.day.description)),
            .init("activity", .text(cell?.activity ?? "")),
            .init("audience", .text(cell?.audience ?? "")),
            .init("channel", .text(cell?.channel ?? "")),
            .init("place", revision.place.map { unit($0, view.tree) } ?? .null),
            .init("estimated", .bool(revision.estimated)),
            .init("reason", text(revision.reason?.rawValue)),
            .init("reason_text", .text(revision.reasonText)),
            .init("author", .text(revision.author.description)),
            .init("at", .integer(revision.at.milliseconds)),
            .init("stream", .text(view.tree[revision.stream]?.id.description ?? "")),
            .init("seq", .integer(revision.seq)),
            .init("metrics", metrics(view.campaign) { revision.figures[$0.slot] }),
        ])
    }

    /// `metrics` holds the changes that are not zero, signed.
    private static func entry(_ line: ReportView.Line, _ view: ReportView) -> Json {
        .object([
            .init("stream", .text(view.tree[line.stream]?.id.description ?? "")),
            .init("seq", .integer(line.seq)),
            .init("side", .integer(line.side)),
            .init("kind", .text(line.kind)),
            .init("rev", line.rev.map { .integer($0) } ?? .null),
            .init("band", text(line.band?.name)),
            .init("metrics", metrics(view.campaign) { line.amounts[$0.slot] == 0 ? nil : line.amounts[$0.slot] }),
            .init("at", .integer(line.at.milliseconds)),
        ])
    }

    private static func metrics(_ campaign: Campaign, _ value: (Metric) -> Int64?) -> Json {
        .object(campaign.metrics.compactMap { metric in value(metric).map { Json.Member(metric.code, .integer($0)) } })
    }

    private static func unit(_ no: UnitNo, _ tree: Tree) -> Json { .text(tree.code(of: no)) }
    private static func text(_ value: String?) -> Json { value.map { .text($0) } ?? .null }

    private static let note = ApiNote(
        summary: "One report: figures, state, versions and ledger entries",
        answer: """
            {"type":"object","required":["id","unit","day","rev","band","metrics","revisions","entries"],"properties":{
            "id":{"type":"string","format":"uuid"},"unit":{"type":"string"},"unit_id":{"type":"string","format":"uuid"},
            "campaign":{"type":"string"},"day":{"type":"string","format":"date"},"activity":{"type":"string"},
            "audience":{"type":"string"},"channel":{"type":"string"},"organization":{"type":["string","null"]},
            "place":{"type":["string","null"]},"estimated":{"type":"boolean"},"rev":{"type":"integer"},
            "band":{"type":"string","enum":["submitted","district","region"]},"voided":{"type":"boolean"},
            "evidenced":{"type":"boolean"},"competing":{"type":"integer"},
            "flags":{"type":"array","items":{"type":"string"}},
            "metrics":{"type":"object","additionalProperties":{"type":"integer"}},
            "revisions":{"type":"array","items":{"type":"object"}},"entries":{"type":"array","items":{"type":"object"}},
            "credits":{"type":"array","items":{"type":"object"}}}}
            """)
}
