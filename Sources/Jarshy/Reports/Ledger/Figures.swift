import JarshyKit
import Storage

/// One number a metric slot: deltas and sums. Wraps nothing, so overflow cannot pass silently: amounts are bounded far below
/// 2^63 by the metrics' own bounds (at most 1,000,000 a report).
typealias Amounts = SIMD16<Int64>

/// What a report says: a number for the metrics it tells, and nothing for the others. Absent is not zero.
struct Figures: Sendable, Hashable {
    private(set) var amounts = Amounts()
    /// Bit i is set when slot i was told.
    private(set) var told: UInt16 = 0

    init() {}

    subscript(slot: Int) -> Int64? {
        get { told >> UInt16(slot) & 1 == 1 ? amounts[slot] : nil }
        set {
            amounts[slot] = newValue ?? 0
            if newValue == nil { told &= ~(1 << UInt16(slot)) } else { told |= 1 << UInt16(slot) }
        }
    }

    var isEmpty: Bool { told == 0 }

    /// Sixteen nullable columns, in the order of the slots.
    var binds: [Bind] { (0..<16).map { slot in self[slot]?.bind ?? .null(.bigint) } }

    init(_ row: inout Row) throws {
        for slot in 0..<16 { self[slot] = try row.next(Int64?.self) }
    }
}

extension SIMD16<Int64> {
    var binds: [Bind] { (0..<16).map { .integer(self[$0]) } }

    static func reading(_ row: inout Row) throws -> Self {
        var amounts = Self()
        for slot in 0..<16 { amounts[slot] = try row.next(Int64.self) }
        return amounts
    }

    var isZero: Bool { self == Self() }
}

/// The sixteen columns in SQL, with the spellings a statement needs.
enum AmountColumns {
    static let list: SQL = "m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15"

    /// Sums as `bigint`; PostgreSQL adds bigints up to a numeric.
    static let sums: SQL = """
        CAST(coalesce(sum(m0), 0) AS bigint), CAST(coalesce(sum(m1), 0) AS bigint), CAST(coalesce(sum(m2), 0) AS bigint), \
        CAST(coalesce(sum(m3), 0) AS bigint), CAST(coalesce(sum(m4), 0) AS bigint), CAST(coalesce(sum(m5), 0) AS bigint), \
        CAST(coalesce(sum(m6), 0) AS bigint), CAST(coalesce(sum(m7), 0) AS bigint), CAST(coalesce(sum(m8), 0) AS bigint), \
        CAST(coalesce(sum(m9), 0) AS bigint), CAST(coalesce(sum(m10), 0) AS bigint), CAST(coalesce(sum(m11), 0) AS bigint), \
        CAST(coalesce(sum(m12), 0) AS bigint), CAST(coalesce(sum(m13), 0) AS bigint), CAST(coalesce(sum(m14), 0) AS bigint), \
        CAST(coalesce(sum(m15), 0) AS bigint)
        """

    /// For an upsert whose table is aliased `t`.
    static let adding: SQL = """
        m0 = t.m0 + excluded.m0, m1 = t.m1 + excluded.m1, m2 = t.m2 + excluded.m2, m3 = t.m3 + excluded.m3, \
        m4 = t.m4 + excluded.m4, m5 = t.m5 + excluded.m5, m6 = t.m6 + excluded.m6, m7 = t.m7 + excluded.m7, \
        m8 = t.m8 + excluded.m8, m9 = t.m9 + excluded.m9, m10 = t.m10 + excluded.m10, m11 = t.m11 + excluded.m11, \
        m12 = t.m12 + excluded.m12, m13 = t.m13 + excluded.m13, m14 = t.m14 + excluded.m14, m15 = t.m15 + excluded.m15
        """
}
