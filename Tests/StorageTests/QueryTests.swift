import JarshyKit
import Storage
import TestSupport
import Testing

/// The common subset of SQL: one text, one answer.
@Suite struct QueryTests {
    private func withTree(_ dialect: Dialect, _ body: @escaping @Sendable (any Writing) throws -> Void) async throws {
        let test = try await Bench.open(dialect)
        try await test.database.write { db throws in
            try Bench.plantTree(db)
            try body(db)
        }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `lists, also empty ones, follow IN`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            #expect(try db.all(Int.self, "SELECT id FROM unit WHERE id IN \([2, 4, 9]) ORDER BY id") == [2, 4])
            #expect(try db.all(Int.self, "SELECT id FROM unit WHERE name IN \(["Абай", "x'y"])") == [3])
            #expect(try db.all(Int.self, "SELECT id FROM unit WHERE id IN \([Int]())") == [])
            #expect(try db.all(Int.self, "SELECT id FROM unit WHERE name IN \([String]())") == [])
            #expect(try db.value("SELECT count(*) FROM unit WHERE id IN \(Array(1...5000))", as: Int.self) == 6)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `pages are taken by row values`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            let page: SQL = "SELECT id FROM unit WHERE (size, id) > (\(7), \(4)) ORDER BY size, id LIMIT \(2)"
            #expect(try db.all(Int.self, page) == [2, 3])
        }
    }

    @Test(arguments: Dialect.allCases)
    func `upsert returns what was kept`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            func add(_ amount: Int) throws -> Int? {
                try db.first(
                    Int.self,
                    """
                    INSERT INTO counter (id, value) VALUES (\(1), \(amount))
                    ON CONFLICT (id) DO UPDATE SET value = counter.value + excluded.value RETURNING value
                    """)
            }
            #expect(try add(5) == 5)
            #expect(try add(7) == 12)
            let refused = try db.first(
                Int.self, "INSERT INTO counter (id, value) VALUES (1, 0) ON CONFLICT DO NOTHING RETURNING value")
            #expect(refused == nil)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `filter, window, recursion, case and existence agree`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            #expect(try db.value("SELECT count(*) FILTER (WHERE size > \(5)) FROM unit", as: Int.self) == 4)
            #expect(
                try db.all(
                    Int.self, "SELECT row_number() OVER (PARTITION BY parent ORDER BY size DESC) FROM unit ORDER BY id")
                    == [1, 2, 1, 1, 2, 1])
            let below = try db.all(
                Int.self,
                """
                WITH RECURSIVE below (id) AS (
                    SELECT id FROM unit WHERE id = \(2)
                    UNION ALL SELECT u.id FROM unit u JOIN below b ON u.parent = b.id
                ) SELECT id FROM below ORDER BY id
                """)
            #expect(below == [2, 4, 5])
            #expect(try db.all(Int.self, "SELECT id FROM unit WHERE parent IS NOT DISTINCT FROM \(Int?.none)") == [1])
            #expect(
                try db.all(Int.self, "SELECT id FROM unit WHERE parent IS DISTINCT FROM \(1) ORDER BY id") == [
                    1, 4, 5, 6,
                ])
            let leaves = try db.all(
                Int.self,
                """
                SELECT id FROM unit u WHERE NOT EXISTS (SELECT 1 FROM unit c WHERE c.parent = u.id)
                ORDER BY CASE WHEN size > 10 THEN 0 ELSE 1 END, size DESC NULLS LAST
                """)
            #expect(leaves == [6, 4, 5])
        }
    }

    @Test(arguments: Dialect.allCases)
    func `update from another table and delete say how many rows they changed`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            let raised = try db.run(
                "UPDATE unit SET size = unit.size + p.size FROM unit p WHERE p.id = unit.parent AND p.id = \(2)")
            #expect(raised == 2)
            #expect(try db.value("SELECT size FROM unit WHERE id = 4", as: Int.self) == 17)
            #expect(try db.run("DELETE FROM unit WHERE id IN \([4, 5, 6])") == 3)
            #expect(try db.run("DELETE FROM unit WHERE id = \(99)") == 0)
            #expect(try db.run("SELECT id FROM unit") == 0)
            #expect(try db.run("UPDATE unit SET size = 1 WHERE id = 99") == 0)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `text sorts by code points`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            let names = try db.all(String.self, "SELECT name FROM unit WHERE name >= \("А") ORDER BY name")
            #expect(names == ["Абай", "Ақмола", "Бурабай", "Семей", "Целиноград", "Қазақстан"])
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a query runs inside another, the same one too`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            func children(_ id: Int) throws -> [Int] {
                try db.all("SELECT id FROM unit WHERE parent = \(id) ORDER BY id") { row throws in
                    let child = try row.next(Int.self)
                    return [child] + (try children(child))
                }.flatMap { $0 }
            }
            #expect(try children(1) == [2, 4, 5, 3, 6])
            try db.rows("SELECT id FROM unit ORDER BY id") { row throws in
                try db.run("UPDATE counter SET value = value + 1 WHERE id = \(try row.next(Int.self))")
                return true
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `statements are counted, one a call`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            let before = db.statements
            _ = try db.all(Int.self, "SELECT id FROM unit")
            _ = try db.first(Int.self, "SELECT id FROM unit")
            try db.run("DELETE FROM counter")
            #expect(db.statements - before == 3)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `many rows are inserted by few statements`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        for (count, statements) in [(0, 0), (1, 1), (7, 3), (8, 1), (9, 2), (50, 3), (63, 6), (64, 1), (65, 2), (200, 4)] {
            try await test.database.write { db throws in
                try db.run("DELETE FROM counter")
                let before = db.statements
                try db.insert(
                    "INSERT INTO counter (id, value) VALUES", rows: (0..<count).map { [$0.bind, ($0 * $0).bind] },
                    "ON CONFLICT (id) DO NOTHING")
                #expect(db.statements - before == statements)
                #expect(try db.value("SELECT count(*) FROM counter", as: Int.self) == count)
                #expect(try db.value("SELECT count(*) FROM counter WHERE value = id * id", as: Int.self) == count)
            }
        }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `values stay values, whatever they say`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            for text in ["' OR '1'='1", "x'); DROP TABLE unit; --", "$1", "?1", ":name", "\\'", "\u{2019} OR 1=1", "%"]
            {
                #expect(try db.all(Int.self, "SELECT id FROM unit WHERE name = \(text)") == [])
                #expect(try db.value("SELECT \(text)", as: String.self) == text)
            }
            #expect(try db.value("SELECT count(*) FROM unit", as: Int.self) == 6)
        }
    }

    struct Unit: Storage.Decodable, Equatable {
        let id: Int
        let parent: Int?
        let name: String
        static let columns: SQL = "u.id, u.parent, u.name"

        init(_ row: inout Row) throws {
            id = try row.next()
            parent = try row.next()
            name = try row.next()
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a type reads itself from its columns`(_ dialect: Dialect) async throws {
        try await withTree(dialect) { db throws in
            let units = try db.all(Unit.self, where: "FROM unit u WHERE u.id < \(3) ORDER BY u.id")
            #expect(units.map(\.parent) == [nil, 1])
            let first = try db.first(Unit.self, where: "FROM unit u WHERE u.name = \("Абай")")
            #expect(first?.id == 3)
            #expect(try db.first(Unit.self, where: "FROM unit u WHERE u.id = 77") == nil)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `more texts than are kept prepared still run`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        for part in 0..<3 {
            try await test.database.write { db throws in
                for length in 1...600 {
                    let list = Array(1...(length + part))
                    #expect(try db.value("SELECT count(*) FROM counter WHERE id IN \(list)", as: Int.self) == 0)
                }
            }
        }
        try await test.close()
    }
}
