import CPostgreSQL
import Foundation
import Synchronization

/// The PostgreSQL server tests use, and the databases made on it.
actor TestCluster {
    static let shared = TestCluster()

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private var admin: OpaquePointer?
    private var base: URLComponents?

    /// Creates a database, a copy of `template` when given, and returns its URL.
    func create(_ name: String, template: String?) throws -> String {
        try connect()
        let text =
            template.map { "TEMPLATE \($0)" } ?? "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        try run("CREATE DATABASE \(name) \(text)")
        TestExit.shared.databases.withLock { _ = $0.insert(name) }
        var url = base
        url?.path = "/\(name)"
        guard let string = url?.string else { throw Failure(description: "no URL for \(name)") }
        return string
    }

    func drop(_ url: String) throws {
        guard let name = URLComponents(string: url)?.path.dropFirst(), !name.isEmpty else { return }
        try run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        TestExit.shared.databases.withLock { _ = $0.remove(String(name)) }
    }

    private func connect() throws {
        if admin != nil { return }
        let url: String
        if let given = ProcessInfo.processInfo.environment["JARSHY_TEST_POSTGRES"], !given.isEmpty {
            url = given
            TestExit.shared.dropAtExit(on: given)
        } else {
            url = try LocalCluster.start()
        }
        base = URLComponents(string: url)
        let connection = PQconnectdb(url)
        guard PQstatus(connection) == CONNECTION_OK else {
            throw Failure(description: String(cString: PQerrorMessage(connection)))
        }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        admin = connection
    }

    private func run(_ sql: String) throws {
        let result = PQexec(admin, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw Failure(description: "\(sql): \(String(cString: PQerrorMessage(admin)))")
        }
    }
}
