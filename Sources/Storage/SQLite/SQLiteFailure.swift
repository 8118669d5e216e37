internal import GRDB
internal import GRDBSQLite

/// SQLite's result codes in the words of `StorageError`.
enum SQLiteFailure {
    static func error(code: Int32, message: String) -> StorageError {
        let subject = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
        switch ResultCode(rawValue: code) {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: return .unique(subject)
        case .SQLITE_CONSTRAINT_FOREIGNKEY: return .foreignKey(subject)
        case .SQLITE_CONSTRAINT_CHECK: return .check(subject)
        case .SQLITE_CONSTRAINT_NOTNULL: return .notNull(subject)
        default: break
        }
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy(message)
        case SQLITE_INTERRUPT, SQLITE_ABORT: return .cancelled
        case SQLITE_FULL: return .full(message)
        case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB: return .lost(message)
        case SQLITE_CANTOPEN: return .open(message)
        default: return .other("\(message) (SQLite \(code))")
        }
    }

    static func translated(_ error: DatabaseError) -> StorageError {
        return self.error(code: error.extendedResultCode.rawValue, message: error.message ?? error.description)
    }
}
