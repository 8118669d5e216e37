import JarshyKit
import Synchronization

/// The words of one language for Swift code: sentences with values in them. Static text stands in templates as
/// `[[key]]`.
///
/// A key that no catalogue has shows as `⟦key⟧` and is remembered in `Words.missing`, which tests hold to be empty.
struct Words: Sendable {
    let catalog: Catalog

    init(_ catalog: Catalog) { self.catalog = catalog }

    var language: Language { catalog.language }
    var format: Format { Format(catalog.language) }

    /// `words("reports.signed_off", ["name": name])`
    func callAsFunction(_ key: String, _ slots: [String: String] = [:]) -> String {
        catalog.fill(key, slots) ?? lost(key)
    }

    /// The form for a number; `{n}` is filled with the grouped number.
    func count(_ key: String, _ n: Int, _ slots: [String: String] = [:]) -> String {
        catalog.count(key, n, slots) ?? lost(key)
    }

    /// The words of a key, or nil where a fallback is at hand.
    func find(_ key: String, _ slots: [String: String] = [:]) -> String? { catalog.fill(key, slots) }

    func has(_ key: String) -> Bool { catalog.text(key) != nil }

    private func lost(_ key: String) -> String {
        Words.missingKeys.withLock { _ = $0.insert("\(language): \(key)") }
        return "⟦\(key)⟧"
    }

    private static let missingKeys = Mutex<Set<String>>([])

    /// Keys asked for in this process that no catalogue has.
    static var missing: [String] { missingKeys.withLock { $0.sorted() } }
}
