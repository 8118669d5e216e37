import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("What may be done with a report")
struct ReportDeedsTests {
    private static let day = EngineWorld.firstDay.advanced(by: 9)

    private static func correction(
        _ op: UInt64, base: String = "1", attendees: String, reason: String = "typo", _ more: [(String, String)] = []
    ) -> [(String, String)] {
        [
            ("op", Ops.id(op)), ("base_rev", base), ("metrics.events", "1"), ("metrics.attendees", attendees),
            ("day", "\(day)"),
            ("audience", "residents"), ("channel", "in_person"), ("reason", reason),
        ] + more
    }

    @Test("a correction needs a reason, applies once, and shows what changed", arguments: Dialect.allCases)
    func corrects(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let person = try await site.person("aray", role: "activist", unit: "P111")
            try await site.file([Ops.file(1, "P111", day: Self.day, extra: [.init("place", .text("D11"))])], by: person)
            let browser = site.browser()
            try await browser.signIn("aray")
            let url = "/reports/\(Ops.id(1))"
            let noReason = try await browser.post("\(url)/correction", Self.correction(2, attendees: "33", reason: ""))
            #expect(noReason.status == 422 && noReason.body.contains("correct-reason-error"))
            #expect(noReason.value(of: "metrics.attendees") == "33" && noReason.body.contains("id=\"correct\" open"))
            let noWords = try await browser.post(
                "\(url)/correction", Self.correction(2, attendees: "33", reason: "other"))
            #expect(noWords.status == 422 && noWords.body.contains("correct-reason_text-error"))
            for _ in 0..<2 {
                let done = try await browser.post(
                    "\(url)/correction", Self.correction(3, attendees: "33", [("place", "")]))
                #expect(done.status == 303 && done.location == url, "\(done.body)")
            }
            #expect(try await site.metric(1) == 33)
            #expect(try await site.count("SELECT count(*) FROM report WHERE place IS NULL") == 1)
            let page = try await browser.get(url)
            #expect(page.body.contains("<del>20</del> → <ins>33</ins>") && page.body.contains("state-corrected"))
            #expect(page.body.contains("attendees: +33") && page.body.contains("attendees: −20"))
            // On the version it was written from, which stands no more: kept, and settled by whoever may.
            let late = try await browser.post("\(url)/correction", Self.correction(4, attendees: "44"))
            #expect(late.status == 303)
            #expect(try await site.metric(1) == 33)
        }
    }

    @Test("competing corrections are shown and settled by those who may", arguments: Dialect.allCases)
    func settles(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let author = try await site.person("aray", role: "activist", unit: "P111")
            try await site.person("bolat", role: "secretary", unit: "D11")
            try await site.file(
                [
                    Ops.file(1, "P111", day: Self.day), Ops.correct(2, 1, base: 1, attendees: 30),
                    Ops.correct(3, 1, base: 1, attendees: 31),
                ], by: author)
            let (url, browser) = ("/reports/\(Ops.id(1))", site.browser())
            try await browser.signIn("aray")
            let shown = try await browser.get(url)
            #expect(shown.body.contains("competing-heading") && !shown.body.contains("/settlement"))
            #expect(
                try await browser.post("\(url)/settlement", [("op", Ops.id(8)), ("rev", "3"), ("decision", "take")])
                    .status == 403)
            let secretary = site.browser()
            try await secretary.signIn("bolat")
            #expect(try await secretary.get(url).body.contains("/settlement"))
            let done = try await secretary.post(
                "\(url)/settlement", [("op", Ops.id(9)), ("rev", "3"), ("decision", "take")])
            #expect(done.status == 303, "\(done.body)")
            #expect(try await site.metric(1) == 31)
            #expect(try await !secretary.get(url).body.contains("competing-heading"))
            let again = try await secretary.post(
                "\(url)/settlement", [("op", Ops.id(10)), ("rev", "3"), ("decision", "drop")])
            #expect(again.status == 409)
        }
    }

    @Test("checking moves the band; one's own and a changed report are refused", arguments: Dialect.allCases)
    func checks(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let author = try await site.person("aray", role: "activist", unit: "P111")
            let secretary = try await site.person("bolat", role: "secretary", unit: "D11")
            try await site.file([Ops.file(1, "P111", day: Self.day)], by: author)
            try await site.file([Ops.file(2, "P112", day: Self.day)], by: secretary)
            let browser = site.browser()
            try await browser.signIn("bolat")
            func check(
                _ report: UInt64, _ op: UInt64, rev: String = "1", level: String = "district"
            ) async throws -> TestPage {
                try await browser.post(
                    "/reports/\(Ops.id(report))/check", [("op", Ops.id(op)), ("base_rev", rev), ("level", level)])
            }
            #expect(try await !browser.get("/reports/\(Ops.id(2))").body.contains("/check\""))
            let own = try await check(2, 11)
            #expect(own.status == 403 && own.body.contains("You cannot check a report you filed"))
            #expect(try await browser.get("/reports/\(Ops.id(1))").body.contains("/check\""))
            #expect(try await check(1, 12, level: "region").status == 403)
            let done = try await check(1, 13)
            #expect(done.status == 303, "\(done.body)")
            #expect(try await check(1, 14).status == 409)
            #expect(try await browser.get("/reports/\(Ops.id(1))").body.contains("state-district"))
            try await site.file([Ops.correct(20, 1, base: 1, attendees: 40)], by: author)
            let stale = try await check(1, 15)
            #expect(stale.status == 409 && stale.body.contains("was corrected after you opened it"))
            #expect(try await site.count("SELECT count(*) FROM report WHERE band = 1") == 0)
        }
    }

    @Test("several at once: each by itself, what one authored never, the same form once", arguments: Dialect.allCases)
    func several(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let author = try await site.person("aray", role: "activist", unit: "P111")
            let secretary = try await site.person("bolat", role: "secretary", unit: "D11")
            try await site.file((1...3).map { Ops.file($0, "P111", day: Self.day) }, by: author)
            try await site.file([Ops.file(4, "P112", day: Self.day)], by: secretary)
            let browser = site.browser()
            try await browser.signIn("bolat")
            let list = try await browser.get("/reports?unit=D11")
            #expect(list.body.contains("value=\"\(Ops.id(1)).1\"") && !list.body.contains("value=\"\(Ops.id(4)).1\""))
            #expect(
                list.body.contains("name=\"level\" value=\"district\"")
                    && !list.body.contains("name=\"level\" value=\"region\""))
            let form =
                [("op", Ops.id(77)), ("level", "district"), ("return", "/reports?unit=D11")]
                + (UInt64(1)...4).map { ("report", "\(Ops.id($0)).1") }
            for _ in 0..<2 {
                let done = try await browser.post("/checks", form)
                #expect(done.status == 303 && done.location == "/reports?unit=D11", "\(done.body)")
            }
            #expect(try await site.count("SELECT count(*) FROM report WHERE band = 1") == 3)
            #expect(try await site.count("SELECT count(*) FROM entry WHERE kind = 'check'") == 6)
            #expect(try await browser.post("/checks", [("op", Ops.id(78)), ("level", "district")]).status == 422)
            let many = [("op", Ops.id(79)), ("level", "district")] + (0..<65).map { _ in ("report", "\(Ops.id(1)).1") }
            #expect(try await browser.post("/checks", many).status == 413)
            // Away from this site it does not lead.
            let away = [
                ("op", Ops.id(80)), ("level", "district"), ("return", "//evil.example"), ("report", "\(Ops.id(1)).1"),
            ]
            #expect(try await browser.post("/checks", away).location == "/")
        }
    }

    @Test("a void takes the figures out and keeps the report; outside the scope it is 404", arguments: Dialect.allCases)
    func voids(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let author = try await site.person("aray", role: "activist", unit: "P111")
            try await site.person("bolat", role: "secretary", unit: "D11")
            try await site.person("erlan", role: "secretary", unit: "D21")
            try await site.file([Ops.file(1, "P111", day: Self.day)], by: author)
            let url = "/reports/\(Ops.id(1))"
            let form = [("op", Ops.id(5)), ("base_rev", "1"), ("reason", "twice")]
            let (own, stranger, secretary) = (site.browser(), site.browser(), site.browser())
            try await own.signIn("aray")
            try await stranger.signIn("erlan")
            try await secretary.signIn("bolat")
            #expect(try await own.post("\(url)/void", form).status == 403)
            #expect(try await stranger.get(url).status == 404)
            for deed in ["void", "correction", "check", "settlement"] {
                #expect(try await stranger.post("\(url)/\(deed)", form).status == 404, "\(deed)")
            }
            #expect(try await secretary.post("\(url)/void", form).status == 303)
            #expect(try await site.metric(1) == 0)
            let page = try await secretary.get(url)
            #expect(page.body.contains("state-voided") && !page.body.contains("/correction"))
            #expect(try await secretary.get("/reports?unit=D11").body.contains("No such reports"))
            #expect(try await secretary.get("/reports?unit=D11&state=voided").body.contains("<del>"))
        }
    }
}
