import JarshyKit
import Testing

@testable import Jarshy

@Suite struct RouteTableTests {
    private let table: RouteTable = {
        var site = Routes()
        site.get("/", .open) { _ in .text("home") }
        site.get("/people", .open) { _ in .text("list") }
        site.get("/people/import", .open) { _ in .text("import") }
        site.get("/people/{id}", .open) { _ in .text("one") }
        site.post("/people/{id}/roles/{grant}/end", .open) { _ in .text("end") }
        site.get("/static/{hash}/{path*}", .anonymous) { _ in .text("file") }
        return RouteTable(site.list)
    }()

    private func path(_ method: String, _ path: String) -> (String, [String: String])? {
        guard case .route(let route, let parameters) = table.match(method, path) else { return nil }
        return (route.path, parameters)
    }

    @Test func `a word wins over a parameter, and parameters are decoded`() {
        #expect(path("GET", "/")?.0 == "/")
        #expect(path("GET", "/people/import")?.0 == "/people/import")
        #expect(path("GET", "/people/%D2%9B%20a")?.1 == ["id": "қ a"])
        #expect(path("POST", "/people/1/roles/2/end")?.1 == ["id": "1", "grant": "2"])
        #expect(path("GET", "/static/ab/js/app.js")?.1 == ["hash": "ab", "path": "js/app.js"])
        #expect(path("HEAD", "/people")?.0 == "/people")
    }

    @Test(arguments: ["/nothing", "/people/", "/people/1/2", "//", "/people/%FF", "/people/%2"])
    func `what is not listed does not match`(path: String) {
        guard case .nothing = table.match("GET", path) else {
            Issue.record("\(path) matched")
            return
        }
    }

    @Test func `another method is told which ones there are`() {
        guard case .otherMethods(let methods) = table.match("POST", "/people") else {
            Issue.record("no 405")
            return
        }
        #expect(methods == ["GET"])
    }
}
