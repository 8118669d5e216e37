import JarshyKit
import Storage

/// What one unit has of one material, with every entry that made it so, and the deeds on it.
enum HeapPages {
    enum Deed: String, CaseIterable, Sendable {
        case handOut = "hand-out"
        case receive
        case send
        case count
        case writeOff = "write-off"

        /// The kind of operation, as a phone names it.
        var kind: String {
            switch self {
            case .handOut: HandOutMaterial.kind
            case .receive: ReceiveMaterial.kind
            case .send: MoveMaterial.kind
            case .count: CountMaterial.kind
            case .writeOff: WriteOffMaterial.kind
            }
        }

        var word: String { rawValue.replacing("-", with: "_") }
    }

    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/stock/{unit}/{id}", .signedIn) { visit in try await page(visit) }
        site.get("/stock/{unit}/{id}/entries.csv", .signedIn) { visit in
            let view = try await view(visit, limit: MaterialRows.mostExported)
            return .file(
                MaterialCSV.entries(view, words: visit.words), "text/csv; charset=utf-8",
                name: "stock-\(view.tree.code(of: view.unit.no))-\(visit.today).csv")
        }
        for deed in Deed.allCases {
            site.post("/stock/{unit}/{id}/\(deed.rawValue)", .right(.useMaterials)) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit, intake) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private static func view(_ visit: Visit, limit: Int = MaterialRows.pageSize) async throws -> HeapView {
        let (actor, now, before) = (try visit.require(), visit.now, visit.query.code("before").flatMap { Int64($0) })
        let (unit, material) = (visit.parameter("unit"), MaterialID(visit.parameter("id")))
        return try await visit.read { db in
            try HeapView(unit, material, before: before, limit: limit, actor: actor, now: now, in: db)
        }
    }

    private static func page(_ visit: Visit, refused: (deed: Deed, problem: Problem)? = nil) async throws -> Reply {
        let view = try await view(visit)
        let page = HeapPage(view, form: visit.form, refused: refused, now: visit.now, words: visit.words)
        return .page(
            "stock_heap", page, PageHead(page.heading, section: "materials", campaign: view.campaign.names[visit.language]))
    }

    private static func perform(_ deed: Deed, _ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (view, form) = (try await view(visit), visit.form)
        var members: [Json.Member] = [
            .init("unit", .text(view.tree.code(of: view.unit.no))), .init("material", .text(view.material.id.description)),
        ]
        switch deed {
        case .handOut: members += try form.number("quantity") + form.member("day")
        case .receive: members += try form.number("quantity") + form.member("from")
        case .send: members += try form.number("quantity") + form.member("to")
        case .count: members += try form.number("counted") + form.member("reason")
        case .writeOff: members += try form.number("quantity") + form.member("reason") + form.member("note")
        }
        let outcome = try await MaterialDeed.submit(deed.kind, view.campaign, members, visit, intake)
        let needsCount = outcome.receipt.contains("\"count-needed\"")
        let told = visit.words("stock.done.\(deed.word)") + (needsCount ? " " + visit.words("stock.count_needed.explain") : "")
        return .redirect(
            "/stock/\(percentEncoded(view.tree.code(of: view.unit.no)))/\(view.material.id)",
            flash: .init(kind: needsCount ? .warn : .done, text: told))
    }
}

/// What the page of a heap needs, read with a fixed number of statements.
struct HeapView: Sendable {
    let unit: Unit
    let material: Material
    let campaign: Campaign
    let stock: Stock
    let entries: [StockEntry]
    let hasOlder: Bool
    let isFirst: Bool
    let moves: [StockMoveID: StockMove]
    let names: [PersonID: String]
    /// Where copies may be sent.
    let receivers: [UnitNo]
    let tree: Tree
    let today: Day
    let uses: Bool

    /// - Throws: 404 for a unit or a material out of scope, and for one that is not meant for the unit.
    init(
        _ code: String, _ id: MaterialID?, before: Int64?, limit: Int, actor: Actor, now: Instant, in db: any Reading
    ) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        let (unit, material) = (try scope.unit(code), try scope.material(id, in: db))
        let tree = scope.tree
        guard tree.isWithin(unit.no, material.unit), let campaign = try Campaigns.current(in: db).find(material.campaign) else {
            throw Problem.notFound("material")
        }
        (self.unit, self.material, self.campaign, self.tree, today) = (unit, material, campaign, tree, scope.today)
        stock = try MaterialRows.stock(of: unit.no, in: db)[material.id] ?? Stock()
        let found = try MaterialRows.entries(unit.no, material.id, before: before, limit: limit + 1, in: db)
        hasOlder = found.count > limit
        entries = Array(found.prefix(limit))
        isFirst = before == nil
        moves = try MaterialRows.moves(entries.compactMap(\.move), in: db)
        names = try ReportRows.names(entries.map(\.author), in: db)
        uses = scope.holds(.useMaterials, over: unit.no)
        let near = [tree.parent(of: unit.no)].compactMap(\.self) + tree.children(of: unit.no)
            + (tree.parent(of: unit.no).map { tree.children(of: $0) } ?? []) + tree.chain(of: unit.no)
        let sight = UnitScope(actor, in: tree, on: scope.today)
        receivers = Set(near).filter { other in
            guard other != unit.no, tree.isWithin(other, material.unit), let it = tree[other] else { return false }
            return it.isOpen(on: scope.today) && sight.sees(it)
        }.sorted { left, right in
            let (a, b) = (tree.chain(of: left).count, tree.chain(of: right).count)
            return a != b ? a < b : (tree[left]?.sortKey ?? []).lexicographicallyPrecedes(tree[right]?.sortKey ?? [])
        }
    }
}
