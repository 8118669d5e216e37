import JarshyKit
import Storage

/// Poster sites: all in use, what has to come down, what is to be mended, what is empty.
enum SiteList {
    static func routes(_ site: inout Routes) {
        site.get("/sites", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let list = try await visit.read { db in try SiteListing(query, actor: actor, now: now, whole: false, in: db) }
            let page = SiteListPage(list, query: query, words: visit.words)
            return .page(
                "sites", page, PageHead(page.heading, section: "materials", campaign: list.campaign.names[visit.language]))
        }
        site.get("/sites.csv", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let list = try await visit.read { db in try SiteListing(query, actor: actor, now: now, whole: true, in: db) }
            return .file(
                MaterialCSV.sites(list, words: visit.words), "text/csv; charset=utf-8", name: "sites-\(visit.today).csv")
        }
    }
}

/// What the list needs, read with a fixed number of statements.
struct SiteListing: Sendable {
    let campaign: Campaign
    let show: SiteRows.Show
    let unit: UnitNo?
    let sites: [PosterSite]
    let count: Int
    let hasMore: Bool
    let materials: [MaterialID: Material]
    let tree: Tree
    let today: Day
    let places: [UnitNo]
    let mayManage: Bool

    /// - Throws: 403 for who works with no materials anywhere, 404 for a unit out of scope.
    init(_ query: Fields, actor: Actor, now: Instant, whole: Bool, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        try scope.requireAnywhere()
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        show = SiteRows.Show(rawValue: query.text("show")) ?? .all
        unit = try query.code("unit").map { try scope.unit($0).no }
        let rows = SiteRows(show: show, scope: scope, campaign: campaign.no, unit: unit, db: db)
        let size = whole ? MaterialRows.mostExported : MaterialRows.pageSize
        let found = try rows.page(after: SiteRows.Cursor(query.text("after")), limit: size + 1)
        hasMore = found.count > size
        sites = Array(found.prefix(size))
        count = whole ? sites.count : try rows.count()
        materials = try MaterialRows.materials(sites.compactMap(\.form.material), in: db)
        places = (unit ?? scope.homes().first).map { StockView.places(scope, $0) } ?? []
        mayManage = actor.holdsAnywhere(.manageMaterials, on: today)
    }
}

struct SiteListPage: PageModel {
    let heading: String
    let tabs: [MaterialTab]
    let canManage: Bool
    let newURL: String
    let shows: [MaterialShow]
    let filters: Filters
    let rows: [SiteRow]
    let isEmpty: Bool
    let empty: EmptyState
    let pagination: Pagination
    let csvURL: String

    init(_ list: SiteListing, query: Fields, words: Words) {
        let (text, tree) = (MaterialText(words: words), list.tree)
        let plain = query.setting("after", nil)
        heading = words("sites.title")
        tabs = MaterialTab.all(.sites, words: words)
        canManage = list.mayManage
        newURL = "/sites/new"
        shows = SiteRows.Show.allCases.map { show in
            MaterialShow(
                showURL: ReportListPage.address("/sites", plain.setting("show", show.rawValue)),
                showName: words("sites.show.\(show.rawValue)"), chosen: show == list.show)
        }
        let chosen = list.unit.map { text.unit($0, in: tree) }
        let hidden = ["campaign", "show"].compactMap { name in query.code(name).map { (name, $0) } }
        filters = Filters(
            action: "/sites", summary: chosen ?? words("form.all"), hidden: hidden,
            selects: [
                SelectField(
                    "unit", words("stock.unit"),
                    options: [("", words("form.all"))] + UnitText(words: words).options(list.places, in: tree),
                    chosen: list.unit.map { tree.code(of: $0) } ?? "", id: "filter-unit")
            ], reset: chosen == nil ? nil : ReportListPage.address("/sites", Fields(hidden)))
        rows = list.sites.map { SiteRow($0, list.materials, tree, list.today, text) }
        isEmpty = rows.isEmpty
        empty = EmptyState(
            words("sites.none.\(list.show.rawValue)"), next: words("sites.none.next"),
            step: list.mayManage && list.show == .all ? (newURL, words("site.new")) : nil)
        pagination = Pagination(
            summary: words("sites.count", ["n": text.number(Int64(list.count))]),
            previous: query.has("after") ? ReportListPage.address("/sites", plain) : nil,
            next: list.hasMore
                ? ReportListPage.address(
                    "/sites", plain.setting("after", list.sites.last.map { SiteRows.Cursor($0, list.show).packed })) : nil)
        csvURL = ReportListPage.address("/sites.csv", plain)
    }
}

struct SiteRow: PageModel {
    let siteURL: String
    let siteAddress: String
    let siteUnit: String
    let siteMaterial: String
    let sitePermission: String
    let siteDown: String
    let marks: [StateMark]

    init(_ site: PosterSite, _ materials: [MaterialID: Material], _ tree: Tree, _ today: Day, _ text: MaterialText) {
        siteURL = "/sites/\(site.id)"
        siteAddress = site.form.address
        siteUnit = text.unit(site.unit, in: tree)
        siteMaterial = site.form.material.flatMap { materials[$0]?.names[text.language] } ?? text.class(site.form.class)
        sitePermission = text.permission(site.form)
        siteDown = site.form.takeDown.map(text.day) ?? ""
        marks = text.marks(site, today: today)
    }
}
