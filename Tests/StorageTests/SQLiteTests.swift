import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

/// What holds on SQLite alone.
@Suite struct SQLiteTests {
    @Test func `commits are synced, readers have the WAL, references are checked`() async throws {
        let test = try await TestDatabases.make(.sqlite)
        try await test.database.write { db throws in
            #expect(try db.value("PRAGMA synchronous", as: Int.self) == 2)
            #expect(try db.value("PRAGMA journal_mode", as: String.self) == "wal")
            #expect(try db.value("PRAGMA foreign_keys", as: Int.self) == 1)
        }
        try await test.close()
    }

    @Test func `a file is named by a path or by the path of a URL`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("jarshy test \(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, url) in ["sqlite:\(folder.path)/a 0%.db", "sqlite://\(folder.path)/a 1%.db"].enumerated() {
            let database = try Database.open(url)
            try await database.write { db in try db.run("CREATE TABLE t (id INTEGER)") }
            try await database.close()
            #expect(FileManager.default.fileExists(atPath: "\(folder.path)/a \(number)%.db"))
        }
    }

    @Test func `tables are strict`() async throws {
        let test = try await Bench.open(.sqlite)
        await #expect(throws: StorageError.self) {
            try await test.database.write { db in
                try db.run("INSERT INTO counter (id, value) VALUES (\(1), \("many"))")
            }
        }
        try await test.close()
    }

    @Test func `a clustered table has no row number`() async throws {
        let file = Migrator.Migration(
            name: "0001-c.sql",
            text: "CREATE TABLE c (\n    a bigint,\n    b text,\n    PRIMARY KEY (a, b)\n) /* clustered */;\n")
        let test = try await TestDatabases.migrated(.sqlite, [file])
        await #expect(throws: StorageError.self) { _ = try await test.database.value(Int.self, "SELECT rowid FROM c") }
        let postgres = try await TestDatabases.migrated(.postgres, [file])
        #expect(try await postgres.database.value(Int.self, "SELECT count(*) FROM c") == 0)
        try await test.close()
        try await postgres.close()
    }

    @Test func `a file that is no database is refused`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("jarshy-\(UUID()).db")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(repeating: 65, count: 8192).write(to: file)
        #expect(throws: StorageError.self) { try Database.open("sqlite:\(file.path)") }
    }
}
