internal import CPostgreSQL
import JarshyKit

/// The one owner of a `PGresult`: it is cleared when this goes.
final class PostgresResult {
    let handle: OpaquePointer
    let rows: Int32
    let types: [Oid]

    init(_ handle: OpaquePointer) {
        self.handle = handle
        rows = PQntuples(handle)
        types = (0..<PQnfields(handle)).map { PQftype(handle, $0) }
    }

    deinit { PQclear(handle) }

    /// Rows changed by INSERT, UPDATE or DELETE; 0 for anything else.
    var changed: Int {
        guard PQresultStatus(handle) == PGRES_COMMAND_OK || !tag.hasPrefix("SELECT") else { return 0 }
        return Int(String(cString: PQcmdTuples(handle))) ?? 0
    }

    /// What the server says it did: `INSERT 0 3`, `COMMIT`, `ROLLBACK`.
    var tag: String { String(cString: PQcmdStatus(handle)) }
}

/// One row of a result, in binary. A type other than asked is a wrong SELECT and is said so, save that whole numbers of
/// any width, and `numeric` without a fraction (`sum(bigint)`), are read as integers.
final class PostgresRow: RowSource {
    private let result: PostgresResult
    var row: Int32 = 0

    init(_ result: PostgresResult) {
        self.result = result
    }

    /// False for a column that does not exist, so that reading it is an error and not nil.
    func isNull(_ index: Int) -> Bool {
        index < result.types.count && PQgetisnull(result.handle, row, Int32(index)) == 1
    }

    func integer(_ index: Int) throws -> Int64 {
        let value = try self.value(index, "integer")
        switch result.types[index] {
        case PostgresType.bigint: return Int64(bigEndian: value.loadUnaligned(as: Int64.self))
        case PostgresType.integer: return Int64(Int32(bigEndian: value.loadUnaligned(as: Int32.self)))
        case PostgresType.smallint: return Int64(Int16(bigEndian: value.loadUnaligned(as: Int16.self)))
        case PostgresType.numeric:
            guard let integer = PostgresNumeric(value)?.integer else {
                throw mismatch(index, "whole number of 64 bits")
            }
            return integer
        default: throw mismatch(index, "integer")
        }
    }

    func double(_ index: Int) throws -> Double {
        let value = try self.value(index, "double")
        switch result.types[index] {
        case PostgresType.double: return Double(bitPattern: UInt64(bigEndian: value.loadUnaligned(as: UInt64.self)))
        case PostgresType.real:
            return Double(Float(bitPattern: UInt32(bigEndian: value.loadUnaligned(as: UInt32.self))))
        case PostgresType.numeric:
            guard let double = PostgresNumeric(value)?.double else { throw mismatch(index, "double") }
            return double
        default: return Double(try integer(index))
        }
    }

    func bool(_ index: Int) throws -> Bool {
        let value = try self.value(index, "boolean")
        guard result.types[index] == PostgresType.boolean else { throw mismatch(index, "boolean") }
        return value[0] != 0
    }

    func text(_ index: Int) throws -> String {
        let value = try self.value(index, "text")
        switch result.types[index] {
        case PostgresType.text, PostgresType.varchar, PostgresType.bpchar, PostgresType.name, PostgresType.json,
            PostgresType.char:
            return String(decoding: value, as: UTF8.self)
        default: throw mismatch(index, "text")
        }
    }

    func bytes(_ index: Int) throws -> [UInt8] {
        let value = try self.value(index, "bytes")
        guard result.types[index] == PostgresType.bytea else { throw mismatch(index, "bytes") }
        return [UInt8](value)
    }

    func uuid(_ index: Int) throws -> ID<Never> {
        let value = try self.value(index, "uuid")
        guard result.types[index] == PostgresType.uuid, value.count == 16 else { throw mismatch(index, "uuid") }
        let high = value.loadUnaligned(as: UInt64.self)
        let low = value.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        return ID(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// The column's bytes, valid as long as the result.
    private func value(_ index: Int, _ wanted: String) throws -> UnsafeRawBufferPointer {
        guard index < result.types.count, PQgetisnull(result.handle, row, Int32(index)) == 0 else {
            throw mismatch(index, wanted)
        }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(result.handle, row, Int32(index)),
            count: Int(PQgetlength(result.handle, row, Int32(index))))
    }

    private func mismatch(_ index: Int, _ wanted: String) -> StorageError {
        .decoding(index < result.types.count ? "column \(index) holds no \(wanted)" : "there is no column \(index)")
    }
}
