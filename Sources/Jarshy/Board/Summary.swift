import JarshyKit
import Storage

/// The summary table headquarters live by: units × metrics, for 24 hours and since the start, on one A4.
///
/// "Within 24 hours" is what the ledger took in, late reports and corrections included, whatever day they are about. Tables
/// are fixed at 12:00 and 18:00 (`SummaryClock`) and by hand; a fixed table never changes, and what was corrected since stands
/// beside its numbers as +x or −y. Reading and fixing need `readSummary`; a representative sees the live table of the own
/// organisations and no fixed ones, which hold everybody's figures.
///
///     GET  /summary                        the reader's own top unit
///     GET  /summary/{unit}                 as it stands now          ?campaign; .xlsx, .csv
///     GET  /summary/{unit}/{id}            as it was fixed           .xlsx, .csv
///     POST /summary/{unit}/fix             fixes one now
enum Summaries {
    static func routes(_ site: inout Routes, words: @escaping @Sendable (Language) throws -> Words) {
        site.get("/summary", .right(.readSummary)) { visit in
            .redirect("/summary/\(percentEncoded(try await Board.ownTop(visit)))")
        }
        site.get("/summary/{unit}", .right(.readSummary)) { visit in
            let (unit, kind) = split(visit.parameter("unit"))
            return try await answer(visit, unit: unit, edition: nil, as: kind, words)
        }
        site.get("/summary/{unit}/{id}", .right(.readSummary)) { visit in
            let (id, kind) = split(visit.parameter("id"))
            return try await answer(visit, unit: visit.parameter("unit"), edition: id, as: kind, words)
        }
        site.post("/summary/{unit}/fix", .right(.readSummary)) { visit in
            let (actor, now, today, code) = (try visit.require(), visit.now, visit.today, visit.parameter("unit"))
            let wanted = visit.form.text("campaign")
            let (scope, campaign) = try await visit.read { db in
                try SummaryView.place(code, campaign: wanted, actor: actor, today: today, in: db)
            }
            let fixed = try await visit.run(
                FixSummary(campaign: campaign.code, units: [scope.unit.no], slot: SummarySlot(at: now)))
            let id = fixed[scope.unit.no].map { "/\($0)" } ?? ""
            return .redirect(
                "/summary/\(percentEncoded(scope.code))\(id)", flash: .init(kind: .done, text: visit.words("summary.fixed.done")))
        }
    }

    enum Kind { case page, xlsx, csv }

    private static func split(_ name: String) -> (String, Kind) {
        if name.hasSuffix(".xlsx") { return (String(name.dropLast(5)), .xlsx) }
        if name.hasSuffix(".csv") { return (String(name.dropLast(4)), .csv) }
        return (name, .page)
    }

    private static func answer(
        _ visit: Visit, unit: String, edition: String?, as kind: Kind, _ words: @Sendable (Language) throws -> Words
    ) async throws -> Reply {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        let view = try await visit.read { db in
            try SummaryView(unit, edition: edition, query, actor: actor, now: now, in: db)
        }
        let name = "summary-\(view.scope.code)-\(view.stamp)"
        switch kind {
        case .xlsx:
            return .file(
                try SummaryFiles.xlsx(view, words: visit.words),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name: name + ".xlsx")
        case .csv:
            return .file(SummaryFiles.csv(view, words: visit.words), "text/csv; charset=utf-8", name: name + ".csv")
        case .page:
            let all = try Language.allCases.map { try words($0) }
            let page = SummaryPage(view, all: all, words: visit.words)
            return .page(
                "summary", page,
                PageHead(page.heading, section: "summary", campaign: view.campaign.names[visit.language]))
        }
    }
}

/// A summary table, live or fixed, read in one transaction.
struct SummaryView: Sendable {
    let scope: FiguresScope
    let campaign: Campaign
    let figures: SummaryFigures
    /// Corrections since the table was fixed; nil of a live one.
    let restated: SummaryFigures?
    let parts: [UnitNo]
    let fixed: FixedSummary?
    /// Of a fixed table: the parts' own tables of the same hour, where there are any.
    let partEditions: [UnitNo: SummaryID]
    /// Tables fixed before, the newest first.
    let editions: [FixedSummary]
    let hasMoreEditions: Bool
    let asOf: AsOf
    let canFix: Bool
    let opensReports: Bool
    let now: Instant

    static let fewEditions = 8
    static let mostEditions = 400

    var tree: Tree { scope.tree }
    var unit: UnitNo { scope.unit.no }

    /// The moment the table stands for.
    var cut: Instant { fixed?.cut ?? now }

    /// For a file's name.
    var stamp: String {
        let minute = Zone.kazakhstan.minuteOfDay(at: cut)
        let (hours, minutes) = (minute / 60, minute % 60)
        return "\(Zone.kazakhstan.day(at: cut))-\(hours < 10 ? "0" : "")\(hours)\(minutes < 10 ? "0" : "")\(minutes)"
    }

    /// - Throws: 404 for a unit, campaign or table that does not exist or is out of sight, 403 without the right.
    init(_ code: String, edition: String?, _ fields: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let today = Zone.kazakhstan.day(at: now)
        let (scope, asked) = try Self.place(code, campaign: fields.text("campaign"), actor: actor, today: today, in: db)
        let tree = scope.tree
        var campaign = asked
        var fixed: FixedSummary?
        if let edition {
            guard scope.isWhole, let id = SummaryID(edition), let found = try FixedSummary.find(id, in: db),
                found.unit == scope.unit.no, let of = try Campaigns.current(in: db).find(found.campaign)
            else { throw Problem.notFound("summary") }
            fixed = found
            campaign = of
        }
        var reader = SummaryReader(db: db, tree: tree, campaign: campaign)
        reader.cells = CellFilter().narrowed(to: scope.organizations)
        if let fixed {
            figures = try fixed.figures(in: db)
            restated = try reader.restated(fixed.unit, cut: fixed.cut)
            asOf = AsOf(fixed.asOf, in: tree)
        } else {
            figures = try reader.figures(of: [scope.unit.no], cut: now)[scope.unit.no] ?? SummaryFigures()
            restated = nil
            asOf = try AsOf.read(of: scope.unit.no, in: tree, db)
        }
        let most = fields.text("editions") == "all" ? Self.mostEditions : Self.fewEditions
        let list = scope.isWhole ? try FixedSummary.list(campaign.no, unit: scope.unit.no, most: most + 1, in: db) : []
        editions = Array(list.prefix(most))
        hasMoreEditions = list.count > most
        let told = Set(figures.parts.keys).union(restated.map { Array($0.parts.keys) } ?? [])
        parts = Below.shown(scope.unit.no, withFigures: told, in: tree, db)
        if let fixed {
            partEditions = try FixedSummary.ids(fixed.campaign, units: parts, slot: fixed.slot, in: db)
        } else {
            partEditions = [:]
        }
        canFix = fixed == nil && actor.holds(.readSummary, over: scope.unit.no, in: tree, on: today)
        opensReports = actor.holds(.viewReports, over: scope.unit.no, in: tree, on: today)
        self.scope = scope
        self.campaign = campaign
        self.fixed = fixed
        self.now = now
    }

    static func place(
        _ code: String, campaign: String, actor: Actor, today: Day, in db: any Reading
    ) throws -> (FiguresScope, Campaign) {
        let tree = try Tree.current(in: db)
        let scope = try FiguresScope.find(code, actor: actor, today: today, in: tree)
        let hosts = scope.organizations.map { $0.map(Optional.some) } ?? [nil]
        guard hosts.contains(where: { actor.holds(.readSummary, over: scope.unit.no, organization: $0, in: tree, on: today) })
        else { throw Problem.forbidden(Right.readSummary.rawValue) }
        return (scope, try Campaigns.current(in: db).chosen(campaign, on: today))
    }

    /// Metrics on the sheet: those with figures, in the campaign's order, as many as one A4 holds. Files have all of them.
    var sheetMetrics: [Metric] { Array(toldMetrics.prefix(6)) }

    /// How many metrics with figures stand in the files only.
    var metricsLeftOut: Int { toldMetrics.count - sheetMetrics.count }

    private var toldMetrics: [Metric] {
        let additive = campaign.metrics.filter(\.additive)
        let told = additive.filter { figures.whole.start.amounts[$0.slot] != 0 || figures.whole.day.amounts[$0.slot] != 0 }
        return told.isEmpty ? additive : told
    }
}
