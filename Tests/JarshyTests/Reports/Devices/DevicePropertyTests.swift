import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// P6-P9 and P16 of the reference over phones that sign, over HTTP. The client's half is `Tests/Field`.
@Suite("Phones: properties P6, P7, P9, P16")
struct DevicePropertyTests {
    /// JARSHY_SEEDS=n runs fewer or more; a failure prints its seed.
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 6))
    private static let steps = 120

    @Test(
        "P7, P9, P16: whatever is sealed, by whomever it travels and however often, ends as the answers say",
        arguments: Dialect.allCases, seeds)
    func histories(_ dialect: Dialect, _ seed: UInt64) async throws {
        try await TestSite.run(dialect) { site in
            for (login, unit) in [("aigul", "P111"), ("marat", "P112"), ("saule", "P211")] {
                _ = try await site.person(login, role: "activist", unit: unit)
            }
            var phones: [TestPhone] = []
            for login in ["aigul", "aigul", "marat", "saule"] { phones.append(try await TestPhone.signIn(login, on: site)) }
            let history = PhoneHistory(seed: seed, site, phones: phones, units: ["P111", "P111", "P112", "P211"])
            for _ in 0..<Self.steps { try await history.step() }
            try await history.settle()
            try await history.verifyEverything()
        }
    }

    @Test(
        "P6: two phones write the same; whatever order, copies and hands it comes by, the same stands",
        arguments: Dialect.allCases, seeds)
    func orders(_ dialect: Dialect, _ seed: UInt64) async throws {
        try await TestSite.run(dialect) { site in
            for (login, unit) in [("aigul", "P111"), ("saule", "P211")] {
                _ = try await site.person(login, role: "activist", unit: unit)
            }
            let phones = [try await TestPhone.signIn("aigul", on: site), try await TestPhone.signIn("saule", on: site)]
            let history = PhoneHistory(seed: seed, site, phones: phones, units: ["P111", "P211"])
            var random = Seeded(seed)
            var heads: [[(report: UInt64, last: UInt64)]] = [[], []]
            for _ in 0..<25 {
                let attendees = Int64.random(in: 1...60, using: &random)
                let isNew = heads[0].isEmpty || Bool.random(using: &random)
                let at = isNew ? 0 : Int.random(in: 0..<heads[0].count, using: &random)
                let isVoid = !isNew && Int.random(in: 0..<10, using: &random) == 0
                for twin in 0..<2 {
                    if isNew {
                        try history.file(twin, attendees: attendees)
                        heads[twin].append((history.sealed.last!.id, history.sealed.last!.id))
                    } else {
                        let (report, last) = heads[twin][at]
                        try history.revise(twin, report, .op(last), isVoid ? nil : attendees)
                        heads[twin][at].last = history.sealed.last!.id
                    }
                }
                // A voided report takes nothing more; leave it be.
                if isVoid { for twin in 0..<2 { heads[twin].remove(at: at) } }
            }
            // Each twin's operations shuffled by themselves, in pieces, some of them twice.
            while let one = history.sealed.filter({ history.answers[$0.id] == nil }).randomElement(using: &random) {
                let copies = (0..<5).map { _ in history.sealed.randomElement(using: &random)! }
                try await history.deliver([one] + copies.shuffled(using: &random))
                if history.answers.count == history.sealed.count { break }
                if Int.random(in: 0..<40, using: &random) == 0 { try await history.settle() }
            }
            try await history.settle()
            try history.expect(history.answers.count == history.sealed.count, "P6: something is still parked")
            try history.expect(
                history.answers.values.allSatisfy { $0["effect"]?.text == "applied" }, "P6: a chain of one phone competes with itself")
            let (one, other) = (try await site.attendees("P111"), try await site.attendees("P211"))
            try history.expect(one == other, "P6: \(one) in one order, \(other) in the other")
            try await history.verifyEverything()
        }
    }
}

/// What must hold once everything has been delivered.
extension PhoneHistory {
    func verifyEverything() async throws {
        try await verifyFates()
        try await verifyChains()
        try await verifyNumbers()
        try await verifyTotals()
        try await replay()
        let finding = try await Recount.run(site.database)
        try expect(finding.isClean, "\(finding.differences.prefix(5))")
    }

    private func isAccepted(_ id: UInt64) -> Bool { answers[id]?["status"]?.text == "accepted" }

    /// P16: every sealed operation is accepted, refused, or waits for something that was not accepted.
    private func verifyFates() async throws {
        for one in sealed where answers[one.id] == nil {
            try expect(
                !isAccepted(one.report) || one.base.map { !isAccepted($0) } ?? false,
                "P16: \(one.json) is still parked, though all it builds on is there")
        }
        let stored = try await site.count("SELECT count(*) FROM inbox")
        try expect(stored == answers.count, "P16: \(stored) are kept, \(answers.count) were answered for good")
    }

    /// P9: what applied forms a chain of what its authors saw; of two upon one base one applied.
    private func verifyChains() async throws {
        let rows = try await site.database.read { db in
            try db.all("SELECT report, rev, op, state, base_rev FROM revision ORDER BY report, rev") { row in
                (
                    report: try row.next(ReportID.self), rev: try row.next(Int64.self), op: try row.next(OperationID.self),
                    state: try row.next(Revision.State.self), base: try row.next(Int64.self)
                )
            }
        }
        let accepted = sealed.filter { isAccepted($0.id) }
        try expect(rows.count == accepted.count, "P9: \(rows.count) versions of \(accepted.count) accepted operations")
        var applied: [ReportID: Int64] = [:]
        var numbers: [OperationID: Int64] = [:]
        for row in rows {
            numbers[row.op] = row.rev
            if row.state == .applied {
                try expect(row.base == applied[row.report] ?? 0, "P9: \(row) applied upon a version that did not stand")
                applied[row.report] = row.rev
            } else {
                try expect(row.base != applied[row.report], "P9: \(row) competes, though what it builds on stands")
            }
        }
        for one in accepted {
            guard let base = one.base, let row = rows.first(where: { $0.op.description == Ops.id(one.id) }) else { continue }
            let named = numbers[OperationID(Ops.id(base))!]
            try expect(row.base == named, "P9: \(row) says it builds on \(row.base); its author named version \(named ?? 0)")
        }
    }

    /// A phone's numbers have a gap where something waits, and forks are told where a copy was restored, nowhere else.
    private func verifyNumbers() async throws {
        let ids = phones.map(\.id)
        let (gaps, forks) = try await site.database.read { db in (try DeviceGaps.of(ids, in: db), try DeviceGaps.forks(ids, in: db)) }
        for at in phones.indices where !restored.contains(at) {
            let id = phones[at].id
            try expect(forks[id] == nil, "a fork of phone \(at), which was never restored")
            let numbers = Set(sealed.filter { $0.phone == at && answers[$0.id] != nil }.map(\.n))
            let last = numbers.max() ?? 0
            let missing = last == 0 ? [] : (1...last).filter { !numbers.contains($0) }
            let told = (gaps[id]?.missing ?? []).flatMap { Array($0) }
            try expect(told == missing, "phone \(at) lacks \(missing), the head is told \(told)")
        }
        for at in restored {
            let used = sealed.filter { $0.phone == at && answers[$0.id] != nil }.map(\.n)
            if Set(used).count < used.count { try expect(forks[phones[at].id] != nil, "a number used twice was not told") }
        }
    }

    /// The totals are what the answers say: the last applied version of each report that was not voided.
    private func verifyTotals() async throws {
        var standing: [UInt64: (rev: Int64, attendees: Int64?)] = [:]
        for one in sealed where isAccepted(one.id) && answers[one.id]?["effect"]?.text == "applied" {
            let rev = answers[one.id]?["rev"]?.integer ?? 0
            if rev > standing[one.report]?.rev ?? 0 { standing[one.report] = (rev, one.attendees) }
        }
        let wanted = standing.values.reduce(0) { $0 + ($1.attendees ?? 0) }
        let total = try await site.metric(1)
        try expect(total == wanted, "the root says \(total), the answers say \(wanted)")
    }

    /// P7 once more: everything by another hand, in another order; the same answers, the same totals.
    private func replay() async throws {
        let before = try await site.world.totals()
        let all = sealed.shuffled(using: &random)
        for start in stride(from: 0, to: all.count, by: 50) { try await deliver(Array(all[start..<min(start + 50, all.count)])) }
        try expect(try await site.world.totals() == before, "P7: sending everything again moved a total")
    }
}
