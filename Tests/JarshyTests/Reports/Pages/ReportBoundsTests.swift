import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Bounds, questions and channels of reports")
struct ReportBoundsTests {
    private static func file(
        _ n: UInt64, unit: String = "P111", campaign: String = "test", _ metrics: [(String, Int64)]
    ) -> Jarshy.Operation {
        Ops.op([
            .init("op", .text(Ops.id(n))), .init("kind", .text("report.file")), .init("campaign", .text(campaign)),
            .init("unit", .text(unit)), .init("day", .text("\(ReportsSite.today)")), .init("activity", .text("meeting")),
            .init("audience", .text("residents")), .init("channel", .text("in_person")),
            .init("metrics", .object(metrics.map { .init($0.0, .integer($0.1)) })),
        ])
    }

    private static func outcome(_ site: TestSite, _ person: PersonID, _ operation: Jarshy.Operation) async throws -> Outcome {
        try await site.file([operation], by: person)[0]
    }

    @Test("a number bounded by another is refused without it, and the field is named", arguments: Dialect.allCases)
    func needsOther(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.database.write { db in
                try db.run("UPDATE metric SET at_most = 'attendees' WHERE code = 'questions'")
                try db.run("UPDATE campaign SET stamp = 4712")
            }
            let person = try await site.person("sara", role: "secretary", unit: "D11")
            let alone = try await Self.outcome(site, person, Self.file(1, [("events", 1), ("questions", 4)]))
            #expect(alone.problem?.errors.map(\.field) == ["metrics.questions"])
            #expect(alone.problem?.errors.map(\.slug) == ["needs-other"])
            #expect(try await Self.outcome(site, person, Self.file(2, [("events", 1), ("questions", 0)])).status == .accepted)
            let both = try await Self.outcome(site, person, Self.file(3, [("attendees", 9), ("questions", 4)]))
            #expect(both.status == .accepted)
            let over = try await Self.outcome(site, person, Self.file(4, [("attendees", 3), ("questions", 4)]))
            #expect(over.problem?.errors.map(\.slug) == ["more-than-other"])
            // The other number is wrong itself: that is told, and nothing twice.
            let wrong = try await Self.outcome(site, person, Self.file(5, [("attendees", 99999), ("questions", 4)]))
            #expect(wrong.problem?.errors.map(\.field) == ["metrics.attendees"])
        }
    }

    @Test("an unknown unit or campaign is named as the field it stands in", arguments: Dialect.allCases)
    func unknown(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            let person = try await site.person("sara", role: "secretary", unit: "D11")
            let unit = try await Self.outcome(site, person, Self.file(1, unit: "NOWHERE", [("events", 1)]))
            #expect(unit.problem?.status == 404 && unit.problem?.errors.map(\.field) == ["unit"])
            let campaign = try await Self.outcome(site, person, Self.file(2, campaign: "none", [("events", 1)]))
            #expect(campaign.problem?.status == 404 && campaign.problem?.errors.map(\.field) == ["campaign"])
        }
    }

    @Test("without a place the nearest unit with a known number of people asks", arguments: Dialect.allCases)
    func people(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.database.write { db in
                try db.run("UPDATE metric SET ask_settlement_share = 50 WHERE code = 'attendees'")
                try db.run("UPDATE campaign SET stamp = 4713")
                let no = try #require(try Tree.current(in: db).find("D11")).no
                try db.run("UPDATE unit SET population = 5000 WHERE no = \(no)")
                try Tree.touch(in: db)
            }
            let person = try await site.person("sara", role: "secretary", unit: "D11")
            // Two and a half thousand is half of the district's people; through the API it is taken and flagged.
            let few = try await Self.outcome(site, person, Self.file(1, [("attendees", 2500)]))
            #expect(few.status == .accepted && !few.receipt.contains("unusual"))
            let many = try await Self.outcome(site, person, Self.file(2, [("attendees", 2501)]))
            #expect(many.status == .accepted && many.receipt.contains("\"unusual\""), "\(many.receipt)")
            let browser = site.browser()
            try await browser.signIn("sara")
            let asked = try await browser.post("/report?unit=P111", ReportsSite.quick(3, attendees: "2501"))
            #expect(asked.status == 409 && asked.body.contains("id=\"confirm\""), "\(asked.status)")
        }
    }

    @Test("a kind of several channels offers them; the grid marks an estimate", arguments: Dialect.allCases)
    func channels(_ dialect: Dialect) async throws {
        try await ReportsSite.run(dialect) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("sara")
            #expect(try await !browser.get("/report?unit=P111").body.contains("name=\"channel\""))
            try await site.database.write { db in
                try db.run("INSERT INTO activity_channel (campaign, activity, channel, position) VALUES (1, 'lecture', 'online', 1)")
                try db.run("UPDATE campaign SET stamp = 4714")
            }
            #expect(try await browser.get("/report?unit=P111").body.contains("name=\"channel\""))
            let filed = try await browser.post(
                "/report?unit=P111", ReportsSite.quick(1, activity: "lecture", [("channel", "online")]))
            #expect(filed.status == 303, "\(filed.body.prefix(400))")
            #expect(try await browser.post("/report?unit=P111", ReportsSite.quick(2, activity: "lecture")).status == 303)
            let refused = try await browser.post("/report?unit=P111", ReportsSite.quick(3, [("channel", "online")]))
            #expect(refused.status == 422 && refused.body.contains("channel-error"))
            #expect(try await site.count("SELECT count(*) FROM report r JOIN cell c ON c.id = r.cell WHERE c.channel = 'online'") == 1)

            let grid = try await browser.get("/reports/grid?unit=D11&activity=lecture")
            #expect(grid.body.contains("name=\"channel\"") && grid.body.contains("name=\"counted\""))
            #expect(try await !browser.get("/reports/grid?unit=D11&activity=meeting").body.contains("name=\"channel\""))
            let sent = try await browser.post(
                "/reports/grid?unit=D11",
                [
                    ("day", "\(ReportsSite.today)"), ("activity", "lecture"), ("audience", "residents"), ("channel", "online"),
                    ("counted", "estimated"), ("unit.0", "P111"), ("op.0", Ops.id(9)), ("metric.0.events", "1"),
                    ("metric.0.attendees", "40"),
                ])
            #expect(sent.status == 303, "\(sent.body.prefix(400))")
            #expect(
                try await site.count(
                    "SELECT count(*) FROM report r JOIN cell c ON c.id = r.cell WHERE c.channel = 'online' AND r.estimated") == 1)
        }
    }
}
