import Foundation

/// Chance that is the same on every machine and in every version: the demo of a seed never changes.
///
/// SplitMix64 (Steele, Lea, Flood 2014); the library's own draws are not promised to stay as they are, so ours stand
/// here.
struct DemoRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// From 0 up to, not including, 1.
    mutating func share() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    /// A whole number from `range`.
    mutating func whole(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + min(range.count - 1, Int(share() * Double(range.count)))
    }

    mutating func happens(_ chance: Double) -> Bool { share() < chance }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[whole(0...(values.count - 1))] }

    /// One of several by weight.
    mutating func weighted<Value>(_ values: [(value: Value, weight: Double)]) -> Value {
        var left = share() * values.reduce(0) { $0 + $1.weight }
        for (value, weight) in values {
            left -= weight
            if left < 0 { return value }
        }
        return values[values.count - 1].value
    }

    /// Around 0 with spread 1: the sum of twelve draws, which never runs away.
    mutating func bell() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += share() }
        return sum
    }

    /// A count whose middle is `typical`: many a little below, few far above, none outside `low…high`.
    mutating func count(low: Int64, typical: Int64, high: Int64) -> Int64 {
        guard typical > 0 else { return happens(0.3) ? min(high, low + 1) : low }
        let drawn = Double(typical) * exp(bell() * 0.42)
        return min(high, max(low, Int64(drawn.rounded())))
    }
}
