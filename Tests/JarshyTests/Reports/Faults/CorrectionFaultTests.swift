import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Faults of corrections: 15, 16")
struct CorrectionFaultTests {
    /// What stands: (revision that applies, attendances, how many compete, voided).
    private struct Standing: Equatable {
        let rev: Int64
        let attendees: Int64
        let competing: Int64
        var isVoided = false
    }

    private func standing(_ site: TestSite, _ report: UInt64) async throws -> Standing? {
        try await site.database.read { db in
            try db.first("SELECT rev, m1, competing, voided FROM report WHERE id = \(ReportID(Ops.id(report))!)") { row in
                Standing(rev: try row.next(), attendees: try row.next(), competing: try row.next(), isVoided: try row.next())
            }
        }
    }

    @Test(
        "fault 15: of two corrections on one base exactly one applies, the other is seen: one device and two, in both orders",
        arguments: Dialect.allCases)
    func oneBase(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let phones = [try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("aigul", on: site)]
            var id: UInt64 = 0
            for second in [0, 1] {
                for order in [[0, 1], [1, 0]] {
                    let report = id + 1
                    #expect(try await site.sync([try phones[0].file(report)], token: phones[0].token).statuses == ["accepted"])
                    let rivals = [
                        (phones[0], try phones[0].correct(id + 2, of: report, .rev(1), attendees: 10)),
                        (phones[second], try phones[second].correct(id + 3, of: report, .rev(1), attendees: 20)),
                    ]
                    var effects: [String?] = []
                    for at in order {
                        let (phone, op) = rivals[at]
                        effects += try await site.sync([op], token: phone.token).outcomes("effect")
                    }
                    #expect(effects == ["applied", "competing"])
                    #expect(try await standing(site, report) == Standing(rev: 2, attendees: order == [0, 1] ? 10 : 20, competing: 1))
                    id += 10
                }
            }
            #expect(try await site.recountIsClean())
        }
    }

    @Test(
        "fault 15: a stranger's correction comes between two of a phone that was offline: neither replaces what its author never saw",
        arguments: Dialect.allCases)
    func stranger(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("ainur", role: "secretary", unit: "D11")
            let (phone, other) = (try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("ainur", on: site))
            #expect(try await site.sync([try phone.file(1)], token: phone.token).statuses == ["accepted"])
            // Offline: one correction, and one upon it. The stranger's becomes version 2, the number the phone would have expected.
            let chain = [
                try phone.correct(2, of: 1, .op(1), attendees: 10), try phone.correct(3, of: 1, .op(2), attendees: 11),
                try phone.void(4, of: 1, .op(3)),
            ]
            #expect(try await site.sync([try other.correct(9, of: 1, .rev(1), attendees: 77)], token: other.token).outcomes("effect") == ["applied"])
            let page = try await site.sync(chain, token: phone.token)
            #expect(page.outcomes("effect") == ["competing", "competing", "competing"], "\(page.body)")
            #expect(try await standing(site, 1) == Standing(rev: 2, attendees: 77, competing: 3))
            // In a chain of one's own each applies, in one request, and in pieces that come in the wrong order.
            #expect(try await site.sync([try phone.file(20)], token: phone.token).statuses == ["accepted"])
            let own = [
                try phone.correct(21, of: 20, .op(20), attendees: 1), try phone.correct(22, of: 20, .op(21), attendees: 2),
                try phone.correct(23, of: 20, .op(22), attendees: 3),
            ]
            let wrong = try await site.sync([own[2], own[1]], token: phone.token)
            #expect(wrong.statuses == ["parked", "parked"] && wrong.problems == ["base-not-here", "base-not-here"], "\(wrong.body)")
            let right = try await site.sync(own, token: phone.token)
            #expect(right.outcomes("effect") == ["applied", "applied", "applied"], "\(right.body)")
            #expect(try await standing(site, 20) == Standing(rev: 4, attendees: 3, competing: 0))
            // Only what one wrote oneself can be named; and one base is named, in one way.
            let faults = try await site.sync(
                [
                    try other.correct(30, of: 20, .op(23), attendees: 9),
                    try phone.correct(31, of: 20, .op(23), attendees: 9, more: [("base_rev", .integer(4))]),
                    try phone.correct(32, of: 20, .op(2), attendees: 9),
                ], token: phone.token)
            #expect(faults.statuses == ["parked", "refused", "parked"], "\(faults.body)")
            #expect(faults.body.contains("two-bases"))
            #expect(try await standing(site, 20) == Standing(rev: 4, attendees: 3, competing: 0))
            #expect(try await site.recountIsClean())
        }
    }

    @Test(
        "fault 16: a voided report takes nothing more, a check does not stop a correction, and another day is one operation",
        arguments: Dialect.allCases)
    func voided(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            let checker = try await site.person("kira", role: "coordinator")
            let phone = try await TestPhone.signIn("aigul", on: site)
            _ = try await site.sync([try phone.file(1), try phone.file(2, attendees: 20)], token: phone.token)
            let page = try await site.sync(
                [
                    try phone.void(3, of: 1, .op(1)), try phone.void(4, of: 1, .rev(2)),
                    try phone.correct(5, of: 1, .rev(2), attendees: 9), try phone.correct(6, of: 1, .rev(1), attendees: 9),
                ], token: phone.token)
            #expect(page.statuses == ["accepted", "refused", "refused", "refused"], "\(page.body)")
            #expect(page.problems.dropFirst().allSatisfy { $0 == "report-voided" })
            #expect(try await standing(site, 1) == Standing(rev: 2, attendees: 57, competing: 0, isVoided: true))
            #expect(try await site.attendees("P111") == 20)
            // The region has checked it; the correction applies and brings the figure back to be checked anew.
            let checked = try await site.file([Ops.check(7, 2, base: 1, level: "region")], by: checker)
            #expect(checked[0].status == .accepted, "\(checked[0].receipt)")
            let after = try await site.sync(
                [try phone.correct(8, of: 2, .rev(1), attendees: 22, more: [("day", .text("2026-01-09"))])], token: phone.token)
            #expect(after.outcomes("effect") == ["applied"], "\(after.body)")
            let band = try await site.database.read { db in
                try db.value("SELECT band FROM report WHERE id = \(ReportID(Ops.id(2))!)", as: Int64.self)
            }
            #expect(band == Band.submitted.rawValue)
            // Another unit is a void and a new report that names it, in one request; nothing is counted twice meanwhile.
            let moved = try await site.sync(
                [
                    try phone.void(9, of: 2, .op(8)),
                    try phone.file(10, attendees: 22, more: [("replaces", .text(Ops.id(2)))]),
                    try phone.correct(11, of: 10, .op(10), attendees: 23, more: [("unit", .text("P112"))]),
                ], token: phone.token)
            #expect(moved.statuses == ["accepted", "accepted", "refused"] && moved.body.contains("unknown-key"), "\(moved.body)")
            #expect(try await site.attendees("P111") == 22)
            #expect(try await site.recountIsClean())
        }
    }
}
