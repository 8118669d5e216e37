import JarshyKit
import Storage
import TestSupport
import Testing

@Suite struct MigratorTests {
    private static let first = Migrator.Migration(name: "0001-a.sql", text: "CREATE TABLE a (id bigint PRIMARY KEY);\n")
    private static let second = Migrator.Migration(
        name: "0002-b.sql",
        text: "INSERT INTO a VALUES (1);\nCREATE TABLE b (id bigint REFERENCES a (id), note text);\n")

    @Test(arguments: Dialect.allCases)
    func `files are applied in the order of their names, once`(_ dialect: Dialect) async throws {
        let test = try await TestDatabases.make(dialect)
        let files = [Self.second, Self.first, Migrator.Migration(name: "README.md", text: "no SQL")]

        #expect(
            try await Migrator(files: files, dialect: dialect).pending(test.database) == ["0001-a.sql", "0002-b.sql"])
        #expect(try await Migrator(files: [Self.first], dialect: dialect).migrate(test.database) == ["0001-a.sql"])
        let all = Migrator(files: files, dialect: dialect)
        #expect(try await all.pending(test.database) == ["0002-b.sql"])
        #expect(try await all.migrate(test.database) == ["0002-b.sql"])
        #expect(try await all.migrate(test.database) == [])
        #expect(try await all.pending(test.database) == [])
        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM a") == 1)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a file changed after it was applied is refused`(_ dialect: Dialect) async throws {
        let test = try await TestDatabases.migrated(dialect, [Self.first])
        let changed = Migrator.Migration(name: Self.first.name, text: Self.first.text + " ")
        let migrator = Migrator(files: [changed, Self.second], dialect: dialect)

        await #expect(throws: Migrator.Fault.changed("0001-a.sql")) { try await migrator.pending(test.database) }
        await #expect(throws: Migrator.Fault.changed("0001-a.sql")) { try await migrator.migrate(test.database) }
        #expect(try await test.database.value(Int.self, "SELECT count(*) FROM migration") == 1)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a database of a newer build is refused`(_ dialect: Dialect) async throws {
        let test = try await TestDatabases.migrated(dialect, [Self.first, Self.second])
        let migrator = Migrator(files: [Self.first], dialect: dialect)

        await #expect(throws: Migrator.Fault.unknown("0002-b.sql")) { try await migrator.pending(test.database) }
        await #expect(throws: Migrator.Fault.unknown("0002-b.sql")) { try await migrator.migrate(test.database) }
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a file that fails leaves nothing of itself`(_ dialect: Dialect) async throws {
        let test = try await TestDatabases.make(dialect)
        let broken = Migrator.Migration(
            name: "0002-broken.sql", text: "CREATE TABLE c (id bigint);\nINSERT INTO c VALUES (1);\nCREATE TABL d;\n")

        await #expect {
            try await Migrator(files: [Self.first, broken], dialect: dialect).migrate(test.database)
        } throws: { error in
            guard case .failed(let name, let why) = error as? Migrator.Fault else { return false }
            return name == "0002-broken.sql" && why.contains("CREATE TABL d")
        }

        await #expect(throws: StorageError.self) {
            _ = try await test.database.value(Int.self, "SELECT count(*) FROM c")
        }
        let mended = Migrator.Migration(name: "0002-broken.sql", text: "CREATE TABLE c (id bigint);\n")
        #expect(
            try await Migrator(files: [Self.first, mended], dialect: dialect).migrate(test.database) == [
                "0002-broken.sql"
            ])
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `of a pair only the engine's own file counts`(_ dialect: Dialect) async throws {
        let test = try await TestDatabases.make(dialect)
        let files = [
            Migrator.Migration(name: "0001-x.sqlite.sql", text: "CREATE TABLE only_sqlite (id bigint);\n"),
            Migrator.Migration(name: "0001-x.postgres.sql", text: "CREATE TABLE only_postgres (id bigint);\n"),
        ]

        let applied = try await Migrator(files: files, dialect: dialect).migrate(test.database)

        #expect(applied == ["0001-x.\(dialect.rawValue).sql"])
        let count = try await test.database.value(
            Int.self, dialect == .sqlite ? "SELECT count(*) FROM only_sqlite" : "SELECT count(*) FROM only_postgres")
        #expect(count == 0)
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `two processes that migrate at once do it once`(_ dialect: Dialect) async throws {
        let test = try await TestDatabases.make(dialect)
        let other = try test.open()
        let migrator = Migrator(files: [Self.first, Self.second], dialect: dialect)

        async let one = migrator.migrate(test.database)
        async let two = migrator.migrate(other)
        let applied = try await one + two

        #expect(applied.sorted() == ["0001-a.sql", "0002-b.sql"])
        try await other.close()
        try await test.close()
    }

    @Test(arguments: Dialect.allCases)
    func `a migration may take longer than a statement`(_ dialect: Dialect) async throws {
        var options = DatabaseOptions()
        options.statementTimeoutSeconds = 1
        let test = try await TestDatabases.make(dialect, options: options)
        // Some two seconds of counting on either engine.
        let slow = Migrator.Migration(
            name: "0001-slow.sql",
            text: """
                CREATE TABLE n (i bigint);
                INSERT INTO n WITH RECURSIVE c (i) AS (
                    SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM c WHERE i < 8000000
                ) SELECT count(*) FROM c;
                """)
        let start = ContinuousClock.now

        #expect(try await Migrator(files: [slow], dialect: dialect).migrate(test.database) == ["0001-slow.sql"])

        try #require(ContinuousClock.now - start > .seconds(1), "too fast a machine to show anything")
        #expect(try await test.database.value(Int.self, "SELECT i FROM n") == 8_000_000)
        try await test.close()
    }
}
