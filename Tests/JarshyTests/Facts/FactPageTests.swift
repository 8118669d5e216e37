import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of the library")
struct FactPageTests {
    @Test("a keeper enters a source, a fact and a copy by forms; the second person confirms them", arguments: Dialect.allCases)
    func forms(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let (keeper, second, anybody) = (world.site.browser(), world.site.browser(), world.site.browser())
            try await keeper.signIn("expert")
            try await second.signIn("second")
            let refused = try await keeper.post("/facts/work", [("title", "Ереже"), ("class", "information"), ("url", "javascript:x")])
            #expect(refused.status == 422 && refused.body.contains("value=\"Ереже\""))
            let added = try await keeper.post(
                "/facts/work",
                [("title", "Ереже"), ("section", "3-бап"), ("url", "https://example.kz/1"), ("statement", "Сөзі"), ("class", "information")])
            let work = try #require(added.location)
            #expect(added.status == 303 && work.hasSuffix("/work"))
            let page = String(work.dropLast(5))
            #expect(try await keeper.post("\(page)/confirm", [("version", "1"), ("class", "information")]).status == 403)
            #expect(try await second.post("\(page)/confirm", [("version", "1"), ("class", "information")]).status == 303)
            let bytes = Array("<html>copy</html>".utf8)
            #expect(try await keeper.upload("\(page)/copy", field: "copy", name: "rule.html", bytes).status == 303)
            let hash = try #require(try await anybody.get(page).body.firstMatch(of: #/[0-9a-f]{64}/#)).output
            #expect(try await keeper.post("\(page)/verify", [("sha256", String(hash))]).status == 303)
            #expect(try await anybody.get("\(page)?lang=en").body.contains("The copy is whole"))
            let stated = [("statement_kk", "Дерек осы"), ("statement_ru", "Вот факт"), ("class", "information")]
            #expect(try await keeper.post("\(page)/add", stated).status == 303)
            let fact = try await world.database.read { db in try db.first(FactID.self, "SELECT id FROM fact") }!
            #expect(try await !anybody.get(page).body.contains("Дерек осы"))
            let confirm = [("fact", fact.description), ("version", "1"), ("class", "information")]
            #expect(try await second.post("\(page)/fact-confirm", confirm).status == 303)
            #expect(try await anybody.get("\(page)?lang=ru").body.contains("Вот факт"))
            for path in ["/facts", "/facts/work", page, work] {
                let shown = try await keeper.get(path)
                #expect(shown.status == 200 && !shown.body.contains("⟦") && !shown.body.contains("[["), "\(path)")
            }
            let stranger = world.site.browser()
            try await stranger.signIn("activist")
            #expect(try await stranger.get("/facts/work").status == 403)
            #expect(try await stranger.get(work).status == 404)
        }
    }

    @Test("what cites a source is linked to a page that opens for the reader", arguments: Dialect.allCases)
    func citingLinks(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let source = try await world.source()
            let fact = try await world.fact(of: source)
            let answer = try await world.answer(1, citing: ["/facts/\(source)#fact-\(fact)"])
            try await world.change(source)
            // A press officer keeps facts, and neither writes nor approves answers.
            let local = try await world.site.person("local", role: "press_officer", unit: "D11")
            try await world.questions.belong(local, to: 2)
            let (keeper, reader) = (world.site.browser(), world.site.browser())
            try await keeper.signIn("expert")
            try await reader.signIn("local")
            for path in ["/facts/work", "/facts/\(source)/work"] {
                #expect(try await keeper.get(path).body.contains("href=\"/answers/\(answer)/work\""), "\(path)")
                let shown = try await reader.get(path)
                #expect(shown.status == 200 && shown.body.contains("href=\"/answers/\(answer)\""), "\(path)")
                #expect(!shown.body.contains("/answers/\(answer)/work"), "\(path)")
            }
            #expect(try await keeper.get("/answers/\(answer)/work").status == 200)
            #expect(try await reader.get("/answers/\(answer)").status == 200)
            #expect(try await reader.get("/answers/\(answer)/work").status == 404)
        }
    }

    @Test("no words of the library become markup", arguments: XssPayloads.all)
    func escapes(_ payload: String) async throws {
        try await FactWorld.run(.sqlite) { world in
            let text = SourceText(
                title: "Атауы " + payload, section: payload, url: "https://example.kz/", statement: "Мәтіні " + payload, issued: nil,
                itemClass: .information)
            let source = try await world.run(AddSource(campaign: "test", text: text), by: world.keeper)
            try await world.run(ConfirmSource(source: source, version: 1, itemClass: .information), by: world.second)
            let fact = try await world.fact(of: source, "Дерек " + payload)
            let answer = try await world.answer(1, citing: ["/facts/\(source)#fact-\(fact)", "Қаулы " + payload.replacing("|", with: "") + " | 12.01.2026"])
            let staff = world.site.browser()
            try await staff.signIn("expert")
            for path in ["/facts", "/facts/\(source)", "/facts/work", "/facts/\(source)/work", "/answers/\(answer)", "/answers/\(answer)/work"] {
                let page = try await staff.get(path)
                #expect(page.status == 200 && XssPayloads.markup(page.body).isEmpty, "\(path) \(payload): \(XssPayloads.markup(page.body))")
            }
        }
    }

    @Test("anybody gets the file a second person has confirmed the source with, as bytes and never as a page", arguments: Dialect.allCases)
    func copies(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let (keeper, anybody) = (world.site.browser(), world.site.browser())
            try await keeper.signIn("expert")
            let source = try await world.source(confirmed: false)
            let (page, body) = ("/facts/\(source)", "<html><script>alert(1)</script></html>")
            func path(_ bytes: [UInt8]) -> String { "\(page)/copies/\(Hex.encoded(EvidenceStore.sha256(bytes)))" }
            let first = Array(body.utf8)
            #expect(try await keeper.upload("\(page)/copy", field: "copy", name: "Ереже.html", first).status == 303)
            #expect(try await keeper.get("\(page)/work").body.contains("href=\"\(path(first))\""))
            #expect(try await keeper.get(path(first)).status == 200)
            #expect(try await anybody.get(path(first)).status == 404)
            world.site.clock.advance(seconds: 60)
            try await world.run(ConfirmSource(source: source, version: 1, itemClass: .information), by: world.second)
            #expect(try await anybody.get(page).body.contains("href=\"\(path(first))\""))
            let file = try await anybody.get(path(first))
            #expect(file.status == 200 && file.body == body)
            #expect(file.headers["content-type"] == "application/octet-stream" && file.headers["x-content-type-options"] == "nosniff")
            #expect(file.headers["content-disposition"]?.hasPrefix("attachment; ") == true)
            // What came after the confirmation nobody but its author may have seen: it waits for the next one.
            world.site.clock.advance(seconds: 60)
            let late = Array("%PDF-1.4 late".utf8)
            #expect(try await keeper.upload("\(page)/copy", field: "copy", name: "late.pdf", late).status == 303)
            #expect(try await anybody.get(path(late)).status == 404)
            #expect(try await !anybody.get(page).body.contains(path(late)))
            #expect(try await keeper.get(path(late)).headers["content-type"] == "application/pdf")
            // Of another source, or of none, there is no copy here.
            let other = try await world.source()
            #expect(try await keeper.get("/facts/\(other)/copies/\(Hex.encoded(EvidenceStore.sha256(first)))").status == 404)
            #expect(try await keeper.get("\(page)/copies/x").status == 404)
        }
    }

    @Test("a copy that was damaged on the disk is told", arguments: [Dialect.sqlite])
    func damaged(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let source = try await world.source()
            let store = world.site.app.evidence.part("library")
            let sha256 = try await SourceCopies.keep(Array("a copy".utf8), by: world.keeper, in: store)
            #expect(await SourceCopies.isGood(sha256, in: store))
            try await world.run(KeepCopy(source: source, sha256: sha256, name: "a.txt", bytes: 6), by: world.keeper)
            #expect(await !SourceCopies.isGood([UInt8](repeating: 7, count: 32), in: store))
            try await world.run(NoteCopyCheck(source: source, sha256: sha256, good: false), by: world.keeper)
            #expect(try await world.site.browser().get("/facts/\(source)?lang=en").body.contains("The copy is damaged"))
        }
    }

    @Test("pages take as many statements with 40 facts and answers as with one", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        try await FactWorld.run(dialect) { world in
            let source = try await world.source()
            func count() async throws -> Int {
                let (actor, now) = (try await world.questions.actor(world.keeper), world.questions.now)
                return try await world.database.read { db in
                    func work() throws {
                        let campaign = try Campaigns.current(in: db).find("test")!.no
                        let found = try LibraryScope(actor, at: now).source(source, in: db)
                        _ = try SourceView(found, onlyConfirmed: false, in: db)
                        let reader = try LibraryUse.Reader(actor, on: Zone.kazakhstan.day(at: now), in: db)
                        for use in LibraryUses.all {
                            _ = try use.citing(source, reader, db)
                            _ = try use.behind(campaign, reader, db)
                        }
                    }
                    try work()
                    let before = db.statements
                    try work()
                    return db.statements - before
                }
            }
            _ = try await world.answer(1, citing: ["/facts/\(source)#fact-\(try await world.fact(of: source))"])
            let few = try await count()
            for n in 2...40 {
                let fact = try await world.fact(of: source, "Дерек № \(n)")
                if n.isMultiple(of: 8) { _ = try await world.answer(UInt64(n), citing: ["/facts/\(source)#fact-\(fact)"]) }
            }
            let many = try await count()
            #expect(few == many && many <= 14, "\(few) and \(many) statements")
        }
    }
}
