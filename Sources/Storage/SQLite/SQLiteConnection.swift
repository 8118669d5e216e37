internal import GRDB
internal import GRDBSQLite
import JarshyKit

/// One transaction on SQLite. GRDB owns the connection, the pool and the cache of prepared statements; stepping,
/// binding and reading go straight to SQLite's own functions, because rows here are read by position and never become
/// dictionaries.
final class SQLiteConnection: Writing {
    let dialect = Dialect.sqlite
    let shelf: Shelf
    private(set) var statements = 0
    private(set) var effects: [@Sendable () -> Void] = []
    /// The first error of the engine. Some of them end the transaction silently (disk full, interruption), and a
    /// statement after that would be committed alone; so nothing runs any more, as on PostgreSQL.
    private(set) var failure: StorageError?
    /// True when a text was seen for the first time on this connection, so that its cache has grown.
    private(set) var hasPrepared = false
    private let db: GRDB.Database
    private let limit: SQLiteLimit

    init(_ db: GRDB.Database, shelf: Shelf, limit: SQLiteLimit) {
        self.db = db
        self.shelf = shelf
        self.limit = limit
    }

    func afterCommit(_ effect: @escaping @Sendable () -> Void) { effects.append(effect) }

    func rows(_ sql: SQL, _ each: (inout Row) throws -> Bool) throws {
        try withStatement(sql) { statement, budget in
            let source = SQLiteRow(statement)
            while try step(statement, &budget) {
                var row = Row(source)
                guard try each(&row) else {
                    // A write is complete, and its foreign keys are checked, only when it was stepped to its end.
                    if sqlite3_stmt_readonly(statement) == 0 { while try step(statement, &budget) {} }
                    return
                }
            }
        }
    }

    func run(_ sql: SQL) throws -> Int {
        try withStatement(sql) { statement, budget in
            let handle = sqlite3_db_handle(statement)
            let before = sqlite3_total_changes(handle)
            while try step(statement, &budget) {}
            // `sqlite3_changes` keeps the count of an older statement when this one changes no row.
            return sqlite3_total_changes(handle) == before ? 0 : Int(sqlite3_changes(handle))
        }
    }

    private func withStatement<Value>(
        _ sql: SQL, _ body: (OpaquePointer, inout SQLiteLimit.Budget) throws -> Value
    ) throws -> Value {
        if let failure { throw failure }
        if Task.isCancelled { throw fail(.cancelled) }
        statements += 1
        let (text, binds) = sql.rendered()
        let statement = try prepared(text)
        return try withExtendedLifetime(statement) {
            let handle = statement.sqliteStatement
            defer {
                sqlite3_reset(handle)
                sqlite3_clear_bindings(handle)
            }
            for (index, bind) in binds.enumerated() {
                try bind.refuseWhatNoEngineKeeps()
                let code = SQLiteConnection.bind(bind, at: Int32(index + 1), to: handle)
                if code != SQLITE_OK { throw engineFailure(handle) }
            }
            var budget = limit.budget()
            return try body(handle, &budget)
        }
    }

    private func prepared(_ text: String) throws -> Statement {
        do {
            let cached = try db.cachedStatement(sql: text)
            // A statement that is still being stepped (a query inside a query) must not be reset under its owner.
            if sqlite3_stmt_busy(cached.sqliteStatement) != 0 { return try db.makeStatement(sql: text) }
            if sqlite3_stmt_status(cached.sqliteStatement, SQLITE_STMTSTATUS_RUN, 0) == 0 { hasPrepared = true }
            return cached
        } catch let error as DatabaseError {
            throw fail(SQLiteFailure.translated(error))
        }
    }

    private func step(_ statement: OpaquePointer, _ budget: inout SQLiteLimit.Budget) throws -> Bool {
        limit.begin(budget)
        let code = sqlite3_step(statement)
        limit.end(&budget)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw engineFailure(statement)
        }
    }

    private func engineFailure(_ statement: OpaquePointer) -> StorageError {
        let handle = sqlite3_db_handle(statement)
        let error = SQLiteFailure.error(
            code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
        return fail(error == .cancelled && limit.isExceeded ? .timeout : error)
    }

    private func fail(_ error: StorageError) -> StorageError {
        if failure == nil { failure = error }
        return error
    }

    /// SQLite copies the bytes (`SQLITE_TRANSIENT`), so nothing has to outlive the call.
    private static func bind(_ bind: Bind, at index: Int32, to statement: OpaquePointer) -> Int32 {
        let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch bind {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let value): return sqlite3_bind_int64(statement, index, value)
        case .bool(let value): return sqlite3_bind_int64(statement, index, value ? 1 : 0)
        case .double(let value): return sqlite3_bind_double(statement, index, value)
        case .text(var value):
            return value.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { chars in
                    // A nil address would bind NULL, and an empty buffer may have one.
                    guard let start = chars.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, copy) }
                    return sqlite3_bind_text64(statement, index, start, UInt64(chars.count), copy, UInt8(SQLITE_UTF8))
                }
            }
        case .bytes(let value):
            if value.isEmpty { return sqlite3_bind_zeroblob(statement, index, 0) }
            return value.withUnsafeBytes {
                sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), copy)
            }
        case .uuid(let value):
            var bytes = (value.high.bigEndian, value.low.bigEndian)
            return withUnsafeBytes(of: &bytes) { sqlite3_bind_blob(statement, index, $0.baseAddress, 16, copy) }
        }
    }
}

extension SQLiteConnection: Unhurried {
    func liftTimeout() throws { limit.lift() }
}
