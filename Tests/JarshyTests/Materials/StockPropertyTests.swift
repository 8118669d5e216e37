import Foundation
import JarshyKit
import Testing

@testable import Jarshy

/// The rule of stock, without a database: whatever is received, moved, lost and counted, every copy is somewhere.
@Suite struct StockPropertyTests {
    /// JARSHY_SEEDS=n runs fewer or more.
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 10))

    @Test("point 7: what was received is on hand, handed out, written off or on the way, at each of 10,000 steps", arguments: seeds)
    func everyCopyIsSomewhere(seed: UInt64) {
        var world = StockWorld(seed: seed, units: 6)
        for step in 1...10_000 {
            let before = world.stocks
            let done = world.step()
            if !done { #expect(world.stocks == before, "seed \(seed), step \(step): a refusal changed something") }
            guard world.isBalanced else {
                Issue.record("seed \(seed), step \(step): \(world.stocks)")
                return
            }
        }
        #expect(world.done > 3_000, "seed \(seed): too few deeds went through to mean anything")
    }

    @Test("receiving and handing out come to the same in any order", arguments: seeds)
    func orderDoesNotMatter(seed: UInt64) throws {
        var random = StockRandom(state: seed)
        let deeds = (0..<200).map { _ in (receive: random.below(2) == 0, quantity: Int64(random.below(500) + 1)) }
        func fold(_ deeds: [(receive: Bool, quantity: Int64)]) throws -> Stock {
            var stock = Stock()
            for deed in deeds { try deed.receive ? stock.receive(deed.quantity) : stock.handOut(deed.quantity) }
            return stock
        }
        let first = try fold(deeds)
        for _ in 0..<20 { #expect(try fold(deeds.shuffled(using: &random)) == first, "seed \(seed)") }
    }

    @Test func handedOutBeyondStockWaitsForACount() throws {
        var stock = Stock()
        try stock.receive(30)
        try stock.handOut(50)
        #expect((stock.onHand, stock.handedOut, stock.beyond) == (0, 30, 20))
        #expect(stock.needsCount && stock.isBalanced)
        #expect(try stock.count(5) == 25)
        #expect((stock.onHand, stock.handedOut, stock.found, stock.beyond) == (5, 50, 25, 0))
        #expect(stock.isBalanced && !stock.needsCount)
    }

    @Test func nothingGoesBelowZero() throws {
        var stock = Stock()
        try stock.receive(10)
        let before = stock
        #expect(throws: Problem.self) { try stock.send(11) }
        #expect(throws: Problem.self) { try stock.writeOff(11) }
        #expect(throws: Problem.self) { try stock.count(-1) }
        #expect(throws: Problem.self) { try stock.receive(0) }
        #expect(stock == before)
    }

    @Test func aDifferenceOnTheWayNeedsAReason() throws {
        #expect(throws: Problem.self) { try MoveReceipt(sent: 10, arrived: 7, returned: 1, reason: "") }
        #expect(throws: Problem.self) { try MoveReceipt(sent: 10, arrived: 11, returned: 0, reason: "more") }
        #expect(throws: Problem.self) { try MoveReceipt(sent: 10, arrived: 7, returned: 4, reason: "more") }
        #expect(try MoveReceipt(sent: 10, arrived: 7, returned: 1, reason: "wet").lost == 2)
        #expect(try MoveReceipt(sent: 10, arrived: 0, returned: 10, reason: nil).lost == 0)
    }
}

/// Units that receive, pass on, lose and count one material by chance.
struct StockWorld {
    private(set) var stocks: [Stock]
    private(set) var done = 0
    private var moves: [(from: Int, to: Int, sent: Int64)] = []
    private var random: StockRandom

    init(seed: UInt64, units: Int) {
        stocks = Array(repeating: Stock(), count: units)
        random = StockRandom(state: seed)
    }

    /// Each unit, and the tree as a whole with what the open moves carry.
    var isBalanced: Bool {
        func sum(_ part: (Stock) -> Int64) -> Int64 { stocks.reduce(0) { $0 + part($1) } }
        return stocks.allSatisfy(\.isBalanced)
            && sum(\.movedIn) == sum(\.movedOut)
            && sum(\.onTheWay) == moves.reduce(0) { $0 + $1.sent }
            && sum { $0.received + $0.found } == sum { $0.onHand + $0.handedOut + $0.writtenOff + $0.onTheWay }
    }

    /// One deed by chance. False when it was refused.
    mutating func step() -> Bool {
        let unit = random.below(stocks.count)
        let quantity = Int64(random.below(300)) + (random.below(50) == 0 ? 0 : 1)
        do {
            switch random.below(7) {
            case 0: try stocks[unit].receive(quantity)
            case 1: try stocks[unit].handOut(quantity)
            case 2: try stocks[unit].writeOff(quantity)
            case 3: _ = try stocks[unit].count(stocks[unit].onHand + Int64(random.below(21)) - 10)
            case 4, 5:
                let to = (unit + 1 + random.below(stocks.count - 1)) % stocks.count
                try stocks[unit].send(quantity)
                moves.append((unit, to, quantity))
            default:
                guard !moves.isEmpty else { return false }
                let at = random.below(moves.count)
                let move = moves[at]
                let arrived = random.below(3) == 0 ? Int64(random.below(Int(move.sent) + 1)) : move.sent
                let returned = Int64(random.below(Int(move.sent - arrived) + 1))
                let receipt = try MoveReceipt(
                    sent: move.sent, arrived: arrived, returned: returned, reason: random.below(5) == 0 ? nil : "wet")
                try stocks[move.from].deliver(receipt)
                stocks[move.to].take(in: receipt)
                moves.remove(at: at)
            }
        } catch {
            return false
        }
        done += 1
        return true
    }
}

/// SplitMix64: the same run for the same seed.
struct StockRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
