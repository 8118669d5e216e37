import CSodium
import Dispatch
import JarshyKit

/// Password hashes: argon2id with 19 MiB and two passes (OWASP's minimum), by libsodium.
///
/// At most two are worked out at once, so that a burst of sign-ins cannot take all memory and both cores; others wait
/// in line, and when 200 wait the next is told to come again.
actor Passwords {
    private static let operations: UInt64 = 2
    private static let memory = 19 * 1024 * 1024
    private static let most = 2
    private static let longestQueue = 200

    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private let queue = DispatchQueue(label: "passwords", attributes: .concurrent)
    private var dummy: String?

    init() { _ = sodium_init() }

    /// The argon2id string to be stored.
    func hash(_ password: String) async throws -> String {
        try await limited { try Passwords.hashed(password) }
    }

    /// Is this the password of the stored string? Without one, an equal time is spent and the answer is no, so that
    /// nobody can tell which accounts exist.
    func verify(_ password: String, against stored: String?) async throws -> Bool {
        let dummy: String
        if let kept = self.dummy {
            dummy = kept
        } else {
            dummy = try await limited { try Passwords.hashed("no password at all") }
            self.dummy = dummy
        }
        return try await limited { Passwords.matches(password, stored ?? dummy) && stored != nil }
    }

    private func limited<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard waiting.count < Passwords.longestQueue else {
            throw Problem("busy", status: 503, "Too many sign-ins at once; try again in a moment.")
        }
        if running >= Passwords.most {
            await withCheckedContinuation { waiting.append($0) }
        } else {
            running += 1
        }
        defer {
            // The place is handed to the next in line, or given back.
            if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
        }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    private static func hashed(_ password: String) throws -> String {
        var out = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
        let bytes = password.utf8.map { CChar(bitPattern: $0) }
        guard crypto_pwhash_str(&out, bytes, UInt64(bytes.count), operations, memory) == 0 else {
            throw Problem("busy", status: 503, "There is not enough memory to check a password now.")
        }
        return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func matches(_ password: String, _ stored: String) -> Bool {
        let bytes = password.utf8.map { CChar(bitPattern: $0) }
        return crypto_pwhash_str_verify(stored, bytes, UInt64(bytes.count)) == 0
    }
}

/// What a new password must be.
enum PasswordRule {
    static let shortest = 10
    /// In bytes: argon2id takes more, nobody types more.
    static let longest = 500

    /// - Parameter field: the form's field, for the fault.
    static func fault(_ password: String, login: String, field: String) -> Problem.Fault? {
        if password.unicodeScalars.count < shortest {
            return Problem.Fault(field, "password-short", "A password has at least \(shortest) characters.")
        }
        if password.utf8.count > longest {
            return Problem.Fault(
                field, "too-long", "A password has at most \(longest) bytes.", slots: ["max": String(longest)])
        }
        let plain = password.lowercased()
        if Set(plain).count < 5 || isRun(plain) || plain.contains(login) && login.utf8.count > 3 {
            return Problem.Fault(field, "password-simple", "The password is too easy to guess.")
        }
        return nil
    }

    /// "1234567890", "abcdefghij", "qwertyuiop" and their reverses.
    private static func isRun(_ text: String) -> Bool {
        let rows = [
            "12345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
            "йцукенгшщзхъфывапролджэячсмитьбю",
        ]
        return rows.contains { $0.contains(text) || String($0.reversed()).contains(text) }
    }
}
