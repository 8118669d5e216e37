import HTTPTypes
import Hummingbird
import JarshyKit
import Logging
import NIOCore
import ServiceLifecycle

// From a reply, or an error, to HTTP.

extension Site {
    /// What the route's handler says, or the page it was kept as.
    func reply(to visit: Visit, _ route: Route) async throws -> Reply {
        // What one reader sees in a line of their own is kept for nobody.
        guard route.isKept, parts.options.keepsPages, visit.visitor == nil, visit.cookies[Cookies.flash] == nil else {
            return try await route.handle(visit)
        }
        let key = KeptPages.Key(address: visit.here, language: visit.language, day: visit.today)
        let stamps = try await kept.current()
        let isAfresh = visit.head["cache-control"]?.contains("no-cache") ?? false
        if !isAfresh, let found = kept.find(key, stamps) {
            parts.metrics.page(isKept: true)
            return found
        }
        let made = try await route.handle(visit)
        guard made.status == 200, made.headers.isEmpty, case .page(let template, let model, let head) = made.body else {
            return made
        }
        parts.metrics.page(isKept: false)
        let facts = try await parts.frames.facts(for: visit, head: head)
        return kept.keep(Array(try render(template, model, frame(visit, head, facts), visit).utf8), key, stamps)
    }

    func answer(_ reply: Reply, _ visit: Visit) async throws -> Response {
        var reply = reply
        if let flash = reply.flash {
            reply = reply.cookie(Cookie(name: Cookies.flash, value: flash.encoded, lasts: 60, secure: visit.secure))
        }
        switch reply.body {
        case .bytes(let bytes):
            return plain(reply, bytes, gzip: nil, visit)
        case .packed(let bytes, let gzip):
            return plain(reply, bytes, gzip: gzip, visit)
        case .page(let template, let model, let head):
            if visit.cookies[Cookies.flash] != nil {
                reply = reply.cookie(Cookie(name: Cookies.flash, value: "", lasts: 0, secure: visit.secure))
            }
            let facts = try await parts.frames.facts(for: visit, head: head)
            let html = try render(template, model, frame(visit, head, facts), visit)
            return plain(reply.header("content-type", "text/html; charset=utf-8"), Array(html.utf8), gzip: nil, visit)
        case .events(let stream):
            return events(reply, stream)
        }
    }

    /// The problem of an error, as JSON for programs and as a page for browsers. Nothing of an unknown error gets out.
    func answer(_ error: any Error, _ visit: Visit, _ match: RouteTable.Match) async -> Response {
        let (problem, isBroken) = Faults.problem(for: error)
        if isBroken {
            parts.logger.error(
                "request failed", metadata: ["id": .string(visit.id), "error": .string(String(reflecting: error))])
        }
        var bearer = false
        if case .route(let route, _) = match { bearer = route.policy == .bearer }
        var headers = Faults.headers(problem, bearer: bearer)
        if case .otherMethods(let allowed) = match { headers.append(("allow", allowed.joined(separator: ", "))) }
        headers.append(("cache-control", "no-store"))
        if error is SignInNeeded, !visit.wantsJson, visit.method == "GET" || visit.method == "HEAD" {
            let to = "/signin?next=" + percentEncoded(visit.here)
            return plain(
                Reply(status: 303, headers: headers + [("location", to)], body: .bytes([])), [], gzip: nil, visit)
        }
        if visit.wantsJson {
            let json = problem.json(instance: visit.id)
            let reply = Reply(
                status: problem.status, headers: headers + [("content-type", "application/problem+json")],
                body: .bytes([]))
            return plain(reply, Array(json.utf8), gzip: nil, visit)
        }
        let page = problemPage(problem, visit)
        let head = PageHead(page.problem.heading)
        // When the database is away the frame's facts are too; the page must come out all the same.
        let facts = (try? await parts.frames.facts(for: visit, head: head)) ?? FrameFacts()
        let html = (try? render("problem", page, frame(visit, head, facts), visit)) ?? htmlEscaped(problem.detail)
        let reply = Reply(
            status: problem.status, headers: headers + [("content-type", "text/html; charset=utf-8")], body: .bytes([]))
        return plain(reply, Array(html.utf8), gzip: nil, visit)
    }

    private func problemPage(_ problem: Problem, _ visit: Visit) -> ProblemPage {
        // An expired sign-in and an expired form look the same to whoever pressed the button.
        let shown = problem.status == 401 ? Problem("expired", status: 401, problem.detail) : problem
        let told = FieldErrors(shown, words: visit.words)
        let faults = shown.errors.map(told.message)
        let heading = shown.errors.isEmpty ? told.heading : visit.words("errors.heading")
        let detail = shown.errors.isEmpty ? told.detail : faults.joined(separator: " ")
        return ProblemPage(
            problem: ProblemParts(
                heading: heading, detail: detail, hasDetail: !detail.isEmpty, todo: told.todo,
                hasTodo: !told.todo.isEmpty, status: String(problem.status), instance: visit.id, hasBack: false,
                backURL: "", backLabel: ""))
    }

    private func render(_ template: String, _ model: any PageModel, _ frame: Frame, _ visit: Visit) throws -> String {
        try parts.pages.render(template, model, frame: frame, language: visit.language) { fault in
            parts.logger.error("page fault", metadata: ["fault": .string(fault)])
        }
    }

    private func frame(_ visit: Visit, _ head: PageHead, _ facts: FrameFacts) -> Frame {
        let flash = visit.cookies[Cookies.flash].flatMap(Reply.Flash.init(encoded:))
        let campaign = head.campaign.isEmpty ? facts.campaign : head.campaign
        let groups = facts.nav.map { NavGroup($0, section: head.section) }
        let tabs = groups.first(where: \.isHere)?.sections ?? []
        return Frame(
            lang: visit.language.rawValue, title: head.title, home: facts.home, hasCampaign: !campaign.isEmpty,
            campaign: campaign, assets: parts.assets.links, hasNav: !groups.isEmpty,
            groups: groups, hasTabs: !tabs.isEmpty, tabs: tabs,
            languages: Language.allCases.map { language in
                LanguageLink(
                    code: language.rawValue, name: language.ownName, short: String(language.ownName.prefix(3)),
                    url: visit.here(visit.query.setting("lang", language.rawValue)), current: language == visit.language
                )
            },
            signedIn: visit.visitor != nil,
            person: FramePerson(
                name: visit.actor?.name ?? "", post: facts.post, url: facts.personURL, signOut: facts.signOutURL),
            csrf: visit.session?.csrf ?? "", sample: facts.sample, hasFlash: flash != nil,
            flash: FlashLine(kind: flash?.kind.rawValue ?? "", text: flash?.text ?? ""),
            isLive: !head.liveStream.isEmpty,
            live: LiveLinks(stream: head.liveStream, fragment: head.liveFragment))
    }

    private func plain(_ reply: Reply, _ bytes: [UInt8], gzip: [UInt8]?, _ visit: Visit) -> Response {
        var response = Response(status: .init(code: reply.status))
        for (name, value) in reply.headers { response.add(name, value) }
        if let tag = reply.value("etag") {
            if reply.value("cache-control") == nil { response.set("cache-control", "private, no-cache") }
            if reply.status == 200, let known = visit.head["if-none-match"], Site.names(known, tag) {
                response.status = .notModified
                return response
            }
        } else if reply.value("cache-control") == nil {
            // Pages hold figures and names: a shared phone must not show them after signing out.
            response.set("cache-control", "no-store")
        }
        var body = bytes
        let type = reply.value("content-type") ?? ""
        if gzip != nil || Gzip.pays(type, bytes: bytes.count) {
            response.add("vary", "Accept-Encoding")
            if Gzip.isTaken(visit.head["accept-encoding"]), let packed = gzip ?? Gzip.packed(bytes) {
                body = packed
                response.set("content-encoding", "gzip")
            }
        }
        response.body = body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: body))
        if reply.status != 204, reply.status != 304 { response.set("content-length", String(body.count)) }
        return response
    }

    /// Does an If-None-Match list name the tag? A proxy may have made it weak.
    private static func names(_ list: String, _ tag: String) -> Bool {
        list.split(separator: ",").map { String($0).trimmingSpaces() }.contains {
            $0 == "*" || $0 == tag || $0 == "W/" + tag
        }
    }

    private func events(_ reply: Reply, _ stream: AsyncStream<[UInt8]>) -> Response {
        var response = Response(
            status: .ok,
            body: .init { writer in
                for await message in stream.cancelOnGracefulShutdown() {
                    try await writer.write(ByteBuffer(bytes: message))
                }
                try await writer.finish(nil)
            })
        for (name, value) in reply.headers { response.add(name, value) }
        return response
    }
}

extension Response {
    mutating func set(_ name: String, _ value: String) {
        guard let name = HTTPField.Name(name) else { return }
        headers[name] = value
    }

    mutating func add(_ name: String, _ value: String) {
        guard let name = HTTPField.Name(name) else { return }
        headers.append(HTTPField(name: name, value: value))
    }
}
