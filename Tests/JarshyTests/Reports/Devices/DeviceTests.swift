import Crypto
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Phones that sign")
struct DeviceTests {
    @Test("a phone signs in, its sealed work counts, and the server says what it has", arguments: Dialect.allCases)
    func works(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let ops = try [phone.file(1), phone.file(2, attendees: 3), phone.correct(3, of: 1, base: 1, attendees: 55)]
            let page = try await site.sync(ops, token: phone.token)
            #expect(page.statuses == ["accepted", "accepted", "accepted"], "\(page.body)")
            #expect(try await site.metric(1) == 58)
            let again = try await site.sync(ops, token: phone.token)
            #expect(again.bytes == page.bytes, "fault 1 and 2: a resend gets the same receipts")
            let own = try await site.browser().api(get: "/api/v1/devices/self", token: phone.token)
            #expect(own.json["last_n"]?.integer == 3 && own.json["missing"]?.list?.isEmpty == true, "\(own.body)")
        }
    }

    @Test("a wrong password is counted as at sign-in and makes no device; a key must be one", arguments: Dialect.allCases)
    func signIn(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let key = P256.Signing.PrivateKey()
            for _ in 0..<5 {
                let page = try await TestPhone.signIn("aigul", password: "not the password", key: key, on: site)
                #expect(page.status == 422, "\(page.body)")
            }
            let blocked = try await TestPhone.signIn("aigul", password: TestSite.password, key: key, on: site)
            #expect(blocked.status == 429)
            let noKey = try await site.browser().send(
                "POST", "/api/v1/devices", headers: ["content-type": "application/json"],
                body: Array("{\"login\":\"aigul\",\"password\":\"x\",\"name\":\"p\",\"public_key\":\"BBBB\"}".utf8))
            #expect(noKey.status == 422 && noKey.body.contains("not-key"))
            #expect(try await site.database.read { db in try db.value("SELECT count(*) FROM device", as: Int64.self) } == 0)
        }
    }

    @Test(
        "fault 31, 32: what is not signed by its author's key is refused, and nobody's operation id is used up",
        arguments: Dialect.allCases)
    func forgeries(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("marat", role: "activist", unit: "P111")
            let (phone, other) = (try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("marat", on: site))
            let sealed = try phone.file(1)
            let unsigned = Json.object((try other.file(5).members ?? []).filter { $0.key != "sig" })
            let forged = [
                sealed.altered("unit", .text("P112")), sealed.altered("key", .text(other.id.description)),
                sealed.altered("author", .text(other.person.description)), unsigned,
                sealed.altered("sig", .text(Base64URL.encoded([UInt8](repeating: 7, count: 64)))),
            ]
            for operation in forged {
                let page = try await site.sync([operation], token: other.token)
                #expect(page.statuses == ["refused"] && page.body.contains("signature"), "\(page.body)")
            }
            #expect(try await site.database.read { db in try db.value("SELECT count(*) FROM inbox", as: Int64.self) } == 0)
            let page = try await site.sync([sealed], token: phone.token)
            #expect(page.statuses == ["accepted"], "\(page.body)")
        }
    }

    @Test("fault 6: a courier's phone brings another's work, which counts once and for its author", arguments: Dialect.allCases)
    func courier(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let aigul = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("marat", role: "activist", unit: "P211")
            let (phone, courier) = (try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("marat", on: site))
            let ops = try [phone.file(1), courier.file(7, unit: "P211", attendees: 2), phone.file(2, attendees: 10)]
            let carried = try await site.sync(ops, token: courier.token)
            #expect(carried.statuses == ["accepted", "accepted", "accepted"], "\(carried.body)")
            let own = try await site.sync([ops[0], ops[2]], token: phone.token)
            #expect(own.statuses == ["accepted", "accepted"])
            #expect(try await site.metric(1) == 69)
            let authors = try await site.database.read { db in
                try db.all(PersonID.self, "SELECT author FROM report WHERE id IN \([ReportID(Ops.id(1))!, ReportID(Ops.id(2))!])")
            }
            #expect(authors == [aigul, aigul])
        }
    }

    @Test(
        "fault 14, 31: what an ended key signed before its end is taken for review, what it signs later is refused",
        arguments: Dialect.allCases)
    func ended(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("ainur", role: "coordinator", unit: "KZ")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let before = try phone.file(1)
            site.clock.advance(seconds: 60)
            let head = site.browser()
            try await head.signIn("ainur")
            let list = try await head.get("/devices")
            list.expectWhole("/devices")
            let end = try await head.post("/devices/\(phone.id)/end", [])
            #expect(end.status == 303)
            let refused = try await site.sync([before], token: phone.token)
            #expect(refused.status == 401, "the credential itself is over; the phone keeps what it has")
            let carried = try await TestPhone.signIn("aigul", on: site)
            let late = try phone.seal(
                [("kind", .text("report.void")), ("report", .text(Ops.id(1))), ("base_rev", .integer(1)), ("reason", .text("mistake"))],
                id: 2, serverToken: carried.serverToken)
            let page = try await site.sync([before, late], token: carried.token)
            #expect(page.statuses == ["accepted", "refused"], "\(page.body)")
            #expect(page.body.contains("\"review\"") && page.body.contains("key-ended"), "\(page.body)")
        }
    }

    @Test("fault 10, 31: gaps and forks are shown to the head, and keep nothing from counting", arguments: Dialect.allCases)
    func gaps(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("ainur", role: "secretary", unit: "D11")
            _ = try await site.person("far", role: "secretary", unit: "D21")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let ops = try (1...7).map { try phone.file(UInt64($0), attendees: Int64($0)) }
            _ = try await site.sync([ops[0], ops[4], ops[6]], token: phone.token)
            let own = try await site.browser().api(get: "/api/v1/devices/self", token: phone.token)
            #expect(own.body.contains("\"missing\":[[2,4],[6,6]]"), "\(own.body)")
            // The phone is set back from a copy made after its third operation.
            phone.next = 4
            phone.last = nil
            let forked = try await site.sync([try phone.file(20, attendees: 100), try phone.file(21, attendees: 1000)], token: phone.token)
            #expect(forked.statuses == ["accepted", "accepted"])
            let head = site.browser()
            try await head.signIn("ainur")
            let page = try await head.get("/devices")
            page.expectWhole("/devices")
            #expect(page.body.contains("2–3, 6"), "\(page.body)")
            #expect(page.body.contains("old copy"))
            let stranger = site.browser()
            try await stranger.signIn("far")
            #expect(!(try await stranger.get("/devices")).body.contains("Galaxy"))
            #expect(try await stranger.post("/devices/\(phone.id)/end", []).status == 404)
        }
    }
}
