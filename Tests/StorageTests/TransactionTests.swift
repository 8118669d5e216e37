import JarshyKit
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct TransactionTests {
    struct Refusal: Error, Equatable {}

    @Test(arguments: Dialect.allCases, [WriteMode.ordinary, .intake])
    func `what is thrown undoes everything`(_ dialect: Dialect, _ mode: WriteMode) async throws {
        let test = try await Bench.open(dialect)

        await #expect(throws: Refusal()) {
            try await test.database.write(mode) { db in
                try Bench.plantTree(db)
                throw Refusal()
            }
        }

        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM unit") == 0)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `an engine's refusal undoes everything, even when it is caught`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)

        await #expect(throws: StorageError.self) {
            try await test.database.write { db in
                try Bench.plantTree(db)
                try? db.insert(
                    "INSERT INTO unit (id, parent, name, size) VALUES", rows: [[9.bind, 99.bind, "x".bind, 1.bind]])
                #expect(throws: StorageError.self) { try db.value("SELECT 1", as: Int.self) }
            }
        }

        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM unit") == 0)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `effects follow the commit, once and in order`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let seen = Mutex<[String]>([])

        try await test.database.write { db in
            db.afterCommit { seen.withLock { $0.append("first") } }
            try Bench.plantTree(db)
            db.afterCommit { seen.withLock { $0.append("second") } }
            #expect(seen.withLock { $0 } == [])
        }
        try? await test.database.write { db in
            db.afterCommit { seen.withLock { $0.append("never") } }
            throw Refusal()
        }
        // The commit itself may fail.
        await #expect(throws: StorageError.self) {
            try await test.database.write { db in
                db.afterCommit { seen.withLock { $0.append("never") } }
                try db.insert(
                    "INSERT INTO unit (id, parent, name, size) VALUES", rows: [[7.bind, 99.bind, "x".bind, 1.bind]])
            }
        }

        #expect(seen.withLock { $0 } == ["first", "second"])
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a reader sees one moment while a writer commits`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let database = test.database
        try await database.write { db in try db.run("INSERT INTO counter (id, value) VALUES (1, 1)") }
        let hasRead = Gate()
        let hasWritten = Gate()

        async let seen = database.read { db in
            let before = try db.value("SELECT value FROM counter", as: Int.self)
            hasRead.open()
            hasWritten.wait()
            return [before, try db.value("SELECT value FROM counter", as: Int.self)]
        }
        await hasRead.opened()
        try await database.write { db in try db.run("UPDATE counter SET value = 2") }
        hasWritten.open()

        #expect(try await seen == [1, 1])
        #expect(try await database.value(Int.self, "SELECT value FROM counter") == 2)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a reader cannot write`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)

        for sql in ["INSERT INTO counter (id, value) VALUES (1, 1) RETURNING id", "CREATE TABLE x (id bigint)"] as [SQL]
        {
            await #expect {
                try await test.database.read { db in try db.rows(sql) { _ in true } }
            } throws: { error in
                if case .other = error as? StorageError { true } else { false }
            }
        }

        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM counter") == 0)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a transaction reads what it wrote`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let sum = try await test.database.write { db in
            try Bench.plantTree(db)
            return try db.value("SELECT sum(size) FROM unit", as: Int.self)
        }
        #expect(sum == 60)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `work after closing is refused, work before it is finished`(_ dialect: Dialect) async throws {
        let test = try await Bench.open(dialect)
        let database = test.database
        let isRunning = Gate()
        let mayEnd = Gate()

        async let written: Void = database.write { db in
            isRunning.open()
            mayEnd.wait()
            try Bench.plantTree(db)
        }
        await isRunning.opened()
        async let closed: Void = database.close()
        mayEnd.open()
        try await written
        try await closed

        await #expect(throws: StorageError.lost("the database is closed")) {
            _ = try await database.value(Int.self, "SELECT 1")
        }
        await #expect(throws: StorageError.lost("the database is closed")) {
            try await database.write { db in try db.run("DELETE FROM unit") }
        }
        let again = try test.open()
        #expect(try await again.value(Int.self, "SELECT count(*) FROM unit") == 6)
        try await again.close()
        try await test.close()
    }
}
