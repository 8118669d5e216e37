import JarshyKit
import Storage

/// The list of reports and its file.
enum ReportList {
    static func routes(_ site: inout Routes) {
        site.get("/reports", .signedIn) { visit in
            let list = try await visit.read(list(visit))
            return .page(
                "reports", ReportListPage(list, visit: visit),
                PageHead(visit.words("nav.reports"), section: "reports", campaign: list.text(visit.words).campaignName))
        }
        site.get("/reports.csv", .signedIn) { visit in
            let (actor, today, query, words) = (try visit.require(), visit.today, visit.query, visit.words)
            let bytes = try await visit.read { db in
                let filter = try ReportFilter.read(query, actor: actor, today: today, in: db).filter
                guard filter.mayExport(actor, on: today) else { throw Problem.forbidden(Right.exportFigures.rawValue) }
                return try ReportCSV.bytes(filter, words: words, in: db)
            }
            return .file(bytes, "text/csv; charset=utf-8", name: "reports-\(today).csv")
        }
    }

    private static func list(_ visit: Visit) throws -> @Sendable (any Reading) throws -> ReportListing {
        let (actor, today, query) = (try visit.require(), visit.today, visit.query)
        return { db in try ReportListing(query, actor: actor, today: today, in: db) }
    }
}

/// What the page of a list needs, read in one transaction with a fixed number of statements.
struct ReportListing: Sendable {
    let filter: ReportFilter
    let organizations: [Organization]
    let page: ReportRows.Page
    let total: (reports: Int64, amounts: Amounts)
    let cells: [CellNo: Cell]
    let names: [PersonID: String]
    /// What entered of the page's reports, when the list is about a span of the ledger.
    let moved: [ReportID: Amounts]
    let actor: Actor
    let today: Day

    init(_ query: Fields, actor: Actor, today: Day, in db: any Reading) throws {
        (filter, organizations) = try ReportFilter.read(query, actor: actor, today: today, in: db)
        let rows = ReportRows(filter: filter, db: db)
        page = try rows.page(
            after: ReportRows.Cursor(query.text("after")), before: ReportRows.Cursor(query.text("before")))
        total = try rows.total()
        cells = try ReportRows.cells(page.reports.map(\.cell), in: db)
        names = try ReportRows.names(page.reports.map(\.author), in: db)
        moved = try filter.entered.map { try rows.moved($0, of: page.reports.map(\.id)) } ?? [:]
        self.actor = actor
        self.today = today
    }

    func text(_ words: Words) -> ReportText { ReportText(words: words, tree: filter.tree, campaign: filter.campaign) }

    /// The levels at which the reader may check this report, as far as its row tells: whoever corrected it may not,
    /// which the check itself knows.
    func levels(_ report: Report) -> [Band] {
        if report.isVoided || report.author == actor.person { return [] }
        let organization = cells[report.cell]?.organization
        return CheckLevels.open(to: actor, unit: report.unit, organization: organization, in: filter.tree, on: today)
            .filter { report.band < $0 }
    }
}

/// Who may check at which level.
enum CheckLevels {
    static func open(
        to actor: Actor, unit: UnitNo, organization: OrganizationNo?, in tree: Tree, on day: Day
    ) -> [Band] {
        let chain = tree.chain(of: unit)
        var levels: [Band] = []
        if let district = tree.districtLevel(on: chain),
            actor.holds(.checkDistrict, over: district, organization: organization, in: tree, on: day)
        {
            levels.append(.district)
        }
        if actor.holds(.checkRegion, over: Tree.stream(of: chain), organization: organization, in: tree, on: day) {
            levels.append(.region)
        }
        return levels
    }
}

extension ReportFilter {
    static func read(
        _ query: Fields, actor: Actor, today: Day, in db: any Reading
    ) throws -> (filter: ReportFilter, organizations: [Organization]) {
        let organizations = try Organization.all(in: db)
        let filter = try ReportFilter(
            query, actor: actor, today: today, organizations: organizations, tree: try Tree.current(in: db),
            campaigns: try Campaigns.current(in: db))
        return (filter, organizations)
    }

    /// One's own reports may always be taken out.
    func mayExport(_ actor: Actor, on day: Day) -> Bool {
        author == actor.person
            || actor.grants(of: .exportFigures, over: unit.no, in: tree, on: day).contains { grant in
                grant.organization == nil || organizations?.isSubset(of: [grant.organization ?? .none]) ?? false
            } || actor.kind == .operator
    }
}

extension ReportText {
    var campaignName: String { campaign.names[language] }
}

/// A filter's reports as a file: codes beside names, a column a metric. Notes and authors stay out: they are about
/// people.
enum ReportCSV {
    static func bytes(_ filter: ReportFilter, words: Words, in db: any Reading) throws -> [UInt8] {
        let rows = ReportRows(filter: filter, db: db)
        let count = try rows.total().reports
        guard count <= ReportRows.mostExported else {
            throw Problem(
                "too-many-rows", status: 422,
                "The filter holds \(count) reports; a file takes at most \(ReportRows.mostExported).",
                slots: ["n": words.format.number(Int(count)), "max": words.format.number(ReportRows.mostExported)])
        }
        let text = ReportText(words: words, tree: filter.tree, campaign: filter.campaign)
        let cells = try ReportRows.cells(of: filter.campaign.no, in: db)
        let organizations = Dictionary(
            try Organization.all(in: db).map { ($0.no, $0.code) }, uniquingKeysWith: { first, _ in first })
        var csv = CSVWriter(byteOrderMark: true)
        csv.append(
            [
                "id", "unit", "unit_name", "day", "activity", "audience", "channel", "organization", "place",
                "place_name",
                "estimated", "band", "rev", "voided", "competing", "evidenced", "flags", "on_behalf", "filed_at",
            ] + filter.campaign.metrics.map(\.code))
        try rows.each { report in
            let cell = cells[report.cell]
            csv.append(
                [
                    report.id.description, filter.tree.code(of: report.unit), text.unit(report.unit),
                    report.day.description,
                    cell?.activity ?? "", cell?.audience ?? "", cell?.channel ?? "",
                    cell.flatMap { organizations[$0.organization] } ?? "",
                    report.place.map { filter.tree.code(of: $0) } ?? "",
                    report.place.map { text.unit($0) } ?? "", report.estimated ? "1" : "0", report.band.name,
                    "\(report.rev)",
                    report.isVoided ? "1" : "0", "\(report.competing)", report.isEvidenced ? "1" : "0",
                    report.flags.text,
                    report.onBehalf ? "1" : "0", "\(report.filedAt.milliseconds)",
                ] + filter.campaign.metrics.map { metric in report.figures[metric.slot].map(String.init) ?? "" })
        }
        return csv.bytes
    }
}
