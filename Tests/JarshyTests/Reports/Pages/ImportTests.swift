import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Reports from a spreadsheet")
struct ImportTests {
    private static let table = """
        unit,day,activity,audience,events,attendees
        # notes are left aside,,,,,
        P111,2026-01-05,meeting,residents,1,40
        P112,05.01.2026,lecture,youth,1,25
        P112,46028,meeting,residents,,12
        P999,2026-01-05,meeting,residents,1,1
        P211,2026-01-05,meeting,residents,1,1
        P111,2026-01-06,dance,residents,x,1
        P111,2027-01-06,meeting,residents,1,1
        """

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(
        "shows what would happen, does exactly that, and the same file again changes nothing",
        arguments: Dialect.allCases)
    func twice(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("bolat", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("bolat")
            let preview = try await browser.upload(
                "/reports/import", field: "file", name: "кесте.csv", Self.bytes(Self.table))
            preview.expectWhole("import")
            #expect(preview.body.contains("кесте.csv") && preview.body.contains("Rows: 7"))
            #expect(try await site.count("SELECT count(*) FROM report") == 0)
            let token = try #require(preview.hidden("token"))
            let refused = try await browser.get("/reports/import/refused.csv?token=\(token)")
            let lines = try Delimited.csv(refused.bytes).dropFirst().map { $0.fields }
            #expect(lines.map(\.[0]) == ["6", "7", "8", "9"], "\(refused.body)")
            #expect(lines[2][3].contains("activity") && lines[2][3].contains("events"))
            #expect(lines[3][3].contains("outside the campaign"))
            for _ in 0..<2 {
                let done = try await browser.post("/reports/import/confirmation", [("token", token)])
                #expect(done.status == 303, "\(done.body)")
            }
            #expect(try await site.count("SELECT count(*) FROM report WHERE door = 'sheet' AND on_behalf") == 3)
            #expect(try await site.metric(1) == 40 + 25 + 12)
            let again = try await browser.upload(
                "/reports/import", field: "file", name: "кесте.csv", Self.bytes(Self.table))
            #expect(again.hidden("token") == nil, "nothing is left to write")
            // A report corrected since is not put back by the old file.
            let first = try await site.database.read { db in
                try db.value("SELECT id FROM report WHERE m1 = 40", as: ReportID.self)
            }
            let secretary = try await site.database.read { db in
                try db.value("SELECT person FROM account WHERE login = 'bolat'", as: PersonID.self)
            }
            try await site.file(
                [
                    Ops.op([
                        .init("op", .text(Ops.id(70))), .init("kind", .text("report.correct")),
                        .init("report", .text(first.description)),
                        .init("base_rev", .integer(1)), .init("metrics", Ops.metrics(1, 44)),
                        .init("reason", .text("recount")),
                    ])
                ], by: secretary)
            let third = try await browser.upload(
                "/reports/import", field: "file", name: "кесте.csv", Self.bytes(Self.table))
            #expect(third.hidden("token") == nil)
            #expect(try await site.metric(1) == 44 + 25 + 12)
        }
    }

    @Test(
        "other figures for a report that stands correct it; several of each are left to a person",
        arguments: Dialect.allCases)
    func changes(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let person = try await site.person("bolat", role: "secretary", unit: "D11")
            let day = Day("2026-01-05")!
            try await site.file(
                [
                    Ops.file(1, "P111", day: day, attendees: 40), Ops.file(2, "P112", day: day, attendees: 10),
                    Ops.file(3, "P112", day: day, attendees: 11),
                ], by: person)
            let table = """
                unit;day;activity;audience;attendees
                P111;2026-01-05;meeting;residents;41
                P112;2026-01-05;meeting;residents;10
                P112;2026-01-05;meeting;residents;77
                P112;2026-01-05;meeting;residents;78
                """
            let actor = try await site.actor(person)
            let words = try site.app.site.parts.pages.words(.en)
            @Sendable func plan(_ text: String) async throws -> ImportPlan {
                try await site.database.read { db in
                    let campaign = try Campaigns.current(in: db).all[0]
                    return try ImportPlanner(
                        try ImportSheet(Self.bytes(text), campaign: campaign), bytes: Self.bytes(text), actor: actor,
                        today: ReportsSite.today, campaign: campaign, words: words, in: db
                    ).plan(fileName: "a.csv")
                }
            }
            let first = try await plan(table)
            #expect(first.rows.map(\.state) == [.changed, .equal, .refused, .refused])
            // What the file has no column for stays as it stands.
            #expect(first.rows[0].body?["metrics"]?["events"]?.integer == 1)
            #expect(first.rows[0].body?["base_rev"]?.integer == 1)
            let body = try #require(first.rows[0].body)
            let outcomes = try await site.file(
                [try #require(Jarshy.Operation(body, device: "", door: .sheet))], by: person)
            #expect(outcomes[0].status == .accepted)
            #expect(try await plan(table).rows[0].state == .equal)
            try await site.file([Ops.correct(9, 1, base: 2, attendees: 50)], by: person)
            #expect(try await plan(table).rows[0].state == .equal, "its correction was made, and corrected since")
            // Another file, another correction.
            #expect(try await plan(table + "\n").rows[0].state == .changed)
        }
    }

    @Test("the template comes back as it was sent out, filled in", arguments: Dialect.allCases)
    func template(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("bolat", role: "secretary", unit: "D11", language: .kk)
            let browser = site.browser()
            try await browser.signIn("bolat")
            let file = try await browser.get("/reports/import/template.xlsx")
            #expect(file.status == 200)
            let rows = try Xlsx.rows(of: file.bytes)
            #expect(rows[0].cells.prefix(4) == ["unit", "name", "day", "activity"])
            #expect(rows[1].cells[0].hasPrefix("#") && rows[2].cells[0] == "P111" && rows[3].cells[0] == "P112")
            #expect(try Xlsx.sheetNames(of: file.bytes).count == 2)
            let columns = rows[0].cells
            var cells = rows[2].cells + [String](repeating: "", count: columns.count - rows[2].cells.count)
            cells[columns.firstIndex(of: "attendees")!] = "33"
            let sheet = Xlsx(sheets: [
                Xlsx.Sheet(name: "1", rows: [columns.map { .text($0) }, cells.map { $0.isEmpty ? .empty : .text($0) }])
            ])
            let preview = try await browser.upload("/reports/import", field: "file", name: "a.xlsx", try sheet.file())
            let token = try #require(preview.hidden("token"), "\(preview.body)")
            #expect(try await browser.post("/reports/import/confirmation", [("token", token)]).status == 303)
            #expect(try await site.metric(1) == 33)
        }
    }

    @Test("files that cannot be taken say why, at the field")
    func faults() async throws {
        try await ReportsSite.run(.sqlite) { site in
            try await site.person("bolat", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("bolat")
            func why(_ bytes: [UInt8]) async throws -> TestPage {
                try await browser.upload("/reports/import", field: "file", name: "a", bytes)
            }
            for (text, word) in [
                ("", "holds no lines"), ("unit,day\nP111,x", "lacks these columns: activity, audience"),
                ("unit,day,activity,audience,colour\n", "Unknown columns: colour"),
                ("unit,day,activity,audience,unit\n", "named twice"), ("unit,day,activity,audience\n\"open", "Line 2"),
                ("PK nonsense", "cannot be read"),
            ] {
                let page = try await why(Self.bytes(text))
                #expect(
                    page.status == 422 && page.body.contains(word) && page.body.contains("file-error"),
                    "\(text): \(page.body)")
            }
            #expect(try await why([UInt8](repeating: 65, count: 2_000_001)).status == 413)
            let long =
                "unit,day,activity,audience,attendees\n"
                + String(repeating: "P111,2026-01-05,meeting,residents,1\n", count: 5001)
            #expect(try await why(Self.bytes(long)).status == 422)
            let gone = try await browser.post("/reports/import/confirmation", [("token", "nonsense")])
            #expect(gone.status == 409 && gone.body.contains("no longer kept"))
            #expect(try await browser.get("/reports/import/refused.csv?token=x").status == 409)
        }
    }

    @Test("ids worked out from words are the same for the same words and are UUIDs of version 8")
    func derived() {
        let a = OperationID.derived("import", "ab", "c")
        #expect(a == OperationID.derived("import", "ab", "c"))
        #expect(a != OperationID.derived("import", "a", "bc"))
        let text = Array(a.description)
        #expect(text[14] == "8" && "89ab".contains(text[19]))
    }

    @Test("days as people and spreadsheets write them")
    func days() {
        #expect(ImportLine.day("2026-01-05") == Day("2026-01-05"))
        #expect(ImportLine.day("5.1.2026") == Day("2026-01-05"))
        #expect(ImportLine.day("46027") == Day("2026-01-05"))
        #expect(ImportLine.day("31.02.2026") == nil && ImportLine.day("5.1.26") == nil && ImportLine.day("12") == nil)
    }
}
