import Foundation
public import Storage
import Synchronization

/// Fresh databases for tests: a file on SQLite; on PostgreSQL a database of the cluster in `JARSHY_TEST_POSTGRES` (a
/// URL of a user who may create databases), or of a cluster started for this process.
public enum TestDatabases {
    /// An empty database.
    public static func make(
        _ dialect: Dialect, options: DatabaseOptions = DatabaseOptions()
    ) async throws -> TestDatabase {
        try await copy(of: nil, dialect, options)
    }

    /// A database with these migrations applied. They are run once a process, and then copied.
    public static func migrated(
        _ dialect: Dialect, _ files: [Migrator.Migration], options: DatabaseOptions = DatabaseOptions()
    ) async throws -> TestDatabase {
        try await copy(of: TestTemplates.shared.template(dialect, files), dialect, options)
    }

    private static func copy(
        of template: String?, _ dialect: Dialect, _ options: DatabaseOptions
    ) async throws -> TestDatabase {
        let url: String
        switch dialect {
        case .sqlite:
            let file = TestFolder.url.appendingPathComponent("\(TestNames.next()).db")
            if let template { try FileManager.default.copyItem(atPath: template, toPath: file.path) }
            url = "sqlite:\(file.path)"
        case .postgres:
            let name = TestNames.next()
            url = try await TestCluster.shared.create(name, template: template)
        }
        return TestDatabase(url: url, database: try Database.open(url, options: options))
    }
}

/// One test's database. It goes with the process; `close` gives its connections back sooner.
public final class TestDatabase: Sendable {
    public let url: String
    public let database: Database

    init(url: String, database: Database) {
        self.url = url
        self.database = database
    }

    public var dialect: Dialect { database.dialect }

    /// A second way in, as another process would have.
    public func open(_ options: DatabaseOptions = DatabaseOptions()) throws -> Database {
        try Database.open(url, options: options)
    }

    /// Closes the connections and removes the database.
    public func close() async throws {
        try await database.close()
        switch dialect {
        case .sqlite:
            let path = url.dropFirst("sqlite:".count)
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
        case .postgres: try await TestCluster.shared.drop(url)
        }
    }
}

/// Templates by their migrations: each is made once, and whoever needs it meanwhile waits for it.
actor TestTemplates {
    static let shared = TestTemplates()

    private struct Key: Hashable {
        let dialect: Dialect
        let files: [Migrator.Migration]
    }

    private var templates: [Key: Task<String, any Error>] = [:]

    /// A file's path on SQLite, a database's name on PostgreSQL.
    func template(_ dialect: Dialect, _ files: [Migrator.Migration]) async throws -> String {
        let key = Key(dialect: dialect, files: files)
        let task = templates[key] ?? Task { try await TestTemplates.make(dialect, files) }
        templates[key] = task
        return try await task.value
    }

    private static func make(_ dialect: Dialect, _ files: [Migrator.Migration]) async throws -> String {
        let test = try await TestDatabases.make(dialect)
        _ = try await Migrator(files: files, dialect: dialect).migrate(test.database)
        // Closing folds the WAL into the file, and lets go of a database that is to be copied.
        try await test.database.close()
        switch dialect {
        case .sqlite: return String(test.url.dropFirst("sqlite:".count))
        case .postgres: return String(test.url.split(separator: "/").last ?? "")
        }
    }
}

/// Names that are unique on a shared cluster too.
enum TestNames {
    private static let count = Mutex(0)

    static func next() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "jarshy_test_\(ProcessInfo.processInfo.processIdentifier)_\(number)"
    }
}

/// The folder of this process's test files, removed at exit.
enum TestFolder {
    static let url: URL = {
        let url = URL(fileURLWithPath: "/tmp/jarshy-test-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.removeItem(at: url)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            fatalError("no folder for test databases: \(error)")
        }
        atexit { try? FileManager.default.removeItem(at: TestFolder.url) }
        return url
    }()
}
