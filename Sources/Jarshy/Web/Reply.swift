/// What a handler answers with; Web turns it into HTTP.
struct Reply: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// A template and its model, rendered in the reader's language with the frame of the site.
        case page(String, any PageModel, PageHead)
        /// Server-sent events until the stream or the server ends.
        case events(AsyncStream<[UInt8]>)
        /// Bytes that are compressed already, for those who take gzip.
        case packed([UInt8], gzip: [UInt8])
    }

    var status: Int
    var headers: [(name: String, value: String)] = []
    var body: Body
    /// Shown once on the next page.
    var flash: Flash?

    init(status: Int, headers: [(name: String, value: String)] = [], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A line shown once on the page after a redirect.
    struct Flash: Sendable, Hashable {
        enum Kind: String, Sendable { case done, warn, stop }
        let kind: Kind
        let text: String
    }
}

/// What a page tells the frame around it.
struct PageHead: Sendable {
    /// Words of the tab, without the product's name.
    var title: String
    /// The feature's key in the navigation ("figures"), marked as the current one.
    var section = ""
    /// The campaign's own name, if the page belongs to one.
    var campaign = ""
    /// Where the page listens and what it fetches when something changed; empty for a page at rest.
    var liveStream = ""
    var liveFragment = ""

    init(_ title: String, section: String = "", campaign: String = "", live: (stream: String, fragment: String)? = nil)
    {
        self.title = title
        self.section = section
        self.campaign = campaign
        liveStream = live?.stream ?? ""
        liveFragment = live?.fragment ?? ""
    }
}

extension Reply {
    /// A page: the template's name without folder and ending, its view-model, and what the frame needs.
    static func page(_ template: String, _ model: some PageModel, _ head: PageHead, status: Int = 200) -> Reply {
        Reply(status: status, body: .page(template, model, head))
    }

    static func json(_ text: String, status: Int = 200) -> Reply { json(Array(text.utf8), status: status) }

    static func json(_ bytes: [UInt8], status: Int = 200) -> Reply {
        Reply(status: status, headers: [("content-type", "application/json")], body: .bytes(bytes))
    }

    static func text(_ text: String, status: Int = 200) -> Reply {
        Reply(status: status, headers: [("content-type", "text/plain; charset=utf-8")], body: .bytes(Array(text.utf8)))
    }

    /// A file to keep; `name` may be in any language (RFC 6266).
    static func file(_ bytes: [UInt8], _ contentType: String, name: String) -> Reply {
        let plain = String(name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" ? Character($0) : "_" })
        let value = "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(percentEncoded(name))"
        return Reply(
            status: 200, headers: [("content-type", contentType), ("content-disposition", value)], body: .bytes(bytes))
    }

    /// See other (303): after a form was done. `path` is one of ours and begins with a single `/`.
    static func redirect(_ path: String, flash: Flash? = nil) -> Reply {
        var reply = Reply(status: 303, headers: [("location", safeReturn(path))], body: .bytes([]))
        reply.flash = flash
        return reply
    }

    static func noContent() -> Reply { Reply(status: 204, body: .bytes([])) }

    static func events(_ stream: AsyncStream<[UInt8]>) -> Reply {
        Reply(
            status: 200,
            headers: [
                ("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no"),
            ], body: .events(stream))
    }

    func header(_ name: String, _ value: String) -> Reply {
        var reply = self
        reply.headers.append((name.lowercased(), value))
        return reply
    }

    /// With a validator: a client that already has this version is answered 304 without the body.
    func etag(_ value: String) -> Reply { header("etag", "\"\(value)\"") }

    func cookie(_ cookie: Cookie) -> Reply { header("set-cookie", cookie.text) }

    func value(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A path of this site to return to; anything else becomes `/`. `//host` and `/\host` lead away from the site.
func safeReturn(_ path: String) -> String {
    let bytes = Array(path.utf8)
    guard bytes.first == UInt8(ascii: "/"), bytes.count < 2000, bytes.allSatisfy({ $0 > 32 && $0 != 127 }),
        bytes.count == 1 || (bytes[1] != UInt8(ascii: "/") && bytes[1] != UInt8(ascii: "\\"))
    else { return "/" }
    return path
}

/// A cookie as it is set. Always HttpOnly, SameSite=Lax and for the whole site.
struct Cookie: Sendable {
    let name: String
    let value: String
    /// Seconds; 0 takes it away.
    let lasts: Int64
    let secure: Bool

    var text: String {
        "\(name)=\(value); Path=/; Max-Age=\(lasts); HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "")
    }
}
