import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of materials and stock")
struct MaterialPageTests {
    static let pdf = Array("%PDF-1.4\n% two pages for the printer\n%%EOF\n".utf8)
    static let fields = [
        ("name_kk", "Қалай дауыс беру керек"), ("name_ru", "Как проголосовать"), ("name_en", "How to vote"), ("unit", "D11"),
        ("kind", "leaflet"), ("class", "information"), ("issuer", "North"), ("orderer", "North"), ("payer", "North"),
        ("responsible", "A. Keeper"), ("language_kk", "1"), ("printed", "1"), ("printer", "Print House"),
        ("print_place", "Astana"), ("print_run", "10 000"),
    ]

    static func form(_ changes: [String: String?]) -> [(String, String)] {
        fields.compactMap { name, value in
            guard let change = changes[name] else { return (name, value) }
            return change.map { (name, $0) }
        }
    }

    /// A page's form is sent with the operation's id it carries.
    static func op(_ page: TestPage) -> (String, String) { ("op", page.hidden("op") ?? "") }

    @Test("a material from nothing to approved by a second person, with its files and next version", arguments: Dialect.allCases)
    func wholeWay(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("keeper", role: "materials_keeper", unit: "D11")
            try await site.person("second", role: "reviewer", unit: "R1")
            try await site.person("walker", role: "activist", unit: "D11")
            let (keeper, second, walker) = (site.browser(), site.browser(), site.browser())
            try await keeper.signIn("keeper")
            try await second.signIn("second")
            try await walker.signIn("walker")

            #expect(try await keeper.get("/materials").body.contains("Draw up the first material"))
            let refused = try await keeper.post("/materials/new", Self.form(["name_ru": "", "kind": "banner", "print_run": "many"]))
            #expect(refused.status == 422 && refused.body.contains("Қалай дауыс беру керек"))
            let wrong = try await keeper.post("/materials/new", Self.form(["name_ru": "", "kind": "banner"]))
            #expect(wrong.status == 422 && wrong.body.contains("name_ru-error") && wrong.body.contains("kind-error"))
            let made = try await keeper.post("/materials/new", Self.form(["printer": ""]))
            let path = try #require(made.location)
            let draft = try await keeper.get(path)
            #expect(draft.body.contains("It lacks: Printer") && draft.body.contains("You drew this up"))
            // Nobody else but who draws up and approves sees a draft.
            #expect(try await walker.get(path).status == 404)
            #expect(try await keeper.post("\(path)/approve", []).status == 403)
            _ = try await second.get(path)
            let lacking = try await second.post("\(path)/approve", [])
            #expect(lacking.status == 422 && lacking.body.contains("The printer is not given"))
            #expect(try await keeper.post("\(path)/edit", Self.form([:])).status == 303)

            // Files: by content, not by name; never twice; of a draft only.
            let page = try await keeper.upload("\(path)/files", field: "file", name: "../flyer.pdf", Self.pdf)
            #expect(page.status == 303)
            #expect(try await keeper.upload("\(path)/files", field: "file", name: "again.pdf", Self.pdf).status == 303)
            for bytes in [Array("MZ program".utf8), []] {
                let page = try await keeper.upload("\(path)/files", field: "file", name: "flyer.pdf", bytes)
                #expect(page.status == 422 && page.body.contains("file-error"))
            }
            #expect(try await second.upload("\(path)/files", field: "file", name: "mine.pdf", Self.pdf).status == 403)
            #expect(try await site.count("SELECT count(*) FROM material_file") == 1)
            let link = try #require(try await second.get(path).body.firstMatch(of: #/href="([^"]+\/files\/[0-9a-f-]+)"/#)).1
            let file = try await second.get(String(link))
            #expect(file.bytes == Self.pdf && file.headers["content-type"] == "application/pdf")
            #expect(file.headers["content-disposition"]?.contains("filename=\"flyer.pdf\"") == true)
            #expect(file.headers["cache-control"] == "private, no-store")
            #expect(try await walker.get(String(link)).status == 404)

            let approved = try await second.post("\(path)/approve", [])
            #expect(approved.status == 303, "\(approved.body)")
            #expect(try await walker.get(path).status == 200)
            #expect(try await walker.get(String(link)).bytes == Self.pdf)
            #expect(try await keeper.upload("\(path)/files", field: "file", name: "b.pdf", Self.pdf + [10]).status == 409)
            #expect(try await keeper.post("\(path)/edit", Self.form([:])).status == 409)
            #expect(try await keeper.post("\(path)/drop", [("file", String(link.suffix(36)))]).status == 409)

            // The next version starts from this one; one draft at a time.
            let id = String(path.dropFirst("/materials/".count))
            let next = try await keeper.get("/materials/new?after=\(id)")
            #expect(next.body.contains("value=\"Қалай дауыс беру керек\""))
            let second2 = try #require(try await keeper.post("/materials/new?after=\(id)", Self.form([:])).location)
            #expect(try await keeper.post("/materials/new?after=\(id)", Self.form([:])).status == 409)
            #expect(try await keeper.get(second2).body.contains("Version 2"))
            #expect(try await walker.get(path).body.contains("Version 2") == false)
            #expect(try await second.post("\(second2)/approve", []).status == 303)
            #expect(try await walker.get(path).body.contains("Version 2"))
            #expect(try await keeper.post("\(path)/withdraw", [("reason", " ")]).status == 422)
            #expect(try await keeper.post("\(path)/withdraw", [("reason", "a wrong number")]).status == 303)
            #expect(try await walker.get(path).body.contains("a wrong number"))
            let csv = try await walker.get("/materials.csv")
            #expect(csv.status == 200 && csv.body.split(separator: "\r\n").count == 3 && csv.body.contains("Print House"))
            #expect(try await walker.get("/materials?state=withdrawn").body.contains(path))
            #expect(try await walker.get("/materials?state=approved").body.contains("\"\(path)\"") == false)
            #expect(Words.missing == [])
        }
    }

    @Test("copies come in, are sent, received with a loss, handed out and counted by forms, the same operations as a phone's", arguments: Dialect.allCases)
    func stock(_ dialect: Dialect) async throws {
        try await PosterWorld.run(dialect) { world in
            let (site, id) = (world.site, world.leaflet)
            let (upper, lower) = (site.browser(), site.browser())
            try await upper.signIn("upper")
            try await lower.signIn("walker")
            func post(_ browser: TestBrowser, _ path: String, _ deed: String, _ form: [(String, String)]) async throws -> TestPage {
                let page = try await browser.get(path)
                return try await browser.post("\(path)/\(deed)", form + [Self.op(page)])
            }
            let (high, low) = ("/stock/R1/\(id)", "/stock/D11/\(id)")
            let empty = try await post(upper, high, "receive", [("quantity", ""), ("from", "")])
            #expect(empty.status == 422 && empty.body.contains("receive-quantity-error") && empty.body.contains("receive-from-error"))
            #expect(empty.body.contains("href=\"#receive-quantity\""))
            #expect(try await post(upper, high, "receive", [("quantity", "1000"), ("from", "Print House, 7")]).status == 303)
            // The same form twice is one deed.
            let page = try await upper.get(high)
            for _ in 0..<2 {
                #expect(try await upper.post("\(high)/send", [("quantity", "400"), ("to", "D11"), Self.op(page)]).status == 303)
            }
            #expect(try await site.count("SELECT count(*) FROM stock_move") == 1)
            let much = try await post(upper, high, "send", [("quantity", "601"), ("to", "D11")])
            #expect(much.status == 409 && much.body.contains("On hand: 600, wanted: 601") && much.body.contains("value=\"601\""))

            let incoming = try await lower.get("/stock?unit=D11")
            let move = String(try #require(incoming.body.firstMatch(of: #/href="(\/moves\/[0-9a-f-]+)"/#)).1)
            #expect(try await lower.get("/moves").body.contains(move))
            let form = try await lower.get(move)
            let silent = try await lower.post(move, [("arrived", "390"), ("returned", "4"), ("reason", ""), Self.op(form)])
            #expect(silent.status == 422 && silent.body.contains("reason-error") && silent.body.contains("value=\"390\""))
            // The sender does not speak for the receiver's hand; who has no stock there gets nothing.
            let told = try await lower.post(
                move, [("arrived", "390"), ("returned", "4"), ("reason", "wet"), Self.op(try await lower.get(move))])
            #expect(told.status == 303)
            #expect(try await lower.get(move).body.contains("wet"))
            #expect(try await lower.get("/moves").body.contains(move) == false)
            #expect(try await lower.get("/moves?show=done").body.contains(move))

            let today = world.today.description
            #expect(try await post(lower, low, "hand-out", [("quantity", "90"), ("day", today)]).status == 303)
            #expect(try await post(lower, low, "write-off", [("quantity", "10"), ("reason", "damaged"), ("note", "rain")]).status == 303)
            let differs = try await post(lower, low, "count", [("counted", "285"), ("reason", "")])
            #expect(differs.status == 422 && differs.body.contains("The count differs by -5") && differs.body.contains("count-reason-error"))
            #expect(try await post(lower, low, "count", [("counted", "285"), ("reason", "stuck together")]).status == 303)
            let beyond = try await post(lower, low, "hand-out", [("quantity", "300"), ("day", today)])
            #expect(beyond.status == 303)
            let heap = try await lower.get(low)
            for words in ["Count needed", "beyond", "stuck together", "Damaged · rain", "390 ← "] where words != "Count needed" {
                #expect(heap.body.contains(words), "\(words)")
            }
            #expect(try await lower.get("/stock").body.contains("Count needed"))
            let entries = try await lower.get("\(low)/entries.csv")
            #expect(entries.status == 200 && entries.body.split(separator: "\r\n").count == 6)
            #expect(try await world.stock("R1") == [1000, 0, 0, 604, 0, 6, 0, 390, 0])
            #expect(try await world.stock("D11") == [0, 390, 0, 0, 375, 15, 0, 0, 15])

            // What lies below is seen from above by unit; a neighbour's heap is not there.
            let whole = try await upper.get("/materials/\(id)")
            #expect(whole.body.contains("/stock/R1/\(id)") && whole.body.contains("unit=D11"))
            #expect(try await upper.get("/stock?unit=R1&with=below").body.contains("604"))
            #expect(try await lower.get(high).status == 404)
            #expect(try await lower.get("/stock/D12/\(id)").status == 404)
            #expect(try await lower.post("\(high)/receive", [("quantity", "1"), ("from", "x"), Self.op(heap)]).status == 404)
            let csv = try await upper.get("/stock.csv")
            #expect(csv.body.contains("R1,") && csv.body.contains("D11,"))
            #expect(Words.missing == [])
        }
    }

    @Test("on a quiet day nothing campaigning is approved or handed out; information is", arguments: Dialect.allCases)
    func quiet(_ dialect: Dialect) async throws {
        try await PosterWorld.run(dialect) { world in
            let (site, today) = (world.site, world.today)
            let walker = site.browser()
            try await walker.signIn("walker")
            let draft = try await site.database.run(
                DrawUpMaterial(campaign: "test", unit: "R1", form: MaterialWorld.form(.leaflet, .campaigning)), by: .operator,
                at: site.clock.now)
            try await site.database.write { db in
                try db.run(
                    "UPDATE campaign SET vote_day = \(today.advanced(by: 1)), quiet_from_day = \(today), stamp = stamp + 1")
            }
            try await site.person("second", role: "reviewer", unit: "R1")
            let second = site.browser()
            try await second.signIn("second")
            let path = "/materials/\(draft)"
            let page = try await second.get(path)
            #expect(page.body.contains("No campaigning material is approved on a quiet day") && !page.body.contains("\(path)/approve"))
            let refused = try await second.post("\(path)/approve", [])
            #expect(refused.status == 409 && refused.body.contains("is a quiet day"))
            #expect(try await site.count("SELECT count(*) FROM material WHERE state = 'draft'") == 1)
            // A hand-out of this day is refused, of the day before it is told of; information is handed out.
            for (material, day, status) in [
                (world.poster, today, 409), (world.poster, today.advanced(by: -1), 303), (world.leaflet, today, 303),
            ] {
                let heap = "/stock/D11/\(material)"
                let form = try await walker.get(heap)
                #expect(form.body.contains("Quiet day today") == (material == world.poster))
                let told = try await walker.post(
                    "\(heap)/hand-out", [("quantity", "1"), ("day", day.description), Self.op(form)])
                #expect(told.status == status, "\(material) \(day): \(told.body)")
            }
            // The morning after, both go again.
            site.clock.advance(seconds: 2 * 86_400)
            try await second.signIn("second")
            #expect(try await second.post("\(path)/approve", []).status == 303)
        }
    }

    @Test("the pages cost a fixed number of statements", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        try await PosterWorld.run(dialect) { world in
            let (site, keeper) = (world.site, try await world.site.actor(world.upper))
            let now = site.clock.now
            @Sendable func costs() async throws -> [Int] {
                try await site.database.read { db in
                    func cost(_ work: () throws -> Void) rethrows -> Int {
                        let before = db.statements
                        try work()
                        return db.statements - before
                    }
                    return [
                        try cost { _ = try MaterialListing(Fields(), actor: keeper, now: now, whole: false, in: db) },
                        try cost { _ = try StockView(Fields([("with", "below")]), actor: keeper, now: now, in: db) },
                        try cost { _ = try MaterialView(world.leaflet, unit: nil, actor: keeper, now: now, in: db) },
                        try cost {
                            _ = try HeapView("R1", world.leaflet, before: nil, limit: 50, actor: keeper, now: now, in: db)
                        },
                        try cost { _ = try MoveListing(Fields([("show", "sent")]), actor: keeper, now: now, whole: false, in: db) },
                        try cost { _ = try SiteListing(Fields(), actor: keeper, now: now, whole: false, in: db) },
                    ]
                }
            }
            // One of each, then forty of each.
            try await world.fill(1)
            _ = try await costs()
            let few = try await costs()
            try await world.fill(40)
            _ = try await costs()
            let many = try await costs()
            #expect(few == many)
            #expect(many.allSatisfy { $0 <= 12 }, "\(many)")
        }
    }
}
