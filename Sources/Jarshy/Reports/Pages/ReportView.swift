import JarshyKit
import Storage

/// One report with everything that is known of it, read in one transaction with a fixed number of statements.
struct ReportView: Sendable {
    let tree: Tree
    let campaign: Campaign
    let report: Report
    let path: Path
    let cells: [CellNo: Cell]
    /// Oldest first.
    let revisions: [Revision]
    let entries: [Line]
    let credits: [Credit]
    let organizations: [Organization]
    let names: [PersonID: String]
    let evidence: [EvidenceItem]

    /// A ledger entry as it is shown: one side of one deed.
    struct Line: Sendable {
        let stream: UnitNo
        let seq: Int64
        let side: Int64
        let kind: String
        let rev: Int64?
        let band: Band?
        let at: Instant
        /// Signed: what left is negative.
        let amounts: Amounts
    }

    struct Credit: Sendable {
        let unit: UnitNo
        let organization: OrganizationNo?
        let role: String
    }

    var cell: Cell? { cells[report.cell] }
    /// Everyone whose version is or was the applied one.
    var authors: Set<PersonID> { Set(revisions.filter { $0.state != .competing }.map(\.author) + [report.author]) }
    var competing: [Revision] { revisions.filter { $0.state == .competing } }

    func organization(_ no: OrganizationNo?) -> Organization? {
        no.flatMap { no in organizations.first { $0.no == no } }
    }

    /// - Throws: 404 when there is no such report or the reader may not see it; the two look alike.
    init(_ id: String, actor: Actor, today: Day, in db: any Reading) throws {
        let tree = try Tree.current(in: db)
        let campaigns = try Campaigns.current(in: db)
        guard let id = ReportID(id), let report = try db.first(Report.self, where: "FROM report WHERE id = \(id)"),
            let campaign = campaigns.find(report.campaign)
        else { throw Problem.notFound("report") }
        self.tree = tree
        self.campaign = campaign
        self.report = report
        guard
            let path = try db.first(
                "SELECT id, chain FROM path WHERE id = \(report.path)",
                { row in Interned.path(id: try row.next(), chain: try row.next()) })
        else { throw StorageError.decoding("no path \(report.path)") }
        self.path = path
        revisions = try db.all(Revision.self, where: "FROM revision WHERE report = \(id) ORDER BY rev")
        cells = try ReportRows.cells(revisions.map(\.cell) + [report.cell], in: db)
        guard
            ReportView.mayRead(
                report, organization: cells[report.cell]?.organization, path: path.chain, actor: actor, today: today,
                tree: tree)
        else { throw Problem.notFound("report") }
        entries = try db.all(
            """
            SELECT stream, seq, side, kind, rev, band, at, \(AmountColumns.list) FROM entry WHERE report = \(id)
            ORDER BY at, stream, seq, side
            """
        ) { row in
            Line(
                stream: try row.next(), seq: try row.next(), side: try row.next(), kind: try row.next(),
                rev: try row.next(),
                band: try row.next(), at: try row.next(), amounts: try Amounts.reading(&row))
        }
        credits = try db.all("SELECT unit, organization, role FROM credit WHERE report = \(id) ORDER BY position") {
            row in
            Credit(unit: try row.next(), organization: try row.next(), role: try row.next())
        }
        organizations = try Organization.all(in: db)
        evidence = try EvidenceItem.list(of: [id], in: db)[id] ?? []
        names = try ReportRows.names(revisions.map(\.author) + [report.author], in: db)
    }

    /// Its author, and those with the right over its unit: as the tree is today, or as it was on the report's day,
    /// since its figure stands in the totals of those units.
    static func mayRead(
        _ report: Report, organization: OrganizationNo?, path: [UnitNo], actor: Actor, today: Day, tree: Tree
    ) -> Bool {
        report.author == actor.person
            || ([report.unit] + path).contains { unit in
                actor.holds(.viewReports, over: unit, organization: organization, in: tree, on: today)
            }
    }
}
