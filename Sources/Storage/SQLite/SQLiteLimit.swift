internal import Dispatch
internal import GRDBSQLite

/// Stops a statement that runs longer than allowed, or whose task was cancelled.
///
/// SQLite asks every thousand steps of its machine. GRDB interrupts a cancelled task's statement as well, but only if
/// one is running at that moment; asking here closes the gap between two statements.
final class SQLiteLimit {
    /// What is left of the allowed time, in nanoseconds. Only time inside SQLite counts, not that of the reader's
    /// closure.
    struct Budget {
        fileprivate var left: UInt64
    }

    private(set) var isExceeded = false
    private var nanoseconds: UInt64
    private var started: UInt64 = 0
    private var deadline = UInt64.max

    init(seconds: Int) {
        nanoseconds = UInt64(max(1, seconds)) * 1_000_000_000
    }

    /// Watches a connection during `body`.
    func watch<Value>(_ connection: OpaquePointer?, _ body: () throws -> Value) rethrows -> Value {
        sqlite3_progress_handler(
            connection, 1000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<SQLiteLimit>.fromOpaque(context).takeUnretainedValue().mustStop() ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque())
        defer { sqlite3_progress_handler(connection, 0, nil, nil) }
        return try body()
    }

    func lift() { nanoseconds = UInt64.max / 2 }

    func budget() -> Budget { Budget(left: nanoseconds) }

    func begin(_ budget: Budget) {
        started = DispatchTime.now().uptimeNanoseconds
        deadline = started + budget.left
    }

    func end(_ budget: inout Budget) {
        deadline = .max
        let spent = DispatchTime.now().uptimeNanoseconds - started
        budget.left = spent < budget.left ? budget.left - spent : 0
    }

    private func mustStop() -> Bool {
        if DispatchTime.now().uptimeNanoseconds > deadline { isExceeded = true }
        return isExceeded || Task.isCancelled
    }
}
