import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("POST /api/v1/sync")
struct SyncTests {
    private static func op(_ n: UInt64, _ more: String = "", unit: String = "P111", attendees: String = "57") -> String
    {
        """
        {"op":"\(Ops.id(n))","kind":"report.file","campaign":"test","unit":"\(unit)","day":"2026-01-10",\
        "activity":"meeting","audience":"residents","channel":"in_person",\
        "metrics":{"events":1,"attendees":\(attendees)}\(more)}
        """
    }

    private static func body(_ ops: [String]) -> String {
        "{\"device\":\"d1\",\"ops\":[\(ops.joined(separator: ","))]}"
    }

    @Test(
        "outcomes in the order of the operations; a resend gets the same bytes and counts nothing twice",
        arguments: Dialect.allCases)
    func happy(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "secretary", unit: "D11")
            let (browser, token) = (site.browser(), try await site.token("ainur"))
            let text = Self.body([Self.op(1), Self.op(2, attendees: "3"), Self.op(3, unit: "P112")])
            let first = try await browser.api("/api/v1/sync", token: token, text)
            #expect(first.status == 200 && first.statuses == ["accepted", "accepted", "accepted"], "\(first.body)")
            let ids = first.json["outcomes"]?.list?.map { $0["op"]?.text }
            #expect(ids == [Ops.id(1), Ops.id(2), Ops.id(3)])
            #expect(first.json["outcomes"]?.list?.map { $0["seq"]?.integer } == [1, 2, 3])
            let again = try await browser.api("/api/v1/sync", token: token, text)
            #expect(again.bytes == first.bytes)
            // The same operation with its keys in another order is the same operation.
            let turned = try await browser.api(
                "/api/v1/sync", token: token,
                Self.body([
                    """
                    {"metrics":{"attendees":57,"events":1},"channel":"in_person","audience":"residents","activity":"meeting",\
                    "day":"2026-01-10","unit":"P111","campaign":"test","kind":"report.file","op":"\(Ops.id(1))"}
                    """
                ]))
            #expect(first.body.contains(turned.body.dropFirst("{\"outcomes\":[".count).dropLast(2)))
            #expect(try await site.metric(1) == 57 + 3 + 57)
        }
    }

    @Test("a token that may only read is refused whole, and spends no operation's id", arguments: Dialect.allCases)
    func readToken(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let person = try await site.person("ainur", role: "secretary", unit: "D11")
            let browser = site.browser()
            let now = site.clock.now
            let read = try await site.database.write { db in
                try TokenRows.add(
                    person, name: "board", scope: .read, expires: now.advanced(seconds: 3600),
                    by: .operator, at: now, in: db)
            }
            let refused = try await browser.api("/api/v1/sync", token: read, Self.body([Self.op(1)]))
            #expect(refused.status == 403, "\(refused.body)")
            let token = try await site.token("ainur")
            let sent = try await browser.api("/api/v1/sync", token: token, Self.body([Self.op(1)]))
            #expect(sent.statuses == ["accepted"], "\(sent.body)")
        }
    }

    @Test("other content under a known id is a mismatch, told and never applied", arguments: Dialect.allCases)
    func mismatch(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "secretary", unit: "D11")
            let (browser, token) = (site.browser(), try await site.token("ainur"))
            _ = try await browser.api("/api/v1/sync", token: token, Self.body([Self.op(1)]))
            let other = try await browser.api("/api/v1/sync", token: token, Self.body([Self.op(1, attendees: "58")]))
            #expect(other.status == 200 && other.statuses == ["mismatch"])
            #expect(try await site.metric(1) == 57)
        }
    }

    @Test("refusals, parked ones and bad ids stand in their places and hurt no neighbour", arguments: Dialect.allCases)
    func mixed(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "secretary", unit: "D11")
            let (browser, token) = (site.browser(), try await site.token("ainur"))
            let correction = """
                {"op":"\(Ops.id(50))","kind":"report.correct","report":"\(Ops.id(99))","base_rev":1,"metrics":{"events":2},\
                "reason":"typo"}
                """
            let ops = [
                Self.op(1), "7", Self.op(2, ",\"colour\":\"red\""), "{\"op\":\"no uuid\",\"kind\":\"report.file\"}",
                correction,
                Self.op(3, unit: "P211"), Self.op(4, attendees: "-5"), Self.op(5, ",\"note\":\"a\\u0000b\""),
                Self.op(6),
            ]
            let page = try await browser.api("/api/v1/sync", token: token, Self.body(ops))
            #expect(
                page.statuses == [
                    "accepted", "refused", "refused", "refused", "parked", "refused", "refused", "refused", "accepted",
                ], "\(page.body)")
            let outcomes = try #require(page.json["outcomes"]?.list)
            func fault(_ index: Int, _ key: String) -> String? {
                outcomes[index]["problem"]?["errors"]?.list?.first?[key]?.text
            }
            #expect(fault(1, "field") == "ops[1]")
            #expect(fault(2, "type") == "unknown-key" && fault(2, "field") == "colour")
            #expect(outcomes[3]["op"]?.text == "no uuid" && fault(3, "field") == "ops[3].op")
            #expect(outcomes[5]["problem"]?["status"]?.integer == 404)
            #expect(fault(6, "field") == "metrics.attendees")
            #expect(fault(7, "field") == "ops[7].note" && fault(7, "type") == "zero-byte")
            #expect(try await site.metric(1) == 57 + 57)
            // What had no id is not stored; a parked one is judged anew when its report has come.
            #expect(try await site.count("SELECT count(*) FROM inbox") == 5)
            let later = try await browser.api(
                "/api/v1/sync", token: token, Self.body([Self.op(99), correction]))
            #expect(later.statuses == ["accepted", "accepted"], "\(later.body)")
        }
    }

    @Test(
        "what is no envelope is told with the place of its fault, and nothing is applied", arguments: Dialect.allCases)
    func envelope(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "secretary", unit: "D11")
            let (browser, token) = (site.browser(), try await site.token("ainur"))
            let broken = try await browser.api("/api/v1/sync", token: token, "{\"device\":\"d1\",\n \"ops\":[{]}")
            #expect(broken.status == 400 && broken.headers["content-type"] == "application/problem+json")
            #expect(broken.json["line"]?.integer == 2 && broken.json["column"]?.integer == 10)
            #expect(broken.json["offset"]?.integer == 25, "\(broken.body)")
            let bytes = Array("{\"ops\":[\"".utf8) + [0xC3, 0x28] + Array("\"]}".utf8)
            let utf8 = try await browser.send(
                "POST", "/api/v1/sync", headers: ["authorization": "Bearer \(token)"], body: bytes)
            #expect(utf8.status == 400 && utf8.json["offset"]?.integer == 9)
            for (text, field) in [
                ("[]", ""), ("{\"device\":\"d\"}", "ops"), ("{\"ops\":7}", "ops"),
                ("{\"device\":7,\"ops\":[]}", "device"),
            ] {
                let page = try await browser.api("/api/v1/sync", token: token, text)
                #expect(page.status == 400, "\(text)")
                #expect(page.json["errors"]?.list?.first?["field"]?.text == field, "\(text)")
            }
            let many = try await browser.api("/api/v1/sync", token: token, Self.body((1...51).map { Self.op($0) }))
            #expect(many.status == 413)
            #expect(try await site.count("SELECT count(*) FROM report") == 0)
            let most = try await browser.api("/api/v1/sync", token: token, Self.body((1...50).map { Self.op($0) }))
            #expect(most.statuses == [String](repeating: "accepted", count: 50))
            let large = try await browser.api("/api/v1/sync", token: token, String(repeating: " ", count: 1_048_577))
            #expect(large.status == 413)
            let none = try await browser.api("/api/v1/sync", token: token, "{\"ops\":[]}")
            #expect(none.body == "{\"outcomes\":[]}")
        }
    }

    @Test("a session may sync with its CSRF header; without it, or without anybody, nothing is taken")
    func doors() async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("ainur", role: "secretary", unit: "D11")
            let browser = site.browser()
            let body = Array(Self.body([Self.op(1)]).utf8)
            #expect(try await browser.send("POST", "/api/v1/sync", body: body).status == 401)
            try await browser.signIn("ainur")
            #expect(try await browser.send("POST", "/api/v1/sync", body: body).status == 403)
            let page = try await browser.send(
                "POST", "/api/v1/sync", headers: ["x-csrf-token": browser.csrf, "sec-fetch-site": "same-origin"],
                body: body)
            #expect(page.statuses == ["accepted"], "\(page.body)")
            let wrong = try await browser.api("/api/v1/sync", token: "nonsense", "{\"ops\":[]}")
            #expect(wrong.status == 401 && wrong.json["status"]?.integer == 401)
        }
    }

    @Test("GET /api/v1/time seals the moment for whoever asks", arguments: Dialect.allCases)
    func time(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let person = try await site.person("ainur", role: "secretary", unit: "D11")
            let token = try await site.token("ainur")
            let page = try await site.browser().api(get: "/api/v1/time", token: token)
            #expect(page.json["now"]?.integer == site.clock.now.milliseconds)
            let sealed = try #require(page.json["server_token"]?.text)
            let secret = try await site.database.write { db in try ServerToken.secret(in: db) }
            #expect(ServerToken.moment(sealed, person: person, secret: secret) == site.clock.now)
            #expect(ServerToken.moment(sealed, person: PersonID(high: 1, low: 1), secret: secret) == nil)
        }
    }

    @Test(
        "GET /api/v1/reports/{id} tells the report, its versions and its entries; 404 outside the scope",
        arguments: Dialect.allCases)
    func report(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let person = try await site.person("ainur", role: "secretary", unit: "D11")
            try await site.person("erlan", role: "secretary", unit: "D21")
            let day = EngineWorld.firstDay
            try await site.file(
                [
                    Ops.file(
                        1, "P111", day: day,
                        extra: [
                            .init(
                                "credits",
                                .list([.object([.init("unit", .text("P112")), .init("role", .text("co-host"))])]))
                        ]), Ops.correct(2, 1, base: 1, attendees: 30),
                ], by: person)
            let (browser, token) = (site.browser(), try await site.token("ainur"))
            let page = try await browser.api(get: "/api/v1/reports/\(Ops.id(1))", token: token)
            let json = page.json
            #expect(json["id"]?.text == Ops.id(1) && json["unit"]?.text == "P111" && json["day"]?.text == "2026-01-01")
            #expect(json["rev"]?.integer == 2 && json["band"]?.text == "submitted" && json["voided"]?.bool == false)
            #expect(json["metrics"]?["attendees"]?.integer == 30 && json["metrics"]?["questions"] == nil)
            #expect(json["revisions"]?.list?.map { $0["kind"]?.text } == ["file", "correct"])
            #expect(json["revisions"]?.list?.last?["reason"]?.text == "typo")
            let sides = json["entries"]?.list?.map {
                "\($0["seq"]?.integer ?? 0):\($0["side"]?.integer ?? 0):\($0["metrics"]?["attendees"]?.integer ?? 0)"
            }
            #expect(sides == ["1:1:20", "2:-1:-20", "2:1:30"])
            #expect(json["credits"]?.list?.first?["unit"]?.text == "P112")
            let other = try await site.token("erlan")
            #expect(try await browser.api(get: "/api/v1/reports/\(Ops.id(1))", token: other).status == 404)
            #expect(try await browser.api(get: "/api/v1/reports/\(Ops.id(9))", token: token).status == 404)
            #expect(try await browser.api(get: "/api/v1/reports/nonsense", token: token).status == 404)
        }
    }
}
