/// The cookies of a request, and the names of ours.
struct Cookies: Sendable {
    private let values: [String: String]

    init(_ header: String?) {
        var values: [String: String] = [:]
        for part in (header ?? "").split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1).map { String($0).trimmingSpaces() }
            // Browsers send the cookie with the longest path first; the first wins.
            if halves.count == 2, values[halves[0]] == nil { values[halves[0]] = halves[1] }
        }
        self.values = values
    }

    subscript(_ name: String) -> String? { values[name] }

    static let language = "lang"
    static let flash = "flash"

    /// `__Host-` makes browsers refuse the cookie from a subdomain or without TLS.
    static func session(secure: Bool) -> String { secure ? "__Host-session" : "session" }
}

extension Reply.Flash {
    /// As a cookie's value: kind and text, percent-encoded.
    var encoded: String { kind.rawValue + "." + percentEncoded(String(text.prefix(300))) }

    init?(encoded: String) {
        let halves = encoded.split(separator: ".", maxSplits: 1)
        guard halves.count == 2, let kind = Kind(rawValue: String(halves[0])), let text = percentDecoded(halves[1].utf8)
        else { return nil }
        self.init(kind: kind, text: text)
    }
}
