import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The list of reports")
struct ReportListTests {
    private static let units = ["P111", "P112", "P121", "P211", "P221", "PC1"]

    /// 240 reports over 20 days, some of them lectures for the young, some voided, some checked.
    private static func fill(_ site: TestSite, by person: PersonID) async throws {
        for part in 0..<4 {
            try await site.file(
                (0..<60).map { index in
                    let n = part * 60 + index
                    return Ops.file(
                        UInt64(n + 1), units[n % units.count], day: EngineWorld.firstDay.advanced(by: n % 11),
                        attendees: Int64(n + 1), activity: n % 3 == 0 ? "lecture" : "meeting",
                        audience: n % 2 == 0 ? "youth" : "residents")
                }, by: person)
        }
        try await site.file(
            [Ops.void(900, 5, base: 1), Ops.void(901, 17, base: 1), Ops.correct(902, 8, base: 1, attendees: 1)],
            by: person)
        let checker = try await site.person("checker", role: "administrator")
        try await site.file((30..<40).map { Ops.check(1000 + $0, $0, base: 1, level: "region") }, by: checker)
    }

    private static func listing(
        _ site: TestSite, _ person: PersonID, _ query: [(String, String)]
    ) async throws -> ReportListing {
        let actor = try await site.actor(person)
        return try await site.database.read { db in
            try ReportListing(Fields(query), actor: actor, today: ReportsSite.today, in: db)
        }
    }

    @Test("the total of any filter is the sum of the reports listed under it", arguments: Dialect.allCases)
    func totals(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let person = try await site.person("ainur", role: "administrator")
            try await Self.fill(site, by: person)
            let filters: [[(String, String)]] = [
                [], [("unit", "R1")], [("unit", "D11"), ("from", "2026-01-03"), ("to", "2026-01-06")],
                [("unit", "P111")],
                [("activity", "lecture")], [("unit", "R1"), ("audience", "youth"), ("from", "2026-01-04")],
                [("band", "region")],
                [("unit", "R2"), ("band", "submitted"), ("activity", "meeting")], [("organization", "north")],
                [("state", "corrected")], [("flag", "late")], [("author", "me")], [("author", "me"), ("unit", "R1")],
                [("state", "evidenced")], [("activity", "meeting"), ("organization", "south")], [("channel", "online")],
            ]
            for query in filters {
                var (reports, attendees, cursor) = (0, Int64(0), "")
                var seen: Set<ReportID> = []
                var order: [ReportRows.Cursor] = []
                while true {
                    let list = try await Self.listing(site, person, query + [("after", cursor)])
                    reports += list.page.reports.count
                    attendees += list.page.reports.map { $0.figures.amounts[1] }.reduce(0, +)
                    seen.formUnion(list.page.reports.map(\.id))
                    order += list.page.reports.map { ReportRows.Cursor($0) }
                    guard list.page.hasOlder, let last = list.page.reports.last else {
                        #expect(list.total.reports == Int64(reports), "\(query)")
                        #expect(list.total.amounts[1] == attendees, "\(query)")
                        break
                    }
                    cursor = ReportRows.Cursor(last).text
                }
                #expect(seen.count == reports, "\(query)")
                #expect(order == order.sorted { ($0.day, $0.id) > ($1.day, $1.id) }, "\(query)")
            }
            let all = try await Self.listing(site, person, [])
            #expect(all.total.reports == 238)
            #expect(try await Self.listing(site, person, [("state", "voided")]).total.reports == 2)
            #expect(try await Self.listing(site, person, [("flag", "unusual")]).total.reports == 0)
        }
    }

    @Test("pages neither skip nor repeat while reports arrive, and lead back", arguments: Dialect.allCases)
    func paging(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let person = try await site.person("ainur", role: "administrator")
            try await Self.fill(site, by: person)
            let first = try await Self.listing(site, person, [])
            #expect(first.page.reports.count == 50 && first.page.hasOlder && !first.page.hasNewer)
            let last = try #require(first.page.reports.last)
            try await site.file([Ops.file(5000, "P111", day: ReportsSite.today, attendees: 1)], by: person)
            let second = try await Self.listing(site, person, [("after", ReportRows.Cursor(last).text)])
            #expect(Set(second.page.reports.map(\.id)).isDisjoint(with: first.page.reports.map(\.id)))
            #expect(second.page.hasNewer && second.page.hasOlder)
            let start = try #require(second.page.reports.first)
            let back = try await Self.listing(site, person, [("before", ReportRows.Cursor(start).text)])
            #expect(back.page.reports.map(\.id) == first.page.reports.map(\.id))
            // Nonsense for a place is the first page.
            #expect(try await Self.listing(site, person, [("after", "x.y")]).page.reports.count == 50)
        }
    }

    @Test("a small unit by its paths and a large one along the days give the same rows", arguments: Dialect.allCases)
    func plans(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let person = try await site.person("ainur", role: "administrator")
            try await Self.fill(site, by: person)
            // A lone report makes its unit small beside the rest; R1 is large.
            try await site.file([Ops.file(6000, "P222", day: EngineWorld.firstDay, attendees: 7)], by: person)
            let small = try await Self.listing(site, person, [("unit", "P222")])
            #expect(small.page.reports.map(\.id) == [ReportID(Ops.id(6000))!] && small.total.amounts[1] == 7)
            let large = try await Self.listing(site, person, [("unit", "R1")])
            #expect(large.total.reports == 120 && large.page.reports.count == 50)
        }
    }

    @Test("a list takes at most 12 statements, a report 13, however much there is", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let person = try await site.person("ainur", role: "administrator")
            let actor = try await site.actor(person)
            try await site.file([Ops.file(7000, "P111", day: EngineWorld.firstDay)], by: person)
            func counts() async throws -> (list: Int, unit: Int, own: Int, report: Int) {
                try await site.database.read { db in
                    func count(_ work: () throws -> Void) rethrows -> Int {
                        let before = db.statements
                        try work()
                        return db.statements - before
                    }
                    func list(_ query: [(String, String)]) throws -> Int {
                        try count {
                            _ = try ReportListing(Fields(query), actor: actor, today: ReportsSite.today, in: db)
                        }
                    }
                    return (
                        try list([]), try list([("unit", "R1"), ("activity", "meeting")]), try list([("author", "me")]),
                        try count { _ = try ReportView(Ops.id(7000), actor: actor, today: ReportsSite.today, in: db) }
                    )
                }
            }
            _ = try await counts()
            let few = try await counts()
            try await Self.fill(site, by: person)
            for n in 0..<20 {
                try await site.file(
                    [Ops.correct(UInt64(7100 + n), 7000, base: Int64(n + 1), attendees: Int64(n))], by: person)
            }
            let many = try await counts()
            #expect(few == many, "\(few) \(many)")
            #expect(many.list <= 12 && many.unit <= 12 && many.own <= 12 && many.report <= 13, "\(many)")
        }
    }

    @Test(
        "whoever may not open a unit's reports sees own ones; a representative those of the organisation",
        arguments: Dialect.allCases)
    func reach(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let admin = try await site.person("ainur", role: "administrator")
            let activist = try await site.person("aray", role: "activist", unit: "P111")
            let speaker = try await site.person("sara", role: "speaker", unit: "D11")
            let south = try await site.person("dana", role: "representative", organization: OrganizationNo(2))
            try await site.file(
                [
                    Ops.file(1, "P112", day: EngineWorld.firstDay, extra: [.init("organization", .text("south"))]),
                    Ops.file(2, "P112", day: EngineWorld.firstDay, extra: [.init("organization", .text("north"))]),
                ], by: admin)
            try await site.file([Ops.file(3, "P111", day: EngineWorld.firstDay)], by: activist)
            func ids(_ person: PersonID, _ query: [(String, String)] = []) async throws -> Set<String> {
                Set(try await Self.listing(site, person, query).page.reports.map(\.id.description))
            }
            #expect(try await ids(admin) == [Ops.id(1), Ops.id(2), Ops.id(3)])
            #expect(try await ids(activist) == [Ops.id(3)])
            #expect(try await ids(activist, [("unit", "D11")]) == [Ops.id(3)])
            #expect(try await ids(speaker, [("unit", "D11")]) == [])
            #expect(try await ids(south) == [Ops.id(1)])
            #expect(try await Self.listing(site, south, []).total.reports == 1)
            let browser = site.browser()
            try await browser.signIn("dana")
            #expect(try await browser.get("/reports/\(Ops.id(1))").status == 200)
            #expect(try await browser.get("/reports/\(Ops.id(2))").status == 404)
            #expect(try await browser.get("/reports?organization=nobody").status == 404)
        }
    }

    @Test("the file holds what the filter holds and runs nothing when it is opened", arguments: Dialect.allCases)
    func file(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.database.write { db in
                try db.run(
                    "UPDATE unit SET title_en = '=HYPERLINK(\"x\")' WHERE no = (SELECT unit FROM unit_code WHERE code = 'P111')"
                )
                try Tree.touch(in: db)
            }
            let person = try await site.person("ainur", role: "secretary", unit: "D11")
            try await site.person("olzhas", role: "observer", unit: "D11")
            try await site.file(
                [Ops.file(1, "P111", day: EngineWorld.firstDay), Ops.file(2, "P112", day: EngineWorld.firstDay)],
                by: person)
            let browser = site.browser()
            try await browser.signIn("ainur")
            let csv = try await browser.get("/reports.csv?unit=P111")
            #expect(csv.status == 200 && csv.headers["content-type"] == "text/csv; charset=utf-8")
            let rows = try Delimited.csv(csv.bytes)
            #expect(rows.count == 2)
            #expect(rows[1].fields[1] == "P111" && rows[1].fields[2] == "'=HYPERLINK(\"x\")")
            #expect(rows[0].fields.suffix(4) == ["events", "attendees", "questions", "peak"])
            #expect(rows[1].fields.suffix(4) == ["1", "20", "", "10"])
            // The page shows it as text.
            #expect(try await browser.get("/reports?unit=P111").body.contains("=HYPERLINK(&quot;x&quot;)"))
            let observer = site.browser()
            try await observer.signIn("olzhas")
            #expect(try await observer.get("/reports.csv?unit=P111").status == 403)
            #expect(try await !observer.get("/reports?unit=P111").body.contains("/reports.csv"))
        }
    }
}
