internal import CPostgreSQL
internal import Foundation
import JarshyKit

/// One connection to PostgreSQL and the statements prepared on it.
///
/// Unchecked because a `PGconn` is not for two threads at once: a session is used by the one worker thread that owns
/// it, and is handed to it through the pool's lock.
final class PostgresSession: @unchecked Sendable {
    let canceller: PostgresCanceller
    private let connection: OpaquePointer
    private var names = PostgresNames(limit: 500)

    /// - Throws: `StorageError.open`
    init(url: String, options: DatabaseOptions) throws {
        // What stands before the URL can be changed in it; what stands after cannot.
        let settings: [(String, String)] = [
            ("connect_timeout", "10"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
            ("keepalives_count", "3"),
            ("dbname", url), ("client_encoding", "UTF8"), ("application_name", "jarshy"),
        ]
        guard let connection = PostgresSession.connect(settings) else { throw StorageError.open("out of memory") }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        guard PQstatus(connection) == CONNECTION_OK, let handle = PQgetCancel(connection) else {
            defer { PQfinish(connection) }
            throw StorageError.open(PostgresFailure.line(String(cString: PQerrorMessage(connection))))
        }
        self.connection = connection
        canceller = PostgresCanceller(handle)
        let limit = max(1, options.statementTimeoutSeconds)
        do {
            _ = try command("SET statement_timeout = \(limit * 1000)")
            _ = try command("SET idle_in_transaction_session_timeout = \(max(60, 2 * limit) * 1000)")
        } catch let failure as PostgresFailure {
            throw StorageError.open("\(failure.error)")
        }
    }

    deinit { PQfinish(connection) }

    var isAlive: Bool { PQstatus(connection) == CONNECTION_OK }

    var isInTransaction: Bool { PQtransactionStatus(connection) != PQTRANS_IDLE }

    /// Runs a statement without values and returns the server's command tag.
    /// - Throws: `PostgresFailure`
    func command(_ text: String) throws -> String {
        try checked(PQexec(connection, text)).tag
    }

    /// Runs a statement once prepared, all its rows received.
    /// - Throws: `PostgresFailure`; `StorageError` for values that cannot be stored
    func execute(_ sql: SQL) throws -> PostgresResult {
        let (text, binds) = sql.rendered()
        let arguments = try PostgresArguments(binds)
        if sql.isScript {
            return try checked(PQexecParams(connection, text, 0, nil, nil, nil, nil, 1))
        }
        let name = try prepare(text, arguments.types)
        return try checked(
            arguments.withPointers { count, values, lengths, formats in
                PQexecPrepared(connection, name, count, values, lengths, formats, 1)
            })
    }

    /// Forgets every prepared statement, after one turned out not to fit the tables any more.
    func forgetStatements() {
        names.removeAll()
        _ = try? command("DEALLOCATE ALL")
    }

    private func prepare(_ text: String, _ types: [Oid]) throws -> String {
        let key = PostgresNames.Key(text: text, types: types)
        if let name = names.use(key) { return name }
        // DEALLOCATE works in a failed transaction no more than anything else, but nothing runs in one (see
        // PostgresConnection).
        for old in names.surplus() { _ = try command("DEALLOCATE \(old)") }
        let name = names.fresh()
        _ = try checked(PQprepare(connection, name, text, Int32(types.count), types))
        names.keep(name, for: key)
        return name
    }

    private func checked(_ handle: OpaquePointer?) throws -> PostgresResult {
        guard let handle else { throw PostgresFailure(nil, connection: connection, isAlive: isAlive) }
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return PostgresResult(handle)
        default:
            defer { PQclear(handle) }
            throw PostgresFailure(handle, connection: connection, isAlive: isAlive)
        }
    }

    private static func connect(_ settings: [(String, String)]) -> OpaquePointer? {
        let texts = settings.flatMap { [strdup($0.0), strdup($0.1)] }
        defer { for text in texts { free(text) } }
        var names: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        for index in stride(from: 0, to: texts.count, by: 2) {
            names.append(UnsafePointer(texts[index]))
            values.append(UnsafePointer(texts[index + 1]))
        }
        return PQconnectdbParams(names + [nil], values + [nil], 1)
    }
}

/// The names of a session's prepared statements, the least recently used going first.
struct PostgresNames {
    struct Key: Hashable {
        let text: String
        let types: [Oid]
    }

    private struct Entry {
        let name: String
        var used: UInt64
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var made: UInt64 = 0
    private var clock: UInt64 = 0

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { entries.count }

    mutating func use(_ key: Key) -> String? {
        clock += 1
        entries[key]?.used = clock
        return entries[key]?.name
    }

    /// A name never used before on this session, so a name whose statement failed to prepare is not met again.
    mutating func fresh() -> String {
        made += 1
        return "s\(made)"
    }

    mutating func keep(_ name: String, for key: Key) {
        clock += 1
        entries[key] = Entry(name: name, used: clock)
    }

    mutating func removeAll() { entries = [:] }

    /// When full, takes out the oldest tenth and returns its names.
    mutating func surplus() -> [String] {
        guard entries.count >= limit else { return [] }
        let oldest = entries.sorted { $0.value.used < $1.value.used }.prefix(max(1, limit / 10))
        for (key, _) in oldest { entries[key] = nil }
        return oldest.map(\.value.name)
    }
}

/// A handle that can stop a session's running statement from another thread.
///
/// Unchecked because libpq says of `PQcancel` that it is safe from any thread: the handle is a copy made once.
final class PostgresCanceller: @unchecked Sendable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit { PQfreeCancel(handle) }

    /// Asks the server on a connection of its own, and returns when it has passed the request on.
    func cancel() {
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(handle, &message, Int32(message.count))
    }
}
