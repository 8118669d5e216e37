import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The log of publications")
struct PublicationTests {
    @Test("one link is logged once, counted once, and the same operation again changes nothing", arguments: Dialect.allCases)
    func logs(_ dialect: Dialect) async throws {
        try await PublicationWorld.run(dialect) { world in
            let operation = PublicationWorld.log(1, day: world.today, page: world.page)
            let first = try await world.submit(operation)
            let again = try await world.submit(operation)
            #expect(first.status == .accepted && first.receipt == again.receipt, "\(first.receipt)")
            #expect(try await world.refusal(PublicationWorld.log(2, day: world.today)) == nil)
            #expect(try await world.count() == 2)
            #expect(try await world.site.world.rootTotal(PublicationWorld.slot) == 2)
            // The same link under another id is the same publication.
            let twice = PublicationWorld.log(3, day: world.today, url: "https://paper.example/2")
            #expect(try await world.refusal(twice) == "publication-known")
            #expect(try await world.count() == 2)
            #expect(try await world.site.world.rootTotal(PublicationWorld.slot) == 2)
            // Voided, it may be logged anew, and counts once.
            let void = Ops.void(4, 2, base: 1)
            _ = try await world.site.app.intake.submit([void], by: try await world.site.world.actor(900), at: world.now)
            #expect(try await world.site.world.rootTotal(PublicationWorld.slot) == 1)
            #expect(try await world.refusal(twice.again(5)) == nil)
            #expect(try await world.site.world.rootTotal(PublicationWorld.slot) == 2)
        }
    }

    @Test("a campaign with audiences and channels of its own counts publications under those", arguments: Dialect.allCases)
    func ownWords(_ dialect: Dialect) async throws {
        try await PublicationWorld.run(dialect) { world in
            try await world.database.write { db in
                try db.run("UPDATE audience SET code = 'everybody' WHERE code = 'residents'")
                try db.run("UPDATE activity SET channel = 'online' WHERE code = 'publication'")
                try db.run("UPDATE channel SET code = 'press' WHERE code = 'media'")
                try db.run("UPDATE campaign SET stamp = stamp + 1")
            }
            #expect(try await world.refusal(PublicationWorld.log(1, day: world.today)) == nil)
            #expect(try await world.refusal(PublicationWorld.log(2, day: world.today, page: world.page)) == nil)
            #expect(try await world.site.world.rootTotal(PublicationWorld.slot) == 2)
            let cells = try await world.database.read { db in
                try db.all(
                    "SELECT c.audience, c.channel FROM report r JOIN cell c ON c.id = r.cell ORDER BY r.id"
                ) { row in [try row.next(String.self), try row.next(String.self)] }
            }
            // A medium's channel is not there, so it is that of the kind; a page's is.
            #expect(cells == [["everybody", "online"], ["everybody", "social"]])
        }
    }

    @Test(
        "what is missing or is no publication is refused by its place",
        arguments: [
            ("imprint", Json.bool(false), "no-imprint"), ("sha256", .text("ab"), "not-hash"), ("url", .text("javascript:alert(1)"), "not-link"),
            ("url", .text("https://a.example https://b.example"), "account-list"), ("title", .text(""), "missing"),
            ("title", .text("@bir, @eki, @ush"), "account-list"), ("outlet", .text("t.me/a, t.me/b"), "account-list"),
            ("outlet", .text(""), "missing"), ("accounts", .text("@a"), "unknown"), ("organization", .text("nobody"), "unknown"),
        ])
    func refuses(_ key: String, _ value: Json, _ slug: String) async throws {
        try await PublicationWorld.run(.sqlite) { world in
            let operation = PublicationWorld.log(1, day: world.today, [.init(key, value)])
            let refusal = try await world.refusal(operation)
            #expect(refusal?.contains(slug) == true, "\(key): \(refusal ?? "taken")")
            #expect(try await world.count() == 0)
        }
    }

    @Test("a page of its own bears the organisation's name, holds the link, and is one of few", arguments: Dialect.allCases)
    func pages(_ dialect: Dialect) async throws {
        try await PublicationWorld.run(dialect) { world in
            let press = try await world.site.actor(world.press)
            func add(_ name: String, _ url: String, organization: String = "north") async throws -> String? {
                do {
                    _ = try await world.database.run(
                        AddOrganizationPage(organization: organization, kind: "social", name: name, url: url), by: press, at: world.now)
                    return nil
                } catch let problem as Problem { return problem.slug == "invalid" ? problem.errors.first?.slug : problem.slug }
            }
            #expect(try await add("Бейтарап тұрғындар", "https://social.example/people") == "page-name")
            #expect(try await add("north", "https://social.example/a, https://social.example/b") == "account-list")
            #expect(try await add("south", "https://social.example/south", organization: "south") == "forbidden")
            for n in 1..<OrganizationPage.most { #expect(try await add("North \(n)", "https://social.example/north\(n)") == nil) }
            #expect(try await add("North last", "https://social.example/northlast") == "page-list")
            let elsewhere = PublicationWorld.log(1, day: world.today, page: world.page, url: "https://social.example/other/1")
            #expect(try await world.refusal(elsewhere) == "not-on-page")
            // One that only begins with the same letters is another page.
            let near = PublicationWorld.log(2, day: world.today, page: world.page, url: "https://social.example/northern/1")
            #expect(try await world.refusal(near) == "not-on-page")
            try await world.database.run(EndOrganizationPage(page: world.page), by: press, at: world.now)
            let ended = PublicationWorld.log(3, day: world.today, page: world.page)
            #expect(try await world.refusal(ended)?.hasPrefix("unknown") == true)
        }
    }

    @Test("a publication passes the gate: class, whole imprint, no campaigning on a quiet day", arguments: Dialect.allCases)
    func gate(_ dialect: Dialect) async throws {
        try await PublicationWorld.run(dialect) { world in
            #expect(try await world.refusal(PublicationWorld.log(1, day: world.today, itemClass: nil)) == "release-class")
            try await world.database.write { db in _ = try db.run("DELETE FROM imprint") }
            #expect(try await world.refusal(PublicationWorld.log(2, day: world.today)) == "release-imprint")
            try await world.database.run(QuestionWorld.imprint("north"), by: .operator, at: world.now)
            let vote = world.today
            try await world.database.write { db in
                _ = try db.run(
                    "UPDATE campaign SET vote_day = \(vote), quiet_from_day = \(vote.advanced(by: -1)), stamp = stamp + 1")
            }
            for (n, back) in [(10, 0), (11, 1)] {
                let campaigning = PublicationWorld.log(UInt64(n), day: vote.advanced(by: -back), itemClass: "campaigning")
                #expect(try await world.refusal(campaigning) == "release-quiet", "\(back) days before the vote")
            }
            #expect(try await world.refusal(PublicationWorld.log(12, day: vote.advanced(by: -2), itemClass: "campaigning")) == nil)
            #expect(try await world.refusal(PublicationWorld.log(13, day: vote)) == nil)
            #expect(try await world.count() == 2)
        }
    }

    @Test("the page logs, hashes the copy and keeps what was typed when it refuses", arguments: Dialect.allCases)
    func form(_ dialect: Dialect) async throws {
        try await PublicationWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("press")
            let page = try await browser.get("/publications")
            #expect(page.status == 200)
            let op = try #require(page.hidden("op"))
            let form = [
                ("op", op), ("unit", "P111"), ("day", world.today.description), ("organization", "north"), ("title", "Қайда <b>?"),
                ("url", "https://paper.example/1"), ("outlet", "«Дала»"), ("class", "information"),
                ("sha256", String(repeating: "0f", count: 32)),
            ]
            let refused = try await browser.post("/publications", form)
            #expect(refused.status == 422 && refused.body.contains("Қайда &lt;b&gt;?"), "\(refused.status)")
            let done = try await browser.post("/publications", form + [("imprint", "1")])
            #expect(done.status == 303, "\(done.body.suffix(500))")
            let list = try await browser.get("/publications")
            #expect(list.body.contains("https://paper.example/1") && list.body.contains("«Дала»") && !list.body.contains("Қайда <b>"))
            let csv = try await browser.get("/publications.csv")
            #expect(csv.body.contains(String(repeating: "0f", count: 32)) && csv.headers["content-type"]?.hasPrefix("text/csv") == true)
        }
    }

    @Test("the copy that was sent is kept, and handed to those who keep the log as a file", arguments: Dialect.allCases)
    func copy(_ dialect: Dialect) async throws {
        try await PublicationWorld.run(dialect) { world in
            _ = try await world.site.person("elsewhere", role: "press_officer", unit: "D21")
            let (browser, stranger) = (world.site.browser(), world.site.browser())
            try await browser.signIn("press")
            try await stranger.signIn("elsewhere")
            let op = try #require(try await browser.get("/publications").hidden("op"))
            let fields = [
                ("op", op), ("unit", "P111"), ("day", world.today.description), ("organization", "north"), ("title", "Хабар"),
                ("url", "https://paper.example/7"), ("outlet", "«Дала»"), ("class", "information"), ("imprint", "1"),
            ]
            let bytes = Array("<html><script>alert(1)</script></html>".utf8)
            for _ in 0..<2 {
                // Sent twice, as by an impatient hand: logged once and kept once.
                let sent = try await browser.upload("/publications", field: "copy", name: "Хабар.html", bytes, fields)
                #expect(sent.status == 303, "\(sent.body.suffix(500))")
            }
            #expect(try await world.count() == 1)
            let path = "/publications/\(op)/copy"
            #expect(try await browser.get("/publications?lang=en").body.contains("href=\"\(path)\""))
            let file = try await browser.get(path)
            #expect(file.status == 200 && file.body == String(decoding: bytes, as: UTF8.self))
            // Whatever it is, it is a file to keep and no page of this site.
            #expect(file.headers["content-type"] == "application/octet-stream" && file.headers["x-content-type-options"] == "nosniff")
            #expect(file.headers["content-disposition"]?.hasPrefix("attachment; ") == true)
            #expect(try await stranger.get(path).status == 404)
            #expect(try await world.site.browser().get(path).status != 200)
            // Only a checksum was typed: there is no file to hand out, and none to offer.
            let typed = try #require(try await browser.get("/publications").hidden("op"))
            let second = fields.map { $0.0 == "op" ? ("op", typed) : $0.0 == "url" ? ("url", "https://paper.example/8") : $0 }
            let neither = try await browser.post("/publications", second)
            #expect(neither.status == 422 && neither.body.contains("copy-error"))
            #expect(try await browser.get("/publications?lang=en").body.contains("a file or its checksum is required"))
            #expect(try await browser.post("/publications", second + [("sha256", String(repeating: "0f", count: 32))]).status == 303)
            #expect(try await browser.get("/publications/\(typed)/copy").status == 404)
            #expect(try await !browser.get("/publications").body.contains("/publications/\(typed)/copy"))
        }
    }

    @Test func `lists of accounts are known by their looks`() {
        for text in ["@a_one @b_two", "https://x.com/a https://x.com/b", "t.me/one t.me/two", "https://a.kz, t.me/x, @we"] {
            #expect(AccountList.isOne(text), "\(text)")
        }
        for text in ["https://paper.example/1", "Хабар @birge", "Аты жоқ", "a@b.kz-ке жазыңыз", "2026 ж. № 5"] {
            #expect(!AccountList.isOne(text), "\(text)")
        }
    }
}

extension Operation {
    /// The same under another id.
    fileprivate func again(_ n: UInt64) -> Operation {
        Ops.op((body.members ?? []).filter { $0.key != "op" } + [.init("op", .text(Ops.id(n)))])
    }
}
