import Crypto
import JarshyKit
import Storage

/// What proves that somebody holds a letter of ours: its id, sealed with the server's key, one seal a purpose. It stands in
/// addresses and links, so it is 36 small letters and digits.
struct LetterToken: Sendable, Hashable {
    enum Purpose: String, Sendable, CaseIterable {
        /// In Reply-To.
        case reply = "r"
        /// In the envelope: where bounces go.
        case bounce = "b"
        /// In List-Unsubscribe.
        case stop = "s"
    }

    let message: MailID
    let purpose: Purpose
    private static let sealBytes = 6
    static let length = 36

    func text(key: [UInt8]) -> String { Self.encoded(message.bytes + seal(key)) }

    /// With the letter of its purpose in front, as it stands behind the plus of an address.
    func tag(key: [UInt8]) -> String { purpose.rawValue + text(key: key) }

    init(_ message: MailID, _ purpose: Purpose) {
        self.message = message
        self.purpose = purpose
    }

    /// Nil unless the seal is whole.
    init?(_ text: String, _ purpose: Purpose, key: [UInt8]) {
        guard let bytes = Self.decoded(text), bytes.count == 16 + Self.sealBytes, let id = MailID(bytes: bytes.prefix(16)) else {
            return nil
        }
        self.init(id, purpose)
        guard sameBytes(Hex.encoded(seal(key)), Hex.encoded(Array(bytes.suffix(Self.sealBytes)))) else { return nil }
    }

    /// The token of an address' tag, whatever its purpose.
    static func read(tag: String, key: [UInt8]) -> LetterToken? {
        guard let first = tag.first, let purpose = Purpose(rawValue: first.lowercased()) else { return nil }
        return LetterToken(String(tag.dropFirst()), purpose, key: key)
    }

    private func seal(_ key: [UInt8]) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("letter \(purpose.rawValue) \(message)".utf8), using: SymmetricKey(data: key))
        return Array(Array(code).prefix(Self.sealBytes))
    }

    private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static func encoded(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var (word, bits): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            word = (word << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                out.append(letters[Int(word >> bits & 31)])
            }
        }
        if bits > 0 { out.append(letters[Int(word << (5 - bits) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }

    private static func decoded(_ text: String) -> [UInt8]? {
        guard text.utf8.count == length else { return nil }
        var bytes: [UInt8] = []
        var (word, bits): (UInt32, UInt32) = (0, 0)
        for letter in text.lowercased().utf8 {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            word = (word << 5 | UInt32(value)) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> bits))
            }
        }
        return bytes
    }
}
