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
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        var binds: [Bind] = []
        for piece in pieces {
            switch piece {
            case .text(let literal):
                bytes.append(
                    contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
            case .script(let script): bytes.append(contentsOf: script.utf8)
            case .bind(let bind):
                binds.append(bind)
                bytes.append(UInt8(ascii: "$"))
                bytes.append(contentsOf: String(binds.count).utf8)
            }
        }
        return (String(decoding: bytes, as: UTF8.self), binds)
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
