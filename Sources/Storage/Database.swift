/// A database and its connections; the same value for SQLite and PostgreSQL.
///
///     let total = try await database.read { db in try db.value("SELECT count(*) FROM unit", as: Int.self) }
///
/// Closures are synchronous, so no network call can sit inside a transaction, and may run more than once on PostgreSQL
/// (serialization failures are retried), so effects on the outside go through `Writing.afterCommit`.
public final class Database: Sendable {
    public let dialect: Dialect
    private let driver: any Driver

    init(_ driver: any Driver) {
        self.driver = driver
        self.dialect = driver.dialect
    }

    /// One consistent moment of the database. READ ONLY REPEATABLE READ on PostgreSQL, a WAL snapshot on SQLite.
    public func read<Value: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> Value) async throws -> Value {
        try await driver.read(body)
    }

    /// One transaction, durable when this returns.
    @discardableResult
    public func write<Value: Sendable>(
        _ mode: WriteMode = .ordinary, _ body: @escaping @Sendable (any Writing) throws -> Value
    ) async throws -> Value {
        try await driver.write(mode, body)
    }

    /// Waits for running work and closes every connection.
    public func close() async throws { try await driver.close() }

    /// Opens `sqlite:PATH` or `postgres://user:password@host:port/name`.
    public static func open(_ url: String, options: DatabaseOptions = DatabaseOptions()) throws -> Database {
        if url.hasPrefix("sqlite:") {
            return Database(try SQLiteDriver(path: String(url.dropFirst(7)), options: options))
        }
        if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            return Database(try PostgresDriver(url: url, options: options))
        }
        throw StorageError.open("'\(url)' is neither sqlite:PATH nor postgres://…")
    }
}

/// How a write transaction is isolated on PostgreSQL; SQLite has one writer, and the two are the same there.
public enum WriteMode: Sendable {
    /// SERIALIZABLE, retried a bounded number of times on a serialization failure or deadlock.
    case ordinary
    /// READ COMMITTED, for the ledger's intake, which locks the rows it needs first and in order.
    case intake
}

public struct DatabaseOptions: Sendable {
    /// Connections that may read at once (SQLite) or in all (PostgreSQL).
    public var connections = 8
    /// A statement running longer is cancelled with `StorageError.timeout`.
    public var statementTimeoutSeconds = 30
    /// Attempts of an ordinary write on PostgreSQL before `StorageError.busy`.
    public var attempts = 6

    public init() {}
}

/// What an engine must do; the conformance suite in `Tests/StorageTests` holds both to it.
protocol Driver: Sendable {
    var dialect: Dialect { get }
    func read<Value: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> Value) async throws -> Value
    func write<Value: Sendable>(
        _ mode: WriteMode, _ body: @escaping @Sendable (any Writing) throws -> Value
    ) async throws -> Value
    func close() async throws
}
