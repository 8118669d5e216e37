import Foundation
import Hummingbird
import JarshyKit
public import Logging
import ServiceLifecycle
import Storage
import UnixSignals

/// What the command line can do; one function a command. Rules and SQL stay in the features.
public enum Commands {
    /// A refusal for the person at the terminal.
    public struct Refused: Error, CustomStringConvertible, Sendable {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    public struct ServeOptions: Sendable {
        public var database: String
        public var host = "127.0.0.1"
        public var port = 8080
        public var home: String?
        public var reload = false
        public var https = false
        public var behindProxy = false
        /// Where files of evidence lie; nil: beside the database.
        public var files: String?
        public var evidenceDays: Int64 = 180
        /// The relay for letters; nil: letters wait.
        public var mail: MailOptions?

        public init(database: String) { self.database = database }
    }

    /// Serves until SIGTERM or SIGINT. Refuses a database that is not migrated.
    public static func serve(_ options: ServeOptions, logger: Logger) async throws {
        let home = try Home(options.home)
        let mail = try options.mail.map { try $0.settings() }
        let database = try Database.open(options.database)
        let pending = try await Migrations(home).pending(database)
        guard pending.isEmpty else {
            try await database.close()
            throw Refused(
                "the database is not migrated (\(pending.joined(separator: ", "))); run: jarshy migrate --database …")
        }
        var appOptions = App.Options()
        appOptions.reload = options.reload
        appOptions.site = SiteOptions(behindProxy: options.behindProxy, https: options.https)
        let files = URL(fileURLWithPath: options.files ?? filesBeside(options.database))
        do { try EvidenceFiles.makeFolder(files) } catch {
            try await database.close()
            throw Refused("the folder for files cannot be made: \(files.path); name one with --files DIR")
        }
        appOptions.files = files
        appOptions.evidenceDays = options.evidenceDays
        appOptions.mail = mail
        let outdated = try await database.read { db in try Search.outdated(SearchSpaces.all.map(\.space), in: db) }
        if !outdated.isEmpty {
            logger.warning("the search index was built by another version; run: jarshy reindex --database …")
        }
        if !Pictures.areHere {
            logger.warning("libvips-tools is missing: no photo can be taken until it is installed (apt-get install libvips-tools)")
        }
        let app = try App(database, home: home, options: appOptions, logger: logger)
        try await app.announceSetup()
        let host = options.host
        let server = app.server(host: host, port: options.port) { port in
            logger.notice("listening", metadata: ["address": "http://\(host):\(port)"])
        }
        try await server.runService(gracefulShutdownSignals: [.sigterm, .sigint])
        try await database.close()
        logger.notice("stopped")
    }

    /// `x.sqlite` keeps its files in `x.sqlite.files`; a server of its own has them in the working folder.
    static func filesBeside(_ database: String) -> String {
        database.hasPrefix("sqlite:") ? database.dropFirst("sqlite:".count) + ".files" : "jarshy-files"
    }

    /// - Returns: names of the migrations applied.
    public static func migrate(database url: String, home: String?) async throws -> [String] {
        let migrations = try Migrations(try Home(home))
        let database = try Database.open(url)
        let applied = try await migrations.apply(to: database, at: SystemClock().now)
        try await database.close()
        return applied
    }

    /// - Returns: the token.
    public static func token(database url: String, login: String, days: Int) async throws -> String {
        let database = try Database.open(url)
        do {
            let token = try await database.run(
                IssueToken(login: login, days: Int64(days)), by: .operator, at: SystemClock().now)
            try await database.close()
            return token
        } catch let problem as Problem {
            throw Refused(problem.status == 404 ? "there is no open account '\(login)'" : problem.detail)
        }
    }

    /// Every route with its policy, one a line: the table a test compares.
    public static func routes(home: String?) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("jarshy-routes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Nothing is asked of it: routes only hold on to it.
        let database = try Database.open("sqlite:" + folder.appendingPathComponent("none.sqlite").path)
        let app = try App(database, home: try Home(home), logger: Logger(label: "routes"))
        let text = RouteList.text(app.site.routes)
        try await database.close()
        return text
    }
}

extension App {
    /// On a database without accounts: a one-time code for the first administrator, in the log and nowhere else.
    func announceSetup() async throws {
        guard try await database.read({ db in try !db.value(PersonRows.hasAccounts, as: Bool.self) }) else { return }
        logger.notice(
            "no accounts yet: open /setup and enter this code", metadata: ["code": .string(people.setup.make())])
    }
}

/// The routes as a table in plain text.
enum RouteList {
    static func text(_ routes: [Route]) -> String {
        let rows = routes.map { ($0.feature, $0.method, $0.path, $0.policy.name) }
        let width = (rows.map { $0.2.count }.max() ?? 0) + 2
        return rows.map { feature, method, path, policy in
            pad(feature, 11) + pad(method, 7) + pad(path, width) + policy
        }.joined(separator: "\n") + "\n"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
