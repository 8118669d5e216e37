/// XML that is not well-formed, or uses what the scanner refuses.
struct XmlError: Error, Equatable {
    let reason: String
    /// Byte offset of the fault.
    let offset: Int
}

/// A strict pull scanner for the XML inside office files.
///
/// UTF-8 only. Knows elements, attributes, text, CDATA; skips comments and processing instructions. A document type
/// is refused, so there are no entities but the five built in and character references, nothing external, no
/// expansion. Names lose their namespace prefix.
struct XmlScanner {
    enum Event: Equatable {
        case start(String, attributes: [String: String])
        case end(String)
        case text(String)
    }

    private let bytes: [UInt8]
    private var index: Int
    private var open: [ArraySlice<UInt8>] = []
    private var hasRoot = false
    /// The end of `<a/>`, told after its start.
    private var pendingEnd: String?

    /// Deeper nesting than any office file has.
    private static let maximalDepth = 64

    init(_ bytes: [UInt8]) throws(XmlError) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw XmlError(reason: "not UTF-8", offset: 0) }
        self.bytes = bytes
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next event; nil at the end of a complete document.
    mutating func next() throws(XmlError) -> Event? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name)
        }
        while index < bytes.count {
            if bytes[index] != UInt8(ascii: "<") {
                if let text = try characters() { return .text(text) }
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<![CDATA[") {
                guard !open.isEmpty else { throw fault("text outside the root") }
                index += 9
                let start = index
                try skip(past: "]]>")
                return .text(String(decoding: bytes[start..<index - 3], as: UTF8.self))
            } else if starts("<!") {
                throw fault("document types are refused")
            } else if starts("</") {
                return try endTag()
            } else {
                return try startTag()
            }
        }
        guard open.isEmpty, hasRoot else { throw fault("the document ends too early") }
        return nil
    }

    /// Text up to the next tag; nil when it is only white space outside the root.
    private mutating func characters() throws(XmlError) -> String? {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        if open.isEmpty {
            guard bytes[start..<index].allSatisfy(isSpace) else { throw fault("text outside the root") }
            return nil
        }
        return try unescaped(bytes[start..<index])
    }

    private mutating func startTag() throws(XmlError) -> Event {
        guard !(hasRoot && open.isEmpty) else { throw fault("two roots") }
        guard open.count < Self.maximalDepth else { throw fault("nested too deeply") }
        index += 1
        let name = try self.name()
        var attributes: [String: String] = [:]
        while true {
            let hadSpace = skipSpace()
            guard index < bytes.count else { throw fault("a tag without end") }
            if starts("/>") {
                index += 2
                hasRoot = true
                pendingEnd = local(name)
                break
            }
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                hasRoot = true
                open.append(name)
                break
            }
            guard hadSpace else { throw fault("no space before an attribute") }
            let (key, value) = try attribute()
            guard attributes.updateValue(value, forKey: key) == nil else { throw fault("attribute \(key) twice") }
        }
        return .start(local(name), attributes: attributes)
    }

    /// `name="value"`; the value's quotes may be of either kind. A prefix stays on attributes: `r:id` is not `id`.
    private mutating func attribute() throws(XmlError) -> (String, String) {
        let name = try self.name()
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { throw fault("an attribute without value") }
        index += 1
        skipSpace()
        guard index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 else { throw fault("no quote") }
        let quote = bytes[index]
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != quote {
            guard bytes[index] != UInt8(ascii: "<") else { throw fault("\"<\" in an attribute") }
            index += 1
        }
        guard index < bytes.count else { throw fault("an attribute without end") }
        index += 1
        return (String(decoding: name, as: UTF8.self), try unescaped(bytes[start..<index - 1]))
    }

    private mutating func endTag() throws(XmlError) -> Event {
        index += 2
        let name = try self.name()
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else { throw fault("a bad end tag") }
        guard let last = open.popLast(), last == name else { throw fault("an end tag that closes nothing") }
        index += 1
        return .end(local(name))
    }

    private mutating func name() throws(XmlError) -> ArraySlice<UInt8> {
        let start = index
        while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
        guard index > start, !(0x30...0x39).contains(bytes[start]), bytes[start] != 0x2D, bytes[start] != 0x2E else {
            throw fault("a bad name")
        }
        return bytes[start..<index]
    }

    private func local(_ name: ArraySlice<UInt8>) -> String {
        let start = name.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? name.startIndex
        return String(decoding: name[start...], as: UTF8.self)
    }

    private func unescaped(_ raw: ArraySlice<UInt8>) throws(XmlError) -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var result = ""
        var rest = raw
        while let ampersand = rest.firstIndex(of: UInt8(ascii: "&")) {
            result += String(decoding: rest[..<ampersand], as: UTF8.self)
            // The longest reference, &#x10FFFF;, has ten bytes.
            let window = rest[ampersand...].prefix(16)
            guard let end = window.firstIndex(of: UInt8(ascii: ";")) else { throw fault("\"&\" without \";\"") }
            result.unicodeScalars.append(try character(String(decoding: rest[ampersand + 1..<end], as: UTF8.self)))
            rest = rest[(end + 1)...]
        }
        return result + String(decoding: rest, as: UTF8.self)
    }

    private func character(_ reference: String) throws(XmlError) -> Unicode.Scalar {
        switch reference {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        let code: UInt32? =
            if reference.hasPrefix("#x") {
                UInt32(reference.dropFirst(2), radix: 16)
            } else if reference.hasPrefix("#") {
                UInt32(reference.dropFirst())
            } else { nil }
        guard let code, code >= 0x20 || [9, 10, 13].contains(code), let scalar = Unicode.Scalar(code) else {
            throw fault("unknown reference &\(reference);")
        }
        return scalar
    }

    private func starts(_ text: StaticString) -> Bool {
        let size = text.utf8CodeUnitCount
        guard index + size <= bytes.count else { return false }
        return text.withUTF8Buffer { bytes[index..<index + size].elementsEqual($0) }
    }

    private mutating func skip(past end: StaticString) throws(XmlError) {
        while index < bytes.count, !starts(end) { index += 1 }
        guard index < bytes.count else { throw fault("the document ends too early") }
        index += end.utf8CodeUnitCount
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = index
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        return index > start
    }

    private func fault(_ reason: String) -> XmlError { XmlError(reason: reason, offset: index) }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

private func isNameByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
        || byte == 0x3A || byte == 0x5F || byte == 0x2D || byte == 0x2E
}
