import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct OwnPagesTests {
    @Test(arguments: Dialect.allCases)
    func `sessions are listed to their owner, who ends one or all others`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let olga = try await site.person("olga", role: "observer")
            try await site.person("petr", role: "observer")
            let (phone, desk, other) = (site.browser(), site.browser(), site.browser())
            let agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
            _ = try await phone.post(
                "/signin", [("login", "olga"), ("password", TestSite.password)], headers: ["user-agent": agent])
            try await desk.signIn("olga")
            try await other.signIn("petr")

            let page = try await desk.get("/me")
            #expect(page.body.contains("Chrome, Android"))
            #expect(!page.body.contains("126.0"))
            let ids = try await site.database.read { db in
                try db.all(
                    ID<SessionMark>.self, "SELECT id FROM session WHERE person = \(olga) ORDER BY created_at, id")
            }
            #expect(ids.count == 2)

            // Another's session is not there to be ended.
            #expect(try await other.post("/me/sessions/\(ids[0])/end", []).status == 404)
            #expect(try await phone.get("/me").status == 200)
            #expect(try await desk.post("/me/sessions/end-others", []).status == 303)
            #expect(try await phone.get("/me").status == 303)
            #expect(try await desk.get("/me").status == 200)
            #expect(try await other.get("/me").status == 200)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a new password needs the present one and ends the other sessions`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("olga", role: "observer")
            let (phone, desk) = (site.browser(), site.browser())
            try await phone.signIn("olga")
            try await desk.signIn("olga")

            func change(_ current: String, _ fresh: String, _ again: String) async throws -> TestPage {
                try await desk.post("/me/password", [("current", current), ("fresh", fresh), ("again", again)])
            }
            #expect(try await change("wrong", "қызыл алма ағашы", "қызыл алма ағашы").status == 422)
            #expect(try await change(TestSite.password, "short", "short").status == 422)
            let differing = try await change(TestSite.password, "қызыл алма ағашы", "қызыл алма")
            #expect(differing.status == 422 && differing.body.contains("differ"))
            #expect(!differing.body.contains("қызыл алма"))
            #expect(try await phone.get("/me").status == 200)

            #expect(try await change(TestSite.password, "қызыл алма ағашы", "қызыл алма ағашы").status == 303)
            #expect(try await phone.get("/me").status == 303)
            #expect(try await desk.get("/me").status == 200)
            #expect(try await phone.signIn("olga").status == 422)
            #expect(try await phone.signIn("olga", password: "қызыл алма ағашы").status == 303)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a token works within its scope and until its day, and is shown once`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("sara")
            let until = Zone.kazakhstan.day(at: site.clock.now).advanced(by: 2)

            let page = try await browser.post(
                "/me/tokens", [("name", "phone"), ("scope", "sync"), ("until", until.description)])
            #expect(page.status == 200)
            let start = try #require(page.body.range(of: "readonly aria-labelledby=\"secret-heading\">"))
            let secret = String(page.body[start.upperBound...].prefix { $0 != "<" })
            #expect(secret.count == 43)
            #expect(try await !browser.get("/me/tokens").body.contains(secret))
            #expect(try await site.count("SELECT count(*) FROM api_token WHERE hash = \(Secret.hash(secret))") == 1)

            let program = site.browser()
            let bearer = ["authorization": "Bearer \(secret)"]
            #expect(try await program.get("/api/v1/units/D11", headers: bearer).status == 200)
            #expect(try await program.get("/api/v1/units/D11", headers: ["authorization": "Bearer x"]).status == 401)
            #expect(try await program.get("/people", headers: bearer).status == 303, "a token opens no page")
            let visitor = try #require(
                try await PeopleDoorkeeper(site.database).visitor(bearer: secret, now: site.clock.now, tally: Tally()))
            #expect(visitor.actor.kind == .token)
            let today = Zone.kazakhstan.day(at: site.clock.now)
            #expect(visitor.actor.holdsAnywhere(.fileReports, on: today))
            #expect(!visitor.actor.holdsAnywhere(.managePeople, on: today))

            site.clock.advance(seconds: 3 * 86_400)
            #expect(try await program.get("/api/v1/units/D11", headers: bearer).status == 401, "past its day")
            #expect(try await browser.post("/me/tokens", [("name", "late")]).status == 401, "the session has ended too")
        }
    }

    @Test func `a wrong token form keeps what was typed; a revoked token is dead at once`() async throws {
        try await TestSite.run(.sqlite) { site in
            let sara = try await site.person("sara", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("sara")

            let wrong = try await browser.post(
                "/me/tokens", [("name", "my device"), ("scope", "full"), ("until", "2020-01-01")])
            #expect(wrong.status == 422 && wrong.body.contains("value=\"my device\""))

            let secret = try await site.database.run(
                IssueToken(login: "sara", days: 5), by: .operator, at: site.clock.now)
            let bearer = ["authorization": "Bearer \(secret)"]
            #expect(try await site.browser().get("/api/v1/units/D11", headers: bearer).status == 200)
            let id = try await site.database.read { db in
                try db.value("SELECT id FROM api_token WHERE person = \(sara)", as: ID<TokenMark>.self)
            }
            #expect(try await browser.post("/me/tokens/\(id)/end", []).status == 303)
            #expect(try await site.browser().get("/api/v1/units/D11", headers: bearer).status == 401)
        }
    }
}
