import JarshyKit
import Storage
import TestSupport
import Testing

/// What goes in comes out, on both engines.
@Suite struct TypeTests {
    enum Thing {}

    struct Values: Equatable, Sendable, CustomTestStringConvertible {
        var testDescription: String { "number \(number.map { "\($0)" } ?? "nil"), \(data?.bytes.count ?? -1) bytes" }
        var number: Int64?
        var name: String?
        var share: Double?
        var flag: Bool?
        var data: Blob?

        init(number: Int64? = nil, name: String? = nil, share: Double? = nil, flag: Bool? = nil, data: Blob? = nil) {
            (self.number, self.name, self.share, self.flag, self.data) = (number, name, share, flag, data)
        }
    }

    static let cases: [Values] = [
        Values(),
        Values(number: .max, name: "", share: 0.1 + 0.2, flag: true, data: Blob([])),
        Values(
            number: .min, name: "Әділет, Ғалым, Қарағанды, Ңұң, Өскемен, Ұлытау, Үржар, Һәм, Іле", share: -0.25,
            flag: false),
        Values(number: 0, name: "Съёмка: ёж, «Щука» — 5 №", share: .greatestFiniteMagnitude, data: Blob([0])),
        Values(
            number: -1, name: "👩‍🏫🇰🇿 e\u{301} \u{FFFD}\u{10FFFF}", share: .leastNonzeroMagnitude,
            data: Blob(Array(0...255))),
        Values(number: 1, name: "'; DROP TABLE thing; -- $1 ? \\ \" %_", share: .infinity, data: Blob([0, 0, 39, 92])),
        Values(name: String(repeating: "ж", count: 300_000), data: Blob([UInt8](repeating: 0, count: 1_000_000))),
    ]

    @Test(arguments: Dialect.allCases, cases)
    func `every type comes back as it was`(_ dialect: Dialect, _ values: Values) async throws {
        let test = try await Bench.open(dialect)
        let id = ID<Thing>.make(at: Instant(milliseconds: 1_700_000_000_000))

        let back = try await test.database.write { db throws in
            try db.run(
                """
                INSERT INTO thing (id, number, name, share, flag, data)
                VALUES (\(id), \(values.number), \(values.name), \(values.share), \(values.flag), \(values.data))
                """)
            return try db.first("SELECT id, number, name, share, flag, data FROM thing WHERE id = \(id)") {
                row throws in
                let found = try row.next(ID<Thing>.self)
                #expect(found == id)
                return Values(
                    number: try row.next(), name: try row.next(), share: try row.next(), flag: try row.next(),
                    data: try row.next())
            }
        }

        #expect(back == values)
        // Equality of strings is canonical equivalence; what is kept must be the very bytes.
        #expect(back?.name.map { Array($0.utf8) } == values.name.map { Array($0.utf8) })
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `typed nothing stands in any expression`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let (number, text, id): (Int64?, String?, ID<Thing>?) = (nil, nil, nil)

        let found = try await test.database.write { db throws in
            try Bench.plantTree(db)
            return try db.all(
                Int.self,
                """
                SELECT id FROM unit
                WHERE (\(number) IS NULL OR size = \(number)) AND (\(text) IS NULL OR name = \(text))
                AND \(id) IS NULL AND parent IS NOT DISTINCT FROM \(number)
                """)
        }

        #expect(found == [1])
        try await test.close()
    }

    enum Band: Int64, Stored {
        case submitted = 1
        case district = 2
    }
    enum Mark: String, Stored { case large, small }

    @Test(arguments: Dialect.allCases)
    func `domain values keep their types`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let day = try #require(Day("2024-02-29"))
        let now = Instant(milliseconds: 1_790_000_000_123)

        try await test.database.read { db throws in
            let found: Bool? = try db.first(
                "SELECT \(day), \(now), \(Language.kk), \(Band.district), \(Mark.small), \(day)"
            ) { row throws in
                #expect(try row.next(Day.self) == day)
                #expect(try row.next(Instant.self) == now)
                #expect(try row.next(Language.self) == .kk)
                #expect(try row.next(Band.self) == .district)
                #expect(try row.next(Mark.self) == .small)
                row.skip(-1)
                row.skip()
                #expect(try row.next(Int.self) == Int(day.number))
                return true
            }
            #expect(found == true)
        }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a value of another type is refused, never bent`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)

        try await test.database.read { db throws in
            func refuses<Value: Column>(_: Value.Type, _ sql: SQL) {
                #expect { try db.first(Value.self, sql) } throws: { error in
                    if case .decoding = error as? StorageError { true } else { false }
                }
            }
            refuses(Int.self, "SELECT \("12")")
            refuses(String.self, "SELECT \(12)")
            refuses(Double.self, "SELECT \("1.5")")
            refuses(Bool.self, "SELECT \("true")")
            refuses(Blob.self, "SELECT \("x")")
            refuses(String.self, "SELECT \(Blob([65]))")
            refuses(ID<Thing>.self, "SELECT \(Blob([1, 2, 3]))")
            refuses(Int.self, "SELECT \(Int64?.none)")
            refuses(Band.self, "SELECT \(3)")
            refuses(Language.self, "SELECT \("de")")
            refuses(Day.self, "SELECT \(Int64.max)")
            #expect(throws: StorageError.decoding("there is no column 1")) {
                try db.first("SELECT \(1)") { row throws in
                    row.skip()
                    return try row.next(Int?.self)
                }
            }
            #expect(throws: StorageError.self) { try db.value("SELECT id FROM unit", as: Int.self) }
        }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `text with a zero byte and NaN are refused before they are sent`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)

        try await test.database.write { db throws in
            for sql in ["SELECT \("a\0b")", "SELECT \(Double.nan)"] as [SQL] {
                #expect { try db.run(sql) } throws: { error in
                    if case .other = error as? StorageError { true } else { false }
                }
            }
            // The transaction is not harmed: the engine never saw them.
            #expect(try db.value("SELECT \(7)", as: Int.self) == 7)
        }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `sums and averages are read as numbers`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)

        try await test.database.write { db throws in
            try Bench.plantTree(db)
            #expect(try db.value("SELECT coalesce(sum(size), 0) FROM unit", as: Int.self) == 60)
            #expect(try db.value("SELECT coalesce(sum(size), 0) FROM unit WHERE id < 0", as: Int.self) == 0)
            #expect(try db.value("SELECT avg(size) FROM unit WHERE parent = 2", as: Double.self) == 5)
            try db.run("UPDATE unit SET size = 1234567890123456789 WHERE id = 2")
            try db.run("UPDATE unit SET size = 0 WHERE id <> 2")
            #expect(try db.value("SELECT sum(size) FROM unit", as: Int64.self) == 1_234_567_890_123_456_789)
            #expect(try db.value("SELECT -sum(size) FROM unit", as: Int64.self) == -1_234_567_890_123_456_789)
            #expect(try db.value("SELECT sum(size * 10000) FROM unit WHERE id <> 2", as: Int64.self) == 0)
        }
        try await test.close()
    }
}
