import JarshyKit
import Storage

/// What a reviewer has to look at: files that have arrived and nobody has judged, oldest first.
enum EvidencePage {
    private static let pageSize = 20

    private struct Found: Sendable {
        let tree: Tree
        let campaigns: Campaigns
        var items: [EvidenceItem] = []
        var hasMore = false
        var reports: [ReportID: Report] = [:]
        var cells: [CellNo: Cell] = [:]
        /// Everything promised for the subjects shown.
        var all: [ID<EvidenceSubject>: [EvidenceItem]] = [:]
        var twins: [EvidenceID: [(subject: ReportID, distance: Int64)]] = [:]
        /// Who filed the reports, and who sent the files.
        var names: [PersonID: String] = [:]
    }

    /// - Parameter problem: why a check was refused.
    static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today, words) = (try visit.require(), visit.today, visit.words)
        let after = EvidenceID(visit.query.text("after"))
        let found = try await visit.read { db in try find(actor, today, after, db) }
        let model = EvidenceModel(
            heading: words("evidence.queue"), hasProblem: problem != nil,
            problem: problem.map { ErrorSummary($0, words: words) } ?? .none,
            rows: found.items.map { row($0, found, actor, today, words) },
            pagination: Pagination(
                summary: words("evidence.count", ["n": words.format.number(found.items.count)]),
                previous: after == nil ? nil : "/evidence",
                next: found.hasMore ? found.items.last.map { "/evidence?after=\($0.id)" } : nil),
            isEmpty: found.items.isEmpty, empty: EmptyState(words("evidence.empty"), next: words("evidence.empty.next")))
        return .page("evidence", model, PageHead(words("evidence.queue"), section: "evidence"))
    }

    /// A fixed number of statements.
    private static func find(_ actor: Actor, _ today: Day, _ after: EvidenceID?, _ db: any Reading) throws -> Found {
        var found = Found(tree: try Tree.current(in: db), campaigns: try Campaigns.current(in: db))
        var sql: SQL = "\(EvidenceItem.select) WHERE e.verified_at IS NOT NULL AND e.decision = ''"
        if let after { sql += " AND e.id > \(after)" }
        let (homes, tree) = (grants(of: actor, on: today), found.tree)
        var items: [EvidenceItem] = []
        try db.rows("\(sql) ORDER BY e.id") { row in
            let item = try EvidenceItem(&row)
            if actor.kind == .operator || homes.contains(where: { tree.isWithin(item.unit, $0) }) { items.append(item) }
            return items.count <= pageSize
        }
        found.hasMore = items.count > pageSize
        items = Array(items.prefix(pageSize))
        found.twins = try EvidenceTwins.of(items, in: db)
        let reports = Set(items.filter { $0.kind == .report }.map(\.report) + found.twins.values.joined().map(\.subject))
        for chunk in Padded.chunks(reports.sorted()) {
            for report in try db.all(Report.self, where: "FROM report WHERE id IN \(chunk)") { found.reports[report.id] = report }
        }
        found.cells = try ReportRows.cells(found.reports.values.map(\.cell), in: db)
        found.items = items.filter { item in
            let host = found.reports[item.report].flatMap { found.cells[$0.cell]?.organization }
            return actor.holds(.reviewEvidence, over: item.unit, organization: host, in: tree, on: today)
        }
        found.all = try EvidenceItem.list(of: found.items.map(\.subject), in: db)
        found.names = try ReportRows.names(found.items.map(\.author) + found.reports.values.map(\.author), in: db)
        return found
    }

    private static func grants(of actor: Actor, on day: Day) -> Set<UnitNo> {
        Set(actor.grants.filter { $0.holds(on: day) && $0.rights.contains(.reviewEvidence) }.map(\.unit))
    }

    private static func row(
        _ item: EvidenceItem, _ found: Found, _ actor: Actor, _ today: Day, _ words: Words
    ) -> EvidenceRow {
        let report = found.reports[item.report]
        let unit = found.tree[item.unit].map { UnitText(words: words).title($0) } ?? ""
        let twins = (found.twins[item.id] ?? []).map { twin -> EvidenceTwinLine in
            let other = found.reports[twin.subject]
            // A report outside the scope is told of, and nothing of it.
            let known = other.flatMap { other in
                let host = found.cells[other.cell]?.organization
                return actor.holds(.viewReports, over: other.unit, organization: host, in: found.tree, on: today)
                    ? "\(title(other, found, words)) (\(filed(other, found, words)))" : nil
            }
            return EvidenceTwinLine(
                isSame: twin.distance == 0, hasLink: known != nil, twinURL: "/reports/\(twin.subject)",
                twinName: known ?? words("evidence.elsewhere"))
        }
        let isOwn = item.author == actor.person
        return EvidenceRow(
            title: report.map { title($0, found, words) } ?? unit, titleURL: report.map { "/reports/\($0.id)" } ?? "/evidence",
            filed: report.map { filed($0, found, words) } ?? sent(item, found, words),
            received: EvidenceCard.received(found.all[item.subject] ?? [item], words),
            card: EvidenceCard(item, reviews: true, words), hasTwins: !twins.isEmpty, twins: twins, canCheck: !isOwn, isOwn: isOwn,
            isGone: item.file?.state == "deleted", action: "/evidence/\(item.id)/check", choice: "reason-\(item.id)",
            reasons: CheckEvidence.reasons.map { EvidenceReason(code: $0, reason: words("evidence.reason.\($0)")) })
    }

    private static func title(_ report: Report, _ found: Found, _ words: Words) -> String {
        guard let campaign = found.campaigns.find(report.campaign) else { return "" }
        let text = ReportText(words: words, tree: found.tree, campaign: campaign)
        let activity = text.activity(found.cells[report.cell]?.activity ?? "")
        return "\(text.unit(report.unit)). \(activity), \(text.dayMonth(report.day))"
    }

    /// Who filed it, when, and what it counts: two reports of one unit and day have one title.
    private static func filed(_ report: Report, _ found: Found, _ words: Words) -> String {
        guard let campaign = found.campaigns.find(report.campaign) else { return "" }
        let text = ReportText(words: words, tree: found.tree, campaign: campaign)
        return [found.names[report.author] ?? "", text.moment(report.filedAt), text.figures(report.figures)]
            .filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// Of a file that belongs to no report: who sent it, and when it came.
    private static func sent(_ item: EvidenceItem, _ found: Found, _ words: Words) -> String {
        [found.names[item.author] ?? "", item.verified.map(UnitText(words: words).moment) ?? ""]
            .filter { !$0.isEmpty }.joined(separator: " · ")
    }
}

struct EvidenceModel: PageModel {
    let heading: String
    let hasProblem: Bool
    let problem: ErrorSummary
    let rows: [EvidenceRow]
    let pagination: Pagination
    let isEmpty: Bool
    let empty: EmptyState
}

struct EvidenceRow: PageModel {
    let title: String
    let titleURL: String
    let filed: String
    let received: String
    let card: EvidenceCard
    let hasTwins: Bool
    let twins: [EvidenceTwinLine]
    let canCheck: Bool
    let isOwn: Bool
    /// Deleted since, as the same bytes in another report: there is nothing left that could stand.
    let isGone: Bool
    let action: String
    let choice: String
    let reasons: [EvidenceReason]
}

struct EvidenceTwinLine: PageModel {
    let isSame: Bool
    let hasLink: Bool
    let twinURL: String
    let twinName: String
}

struct EvidenceReason: PageModel {
    let code: String
    let reason: String
}

/// A file as it is shown: thumbnail, what it is, what became of it. Fields as in `evidence_card.mustache`.
struct EvidenceCard: PageModel {
    let hasThumb: Bool
    let thumbURL: String
    let role: String
    let mark: StateMark
    let hasWhy: Bool
    let why: String
    let hasOriginal: Bool
    let originalURL: String

    init(_ item: EvidenceItem, reviews: Bool, _ words: Words) {
        hasThumb = item.hasThumb
        thumbURL = "/evidence/\(item.id)/thumb"
        role = words("evidence.role.\(item.role.rawValue)")
        let state =
            switch (item.file?.state, item.decision) {
            case (_, .rejected), ("refused", _): "rejected"
            case ("deleted", _): "gone"
            case (_, .accepted): "accepted"
            case _ where item.isReceived: "received"
            default: "coming"
            }
        let kind = ["rejected": "refused", "gone": "closed", "accepted": "done", "received": "evidenced"][state] ?? "missing"
        mark = StateMark(kind, words("evidence.state.\(state)"))
        let reason = item.decision == .rejected ? item.reason : ""
        hasWhy = !reason.isEmpty
        why = reason.isEmpty ? "" : words("evidence.reason.\(reason)")
        hasOriginal = reviews && item.hasOriginal
        originalURL = "/evidence/\(item.id)/original"
    }

    /// "Photos received: 2 of 3".
    static func received(_ items: [EvidenceItem], _ words: Words) -> String {
        words(
            "evidence.received",
            ["n": words.format.number(items.filter(\.isReceived).count), "m": words.format.number(items.count)])
    }
}
