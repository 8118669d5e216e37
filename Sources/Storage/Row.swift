public import JarshyKit

/// One row of a result while it is being read; columns are taken in the order of the SELECT list.
///
///     db.all("SELECT id, day FROM report …") { row in (try row.next(ID<Report>.self), try row.next(Day.self)) }
///
/// The row is only valid inside the closure that got it.
public struct Row {
    let source: any RowSource
    private var index = 0

    init(_ source: any RowSource) {
        self.source = source
    }

    public mutating func next<Value: Column>(_: Value.Type = Value.self) throws -> Value {
        defer { index += 1 }
        return try Value(at: index, of: source)
    }

    public mutating func next<Value: Column>(_: Value?.Type = Value?.self) throws -> Value? {
        defer { index += 1 }
        return source.isNull(index) ? nil : try Value(at: index, of: source)
    }

    public mutating func skip(_ columns: Int = 1) { index += columns }
}

/// A type that knows how to read itself from a column.
public protocol Column {
    init(at index: Int, of source: any RowSource) throws
}

/// A type that reads itself from its own columns, which stand beside the reading: `SELECT \(Report.columns) FROM …`.
public protocol Decodable {
    static var columns: SQL { get }
    init(_ row: inout Row) throws
}

/// What a driver offers of the row it stands on. A value of another type than asked is `StorageError.decoding`.
public protocol RowSource: AnyObject {
    func isNull(_ index: Int) -> Bool
    func integer(_ index: Int) throws -> Int64
    func double(_ index: Int) throws -> Double
    func bool(_ index: Int) throws -> Bool
    func text(_ index: Int) throws -> String
    func bytes(_ index: Int) throws -> [UInt8]
    func uuid(_ index: Int) throws -> ID<Never>
}

extension Int64: Column {
    public init(at index: Int, of source: any RowSource) throws { self = try source.integer(index) }
}

extension Int: Column {
    public init(at index: Int, of source: any RowSource) throws { self = Int(try source.integer(index)) }
}

extension Double: Column {
    public init(at index: Int, of source: any RowSource) throws { self = try source.double(index) }
}

extension Bool: Column {
    public init(at index: Int, of source: any RowSource) throws { self = try source.bool(index) }
}

extension String: Column {
    public init(at index: Int, of source: any RowSource) throws { self = try source.text(index) }
}

extension Blob: Column {
    public init(at index: Int, of source: any RowSource) throws { self.init(try source.bytes(index)) }
}

extension ID: Column {
    public init(at index: Int, of source: any RowSource) throws { self.init(try source.uuid(index)) }
}

extension Instant: Column {
    public init(at index: Int, of source: any RowSource) throws { self.init(milliseconds: try source.integer(index)) }
}

extension Day: Column {
    public init(at index: Int, of source: any RowSource) throws {
        guard let number = Int32(exactly: try source.integer(index)) else { throw StorageError.decoding("no day") }
        self.init(number: number)
    }
}

extension Language: Column {
    public init(at index: Int, of source: any RowSource) throws {
        guard let value = Language(rawValue: try source.text(index)) else { throw StorageError.decoding("no language") }
        self = value
    }
}
