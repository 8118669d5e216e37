import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of proposals")
struct ProposalPageTests {
    /// Proposes on the public page and gives the number.
    private static func propose(_ browser: TestBrowser, _ text: String, _ more: [(String, String)] = []) async throws -> String {
        let form = try await browser.get("/propose")
        let page = try await browser.post(
            "/propose", [("proposal", form.hidden("proposal") ?? ""), ("text", text), ("language", "kk")] + more)
        #expect(page.status == 200 && page.headers["cache-control"] == "no-store", "\(page.body)")
        return String(try #require(page.body.firstMatch(of: #/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/#)).output)
    }

    @Test("from wherever a resident asks or reads, the way to propose is one step", arguments: [
        ("/", "/propose /proposals /facts"), ("/ask", "/propose /proposals /facts"), ("/answers", "/propose /proposals /facts"),
        ("/question", "/propose /proposal"), ("/meetings", "/ask /propose"), ("/proposals", "/propose"),
    ])
    func found(_ page: String, _ links: String) async throws {
        try await ProposalWorld.run(.sqlite) { world in
            let browser = world.site.browser()
            let body = try await browser.get(page).body
            for link in links.split(separator: " ") {
                #expect(body.contains("href=\"\(link)\""), "\(link)")
                #expect(try await browser.get(String(link)).status == 200)
            }
        }
    }

    @Test("a resident proposes, follows by number, objects once; the public page holds none of the own words", arguments: Dialect.allCases)
    func wholeWay(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let browser = world.site.browser()
            let number = try await Self.propose(browser, "Біздің Абай көшесіне түнде шам керек", [("unit", "R1")])
            let id = try await world.database.read { db in try db.first(ProposalID.self, "SELECT id FROM proposal") }!
            #expect(try await browser.get("/proposals/\(id)").status == 404)
            let own = try await browser.post("/proposal", [("number", number.lowercased())])
            #expect(own.body.contains("Абай көшесіне") && own.body.contains("Жаңа ұсыныс"))
            // A proposal's number leads to no question.
            #expect(try await browser.post("/question", [("number", number)]).status == 404)
            let staff = world.site.browser()
            try await staff.signIn("secretary")
            #expect(try await staff.get("/proposals/queue").body.contains("Абай көшесіне"))
            func press(_ deed: String, _ form: [(String, String)]) async throws -> Int {
                _ = try await staff.get("/proposals/\(id)/work")
                return try await staff.post("/proposals/\(id)/\(deed)", form).status
            }
            #expect(try await press("consider", [("title", "Көшелерді жарықтандыру"), ("reason_kk", "")]) == 422)
            #expect(try await press("consider", [("title", "Көшелерді жарықтандыру"), ("reason_kk", "Көпке керек")]) == 303)
            #expect(try await press("decline", [("reason_kk", "Бюджетте қаражат жоқ")]) == 303)
            let shown = try await browser.get("/proposals/\(id)")
            #expect(shown.body.contains("Көшелерді жарықтандыру") && shown.body.contains("Бюджетте қаражат жоқ"))
            #expect(!shown.body.contains("Абай") && !shown.body.contains("Secretary"))
            #expect(try await browser.get("/proposals").body.contains("Көшелерді жарықтандыру"))
            // One address is heard once in two seconds.
            world.site.clock.advance(seconds: 3)
            #expect(try await browser.post("/proposal/objection", [("number", number), ("text", "?")]).status == 422)
            let taken = try await browser.post("/proposal/objection", [("number", number), ("text", "Жол қауіпті")])
            #expect(taken.status == 200, "\(taken.body)")
            #expect(try await world.find(id).state == .considered)
            #expect(try await !browser.get("/proposals/\(id)").body.contains("Жол қауіпті"))
            #expect(try await staff.get("/proposals/\(id)/work").body.contains("Жол қауіпті"))
            #expect(try await press("decline", [("reason_kk", "Қайта қарадық, қаражат жоқ")]) == 303)
            #expect(try await browser.post("/proposal/objection", [("number", number), ("text", "Тағы да")]).status == 409)
            #expect(!world.site.log.all.contains { $0.contains(number) || $0.contains("Абай") })
            let found = try await browser.get("/api/v1/search?in=proposals&q=%D0%B6%D0%B0%D1%80%D1%8B%D2%9B%D1%82%D0%B0%D0%BD%D0%B4%D1%8B%D1%80%D1%83")
            #expect(found.body.contains(id.description))
        }
    }

    @Test("staff do not propose as residents; the form that takes down runs the operation", arguments: Dialect.allCases)
    func staff(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("activist")
            let page = try await browser.get("/propose")
            #expect(page.body.contains("/proposals/queue/new"))
            let form = [("proposal", page.hidden("proposal") ?? ""), ("text", "Шам керек осында"), ("language", "kk")]
            #expect(try await browser.post("/propose", form).status == 403)
            let take = try await browser.get("/proposals/queue/new")
            let fields = [
                ("op", take.hidden("op") ?? ""), ("number", take.hidden("number") ?? ""), ("text", "Шам керек осында"),
                ("way", "event"), ("language", "kk"), ("unit", "P111"), ("reply", "number"),
            ]
            #expect(try await browser.post("/proposals/queue/new", fields).status == 303)
            #expect(try await browser.post("/proposals/queue/new", fields).status == 303)
            #expect(try await world.site.count("SELECT count(*) FROM proposal") == 1)
        }
    }

    @Test("of a group everybody reads the own text and nobody else's, before and after it is undone", arguments: Dialect.allCases)
    func ownWords(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            var numbers: [String] = []
            let texts = ["Бірінші адамның саябақ туралы сөзі", "Екінші тұрғынның мектеп жайлы хаты", "Үшінші кісінің жол жөндеу өтініші"]
            for text in texts {
                numbers.append(try await Self.propose(world.site.browser(), text))
                world.site.clock.advance(seconds: 60)
            }
            let ids = try await world.database.read { db in try db.all(ProposalID.self, "SELECT id FROM proposal ORDER BY made_at") }
            _ = try await world.site.person("root", role: "coordinator")
            let root = try await world.site.actor(
                try await world.database.read { db in try PersonRows.logins(["root"], in: db)["root"] }!)
            let gatherings = try await world.database.run(
                GatherProposals(target: ids[0], proposals: Array(ids.dropFirst())), by: root, at: world.now)
            func check(_ mark: String) async throws {
                for (number, text) in zip(numbers, texts) {
                    let page = try await world.site.browser().post("/proposal", [("number", number)]).body
                    #expect(page.contains(text), "\(mark)")
                    for other in texts where other != text { #expect(!page.contains(other), "\(mark): \(text) shows \(other)") }
                }
            }
            try await check("gathered")
            try await world.database.run(
                world.decide(ids[0], .consider(title: "Ауылды абаттандыру")), by: root, at: world.now)
            try await check("considered")
            #expect(try await world.site.browser().get("/proposals/\(ids[1])").status == 404)
            #expect(try await world.site.browser().get("/proposals/\(ids[0])").body.contains("3 адам жіберген"))
            for gathering in gatherings { try await world.database.run(UndoGathering(gathering: gathering), by: root, at: world.now) }
            try await check("undone")
            #expect(try await world.faults() == [])
        }
    }

    @Test("no words of a resident become markup", arguments: XssPayloads.all)
    func escapes(_ payload: String) async throws {
        try await ProposalWorld.run(.sqlite) { world in
            let browser = world.site.browser()
            let number = try await Self.propose(browser, "Ұсыныс мәтіні " + payload)
            let staff = world.site.browser()
            _ = try await world.site.person("root", role: "coordinator")
            try await staff.signIn("root")
            let id = try await world.database.read { db in try db.first(ProposalID.self, "SELECT id FROM proposal") }!
            var pages = [try await browser.post("/proposal", [("number", number)]).body]
            pages.append(try await staff.get("/proposals/queue").body)
            _ = try await staff.post("/proposals/\(id)/consider", [("title", "Мазмұны " + payload), ("reason_kk", "Себебі " + payload)])
            _ = try await staff.post(
                "/proposals/\(id)/accept",
                [("kind", "task"), ("task", "Іс " + payload), ("unit", "D11"), ("due", "2026-12-30"), ("reason_kk", "Себебі " + payload)])
            #expect(try await world.find(id).state == .accepted)
            for path in ["/proposals", "/proposals/\(id)"] { pages.append(try await browser.get(path).body) }
            pages.append(try await staff.get("/proposals/\(id)/work").body)
            pages.append(try await browser.post("/proposal", [("number", number)]).body)
            for html in pages {
                #expect(XssPayloads.markup(html).isEmpty, "\(payload): \(XssPayloads.markup(html))")
            }
        }
    }

    @Test("every page needs a fixed number of statements", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        try await ProposalWorld.run(dialect) { world in
            let staff = world.site.browser()
            try await staff.signIn("secretary")
            func cost(_ path: String) async throws -> String {
                _ = try await staff.get(path)
                return world.site.log.all.last { $0.contains("statements=") }?.firstMatch(of: #/statements=(\d+)/#).map { String($0.1) } ?? ""
            }
            for n in 1...3 { try await world.proposal(UInt64(n)) }
            let first = ProposalWorld.id(1)
            let few = [try await cost("/proposals/queue"), try await cost("/proposals"), try await cost("/proposals/\(first)/work")]
            for n in 4...24 { try await world.proposal(UInt64(n)) }
            let many = [try await cost("/proposals/queue"), try await cost("/proposals"), try await cost("/proposals/\(first)/work")]
            #expect(few == many && !few.contains(""))
        }
    }
}
