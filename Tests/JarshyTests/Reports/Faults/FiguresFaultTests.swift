import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Faults of figures and words: 22, 36")
struct FiguresFaultTests {
    @Test(
        "fault 22: a summary beside the events of its day adds nothing: it is derived, none can be declared, and an equal report is flagged",
        arguments: Dialect.allCases)
    func summary(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("ainur", role: "secretary", unit: "D11")
            let (village, district) = (try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("ainur", on: site))
            let events = try [20, 30, 7].enumerated().map { try village.file(UInt64($0 + 1), attendees: $1) }
            #expect(try await site.sync(events, token: village.token).statuses == ["accepted", "accepted", "accepted"])
            let before = try await site.world.totals()
            // There is no door by which a total is declared beside its events.
            let declared = try await site.sync(
                [
                    try district.seal(
                        [
                            ("kind", .text("report.summary")), ("campaign", .text("test")), ("unit", .text("D11")),
                            ("day", .text("2026-01-10")), ("metrics", .object([.init("attendees", .integer(57))])),
                        ], id: 10),
                    try district.file(11, unit: "D11", attendees: 57, more: [("summary", .bool(true))]),
                ], token: district.token)
            #expect(declared.statuses == ["refused", "refused"], "\(declared.body)")
            // The table of the hour is made of the events, and no total moves by it.
            site.clock.advance(seconds: 3 * 3600 + 25)
            let now = site.clock.now
            let region = try await site.unit("R1")
            let fix = FixSummary(campaign: "test", units: [region], slot: SummarySlot(at: now))
            let made = try await site.database.run(fix, by: .operator, at: now)
            let figures = try await site.database.read { db in try FixedSummary.find(made[region]!, in: db)!.figures(in: db) }
            #expect(figures.whole.start.amounts[1] == 57 && figures.whole.start.amounts[0] == 3)
            #expect(try await site.world.totals() == before)
            // The secretary types in again what the village has sent: it counts, is flagged, and is taken out as a double.
            let typed = try await site.sync([try district.file(12, unit: "P111", attendees: 30)], token: district.token)
            #expect(typed.statuses == ["accepted"] && typed.body.contains("\"equal\""), "\(typed.body)")
            #expect(try await site.sync([try district.void(13, of: 12, .op(12))], token: district.token).statuses == ["accepted"])
            #expect(try await site.attendees("R1") == 57)
            #expect(try await site.recountIsClean())
        }
    }

    @Test(
        "fault 36: what somebody wrote into a note or a reason stands with the report alone: in no receipt, total, export, feed or log",
        arguments: Dialect.allCases)
    func canary(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let canary = "Canary Қанатбекова"
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("kira", role: "coordinator")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let ops = try [
                phone.file(1, more: [("note", .text("met \(canary) at the shop"))]),
                phone.correct(2, of: 1, .op(1), attendees: 58, more: [("reason_text", .text("\(canary) told me"))]),
                phone.file(3, attendees: 2, more: [("note", .text(canary))]),
                phone.seal(
                    [
                        ("kind", .text("report.void")), ("report", .text(Ops.id(3))), ("base_op", .text(Ops.id(3))),
                        ("reason", .text("\(canary) is twice here")),
                    ], id: 4),
                phone.file(5, more: [("note", .text(canary)), (canary, .text(canary))]),
            ]
            let page = try await site.sync(ops, token: phone.token)
            #expect(page.statuses == ["accepted", "accepted", "accepted", "accepted", "refused"], "\(page.body)")
            _ = try await site.sync([ops[0].altered("note", .text("\(canary) altered"))], token: phone.token)
            // It is kept where its readers look for it, else the test would look for nothing.
            let kept = try await site.count("SELECT count(*) FROM report WHERE note LIKE \("%" + canary + "%")")
            #expect(kept == 2)
            #expect(try await site.count("SELECT count(*) FROM feed WHERE detail LIKE \("%" + canary + "%")") == 0)
            let receipts = try await site.database.read { db in try db.all(String.self, "SELECT receipt FROM inbox") }
            // Only the refusal names the key nobody asked for, to the one who sent it.
            #expect(receipts.filter { $0.contains(canary) }.count == 1)
            let reader = site.browser()
            try await reader.signIn("kira")
            for path in [
                "/board", "/board/KZ", "/board/D11", "/board/KZ.csv", "/board/D11.csv", "/summary/KZ", "/summary/KZ.csv",
                "/summary/KZ.xlsx", "/reports.csv", "/devices", "/metrics", "/api/openapi.json",
                "/api/v1/rollups?campaign=test&unit=KZ",
            ] {
                let page = try await reader.get(path)
                #expect(page.status == 200, "\(path): \(page.status)")
                #expect(!page.body.contains("Canary"), "\(path)")
            }
            #expect(!site.log.all.contains { $0.contains("Canary") })
        }
    }
}
