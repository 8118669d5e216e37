import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Faults on the way: 1, 2, 5, 7, 32")
struct TransportFaultTests {
    private static let accepted50 = [String](repeating: "accepted", count: 50)

    @Test("fault 1: the same operation in 50 requests at once is one entry with one receipt", arguments: Dialect.allCases)
    func parallel(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let (sealed, token) = (try phone.file(1), phone.token)
            let answers = try await withThrowingTaskGroup(of: TestPage.self) { group in
                for _ in 0..<50 { group.addTask { try await site.sync([sealed], token: token) } }
                return try await group.reduce(into: [TestPage]()) { $0.append($1) }
            }
            #expect(Set(answers.map(\.bytes)).count == 1, "every sender gets the same receipt, byte for byte")
            #expect(answers[0].statuses == ["accepted"], "\(answers[0].body)")
            // Twenty times in one request, too: the second and later ones get the first's receipt.
            let copies = try phone.file(2, attendees: 3)
            let page = try await site.sync([Json](repeating: copies, count: 20), token: token)
            #expect(Set(page.json["outcomes"]?.list ?? []).count == 1 && page.statuses.count == 20)
            #expect(try await site.count("SELECT count(*) FROM inbox") == 2)
            #expect(try await site.count("SELECT count(*) FROM entry") == 2)
            #expect(try await site.attendees("P111") == 60)
            #expect(try await site.recountIsClean())
        }
    }

    @Test("fault 2: an answer that was lost is given again a day later, byte for byte", arguments: Dialect.allCases)
    func nextDay(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let ops = [try phone.file(1), try phone.file(2, unit: "nowhere"), try phone.correct(3, of: 1, .op(1), attendees: 58)]
            let lost = try await site.sync(ops, token: phone.token)
            #expect(lost.statuses == ["accepted", "refused", "accepted"], "\(lost.body)")
            site.clock.advance(seconds: 86_400)
            let intake = Intake(database: site.database)  // a server that has just started
            let actor = try await site.actor(phone.person)
            for (index, op) in ops.enumerated() {
                let operation = try #require(Operation(op, device: "", door: .sync))
                let again = try await intake.submit([operation], by: actor, at: site.clock.now)[0]
                #expect(lost.body.contains(again.receipt), "\(index): \(again.receipt)")
            }
            #expect(try await site.sync(ops, token: phone.token).bytes == lost.bytes)
            #expect(try await site.attendees("P111") == 58)
        }
    }

    @Test("fault 5: operation 3 of 50 is poison in four ways; 49 outcomes return and count", arguments: Dialect.allCases)
    func poison(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            var expected: Int64 = 0
            for (round, kind) in ["number", "forged", "unknown", "zero"].enumerated() {
                let first = UInt64(round * 100)
                let ops = try (1...50).map { n -> Json in
                    guard n == 3 else { return try phone.file(first + UInt64(n), attendees: 1) }
                    switch kind {
                    case "number": return .integer(7)
                    case "forged": return try phone.file(first + 3).altered("day", .text("2026-01-09"))
                    case "unknown": return try phone.file(first + 3, more: [("colour", .text("red"))])
                    default: return try phone.file(first + 3, more: [("note", .text("a\u{0}b"))])
                    }
                }
                let page = try await site.sync(ops, token: phone.token)
                var wanted = Self.accepted50
                wanted[2] = "refused"
                #expect(page.statuses == wanted, "\(kind): \(page.body.prefix(600))")
                expected += 49
                #expect(try await site.attendees("P111") == expected, "\(kind)")
            }
            #expect(try await site.recountIsClean())
        }
    }

    @Test(
        "fault 7: a form five versions old counts; a renamed option counts under its code, a removed one needs somebody",
        arguments: Dialect.allCases)
    func oldForms(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phone = try await TestPhone.signIn("aigul", on: site)
            // The first form knew fewer metrics and none of today's further keys; a later campaign has more of both.
            let old = try phone.file(1, attendees: 5)
            let renamed = [try phone.file(2, attendees: 7), try phone.file(3, attendees: 9, more: [("estimated", .bool(true))])]
            let gone = try phone.seal(
                [
                    ("kind", .text("report.file")), ("campaign", .text("test")), ("unit", .text("P111")), ("day", .text("2026-01-10")),
                    ("activity", .text("lecture")), ("audience", .text("residents")), ("channel", .text("in_person")),
                    ("metrics", .object([.init("events", .integer(1)), .init("peak", .integer(30))])),
                ], id: 4)
            // And a phone of tomorrow, whose form has a key that this server does not know.
            let newer = try phone.file(5, more: [("weather", .text("wind"))])
            try await site.database.write { db in
                try db.run("UPDATE activity SET name_kk = 'жиын', name_ru = 'сбор', name_en = 'gathering' WHERE code = 'meeting'")
                try db.run("DELETE FROM activity WHERE code = 'lecture'")
                try db.run("UPDATE campaign SET stamp = stamp + 1")
            }
            let page = try await site.sync([old] + renamed + [gone, newer], token: phone.token)
            #expect(page.statuses == ["accepted", "accepted", "accepted", "refused", "refused"], "\(page.body)")
            let faults = page.json["outcomes"]?.list?.suffix(2).map { $0["problem"]?["errors"]?.list?.first?["field"]?.text }
            #expect(faults == ["activity", "weather"], "each names what has to be mended: \(page.body)")
            #expect(try await site.attendees("P111") == 21)
            #expect(try await site.recountIsClean())
        }
    }

    @Test(
        "fault 32: an id that another author chose to collide with changes nothing of theirs, and both see what became of it",
        arguments: Dialect.allCases)
    func collision(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("marat", role: "activist", unit: "P112")
            let (phone, attacker) = (try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("marat", on: site))
            let first = try await site.sync([try phone.file(1), try phone.correct(2, of: 1, .op(1), attendees: 60)], token: phone.token)
            #expect(first.statuses == ["accepted", "accepted"])
            // The attacker uses ids he saw as a courier: for a report, for a correction, for a base.
            let taken = try await site.sync(
                [
                    try attacker.file(1, unit: "P112", attendees: 900), try attacker.file(2, unit: "P112", attendees: 4),
                    try attacker.correct(3, of: 1, .op(2), attendees: 1),
                ], token: attacker.token)
            #expect(taken.statuses == ["refused", "accepted", "refused"], "\(taken.body)")
            #expect(taken.problems[0] == "id-taken" && taken.problems[2] == "not-found", "\(taken.body)")
            #expect(try await site.attendees("P111") == 60)
            #expect(try await site.attendees("P112") == 4)
            // Told again, the author's receipts are the author's.
            let again = try await site.sync(phone.sent, token: phone.token)
            #expect(again.bytes == first.bytes)
            // What the attacker files first under an id he saw is refused to the author visibly, never merged or lost silently.
            let seen = try phone.file(9, attendees: 11)
            #expect(try await site.sync([try attacker.file(9, unit: "P112", attendees: 1)], token: attacker.token).statuses == ["accepted"])
            let late = try await site.sync([seen], token: phone.token)
            #expect(late.statuses == ["refused"] && late.problems == ["id-taken"], "\(late.body)")
            #expect(try await site.attendees("P111") == 60)
            #expect(try await site.recountIsClean())
        }
    }
}
