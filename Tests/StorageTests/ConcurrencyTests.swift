import JarshyKit
import Storage
import TestSupport
import Testing

@Suite struct ConcurrencyTests {
    @Test(arguments: Dialect.allCases)
    func `writers in the intake lose nothing and need no second run`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let runs = Tally()
        try await test.database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 0)") }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    try await test.database.write(.intake) { db in
                        runs.add()
                        // Read, count in Swift and write back: only a lock makes this right.
                        let value = try db.value(
                            "SELECT value FROM counter WHERE id = \(1)\(.forUpdate(db.dialect))", as: Int.self)
                        try db.run("UPDATE counter SET value = \(value + 1) WHERE id = \(1)")
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try await test.database.value(Int.self, "SELECT value FROM counter") == 32)
        #expect(runs.value == 32)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `ordinary writers lose nothing, and their effects come once`(_ dialect: Dialect) async throws {
        var options = DatabaseOptions()
        options.attempts = 60
        let test = try await Bench.open(dialect, options: options)
        let effects = Tally()
        try await test.database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 0)") }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 {
                group.addTask {
                    try await test.database.write { db in
                        db.afterCommit { effects.add() }
                        let value = try db.value("SELECT value FROM counter WHERE id = \(1)", as: Int.self)
                        try db.run("UPDATE counter SET value = \(value + 1) WHERE id = \(1)")
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try await test.database.value(Int.self, "SELECT value FROM counter") == 32)
        #expect(effects.value == 32)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `two processes share a database`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let other = try test.open()
        try await test.database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 0)") }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                let database = number.isMultiple(of: 2) ? test.database : other
                group.addTask {
                    _ = try await database.write(.intake) { db in
                        try db.run("UPDATE counter SET value = value + 1 WHERE id = 1")
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try await other.value(Int.self, "SELECT value FROM counter") == 20)
        try await other.close()
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `many more readers than connections are all served`(_ dialect: Dialect) async throws {
        var options = DatabaseOptions()
        options.connections = 2
        let test = try await Bench.open(dialect, options: options)
        try await test.database.write { db in try Bench.plantTree(db) }

        let sums = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { try await test.database.value(Int.self, "SELECT sum(size) FROM unit") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(sums == [Int](repeating: 60, count: 200))
        try await test.close()
    }
}
