/// A JSON value as it was sent: members keep their order, whole numbers stay exact.
///
/// Ours rather than Foundation's because a bad document must be answered with the place of its fault, a doubled key is an
/// error, and operations are hashed in canonical form (RFC 8785).
public enum Json: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([Json])
    case object([Member])

    public struct Member: Sendable, Hashable {
        public let key: String
        public let value: Json
        public init(_ key: String, _ value: Json) {
            self.key = key
            self.value = value
        }
    }

    public subscript(_ key: String) -> Json? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    public var text: String? { if case .text(let value) = self { value } else { nil } }
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var list: [Json]? { if case .list(let value) = self { value } else { nil } }
    public var members: [Member]? { if case .object(let value) = self { value } else { nil } }

    /// A string as a JSON literal with the escapes of RFC 8785: the two-letter ones, `\u00xx` for other controls, nothing else.
    public static func quoted(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + 2)
        write(text, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 8: out.append(contentsOf: "\\b".utf8)
            case 9: out.append(contentsOf: "\\t".utf8)
            case 10: out.append(contentsOf: "\\n".utf8)
            case 12: out.append(contentsOf: "\\f".utf8)
            case 13: out.append(contentsOf: "\\r".utf8)
            case 0..<32:
                let hex = String(byte, radix: 16)
                out.append(contentsOf: (hex.count == 1 ? "\\u000" : "\\u00").utf8)
                out.append(contentsOf: hex.utf8)
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}

extension Json {
    /// The canonical form of RFC 8785: members by the UTF-16 order of their keys, no space, shortest numbers.
    ///
    /// Fractions are written by Swift's shortest round-trip rule, which agrees with ECMAScript's for the magnitudes
    /// 1e-5 … 1e15; operations hold whole numbers only, so nothing outside is ever hashed.
    public func canonical(leaving out: Set<String> = []) -> [UInt8] {
        var bytes: [UInt8] = []
        writeCanonical(to: &bytes, leaving: out)
        return bytes
    }

    private func writeCanonical(to out: inout [UInt8], leaving omitted: Set<String>) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): out.append(contentsOf: String(value).utf8)
        case .number(let value):
            let whole = value == value.rounded() && abs(value) < 1e15
            out.append(contentsOf: (whole ? String(Int64(value)) : String(value)).utf8)
        case .text(let value): Json.write(value, to: &out)
        case .list(let values):
            out.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                value.writeCanonical(to: &out, leaving: [])
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            let sorted = members.filter { !omitted.contains($0.key) }
                .sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Json.write(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.writeCanonical(to: &out, leaving: [])
            }
            out.append(UInt8(ascii: "}"))
        }
    }
}
