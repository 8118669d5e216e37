import JarshyKit
import Storage

/// The migrations of the home folder.
struct Migrations: Sendable {
    private let files: [Migrator.Migration]

    init(_ home: Home) throws {
        files = try home.names(in: "Migrations").filter { $0.hasSuffix(".sql") }.map {
            Migrator.Migration(name: $0, text: try home.text("Migrations/\($0)"))
        }
    }

    func migrator(_ dialect: Dialect) -> Migrator { Migrator(files: files, dialect: dialect) }

    /// Names of what the database lacks; empty when it is up to date.
    func pending(_ database: Database) async throws -> [String] {
        try await migrator(database.dialect).pending(database)
    }

    /// Brings the database up to date and sees to the shipped roles.
    /// - Returns: names of the migrations applied.
    func apply(to database: Database, at now: Instant) async throws -> [String] {
        let applied = try await migrator(database.dialect).migrate(database)
        _ = try await database.run(SeedRoles(), by: .operator, at: now)
        return applied
    }
}
