import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The quick report")
struct QuickReportTests {
    @Test("files once however often it is sent, and leads to the report", arguments: Dialect.allCases)
    func files(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("aray", role: "activist", unit: "P111")
            let browser = site.browser()
            try await browser.signIn("aray")
            let form = try await browser.get("/report")
            form.expectWhole("/report")
            let op = try #require(form.hidden("op"))
            #expect(form.body.contains("id=\"kind-1\"") && form.body.contains("asked for-1 for-2"))
            var fields = ReportsSite.quick(1)
            fields[0].1 = op
            // The kind asks for no peak; what the browser sends of it is left out.
            fields.append(("metrics.peak", "900"))
            for _ in 0..<2 {
                let done = try await browser.post("/report", fields)
                #expect(done.status == 303 && done.location == "/reports/\(op)", "\(done.body.prefix(3000))")
            }
            let page = try await browser.get("/reports/\(op)")
            page.expectWhole("report")
            #expect(page.body.contains("attendees: 57") && !page.body.contains("peak"))
            #expect(try await site.count("SELECT count(*) FROM report") == 1)
            #expect(try await site.metric(1) == 57)
            // The next one starts where this ended.
            let next = try await browser.get("/report")
            #expect(next.body.contains("value=\"meeting\" required checked"), "\(next.body)")
        }
    }

    @Test(
        "what is wrong stands at its field, what was typed stays, and the id is a fresh one",
        arguments: Dialect.allCases)
    func refuses(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("aray", role: "activist", unit: "P111")
            let browser = site.browser()
            try await browser.signIn("aray")
            let wrong = try await browser.post(
                "/report?unit=P111",
                ReportsSite.quick(
                    1, day: Day("2027-01-01")!, events: "31", attendees: "12x",
                    [("note", "Мектеп залында <b>"), ("counted", "estimated")]))
            #expect(wrong.status == 422)
            #expect(wrong.value(of: "metrics.attendees") == "12x" && wrong.value(of: "metrics.events") == "31")
            #expect(wrong.body.contains("Мектеп залында &lt;b&gt;") && wrong.body.contains("metrics.attendees-error"))
            #expect(wrong.hidden("op") != Ops.id(1))
            // Then what the rules refuse.
            let day = try await browser.post("/report?unit=P111", ReportsSite.quick(2, day: Day("2027-01-01")!))
            #expect(day.status == 422 && day.body.contains("day-error") && day.value(of: "day") == "2027-01-01")
            let bounds = try await browser.post("/report?unit=P111", ReportsSite.quick(3, events: "31"))
            #expect(bounds.body.contains("within 0 – 30"), "\(bounds.body)")
            #expect(!bounds.body.contains("⟦") && !bounds.body.contains("{min}"))
            #expect(try await site.count("SELECT count(*) FROM report") == 0)
            #expect(try await site.count("SELECT count(*) FROM inbox") == 0)
        }
    }

    @Test("a large value is asked about; yes holds for exactly that value", arguments: Dialect.allCases)
    func asks(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("aray", role: "activist", unit: "P111")
            let browser = site.browser()
            try await browser.signIn("aray")
            let asked = try await browser.post("/report", ReportsSite.quick(1, events: "9"))
            #expect(asked.status == 409 && asked.body.contains("events: 9.") && asked.body.contains("Usual limit: 5."))
            let code = try #require(asked.hidden("confirm"))
            // Another value than the one confirmed is asked about again.
            let changed = try await browser.post("/report", ReportsSite.quick(2, events: "8", [("confirm", code)]))
            #expect(changed.status == 409)
            let done = try await browser.post("/report", ReportsSite.quick(3, events: "9", [("confirm", code)]))
            #expect(done.status == 303, "\(done.body)")
            #expect(try await site.count("SELECT count(*) FROM report WHERE flags = 'unusual'") == 1)
        }
    }

    @Test("the same form with other numbers is not counted twice and keeps what was typed")
    func mismatch() async throws {
        try await ReportsSite.run(.sqlite) { site in
            try await site.person("aray", role: "activist", unit: "P111")
            let browser = site.browser()
            try await browser.signIn("aray")
            _ = try await browser.post("/report", ReportsSite.quick(1))
            let again = try await browser.post("/report", ReportsSite.quick(1, attendees: "60"))
            #expect(again.status == 409 && again.value(of: "metrics.attendees") == "60")
            #expect(again.body.contains("/reports/\(Ops.id(1))"))
            #expect(try await site.metric(1) == 57)
        }
    }

    @Test("only for units where the right is held; others are 403, and out of sight 404")
    func scope() async throws {
        try await ReportsSite.run(.sqlite) { site in
            try await site.person("aray", role: "activist", unit: "P111")
            try await site.person("olzhas", role: "observer", unit: "P111")
            let browser = site.browser()
            try await browser.signIn("aray")
            #expect(try await browser.get("/report?unit=P211").status == 404)
            #expect(try await browser.get("/report?unit=D11").status == 403)
            #expect(try await browser.post("/report?unit=P211", ReportsSite.quick(1)).status == 404)
            let observer = site.browser()
            try await observer.signIn("olzhas")
            #expect(try await observer.get("/report").status == 403)
        }
    }

    @Test("a unit in three languages, without a hole in its words", arguments: Language.allCases)
    func languages(_ language: Language) async throws {
        try await ReportsSite.run(.sqlite) { site in
            let person = try await site.person("ainur", role: "administrator", language: language)
            try await site.file(
                [
                    Ops.file(1, "P111", day: EngineWorld.firstDay, attendees: 400),
                    Ops.correct(2, 1, base: 1, attendees: 30),
                    Ops.correct(3, 1, base: 1, attendees: 31), Ops.file(4, "KZ", day: ReportsSite.today),
                    Ops.file(5, "P111", day: ReportsSite.today), Ops.void(6, 5, base: 1),
                ], by: person)
            let browser = site.browser()
            try await browser.signIn("ainur")
            for path in [
                "/report", "/report?unit=P111&replaces=\(Ops.id(5))", "/reports",
                "/reports?unit=D11&state=all&flag=late&activity=meeting",
                "/reports?state=voided&metric=attendees", "/reports/\(Ops.id(1))", "/reports/\(Ops.id(4))",
                "/reports/\(Ops.id(5))",
                "/reports/grid?unit=D11", "/reports/grid?unit=P111", "/reports/import",
            ] {
                try await browser.get(path).expectWhole("\(language) \(path)")
            }
            #expect(Words.missing.isEmpty, "\(Words.missing)")
        }
    }
}
