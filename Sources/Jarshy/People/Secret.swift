import Crypto
import JarshyKit
import Storage

/// Random secrets, of which the database keeps only the SHA-256.
enum Secret {
    /// 32 random bytes as base64url: a session or an API token.
    static func token() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64URL.encoded((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    /// 16 letters and digits a person can read from paper and type: 80 bits, without I, L, O and U.
    static func code() -> String {
        var random = SystemRandomNumberGenerator()
        return String(decoding: (0..<16).map { _ in alphabet[Int.random(in: 0..<32, using: &random)] }, as: UTF8.self)
    }

    /// `ABCD EFGH JKMN PQRS`
    static func grouped(_ code: String) -> String {
        var out = ""
        for (index, letter) in code.enumerated() {
            if index > 0, index % 4 == 0 { out += " " }
            out.append(letter)
        }
        return out
    }

    /// A typed code without spaces and hyphens, in capitals, the misread letters put right.
    static func typed(_ code: String) -> String {
        var out = ""
        for letter in code.uppercased().prefix(100) where letter != " " && letter != "-" && letter != "\u{A0}" {
            switch letter {
            case "O": out.append("0")
            case "I", "L": out.append("1")
            // The same key on a Cyrillic keyboard's face.
            case "А": out.append("A")
            case "В": out.append("B")
            case "С": out.append("C")
            case "Е": out.append("E")
            case "Н": out.append("H")
            case "К": out.append("K")
            case "М": out.append("M")
            case "О": out.append("0")
            case "Р": out.append("P")
            case "Т": out.append("T")
            case "Х": out.append("X")
            default: out.append(letter)
            }
        }
        return out
    }

    static func hash(_ secret: String) -> Blob { Blob(Array(SHA256.hash(data: Array(secret.utf8)))) }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
