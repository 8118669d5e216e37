import JarshyKit
import Storage
import TestSupport
import Testing

/// What holds on PostgreSQL alone.
@Suite struct PostgresTests {
    @Test func `transactions are isolated as promised`() async throws {
        let test = try await TestDatabases.make(.postgres)
        let database = test.database
        @Sendable func level(_ db: any Reading) throws -> String {
            try db.value("SHOW transaction_isolation", as: String.self)
        }

        #expect(try await database.read { db in try level(db) } == "repeatable read")
        #expect(try await database.write { db in try level(db) } == "serializable")
        #expect(try await database.write(.intake) { db in try level(db) } == "read committed")
        try await database.read { db throws in
            #expect(try db.value("SHOW application_name", as: String.self) == "jarshy")
            #expect(try db.value("SHOW client_encoding", as: String.self) == "UTF8")
            #expect(try db.value("SHOW statement_timeout", as: String.self) == "30s")
            #expect(try db.value("SHOW idle_in_transaction_session_timeout", as: String.self) == "1min")
        }
        try await test.close()
    }

    @Test func `a serialization failure is run again, its effects come once`() async throws {
        let test = try await Bench.open(.postgres)
        let database = test.database
        try await database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 0), (2, 0)") }
        let runs = Tally()
        let effects = Tally()
        let hasRead = Gate()
        let hasWritten = Gate()

        // Each reads what the other writes: no order of the two gives what both saw.
        async let slow: Void = database.write { db in
            let run = runs.add()
            db.afterCommit { effects.add() }
            let other = try db.value("SELECT value FROM counter WHERE id = 2", as: Int.self)
            hasRead.open()
            hasWritten.wait()
            try db.run("UPDATE counter SET value = \(other + 10) WHERE id = 1")
            if run > 1 { #expect(other == 5) }
        }
        await hasRead.opened()
        try await database.write { db in
            let other = try db.value("SELECT value FROM counter WHERE id = 1", as: Int.self)
            try db.run("UPDATE counter SET value = \(other + 5) WHERE id = 2")
        }
        hasWritten.open()
        try await slow

        #expect(runs.value == 2)
        #expect(effects.value == 1)
        #expect(
            try await database.read { db in try db.all(Int.self, "SELECT value FROM counter ORDER BY id") } == [15, 5])
        try await test.close()
    }

    @Test func `after the last attempt the database is busy`() async throws {
        var options = DatabaseOptions()
        options.attempts = 3
        let test = try await Bench.open(.postgres, options: options)
        let database = test.database
        let other = try test.open()
        try await database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 0)") }
        let runs = Tally()
        let hasRead = [Gate(), Gate(), Gate()]
        let hasWritten = [Gate(), Gate(), Gate()]

        let unlucky = Task {
            try await database.write { db in
                let run = runs.add() - 1
                let value = try db.value("SELECT value FROM counter", as: Int.self)
                hasRead[run].open()
                hasWritten[run].wait()
                try db.run("UPDATE counter SET value = \(value + 100)")
            }
        }
        for run in 0..<3 {
            await hasRead[run].opened()
            try await other.write { db in try db.run("UPDATE counter SET value = value + 1") }
            hasWritten[run].open()
        }

        await #expect { try await unlucky.value } throws: { error in
            if case .busy = error as? StorageError { true } else { false }
        }
        #expect(runs.value == 3)
        #expect(try await database.value(Int.self, "SELECT value FROM counter") == 3)
        try await other.close()
        try await test.close()
    }

    @Test func `a deadlock is run again`() async throws {
        let test = try await Bench.open(.postgres)
        let database = test.database
        try await database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 0), (2, 0)") }
        let runs = Tally()
        let gates = [Gate(), Gate()]

        try await withThrowingTaskGroup(of: Void.self) { group in
            for me in 0..<2 {
                group.addTask {
                    try await database.write(.intake) { db in
                        runs.add()
                        try db.run("UPDATE counter SET value = value + 1 WHERE id = \(me + 1)")
                        gates[me].open()
                        gates[1 - me].wait()
                        try db.run("UPDATE counter SET value = value + 1 WHERE id = \(2 - me)")
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(runs.value == 3)
        #expect(try await database.read { db in try db.all(Int.self, "SELECT value FROM counter") } == [2, 2])
        try await test.close()
    }

    @Test func `a conflict that a closure turns into its own error is run again all the same`() async throws {
        struct Disguise: Error {}
        let test = try await Bench.open(.postgres)
        let database = test.database
        try await database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 0)") }
        let runs = Tally()
        let hasRead = Gate()
        let hasWritten = Gate()

        async let slow: Void = database.write { db in
            runs.add()
            let value = try db.value("SELECT value FROM counter", as: Int.self)
            hasRead.open()
            hasWritten.wait()
            do {
                try db.run("UPDATE counter SET value = \(value + 10)")
            } catch {
                throw Disguise()
            }
        }
        await hasRead.opened()
        try await database.write { db in try db.run("UPDATE counter SET value = 1") }
        hasWritten.open()
        try await slow

        #expect(runs.value == 2)
        #expect(try await database.value(Int.self, "SELECT value FROM counter") == 11)
        try await test.close()
    }

    /// Ends every other connection to the database, as a restart of the server would.
    private static let cutOff: SQL = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """

    @Test func `connections cut off while idle are opened anew, for writes too`() async throws {
        let test = try await Bench.open(.postgres)
        let other = try test.open()
        for _ in 0..<2 {
            try await test.database.write { db in
                try db.run("INSERT INTO counter (id, value) SELECT count(*), 1 FROM counter")
            }
            #expect(try await other.value(Int.self, Self.cutOff) >= 1)
        }
        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM counter") == 2)
        try await other.close()
        try await test.close()
    }

    @Test func `a read cut off in its midst is run again, a write is not`() async throws {
        let test = try await Bench.open(.postgres)
        let other = try test.open()
        for isWrite in [false, true] {
            let runs = Tally()
            let isRunning = Gate()
            let isCut = Gate()
            let task = Task {
                let body: @Sendable (any Reading) throws -> Int = { db in
                    runs.add()
                    _ = try db.value("SELECT 1", as: Int.self)
                    isRunning.open()
                    isCut.wait()
                    return try db.value("SELECT 2", as: Int.self)
                }
                return isWrite
                    ? try await test.database.write { db in try body(db) } : try await test.database.read(body)
            }
            await isRunning.opened()
            #expect(try await other.value(Int.self, Self.cutOff) >= 1)
            isCut.open()

            if isWrite {
                await #expect {
                    _ = try await task.value
                } throws: { error in
                    if case .lost = error as? StorageError { true } else { false }
                }
            } else {
                #expect(try await task.value == 2)
            }
            #expect(runs.value == (isWrite ? 1 : 2))
        }
        try await other.close()
        try await test.close()
    }

    @Test func `a table changed under a prepared statement is met by preparing again`() async throws {
        let test = try await Bench.open(.postgres)
        let other = try test.open()
        let query: SQL = "SELECT * FROM counter"
        try await test.database.write { db in
            try db.run("INSERT INTO counter (id, value) VALUES (1, 2)")
            #expect(try db.all(Int.self, query) == [1])
        }
        try await other.write { db in try db.run("ALTER TABLE counter ADD COLUMN note text") }

        let columns = try await test.database.read { db in
            try db.first(query) { row in
                row.skip(2)
                return try row.next(String?.self) == nil
            }
        }

        #expect(columns == true)
        try await other.close()
        try await test.close()
    }

    @Test func `numbers of every width are read`() async throws {
        let test = try await TestDatabases.make(.postgres)
        try await test.database.read { db throws in
            #expect(try db.value("SELECT 7::smallint", as: Int.self) == 7)
            #expect(try db.value("SELECT (-7)::integer", as: Int.self) == -7)
            #expect(try db.value("SELECT 0.5::real", as: Double.self) == 0.5)
            #expect(try db.value("SELECT '{\"a\":1}'::json", as: String.self) == "{\"a\":1}")
            let numerics: [(SQL, Int64?)] = [
                ("SELECT 0::numeric", 0), ("SELECT 10000::numeric", 10_000),
                ("SELECT -100000000::numeric", -100_000_000),
                ("SELECT 9223372036854775807::numeric", .max), ("SELECT -9223372036854775808::numeric", .min),
                ("SELECT 9223372036854775808::numeric", nil), ("SELECT 1.5::numeric", nil), ("SELECT 2.00::numeric", 2),
                ("SELECT 0.0001::numeric", nil), ("SELECT 'NaN'::numeric", nil),
                ("SELECT 100000000000000000000::numeric", nil),
            ]
            for (sql, expected) in numerics {
                if let expected {
                    #expect(try db.value(sql, as: Int64.self) == expected)
                } else {
                    #expect(throws: StorageError.self) { try db.value(sql, as: Int64.self) }
                }
            }
            let doubles: [(SQL, Double)] = [
                ("SELECT 1.5::numeric", 1.5), ("SELECT -0.0001::numeric", -0.0001),
                ("SELECT 123456789.000123::numeric", 123456789.000123),
                ("SELECT 0::numeric", 0), ("SELECT 1e20::numeric", 1e20),
                ("SELECT 1::numeric / 3", 0.333333333333333333),
            ]
            for (sql, expected) in doubles { #expect(try db.value(sql, as: Double.self) == expected) }
        }
        try await test.close()
    }
}
