import JarshyKit

/// PostgreSQL 15 or newer behind a pool of connections.
final class PostgresDriver: Driver {
    let dialect = Dialect.postgres
    private let pool: PostgresPool
    private let options: DatabaseOptions

    /// Connects once, so that a wrong URL or an unfit database is known at the start.
    /// - Throws: `StorageError.open`
    init(url: String, options: DatabaseOptions) throws {
        self.options = options
        let session = try PostgresSession(url: url, options: options)
        try PostgresDriver.examine(session)
        pool = PostgresPool(url: url, options: options, session: session)
    }

    deinit { pool.shutDown() }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> Value) async throws -> Value {
        let plan = PostgresWorker.Plan(
            begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", attempts: options.attempts, isReading: true)
        return try await pool.perform { worker, ticket in
            try worker.transaction(plan, ticket) { db in try body(db) }.value
        }
    }

    func write<Value: Sendable>(
        _ mode: WriteMode, _ body: @escaping @Sendable (any Writing) throws -> Value
    ) async throws -> Value {
        let level = mode == .ordinary ? "SERIALIZABLE" : "READ COMMITTED"
        let plan = PostgresWorker.Plan(
            begin: "BEGIN ISOLATION LEVEL \(level) READ WRITE", attempts: options.attempts, isReading: false)
        let done = try await pool.perform { worker, ticket in
            try worker.transaction(plan, ticket) { db in try body(db) }
        }
        for effect in done.effects { effect() }
        return done.value
    }

    func close() async throws { await pool.close() }

    /// Refuses a database in which text would sort, or be kept, otherwise than in SQLite: paths and sort keys are
    /// compared byte by byte.
    private static func examine(_ session: PostgresSession) throws {
        let result: PostgresResult
        do {
            result = try session.execute(
                """
                SELECT pg_encoding_to_char(encoding), datlocprovider = 'c', datcollate,
                    current_setting('server_version_num')::bigint
                FROM pg_database WHERE datname = current_database()
                """)
        } catch let failure as PostgresFailure {
            throw StorageError.open("\(failure.error)")
        }
        let row = PostgresRow(result)
        let collation = try row.text(2)
        guard try row.integer(3) >= 150_000 else { throw StorageError.open("PostgreSQL 15 or newer is needed") }
        guard try row.text(0) == "UTF8", try row.bool(1), ["C", "POSIX", "C.UTF-8", "C.utf8"].contains(collation) else {
            throw StorageError.open(
                "the database must be made with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0, not '\(collation)'"
            )
        }
    }
}
