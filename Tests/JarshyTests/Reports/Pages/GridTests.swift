import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The grid of many units")
struct GridTests {
    /// Rows by unit: index in the grid, operation, cells.
    private static func form(
        _ rows: [(unit: String, op: UInt64, events: String, attendees: String)], day: Day = ReportsSite.today
    ) -> [(String, String)] {
        [("day", "\(day)"), ("activity", "meeting"), ("audience", "residents"), ("organization", "")]
            + rows.enumerated().flatMap { index, row in
                [
                    ("unit.\(index)", row.unit), ("op.\(index)", Ops.id(row.op)),
                    ("metric.\(index).events", row.events),
                    ("metric.\(index).attendees", row.attendees),
                ]
            }
    }

    @Test(
        "each filled row is one report, on behalf of its unit; sent again, nothing is counted twice",
        arguments: Dialect.allCases)
    func files(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("bolat", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("bolat")
            let page = try await browser.get("/reports/grid")
            page.expectWhole("grid")
            #expect(
                page.body.contains("name=\"unit.0\" value=\"P111\"")
                    && page.body.contains("name=\"unit.1\" value=\"P112\""))
            #expect(page.body.contains("aria-label=\"P111 Primary Organisation: attendees\""))
            let form = Self.form([("P111", 1, "1", "40"), ("P112", 2, "", "")])
            for _ in 0..<2 {
                let done = try await browser.post("/reports/grid?unit=D11", form)
                #expect(done.status == 303 && done.location?.contains("author=me") == true, "\(done.body)")
            }
            #expect(try await site.count("SELECT count(*) FROM report WHERE on_behalf AND door = 'grid'") == 1)
            #expect(try await site.metric(1) == 40)
        }
    }

    @Test("a faulty row keeps what was typed, the others are filed and emptied", arguments: Dialect.allCases)
    func keeps(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("bolat", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("bolat")
            let page = try await browser.post(
                "/reports/grid?unit=D11", Self.form([("P111", 1, "1", "40"), ("P112", 2, "x", "7")]))
            #expect(page.status == 422)
            #expect(page.value(of: "metric.0.attendees") == "" && page.value(of: "metric.1.events") == "x")
            #expect(
                page.body.contains("r1-events-error") && page.body.contains("state-submitted")
                    && page.body.contains("state-refused"))
            #expect(page.hidden("op.1") != Ops.id(2) && page.hidden("op.0") != Ops.id(1))
            #expect(try await site.metric(1) == 40)
            // The browser sends the whole page again: the first row is known.
            let again = try await browser.post(
                "/reports/grid?unit=D11", Self.form([("P111", 1, "1", "40"), ("P112", 3, "1", "7")]))
            #expect(again.status == 303)
            #expect(try await site.metric(1) == 47)
            // A row filed before with other numbers is told, not overwritten.
            let other = try await browser.post("/reports/grid?unit=D11", Self.form([("P111", 1, "1", "41")]))
            #expect(other.status == 422 && other.body.contains("sent before with other numbers"))
            #expect(try await site.metric(1) == 47)
            let day = try await browser.post(
                "/reports/grid?unit=D11", Self.form([("P111", 5, "1", "41")], day: Day("2027-01-01")!))
            #expect(
                day.status == 422 && day.value(of: "metric.0.attendees") == "41"
                    && day.body.contains("outside the campaign"))
        }
    }

    @Test(
        "large values are asked about row by row; nothing is filed by showing columns or by empty rows",
        arguments: Dialect.allCases)
    func asks(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("bolat", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("bolat")
            let rows = Self.form([("P111", 1, "9", "40"), ("P112", 2, "1", "7")])
            let asked = try await browser.post("/reports/grid?unit=D11", rows)
            #expect(
                asked.status == 409 && asked.body.contains("events: 9.") && asked.value(of: "metric.0.events") == "9")
            #expect(try await site.metric(1) == 7)
            let code = try #require(asked.hidden("confirm"))
            let done = try await browser.post(
                "/reports/grid?unit=D11", Self.form([("P111", 3, "9", "40")]) + [("confirm", code)])
            #expect(done.status == 303, "\(done.body)")
            #expect(try await site.metric(1) == 47)
            let shown = try await browser.post(
                "/reports/grid?unit=D11",
                Self.form([("P111", 4, "1", "5")]).map { $0.0 == "activity" ? ("activity", "lecture") : $0 } + [
                    ("show", "1")
                ])
            #expect(
                shown.status == 200 && shown.body.contains("metric.0.peak")
                    && shown.value(of: "metric.0.attendees") == "5")
            let empty = try await browser.post("/reports/grid?unit=D11", Self.form([("P111", 5, "", "")]))
            #expect(empty.status == 422 && empty.body.contains("Fill in at least one number."))
            #expect(try await site.metric(1) == 47)
        }
    }

    @Test("rows of other units are left out, and 40 stand on a page", arguments: [Dialect.sqlite])
    func pages(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("bolat", role: "secretary", unit: "D11")
            for n in 0..<60 {
                _ = try await site.database.run(
                    OpenUnit(
                        parent: "D11", kind: "primary", code: "Q\(100 + n)",
                        words: UnitWords(kk: "Q\(100 + n)", ru: "Q\(100 + n)"),
                        opens: EngineWorld.firstDay), by: .operator, at: site.clock.now)
            }
            let browser = site.browser()
            try await browser.signIn("bolat")
            let page = try await browser.get("/reports/grid?unit=D11")
            #expect(page.body.contains("name=\"unit.39\"") && !page.body.contains("name=\"unit.40\""))
            let next = try #require(page.body.firstRange(of: "rel=\"next\" href=\""))
            let url = String(page.body[next.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
            let second = try await browser.get(url)
            #expect(
                second.status == 200 && second.body.contains("name=\"unit.21\"")
                    && !second.body.contains("name=\"unit.22\""))
            #expect(second.body.contains("rel=\"prev\""))
            let foreign = try await browser.post("/reports/grid?unit=D11", Self.form([("P211", 1, "1", "5")]))
            #expect(foreign.status == 422)
            #expect(try await site.metric(1) == 0)
        }
    }
}
