import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Ledger")
struct LedgerTests {
    let day = EngineWorld.firstDay.advanced(by: 4)

    private func send(_ world: EngineWorld, _ actor: Actor, at day: Int = 5, _ operations: Operation...) async throws -> [Outcome] {
        try await world.intake.submit(operations, by: actor, at: EngineWorld.at(day))
    }

    private func clean(_ world: EngineWorld) async throws {
        let finding = try await Recount.run(world.database)
        #expect(finding.isClean, "\(finding.differences.prefix(3))")
    }

    @Test("a filed report counts for every unit above it at once", arguments: Dialect.allCases)
    func filing(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let secretary = try await world.actor(1)

        let outcome = try await send(world, secretary, Ops.file(1, "P111", day: day, attendees: 57))[0]

        let tree = try await world.tree()
        #expect(
            outcome.receipt == """
                {"op":"\(Ops.id(1))","status":"accepted","effect":"applied","report":"\(Ops.id(1))","rev":1,\
                "stream":"\(tree.find("R1")!.id)","seq":1,"flags":[]}
                """)
        #expect(try await world.rootTotal(1) == 57)
        try await clean(world)
    }

    @Test("a correction posts the difference and goes back to submitted", arguments: Dialect.allCases)
    func correcting(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let (secretary, reviewer) = (try await world.actor(1), try await world.actor(2))

        let outcomes = try await send(world, secretary, Ops.file(1, "P111", day: day, attendees: 570))
            + send(world, reviewer, Ops.check(2, 1, base: 1, level: "district"), Ops.check(3, 1, base: 1, level: "region"))
            + send(world, secretary, Ops.correct(4, 1, base: 1, attendees: 57))

        #expect(outcomes.map(\.status) == [.accepted, .accepted, .accepted, .accepted])
        #expect(try await world.rootTotal(1) == 57)
        let band = try await world.database.read { db in try db.value("SELECT band FROM report", as: Band.self) }
        #expect(band == .submitted)
        try await clean(world)
    }

    @Test("of two corrections on one base the first applies, the other competes until it is settled", arguments: Dialect.allCases)
    func competing(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let secretary = try await world.actor(1)

        let outcomes = try await send(
            world, secretary, Ops.file(1, "P111", day: day, attendees: 20), Ops.correct(2, 1, base: 1, attendees: 30),
            Ops.correct(3, 1, base: 1, attendees: 40))
        #expect(outcomes[2].receipt.contains("\"effect\":\"competing\",\"report\":\"\(Ops.id(1))\",\"rev\":3"))
        #expect(try await world.rootTotal(1) == 30)
        let settled = try await send(world, secretary, Ops.settle(4, 1, rev: 3, take: true))[0]

        #expect(settled.status == .accepted)
        #expect(try await world.rootTotal(1) == 40)
        let again = try await send(world, secretary, Ops.settle(5, 1, rev: 3, take: false))[0]
        #expect(again.problem?.slug == "not-competing")
        try await clean(world)
    }

    @Test("nobody checks what they authored, and a check on an older version is refused", arguments: Dialect.allCases)
    func checking(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let (secretary, reviewer) = (try await world.actor(1), try await world.actor(2))
        _ = try await send(world, secretary, Ops.file(1, "P111", day: day), Ops.correct(2, 1, base: 1, attendees: 9))

        let own = try await send(world, secretary, Ops.check(3, 1, base: 2, level: "district"))[0]
        let stale = try await send(world, reviewer, Ops.check(4, 1, base: 1, level: "district"))[0]
        let region = try await send(world, reviewer, Ops.check(5, 1, base: 2, level: "region"))[0]
        let late = try await send(world, reviewer, Ops.check(6, 1, base: 2, level: "district"))[0]

        #expect(own.problem?.slug == "own-report")
        #expect(stale.problem?.slug == "stale")
        #expect(region.status == .accepted)
        #expect(late.problem?.slug == "already-checked")
        try await clean(world)
    }

    @Test("P6: the order and number of deliveries do not matter", arguments: Dialect.allCases, [11, 12, 13] as [UInt64])
    func deliveries(_ dialect: Dialect, _ seed: UInt64) async throws {
        var random = Seeded(seed)
        var operations: [Operation] = []
        for n in 1...12 as ClosedRange<UInt64> {
            operations.append(Ops.file(n * 10, EngineWorld.tree.randomElement(using: &random)!.code, day: day, attendees: Int64(n)))
            for step in 1...3 as ClosedRange<Int64> where Bool.random(using: &random) || step == 1 {
                if operations.last?.id.description == Ops.id(n * 10 + UInt64(step) - 1) {
                    operations.append(Ops.correct(n * 10 + UInt64(step), n * 10, base: step, attendees: Int64(n) * step))
                }
            }
        }
        let once = try await EngineWorld.make(dialect)
        let shuffled = try await EngineWorld.make(dialect)
        let actor = try await once.actor(1)
        for operation in operations { _ = try await send(once, actor, operation) }

        // Each operation up to three times, in any order; what is parked is sent again, as a device would.
        var waiting = (operations + operations + operations.prefix(9)).shuffled(using: &random)
        var rounds = 0
        while !waiting.isEmpty, rounds < 20 {
            rounds += 1
            var parked: [Operation] = []
            for start in stride(from: 0, to: waiting.count, by: 7) {
                let part = Array(waiting[start..<min(start + 7, waiting.count)])
                let outcomes = try await shuffled.intake.submit(part, by: actor, at: EngineWorld.at(5))
                parked += zip(part, outcomes).filter { $0.1.status == .parked }.map(\.0)
            }
            waiting = parked
        }

        #expect(waiting.isEmpty, "seed \(seed): \(waiting.count) stayed parked")
        let (left, right) = (try await once.totals(), try await shuffled.totals())
        #expect(left.values.sorted { $0.lexicographicallyPrecedes($1) } == right.values.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
        try await clean(shuffled)
    }

    @Test("P20: a credit changes no total", arguments: Dialect.allCases)
    func credits(_ dialect: Dialect) async throws {
        let (plain, credited) = (try await EngineWorld.make(dialect), try await EngineWorld.make(dialect))
        let actor = try await plain.actor(1)
        let credit = Json.Member(
            "credits",
            .list([.object([.init("unit", .text("P221")), .init("organization", .text("south")), .init("role", .text("speaker"))])]))

        _ = try await send(plain, actor, Ops.file(1, "P111", day: day))
        _ = try await send(credited, actor, Ops.file(1, "P111", day: day, extra: [credit]))

        #expect(try await plain.totals() == credited.totals())
        let kept = try await credited.database.read { db in try db.value("SELECT count(*) FROM credit", as: Int.self) }
        #expect(kept == 1)
    }

    @Test("authority is judged for the moment of writing, which a server token proves", arguments: Dialect.allCases)
    func authority(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let ended = try await world.actor(1, to: EngineWorld.firstDay.advanced(by: 3))
        let secret = try await world.database.write { try ServerToken.secret(in: $0) }
        let token = ServerToken.make(at: EngineWorld.at(2), person: ended.person, secret: secret)
        let foreign = ServerToken.make(at: EngineWorld.at(2), person: PersonID(high: 7, low: 9), secret: secret)
        func filed(_ n: UInt64, _ token: String?) -> Operation {
            Ops.file(n, "P111", day: day, extra: (token.map { [.init("server_token", .text($0)), .init("at", .integer(EngineWorld.at(3).milliseconds))] } ?? []))
        }

        let outcomes = try await send(world, ended, filed(1, token), filed(2, nil), filed(3, foreign))

        #expect(outcomes[0].receipt.contains("\"flags\":[\"review\"]"))
        #expect(outcomes[1].problem?.slug == "forbidden")
        #expect(outcomes[2].problem?.slug == "forbidden")
    }

    @Test("only large values are asked about: by the form, flagged through the API", arguments: Dialect.allCases)
    func warnings(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let actor = try await world.actor(1)
        for n in 1...6 as ClosedRange<UInt64> { _ = try await send(world, actor, Ops.file(n, "P111", day: day, attendees: 20 + Int64(n))) }
        func form(_ n: UInt64, _ attendees: Int64, confirmed: Bool) -> Operation {
            let members = Ops.file(n, "P111", day: day, attendees: attendees).body.members!
            return Ops.op(members + [.init("confirmed", .bool(confirmed))], door: .form)
        }

        let small = try await send(world, actor, Ops.file(10, "P111", day: day, attendees: 1))[0]
        let large = try await send(world, actor, Ops.file(11, "P111", day: day, attendees: 570))[0]
        let asked = try await send(world, actor, form(12, 570, confirmed: false))[0]
        let said = try await send(world, actor, form(12, 570, confirmed: true))[0]

        #expect(small.receipt.contains("\"flags\":[]"))
        #expect(large.receipt.contains("\"flags\":[\"unusual\"]"))
        #expect(asked.problem?.slug == "unusual" && asked.problem?.errors.first?.field == "metrics.attendees")
        #expect(said.status == .accepted)
    }

    @Test("what is impossible is refused with its place, and nothing of it is kept", arguments: Dialect.allCases)
    func refusals(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let actor = try await world.actor(1)
        let good = Ops.file(1, "P111", day: day).body.members!
        func with(_ n: UInt64, _ key: String, _ value: Json) -> Operation {
            Ops.op([.init("op", .text(Ops.id(n)))] + good.filter { $0.key != key && $0.key != "op" } + [.init(key, value)])
        }
        let far = EngineWorld.firstDay.advanced(by: 90)
        let table: [(Operation, String, String)] = [
            (with(2, "unit", .text("nowhere")), "not-found", ""),
            (with(3, "campaign", .text("nowhere")), "not-found", ""),
            (with(4, "day", .text("2026-02-30")), "invalid", "day"),
            (with(5, "day", .text(far.description)), "day-outside-campaign", "day"),
            (with(6, "day", .text("2026-01-08")), "day-ahead", "day"),
            (with(7, "metrics", .object([.init("attendees", .integer(-1))])), "invalid", "metrics.attendees"),
            (with(8, "metrics", .object([.init("attendees", .integer(30_001))])), "invalid", "metrics.attendees"),
            (with(9, "metrics", .object([.init("attendees", .number(1.5))])), "invalid", "metrics.attendees"),
            (with(10, "metrics", .object([])), "invalid", "metrics"),
            (with(11, "metrics", .object([.init("opinions", .integer(1))])), "invalid", "metrics.opinions"),
            (with(12, "opinion", .text("for")), "invalid", "opinion"),
            (with(13, "activity", .text("dance")), "invalid", "activity"),
            (with(14, "place", .text("nowhere")), "invalid", "place"),
            (with(15, "kind", .text("report.praise")), "invalid", "kind"),
            (with(16, "organization", .text("nobody")), "invalid", "organization"),
        ]

        for (operation, slug, field) in table {
            let outcome = try await send(world, actor, operation)[0]
            #expect(outcome.status == .refused && outcome.problem?.slug == slug, "\(outcome.receipt)")
            if !field.isEmpty { #expect(outcome.problem?.errors.contains { $0.field == field } == true, "\(outcome.receipt)") }
            // A refusal is a receipt too: final, and the same on every resend.
            #expect(try await send(world, actor, operation)[0].receipt == outcome.receipt)
        }
        #expect(try await world.totals().isEmpty)
    }

    @Test("an operation that breaks the database hurts none of its neighbours", arguments: Dialect.allCases)
    func poison(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let actor = try await world.actor(1)
        let intake = Intake(database: world.database, kinds: LedgerKinds([FileReport.self, PoisonedWrite.self]))
        let operations = (1...9 as ClosedRange<UInt64>).map { n in
            n == 4
                ? Ops.op([.init("op", .text(Ops.id(n))), .init("kind", .text("test.poison"))])
                : Ops.file(n, "P111", day: day, attendees: 10 + Int64(n))
        }

        let outcomes = try await intake.submit(operations, by: actor, at: EngineWorld.at(5))

        #expect(outcomes.enumerated().filter { $0.1.status == .accepted }.map(\.0) == [0, 1, 2, 4, 5, 6, 7, 8])
        #expect(outcomes[3].problem?.slug == "internal")
        try await clean(world)
    }

    @Test("twenty senders at once leave a gapless ledger", arguments: Dialect.allCases)
    func concurrency(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let second = Intake(database: world.database)
        let actor = try await world.actor(1)
        let day = day
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<20 as Range<UInt64> {
                group.addTask {
                    for n in 0..<10 as Range<UInt64> {
                        // Two intakes, as two processes would be.
                        let intake = sender % 2 == 0 ? world.intake : second
                        let outcome = try await intake.submit(
                            [Ops.file(sender * 100 + n, EngineWorld.tree[Int((sender + n) % 16)].code, day: day, attendees: 1)],
                            by: actor, at: EngineWorld.at(5))
                        #expect(outcome[0].status == .accepted, "\(outcome[0].receipt)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await world.rootTotal(1) == 200)
        try await clean(world)
    }

    @Test("a group of fifty costs a fixed number of statements", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let actor = try await world.actor(1)
        _ = try await send(world, actor, Ops.file(1000, "P111", day: day))
        let submissions = (0..<50 as Range<UInt64>).map { n in
            Submission(operation: Ops.file(n, "P111", day: day, attendees: Int64(n)), actor: actor, at: EngineWorld.at(5))
        }

        let count = try await world.database.write(.intake) { db in
            _ = try Group(submissions: submissions).apply(in: db, today: { Zone.kazakhstan.day(at: $0) }, interned: Interned())
            return db.statements
        }

        #expect(count <= 80, "\(count) statements for 50 operations")
    }
}

/// An action whose SQL fails, as a bug would.
struct PoisonedWrite: LedgerAction {
    static let kind = "test.poison"
    init(_ operation: Operation) throws {}

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        try books.db.run("INSERT INTO stream (unit, seq) VALUES (1, -5)")
        throw Problem.notFound("nothing")
    }
}
