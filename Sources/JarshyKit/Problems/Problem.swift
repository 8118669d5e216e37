/// What went wrong, in a form that a program and a person can both act on (RFC 9457).
///
/// `slug` is stable and names the page `/problems/<slug>`; `detail` is English for programs; a page shows the words
/// `problem.<slug>` of the reader's language filled with `slots`. Features declare theirs as static functions.
public struct Problem: Error, Sendable, Hashable {
    public let slug: String
    public let status: Int
    public let detail: String
    public let slots: [String: String]
    public let errors: [Fault]

    /// One faulty field: where it stands (a field's name or a path such as `ops[3].metrics.attendees`) and what is wrong.
    public struct Fault: Sendable, Hashable {
        public let field: String
        public let slug: String
        public let detail: String
        public let slots: [String: String]

        public init(_ field: String, _ slug: String, _ detail: String, slots: [String: String] = [:]) {
            self.field = field
            self.slug = slug
            self.detail = detail
            self.slots = slots
        }
    }

    public init(
        _ slug: String, status: Int, _ detail: String, slots: [String: String] = [:], errors: [Fault] = []
    ) {
        self.slug = slug
        self.status = status
        self.detail = detail
        self.slots = slots
        self.errors = errors
    }
}

extension Problem {
    public static func notFound(_ what: String) -> Problem {
        Problem("not-found", status: 404, "There is no such \(what), or it is outside what you may see.", slots: ["what": what])
    }

    public static func forbidden(_ right: String) -> Problem {
        Problem("forbidden", status: 403, "Your roles do not include the right '\(right)' here.", slots: ["right": right])
    }

    public static func invalid(_ errors: [Fault]) -> Problem {
        Problem("invalid", status: 422, errors.map(\.detail).joined(separator: " "), errors: errors)
    }

    public static func conflict(_ slug: String, _ detail: String, slots: [String: String] = [:]) -> Problem {
        Problem(slug, status: 409, detail, slots: slots)
    }

    /// The problem as a JSON object, in a fixed order of members: a stored receipt keeps these bytes.
    public func json(instance: String? = nil) -> String {
        var out = "{\"type\":\"/problems/\(slug)\",\"title\":"
        out += Json.quoted(Problem.title(slug))
        out += ",\"status\":\(status),\"detail\":"
        out += Json.quoted(detail)
        if let instance { out += ",\"instance\":" + Json.quoted(instance) }
        if !errors.isEmpty {
            out += ",\"errors\":["
            out += errors.map { fault in
                "{\"field\":\(Json.quoted(fault.field)),\"type\":\(Json.quoted(fault.slug)),\"detail\":\(Json.quoted(fault.detail))}"
            }.joined(separator: ",")
            out += "]"
        }
        return out + "}"
    }

    static func title(_ slug: String) -> String {
        let words = slug.split(separator: "-").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
