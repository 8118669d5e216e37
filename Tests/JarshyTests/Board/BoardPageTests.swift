import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Board pages")
struct BoardPageTests {
    private static let pages = Result { try Pages(home: try Home()) }

    private static let frame = Frame(
        lang: "kk", title: "t", home: "/", hasCampaign: false, campaign: "",
        assets: AssetLinks(css: "", js: "", sprite: "/sprite.svg", favicon: ""), hasNav: false, groups: [],
        hasTabs: false, tabs: [], languages: [],
        signedIn: false, person: FramePerson(name: "", post: "", url: "", signOut: ""), csrf: "", sample: false,
        hasFlash: false, flash: FlashLine(kind: "done", text: ""), isLive: false, live: LiveLinks(stream: "", fragment: ""))

    private func render(_ template: String, _ model: any PageModel, _ language: Language) throws -> String {
        try BoardPageTests.pages.get().render(template, model, frame: BoardPageTests.frame, language: language) { _ in }
    }

    private func words(_ language: Language) throws -> Words { try BoardPageTests.pages.get().words(language) }

    @Test("the board of every level renders in three languages, whole and narrowed", arguments: Dialect.allCases)
    func renders(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 31)
        let choices: [[(String, String)]] = [
            [], [("metric", "attendees"), ("basis", "present"), ("sort", "last")],
            [("from", "2026-01-03"), ("to", "2026-01-05"), ("activity", "meeting"), ("organization", "south"), ("sort", "-figure")],
            [("from", "2026-02-20")],
        ]
        for unit in ["KZ", "R1", "D11", "P111"] {
            for choice in choices {
                let fields = Fields([("campaign", "test")] + choice)
                let view = try await figures.read { db in
                    try BoardView(unit, fields, actor: .operator, now: FiguresWorld.now, in: db)
                }
                for language in Language.allCases {
                    let sort = ChildSort(fields.text("sort"), metric: view.metric)
                    let page = BoardPage(view, sort: sort, actor: .operator, words: try words(language))
                    for template in ["board", "board_fragment"] {
                        let html = try render(template, page, language)
                        #expect(!html.contains("⟦") && html.contains("board-asof"), "\(unit) \(choice) \(language)")
                        #expect(view.isEmpty || html.contains(page.headlines[0].value))
                    }
                }
            }
        }
        try await figures.world.test.close()
    }

    @Test("a board takes at most 25 statements, as many with 60 children as with 2", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 32)
        func count() async throws -> Int {
            try await figures.read { db in
                _ = try BoardView("D22", Fields([("campaign", "test")]), actor: .operator, now: FiguresWorld.now, in: db)
                let before = db.statements
                _ = try BoardView("D22", Fields([("campaign", "test")]), actor: .operator, now: FiguresWorld.now, in: db)
                return db.statements - before
            }
        }
        let few = try await count()
        let author = try await figures.world.actor(1)
        for n in 0..<60 {
            _ = try await figures.world.database.run(
                OpenUnit(
                    parent: "D22", kind: "primary", code: "N\(n)", words: UnitWords(kk: "Жаңа \(n)", ru: "Новая \(n)"),
                    opens: EngineWorld.firstDay, population: nil, capacity: nil), by: .operator, at: FiguresWorld.now)
        }
        let operations = (0..<60).map { Ops.file(50_000 + UInt64($0), "N\($0)", day: FiguresWorld.today) }
        let outcomes = try await figures.world.intake.submit(operations, by: author, at: FiguresWorld.now)
        #expect(outcomes.allSatisfy { $0.status == .accepted }, "\(outcomes.first?.receipt ?? "")")
        let many = try await count()
        #expect(few == many && many <= 25, "\(few) and \(many) statements")
        let view = try await figures.read { db in
            try BoardView("D22", Fields([("campaign", "test")]), actor: .operator, now: FiguresWorld.now, in: db)
        }
        let html = try render(
            "board", BoardPage(view, sort: .usual, actor: .operator, words: try words(.kk)), .kk)
        let packed = Gzip.packed(Array(html.utf8))!.count
        #expect(packed <= 30_000, "\(packed) bytes compressed")
        try await figures.world.test.close()
    }

    @Test("children stand by name, by work, by last report, and never by people")
    func sorting() async throws {
        let figures = try await FiguresWorld.make(.sqlite, seed: 33)
        func names(_ sort: String, _ metric: String) async throws -> [String] {
            let fields = Fields([("campaign", "test"), ("metric", metric)])
            let view = try await figures.read { db in
                try BoardView("KZ", fields, actor: .operator, now: FiguresWorld.now, in: db)
            }
            let page = BoardPage(
                view, sort: ChildSort(sort, metric: view.metric), actor: .operator, words: try words(.en))
            #expect(page.children.columns[1].sortable == (metric == "events"))
            return page.children.rows.filter { $0.name != "Own reports" }.map(\.name)
        }
        let byName = try await names("name", "events")
        #expect(try await names("-name", "events") == byName.reversed())
        #expect(try await names("figure", "attendees") == byName)
        let byWork = try await names("figure", "events")
        let sums = try await figures.read { db -> [String: Int64] in
            let fold = try LedgerFold(db)
            return fold.sums(of: fold.tree.root!) { _, chain in
                chain.count < 2 ? nil : fold.tree[chain[chain.count - 2]]!.titles.en
            }.mapValues { $0.figure(0).total }
        }
        let values = byWork.map { sums[$0] ?? 0 }
        #expect(values == values.sorted(by: >) && Set(byWork) == Set(byName))
        try await figures.world.test.close()
    }

    @Test("the summary table renders fixed and live, and as files", arguments: Dialect.allCases)
    func summary(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 34)
        let root = try await figures.world.tree().root!
        let slot = SummarySlot(day: EngineWorld.firstDay.advanced(by: 15), minute: 720)
        let ids = try await figures.database.run(
            FixSummary(campaign: "test", units: [root], slot: slot), by: .operator, at: FiguresWorld.now)
        for edition in [nil, "\(ids[root]!)"] {
            let view = try await figures.read { db in
                try SummaryView("KZ", edition: edition, Fields([("campaign", "test")]), actor: .operator, now: FiguresWorld.now, in: db)
            }
            for language in Language.allCases {
                let page = SummaryPage(view, all: try Language.allCases.map { try words($0) }, words: try words(language))
                let html = try render("summary", page, language)
                #expect(!html.contains("⟦") && page.chats[0].chatLang == language.rawValue)
                #expect(page.rows.last?.rowClass == "total")
            }
            let book = try SummaryFiles.xlsx(view, words: try words(.kk))
            #expect(try Xlsx.sheetNames(of: book).first == "Жиынтық кесте")
        }
        try await figures.world.test.close()
    }

    @Test("a citation keeps its sentence, says today's value, and hides from those who see less", arguments: Dialect.allCases)
    func citation(_ dialect: Dialect) async throws {
        let figures = try await FiguresWorld.make(dialect, seed: 35)
        let all = try Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, try words($0)) })
        let fields = Fields([("campaign", "test"), ("metric", "attendees"), ("activity", "meeting")])
        let id = try await figures.database.run(
            CiteFigure(unit: "R2", fields: fields, words: all), by: .operator, at: FiguresWorld.now)
        let before = try await figures.read { db in
            try CitationView("\(id)", actor: .operator, today: FiguresWorld.today, in: db)
        }
        #expect(before.value == before.citation.value && before.citation.texts.kk != before.citation.texts.ru)
        _ = try await figures.world.intake.submit(
            [Ops.file(70_000, "P221", day: FiguresWorld.today, attendees: 7)], by: try await figures.world.actor(1), at: FiguresWorld.now)
        let after = try await figures.read { db in
            try CitationView("\(id)", actor: .operator, today: FiguresWorld.today, in: db)
        }
        #expect(after.value == before.value + 7 && after.citation.texts == before.citation.texts)
        let html = try render("cite", CitePage(after, origin: "https://x", words: try words(.kk)), .kk)
        #expect(after.corrected == 0 && !html.contains("Содан бері түзетілді"), "growth is no correction")
        #expect(html.contains("+7") && html.contains("https://x/cite/\(id)") && !html.contains("⟦"))

        let representative = try await figures.world.actor(8, rights: [.viewFigures], organization: OrganizationNo(2))
        let problem = await #expect(throws: Problem.self) {
            _ = try await figures.read { db in
                try CitationView("\(id)", actor: representative, today: FiguresWorld.today, in: db)
            }
        }
        #expect(problem?.status == 404)
        let own = try await figures.database.run(
            CiteFigure(unit: "R2", fields: fields, words: all), by: representative, at: FiguresWorld.now)
        let seen = try await figures.read { db in
            try CitationView("\(own)", actor: representative, today: FiguresWorld.today, in: db)
        }
        #expect(seen.choice.organizations.map(\.code) == ["south"])
        try await figures.world.test.close()
    }
}
