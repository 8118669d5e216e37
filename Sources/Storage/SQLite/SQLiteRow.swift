internal import GRDBSQLite
import JarshyKit

/// The row a statement stands on. The tables are STRICT, so a wrong type is a wrong SELECT, and is said so.
final class SQLiteRow: RowSource {
    private let statement: OpaquePointer
    private let count: Int

    init(_ statement: OpaquePointer) {
        self.statement = statement
        self.count = Int(sqlite3_column_count(statement))
    }

    /// False for a column that does not exist, so that reading it is an error and not nil.
    func isNull(_ index: Int) -> Bool {
        index < count && sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL
    }

    func integer(_ index: Int) throws -> Int64 {
        try expect(SQLITE_INTEGER, index, "integer")
        return sqlite3_column_int64(statement, Int32(index))
    }

    func bool(_ index: Int) throws -> Bool { try integer(index) != 0 }

    func double(_ index: Int) throws -> Double {
        let type = sqlite3_column_type(statement, Int32(index))
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { throw mismatch(index, "double") }
        return sqlite3_column_double(statement, Int32(index))
    }

    func text(_ index: Int) throws -> String {
        try expect(SQLITE_TEXT, index, "text")
        let count = Int(sqlite3_column_bytes(statement, Int32(index)))
        guard count > 0, let start = sqlite3_column_text(statement, Int32(index)) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ index: Int) throws -> [UInt8] {
        try expect(SQLITE_BLOB, index, "bytes")
        let count = Int(sqlite3_column_bytes(statement, Int32(index)))
        guard count > 0, let start = sqlite3_column_blob(statement, Int32(index)) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    func uuid(_ index: Int) throws -> ID<Never> {
        try expect(SQLITE_BLOB, index, "uuid")
        guard sqlite3_column_bytes(statement, Int32(index)) == 16,
            let start = sqlite3_column_blob(statement, Int32(index))
        else { throw mismatch(index, "uuid") }
        let high = start.loadUnaligned(as: UInt64.self)
        let low = start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        return ID(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    private func expect(_ type: Int32, _ index: Int, _ wanted: String) throws {
        guard index < count, sqlite3_column_type(statement, Int32(index)) == type else { throw mismatch(index, wanted) }
    }

    private func mismatch(_ index: Int, _ wanted: String) -> StorageError {
        .decoding(index < count ? "column \(index) holds no \(wanted)" : "there is no column \(index)")
    }
}
