import JarshyKit
import Storage

/// `GET /api/v1/rollups`: a unit's figures, told apart by its children, days, weeks, months or vocabulary.
enum RollupsApi {
    /// Everything one answer is made of, read in one transaction.
    struct Answer: Sendable {
        let scope: FiguresScope
        let choice: FiguresChoice
        let by: RollupBy
        let table: RollupTable
        let peaks: [Peak]?
        let asOf: AsOf
    }

    /// - Throws: 404 for a unit or campaign that does not exist or is out of sight, 422 for names that are not listed.
    static func read(_ fields: Fields, actor: Actor, today: Day, in db: any Reading) throws -> Answer {
        let missing = ["campaign", "unit"].filter { fields.text($0).isEmpty }
        guard missing.isEmpty else {
            throw Problem.invalid(missing.map { Problem.Fault($0, "missing", "'\($0)' is required.") })
        }
        let by = fields.text("by").isEmpty ? RollupBy.unit : RollupBy(rawValue: fields.text("by"))
        guard let by else {
            let known = RollupBy.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid([Problem.Fault("by", "not-listed", "'by' is one of: \(known).")])
        }
        let tree = try Tree.current(in: db)
        let scope = try FiguresScope.find(fields.text("unit"), actor: actor, today: today, in: tree)
        let needsNames = by == .organization || fields.has("organization")
        let organizations = needsNames ? try Organization.all(in: db) : []
        let choice = try FiguresChoice(
            fields, campaigns: try Campaigns.current(in: db), organizations: organizations, today: today)
        let query = choice.query(scope)
        let table = try Rollups(db, tree).table(query, by: by, organizations: organizations)
        let isSmall = table.totals.total.reports <= Peaks.mostReports
        return Answer(
            scope: scope, choice: choice, by: by, table: table, peaks: isSmall ? try Peaks.read(query, in: tree, db) : nil,
            asOf: try AsOf.read(of: scope.unit.no, in: tree, db))
    }

    static func json(_ answer: Answer) -> [UInt8] {
        let metrics = answer.choice.campaign.metrics.filter(\.additive)
        func figure(_ figure: BandedFigure) -> Json {
            .object([
                .init("submitted", .integer(figure.submitted)), .init("district", .integer(figure.district)),
                .init("region", .integer(figure.region)), .init("total", .integer(figure.total)),
                .init("evidenced", .integer(figure.evidenced)),
            ])
        }
        func figures(_ sums: BandedSums) -> Json {
            .object(metrics.map { Json.Member($0.code, figure(sums.figure($0.slot))) })
        }
        var members: [Json.Member] = [
            .init("unit", .text(answer.scope.code)),
            .init("unit_id", .text(answer.scope.unit.id.description)),
            .init("campaign", .text(answer.choice.campaign.code)),
            .init("by", .text(answer.by.rawValue)),
            .init("basis", .text(answer.choice.basis.rawValue)),
            .init("as_of", answer.asOf.json(in: answer.scope.tree)),
            .init(
                "rows",
                .list(
                    answer.table.rows.map { row in
                        .object([
                            .init("key", .text(row.key)), .init("reports", figure(row.sums.reports)),
                            .init("metrics", figures(row.sums)),
                        ])
                    })),
            .init("totals", figures(answer.table.totals)),
            .init("reports", figure(answer.table.totals.reports)),
        ]
        if let peaks = answer.peaks {
            members.append(
                .init(
                    "peaks",
                    .object(
                        peaks.map { peak in
                            .init(
                                peak.metric,
                                .object([
                                    .init("max", .integer(peak.largest)), .init("median", .integer(peak.median)),
                                    .init("reports", .integer(peak.reports)),
                                ]))
                        })))
        }
        return Json.object(members).canonical()
    }

    static let note = ApiNote(
        summary: "Figures of a unit, by its children, days or vocabulary",
        query: [
            .init(name: "campaign", about: "code of the campaign", required: true),
            .init(name: "unit", about: "id, or any code the unit ever held", required: true),
            .init(name: "from", about: "first day of the figures, YYYY-MM-DD"),
            .init(name: "to", about: "last day of the figures, YYYY-MM-DD"),
            .init(name: "by", about: "unit (default: children), day, week, month, activity, audience, channel, organization"),
            .init(name: "basis", about: "reported (default) or present"),
            .init(name: "activity", about: "only this kind of activity"),
            .init(name: "audience", about: "only this audience"),
            .init(name: "channel", about: "only this channel"),
            .init(name: "organization", about: "only this organisation; may stand more than once"),
        ],
        answer: """
            {"type":"object","required":["unit","basis","as_of","rows","totals"],"properties":{
            "unit":{"type":"string"},"unit_id":{"type":"string","format":"uuid"},"campaign":{"type":"string"},
            "by":{"type":"string"},"basis":{"type":"string","enum":["reported","present"]},
            "as_of":{"type":"object","additionalProperties":{"type":"integer"}},
            "rows":{"type":"array","items":{"type":"object","required":["key","metrics"],"properties":{
            "key":{"type":"string"},"reports":{"type":"object"},"metrics":{"type":"object"}}}},
            "totals":{"type":"object"},"reports":{"type":"object"},
            "peaks":{"type":"object","description":"largest and median of metrics that do not add up; left out where more than \
            \(Peaks.mostReports) reports stand"}}}
            """)
}
