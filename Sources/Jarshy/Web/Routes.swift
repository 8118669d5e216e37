import JarshyKit

/// Who may come in by a route. Every route has one; what may be done with which unit is the action's own check.
enum Policy: Sendable, Hashable {
    /// Anybody; who comes is not even looked up (health, metrics, static files).
    case anonymous
    /// Anybody, signed in or not.
    case open
    /// Anybody with a session.
    case signedIn
    /// A session whose person holds the right in some unit.
    case right(Right)
    /// A program: an API token, or a session with the CSRF header. Answers 401 as JSON.
    case bearer

    var name: String {
        switch self {
        case .anonymous: "anonymous"
        case .open: "open"
        case .signedIn: "signed in"
        case .right(let right): "right \(right.rawValue)"
        case .bearer: "bearer"
        }
    }
}

/// The largest body a route reads; more is answered 413.
enum BodyLimit: Int, Sendable {
    case none = 0
    case form = 262_144
    case sync = 1_048_576
    case upload = 10_485_760
}

typealias Handler = @Sendable (Visit) async throws -> Reply

struct Route: Sendable {
    let feature: String
    let method: String
    /// `/board/{unit}`; the same words stand in metrics and the log.
    let path: String
    let policy: Policy
    let limit: BodyLimit
    /// For the OpenAPI document; nil for pages.
    let api: ApiNote?
    /// The same for everybody who is not signed in, until what it shows changes: kept as rendered (see `KeptPages`).
    var isKept = false
    let handle: Handler
}

/// A route's entry in `/api/openapi.json`.
struct ApiNote: Sendable {
    let summary: String
    var query: [Parameter] = []
    /// JSON Schema of the body and of the 200 answer, as text; checked to be JSON at start.
    var body: String?
    var answer: String?

    struct Parameter: Sendable {
        let name: String
        let about: String
        var required = false
    }
}

/// The table of contents of the site: each feature adds its routes.
///
///     site.get("/board/{unit}", .right(.viewFigures)) { visit in … }
struct Routes: Sendable {
    private(set) var list: [Route] = []
    var feature = ""

    mutating func get(_ path: String, _ policy: Policy, api: ApiNote? = nil, _ handle: @escaping Handler) {
        add("GET", path, policy, .none, api, handle)
    }

    /// A public page that shows only what `PageStamp` knows of; kept as it was rendered until that changes.
    mutating func kept(_ path: String, _ handle: @escaping Handler) {
        add("GET", path, .open, .none, nil, handle)
        list[list.count - 1].isKept = true
    }

    mutating func post(
        _ path: String, _ policy: Policy, limit: BodyLimit = .form, api: ApiNote? = nil, _ handle: @escaping Handler
    ) {
        add("POST", path, policy, limit, api, handle)
    }

    mutating func put(
        _ path: String, _ policy: Policy, limit: BodyLimit = .form, api: ApiNote? = nil, _ handle: @escaping Handler
    ) {
        add("PUT", path, policy, limit, api, handle)
    }

    mutating func delete(_ path: String, _ policy: Policy, api: ApiNote? = nil, _ handle: @escaping Handler) {
        add("DELETE", path, policy, .form, api, handle)
    }

    private mutating func add(
        _ method: String, _ path: String, _ policy: Policy, _ limit: BodyLimit, _ api: ApiNote?,
        _ handle: @escaping Handler
    ) {
        list.append(
            Route(
                feature: feature, method: method, path: path, policy: policy, limit: limit, api: api, handle: handle))
    }
}
