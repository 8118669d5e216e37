import Storage

/// The columns m0 … m15 one by one, for statements that read only some metrics.
enum SlotColumns {
    static let all: [SQL] = [
        "m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12", "m13", "m14", "m15",
    ]

    /// `, CAST(sum(m0) AS bigint), …`; PostgreSQL adds bigints up to a numeric.
    static func sums(_ slots: [Int]) -> SQL {
        var sql: SQL = ""
        for slot in slots { sql += ", CAST(coalesce(sum(\(all[slot])), 0) AS bigint)" }
        return sql
    }

    /// The same with the table's name, for statements in which several tables have the columns.
    static func sums(_ slots: [Int], of table: SQL) -> SQL {
        var sql: SQL = ""
        for slot in slots { sql += ", CAST(coalesce(sum(\(table)\(all[slot])), 0) AS bigint)" }
        return sql
    }

    /// Reads what `sums` selects; slots that were not read stay zero.
    static func read(_ slots: [Int], _ row: inout Row) throws -> Amounts {
        var amounts = Amounts()
        for slot in slots { amounts[slot] = try row.next(Int64.self) }
        return amounts
    }
}
