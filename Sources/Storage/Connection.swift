/// Reading within one transaction: every statement sees the same moment. Not `Sendable`, so it cannot leave its
/// closure.
public protocol Reading: AnyObject {
    var dialect: Dialect { get }

    /// Statements run in this transaction so far. Pages are tested by it: no query inside a loop.
    var statements: Int { get }

    /// Runs a statement and hands over its rows one by one; return false from `each` to stop early.
    func rows(_ sql: SQL, _ each: (inout Row) throws -> Bool) throws

    /// The database's own shelf of values derived from tables (see `Shelf`).
    var shelf: Shelf { get }
}

/// Writing within one transaction. Whatever is thrown rolls everything back; nothing is caught and continued
/// (PostgreSQL poisons a transaction after an error), so conflicts are met with `ON CONFLICT … RETURNING`.
public protocol Writing: Reading {
    /// Runs a statement and says how many rows it changed.
    @discardableResult
    func run(_ sql: SQL) throws -> Int

    /// Runs when, and only when, this transaction is durably committed; with retries, once.
    func afterCommit(_ effect: @escaping @Sendable () -> Void)
}

/// A transaction that can be freed of the limit on a statement's time; for migrations, which may rewrite large tables.
protocol Unhurried: AnyObject {
    func liftTimeout() throws
}

public enum Dialect: String, Sendable, CaseIterable {
    case sqlite, postgres
}

extension Reading {
    public func all<Value>(_ sql: SQL, _ decode: (inout Row) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try rows(sql) { row in
            values.append(try decode(&row))
            return true
        }
        return values
    }

    public func first<Value>(_ sql: SQL, _ decode: (inout Row) throws -> Value) throws -> Value? {
        var value: Value?
        try rows(sql) { row in
            value = try decode(&row)
            return false
        }
        return value
    }

    public func all<Value: Column>(_: Value.Type, _ sql: SQL) throws -> [Value] {
        try all(sql) { row in try row.next(Value.self) }
    }

    public func first<Value: Column>(_: Value.Type, _ sql: SQL) throws -> Value? {
        try first(sql) { row in try row.next(Value.self) }
    }

    public func all<Value: Decodable>(_: Value.Type = Value.self, where condition: SQL) throws -> [Value] {
        try all("SELECT \(Value.columns) \(condition)") { row in try Value(&row) }
    }

    public func first<Value: Decodable>(_: Value.Type = Value.self, where condition: SQL) throws -> Value? {
        try first("SELECT \(Value.columns) \(condition)") { row in try Value(&row) }
    }

    /// The first column of the only row; for `SELECT count(*) …` and such, which always have one.
    public func value<Value: Column>(_ sql: SQL, as _: Value.Type = Value.self) throws -> Value {
        guard let value = try first(Value.self, sql) else { throw StorageError.decoding("a row was expected") }
        return value
    }
}

extension Writing {
    /// Inserts many rows with few statements: `head` is `INSERT INTO t (a, b) VALUES`, each row a list of as many
    /// values, `tail` an ON CONFLICT clause if any. Rows go in chunks of 64, 32, 16 … 1, so seven texts are prepared
    /// whatever the count.
    public func insert(_ head: SQL, rows: [[Bind]], _ tail: SQL = "") throws {
        var at = 0
        while at < rows.count {
            let left = rows.count - at
            // The largest power of two that is left, so that few statements, each a round trip, do for any count.
            let size = min(64, 1 << (Int.bitWidth - 1 - left.leadingZeroBitCount))
            var statement = head
            statement += " "
            statement.pieces.append(.rows(rows[at..<(at + size)]))
            statement += " "
            statement += tail
            try run(statement)
            at += size
        }
    }
}
