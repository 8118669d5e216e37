import JarshyKit
import Storage

/// A signed-in browser. The browser holds an opaque token, the database its SHA-256.
///
/// It ends after 12 hours without use or 7 days after signing in. The row is kept for 30 days more without being good
/// for anything but one: a browser that once signed in is known (see `SignInLimits`).
struct Session: Sendable {
    static let idleSeconds: Int64 = 12 * 3600
    static let absoluteSeconds: Int64 = 7 * 86_400
    static let rememberedSeconds: Int64 = 37 * 86_400

    let id: ID<SessionMark>
    let person: PersonID
    let csrf: String
    let created: Instant
    let seen: Instant
    let expires: Instant
    let agent: String

    func isOpen(at now: Instant) -> Bool {
        now < expires && now.seconds(since: seen) < Session.idleSeconds
    }

    /// The browser and the system in two words, for the owner's list: no version, nothing that identifies a device.
    static func agent(_ header: String?) -> String {
        let text = header ?? ""
        func first(_ list: [(String, String)]) -> String? { list.first { text.contains($0.0) }?.1 }
        let browser = first([
            ("YaBrowser", "Yandex"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
        ])
        let system = first([
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ])
        return [browser, system].compactMap(\.self).joined(separator: ", ")
    }
}
