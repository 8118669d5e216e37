import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JarshyKit
import Logging
import NIOCore
import Storage
import Synchronization
import TestSupport

@testable import Jarshy

// The site in a test: in this process, no socket, on a database of its own.
//
//     try await TestSite.run(.sqlite) { site in
//         try await site.person("ainur", role: "coordinator", unit: "KZ")
//         let browser = site.browser()
//         try await browser.signIn("ainur")
//         let page = try await browser.get("/people")
//         #expect(page.status == 200)
//     }
//
// The world is `EngineWorld`'s tree (KZ, R1, R2, D11 …) and campaign, with the shipped roles.

/// A clock that stands until a test moves it.
final class TestClock: JarshyKit.Clock {
    private let moment: Mutex<Instant>

    init(_ start: Instant) { moment = Mutex(start) }

    var now: Instant { moment.withLock { $0 } }

    func advance(seconds: Int64) { moment.withLock { $0 = $0.advanced(seconds: seconds) } }
}

/// Keeps what was logged, as one line of text each.
struct KeptLog: LogHandler {
    final class Lines: Sendable {
        private let list = Mutex<[String]>([])
        var all: [String] { list.withLock { $0 } }
        func add(_ line: String) { list.withLock { $0.append(line) } }
    }

    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        lines.add("\(event.level) \(event.message) \(pairs)")
    }
}

struct TestSite: Sendable {
    static let password = "steppe wind and apples"

    let app: App
    let world: EngineWorld
    let clock: TestClock
    let log: KeptLog.Lines
    /// Milliseconds sign-ins were held.
    let pauses: Pauses
    private let client: any TestClientProtocol

    final class Pauses: Sendable {
        private let list = Mutex<[Int64]>([])
        var all: [Int64] { list.withLock { $0 } }
        func add(_ milliseconds: Int64) { list.withLock { $0.append(milliseconds) } }
    }

    var database: Database { world.database }

    static func run(
        _ dialect: Dialect, options: SiteOptions = SiteOptions(), routes: (inout Routes) -> Void = { _ in },
        _ body: @escaping @Sendable (TestSite) async throws -> Void
    ) async throws {
        let world = try await EngineWorld.make(dialect)
        let clock = TestClock(EngineWorld.at(10))
        let (lines, pauses) = (KeptLog.Lines(), Pauses())
        let logger = Logger(label: "test") { _ in KeptLog(lines: lines) }
        var appOptions = App.Options()
        appOptions.site = options
        appOptions.clock = clock
        appOptions.pause = { pauses.add($0) }
        _ = try await world.database.run(SeedRoles(), by: .operator, at: clock.now)
        let app = try App(world.database, home: try Home(), options: appOptions, logger: logger)
        var more = Routes()
        more.feature = "Test"
        routes(&more)
        let site = Site(app.site.routes + more.list, parts: app.site.parts)
        let server = Application(responder: site, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await server.test(.router) { client in
            try await body(TestSite(app: app, world: world, clock: clock, log: lines, pauses: pauses, client: client))
        }
        try await world.test.close()
    }

    func browser() -> TestBrowser { TestBrowser(client) }

    /// A person with an account and the password of all tests, holding a role.
    @discardableResult
    func person(
        _ login: String, name: String? = nil, role: String?, unit: String = "KZ", organization: OrganizationNo? = nil,
        language: Language = .en
    ) async throws -> PersonID {
        let hash = try await TestPassword.hash()
        let now = clock.now
        let id = PersonID.make(at: now)
        return try await database.write { db in
            let person = NewPerson(
                name: name ?? login.prefix(1).uppercased() + login.dropFirst(), login: login, language: language)
            try AddPerson.insert(id, person, login: login, password: hash, at: now, in: db)
            if let role {
                let no = try Tree.current(in: db).find(unit)!.no
                try GrantRole(
                    person: id, role: role, unit: no, organization: organization, from: Zone.kazakhstan.day(at: now),
                    to: nil
                ).insert(by: .operator, at: now, in: db)
            }
            return id
        }
    }

    func actor(_ person: PersonID) async throws -> Actor {
        let today = Zone.kazakhstan.day(at: clock.now)
        return try await database.read { db in try Actors.load(person, on: today, in: db) }!
    }

    func unit(_ code: String) async throws -> UnitNo { try await world.tree().find(code)!.no }

    func count(_ sql: SQL) async throws -> Int { try await database.read { db in try db.value(sql) } }
}

/// The argon2id string of the tests' password, worked out once.
enum TestPassword {
    private static let task = Task { try await Passwords().hash(TestSite.password) }
    static func hash() async throws -> String { try await task.value }
}

struct TestPage: Sendable {
    let status: Int
    let headers: [String: String]
    let cookies: [String]
    let bytes: [UInt8]
    var body: String { String(decoding: bytes, as: UTF8.self) }
    var location: String? { headers["location"] }

    /// The value of a hidden input.
    func hidden(_ name: String) -> String? {
        guard let start = body.range(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(body[start.upperBound...].prefix { $0 != "\"" })
    }
}

/// A browser: keeps cookies and sends the CSRF token of its session.
final class TestBrowser: Sendable {
    private let client: any TestClientProtocol
    private let state = Mutex<(cookies: [String: String], csrf: String)>(([:], ""))

    init(_ client: any TestClientProtocol) { self.client = client }

    var cookies: [String: String] { state.withLock { $0.cookies } }
    var csrf: String {
        get { state.withLock { $0.csrf } }
        set { state.withLock { $0.csrf = newValue } }
    }

    func set(cookie name: String, _ value: String) { state.withLock { $0.cookies[name] = value } }

    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> TestPage {
        var fields = HTTPFields()
        for (name, value) in headers { fields[HTTPField.Name(name)!] = value }
        let cookies = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        if !cookies.isEmpty { fields[.cookie] = cookies }
        let response = try await client.execute(
            uri: path, method: .init(method)!, headers: fields, body: body.map { ByteBuffer(bytes: $0) })
        var found: [String: String] = [:]
        var set: [String] = []
        for field in response.headers {
            if field.name == .setCookie {
                set.append(field.value)
            } else {
                found[field.name.canonicalName] = field.value
            }
        }
        let page = TestPage(
            status: response.status.code, headers: found, cookies: set, bytes: Array(response.body.readableBytesView))
        keep(page)
        return page
    }

    private func keep(_ page: TestPage) {
        state.withLock { state in
            for cookie in page.cookies {
                let pair = cookie.prefix { $0 != ";" }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let (name, value) = (String(pair[0]), String(pair[1]))
                state.cookies[name] = cookie.contains("Max-Age=0") ? nil : value
            }
            if let csrf = page.hidden("csrf"), !csrf.isEmpty { state.csrf = csrf }
        }
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> TestPage {
        try await send("GET", path, headers: headers)
    }

    /// Submits a form as a browser on this site would.
    func post(_ path: String, _ form: [(String, String)], headers: [String: String] = [:]) async throws -> TestPage {
        var fields = Fields(form)
        if !fields.has("csrf") { fields.append("csrf", csrf) }
        var all = ["content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"]
        all.merge(headers) { _, new in new }
        return try await send("POST", path, headers: all, body: Array(fields.encoded.utf8))
    }

    /// Submits a form with a file.
    func upload(
        _ path: String, field: String, name: String, _ bytes: [UInt8], _ fields: [(String, String)] = []
    ) async throws -> TestPage {
        let boundary = "test-boundary"
        let texts = ([("csrf", csrf)] + fields).map { name, value in
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let head = texts.joined() + """
            --\(boundary)\r\nContent-Disposition: form-data; name="\(field)"; filename="\(name)"\r\n\
            Content-Type: application/octet-stream\r\n\r\n
            """
        let body = Array(head.utf8) + bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        return try await send(
            "POST", path,
            headers: ["content-type": "multipart/form-data; boundary=\(boundary)", "sec-fetch-site": "same-origin"],
            body: body)
    }

    @discardableResult
    func signIn(_ login: String, password: String = TestSite.password) async throws -> TestPage {
        let page = try await post("/signin", [("login", login), ("password", password)])
        if page.status == 303 { _ = try await get("/me") }
        return page
    }
}
