import JarshyKit
import Storage

/// Copies on their way between units, and the word of the other side.
enum MovePages {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/moves", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let list = try await visit.read { db in try MoveListing(query, actor: actor, now: now, whole: false, in: db) }
            let page = MoveListPage(list, query: query, words: visit.words)
            return .page(
                "moves", page, PageHead(page.heading, section: "materials", campaign: list.campaign.names[visit.language]))
        }
        site.get("/moves.csv", .signedIn) { visit in
            let (actor, now, query) = (try visit.require(), visit.now, visit.query)
            let list = try await visit.read { db in try MoveListing(query, actor: actor, now: now, whole: true, in: db) }
            return .file(
                MaterialCSV.moves(list, words: visit.words), "text/csv; charset=utf-8", name: "moves-\(visit.today).csv")
        }
        site.get("/moves/{id}", .signedIn) { visit in try await page(visit, nil) }
        site.post("/moves/{id}", .right(.useMaterials)) { visit in
            try await visit.attempt({ try await accept(visit, intake) }, again: { try await page(visit, $0) })
        }
    }

    private static func view(_ visit: Visit) async throws -> MoveView {
        let (actor, now, id) = (try visit.require(), visit.now, StockMoveID(visit.parameter("id")))
        return try await visit.read { db in try MoveView(id, actor: actor, now: now, in: db) }
    }

    private static func page(_ visit: Visit, _ problem: Problem?) async throws -> Reply {
        let view = try await view(visit)
        let page = MovePage(view, form: visit.form, problem: problem, now: visit.now, words: visit.words)
        return .page(
            "move", page, PageHead(page.heading, section: "materials", campaign: view.campaign.names[visit.language]))
    }

    private static func accept(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (view, form) = (try await view(visit), visit.form)
        let returned = try form.number("returned")
        let members: [Json.Member] =
            [.init("unit", .text(view.tree.code(of: view.move.receiver))), .init("move", .text(view.move.id.description))]
            + (try form.number("arrived")) + (returned.isEmpty ? [.init("returned", .integer(0))] : returned) + form.member("reason")
        try await MaterialDeed.submit(AcceptMove.kind, view.campaign, members, visit, intake)
        return .redirect("/moves/\(view.move.id)", flash: .init(kind: .done, text: visit.words("move.done")))
    }
}

/// What a list of moves needs, read with a fixed number of statements.
struct MoveListing: Sendable {
    let campaign: Campaign
    let show: MaterialRows.MoveShow
    let moves: [StockMove]
    let hasMore: Bool
    let materials: [MaterialID: Material]
    let tree: Tree

    init(_ query: Fields, actor: Actor, now: Instant, whole: Bool, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        try scope.requireAnywhere()
        tree = scope.tree
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: scope.today)
        show = MaterialRows.MoveShow(rawValue: query.text("show")) ?? .incoming
        let units = try query.code("unit").map { [try scope.unit($0).no] } ?? scope.homes()
        let size = whole ? MaterialRows.mostExported : MaterialRows.pageSize
        let found = try MaterialRows.moves(
            show, within: units, campaign: campaign.no, after: StockMoveID(query.text("after")), scope.tree, limit: size + 1,
            in: db)
        hasMore = found.count > size
        moves = Array(found.prefix(size))
        materials = try MaterialRows.materials(moves.map(\.material), in: db)
    }
}

/// What the page of a move needs.
struct MoveView: Sendable {
    let move: StockMove
    let material: Material
    let campaign: Campaign
    let names: [PersonID: String]
    let tree: Tree
    /// The reader may speak for the receiver.
    let accepts: Bool

    /// - Throws: 404 unless one works with materials at one of its ends.
    init(_ id: StockMoveID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        guard let id, let move = try MaterialRows.moves([id], in: db)[id],
            scope.holdsAny(over: move.sender) || scope.holdsAny(over: move.receiver),
            let material = try MaterialRows.materials([move.material], in: db)[move.material],
            let campaign = try Campaigns.current(in: db).find(material.campaign)
        else { throw Problem.notFound("move") }
        (self.move, self.material, self.campaign, tree) = (move, material, campaign, scope.tree)
        names = try ReportRows.names([move.sentBy] + (move.acknowledged.map { [$0.by] } ?? []), in: db)
        accepts = move.isOpen && scope.holds(.useMaterials, over: move.receiver)
    }
}
