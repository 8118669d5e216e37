import JarshyKit

/// Transactions as `Recorder` kept them, in a file's bytes: every text once, then the statements by its number.
///
///     'T' length text · 'B' begin · 'S' number count bind… · 'C' commit · 'E' end
///     bind: 'n' type | 'i' int64 | 't' length bytes | 'b' length bytes | 'd' double | 'o' byte | 'u' 16 bytes
///
/// Lengths, numbers and counts are 32 bits; whole numbers and doubles 64; all little-endian. The type of a null is the
/// tag of a value of its column. Read by `Benchmarks/replay/replay.c`.
package struct Recording {
    package private(set) var bytes: [UInt8] = Array("JREC1\n".utf8)
    package private(set) var transactions = 0
    private var numbers: [String: UInt32] = [:]

    package init() {}

    package mutating func add(_ statements: [Recorder.Statement]) {
        transactions += 1
        bytes.append(UInt8(ascii: "B"))
        for statement in statements {
            let number = number(of: statement.text)
            bytes.append(UInt8(ascii: "S"))
            append(number)
            append(UInt32(statement.binds.count))
            for bind in statement.binds { append(bind) }
        }
        bytes.append(UInt8(ascii: "C"))
    }

    /// What has gathered so far, taken out so that a long recording need not be held whole.
    package mutating func take(last: Bool = false) -> [UInt8] {
        if last { bytes.append(UInt8(ascii: "E")) }
        defer { bytes = [] }
        return bytes
    }

    private mutating func number(of text: String) -> UInt32 {
        if let number = numbers[text] { return number }
        let number = UInt32(numbers.count)
        numbers[text] = number
        bytes.append(UInt8(ascii: "T"))
        append(Array(text.utf8))
        return number
    }

    private mutating func append(_ bind: Bind) {
        switch bind {
        case .null(let type): bytes.append(contentsOf: [UInt8(ascii: "n"), Recording.tag(type)])
        case .integer(let value): tagged("i", UInt64(bitPattern: value))
        case .double(let value): tagged("d", value.bitPattern)
        case .bool(let value): bytes.append(contentsOf: [UInt8(ascii: "o"), value ? 1 : 0])
        case .text(let value):
            bytes.append(UInt8(ascii: "t"))
            append(Array(value.utf8))
        case .bytes(let value):
            bytes.append(UInt8(ascii: "b"))
            append(value)
        case .uuid(let value):
            bytes.append(UInt8(ascii: "u"))
            bytes.append(contentsOf: value.bytes)
        }
    }

    private static func tag(_ type: SQLType) -> UInt8 {
        switch type {
        case .bigint: UInt8(ascii: "i")
        case .text: UInt8(ascii: "t")
        case .bytea: UInt8(ascii: "b")
        case .double: UInt8(ascii: "d")
        case .boolean: UInt8(ascii: "o")
        case .uuid: UInt8(ascii: "u")
        }
    }

    private mutating func tagged(_ tag: Unicode.Scalar, _ value: UInt64) {
        bytes.append(UInt8(ascii: tag))
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ value: [UInt8]) {
        append(UInt32(value.count))
        bytes.append(contentsOf: value)
    }
}
