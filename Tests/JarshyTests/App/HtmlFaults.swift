/// Reads HTML as a browser does and names everything in it that no template of ours writes: elements that run or load, event
/// handlers, links that are no links, attributes without quotes. Text that looks like markup but is escaped is no fault.
struct HtmlFaults {
    private let bytes: [UInt8]
    private var at = 0
    private var faults: [String] = []

    private static let foreign: Set<String> = [
        "iframe", "object", "embed", "base", "frame", "frameset", "math", "style", "applet", "marquee", "noscript", "template",
        "portal", "audio", "video", "foreignobject", "animate", "set",
    ]
    private static let links: Set<String> = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "background"]

    static func of(_ html: String) -> [String] {
        var reader = HtmlFaults(bytes: Array(html.utf8))
        reader.read()
        return reader.faults
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func read() {
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<"), at + 1 < bytes.count else {
                at += 1
                continue
            }
            if starts("<!--") { skip(past: "-->") } else if Self.letter(bytes[at + 1]) { tag() } else { at += 1 }
        }
    }

    private mutating func tag() {
        at += 1
        let name = word { !Self.ends($0) }.lowercased()
        if Self.foreign.contains(name) { faults.append("<\(name)>") }
        var attributes: [String: String] = [:]
        while at < bytes.count, bytes[at] != UInt8(ascii: ">") {
            if Self.space(bytes[at]) || bytes[at] == UInt8(ascii: "/") {
                at += 1
                continue
            }
            let attribute = word { !Self.ends($0) && $0 != UInt8(ascii: "=") }.lowercased()
            if attribute.isEmpty { at += 1 }
            let (value, quoted) = value()
            attributes[attribute] = value ?? ""
            if value != nil, !quoted { faults.append("<\(name) \(attribute)= without quotes>") }
            if attribute.hasPrefix("on") || attribute == "srcdoc" || attribute == "style" { faults.append("<\(name) \(attribute)>") }
            if attribute.contains(where: { "\"'<".contains($0) }) { faults.append("<\(name)> torn at \(attribute)") }
            if Self.links.contains(attribute), Self.runs(value ?? "") { faults.append("<\(name) \(attribute)=\(value ?? "")>") }
        }
        at += 1
        if name == "meta", attributes["http-equiv"]?.lowercased() == "refresh" { faults.append("<meta refresh>") }
        if name == "script" { script(attributes) }
        if name == "textarea" || name == "title" { skip(past: "</\(name)") }
    }

    /// A script has an address of this site, or is data.
    private mutating func script(_ attributes: [String: String]) {
        let begin = at
        skip(past: "</script")
        let text = bytes[begin..<min(at, bytes.count)].dropLast(8).filter { !Self.space($0) }
        let isData = ["application/json", "application/ld+json", "importmap"].contains(attributes["type"] ?? "")
        if attributes["src"] == nil, !isData { faults.append("<script> with text") }
        if attributes["src"] != nil, !text.isEmpty { faults.append("<script src> with text") }
        if let source = attributes["src"], !source.hasPrefix("/") { faults.append("<script src=\(source)>") }
    }

    private mutating func value() -> (String?, quoted: Bool) {
        var ahead = at
        while ahead < bytes.count, Self.space(bytes[ahead]) { ahead += 1 }
        guard ahead < bytes.count, bytes[ahead] == UInt8(ascii: "=") else { return (nil, false) }
        at = ahead + 1
        while at < bytes.count, Self.space(bytes[at]) { at += 1 }
        guard at < bytes.count else { return ("", false) }
        let quote = bytes[at]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            at += 1
            let text = word { $0 != quote }
            at += 1
            return (text, true)
        }
        return (word { !Self.space($0) && $0 != UInt8(ascii: ">") }, false)
    }

    /// True for a link that runs something, as browsers read it: entities decoded, controls and spaces left out.
    static func runs(_ value: String) -> Bool {
        var text = value
        for (name, sign) in [("&amp;", "&"), ("&colon;", ":"), ("&Tab;", "\t"), ("&NewLine;", "\n"), ("&#58;", ":"), ("&#x3a;", ":")] {
            text = text.replacing(name, with: sign)
        }
        let plain = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F })).lowercased()
        return ["javascript:", "data:", "vbscript:"].contains { plain.hasPrefix($0) }
    }

    private mutating func word(while isPart: (UInt8) -> Bool) -> String {
        let begin = at
        while at < bytes.count, isPart(bytes[at]) { at += 1 }
        return String(decoding: bytes[begin..<at], as: UTF8.self)
    }

    private mutating func skip(past mark: String) {
        let mark = Array(mark.utf8)
        while at + mark.count <= bytes.count {
            if zip(bytes[at..<(at + mark.count)], mark).allSatisfy({ ($0 | 0x20) == ($1 | 0x20) }) {
                at += mark.count
                return
            }
            at += 1
        }
        at = bytes.count
    }

    private func starts(_ mark: String) -> Bool { bytes[at...].starts(with: Array(mark.utf8)) }
    private static func letter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func space(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    private static func ends(_ byte: UInt8) -> Bool { space(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") }
}
