import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

/// What the engines refuse, in the same words.
@Suite struct FailureTests {
    private func refusal(_ dialect: Dialect, _ sql: SQL) async throws -> StorageError? {
        let test = try await Bench.open(dialect)
        defer { Task { try await test.close() } }
        do {
            try await test.database.write { db in
                try Bench.plantTree(db)
                try db.run(sql)
            }
            return nil
        } catch let error as StorageError {
            return error
        }
    }

    @Test(arguments: Dialect.allCases)
    func `constraints are told apart and named`(_ dialect: Dialect) async throws {
        let name = try await refusal(dialect, "INSERT INTO unit (id, name, size) VALUES (9, \("Абай"), 1)")
        #expect(name == .unique(dialect == .sqlite ? "unit.name" : "unit_name_unique"))

        let key = try await refusal(dialect, "INSERT INTO unit (id, name, size) VALUES (1, \("x"), 1)")
        #expect(key == .unique(dialect == .sqlite ? "unit.id" : "unit_pkey"))

        let parent = try await refusal(dialect, "INSERT INTO unit (id, parent, name, size) VALUES (9, 99, \("x"), 1)")
        #expect(parent == .foreignKey(dialect == .sqlite ? "FOREIGN KEY constraint failed" : "unit_parent_fkey"))

        let child = try await refusal(dialect, "DELETE FROM unit WHERE id = 2")
        #expect(child == .foreignKey(dialect == .sqlite ? "FOREIGN KEY constraint failed" : "unit_parent_fkey"))

        let check = try await refusal(dialect, "UPDATE unit SET size = \(-1) WHERE id = 2")
        #expect(check == .check("unit_size_not_negative"))

        let null = try await refusal(dialect, "UPDATE unit SET name = \(String?.none) WHERE id = 2")
        #expect(null == .notNull("unit.name"))
    }

    @Test(arguments: Dialect.allCases)
    func `a partial index is unique only where it says`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        try await test.database.write { db in
            try db.run("INSERT INTO pass (holder, is_open) VALUES (1, \(false)), (1, \(false)), (1, \(true))")
        }
        await #expect(throws: StorageError.unique(dialect == .sqlite ? "pass.holder" : "pass_one_open")) {
            try await test.database.write { db in try db.run("INSERT INTO pass (holder, is_open) VALUES (1, \(true))") }
        }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a broken reference shows even when only the first row was wanted`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        await #expect(throws: StorageError.self) {
            try await test.database.write { db in
                _ = try db.first(
                    Int.self, "INSERT INTO unit (id, parent, name, size) VALUES (9, 99, \("x"), 1) RETURNING id")
                Issue.record("the insert went through")
            }
        }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `wrong SQL is said to be wrong, and is not transient`(_ dialect: Dialect) async throws {
        for sql in ["SELEKT 1", "SELECT id FROM nothing", "DELETE FROM counter; DELETE FROM counter", ""] as [SQL] {
            let error = try await refusal(dialect, sql)
            guard case .other = error else {
                Issue.record("\(sql): \(String(describing: error))")
                continue
            }
            #expect(error?.isTransient == false)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a statement that runs too long is stopped`(_ dialect: Dialect) async throws {
        var options = DatabaseOptions()
        options.statementTimeoutSeconds = 1
        let test = try await Bench.open(dialect, options: options)

        // The statement has no end of its own: that it ends at all is the proof.
        await #expect(throws: StorageError.timeout) {
            _ = try await test.database.value(Int.self, Bench.endless)
        }
        await #expect(throws: StorageError.timeout) {
            try await test.database.write { db in
                try Bench.plantTree(db)
                try db.run(Bench.endless)
            }
        }

        // The connection is as good as new, and the write left nothing.
        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM unit") == 0)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a cancelled task stops its statement`(_ dialect: Dialect) async throws {
        var options = DatabaseOptions()
        // On a busy machine the statement may run long before it is cancelled; its own limit must not come first.
        options.statementTimeoutSeconds = 600
        let test = try await Bench.open(dialect, options: options)
        for isWrite in [false, true] {
            let isRunning = Gate()
            let task = Task {
                if isWrite {
                    try await test.database.write { db in
                        try Bench.plantTree(db)
                        isRunning.open()
                        try db.run(Bench.endless)
                    }
                } else {
                    _ = try await test.database.read { db in
                        isRunning.open()
                        return try db.value(Bench.endless, as: Int.self)
                    }
                }
            }
            await isRunning.opened()
            // Both before the statement begins and in its midst: the first may come too early for the engine to notice.
            if isWrite { try await Task.sleep(for: .milliseconds(50)) }
            task.cancel()
            await #expect(throws: StorageError.cancelled) { try await task.value }
        }
        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM unit") == 0)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `work of a task cancelled while waiting never runs`(_ dialect: Dialect) async throws {
        var options = DatabaseOptions()
        options.connections = 1
        // The transaction stands idle while a starved machine gets round to cancelling the other; PostgreSQL ends idle ones.
        options.statementTimeoutSeconds = 600
        let test = try await Bench.open(dialect, options: options)
        let isRunning = Gate()
        let mayEnd = Gate()
        let first = Task {
            try await test.database.write { _ in
                isRunning.open()
                mayEnd.wait()
            }
        }
        await isRunning.opened()
        let second = Task { try await test.database.write { db in try Bench.plantTree(db) } }
        second.cancel()
        mayEnd.open()

        await #expect(throws: StorageError.cancelled) { try await second.value }
        try await first.value
        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM unit") == 0)
        try await test.close()
    }

    @Test func `a URL that names no database is refused`() {
        let wrong = [
            "", "mysql://x/y", "jarshy.db", "sqlite:", "sqlite::memory:", "sqlite://jarshy.db",
            "sqlite:/no/such/folder/a.db",
            "postgres://nobody@127.0.0.1:1/none",
        ]
        for url in wrong {
            #expect { _ = try Database.open(url) } throws: { error in
                if case .open = error as? StorageError { true } else { false }
            }
        }
    }
}
