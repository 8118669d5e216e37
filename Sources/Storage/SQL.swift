public import JarshyKit

/// One SQL statement: text that stands in the source, and values that are always bound.
///
/// The text can only be a literal (`StaticString`), every `\(value)` becomes a typed bind, and another `SQL` may be
/// spliced. There is no door for a string made at run time, so there is nothing to inject into: `let text = "…";
/// SQL(text)`, and `"SELECT \(text)"` with `text` meant as SQL, do not compile or bind the text as a value.
///
///     db.run("UPDATE report SET band = \(band) WHERE id = \(id)")
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    enum Piece: Sendable {
        case text(StaticString)
        case bind(Bind)
        /// `(…), (…)`: whole rows for an INSERT; a case of its own, because a group of operations writes thousands of
        /// values.
        case rows(ArraySlice<[Bind]>)
        /// A statement of a migration file; made only by `Migrator`.
        case script(String)
    }

    var pieces: [Piece]

    public init(stringLiteral literal: StaticString) {
        pieces = [.text(literal)]
    }

    public init(stringInterpolation interpolation: Interpolation) {
        pieces = interpolation.pieces
    }

    init(pieces: [Piece]) {
        self.pieces = pieces
    }

    public struct Interpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        public mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { pieces.append(.text(literal)) }
        }

        public mutating func appendInterpolation(_ value: some Bindable) {
            pieces.append(.bind(value.bind))
        }

        public mutating func appendInterpolation<Value: Bindable>(_ value: Value?) {
            pieces.append(.bind(value?.bind ?? .null(Value.sqlType)))
        }

        public mutating func appendInterpolation(_ other: SQL) {
            pieces.append(contentsOf: other.pieces)
        }

        /// `IN \(list)` and row values: `(a, b, c)`; an empty list becomes `(NULL)`, which matches nothing.
        public mutating func appendInterpolation(_ values: [some Bindable]) {
            pieces.append(.text("("))
            if values.isEmpty { pieces.append(.text("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { pieces.append(.text(", ")) }
                pieces.append(.bind(value.bind))
            }
            pieces.append(.text(")"))
        }
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(pieces: left.pieces + right.pieces)
    }

    public static func += (left: inout SQL, right: SQL) {
        left.pieces.append(contentsOf: right.pieces)
    }

    /// The end of a SELECT whose rows are about to be changed: `SELECT … \(.forUpdate(db.dialect))`. Nothing on SQLite,
    /// whose write transactions come one after another.
    public static func forUpdate(_ dialect: Dialect) -> SQL {
        dialect == .postgres ? " FOR UPDATE" : ""
    }

    /// Statements joined by a separator that stands in the source: `conditions.joined(" AND ")`.
    public static func joined(_ parts: some Sequence<SQL>, _ separator: StaticString) -> SQL {
        var pieces: [Piece] = []
        for part in parts {
            if !pieces.isEmpty { pieces.append(.text(separator)) }
            pieces.append(contentsOf: part.pieces)
        }
        return SQL(pieces: pieces)
    }

    /// True for a migration's statement, which runs once and is not worth keeping prepared.
    var isScript: Bool {
        pieces.contains { if case .script = $0 { true } else { false } }
    }

    /// The text with `$1 $2 …` and the values in that order: what both engines prepare.
    func rendered() -> (text: String, binds: [Bind]) {
        let size = self.size
        var binds: [Bind] = []
        binds.reserveCapacity(size.binds)
        let text = String(unsafeUninitializedCapacity: size.bytes) { buffer in
            var writer = Writer(buffer)
            for piece in pieces {
                switch piece {
                case .text(let literal): writer.write(literal.utf8Start, literal.utf8CodeUnitCount)
                case .script(let script): for byte in script.utf8 { writer.write(byte) }
                case .bind(let bind):
                    binds.append(bind)
                    writer.write(place: binds.count)
                case .rows(let rows):
                    for (index, row) in rows.enumerated() {
                        if index > 0 { writer.separate() }
                        writer.write(row: row.count, after: binds.count)
                        binds.append(contentsOf: row)
                    }
                }
            }
            return writer.at
        }
        return (text, binds)
    }

    /// How many values there are, and bytes enough for the text.
    private var size: (binds: Int, bytes: Int) {
        var (binds, bytes) = (0, 0)
        for piece in pieces {
            switch piece {
            case .text(let literal): bytes += literal.utf8CodeUnitCount
            case .script(let script): bytes += script.utf8.count
            case .bind: binds += 1
            case .rows(let rows):
                for row in rows { binds += row.count }
                bytes += 4 * rows.count
            }
        }
        // `$123456, ` is the longest a place becomes; no engine takes more values than that.
        return (binds, bytes + 9 * binds)
    }

    /// Fills a buffer that is known to be large enough.
    private struct Writer {
        private let buffer: UnsafeMutableBufferPointer<UInt8>
        private(set) var at = 0

        init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

        mutating func write(_ byte: UInt8) {
            buffer[at] = byte
            at += 1
        }

        mutating func write(_ start: UnsafePointer<UInt8>, _ count: Int) {
            for index in 0..<count { buffer[at + index] = start[index] }
            at += count
        }

        /// `$17`
        mutating func write(place number: Int) {
            write(UInt8(ascii: "$"))
            var unit = 1
            while number / unit >= 10 { unit *= 10 }
            while unit > 0 {
                write(UInt8(truncatingIfNeeded: number / unit % 10) + UInt8(ascii: "0"))
                unit /= 10
            }
        }

        /// `($17, $18)`
        mutating func write(row count: Int, after binds: Int) {
            write(UInt8(ascii: "("))
            for index in 0..<count {
                if index > 0 { separate() }
                write(place: binds + index + 1)
            }
            write(UInt8(ascii: ")"))
        }

        mutating func separate() {
            write(UInt8(ascii: ","))
            write(UInt8(ascii: " "))
        }
    }
}

/// A value on its way into a statement, with the type its column has; `null` carries a type too, since PostgreSQL needs
/// it.
public enum Bind: Sendable, Hashable {
    case null(SQLType)
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case double(Double)
    case bool(Bool)
    case uuid(ID<Never>)
}

extension Bind {
    /// PostgreSQL's text cannot hold a zero byte and SQLite turns NaN into NULL: values are refused rather than
    /// changed.
    func refuseWhatNoEngineKeeps() throws {
        switch self {
        case .text(let text) where text.utf8.contains(0):
            throw StorageError.other("text with a zero byte cannot be stored")
        case .double(let double) where double.isNaN: throw StorageError.other("NaN cannot be stored")
        default: break
        }
    }
}

/// The column types of the common subset; SQLite respells them (see `Migrator`).
public enum SQLType: Sendable, Hashable {
    case bigint, text, bytea, double, boolean, uuid
}

/// A Swift value that can stand as `\(value)` in a statement.
public protocol Bindable {
    static var sqlType: SQLType { get }
    var bind: Bind { get }
}

extension Int64: Bindable {
    public static var sqlType: SQLType { .bigint }
    public var bind: Bind { .integer(self) }
}

extension Int: Bindable {
    public static var sqlType: SQLType { .bigint }
    public var bind: Bind { .integer(Int64(self)) }
}

extension Int32: Bindable {
    public static var sqlType: SQLType { .bigint }
    public var bind: Bind { .integer(Int64(self)) }
}

extension String: Bindable {
    public static var sqlType: SQLType { .text }
    public var bind: Bind { .text(self) }
}

extension Bool: Bindable {
    public static var sqlType: SQLType { .boolean }
    public var bind: Bind { .bool(self) }
}

extension Double: Bindable {
    public static var sqlType: SQLType { .double }
    public var bind: Bind { .double(self) }
}

/// Bytes for a `bytea` column; a type of its own, because `[UInt8]` after `IN` would mean a list.
public struct Blob: Bindable, Hashable, Sendable {
    public let bytes: [UInt8]
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public static var sqlType: SQLType { .bytea }
    public var bind: Bind { .bytes(bytes) }
}

extension ID: Bindable {
    public static var sqlType: SQLType { .uuid }
    public var bind: Bind { .uuid(ID<Never>(self)) }
}

extension Instant: Bindable {
    public static var sqlType: SQLType { .bigint }
    public var bind: Bind { .integer(milliseconds) }
}

extension Day: Bindable {
    public static var sqlType: SQLType { .bigint }
    public var bind: Bind { .integer(Int64(number)) }
}

extension Language: Bindable {
    public static var sqlType: SQLType { .text }
    public var bind: Bind { .text(rawValue) }
}

/// An enum kept by its raw value: `enum Band: Int64, Stored`.
public protocol Stored: RawRepresentable, Bindable, Column where RawValue: Bindable & Column {}

extension Stored {
    public static var sqlType: SQLType { RawValue.sqlType }
    public var bind: Bind { rawValue.bind }
    public init(at index: Int, of source: any RowSource) throws {
        let raw = try RawValue(at: index, of: source)
        guard let value = Self(rawValue: raw) else {
            throw StorageError.decoding("\(raw) is no \(Self.self) (column \(index))")
        }
        self = value
    }
}
