import JarshyKit

/// A feed of changes (RFC 4287). Everything in it is text that was escaped; there is no HTML.
struct AtomFeed: Sendable {
    struct Entry: Sendable {
        let id: String
        let title: String
        let updated: Instant
        let published: Instant
        let link: String
        let summary: String
        let author: String
    }

    let id: String
    let title: String
    let language: Language
    /// Its own address and the page it follows.
    let own: String
    let page: String
    let entries: [Entry]

    var bytes: [UInt8] {
        let updated = entries.map(\.updated).max() ?? Instant(milliseconds: 0)
        var out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        out += "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"\(language.rawValue)\">"
        out += "<id>\(Self.text(id))</id><title>\(Self.text(title))</title><updated>\(Self.moment(updated))</updated>"
        out += "<link rel=\"self\" href=\"\(Self.text(own))\"/><link rel=\"alternate\" href=\"\(Self.text(page))\"/>\n"
        for entry in entries {
            out += "<entry><id>\(Self.text(entry.id))</id><title>\(Self.text(entry.title))</title>"
            out += "<updated>\(Self.moment(entry.updated))</updated><published>\(Self.moment(entry.published))</published>"
            out += "<author><name>\(Self.text(entry.author))</name></author><link href=\"\(Self.text(entry.link))\"/>"
            out += "<summary>\(Self.text(entry.summary))</summary></entry>\n"
        }
        return Array((out + "</feed>\n").utf8)
    }

    /// Escaped, and without what XML cannot carry or what turns the text around it.
    private static func text(_ text: String) -> String {
        let plain = text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A, 0x09: true
            case 0..<0x20, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF: false
            default: true
            }
        }
        return htmlEscaped(String(String.UnicodeScalarView(plain)))
    }

    static func moment(_ moment: Instant) -> String {
        let stamp = ICalendar.utc(moment)
        let digits = Array(stamp)
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z"
    }
}
