import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Random histories against the invariants of the figures engine (reference: P1-P10, P13, P14, P19, P20). Each run prints its
/// seed when it fails; `seeds` × `steps` operations, on both engines.
@Suite("Ledger properties")
struct LedgerPropertyTests {
    /// JARSHY_SEEDS=n runs fewer, or more: the mutants' script needs few, a night may want thousands.
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 40))
    static let steps = 400

    @Test("any history keeps every invariant", arguments: Dialect.allCases)
    func histories(_ dialect: Dialect) async throws {
        // Two at a time: as many as the machine has cores.
        try await withThrowingTaskGroup(of: Void.self) { group in
            var next = LedgerPropertyTests.seeds.makeIterator()
            for _ in 0..<2 {
                if let seed = next.next() { group.addTask { try await History(seed: seed, dialect).run() } }
            }
            while try await group.next() != nil {
                if let seed = next.next() { group.addTask { try await History(seed: seed, dialect).run() } }
            }
        }
    }
}

/// One random history, with its own plain model of what every report must say.
final class History {
    /// What the model believes of a report: only what the rules say, nothing read back.
    struct Believed {
        var rev: Int64
        var lastRev: Int64
        var attendees: Int64
        var events: Int64
        var voided = false
        var competing: [Int64: (attendees: Int64?, events: Int64)] = [:]
        let unit: String
        let day: Day
        var author: UInt64
    }

    let seed: UInt64
    let dialect: Dialect
    var random: Seeded
    var world: EngineWorld!
    var today = 5
    var counter: UInt64 = 0
    var reports: [UInt64: Believed] = [:]
    var sent: [(operation: Operation, actor: Actor, receipt: String, at: Instant)] = []
    var cast: [Actor] = []
    var newUnits = 0
    var units = EngineWorld.tree.map(\.code)

    init(seed: UInt64, _ dialect: Dialect) {
        self.seed = seed
        self.dialect = dialect
        self.random = Seeded(seed)
    }

    func run() async throws {
        var options = DatabaseOptions()
        options.connections = 2
        world = try await EngineWorld.make(dialect, options: options)
        for n in 1...3 { cast.append(try await world.actor(UInt64(n))) }
        _ = try await world.intake.change(AdvancePresent(day: EngineWorld.firstDay.advanced(by: today)), by: cast[0], at: now)
        for step in 1...LedgerPropertyTests.steps {
            try await self.step()
            if step % 50 == 0 { try await verify("step \(step)") }
        }
        try await verifyModel()
        try await replayEverything()
        try await world.test.close()
    }

    var now: Instant { EngineWorld.at(today) }

    private func step() async throws {
        switch Int.random(in: 0..<118, using: &random) {
        case 0..<38: try await file()
        case 38..<58: try await correct()
        case 58..<64: try await void()
        case 64..<76: try await check()
        case 76..<81: try await settle()
        case 81..<87: try await replay()
        case 87..<91: try await alteredReplay()
        case 91..<95: try await move()
        case 95..<96: try await merge()
        case 96..<97: try await split()
        case 100..<107: try await promiseEvidence()
        case 107..<112: try await evidenceArrives()
        case 112..<118: try await judgeEvidence()
        default: try await nextDay()
        }
    }

    private func fresh() -> UInt64 {
        counter += 1
        return counter
    }

    @discardableResult
    private func send(_ operation: Operation, _ actor: Actor) async throws -> Outcome {
        let outcome = try await world.intake.submit([operation], by: actor, at: now)[0]
        if outcome.status == .accepted || outcome.status == .refused {
            sent.append((operation, actor, outcome.receipt, now))
        }
        return outcome
    }

    private func file() async throws {
        let n = fresh()
        let unit = units.randomElement(using: &random)!
        let day = EngineWorld.firstDay.advanced(by: Int.random(in: 0...min(today + 1, 60), using: &random))
        let who = Int.random(in: 0..<3, using: &random)
        let attendees = Int64.random(in: 0...60, using: &random)
        let events = Int64.random(in: 0...2, using: &random)
        let credited = Bool.random(using: &random)
        let extra: [Json.Member] = credited
            ? [.init("credits", .list([.object([.init("unit", .text("C1")), .init("role", .text("helper"))])]))] : []
        let outcome = try await send(
            Ops.file(n, unit, day: day, events: events, attendees: attendees,
                activity: Bool.random(using: &random) ? "meeting" : "lecture", extra: extra), cast[who])
        if outcome.status == .accepted {
            reports[n] = Believed(
                rev: 1, lastRev: 1, attendees: attendees, events: events, unit: unit, day: day, author: UInt64(who))
        } else {
            try expect(outcome.problem?.slug == "unit-closed", "filing refused: \(outcome.receipt)")
        }
    }

    private func anyReport() -> UInt64? { reports.keys.sorted().randomElement(using: &random) }

    /// The applied version mostly, an older one at times.
    private func someBase(_ report: Believed) -> Int64 {
        Int.random(in: 0..<4, using: &random) == 0 ? Int64.random(in: 1...report.lastRev, using: &random) : report.rev
    }

    private func correct() async throws {
        guard let n = anyReport(), var report = reports[n] else { return }
        let base = someBase(report)
        let attendees = Int64.random(in: 0...80, using: &random)
        let outcome = try await send(
            Ops.correct(fresh(), n, base: base, events: 1, attendees: attendees), cast.randomElement(using: &random)!)
        if report.voided {
            try expect(outcome.problem?.slug == "report-voided", "a voided report was corrected: \(outcome.receipt)")
            return
        }
        guard outcome.status == .accepted else {
            try expect(outcome.problem?.slug == "unit-closed", "correction refused: \(outcome.receipt)")
            return
        }
        report.lastRev += 1
        if base == report.rev {
            try expect(outcome.receipt.contains("\"applied\""), "a correction on the applied version must apply")
            report.rev = report.lastRev
            (report.attendees, report.events) = (attendees, 1)
        } else {
            try expect(outcome.receipt.contains("\"competing\""), "a correction on an old version must compete")
            report.competing[report.lastRev] = (attendees, 1)
        }
        reports[n] = report
    }

    private func void() async throws {
        guard let n = anyReport(), var report = reports[n] else { return }
        let base = someBase(report)
        let outcome = try await send(Ops.void(fresh(), n, base: base), cast.randomElement(using: &random)!)
        if report.voided {
            try expect(outcome.problem?.slug == "report-voided", "a voided report was voided: \(outcome.receipt)")
            return
        }
        try expect(outcome.status == .accepted, "void refused: \(outcome.receipt)")
        report.lastRev += 1
        if base == report.rev {
            report.rev = report.lastRev
            report.voided = true
        } else {
            try expect(outcome.receipt.contains("\"competing\""), "a void on an old version must compete")
            report.competing[report.lastRev] = (nil, 0)
        }
        reports[n] = report
    }

    /// P5: a check moves a figure between bands, and no sum over bands by it.
    private func check() async throws {
        guard let n = anyReport(), let report = reports[n] else { return }
        let before = try await bandSums()
        let base = someBase(report)
        let outcome = try await send(
            Ops.check(fresh(), n, base: base, level: Bool.random(using: &random) ? "district" : "region"),
            cast.randomElement(using: &random)!)
        if outcome.status == .accepted { try expect(base == report.rev && !report.voided, "a check on an old version was accepted") }
        try expect(try await bandSums() == before, "P5: a check moved a sum")
    }

    private func settle() async throws {
        let waiting = reports.keys.sorted().filter { !(reports[$0]?.competing.isEmpty ?? true) }
        guard let n = waiting.randomElement(using: &random), var report = reports[n],
            let rev = report.competing.keys.sorted().randomElement(using: &random), let rival = report.competing[rev]
        else { return }
        let take = Bool.random(using: &random)
        let outcome = try await send(Ops.settle(fresh(), n, rev: rev, take: take), cast.randomElement(using: &random)!)
        if take, report.voided {
            try expect(outcome.problem?.slug == "report-voided", "a voided report took a version: \(outcome.receipt)")
            return
        }
        guard outcome.status == .accepted else {
            try expect(outcome.problem?.slug == "day-crosses-move", "settling refused: \(outcome.receipt)")
            return
        }
        report.competing[rev] = nil
        if take {
            report.lastRev += 1
            report.rev = report.lastRev
            if let attendees = rival.attendees { (report.attendees, report.events) = (attendees, rival.events) } else { report.voided = true }
        }
        reports[n] = report
    }

    /// P7: the same operation gets the same receipt, byte for byte, and changes nothing.
    private func replay() async throws {
        guard let old = sent.randomElement(using: &random) else { return }
        let before = try await world.totals()
        let outcome = try await world.intake.submit([old.operation], by: old.actor, at: now)[0]
        try expect(outcome.receipt == old.receipt, "P7: another receipt for the same operation:\n\(old.receipt)\n\(outcome.receipt)")
        try expect(try await world.totals() == before, "P7: a replay changed a total")
    }

    private func alteredReplay() async throws {
        guard let old = sent.randomElement(using: &random), case .object(var members) = old.operation.body else { return }
        members.append(.init("at", .integer(Int64.random(in: 1...1_000_000, using: &random))))
        let before = try await world.totals()
        let outcome = try await world.intake.submit([Operation(.object(members), device: "test", door: .sync)!], by: old.actor, at: now)[0]
        try expect(outcome.status == .mismatch, "P7: other bytes under a used id: \(outcome.receipt)")
        try expect(try await world.totals() == before, "P7: an altered replay changed a total")
    }

    /// P10: a move never changes a total dated before its day, as reported.
    private func move() async throws {
        let unit = units.dropFirst().randomElement(using: &random)!
        let parent = (units.filter { $0.count <= 3 }).randomElement(using: &random)!
        let day = EngineWorld.firstDay.advanced(by: Int.random(in: 0...min(today + 6, 60), using: &random))
        let before = try await world.totals("WHERE basis = 0 AND day < \(day)")
        do {
            _ = try await world.intake.change(MoveUnit(unit: unit, parent: parent, day: day, note: ""), by: cast[0], at: now)
        } catch let problem as Problem {
            try expect(
                ["unit-circle", "unit-same-parent", "unit-closed", "unit-root", "unit-kind-order"].contains(problem.slug), "move refused: \(problem)")
        }
        try expect(try await world.totals("WHERE basis = 0 AND day < \(day)") == before, "P10: a move changed an earlier total")
    }

    /// P10: a merge never changes the sum of the affected set.
    private func merge() async throws {
        let open = units.dropFirst().filter { $0.hasPrefix("P") || $0.hasPrefix("D") }
        guard let unit = open.randomElement(using: &random), let into = open.randomElement(using: &random) else { return }
        let before = [try await world.rootTotal(1), try await world.rootTotal(0)]
        do {
            _ = try await world.intake.change(
                MergeUnit(unit: unit, into: into, day: EngineWorld.firstDay.advanced(by: today), note: ""), by: cast[0], at: now)
        } catch let problem as Problem {
            try expect(["unit-circle", "unit-same", "unit-closed", "unit-root", "unit-kind-order"].contains(problem.slug), "merge refused: \(problem)")
        }
        try expect([try await world.rootTotal(1), try await world.rootTotal(0)] == before, "P10: a merge changed the sum")
    }

    private func split() async throws {
        guard let unit = units.filter({ $0.hasPrefix("D") }).randomElement(using: &random) else { return }
        newUnits += 2
        let parts = [newUnits - 1, newUnits].map { n in
            SplitUnit.Part(code: "D9\(n)", names: Trio(kk: "D9\(n)", ru: "D9\(n)", en: "D9\(n)"), children: [])
        }
        do {
            _ = try await world.intake.change(
                SplitUnit(unit: unit, parts: parts, day: EngineWorld.firstDay.advanced(by: today), note: ""), by: cast[0], at: now)
            units += parts.map(\.code)
        } catch let problem as Problem {
            try expect(["unit-closed", "unit-circle", "unit-root"].contains(problem.slug), "split refused: \(problem)")
        }
    }

    private func nextDay() async throws {
        guard today < 58 else { return }
        today += 1
        _ = try await world.intake.change(
            AdvancePresent(day: EngineWorld.firstDay.advanced(by: today)), by: cast[0], at: now)
    }
}
