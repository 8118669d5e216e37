import JarshyKit
import Storage

/// The board: what a unit and everything below it has reported, divided until it opens into reports.
///
/// Figures are the stored totals (`Rollups`), never worked out here. A unit's figures are seen by those who hold `viewFigures`
/// over it; a representative sees the own organisations' part; for everybody else the unit is 404. A figure about people ranks
/// nobody. Every number is a link: a child's to its board, the unit's own to the reports it is made of.
///
///     GET  /board                    the reader's own top unit
///     GET  /board/{unit}             ?campaign from to activity audience channel organization metric basis sort
///     GET  /board/{unit}.csv         the children with every metric by band
///     GET  /board/{unit}/fragment    the same board without its frame, for live.js
///     GET  /board/{unit}/silent      who is missing below: ?campaign show=quiet|never|idle|places
///     POST /board/{unit}/cite        keeps a figure as a sentence        GET /cite/{id}
///     GET  /live?unit=               a message whenever the unit's figures may have changed
///     GET  /api/v1/rollups
///     GET  /summary/{unit} …         see Summary.swift
enum Board {
    /// - Parameter words: of any language: a citation and the text for the chat are kept in all of them.
    static func routes(_ site: inout Routes, words: @escaping @Sendable (Language) throws -> Words) {
        site.get("/board", .right(.viewFigures)) { visit in .redirect(BoardLinks.board(try await ownTop(visit), visit.query)) }
        site.get("/board/{unit}", .right(.viewFigures)) { visit in
            let unit = visit.parameter("unit")
            if unit.hasSuffix(".csv") { return try await csv(visit, unit: String(unit.dropLast(4))) }
            return try await page(visit, template: "board")
        }
        site.get("/board/{unit}/fragment", .right(.viewFigures)) { visit in
            try await page(visit, template: "board_fragment").header("cache-control", "no-store")
        }
        site.get("/board/{unit}/silent", .right(.viewFigures)) { visit in
            let (actor, today, query, code) = (try visit.require(), visit.today, visit.query, visit.parameter("unit"))
            let view = try await visit.read { db in try Silence(code, query, actor: actor, today: today, in: db) }
            let page = SilencePage(view, skipping: max(0, Int(query.text("skip")) ?? 0), words: visit.words)
            return .page(
                "silent", page,
                PageHead(page.heading, section: "figures", campaign: view.campaign.names[visit.language]))
        }
        site.post("/board/{unit}/cite", .right(.viewFigures)) { visit in
            let all = try Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, try words($0)) })
            let id = try await visit.run(CiteFigure(unit: visit.parameter("unit"), fields: visit.form, words: all))
            return .redirect("/cite/\(id)")
        }
        site.get("/cite/{id}", .right(.viewFigures)) { visit in
            let (actor, today, id) = (try visit.require(), visit.today, visit.parameter("id"))
            let view = try await visit.read { db in try CitationView(id, actor: actor, today: today, in: db) }
            let page = CitePage(view, origin: visit.origin, words: visit.words)
            return .page("cite", page, PageHead(page.heading, section: "figures", campaign: name(view.choice, visit)))
        }
        site.get("/live", .right(.viewFigures)) { visit in
            let (actor, today, code) = (try visit.require(), visit.today, visit.query.text("unit"))
            let owner = visit.session?.id.description ?? actor.person.description
            let unit = try await visit.read { db in
                try FiguresScope.find(code, actor: actor, today: today, in: try Tree.current(in: db)).unit.no
            }
            return .events(try visit.live.subscribe(to: unit, owner: owner))
        }
        site.get("/api/v1/rollups", .bearer, api: RollupsApi.note) { visit in
            let (actor, today, query) = (try visit.require(), visit.today, visit.query)
            guard actor.holdsAnywhere(.viewFigures, on: today) else { throw Problem.forbidden(Right.viewFigures.rawValue) }
            return .json(
                RollupsApi.json(try await visit.read { db in try RollupsApi.read(query, actor: actor, today: today, in: db) }))
        }
        Summaries.routes(&site, words: words)
    }

    private static func page(_ visit: Visit, template: String) async throws -> Reply {
        let (actor, now, query, code) = (try visit.require(), visit.now, visit.query, visit.parameter("unit"))
        let view = try await visit.read { db in try BoardView(code, query, actor: actor, now: now, in: db) }
        let sort = ChildSort(query.text("sort"), metric: view.metric)
        let page = BoardPage(view, sort: sort, actor: actor, words: visit.words)
        let encoded = percentEncoded(view.scope.code)
        let fields = view.choice.fields.setting("sort", sort == .usual ? nil : sort.text)
        return .page(
            template, page,
            PageHead(
                visit.words("board.title", ["unit": page.heading]), section: "figures", campaign: name(view.choice, visit),
                live: ("/live?unit=\(encoded)", "/board/\(encoded)/fragment?\(fields.encoded)")))
    }

    private static func csv(_ visit: Visit, unit: String) async throws -> Reply {
        let (actor, now, today, query) = (try visit.require(), visit.now, visit.today, visit.query)
        let view = try await visit.read { db in
            let view = try BoardView(unit, query, actor: actor, now: now, in: db)
            // A representative of two may hold the right for one of them only: the file would hold both.
            for host in view.scope.organizations.map({ $0.map(Optional.some) }) ?? [nil] {
                try actor.require(.exportFigures, over: view.unit, organization: host, in: view.tree, on: today)
            }
            return view
        }
        return .file(
            BoardCSV.bytes(view, words: visit.words), "text/csv; charset=utf-8", name: "board-\(view.scope.code)-\(today).csv")
    }

    /// The uppermost unit whose figures the reader may see; of several on one level the first by code.
    static func ownTop(_ visit: Visit) async throws -> String {
        let (actor, today) = (try visit.require(), visit.today)
        return try await visit.read { db in
            let tree = try Tree.current(in: db)
            guard let unit = top(of: actor, in: tree, on: today) else { throw Problem.notFound("unit") }
            return tree.code(of: unit)
        }
    }

    static func top(of actor: Actor, in tree: Tree, on day: Day) -> UnitNo? {
        if actor.kind == .operator { return tree.root }
        let held = actor.grants.filter { $0.holds(on: day) && $0.rights.contains(.viewFigures) }.map(\.unit)
        let seen = Set(held).filter { actor.view(of: $0, in: tree, on: day) != .nothing }
        return seen.min { a, b in
            (tree.chain(of: a).count, tree.code(of: a)) < (tree.chain(of: b).count, tree.code(of: b))
        }
    }

    static func name(_ choice: FiguresChoice, _ visit: Visit) -> String { choice.campaign.names[visit.language] }
}
