import Foundation
import HTTPTypes
import Hummingbird
import JarshyKit
import Logging
import Storage

/// What the site is made of; put together by App.
struct SiteParts: Sendable {
    let database: Database
    let pages: Pages
    let assets: Assets
    let live: Live
    let metrics: Metrics
    let doorkeeper: any Doorkeeper
    let frames: any FrameSource
    let clock: any JarshyKit.Clock
    let logger: Logger
    var options = SiteOptions()
}

struct SiteOptions: Sendable {
    /// Believe `X-Forwarded-For`, `-Proto` and `-Host`: only when a proxy of ours sets them.
    var behindProxy = false
    /// Served over TLS (by the proxy): cookies are Secure, browsers are told to insist.
    var https = false
    /// Keep public pages as they were rendered; not where templates are edited.
    var keepsPages = true
}

/// Says what the frame of every page shows; App implements it.
protocol FrameSource: Sendable {
    func facts(for visit: Visit, head: PageHead) async throws -> FrameFacts
}

struct SiteContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "local"
    }
}

/// Every request's way: route, visitor, policy, origin, body, CSRF, handler, rendering, headers, metrics, log.
struct Site: HTTPResponder {
    typealias Context = SiteContext

    let routes: [Route]
    private let table: RouteTable
    let kept: KeptPages
    let parts: SiteParts

    init(_ routes: [Route], parts: SiteParts) {
        self.routes = routes
        self.parts = parts
        table = RouteTable(routes)
        kept = KeptPages(parts.database)
    }

    func respond(to request: Request, context: SiteContext) async throws -> Response {
        let started = ContinuousClock.now
        let match = table.match(request.method.rawValue, request.uri.path)
        var visit = try start(request, context, match)
        var response: Response
        do {
            guard case .route(let route, _) = match else {
                // The page that says so stands in the reader's language, with their menu.
                try await meet(&visit, request, .open)
                throw missing(match)
            }
            try await enter(&visit, request, route)
            response = try await answer(try await reply(to: visit, route), visit)
        } catch {
            response = await answer(error, visit, match)
        }
        if request.method == .head { response = response.createHeadResponse() }
        finish(visit, match, &response, seconds: (ContinuousClock.now - started).seconds)
        return response
    }

    private func missing(_ match: RouteTable.Match) -> Problem {
        if case .otherMethods(let allowed) = match {
            let list = allowed.joined(separator: ", ")
            return Problem("method", status: 405, "This address takes: \(list).", slots: ["allowed": list])
        }
        return Problem.notFound("page")
    }

    /// The visit as far as it is known before anything can fail but the words.
    private func start(_ request: Request, _ context: SiteContext, _ match: RouteTable.Match) throws -> Visit {
        var fields: [String: String] = [:]
        for field in request.headers {
            let name = field.name.canonicalName
            // Several lines of one name are one list; cookies are parted by semicolons (RFC 9113, 8.2.3).
            fields[name] = fields[name].map { $0 + (name == "cookie" ? "; " : ", ") + field.value } ?? field.value
        }
        let head = Visit.Head(fields: fields)
        let now = parts.clock.now
        let proxied = parts.options.behindProxy
        var parameters: [String: String] = [:]
        if case .route(_, let found) = match { parameters = found }
        let scheme = (proxied ? head["x-forwarded-proto"] : nil) ?? (parts.options.https ? "https" : "http")
        let host = (proxied ? head["x-forwarded-host"] : nil) ?? request.head.authority ?? ""
        // The last address is the one our own proxy saw.
        let forwarded =
            proxied ? head["x-forwarded-for"]?.split(separator: ",").last.map { String($0).trimmingSpaces() } : nil
        let accept = head["accept"] ?? ""
        let language = Language.negotiate(acceptLanguage: head["accept-language"])
        return Visit(
            id: ID<Visit>.make(at: now).description, method: request.method.rawValue, path: request.uri.path,
            parameters: parameters, head: head, cookies: Cookies(head["cookie"]), address: forwarded ?? context.address,
            language: language, words: try parts.pages.words(language), now: now, database: parts.database,
            live: parts.live, metrics: parts.metrics,
            wantsJson: request.uri.path.hasPrefix("/api/") || (accept.contains("json") && !accept.contains("text/html"))
                || accept.hasPrefix("text/event-stream"),
            origin: "\(scheme)://\(host)", secure: scheme == "https")
    }

    /// Fills in who comes and in what language they are answered.
    private func meet(_ visit: inout Visit, _ request: Request, _ policy: Policy) async throws {
        visit.query = try Fields(urlencoded: Array((request.uri.query ?? "").utf8))
        if policy != .anonymous { visit.visitor = try await visitor(visit, policy) }
        try settleLanguage(&visit)
    }

    /// Fills in who comes and what they sent, and refuses what may not pass.
    private func enter(_ visit: inout Visit, _ request: Request, _ route: Route) async throws {
        try await meet(&visit, request, route.policy)
        try Gate.admit(visit.visitor, to: route, on: visit.today)
        guard route.method != "GET" else { return }
        try Gate.checkOrigin(visit.head, own: visit.origin)
        if let length = visit.head["content-length"].flatMap(Int.init), length > route.limit.rawValue {
            throw Problem.tooLarge("The body has \(length) bytes; this address takes at most \(route.limit.rawValue).")
        }
        let buffer = try await request.body.collect(upTo: route.limit.rawValue)
        visit.body = Array(buffer.readableBytesView)
        try readForm(&visit)
        try Gate.checkToken(visit.visitor, form: visit.form, head: visit.head)
    }

    private func visitor(_ visit: Visit, _ policy: Policy) async throws -> Visitor? {
        if policy == .bearer, let header = visit.head["authorization"] {
            guard header.lowercased().hasPrefix("bearer ") else { throw SignInNeeded() }
            let token = String(header.dropFirst(7)).trimmingSpaces()
            // A wrong token is told, never replaced by a cookie.
            guard let found = try await parts.doorkeeper.visitor(bearer: token, now: visit.now, tally: visit.tally)
            else { throw SignInNeeded() }
            return found
        }
        guard let cookie = visit.sessionToken else { return nil }
        return try await parts.doorkeeper.visitor(session: cookie, now: visit.now, tally: visit.tally)
    }

    /// What was asked in the address, then the cookie, then the person's own language, then the browser's.
    private func settleLanguage(_ visit: inout Visit) throws {
        let chosen = visit.query["lang"].flatMap(Language.init(rawValue:))
        let kept = visit.cookies[Cookies.language].flatMap(Language.init(rawValue:))
        visit.language = chosen ?? kept ?? visit.actor?.language ?? visit.language
        visit.words = try parts.pages.words(visit.language)
        visit.choseLanguage = chosen != nil && chosen != kept
    }

    private func readForm(_ visit: inout Visit) throws {
        let type = visit.head["content-type"] ?? ""
        if type.lowercased().hasPrefix("application/x-www-form-urlencoded") {
            visit.form = try Fields(urlencoded: visit.body)
        } else if let boundary = Multipart.boundary(of: type) {
            (visit.form, visit.files) = try Multipart.read(visit.body, boundary: boundary)
        }
    }

    private func finish(_ visit: Visit, _ match: RouteTable.Match, _ response: inout Response, seconds: Double) {
        let type = response.headers[.contentType] ?? ""
        let isPart = visit.path.hasPrefix("/static/") && (type.hasPrefix("text/javascript") || type.hasPrefix("text/css"))
        for (name, value) in SecurityHeaders.list(https: visit.secure, isPart: isPart) { response.set(name, value) }
        response.set("x-request-id", visit.id)
        if visit.choseLanguage {
            let cookie = Cookie(
                name: Cookies.language, value: visit.language.rawValue, lasts: 31_536_000, secure: visit.secure)
            response.add("set-cookie", cookie.text)
        }
        var template = "none"
        if case .route(let route, _) = match { template = route.path }
        let status = Int(response.status.code)
        parts.metrics.request(
            method: visit.method, route: template, status: status, seconds: seconds, tally: visit.tally)
        parts.logger.info(
            "request",
            metadata: [
                "id": .string(visit.id), "method": .string(visit.method), "route": .string(template),
                "status": .stringConvertible(status), "ms": .stringConvertible(Int((seconds * 1000).rounded())),
                "db_ms": .stringConvertible(Int((visit.tally.seconds * 1000).rounded())),
                "statements": .stringConvertible(visit.tally.statements),
                "actor": .string(visit.actor?.person.description ?? "-"),
            ])
    }
}
