import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Faults of the tree: 11, 12, 14")
struct TreeFaultTests {
    private func day(_ n: Int) -> Day { EngineWorld.firstDay.advanced(by: n) }

    private func move(_ site: TestSite, _ unit: String, to parent: String, on n: Int) async throws {
        _ = try await site.app.intake.change(
            MoveUnit(unit: unit, parent: parent, day: day(n), note: ""), by: .operator, at: site.clock.now)
    }

    @Test(
        "fault 11: a unit moves while phones are offline: work of before and after counts on the path of its own day, and whoever was over it keeps the right to what they wrote",
        arguments: Dialect.allCases)
    func moved(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "secretary", unit: "P111")
            _ = try await site.person("ainur", role: "secretary", unit: "D11")
            let (village, district) = (try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("ainur", on: site))
            let present = AdvancePresent(day: day(10))
            _ = try await site.app.intake.change(present, by: .operator, at: site.clock.now)
            // Sealed on day 10, offline, for days before and after the move that neither phone knows of.
            let before = [try village.file(1, day: "2026-01-04", attendees: 40), try district.file(11, day: "2026-01-04", attendees: 2)]
            let after = [try village.file(2, day: "2026-01-11", attendees: 5), try district.file(12, day: "2026-01-11", attendees: 3)]
            let revised = try district.correct(13, of: 1, .rev(1), attendees: 41)
            site.clock.advance(seconds: 2 * 86_400)
            _ = try await site.app.intake.change(AdvancePresent(day: day(12)), by: .operator, at: site.clock.now)
            try await move(site, "P111", to: "D21", on: 10)
            for (phone, ops) in [(village, [before[0], after[0]]), (district, [before[1], after[1], revised])] {
                let page = try await site.sync(ops, token: phone.token)
                #expect(page.statuses.allSatisfy { $0 == "accepted" }, "\(page.body)")
                let reviewed = page.body.contains("\"review\"")
                #expect(reviewed == (phone === district), "who was over it is marked for review: \(page.body)")
            }
            #expect(try await site.attendees("D11") == 43)
            #expect(try await site.attendees("D21") == 8)
            // What the district's secretary writes after hearing of it is not theirs any more.
            try await district.hear(site)
            let late = try await site.sync([try district.file(14, day: "2026-01-11", attendees: 1)], token: district.token)
            #expect(late.statuses == ["refused"] && late.problems == ["not-found"], "\(late.body)")
            // A correction may not carry a figure across the move: void and file anew says how.
            let across = try await site.sync(
                [
                    try village.correct(3, of: 1, .rev(2), attendees: 41, more: [("day", .text("2026-01-11"))]),
                    try village.void(4, of: 1, .rev(2)),
                    try village.file(5, day: "2026-01-11", attendees: 41, more: [("replaces", .text(Ops.id(1)))]),
                ], token: village.token)
            #expect(across.statuses == ["refused", "accepted", "accepted"] && across.problems[0] == "day-crosses-move", "\(across.body)")
            #expect(try await site.attendees("D11") == 2)
            #expect(try await site.attendees("D21") == 49)
            #expect(try await site.metric(1) == 51)
            #expect(try await site.recountIsClean())
        }
    }

    @Test("fault 12: moved twice in a day, swapped, never below itself; every total holds", arguments: Dialect.allCases)
    func twice(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "secretary", unit: "P111")
            _ = try await site.person("saule", role: "activist", unit: "P211")
            let phones = [try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("saule", on: site)]
            _ = try await site.app.intake.change(AdvancePresent(day: day(10)), by: .operator, at: site.clock.now)
            let ops = [try phones[0].file(1, attendees: 40), try phones[1].file(2, unit: "P211", attendees: 9)]
            for (phone, op) in zip(phones, ops) {
                #expect(try await site.sync([op], token: phone.token).statuses == ["accepted"])
            }
            func root() async throws -> [Int64] {
                [try await site.metric(1), try await site.world.rootTotal(1, present: true)]
            }
            // Twice on one day, the second time back: the same tree, the same totals.
            try await move(site, "P111", to: "D12", on: 9)
            #expect(try await site.attendees("D12") == 40)
            try await move(site, "P111", to: "D11", on: 9)
            #expect(try await site.attendees("D12") == 0)
            #expect(try await site.attendees("D11") == 40)
            // Below itself, and below its own child by way of another day.
            for (unit, parent) in [("R1", "D11"), ("D11", "P111"), ("D11", "D11")] {
                await #expect(throws: Problem.self) { try await move(site, unit, to: parent, on: 10) }
            }
            // Two districts change places: figures of their days follow, no sum moves.
            #expect(try await root() == [49, 49])
            try await move(site, "D11", to: "R2", on: 9)
            try await move(site, "D21", to: "R1", on: 9)
            #expect(try await root() == [49, 49])
            #expect(try await site.attendees("R1") == 9)
            #expect(try await site.attendees("R2") == 40)
            // Backdated across the day that was reported: reposted, and no sum moves.
            try await move(site, "P211", to: "D12", on: 3)
            #expect(try await root() == [49, 49])
            #expect(try await site.attendees("D12") == 9)
            #expect(try await site.attendees("D21") == 0)
            let page = try await site.sync([try phones[1].correct(3, of: 2, .op(2), attendees: 13)], token: phones[1].token)
            #expect(page.statuses == ["accepted"], "\(page.body)")
            #expect(try await site.attendees("D12") == 13)
            #expect(try await site.recountIsClean())
        }
    }

    @Test(
        "fault 14: a role ends while its holder is offline: what was written before is taken for review, what is written later is not",
        arguments: Dialect.allCases)
    func grantEnds(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let aigul = try await site.person("aigul", role: "secretary", unit: "P111")
            let admin = try await site.actor(try await site.person("admin", role: "administrator"))
            let phone = try await TestPhone.signIn("aigul", on: site)
            let known = try phone.file(1)
            #expect(try await site.sync([known], token: phone.token).statuses == ["accepted"])
            let before = [try phone.file(2, attendees: 3), try phone.correct(3, of: 1, .op(1), attendees: 58)]
            site.clock.advance(seconds: 3600)
            let grants = try await site.database.read { db in
                try db.all(ID<GrantMark>.self, "SELECT id FROM role_grant WHERE person = \(aigul)")
            }
            _ = try await site.database.run(RevokeRole(person: aigul, grant: grants[0]), by: admin, at: site.clock.now)
            site.clock.advance(seconds: 3600)
            let page = try await site.sync(before, token: phone.token)
            #expect(page.statuses == ["accepted", "accepted"], "\(page.body)")
            #expect(page.json["outcomes"]?.list?.allSatisfy { $0["flags"]?.list?.contains(.text("review")) == true } == true)
            try await phone.hear(site)
            let later = try await site.sync([try phone.file(4), try phone.void(5, of: 1, .rev(2))], token: phone.token)
            #expect(later.statuses == ["refused", "refused"], "\(later.body)")
            #expect(try await site.attendees("P111") == 61)
            #expect(try await site.recountIsClean())
        }
    }
}
