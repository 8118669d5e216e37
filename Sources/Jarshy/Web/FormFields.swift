import JarshyKit

/// Names and values as a query or a form carried them: in order, repeated names kept.
struct Fields: Sendable, Hashable {
    private(set) var list: [Pair] = []

    struct Pair: Sendable, Hashable {
        let name: String
        let value: String
    }

    init(_ list: [(String, String)] = []) {
        self.list = list.map { Pair(name: $0.0, value: $0.1) }
    }

    /// The first value of a name, as sent.
    subscript(_ name: String) -> String? { list.first { $0.name == name }?.value }

    /// The first value without spaces at its ends; "" when the name is missing.
    func text(_ name: String) -> String { (self[name] ?? "").trimmingSpaces() }

    /// Every value of a name.
    func all(_ name: String) -> [String] { list.filter { $0.name == name }.map(\.value) }

    func has(_ name: String) -> Bool { list.contains { $0.name == name } }

    var isEmpty: Bool { list.isEmpty }

    mutating func append(_ name: String, _ value: String) { list.append(Pair(name: name, value: value)) }

    /// The same with a name set to one value, at its old place if it had one; nil takes it out.
    func setting(_ name: String, _ value: String?) -> Fields {
        var result = self
        let at = list.firstIndex { $0.name == name }
        result.list.removeAll { $0.name == name }
        if let value {
            let place = min(at ?? result.list.count, result.list.count)
            result.list.insert(Pair(name: name, value: value), at: place)
        }
        return result
    }

    /// `a=1&b=2`, safe to stand after `?`.
    var encoded: String {
        list.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }.joined(separator: "&")
    }

    /// Reads `application/x-www-form-urlencoded` bytes.
    /// - Throws: `Problem` 400 for a broken percent escape or bytes that are not UTF-8, 413 for more than 10,000 pairs.
    init(urlencoded bytes: some Collection<UInt8>) throws {
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard list.count < 10_000 else { throw Problem.tooLarge("The form has more than 10,000 fields.") }
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Fields.decoded(halves[0])
            append(name, halves.count > 1 ? try Fields.decoded(halves[1]) : "")
        }
    }

    private static func decoded(_ bytes: some Sequence<UInt8>) throws -> String {
        guard let text = percentDecoded(bytes, plusIsSpace: true) else {
            throw Problem("bad-encoding", status: 400, "The form or query is not percent-encoded UTF-8.")
        }
        return text
    }
}

/// Bytes with `%41` escapes resolved; nil when an escape is broken, the result is not UTF-8, or it holds a NUL.
func percentDecoded(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String? {
    var out: [UInt8] = []
    var iterator = bytes.makeIterator()
    while let byte = iterator.next() {
        switch byte {
        case UInt8(ascii: "%"):
            guard let high = iterator.next().flatMap(hexDigit), let low = iterator.next().flatMap(hexDigit) else {
                return nil
            }
            out.append(high << 4 | low)
        case UInt8(ascii: "+") where plusIsSpace: out.append(UInt8(ascii: " "))
        default: out.append(byte)
        }
    }
    // A NUL is no text for a form, and PostgreSQL refuses it.
    return out.contains(0) ? nil : String(validating: out, as: UTF8.self)
}

/// Everything but letters, digits and `-._~` as `%XX`.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: out.append(byte)
        default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: out, as: UTF8.self)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
}

extension String {
    func trimmingSpaces() -> String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}

extension Problem {
    static func tooLarge(_ detail: String) -> Problem { Problem("too-large", status: 413, detail) }
}
