import JarshyKit
import Storage
import Synchronization

/// One request on its way through a handler: who, what, in which language, at what moment, with which database.
struct Visit: Sendable {
    /// Names the request in the log, in problems and in the header `X-Request-ID`.
    let id: String
    let method: String
    /// The path as sent, without the query.
    let path: String
    /// `{name}` parts of the route's path, decoded.
    let parameters: [String: String]
    let head: Head
    let cookies: Cookies
    /// The client's address; behind a proxy that is trusted, the one the proxy names.
    let address: String
    var language: Language
    var words: Words
    let now: Instant
    let database: Database
    let live: Live
    let metrics: Metrics
    /// True when problems and answers are to be JSON: `/api/…`, or a client that asks for it.
    let wantsJson: Bool
    /// `https://host:port`, as the browser sees this site.
    let origin: String
    /// True over TLS: cookies are Secure.
    let secure: Bool
    let tally = Tally()
    var query = Fields()
    /// Fields of an urlencoded or multipart form.
    var form = Fields()
    var files: [UploadedFile] = []
    /// The body as sent.
    var body: [UInt8] = []
    var visitor: Visitor?
    /// The address asked for a language other than the one kept: the cookie is set anew.
    var choseLanguage = false

    /// Headers of the request, by lowercase name.
    struct Head: Sendable {
        let fields: [String: String]
        subscript(_ name: String) -> String? { fields[name] }
    }

    /// Today by Kazakhstan's clock.
    var today: Day { Zone.kazakhstan.day(at: now) }
    var format: Format { Format(language) }
    var actor: Actor? { visitor?.actor }
    var session: Visitor.SignedIn? { visitor?.session }
    /// The address of this page with another query.
    func here(_ query: Fields) -> String { query.isEmpty ? path : path + "?" + query.encoded }
    var here: String { here(query) }

    /// The session's secret as the browser sent it.
    var sessionToken: String? { cookies[Cookies.session(secure: secure)] }

    /// The actor, or the problem that sends a browser to sign in and answers a program 401.
    func require() throws -> Actor {
        guard let actor = visitor?.actor else { throw SignInNeeded() }
        return actor
    }

    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The body as JSON.
    /// - Throws: `JsonReader.Fault`, which is answered 400 with line and column.
    func json() throws -> Json { try JsonReader.read(body) }

    /// The first file of a field.
    func file(_ field: String) -> UploadedFile? { files.first { $0.field == field } }
}

extension Visit {
    /// Reads in one transaction; its time and its statements are counted to this request.
    func read<Value: Sendable>(_ work: @escaping @Sendable (any Reading) throws -> Value) async throws -> Value {
        let started = ContinuousClock.now
        let tally = tally
        defer { tally.add(time: ContinuousClock.now - started) }
        return try await database.read { db in
            defer { tally.add(statements: db.statements) }
            return try work(db)
        }
    }

    /// Writes in one transaction; counted like `read`.
    func write<Value: Sendable>(_ work: @escaping @Sendable (any Writing) throws -> Value) async throws -> Value {
        let started = ContinuousClock.now
        let tally = tally
        defer { tally.add(time: ContinuousClock.now - started) }
        return try await database.write { db in
            defer { tally.add(statements: db.statements) }
            return try work(db)
        }
    }

    /// Runs an action by this visit's actor, at its moment.
    func run<Deed: Action>(_ action: Deed) async throws -> Deed.Result {
        let actor = try require()
        let now = now
        return try await write { db in try action.perform(by: actor, at: now, in: db) }
    }

    /// Does `work`; when a browser's form is refused with a `Problem`, shows the form again with what was typed.
    /// A program gets the problem itself. Problems of 401, 404 and 5xx are never caught.
    func attempt(
        _ work: () async throws -> Reply, again: (Problem) async throws -> Reply
    ) async throws -> Reply {
        do {
            return try await work()
        } catch let problem as Problem where !wantsJson && [400, 403, 409, 412, 413, 422, 429].contains(problem.status)
        {
            var reply = try await again(problem)
            reply.status = problem.status
            return reply
        }
    }
}

/// Thrown when a page needs somebody signed in; see `Faults`.
struct SignInNeeded: Error {}

/// Who a request comes from, as far as its cookie or token says.
struct Visitor: Sendable {
    struct SignedIn: Sendable {
        let id: ID<SessionMark>
        /// Goes into every form as `csrf`, or into the header `X-CSRF-Token`.
        let csrf: String
    }

    let actor: Actor
    /// Nil for an API token.
    let session: SignedIn?
    /// Set for the credential of a device, which signs what it sends.
    var device: DeviceID?
}

enum SessionMark {}

/// Finds out who comes. People implements it; Web names no feature.
protocol Doorkeeper: Sendable {
    func visitor(session token: String, now: Instant, tally: Tally) async throws -> Visitor?
    func visitor(bearer token: String, now: Instant, tally: Tally) async throws -> Visitor?
}

/// What one request cost the database; shared by everything that works for it.
final class Tally: Sendable {
    private let state = Mutex<(statements: Int, time: Duration)>((0, .zero))

    func add(statements: Int) { state.withLock { $0.statements += statements } }
    func add(time: Duration) { state.withLock { $0.time += time } }
    var statements: Int { state.withLock { $0.statements } }
    var seconds: Double { state.withLock { $0.time.seconds } }
}

extension Duration {
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
