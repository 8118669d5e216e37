import JarshyKit
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Jarshy

@Suite("Building the index anew")
struct SearchBuildTests {
    /// Documents of a space that has no feature: what stands in a table here, read as a feature would.
    private static func source() -> SearchSource {
        SearchSource(
            space: "answers", count: { db in try db.value("SELECT count(*) FROM sample", as: Int.self) },
            ids: { after, limit, db in
                var sql: SQL = "SELECT id FROM sample"
                if let after { sql += " WHERE id > \(after)" }
                return try db.all(ID<Never>.self, sql + " ORDER BY id LIMIT \(limit)")
            },
            documents: { ids, db in
                try db.all("SELECT id, body FROM sample WHERE id IN \(ids)") { row in
                    SearchDocument(id: try row.next(), isOpen: true, texts: [try row.next(String.self)])
                }
            })
    }

    private static func id(_ n: Int) -> ID<Never> { ID(high: 1, low: UInt64(n)) }

    private static func put(_ numbers: some Sequence<Int>, _ text: @Sendable (Int) -> String, _ database: Database) async throws {
        for n in numbers {
            let body = text(n)
            try await database.write { db in
                try db.run("INSERT INTO sample (id, body) VALUES (\(id(n)), \(body)) ON CONFLICT (id) DO UPDATE SET body = excluded.body")
                try source().update([id(n)], in: db)
            }
        }
    }

    private static func world(_ dialect: Dialect) async throws -> TestDatabase {
        let sample = Migrator.Migration(name: "9999-sample.sql", text: "CREATE TABLE sample (id uuid PRIMARY KEY, body text NOT NULL);\n")
        return try await TestDatabases.migrated(dialect, try MigrationFiles.all() + [sample])
    }

    private static func found(_ text: String, _ database: Database) async throws -> [SearchHit] {
        try await database.read { db in try SearchQuery(space: "answers", text: text, limit: 50).run(in: db) }
    }

    /// Everything an index says, in the order it says it.
    private static func told(_ database: Database) async throws -> [[String]] {
        var told: [[String]] = []
        for text in ["көпір жөндеу", "қашан су", "мектеп 7"] {
            told.append(try await found(text, database).map { "\($0.points) \($0.document) \($0.text)" })
        }
        return told
    }

    private static func text(_ n: Int) -> String {
        ["Көпір №\(n) шілдеде жөнделеді.", "\(n)-көшеде су қазанда қосылады.", "№\(n) мектеп қыркүйекте ашылады."][n % 3]
    }

    @Test("built anew the index says the same, and says so again when it is built once more", arguments: Dialect.allCases)
    func same(_ dialect: Dialect) async throws {
        let test = try await Self.world(dialect)
        try await Self.put(0..<40, Self.text, test.database)
        let before = try await Self.told(test.database)
        #expect(before.allSatisfy { $0.count > 10 })
        for _ in 0..<2 {
            let seen = Mutex<[Int]>([])
            let made = try await SearchBuild(Self.source(), batch: 7).run(in: test.database) { done, all in
                seen.withLock { $0.append(done * 100 / all) }
            }
            #expect(made == 40)
            #expect(seen.withLock { $0 } == seen.withLock { $0.sorted() } && seen.withLock { $0.last } == 100)
            #expect(try await Self.told(test.database) == before)
        }
        #expect(try await test.database.read { db in try db.value("SELECT count(*) FROM search_space", as: Int.self) } == 1)
        #expect(try await test.database.read { db in try Search.outdated(["answers"], in: db) } == [])
        try await test.close()
    }

    /// The source that breaks once it has given some batches, as a process that is killed.
    private static func breaking(after batches: Int) -> SearchSource {
        let whole = source()
        let given = Mutex(0)
        struct Killed: Error {}
        return SearchSource(
            space: whole.space, count: whole.count,
            ids: { after, limit, db in
                let count = given.withLock { given in
                    given += 1
                    return given
                }
                if count > batches { throw Killed() }
                return try whole.ids(after, limit, db)
            }, documents: whole.documents)
    }

    @Test("interrupted it answers from the old one, goes on where it stood, and loses no deed done meanwhile", arguments: Dialect.allCases)
    func interrupted(_ dialect: Dialect) async throws {
        let test = try await Self.world(dialect)
        try await Self.put(0..<30, Self.text, test.database)
        let before = try await Self.told(test.database)
        await #expect(throws: (any Error).self) {
            _ = try await SearchBuild(Self.breaking(after: 2), batch: 8).run(in: test.database)
        }
        #expect(try await Self.told(test.database) == before)
        // Behind the building, before it, and new.
        try await Self.put([3, 25, 99], { "Жарық №\($0) тамызда жанады." }, test.database)
        try await test.database.write { db in
            try db.run("DELETE FROM sample WHERE id = \(Self.id(4))")
            try Self.source().update([Self.id(4)], in: db)
        }
        let changed = try await Self.told(test.database)
        #expect(changed != before)
        let made = try await SearchBuild(Self.source(), batch: 8).run(in: test.database)
        #expect(made < 30, "it began anew: \(made)")
        #expect(try await Self.told(test.database) == changed)
        #expect(try await Self.found("жарық", test.database).count == 3)
        try await test.close()
    }

    @Test("what another version began is thrown away; what it built is told", arguments: Dialect.allCases)
    func version(_ dialect: Dialect) async throws {
        let test = try await Self.world(dialect)
        try await Self.put(0..<12, Self.text, test.database)
        let before = try await Self.told(test.database)
        await #expect(throws: (any Error).self) {
            _ = try await SearchBuild(Self.breaking(after: 1), batch: 5).run(in: test.database)
        }
        try await test.database.write { db in
            try db.run("UPDATE search_build SET version = 1, building = 1 WHERE name = 'answers'")
        }
        #expect(try await test.database.read { db in try Search.outdated(["answers"], in: db) } == ["answers"])
        #expect(try await SearchBuild(Self.source(), batch: 5).run(in: test.database) == 12)
        #expect(try await Self.told(test.database) == before)
        #expect(try await test.database.read { db in try Search.outdated(["answers"], in: db) } == [])
        try await test.close()
    }
}
