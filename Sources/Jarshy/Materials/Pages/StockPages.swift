import JarshyKit
import Storage

/// The stock of a unit: what it has of each material, and what is on the way to it.
enum StockPages {
    static func routes(_ site: inout Routes) {
        site.get("/stock", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let view = try await visit.read { db in try StockView(query, actor: actor, now: now, in: db) }
            let page = StockPage(view, query: query, words: visit.words)
            return .page(
                "stock", page, PageHead(page.heading, section: "materials", campaign: view.campaign.names[visit.language]))
        }
        site.get("/stock.csv", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let words = visit.words
            let bytes = try await visit.read { db in
                try MaterialCSV.stock(query, actor: actor, now: now, words: words, in: db)
            }
            return .file(bytes, "text/csv; charset=utf-8", name: "stock-\(visit.today).csv")
        }
    }
}

/// What the page needs, read with a fixed number of statements.
struct StockView: Sendable {
    let campaign: Campaign
    let unit: UnitNo
    /// With all units below it.
    let isWhole: Bool
    let materials: [Material]
    let stock: [MaterialID: Stock]
    let incoming: [StockMove]
    let waiting: [MaterialID: Material]
    let tree: Tree
    let today: Day
    let places: [UnitNo]

    static let mostMaterials = 200
    static let mostMoves = 20

    /// - Throws: 403 for who works with no materials anywhere, 404 for a unit out of scope.
    init(_ query: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        try scope.requireAnywhere()
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        let unit = try query.code("unit").map { try scope.unit($0).no } ?? scope.homes().first
        guard let unit else { throw Problem.notFound("unit") }
        self.unit = unit
        isWhole = query.text("with") == "below"
        let found = try MaterialRows.materials(scope, campaign: campaign.no, limit: Self.mostMaterials, in: db)
            .filter { $0.state != .draft }
        stock = isWhole
            ? try MaterialRows.sums(found.map(\.id), within: [unit], scope.tree, in: db)
            : try MaterialRows.stock(of: unit, in: db)
        // What may come here is shown before anything of it is there; what is withdrawn, while something of it is.
        materials = found.filter { [tree, stock] material in
            stock[material.id].map { $0 != Stock() } ?? false
                || (material.state == .approved && tree.isWithin(unit, material.unit))
        }
        incoming = try MaterialRows.moves(
            .incoming, within: [unit], campaign: campaign.no, scope.tree, limit: Self.mostMoves, in: db)
        waiting = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        places = Self.places(scope, unit)
    }

    /// The units above within the scope, the unit, its neighbours' parent's children and its own.
    static func places(_ scope: MaterialScope, _ unit: UnitNo) -> [UnitNo] {
        let tree = scope.tree
        let near = tree.chain(of: unit) + tree.children(of: unit) + (tree.parent(of: unit).map { tree.children(of: $0) } ?? [])
        return Set(near + scope.homes()).filter { scope.holdsAny(over: $0) }.sorted { left, right in
            let (a, b) = (tree.chain(of: left).count, tree.chain(of: right).count)
            return a != b ? a < b : (tree[left]?.sortKey ?? []).lexicographicallyPrecedes(tree[right]?.sortKey ?? [])
        }
    }
}

struct StockPage: PageModel {
    let heading: String
    let tabs: [MaterialTab]
    let filters: Filters
    let shows: [MaterialShow]
    let isQuiet: Bool
    let hasIncoming: Bool
    let incoming: [MoveRow]
    let rows: [StockRow]
    let isEmpty: Bool
    let empty: EmptyState
    let csvURL: String

    init(_ view: StockView, query: Fields, words: Words) {
        let (text, tree) = (MaterialText(words: words), view.tree)
        let code = tree.code(of: view.unit)
        let plain = query.setting("unit", code)
        heading = words("stock.of", ["unit": text.unit(view.unit, in: tree)])
        tabs = MaterialTab.all(.stock, words: words)
        isQuiet = view.campaign.isQuiet(on: view.today)
        filters = Filters(
            action: "/stock", summary: text.unit(view.unit, in: tree),
            hidden: ["campaign", "with"].compactMap { name in query.code(name).map { (name, $0) } },
            selects: [
                SelectField(
                    "unit", words("stock.unit"), options: UnitText(words: words).options(view.places, in: tree),
                    chosen: code, id: "filter-unit")
            ])
        shows = [("", "stock.show.own"), ("below", "stock.show.below")].map { value, key in
            MaterialShow(
                showURL: ReportListPage.address("/stock", plain.setting("with", value.isEmpty ? nil : value)), showName: words(key),
                chosen: view.isWhole == (value == "below"))
        }
        hasIncoming = !view.incoming.isEmpty
        incoming = view.incoming.map { MoveRow($0, view.waiting[$0.material], tree, text) }
        let most = view.materials.compactMap { view.stock[$0.id]?.shown }.max() ?? 0
        rows = view.materials.map { material in
            let stock = view.stock[material.id] ?? Stock()
            let heap = "/stock/\(percentEncoded(code))/\(material.id)"
            let below = "/materials/\(material.id)?" + Fields([("unit", code)]).encoded + "#copies"
            return StockRow(
                stockURL: view.isWhole ? below : heap, stockName: material.names[words.language],
                stockKind: text.about(material), onHand: text.number(stock.onHand), onTheWay: text.number(stock.onTheWay),
                handedOut: text.number(stock.handedOut), writtenOff: text.number(stock.writtenOff),
                marks: text.marks(stock) + (material.state == .withdrawn ? text.marks(material) : []),
                bar: StockBar(stock, scale: most, text: text))
        }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("stock.none"), next: words("stock.none.next"), step: ("/materials", words("nav.materials")))
        csvURL = ReportListPage.address("/stock.csv", plain.setting("with", nil))
    }
}

struct StockRow: PageModel {
    let stockURL: String
    let stockName: String
    let stockKind: String
    let onHand: String
    let onTheWay: String
    let handedOut: String
    let writtenOff: String
    let marks: [StateMark]
    let bar: StockBar
}
