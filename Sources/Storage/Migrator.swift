internal import Crypto
import JarshyKit

/// Brings a database to the schema in `Migrations/`: files `NNNN-noun.sql` in order, each in a transaction, each once.
///
/// Files are written once, in PostgreSQL's spelling; a pair `NNNN-noun.sqlite.sql` / `.postgres.sql` stands only where
/// the engines differ. The SHA-256 of every applied file is kept, and a file changed after it was applied is refused,
/// as is a database with a migration this build does not know (it belongs to a newer one).
public struct Migrator: Sendable {
    public struct Migration: Sendable, Hashable {
        public let name: String
        public let text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    public enum Fault: Error, Sendable, Hashable {
        case changed(String)
        case unknown(String)
        case failed(String, String)
    }

    private let migrations: [Migration]

    /// - Parameter files: every file of the folder by its name; those for the other engine are left aside.
    public init(files: [Migration], dialect: Dialect) {
        let other = dialect == .sqlite ? ".postgres.sql" : ".sqlite.sql"
        migrations = files.filter { $0.name.hasSuffix(".sql") && !$0.name.hasSuffix(other) }
            .sorted { $0.name < $1.name }
    }

    /// Applies what is missing and returns the names applied. Two processes may do so at once; one waits for the other.
    public func migrate(_ database: Database) async throws -> [String] {
        try await database.write(.intake) { db in
            try Migrator.lock(db)
            try db.run("CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, sha256 text NOT NULL)")
            _ = try missing(db)
        }
        var applied: [String] = []
        for migration in migrations {
            let done = try await database.write(.intake) { db in
                try Migrator.lock(db)
                return try apply(migration, in: db)
            }
            if done { applied.append(migration.name) }
        }
        return applied
    }

    /// Names of migrations the database still lacks; throws when it has some that are unknown or have changed.
    public func pending(_ database: Database) async throws -> [String] {
        try await database.read { db in
            guard try Migrator.tableExists(db) else { return migrations.map(\.name) }
            return try missing(db)
        }
    }

    private func missing(_ db: any Reading) throws -> [String] {
        let kept = try db.all("SELECT name, sha256 FROM migration ORDER BY name") { row in
            (try row.next(String.self), try row.next(String.self))
        }
        for (name, sum) in kept {
            guard let migration = migrations.first(where: { $0.name == name }) else { throw Fault.unknown(name) }
            guard Migrator.checksum(migration) == sum else { throw Fault.changed(name) }
        }
        return migrations.map(\.name).filter { name in !kept.contains { $0.0 == name } }
    }

    private func apply(_ migration: Migration, in db: any Writing) throws -> Bool {
        let sum = Migrator.checksum(migration)
        if let kept = try db.first(String.self, "SELECT sha256 FROM migration WHERE name = \(migration.name)") {
            guard kept == sum else { throw Fault.changed(migration.name) }
            return false
        }
        try (db as? any Unhurried)?.liftTimeout()
        for statement in MigrationScript.statements(migration.text) {
            do {
                try db.run(SQL(script: db.dialect == .sqlite ? MigrationScript.respelled(statement) : statement))
            } catch let error as StorageError {
                throw Fault.failed(migration.name, "\(error) in: \(statement.prefix(200))")
            }
        }
        try db.run("INSERT INTO migration (name, sha256) VALUES (\(migration.name), \(sum))")
        return true
    }

    /// Held until the transaction ends. The number is any that nobody else uses.
    private static func lock(_ db: any Writing) throws {
        guard db.dialect == .postgres else { return }
        try db.rows("SELECT pg_advisory_xact_lock(7052026)") { _ in false }
    }

    private static func tableExists(_ db: any Reading) throws -> Bool {
        let sql: SQL =
            db.dialect == .sqlite
            ? "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'"
            : """
            SELECT count(*) FROM information_schema.tables
            WHERE table_schema = current_schema() AND table_name = 'migration'
            """
        return try db.value(sql, as: Int.self) > 0
    }

    private static func checksum(_ migration: Migration) -> String {
        SHA256.hash(data: Array(migration.text.utf8)).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}

extension SQL {
    /// Text from a migration file, the only text that is not in the source; features have no way to run text.
    fileprivate init(script: String) {
        self.init(pieces: [.script(script)])
    }
}
