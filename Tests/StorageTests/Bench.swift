import JarshyKit
import Storage
import TestSupport

/// The tables the suite works on; spelled once, as migrations are.
enum Bench {
    static let migration = Migrator.Migration(
        name: "0001-bench.sql",
        text: """
            -- Every type of the common subset.
            CREATE TABLE thing (
                id uuid PRIMARY KEY,
                number bigint,
                name text,
                share double precision,
                flag boolean,
                data bytea
            );
            CREATE TABLE unit (
                id bigint PRIMARY KEY,
                parent bigint REFERENCES unit (id),
                name text NOT NULL,
                size bigint NOT NULL CONSTRAINT unit_size_not_negative CHECK (size >= 0),
                CONSTRAINT unit_name_unique UNIQUE (name)
            );
            CREATE TABLE counter (id bigint PRIMARY KEY, value bigint NOT NULL);
            CREATE TABLE pass (holder bigint NOT NULL, is_open boolean NOT NULL);
            CREATE UNIQUE INDEX pass_one_open ON pass (holder) WHERE is_open;
            """)

    static func open(_ dialect: Dialect, options: DatabaseOptions = DatabaseOptions()) async throws -> TestDatabase {
        try await TestDatabases.migrated(dialect, [migration], options: options)
    }

    /// Runs until it is stopped, or for minutes: counts in SQL, so no statement of the suite sleeps.
    static let endless: SQL = """
        WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)
        SELECT count(*) FROM n
        """

    /// Republic → two regions → three districts.
    static func plantTree(_ db: any Writing) throws {
        try db.insert(
            "INSERT INTO unit (id, parent, name, size) VALUES",
            rows: [
                [1.bind, .null(.bigint), "Қазақстан".bind, 0.bind],
                [2.bind, 1.bind, "Ақмола".bind, 10.bind],
                [3.bind, 1.bind, "Абай".bind, 20.bind],
                [4.bind, 2.bind, "Бурабай".bind, 7.bind],
                [5.bind, 2.bind, "Целиноград".bind, 3.bind],
                [6.bind, 3.bind, "Семей".bind, 20.bind],
            ])
    }
}

extension Database {
    /// One value outside any other transaction.
    func value<Value: Column & Sendable>(_ type: Value.Type = Value.self, _ sql: SQL) async throws -> Value {
        try await read { db in try db.value(sql, as: type) }
    }
}
