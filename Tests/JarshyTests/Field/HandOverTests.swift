import Crypto
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// A queue brought on the site by somebody else.
@Suite("Handing over a phone's queue")
struct HandOverTests {
    private static let head = "{\"format\":\"jarshy-queue\",\"version\":1}\n"

    private static func file(_ ops: [Json]) -> String {
        head + ops.map { String(decoding: $0.canonical(), as: UTF8.self) + "\n" }.joined()
    }

    private static func courier(_ site: TestSite) async throws -> TestBrowser {
        _ = try await site.person("marat", role: "observer", unit: "P211")
        let courier = site.browser()
        try await courier.signIn("marat")
        return courier
    }

    @Test("fault 6, 7: a courier's file counts for its author, and once, whoever else brings it", arguments: Dialect.allCases)
    func file(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let aigul = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let ops = try [phone.file(1), phone.file(2, attendees: 3), phone.correct(3, of: 1, base: 1, attendees: 55)]
            let courier = try await HandOverTests.courier(site)
            let form = try await courier.get("/field-import")
            form.expectWhole("/field-import")
            let unsigned = Json.object((try phone.file(9).members ?? []).filter { $0.key != "sig" })
            let text = HandOverTests.file([ops[0], ops[1]]) + String(decoding: unsigned.canonical(), as: UTF8.self) + "\nnoise\n"
            let page = try await courier.upload("/field-import", field: "file", name: "queue.jsonl", Array(text.utf8))
            page.expectWhole("/field-import")
            #expect(try HandOverTests.counts(page) == [2, 2], "accepted, unreadable: \(page.body)")
            #expect(try await site.metric(1) == 60)
            let own = try await site.sync(ops, token: phone.token)
            #expect(own.statuses == ["accepted", "accepted", "accepted"], "\(own.body)")
            #expect(try await site.metric(1) == 58, "fault 6: the file and the phone count once together")
            let again = try await courier.upload(
                "/field-import", field: "file", name: "queue.jsonl", Array(HandOverTests.file(ops).utf8))
            #expect(try HandOverTests.counts(again) == [0, 3], "nothing new, three known: \(again.body)")
            let authors = try await site.database.read { db in try db.all(PersonID.self, "SELECT author FROM report ORDER BY id") }
            #expect(authors == [aigul, aigul])
        }
    }

    @Test("fault 31: what a courier altered is refused and not kept, and the rest is taken", arguments: Dialect.allCases)
    func forged(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let (one, two) = (try phone.file(1), try phone.file(2, attendees: 4))
            let courier = try await HandOverTests.courier(site)
            let text = HandOverTests.file([one.altered("day", .text("2026-01-09")), two])
            let page = try await courier.upload("/field-import", field: "file", name: "q", Array(text.utf8))
            #expect(try HandOverTests.counts(page) == [1] && page.body.contains("No. 1:"), "\(page.body)")
            let later = try await courier.upload("/field-import", field: "file", name: "q", Array(HandOverTests.file([one]).utf8))
            #expect(try HandOverTests.counts(later) == [1], "its id was not used up: \(later.body)")
        }
    }

    @Test("QR texts may be pasted in any order and twice; what is missing or spoilt is named and nothing is taken")
    func pasted() async throws {
        try await TestSite.run(.sqlite) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let text = HandOverTests.file(try [phone.file(1), phone.file(2)])
            let parts = HandOverTests.frames(text, part: 200)
            #expect(parts.count > 3)
            let courier = try await HandOverTests.courier(site)
            func paste(_ texts: [String]) async throws -> TestPage {
                _ = try await courier.get("/field-import")
                return try await courier.post("/field-import", [("queue", texts.joined(separator: "\r\n"))])
            }
            let partly = try await paste(Array(parts.dropFirst().dropLast()))
            #expect(partly.status == 422 && partly.body.contains("1, \(parts.count)"), "\(partly.body)")
            #expect(partly.body.contains("JQ1:2:"), "what was pasted stays")
            var spoilt = parts
            spoilt[1] = String(parts[1].dropLast()) + (parts[1].hasSuffix("A") ? "B" : "A")
            #expect(try await paste(spoilt).status == 422)
            #expect(try await paste(["hello"]).status == 422)
            #expect(try await paste([""]).status == 422)
            #expect(try await site.metric(1) == 0)
            let whole = try await paste(Array(parts.reversed()) + [parts[0]])
            #expect(try HandOverTests.counts(whole) == [2], "\(whole.body)")
            #expect(try await site.metric(1) == 114)
        }
    }

    @Test("what unpacks to more than the limit, or is cut, is no queue")
    func bounded() throws {
        let bytes = [UInt8](repeating: 65, count: 300_000)
        let packed = try #require(HandOverTests.deflated(bytes))
        #expect(Inflate.raw(packed, limit: 300_000) == bytes)
        #expect(Inflate.raw(packed, limit: 299_999) == nil)
        #expect(Inflate.raw(Array(packed.dropLast(3)), limit: 300_000) == nil)
        #expect(Inflate.raw([], limit: 10) == nil)
        #expect(Inflate.raw([255, 255, 255], limit: 10) == nil)
    }

    /// The numbers of the result, in their order on the page.
    private static func counts(_ page: TestPage) throws -> [Int] {
        page.body.matches(of: /<dd>(\d+)<\/dd>/).compactMap { Int($0.1) }
    }

    /// Raw DEFLATE: the gzip wrapping of ten bytes before and eight after taken off.
    private static func deflated(_ bytes: [UInt8]) -> [UInt8]? { Gzip.packed(bytes).map { Array($0.dropFirst(10).dropLast(8)) } }

    private static func frames(_ text: String, part: Int) -> [String] {
        let packed = Base64URL.encoded(deflated(Array(text.utf8)) ?? [])
        let sum = Hex.encoded(Array(SHA256.hash(data: Array(text.utf8)))).prefix(16)
        let pieces = stride(from: 0, to: packed.count, by: part).map { at in
            String(Array(packed)[at..<min(at + part, packed.count)])
        }
        return pieces.enumerated().map { "JQ1:\($0.offset + 1):\(pieces.count):\(sum):\($0.element)" }
    }
}
