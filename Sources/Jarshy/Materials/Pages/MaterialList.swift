import JarshyKit
import Storage

/// The materials one may see, the newest first, each with where its copies are.
enum MaterialList {
    static func routes(_ site: inout Routes) {
        site.get("/materials", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let list = try await visit.read { db in try MaterialListing(query, actor: actor, now: now, whole: false, in: db) }
            let page = MaterialListPage(list, query: query, words: visit.words)
            return .page(
                "materials", page, PageHead(page.heading, section: "materials", campaign: list.campaign.names[visit.language]))
        }
        site.get("/materials.csv", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let list = try await visit.read { db in try MaterialListing(query, actor: actor, now: now, whole: true, in: db) }
            return .file(
                MaterialCSV.materials(list, words: visit.words), "text/csv; charset=utf-8", name: "materials-\(visit.today).csv")
        }
    }
}

/// What the list needs, read with a fixed number of statements.
struct MaterialListing: Sendable {
    let campaign: Campaign
    let state: Material.State?
    let materials: [Material]
    let hasOlder: Bool
    let sums: [MaterialID: Stock]
    let tree: Tree
    let today: Day
    let mayManage: Bool

    /// - Throws: 403 for who works with no materials anywhere.
    init(_ query: Fields, actor: Actor, now: Instant, whole: Bool, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        try scope.requireAnywhere()
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        state = Material.State(rawValue: query.text("state"))
        let size = whole ? MaterialRows.mostExported : MaterialRows.pageSize
        let found = try MaterialRows.materials(
            scope, campaign: campaign.no, state: state, before: MaterialID(query.text("before")), limit: size + 1, in: db)
        hasOlder = found.count > size
        materials = Array(found.prefix(size))
        sums = try MaterialRows.sums(materials.map(\.id), within: scope.homes(), tree, in: db)
        mayManage = actor.holdsAnywhere(.manageMaterials, on: today)
    }
}

struct MaterialListPage: PageModel {
    let heading: String
    let tabs: [MaterialTab]
    let canManage: Bool
    let newURL: String
    let isQuiet: Bool
    let shows: [MaterialShow]
    let rows: [MaterialListRow]
    let isEmpty: Bool
    let empty: EmptyState
    let pagination: Pagination
    let csvURL: String

    init(_ list: MaterialListing, query: Fields, words: Words) {
        let text = MaterialText(words: words)
        let plain = query.setting("before", nil)
        heading = words("nav.materials")
        tabs = MaterialTab.all(.materials, words: words)
        canManage = list.mayManage
        newURL = "/materials/new"
        isQuiet = list.campaign.isQuiet(on: list.today)
        let states: [Material.State?] = [nil] + Material.State.allCases
        shows = states.map { state in
            MaterialShow(
                showURL: ReportListPage.address("/materials", plain.setting("state", state?.rawValue)),
                showName: state.map { words("material.states.\($0.rawValue)") } ?? words("form.all"), chosen: state == list.state)
        }
        rows = list.materials.map { MaterialListRow($0, list.sums[$0.id] ?? Stock(), list.tree, text) }
        isEmpty = rows.isEmpty
        empty = EmptyState(
            words("materials.none"), next: words(list.mayManage ? "materials.none.draw_up" : "materials.none.next"),
            step: list.mayManage ? (newURL, words("material.new")) : nil)
        pagination = Pagination(
            summary: words("materials.count", ["n": text.number(Int64(rows.count))]),
            previous: query.has("before") ? ReportListPage.address("/materials", plain) : nil,
            next: list.hasOlder
                ? ReportListPage.address("/materials", plain.setting("before", list.materials.last?.id.description)) : nil)
        csvURL = ReportListPage.address("/materials.csv", plain)
    }
}

struct MaterialListRow: PageModel {
    let materialURL: String
    let materialName: String
    let materialKind: String
    let materialUnit: String
    let marks: [StateMark]
    let hasBar: Bool
    let bar: StockBar

    init(_ material: Material, _ stock: Stock, _ tree: Tree, _ text: MaterialText) {
        materialURL = "/materials/\(material.id)"
        materialName = material.names[text.language]
        materialKind = text.about(material)
        materialUnit = text.unit(material.unit, in: tree)
        marks = text.marks(material)
        hasBar = stock.shown > 0
        bar = StockBar(stock, scale: stock.shown, text: text)
    }
}
