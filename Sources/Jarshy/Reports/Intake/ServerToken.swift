import Crypto
import JarshyKit
import Storage

/// The server's word for "it was at least this late when you asked": a moment and who asked, sealed with the server's secret.
///
/// A device keeps the newest one and puts it into what it writes offline; its own clock is then believed only from there on.
enum ServerToken {
    static func make(at now: Instant, person: PersonID, secret: [UInt8]) -> String {
        "\(now.milliseconds).\(seal(now.milliseconds, person, secret))"
    }

    static func moment(_ token: String, person: PersonID, secret: [UInt8]) -> Instant? {
        let parts = token.split(separator: ".")
        guard parts.count == 2, let milliseconds = Int64(parts[0]), !secret.isEmpty,
            seal(milliseconds, person, secret) == String(parts[1])
        else { return nil }
        return Instant(milliseconds: milliseconds)
    }

    private static func seal(_ milliseconds: Int64, _ person: PersonID, _ secret: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("server-token \(milliseconds) \(person)".utf8), using: SymmetricKey(data: secret))
        return code.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    /// The server's secret, made at first need and kept in the database, so that every process knows it.
    static func secret(in db: any Writing) throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try db.run("INSERT INTO secret (name, value) VALUES ('server-token', \(Blob(fresh))) ON CONFLICT (name) DO NOTHING")
        return try db.value("SELECT value FROM secret WHERE name = 'server-token'", as: Blob.self).bytes
    }
}
