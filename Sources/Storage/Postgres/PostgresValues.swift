internal import CPostgreSQL
import JarshyKit

/// PostgreSQL's numbers of its built-in types (`pg_type.oid`); they never change.
enum PostgresType {
    static let boolean: Oid = 16
    static let bytea: Oid = 17
    static let char: Oid = 18
    static let name: Oid = 19
    static let bigint: Oid = 20
    static let smallint: Oid = 21
    static let integer: Oid = 23
    static let text: Oid = 25
    static let json: Oid = 114
    static let real: Oid = 700
    static let double: Oid = 701
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let numeric: Oid = 1700
    static let uuid: Oid = 2950
}

/// The binds of one statement in PostgreSQL's binary format, all in one buffer. Binary is exact for doubles, needs no
/// hex for bytes and no parsing of digits.
struct PostgresArguments {
    private(set) var types: [Oid] = []
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []

    init(_ binds: [Bind]) throws {
        types.reserveCapacity(binds.count)
        for bind in binds {
            try bind.refuseWhatNoEngineKeeps()
            types.append(PostgresArguments.type(of: bind))
            let start = bytes.count
            guard append(bind) else {
                offsets.append(-1)
                lengths.append(0)
                continue
            }
            guard let length = Int32(exactly: bytes.count - start) else {
                throw StorageError.other("a value of more than 2 GB cannot be stored")
            }
            offsets.append(start)
            lengths.append(length)
        }
        // An address is needed even for an empty value: nil means NULL.
        if bytes.isEmpty { bytes.append(0) }
    }

    /// Calls `body` with what `PQexecPrepared` takes: count, values, lengths, formats.
    func withPointers<Value>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Value
    ) -> Value {
        if types.isEmpty { return body(0, nil, nil, nil) }
        return bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values: [UnsafePointer<CChar>?] = offsets.map { $0 < 0 ? nil : start?.advanced(by: $0) }
            let formats = [Int32](repeating: 1, count: types.count)
            return body(Int32(types.count), values, lengths, formats)
        }
    }

    /// False for NULL.
    private mutating func append(_ bind: Bind) -> Bool {
        switch bind {
        case .null: return false
        case .integer(let value): append(UInt64(bitPattern: value))
        case .double(let value): append(value.bitPattern)
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .text(let value): bytes.append(contentsOf: value.utf8)
        case .bytes(let value): bytes.append(contentsOf: value)
        case .uuid(let value):
            append(value.high)
            append(value.low)
        }
        return true
    }

    private mutating func append(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func type(of bind: Bind) -> Oid {
        switch bind {
        case .null(let type):
            switch type {
            case .bigint: PostgresType.bigint
            case .text: PostgresType.text
            case .bytea: PostgresType.bytea
            case .double: PostgresType.double
            case .boolean: PostgresType.boolean
            case .uuid: PostgresType.uuid
            }
        case .integer: PostgresType.bigint
        case .text: PostgresType.text
        case .bytes: PostgresType.bytea
        case .double: PostgresType.double
        case .bool: PostgresType.boolean
        case .uuid: PostgresType.uuid
        }
    }
}

/// A `numeric` in binary: base-10000 digits, most significant first, `weight` the power of 10000 of the first one.
struct PostgresNumeric {
    private let digits: [Int64]
    private let weight: Int
    private let sign: UInt16

    init?(_ bytes: UnsafeRawBufferPointer) {
        func word(_ at: Int) -> UInt16 {
            UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self))
        }
        guard bytes.count >= 8, bytes.count == 8 + 2 * Int(word(0)) else { return nil }
        digits = (0..<Int(word(0))).map { Int64(word(8 + 2 * $0)) }
        weight = Int(Int16(bitPattern: word(2)))
        sign = word(4)
    }

    /// Nil when there is a fraction, the number is outside Int64, or it is NaN or infinite.
    var integer: Int64? {
        guard sign == 0 || sign == 0x4000 else { return nil }
        var value: Int64 = 0
        for position in 0..<max(weight + 1, digits.count, 0) {
            let digit = position < digits.count ? digits[position] : 0
            if position > weight {
                if digit != 0 { return nil }
                continue
            }
            // Gathered below zero, where Int64 reaches one further.
            let (product, tooBig) = value.multipliedReportingOverflow(by: 10_000)
            let (sum, over) = product.subtractingReportingOverflow(digit)
            if tooBig || over { return nil }
            value = sum
        }
        if sign == 0x4000 { return value }
        return value == .min ? nil : -value
    }

    var double: Double? {
        switch sign {
        case 0xC000: return nil
        case 0xD000: return .infinity
        case 0xF000: return -.infinity
        default: break
        }
        // By way of text: adding up powers of 10000 in doubles would round more than once.
        var text = sign == 0x4000 ? "-" : ""
        for digit in digits { text += String(String(digit + 10_000).dropFirst()) }
        return digits.isEmpty ? 0 : Double(text + "e\((weight + 1 - digits.count) * 4)")
    }
}
