import Crypto
import JarshyKit

/// A phone's queue as another person brings it: the file the field app writes, or the texts of its QR codes.
///
/// The file is JSON lines: `{"format":"jarshy-queue","version":1}`, then each operation as it was sealed. A QR code holds
/// `JQ1:<number from 1>:<of>:<16 hex of the SHA-256 of the file's text>:<part of the raw DEFLATE of it, as base64url>`.
/// See `Static/field/core/handover.js`, which writes both.
struct QueueText: Sendable {
    /// What may be judged, in the order of the file.
    let operations: [Operation]
    /// Lines that are no sealed operation.
    let unreadable: Int

    static let most = 5_000
    private static let mostBytes = 16 * 1_048_576

    /// - Throws: `Problem` 422 with a fault at `queue`: `not-queue`, `parts-missing` (with their numbers), `parts-spoilt`,
    ///   `queue-too-long`.
    init(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw QueueText.wrong("not-queue") }
        let pieces = text.split(whereSeparator: \.isWhitespace)
        try self.init(file: pieces.first?.hasPrefix("JQ1:") == true ? QueueText.joined(pieces) : text)
    }

    private init(file text: String) throws {
        var lines = text.split(whereSeparator: \.isNewline)[...]
        guard let head = lines.popFirst().flatMap({ try? JsonReader.read(Array($0.utf8)) }),
            head["format"]?.text == "jarshy-queue", head["version"]?.integer == 1
        else { throw QueueText.wrong("not-queue") }
        guard lines.count <= QueueText.most else { throw QueueText.wrong("queue-too-long") }
        operations = lines.compactMap { line in
            (try? JsonReader.read(Array(line.utf8))).flatMap(QueueText.sealed)
        }
        unreadable = lines.count - operations.count
    }

    /// Unsealed lines are nobody's: they would count for whoever brings them.
    private static func sealed(_ json: Json) -> Operation? {
        guard json["sig"]?.text != nil, json["key"]?.text != nil, json["author"]?.text != nil else { return nil }
        return Operation(json, device: "", door: .sync)
    }

    /// Parts in any order, any number of times; of several queues the last one counts.
    private static func joined(_ pieces: [Substring]) throws -> String {
        var parts: [Int: Substring] = [:]
        var (sum, total): (Substring, Int) = ("", 0)
        for piece in pieces {
            let fields = piece.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 5, let number = Int(fields[1]), let of = Int(fields[2]), (1...9_999).contains(of),
                (1...of).contains(number)
            else { continue }
            if (sum, total) != (fields[3], of) { (sum, total, parts) = (fields[3], of, [:]) }
            parts[number] = fields[4]
        }
        let missing = (1...max(1, total)).filter { parts[$0] == nil }
        guard missing.isEmpty else {
            throw wrong("parts-missing", slots: ["numbers": missing.map(String.init).joined(separator: ", ")])
        }
        let packed = (1...total).compactMap { parts[$0] }.joined()
        guard let bytes = Base64URL.decoded(packed), let plain = Inflate.raw(bytes, limit: mostBytes),
            Hex.encoded(Array(SHA256.hash(data: plain))).hasPrefix(sum), let text = String(validating: plain, as: UTF8.self)
        else { throw wrong("parts-spoilt") }
        return text
    }

    private static func wrong(_ slug: String, slots: [String: String] = [:]) -> Problem {
        .invalid([Problem.Fault("queue", slug, "The queue cannot be read: \(slug).", slots: slots)])
    }
}
