internal import GRDB
internal import GRDBSQLite
import JarshyKit
internal import Synchronization

/// SQLite inside the process: one writer, readers on WAL snapshots, every commit synced to the disk.
final class SQLiteDriver: Driver {
    let dialect = Dialect.sqlite
    private let pool: DatabasePool
    private let shelf = Shelf()
    private let timeout: Int
    private let isClosed = Atomic(false)

    /// Prepared statements a connection may keep. GRDB's cache has no bound, and every length of an IN list is a new
    /// text.
    private static let keptStatements = 1000

    init(path: String, options: DatabaseOptions) throws {
        let path = try SQLiteDriver.file(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = max(1, options.connections)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // Kilobytes. Readers are many, and the system keeps the file's pages for all of them.
            try db.execute(sql: db.configuration.readonly ? "PRAGMA cache_size = -6000" : "PRAGMA cache_size = -16000")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        timeout = options.statementTimeoutSeconds
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // Not in `prepareDatabase`: switching to WAL comes after it, and GRDB sets NORMAL there.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        } catch {
            throw SQLiteDriver.translated(error, isClosed: false)
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> Value) async throws -> Value {
        do {
            return try await pool.read { [self] db in try transaction(db, body).value }
        } catch {
            throw SQLiteDriver.translated(error, isClosed: isClosed.load(ordering: .relaxed))
        }
    }

    func write<Value: Sendable>(
        _ mode: WriteMode, _ body: @escaping @Sendable (any Writing) throws -> Value
    ) async throws -> Value {
        do {
            let done = try await pool.write { [self] db in try transaction(db, body) }
            for effect in done.effects { effect() }
            return done.value
        } catch {
            throw SQLiteDriver.translated(error, isClosed: isClosed.load(ordering: .relaxed))
        }
    }

    func close() async throws {
        do {
            try pool.close()
            isClosed.store(true, ordering: .relaxed)
        } catch {
            throw SQLiteDriver.translated(error, isClosed: isClosed.load(ordering: .relaxed))
        }
    }

    private struct Done<Value: Sendable>: Sendable {
        let value: Value
        let effects: [@Sendable () -> Void]
    }

    private func transaction<Value: Sendable>(
        _ db: GRDB.Database, _ body: (SQLiteConnection) throws -> Value
    ) throws -> Done<Value> {
        let limit = SQLiteLimit(seconds: timeout)
        let connection = SQLiteConnection(db, shelf: shelf, limit: limit)
        let value = try limit.watch(db.sqliteConnection) { try body(connection) }
        if let failure = connection.failure { throw failure }
        if connection.hasPrepared { SQLiteDriver.dropStatements(db, beyond: SQLiteDriver.keptStatements) }
        return Done(value: value, effects: connection.effects)
    }

    private static func dropStatements(_ db: GRDB.Database, beyond limit: Int) {
        var count = 0
        var statement = sqlite3_next_stmt(db.sqliteConnection, nil)
        while statement != nil {
            count += 1
            statement = sqlite3_next_stmt(db.sqliteConnection, statement)
        }
        if count > limit { db.clearSchemaCache() }
    }

    /// The file named by what follows `sqlite:`, either a path or the path of a URL (`sqlite:///var/lib/jarshy.db`).
    private static func file(_ path: String) throws -> String {
        let file = path.hasPrefix("//") ? String(path.dropFirst(2)) : path
        if file.isEmpty || file.hasPrefix(":memory:") || file.hasPrefix("file:")
            || (path.hasPrefix("//") && !file.hasPrefix("/"))
        {
            throw StorageError.open(
                "'sqlite:\(path)' names no file; write sqlite:jarshy.db or sqlite:///var/lib/jarshy.db")
        }
        return file
    }

    /// GRDB's errors in the words of `StorageError`; a feature's own error passes as it is.
    private static func translated(_ error: any Error, isClosed: Bool) -> any Error {
        if error is CancellationError { return StorageError.cancelled }
        guard let error = error as? DatabaseError else { return error }
        // Using a connection without a handle is misuse to SQLite.
        if isClosed, error.resultCode == .SQLITE_MISUSE { return StorageError.lost("the database is closed") }
        return SQLiteFailure.translated(error)
    }
}
