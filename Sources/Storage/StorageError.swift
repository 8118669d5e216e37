/// What an engine refused, in words that are the same for both.
///
/// Constraint violations carry the constraint as named in the migrations (PostgreSQL) or `table.column` (SQLite, which
/// names only CHECKs). Features avoid needing them: they ask first within the transaction, or use ON CONFLICT.
public enum StorageError: Error, Sendable, Hashable {
    case open(String)
    case unique(String)
    case foreignKey(String)
    case check(String)
    case notNull(String)
    /// Another writer held the database too long, or retries ran out. Trying again later is right.
    case busy(String)
    /// The statement ran longer than allowed, or its task was cancelled.
    case timeout
    case cancelled
    /// The connection or the disk failed; whether a commit under way was kept is not known.
    case lost(String)
    case full(String)
    case decoding(String)
    case other(String)

    /// True when the same work may well succeed a moment later.
    public var isTransient: Bool {
        switch self {
        case .busy, .timeout, .cancelled, .lost, .full: true
        default: false
        }
    }
}
