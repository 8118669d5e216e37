import JarshyKit
import Storage

/// Files a report: what a unit did on a day, for whom, by what channel, and how much.
struct FileReport: LedgerAction {
    static let kind = "report.file"

    let campaign: String
    let unit: String
    let day: Day
    let activity: String
    let audience: String
    let channel: String
    let metrics: [MetricValue]
    let organization: String?
    let place: String?
    let estimated: Bool
    let note: String
    let replaces: ReportID?
    let credits: [CreditInput]
    let evidence: [EvidencePromise]
    /// A form asks "is it right?" before it files something unusual; the API files and flags.
    let asks: Bool
    /// What allows it: a feature whose own deed counts as work names its own right.
    private(set) var right = Right.fileReports

    /// The same report, filed by a deed that needs another right.
    init(counting report: FileReport, by right: Right) {
        self = report
        self.right = right
    }

    struct CreditInput: Sendable {
        let unit: String
        let organization: String?
        let role: String
    }

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        unit = fields.neededText("unit")
        day = fields.neededDay("day")
        activity = fields.neededText("activity")
        audience = fields.neededText("audience")
        channel = fields.neededText("channel")
        organization = fields.text("organization")
        place = fields.text("place")
        estimated = fields.bool("estimated") ?? false
        note = fields.text("note", longest: 2000) ?? ""
        replaces = fields.id("replaces", of: ReportMark.self)
        metrics = MetricValue.read(from: &fields)
        credits = FileReport.credits(&fields)
        evidence = EvidencePromise.read(from: &fields)
        asks = operation.door == .form && !(fields.bool("confirmed") ?? false)
        try fields.finish()
    }

    var reports: [ReportID] { replaces.map { [$0] } ?? [] }
    var filing: FileReport? { self }

    func streams(in tree: Tree, campaigns: Campaigns) -> [UnitNo] { Self.streams(of: unit, on: day, in: tree) }

    /// The streams a report of this unit and day goes into: as the tree was that day, and as it is.
    static func streams(of unit: String, on day: Day, in tree: Tree) -> [UnitNo] {
        guard let unit = tree.find(unit) else { return [] }
        return [Tree.stream(of: tree.chain(of: unit.no, on: day)), Tree.stream(of: tree.chain(of: unit.no))]
    }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let tree = books.tree
        guard let campaign = books.campaigns.find(campaign) else {
            throw Problem.notFound("campaign", at: .unknown("campaign", self.campaign))
        }
        guard let unit = tree.find(unit), try Authority.knows(unit.no, operation, actor, books) else {
            throw Problem.notFound("unit", at: .unknown("unit", self.unit))
        }
        let host = try hostOrganization(unit: unit, actor: actor, books: books)
        let authority = try Authority.judge(right, over: unit.no, organization: host, operation, actor, books)
        let place = try self.place.map { code -> UnitNo in
            try tree.place(code)
        }
        try ReportRules.check(day: day, unit: unit, campaign: campaign, today: books.today)
        try ReportRules.check(activity: activity, audience: audience, channel: channel, campaign: campaign)
        try EvidencePromise.check(evidence, audience: audience, activity: activity)
        let figures = try ReportRules.figures(metrics, campaign: campaign)
        let credited = try credits.map { try resolved($0, books) }
        let id = ReportID(operation.id)
        if books.report(id) != nil {
            throw Problem.conflict("id-taken", "Another report has this id. Make a new one and send again.")
        }
        if let replaces, books.report(replaces) != nil, !(try books.find(replaces, for: actor, operation).isVoided) {
            throw Problem.conflict("replaces-standing", "The report this one replaces still counts. Void it first.")
        }
        let path = try books.path(of: unit.no, on: day)
        let cell = try books.cell(
            Cell(campaign: campaign.no, activity: activity, audience: audience, channel: channel, organization: host))
        var flags = authority
        if ReportRules.isLate(day: day, campaign: campaign, today: books.today) { flags.insert(.late) }
        let siblings = books.siblings[Books.SiblingKey(path: path.id, day: day, cell: cell)] ?? []
        if siblings.contains(where: { $0.figures == figures }) { flags.insert(.equal) }
        let unusual = try Warnings.unusual(
            figures, campaign: campaign, unit: unit.no, place: place, path: path.id, in: tree, books.db)
        if !unusual.isEmpty {
            if asks { throw Problem("unusual", status: 409, "Some values are larger than usual here. Confirm them.", errors: unusual) }
            flags.insert(.unusual)
        }

        let report = Report(
            id: id, campaign: campaign.no, unit: unit.no, path: path.id, day: day, cell: cell, place: place,
            estimated: estimated, flags: flags, author: actor.person,
            onBehalf: !actor.isHome(unit.no, right: .fileReports, on: books.today), door: operation.door, replaces: replaces,
            note: note, filedAt: books.now, figures: figures)
        let position = try books.position(in: path.stream)
        let revision = Revision(
            of: report, rev: 1, op: operation.id, kind: .file, state: .applied, base: 0, reason: nil, reasonText: "",
            author: actor.person, at: books.now, position: position)
        books.add(report, revision: revision)
        try books.post(
            .file, at: position, report: id, rev: 1, out: nil, in: Posting(report), by: actor.person, op: operation.id)
        for (index, credit) in credited.enumerated() {
            books.addCredit(id, position: index, unit: credit.unit, organization: credit.organization, role: credit.role)
        }
        books.promise(evidence, of: .report(id), unit: unit.no, by: actor.person, operation)
        books.record(FeedLine("file", "report", id, unit: unit.no), by: actor)
        return .accepted(
            operation, applied: true, report: report, rev: 1, stream: books.streamID(path.stream), seq: position.seq,
            flags: flags)
    }

    /// A credit's unit and organisation, both known, before anything is posted.
    private func resolved(
        _ credit: CreditInput, _ books: Books
    ) throws -> (unit: UnitNo, organization: OrganizationNo?, role: String) {
        guard let unit = books.tree.find(credit.unit) else {
            throw Problem.invalid([.unknown("credits.unit", credit.unit)])
        }
        return (unit.no, try credit.organization.map { try books.organization($0) }, credit.role)
    }

    /// The host: as told, else the unit's own organisation, else the author's first.
    private func hostOrganization(unit: Unit, actor: Actor, books: Books) throws -> OrganizationNo {
        if let organization { return try books.organization(organization) }
        return unit.organization ?? actor.organizations.first ?? .none
    }

    private static func credits(_ fields: inout Members) -> [CreditInput] {
        var credits: [CreditInput] = []
        for (index, item) in (fields.list("credits") ?? []).enumerated() {
            var inner = Members(item, at: "credits[\(index)]")
            let credit = CreditInput(
                unit: inner.neededText("unit"), organization: inner.text("organization"), role: inner.text("role") ?? "")
            try? inner.finish()
            fields.add(inner.faults)
            credits.append(credit)
        }
        return credits
    }
}
