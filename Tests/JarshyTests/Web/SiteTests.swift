import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct SiteTests {
    struct Secretive: Error { let name = "Aigul Tursynova" }

    private static func extra(_ site: inout Routes) {
        site.get("/test/open", .open) { visit in .text(visit.actor?.name ?? "nobody") }
        site.get("/test/in", .signedIn) { visit in .text(try visit.require().name) }
        site.get("/test/right", .right(.manageUnits)) { _ in .text("ok") }
        site.get("/api/v1/test", .bearer) { visit in .json("{\"kind\":\"\(visit.actor?.kind.rawValue ?? "")\"}") }
        site.post("/api/v1/test", .bearer, limit: .sync) { visit in
            _ = try visit.json()
            return .json("{}")
        }
        site.post("/test/form", .open) { visit in .text(visit.form.text("a") + "|" + (visit.files.first?.name ?? "")) }
        site.get("/test/broken", .open) { _ in throw Secretive() }
        site.get("/test/busy", .open) { _ in throw StorageError.busy("locked") }
        site.get("/test/long", .open) { _ in .text(String(repeating: "figures ", count: 1000)) }
        site.get("/test/tagged", .open) { _ in Reply.json("{\"a\":1}").etag("v1") }
        site.get("/test/live", .signedIn) { visit in .events(try visit.live.subscribe(to: nil, owner: "a")) }
    }

    private func run(
        _ options: SiteOptions = SiteOptions(), _ body: @escaping @Sendable (TestSite) async throws -> Void
    ) async throws {
        try await TestSite.run(.sqlite, options: options, routes: SiteTests.extra, body)
    }

    @Test func `policies keep strangers out and send a browser to sign in and back`() async throws {
        try await run { site in
            try await site.person("olga", role: "observer")
            let browser = site.browser()

            #expect(try await browser.get("/test/open").body == "nobody")
            let sent = try await browser.get("/test/in?a=1")
            #expect(sent.status == 303)
            #expect(sent.location == "/signin?next=%2Ftest%2Fin%3Fa%3D1")
            #expect(try await browser.get("/test/in", headers: ["accept": "application/json"]).status == 401)
            #expect(try await browser.get("/api/v1/test").status == 401)

            #expect(
                try await browser.post(
                    "/signin", [("login", "olga"), ("password", TestSite.password), ("next", "/test/in?a=1")]
                ).location == "/test/in?a=1")
            #expect(try await browser.get("/test/in").body == "Olga")
            let refused = try await browser.get("/test/right")
            #expect(refused.status == 403)
            #expect(refused.body.contains("You do not have the right"))
            #expect(try await browser.get("/api/v1/test").body == "{\"kind\":\"person\"}")
        }
    }

    @Test func `a session's write needs its token; another site's page is refused`() async throws {
        try await run { site in
            try await site.person("olga", role: "observer")
            let browser = site.browser()
            try await browser.signIn("olga")
            let json = ["content-type": "application/json", "accept": "application/json"]

            #expect(try await browser.send("POST", "/api/v1/test", headers: json, body: Array("{}".utf8)).status == 403)
            let right = json.merging(["x-csrf-token": browser.csrf]) { $1 }
            #expect(
                try await browser.send("POST", "/api/v1/test", headers: right, body: Array("{}".utf8)).status == 200)
            for head in [
                ["sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-site"], ["origin": "https://evil.kz"],
                ["origin": "null"],
            ] {
                let page = try await browser.send(
                    "POST", "/api/v1/test", headers: right.merging(head) { $1 }, body: Array("{}".utf8))
                #expect(page.status == 403 && page.body.contains("/problems/cross-site"))
            }
            #expect(try await browser.post("/me/tokens", [("csrf", "wrong"), ("name", "x")]).status == 403)
            #expect(
                try await browser.post("/test/form", [("a", "1")], headers: ["sec-fetch-site": "cross-site"]).status
                    == 403)
        }
    }

    @Test func `bad bodies are told what is wrong with them`() async throws {
        try await run { site in
            let browser = site.browser()
            let form = ["content-type": "application/x-www-form-urlencoded"]

            #expect(
                try await browser.send("POST", "/test/form", headers: form, body: Array("a=%FF".utf8)).status == 400)
            let big = [UInt8](repeating: 97, count: BodyLimit.form.rawValue + 1)
            #expect(try await browser.send("POST", "/test/form", headers: form, body: big).status == 413)
            #expect(try await browser.upload("/test/form", field: "f", name: "т.csv", [1]).body == "|т.csv")

            try await site.person("olga", role: "observer")
            try await browser.signIn("olga")
            let json = ["content-type": "application/json", "x-csrf-token": browser.csrf]
            let page = try await browser.send("POST", "/api/v1/test", headers: json, body: Array("{\"a\":\n 1,}".utf8))
            #expect(page.status == 400)
            #expect(page.headers["content-type"] == "application/problem+json")
            #expect(page.body.contains("\"type\":\"/problems/bad-json\"") && page.body.contains("line 2"))
        }
    }

    @Test func `an unknown error says nothing of itself and is logged with the request's id`() async throws {
        try await run { site in
            let page = try await site.browser().get("/test/broken", headers: ["accept": "application/json"])

            #expect(page.status == 500)
            #expect(!page.body.contains("Tursynova"))
            let id = try #require(page.headers["x-request-id"])
            #expect(page.body.contains(id))
            #expect(site.log.all.contains { $0.hasPrefix("error") && $0.contains(id) && $0.contains("Secretive") })
        }
    }

    @Test func `a busy database is 503 with a time to come back`() async throws {
        try await run { site in
            let page = try await site.browser().get("/test/busy")
            #expect(page.status == 503)
            #expect(page.headers["retry-after"] == "2")
        }
    }

    @Test(arguments: Language.allCases) func `a problem is a page in the reader's language`(
        language: Language
    ) async throws {
        try await run { site in
            let page = try await site.browser().get("/nowhere", headers: ["accept-language": language.rawValue])
            #expect(page.status == 404)
            #expect(page.body.contains("<html lang=\"\(language.rawValue)\">"))
            #expect(!page.body.contains("⟦"))
            let words = try Pages(home: try Home()).words(language)
            #expect(page.body.contains(words("problem.not_found")))
        }
    }

    @Test func `another method is 405 with the ones there are, HEAD is GET without the body`() async throws {
        try await run { site in
            let browser = site.browser()
            let page = try await browser.send("DELETE", "/test/open")
            #expect(page.status == 405)
            #expect(page.headers["allow"] == "GET")
            let head = try await browser.send("HEAD", "/test/long")
            #expect(head.status == 200 && head.bytes.isEmpty)
        }
    }

    @Test func `text is compressed for those who take it, a known version is not sent again`() async throws {
        try await run { site in
            let browser = site.browser()
            let plain = try await browser.get("/test/long")
            let packed = try await browser.get("/test/long", headers: ["accept-encoding": "br, gzip"])
            #expect(plain.headers["content-encoding"] == nil && plain.bytes.count == 8000)
            #expect(packed.headers["content-encoding"] == "gzip" && packed.bytes.count < 400)
            #expect(packed.bytes.starts(with: [0x1F, 0x8B]))
            #expect(try await browser.get("/test/long", headers: ["accept-encoding": "gzip;q=0"]).bytes.count == 8000)

            let tagged = try await browser.get("/test/tagged")
            #expect(tagged.headers["etag"] == "\"v1\"")
            let again = try await browser.get("/test/tagged", headers: ["if-none-match": "W/\"v1\""])
            #expect(again.status == 304 && again.bytes.isEmpty)
        }
    }

    @Test func `every answer carries the security headers, and no page has inline script or style`() async throws {
        try await run { site in
            // What only pages load goes without what governs pages.
            for path in ["/static/x/app.css", "/static/x/js/app.js"] {
                let part = try await site.browser().get(path)
                #expect(part.status == 200 && part.headers["content-security-policy"] == nil, "\(path)")
                #expect(part.headers["x-content-type-options"] == "nosniff")
                #expect(part.headers["cross-origin-resource-policy"] == "same-origin")
            }
            for path in ["/", "/signin", "/nowhere", "/test/open", "/static/x/icons/favicon.svg", "/static/x/none.js", "/healthz"] {
                let page = try await site.browser().get(path)
                #expect(page.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true, "\(path)")
                #expect(page.headers["x-content-type-options"] == "nosniff")
                #expect(page.headers["strict-transport-security"] == nil)
                #expect(
                    !page.body.contains("<script>") && !page.body.contains(" style=")
                        && !page.body.contains(" onclick="))
            }
        }
        try await run(SiteOptions(behindProxy: true, https: true)) { site in
            try await site.person("olga", role: "observer")
            let page = try await site.browser().post("/signin", [("login", "olga"), ("password", TestSite.password)])
            #expect(page.headers["strict-transport-security"] != nil)
            let cookie = try #require(page.cookies.first { $0.hasPrefix("__Host-session=") })
            for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] { #expect(cookie.contains(part)) }
        }
    }

    @Test func `the language is asked for, kept, the person's own, the browser's, Kazakh`() async throws {
        try await run { site in
            let browser = site.browser()
            func language(_ path: String, _ headers: [String: String] = [:]) async throws -> String {
                let body = try await browser.get(path, headers: headers).body
                return String(body[body.range(of: "<html lang=\"")!.upperBound...].prefix(2))
            }
            #expect(try await language("/") == "kk")
            #expect(try await language("/", ["accept-language": "ru-KZ,ru;q=0.9"]) == "ru")
            try await site.person("olga", role: "observer", language: .en)
            try await browser.signIn("olga")
            #expect(try await language("/", ["accept-language": "ru"]) == "en")
            #expect(try await language("/?lang=kk") == "kk")
            #expect(try await language("/", ["accept-language": "ru"]) == "kk")
        }
    }

    @Test func `the log says what was done and never who or what`() async throws {
        try await run { site in
            let id = try await site.person("olga", name: "Ольга Шевчук", role: "observer")
            let browser = site.browser()
            try await browser.signIn("olga")
            _ = try await browser.get("/test/in?q=secret")

            let line = try #require(site.log.all.last { $0.contains("route=/test/in") })
            #expect(line.contains("actor=\(id)") && line.contains("status=200"))
            let statements = try #require(line.split(separator: " ").first { $0.hasPrefix("statements=") })
            #expect(Int(statements.dropFirst(11))! <= 3, "who comes is found in at most three statements")
            for line in site.log.all {
                #expect(
                    !line.contains("Шевчук") && !line.contains("secret") && !line.contains(TestSite.password), "\(line)"
                )
            }
        }
    }

    @Test func `a live page is told of a change and the stream ends with the server`() async throws {
        try await run { site in
            try await site.person("olga", role: "observer")
            let browser = site.browser()
            try await browser.signIn("olga")
            async let page = browser.get("/test/live")
            while site.app.live.subscribers == 0 { await Task.yield() }
            site.app.live.publish(units: [UnitNo(1)])
            site.app.live.close()
            let answer = try await page
            #expect(answer.headers["content-type"] == "text/event-stream")
            #expect(answer.headers["content-encoding"] == nil)
            #expect(answer.body.contains("data: changed"))
        }
    }

    @Test(arguments: Dialect.allCases) func `health, readiness, metrics and the API's description`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            let browser = site.browser()
            #expect(try await browser.get("/healthz").status == 200)
            #expect(try await browser.get("/readyz").status == 200)
            #expect(
                try await browser.get("/metrics").body.contains(
                    "http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1"))
            let api = try JsonReader.read(try await browser.get("/api/openapi.json").bytes)
            #expect(api["openapi"]?.text == "3.1.0")
            let paths = try #require(api["paths"]?.members)
            #expect(paths.contains { $0.key == "/api/v1/units/{code}" })
            try await site.database.write { db in
                try db.run("DELETE FROM migration WHERE name = '0005-rollup.sql'")
            }
            #expect(try await browser.get("/readyz").status == 503)
        }
    }
}
