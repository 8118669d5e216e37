/// Reads one JSON document strictly (RFC 8259), or says at which byte, line and column it fails.
public struct JsonReader {
    public struct Fault: Error, Sendable, Hashable {
        public let reason: String
        public let offset: Int
        public let line: Int
        public let column: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private let deepest: Int

    /// - Parameter deepest: how far lists and objects may nest; more is refused rather than overflowing the stack.
    public static func read(_ bytes: [UInt8], deepest: Int = 32) throws(Fault) -> Json {
        let result: Result<Json, Fault> = bytes.withUnsafeBufferPointer { buffer in
            var reader = JsonReader(buffer, deepest: deepest)
            do throws(Fault) {
                try reader.checkEncoding()
                let value = try reader.value(depth: 0)
                reader.skipSpace()
                if reader.at < buffer.count { throw reader.fault("nothing may follow the document") }
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, deepest: Int) {
        self.bytes = bytes
        self.deepest = deepest
    }

    private func checkEncoding() throws(Fault) {
        if let bad = firstBrokenUTF8(bytes) { throw fault("these bytes are not UTF-8", at: bad) }
    }

    private mutating func value(depth: Int) throws(Fault) -> Json {
        skipSpace()
        guard at < bytes.count else { throw fault("a value is missing") }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 48...57: return try number()
        default: throw fault("a value cannot begin with this character")
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> Json {
        guard depth < deepest else { throw fault("nested deeper than \(deepest) levels") }
        at += 1
        var members: [Json.Member] = []
        var keys: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fault("a key in quotes is missing") }
            let start = at
            let key = try string()
            if !keys.insert(key).inserted { throw fault("the key \"\(key)\" stands twice", at: start) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("':' is missing after the key \"\(key)\"") }
            members.append(Json.Member(key, try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "}")) { return .object(members) }
            throw fault("',' or '}' is missing")
        }
    }

    private mutating func list(depth: Int) throws(Fault) -> Json {
        guard depth < deepest else { throw fault("nested deeper than \(deepest) levels") }
        at += 1
        var values: [Json] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .list(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "]")) { return .list(values) }
            throw fault("',' or ']' is missing")
        }
    }

    private mutating func word(_ word: StaticString, _ value: Json) throws(Fault) -> Json {
        let length = word.utf8CodeUnitCount
        guard at + length <= bytes.count else { throw fault("a value cannot begin with this character") }
        for index in 0..<length where bytes[at + index] != word.utf8Start[index] {
            throw fault("a value cannot begin with this character")
        }
        at += length
        return value
    }

    private mutating func number() throws(Fault) -> Json {
        let start = at
        let negative = take(UInt8(ascii: "-"))
        guard at < bytes.count, (48...57).contains(bytes[at]) else { throw fault("a digit is missing") }
        if bytes[at] == 48, at + 1 < bytes.count, (48...57).contains(bytes[at + 1]) { throw fault("a number has no leading zero") }
        var whole: Int64 = 0
        var overflow = false
        while at < bytes.count, (48...57).contains(bytes[at]) {
            let digit = Int64(bytes[at] - 48)
            let (product, first) = whole.multipliedReportingOverflow(by: 10)
            let (sum, second) = negative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            overflow = overflow || first || second
            whole = sum
            at += 1
        }
        guard at < bytes.count, bytes[at] == UInt8(ascii: ".") || bytes[at] | 32 == UInt8(ascii: "e") else {
            if overflow { throw fault("the number is too large", at: start) }
            return .integer(whole)
        }
        if take(UInt8(ascii: ".")) { try digits() }
        if at < bytes.count, bytes[at] | 32 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        guard let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)), value.isFinite else {
            throw fault("the number is too large", at: start)
        }
        return .number(value)
    }

    private mutating func digits() throws(Fault) {
        guard at < bytes.count, (48...57).contains(bytes[at]) else { throw fault("a digit is missing") }
        while at < bytes.count, (48...57).contains(bytes[at]) { at += 1 }
    }

    private mutating func string() throws(Fault) -> String {
        let open = at
        at += 1
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                defer { at += 1 }
                return String(decoding: bytes[start..<at], as: UTF8.self)
            case UInt8(ascii: "\\"): return try escaped(from: start, open: open)
            case 0..<32: throw fault("a control character must be written as an escape")
            default: at += 1
            }
        }
        throw fault("the text that begins here is not closed", at: open)
    }

    private mutating func escaped(from start: Int, open: Int) throws(Fault) -> String {
        var out = [UInt8](bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"):
                at += 1
                guard at < bytes.count else { throw fault("the text that begins here is not closed", at: open) }
                switch bytes[at] {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(bytes[at])
                case UInt8(ascii: "b"): out.append(8)
                case UInt8(ascii: "f"): out.append(12)
                case UInt8(ascii: "n"): out.append(10)
                case UInt8(ascii: "r"): out.append(13)
                case UInt8(ascii: "t"): out.append(9)
                case UInt8(ascii: "u"):
                    out.append(contentsOf: String(try unicode()).utf8)
                    continue
                default: throw fault("there is no such escape")
                }
                at += 1
            case 0..<32: throw fault("a control character must be written as an escape")
            default:
                out.append(byte)
                at += 1
            }
        }
        throw fault("the text that begins here is not closed", at: open)
    }

    /// At the `u` of an escape; reads a pair of surrogates as one character and leaves `at` behind it.
    private mutating func unicode() throws(Fault) -> Character {
        let start = at - 1
        let first = try unit()
        var scalar = first
        if (0xD800..<0xDC00).contains(first) {
            guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
                throw fault("half of a surrogate pair", at: start)
            }
            at += 1
            let second = try unit()
            guard (0xDC00..<0xE000).contains(second) else { throw fault("half of a surrogate pair", at: start) }
            scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let value = Unicode.Scalar(scalar) else { throw fault("half of a surrogate pair", at: start) }
        return Character(value)
    }

    private mutating func unit() throws(Fault) -> UInt32 {
        at += 1
        guard at + 4 <= bytes.count else { throw fault("four hexadecimal digits are missing") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = hexValue(bytes[at]) else { throw fault("four hexadecimal digits are missing") }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 32 || bytes[at] == 10 || bytes[at] == 13 || bytes[at] == 9 { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private func fault(_ reason: String, at place: Int? = nil) -> Fault {
        let offset = min(place ?? at, bytes.count)
        var line = 1
        var lineStart = 0
        for index in 0..<offset where bytes[index] == 10 {
            line += 1
            lineStart = index + 1
        }
        return Fault(reason: reason, offset: offset, line: line, column: offset - lineStart + 1)
    }
}

/// The offset of the first byte that does not belong to well-formed UTF-8, or nil when all do.
func firstBrokenUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var at = 0
    let count = bytes.count
    func follows(_ index: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool { index < count && range.contains(bytes[index]) }
    while at < count {
        let byte = bytes[at]
        let length: Int
        switch byte {
        case 0..<0x80: length = 1
        case 0xC2...0xDF where follows(at + 1): length = 2
        case 0xE0 where follows(at + 1, 0xA0...0xBF) && follows(at + 2): length = 3
        case 0xED where follows(at + 1, 0x80...0x9F) && follows(at + 2): length = 3
        case 0xE1...0xEC where follows(at + 1) && follows(at + 2): length = 3
        case 0xEE...0xEF where follows(at + 1) && follows(at + 2): length = 3
        case 0xF0 where follows(at + 1, 0x90...0xBF) && follows(at + 2) && follows(at + 3): length = 4
        case 0xF1...0xF3 where follows(at + 1) && follows(at + 2) && follows(at + 3): length = 4
        case 0xF4 where follows(at + 1, 0x80...0x8F) && follows(at + 2) && follows(at + 3): length = 4
        default: return at
        }
        at += length
    }
    return nil
}
