internal import CPostgreSQL

/// Why PostgreSQL refused, with what the driver needs to decide whether to run a transaction again.
struct PostgresFailure: Error {
    enum Kind {
        case ordinary
        /// Another transaction was in the way (serialization failure, deadlock): the same work may succeed now.
        case conflict
        /// A prepared statement no longer fits the tables or is gone: it must be prepared anew.
        case stale
        /// The connection is gone.
        case lost
        /// A statement was interrupted, by the limit on its time or by `PQcancel`.
        case interrupted
    }

    let kind: Kind
    let error: StorageError

    /// - Parameter isAlive: whether the connection survived.
    init(_ result: OpaquePointer?, connection: OpaquePointer?, isAlive: Bool) {
        func field(_ code: Character) -> String {
            guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return "" }
            return String(cString: text)
        }
        // The letters are PG_DIAG_SQLSTATE, _CONSTRAINT_NAME, _TABLE_NAME, _COLUMN_NAME, _MESSAGE_PRIMARY,
        // _SOURCE_FUNCTION.
        let state = field("C")
        let message = field("M")
        if !isAlive {
            let text = message.isEmpty ? connection.map { String(cString: PQerrorMessage($0)) } ?? "" : message
            kind = .lost
            error = state == "25P03" ? .timeout : .lost(PostgresFailure.line(text))
            return
        }
        switch state {
        case "40001", "40P01": kind = .conflict
        case "57014": kind = .interrupted
        case "26000": kind = .stale
        case "0A000" where field("R") == "RevalidateCachedQuery": kind = .stale
        default: kind = .ordinary
        }
        error = PostgresFailure.error(
            state, message: message, constraint: field("n"), column: "\(field("t")).\(field("c"))")
    }

    private static func error(_ state: String, message: String, constraint: String, column: String) -> StorageError {
        switch state {
        case "23505", "23P01": .unique(constraint)
        case "23503", "23001": .foreignKey(constraint)
        case "23514": .check(constraint)
        case "23502": .notNull(column)
        case "40001", "40P01", "55P03", "53300": .busy(message)
        case "57014", "25P03": .timeout
        case "53100": .full(message)
        case "58030", "XX001", "XX002": .lost(message)
        default:
            state.hasPrefix("08") || state.hasPrefix("57P")
                ? .lost(message) : .other("\(message) (PostgreSQL \(state))")
        }
    }

    /// libpq's own messages span lines and end with one.
    static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
