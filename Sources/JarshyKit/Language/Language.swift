/// A language of the interface and of content. Kazakh comes first: it is the fallback everywhere.
public enum Language: String, CaseIterable, Sendable, Codable {
    case kk, ru, en

    /// The language's own name, for a switch ("Қазақша", "Русский", "English").
    public var ownName: String {
        switch self {
        case .kk: "Қазақша"
        case .ru: "Русский"
        case .en: "English"
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4).
    ///
    /// Weights decide, then the order of the header. Only the primary subtag counts ("ru-KZ" is `ru`); `*` means
    /// Kazakh. A missing, empty or unreadable header, or one that names none of our languages, gives `kk`.
    public static func negotiate(acceptLanguage header: String?) -> Language {
        guard let header else { return .kk }
        var best: (language: Language, weight: Int)?
        for part in header.split(separator: ",").prefix(32) {
            let pieces = part.split(separator: ";").map(trimmed)
            guard let tag = pieces.first, let language = Language(tag: tag) else { continue }
            let weight = pieces.dropFirst().lazy.compactMap(quality).first ?? 1000
            guard weight > 0, weight > (best?.weight ?? 0) else { continue }
            best = (language, weight)
        }
        return best?.language ?? .kk
    }

    /// The language of a tag such as "kk", "ru-KZ" or "en_GB"; nil for other languages.
    public init?(tag: some StringProtocol) {
        let primary = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        if primary == "*" {
            self = .kk
        } else if let language = Language(rawValue: primary) {
            self = language
        } else {
            return nil
        }
    }

    /// Thousandths of "q=0.75"; nil when the parameter is not a weight. A malformed weight counts as zero.
    private static func quality(_ parameter: Substring) -> Int? {
        guard parameter.hasPrefix("q=") || parameter.hasPrefix("Q=") else { return nil }
        guard let value = Double(parameter.dropFirst(2)), value >= 0, value <= 1 else { return 0 }
        return Int(value * 1000)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
