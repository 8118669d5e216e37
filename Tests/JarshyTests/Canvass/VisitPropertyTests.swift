import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Random visits by several phones and by paper, told in any order and any number of times, against a fold of the same visits.
@Suite("Visits in any order")
struct VisitPropertyTests {
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 8))

    @Test("any order and duplication of phone and paper gives the same counts and states", arguments: Dialect.allCases)
    func anyOrder(_ dialect: Dialect) async throws {
        for seed in Self.seeds { try await VisitHistory(seed: seed).run(dialect) }
    }
}

private struct VisitHistory: Sendable {
    let seed: UInt64
    static let doors = 6

    private struct Visit: Hashable {
        /// 0 the list that was ended, 1 the one that has its doors now.
        let list: Int
        let row: Int64
        let attempt: Int64
        let day: Int
        let leaflets: Int64
        let question: Bool
    }

    /// What somebody wrote of a visit. Where the writers disagree the outcome differs, and only the count hangs on who came first.
    private struct Telling {
        let visit: Visit
        let outcome: DoorOutcome
        let salt: [UInt8]
        let author: Int
    }

    func run(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect, doors: Self.doors) { world in
            var random = Seeded(seed)
            _ = try await world.run(EndList(list: world.list), by: world.leader)
            let second = try await world.run(
                LeaseList(
                    round: world.round, team: world.team, street: nil, most: Self.doors, from: world.today,
                    until: world.today.advanced(by: 5)), by: world.leader)
            let lists = [world.list, second]
            let people = [world.walker, world.mate, world.leader]
            let agree = seed % 2 == 0
            var (visits, tellings): ([Visit], [Telling]) = ([], [])
            for list in 0..<2 {
                for row in 1...Int64(Self.doors) {
                    for attempt in 1...Int64(random.next() % 3 + 1) {
                        let visit = Visit(
                            list: list, row: row, attempt: attempt, day: Int(random.next() % 2),
                            leaflets: Int64(random.next() % 3), question: random.next() % 3 == 0)
                        visits.append(visit)
                        let outcome = DoorOutcome.allCases.randomElement(using: &random)!
                        for _ in 0...(random.next() % 3) {
                            tellings.append(
                                Telling(
                                    visit: visit, outcome: agree ? outcome : DoorOutcome.allCases.randomElement(using: &random)!,
                                    salt: (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) },
                                    author: Int(random.next() % 3)))
                        }
                    }
                }
            }
            var order = tellings + tellings.filter { _ in random.next() % 2 == 0 }
            order.shuffle(using: &random)
            var at = 0
            while at < order.count {
                let size = min(Int(random.next() % 5) + 1, order.count - at)
                let author = people[order[at].author]
                var operations: [Operation] = []
                for telling in order[at..<(at + size)] where people[telling.author] == author {
                    operations.append(try await self.operation(telling, lists, world))
                }
                let rest = order[at..<(at + size)].filter { people[$0.author] != author }
                let outcomes = try await world.site.app.intake.submit(operations, by: try await world.actor(author), at: world.now)
                for outcome in outcomes { #expect(outcome.status == .accepted, "seed \(seed): \(outcome.receipt)") }
                for telling in rest {
                    let one = try await self.operation(telling, lists, world)
                    let by = try await world.actor(people[telling.author])
                    let outcome = try await world.site.app.intake.submit([one], by: by, at: world.now)[0]
                    #expect(outcome.status == .accepted, "seed \(seed): \(outcome.receipt)")
                }
                at += size
            }
            try await compare(visits, tellings, agree: agree, lists, world)
        }
    }

    private func operation(_ telling: Telling, _ lists: [CanvassListID], _ world: CanvassWorld) async throws -> Operation {
        let visit = telling.visit
        var more: [Json.Member] = []
        if visit.leaflets > 0 { more.append(.init("leaflets", .integer(visit.leaflets))) }
        if visit.question { more.append(.init("question", .bool(true))) }
        return Ops.op(
            try await world.visit(
                visit.row, telling.outcome.rawValue, attempt: visit.attempt, day: world.today.advanced(by: visit.day),
                salt: Base64URL.encoded(telling.salt), list: lists[visit.list], more))
    }

    private func compare(
        _ visits: [Visit], _ tellings: [Telling], agree: Bool, _ lists: [CanvassListID], _ world: CanvassWorld
    ) async throws {
        var states = Array(repeating: DoorState.fresh, count: Self.doors)
        for telling in tellings {
            let state = telling.outcome == .doNotVisit ? DoorState.doNotVisit : telling.outcome.state
            states[Int(telling.visit.row) - 1] = max(states[Int(telling.visit.row) - 1], state)
        }
        // Both lists hold the same doors in the same order, and a door's word is the round's.
        for list in lists { #expect(try await world.doors(list).map(\.state) == states, "seed \(seed)") }
        for (index, list) in lists.enumerated() {
            let bits = try await world.doors(list).map(\.visits)
            for row in 1...Self.doors {
                let told = visits.filter { $0.list == index && $0.row == row }.reduce(0) { $0 | VisitID.bit($1.attempt) }
                #expect(bits[row - 1] == told, "seed \(seed) list \(index) row \(row)")
            }
        }
        let total = try await world.site.count("SELECT CAST(coalesce(sum(visits), 0) AS bigint) FROM canvass_count")
        #expect(total == visits.count, "seed \(seed)")
        #expect(try await world.site.count("SELECT count(*) FROM inbox_mismatch") == 0, "seed \(seed)")
        var beside: [Int: (Int64, Int64)] = [:]
        for visit in visits where visit.leaflets > 0 || visit.question {
            let before = beside[visit.day] ?? (0, 0)
            beside[visit.day] = (before.0 + visit.leaflets, before.1 + (visit.question ? 1 : 0))
        }
        let expected = beside.sorted { $0.key < $1.key }.map { "\(world.today.advanced(by: $0)) \($1.0) \($1.1)" }
        #expect(try await world.beside() == expected, "seed \(seed)")
        guard agree else { return }
        var counts: [String: Int] = [:]
        for visit in visits {
            let outcome = tellings.first { $0.visit == visit }!.outcome
            counts["\(world.today.advanced(by: visit.day)) \(outcome.rawValue)", default: 0] += 1
        }
        #expect(try await world.counts() == counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }, "seed \(seed)")
    }
}
