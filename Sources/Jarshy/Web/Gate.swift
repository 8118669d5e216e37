import JarshyKit

/// What stands between a request and its handler: policy, origin, CSRF.
enum Gate {
    /// May this visitor come in by this route?
    /// - Throws: `SignInNeeded`, or `Problem` 403.
    static func admit(_ visitor: Visitor?, to route: Route, on day: Day) throws {
        switch route.policy {
        case .open, .anonymous: return
        case .signedIn, .bearer:
            if visitor == nil { throw SignInNeeded() }
        case .right(let right):
            guard let visitor else { throw SignInNeeded() }
            guard visitor.actor.holdsAnywhere(right, on: day) else { throw Problem.forbidden(right.rawValue) }
        }
    }

    /// Refuses a form sent by a page of another site. Browsers tell where a request comes from; other programs do not,
    /// and carry no cookies they were not given.
    static func checkOrigin(_ head: Visit.Head, own: String) throws {
        if let site = head["sec-fetch-site"] {
            guard site == "same-origin" || site == "none" else { throw crossSite }
        } else if let origin = head["origin"] {
            guard origin == own else { throw crossSite }
        }
    }

    /// Refuses a write by a session without the session's own token.
    static func checkToken(_ visitor: Visitor?, form: Fields, head: Visit.Head) throws {
        guard let session = visitor?.session else { return }
        guard let given = head["x-csrf-token"] ?? form["csrf"], sameBytes(given, session.csrf) else {
            throw Problem(
                "expired", status: 403,
                "The form's token does not belong to this session. Reload the page and send again.")
        }
    }

    private static let crossSite = Problem("cross-site", status: 403, "The request was made by a page of another site.")
}

/// Compares secrets in a time that does not tell where they differ.
func sameBytes(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}
