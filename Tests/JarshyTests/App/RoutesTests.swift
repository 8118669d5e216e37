import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

/// Text files that tests compare with; `JARSHY_RECORD=1` writes them anew.
enum Snapshot {
    static func url(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Snapshots").appendingPathComponent(name)
    }

    static func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let url = url(name)
        if ProcessInfo.processInfo.environment["JARSHY_RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        let kept = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        let (old, new) = (kept.components(separatedBy: "\n"), text.components(separatedBy: "\n"))
        let difference = new.difference(from: old).map { change in
            switch change {
            case .insert(_, let line, _): "+ " + line
            case .remove(_, let line, _): "- " + line
            }
        }
        #expect(
            difference.isEmpty, "\(name) differs:\n\(difference.joined(separator: "\n"))",
            sourceLocation: sourceLocation)
    }
}

@Suite struct RoutesTests {
    @Test func `the table of routes and their policies is the one agreed on`() async throws {
        try Snapshot.expect(try await Commands.routes(home: nil), is: "routes.txt")
    }

    @Test func `every write of a person's is behind a policy, and what is open is known`() async throws {
        try await TestSite.run(.sqlite) { site in
            let open = site.app.site.routes.filter { $0.policy == .open || $0.policy == .anonymous }
            #expect(open.filter { $0.method != "GET" }.map(\.path).sorted() == [
                "/answers/{id}/press", "/api/v1/devices", "/ask", "/mail/resume/{token}", "/mail/stop/{token}",
                "/meetings/{id}/press", "/proposal", "/proposal/objection", "/propose", "/question", "/question/clarification",
                "/setup", "/signin", "/welcome",
            ])
            for route in open where route.path.hasPrefix("/api/") {
                #expect(["/api/openapi.json", "/api/v1/asked", "/api/v1/devices", "/api/v1/search"].contains(route.path))
            }
        }
    }

    @Test func `every page that needs somebody refuses nobody`() async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("olga", role: nil)
            let (stranger, nobody) = (site.browser(), site.browser())
            try await stranger.signIn("olga")
            for route in site.app.site.routes {
                let path = route.path.replacing(#/\{[a-z*]+\}/#, with: "x")
                let json = ["accept": "application/json", "x-csrf-token": stranger.csrf]
                switch route.policy {
                case .open, .anonymous: continue
                case .signedIn, .bearer:
                    #expect(
                        try await nobody.send(route.method, path, headers: json).status == 401,
                        "\(route.method) \(path)")
                case .right:
                    #expect(
                        try await nobody.send(route.method, path, headers: json).status == 401,
                        "\(route.method) \(path)")
                    #expect(
                        try await stranger.send(route.method, path, headers: json).status == 403,
                        "\(route.method) \(path)")
                }
            }
        }
    }

    @Test func `the API's document is JSON with every described path`() throws {
        var site = Routes()
        site.get(
            "/api/v1/things/{id}", .bearer,
            api: ApiNote(
                summary: "One \"thing\"", query: [.init(name: "q", about: "what", required: true)],
                answer: "{\"type\":\"object\"}")
        ) { _ in .text("") }
        site.post("/api/v1/things/{id}", .open, api: ApiNote(summary: "Make", body: "{}")) { _ in .text("") }
        let api = try JsonReader.read(Array(OpenApi.document(site.list).utf8))

        let path = try #require(api["paths"]?["/api/v1/things/{id}"])
        let (get, post) = (try #require(path["get"]), try #require(path["post"]))
        let names = get["parameters"]?.list?.compactMap { $0["name"]?.text }
        #expect(get["summary"]?.text == "One \"thing\"")
        #expect(names == ["id", "q"])
        #expect(get["security"] != nil)
        #expect(post["security"] == nil)
        #expect(post["requestBody"] != nil)
    }
}

@Suite struct HomeTests {
    @Test(arguments: Language.allCases) func `the home page says what this is to anybody`(
        language: Language
    ) async throws {
        try await TestSite.run(.sqlite) { site in
            let page = try await site.browser().get("/", headers: ["accept-language": language.rawValue])
            #expect(page.status == 200 && page.body.contains("/signin"))
            #expect(page.bytes.count < 30_000)
            #expect(!page.body.contains("⟦"))
        }
    }

    @Test func `the type of a problem is a real page`() async throws {
        try await TestSite.run(.sqlite) { site in
            let browser = site.browser()
            for slug in ["not-found", "forbidden", "too-many", "busy", "beyond", "day-outside"] {
                let page = try await browser.get("/problems/\(slug)")
                #expect(page.status == 200)
            }
            let odd = try await browser.get("/problems/A%20B")
            #expect(odd.status == 404)
        }
    }
}
