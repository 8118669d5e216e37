import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Issue 3, point 7: random moves, losses and counts through the intake, against a plain model, on both engines.
@Suite("Stock histories")
struct StockHistoryTests {
    /// JARSHY_SEEDS=n runs fewer or more.
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 1))
    static let steps = 10_000

    @Test("point 7: after each of 10,000 deeds every copy is somewhere, by unit and material", arguments: Dialect.allCases)
    func everyCopyIsSomewhere(_ dialect: Dialect) async throws {
        for seed in Self.seeds {
            try await MaterialWorld.run(dialect) { world in
                var history = StockHistory(seed: seed, world: world)
                while history.steps < Self.steps { try await history.group() }
                #expect(try await world.faults() == [], "seed \(seed)")
                let recount = try await Recount.run(world.database, parts: RecountParts.all)
                #expect(recount.isClean, "seed \(seed): \(recount.differences.prefix(3))")
                #expect(history.accepted > Self.steps / 3, "seed \(seed): too few deeds stood to mean anything")
                #expect(history.parked > 100 && history.again > 100, "seed \(seed)")
            }
        }
    }
}

/// A plain model beside the intake: what is on hand less what went beyond is one signed number.
private struct StockHistory {
    let seed: UInt64
    let world: MaterialWorld
    private var random: Seeded
    private(set) var steps = 0
    private(set) var accepted = 0
    private(set) var parked = 0
    private(set) var again = 0
    private var heaps: [Key: Heap] = [:]
    private var moves: [Move] = []
    private var sent: [Operation] = []
    private let units = ["KZ", "R1", "R2", "D11", "D12", "P111", "P121"]

    struct Key: Hashable {
        let unit: String
        let material: Int
    }

    struct Heap {
        /// On hand less what went beyond.
        var net: Int64 = 0
        var came: Int64 = 0
        var onTheWay: Int64 = 0
        var left: Int64 = 0
        var given: Int64 = 0
    }

    struct Move {
        let n: UInt64
        let from: String
        let to: String
        let material: Int
        let quantity: Int64
        var isOpen = true
    }

    init(seed: UInt64, world: MaterialWorld) {
        (self.seed, self.world) = (seed, world)
        random = Seeded(seed)
    }

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    private func material(_ index: Int) -> MaterialID { index == 0 ? world.leaflet : world.poster }

    /// Some deeds in one request, as a phone sends them; then what stands is held against the model.
    mutating func group() async throws {
        var operations: [Operation] = []
        var expected: [Outcome.Status] = []
        for _ in 0..<(8 + below(24)) {
            let (operation, status) = deed()
            operations.append(operation)
            expected.append(status)
        }
        let outcomes = try await world.intake.submit(operations, by: world.keeper, at: MaterialWorld.now)
        for (index, outcome) in outcomes.enumerated() {
            #expect(outcome.status == expected[index], "seed \(seed), step \(steps - outcomes.count + index): \(outcome.receipt)")
        }
        try await compare()
    }

    private mutating func deed() -> (Operation, Outcome.Status) {
        steps += 1
        let n = UInt64(steps)
        let (unit, material) = (units[below(units.count)], below(2))
        let key = Key(unit: unit, material: material)
        var heap = heaps[key] ?? Heap()
        // Now and then nothing is left, or far more is asked for than there is.
        let quantity = Int64(1 + below(below(10) == 0 ? 3000 : 200))
        let operation: Operation
        var status = Outcome.Status.accepted
        switch below(16) {
        case 0, 1, 2:
            operation = world.receive(n, unit, quantity, of: self.material(material))
            heap.net += quantity
            heap.came += quantity
        case 3, 4, 5:
            operation = world.handOut(n, unit, quantity, of: self.material(material))
            heap.net -= quantity
            heap.given += quantity
        case 6:
            operation = world.writeOff(n, unit, quantity, of: self.material(material))
            if quantity <= heap.net {
                heap.net -= quantity
                heap.left += quantity
            } else {
                status = .parked
            }
        case 7, 8:
            let counted = max(0, heap.net + Int64(below(41)) - 20)
            let isReasoned = below(4) > 0
            operation = world.count(n, unit, counted, reason: isReasoned ? "recount" : nil, of: self.material(material))
            let difference = counted - heap.net
            if difference == 0 || isReasoned {
                if difference > 0 { heap.came += difference } else { heap.left -= difference }
                heap.net = counted
            } else {
                status = .refused
            }
        case 9, 10, 11:
            var to = units[below(units.count)]
            if to == unit { to = unit == "KZ" ? "R1" : "KZ" }
            operation = world.move(n, unit, to: to, quantity, of: self.material(material))
            if quantity <= heap.net {
                heap.net -= quantity
                heap.onTheWay += quantity
                moves.append(Move(n: n, from: unit, to: to, material: material, quantity: quantity))
            } else {
                status = .parked
            }
        case 12, 13, 14:
            return (acknowledge(n), lastStatus)
        default:
            guard !sent.isEmpty, below(2) == 0 else {
                // A move nobody has heard of.
                note(.parked)
                return (MaterialWorld.accept(n, unit, 900_000 + n, arrived: 1), .parked)
            }
            // Sent again, as after a lost answer: counts once.
            again += 1
            return (sent[below(sent.count)], .accepted)
        }
        if status == .accepted {
            heaps[key] = heap
            sent.append(operation)
        }
        note(status)
        return (operation, status)
    }

    private var lastStatus = Outcome.Status.accepted

    private mutating func note(_ status: Outcome.Status) {
        lastStatus = status
        if status == .accepted { accepted += 1 }
        if status == .parked { parked += 1 }
    }

    /// The other side answers: all, part and part back, or with a loss; sometimes twice, sometimes without a reason.
    private mutating func acknowledge(_ n: UInt64) -> Operation {
        guard !moves.isEmpty else {
            note(.parked)
            return MaterialWorld.accept(n, "R1", 800_000 + n, arrived: 1)
        }
        let at = below(5) == 0 ? below(moves.count) : (moves.firstIndex(where: \.isOpen) ?? below(moves.count))
        let move = moves[at]
        let arrived = below(3) == 0 ? Int64(below(Int(move.quantity) + 1)) : move.quantity
        let returned = Int64(below(Int(move.quantity - arrived) + 1))
        let lost = move.quantity - arrived - returned
        let reason = below(5) == 0 ? nil : "rain"
        let operation = MaterialWorld.accept(n, move.to, move.n, arrived: arrived, returned: returned, reason: reason)
        guard move.isOpen, lost == 0 || reason != nil else {
            note(.refused)
            return operation
        }
        moves[at].isOpen = false
        heaps[Key(unit: move.from, material: move.material), default: Heap()].onTheWay -= move.quantity
        heaps[Key(unit: move.from, material: move.material), default: Heap()].net += returned
        heaps[Key(unit: move.from, material: move.material), default: Heap()].left += arrived + lost
        heaps[Key(unit: move.to, material: move.material), default: Heap()].net += arrived
        heaps[Key(unit: move.to, material: move.material), default: Heap()].came += arrived
        sent.append(operation)
        note(.accepted)
        return operation
    }

    private func compare() async throws {
        let tree = try await world.engine.tree()
        let stocks = try await world.database.read { db in
            try db.all("SELECT unit, material, \(Stock.columns) FROM stock") { row in
                (unit: try row.next(UnitNo.self), material: try row.next(MaterialID.self), stock: try Stock(&row))
            }
        }
        for (unit, material, stock) in stocks {
            let code = tree.code(of: unit)
            let heap = heaps[Key(unit: code, material: material == world.leaflet ? 0 : 1)] ?? Heap()
            let mark = "seed \(seed), step \(steps), \(code): \(stock)"
            #expect(stock.isBalanced, "\(mark)")
            #expect(stock.onHand == max(0, heap.net) && stock.beyond == max(0, -heap.net), "\(mark), not \(heap)")
            #expect(stock.received + stock.movedIn + stock.found == heap.came, "\(mark), not \(heap)")
            #expect(stock.onTheWay == heap.onTheWay, "\(mark), not \(heap)")
            #expect(stock.writtenOff + stock.movedOut == heap.left, "\(mark), not \(heap)")
            #expect(stock.handedOut + stock.beyond == heap.given, "\(mark), not \(heap)")
        }
        #expect(stocks.count == heaps.values.count, "seed \(seed), step \(steps)")
    }
}
