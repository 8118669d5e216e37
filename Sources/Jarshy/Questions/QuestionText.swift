import Crypto
import JarshyKit
import Storage

/// What is known of a question's words without understanding them.
enum QuestionWords {
    static let longest = 2000
    static let longestBytes = 8000
    static let shortest = 3

    /// The words as they are kept: line ends unified, controls and the marks that turn text around taken out.
    static func cleaned(_ text: String) -> String { cleanedTyping(text) }

    /// Faults of the words, told under `field`.
    static func faults(_ text: String, field: String = "text") -> [Problem.Fault] {
        if text.isEmpty { return [Problem.Fault(field, "missing", "'\(field)' is missing.")] }
        if folded(text).unicodeScalars.count < shortest {
            return [Problem.Fault(field, "too-short", "'\(field)' says nothing yet.")]
        }
        if text.unicodeScalars.count > longest || text.utf8.count > longestBytes {
            return [
                Problem.Fault(
                    field, "too-long", "'\(field)' is longer than \(longest) characters.",
                    slots: ["max": String(longest)])
            ]
        }
        return []
    }

    /// Equal for texts that differ only in letter case, marks, spaces and the special Kazakh letters.
    static func fingerprint(_ text: String, language: Language) -> Blob {
        let plain = folded(text).filter { $0 != " " }
        return Blob(Array(SHA256.hash(data: Array((language.rawValue + "\n" + plain).utf8))))
    }

    /// True when the words may hold an identity number, a phone or a mail address: somebody looks before it is shown.
    static func mayHoldPersonalData(_ text: String) -> Bool {
        var digits = 0
        var run = 0
        for scalar in text.unicodeScalars {
            if (48...57).contains(scalar.value) {
                digits += 1
                run = 0
            } else if digits > 0, " -()+\u{A0}".unicodeScalars.contains(scalar), run < 2 {
                run += 1
            } else {
                digits = 0
                run = 0
            }
            if digits >= 10 { return true }
        }
        return text.contains(#/[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}\.[A-Za-z]{2,}/#)
    }
}

/// How an asker is reached: a phone or a mail address, in one spelling.
struct AskerContact: Sendable, Hashable {
    enum Kind: String, Stored, CaseIterable, Sendable {
        case phone, email
    }

    let kind: Kind
    let value: String

    /// Nil when it is neither.
    init?(kind: Kind, _ typed: String) {
        self.kind = kind
        switch kind {
        case .phone:
            var digits = typed.filter { !" -()\u{A0}".contains($0) }
            let international = digits.hasPrefix("+")
            if international { digits.removeFirst() }
            guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
            if !international, digits.utf8.count == 11, digits.hasPrefix("8") { digits = "7" + digits.dropFirst() }
            guard (10...15).contains(digits.utf8.count), international || digits.utf8.count == 11 else { return nil }
            value = "+" + digits
        case .email:
            guard typed.utf8.count <= 120, typed.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
                typed.wholeMatch(of: #/[^@<>"(),;:\\]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+/#) != nil
            else { return nil }
            value = typed
        }
    }

    /// Told apart by what was typed: an "@" makes it a mail address.
    init?(_ typed: String) {
        self.init(kind: typed.contains("@") ? .email : .phone, typed)
    }
}

/// The number by which an asker finds the answer without an account: 12 letters and digits, 60 bits, shown once and kept
/// only as a hash under the server's own key.
struct TrackingNumber: Sendable, Hashable {
    static let length = 12
    let text: String

    /// Nil when it is no such number. Spaces, hyphens and misread letters are put right.
    init?(_ typed: String) {
        let plain = Secret.typed(typed)
        guard plain.utf8.count == TrackingNumber.length,
            plain.utf8.allSatisfy({ TrackingNumber.alphabet.contains($0) })
        else { return nil }
        text = plain
    }

    /// The number of what was asked or proposed on the public page: the same form sent again, when the answer was lost on the way,
    /// gives the same number. Nobody makes it without the server's key.
    static func make(for question: ID<some Any>, secret: [UInt8]) -> TrackingNumber {
        let code = Array(HMAC<SHA256>.authenticationCode(
            for: Array("number \(question)".utf8), using: SymmetricKey(data: secret)))
        return TrackingNumber(plain: String(decoding: code.prefix(length).map { alphabet[Int($0 & 31)] }, as: UTF8.self))
    }

    /// A number drawn by chance, for what is taken down on paper or in a form.
    static func make() -> TrackingNumber {
        var random = SystemRandomNumberGenerator()
        let letters = (0..<length).map { _ in alphabet[Int.random(in: 0..<32, using: &random)] }
        return TrackingNumber(plain: String(decoding: letters, as: UTF8.self))
    }

    private init(plain: String) { text = plain }

    /// `7K3M-9QXD-2TVA`
    var shown: String { Secret.grouped(text).replacing(" ", with: "-") }

    /// - Parameter kind: what the number leads to; a number of one leads to no other.
    func hash(secret: [UInt8], of kind: String = "question") -> Blob {
        Blob(Array(HMAC<SHA256>.authenticationCode(
            for: Array("\(kind) \(text)".utf8), using: SymmetricKey(data: secret))))
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}

/// The key under which tracking numbers and network addresses are hashed; made at first need, kept in the database.
enum QuestionSecret {
    static func make(in db: any Writing) throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try db.run("INSERT INTO secret (name, value) VALUES ('question', \(Blob(fresh))) ON CONFLICT (name) DO NOTHING")
        return try db.value("SELECT value FROM secret WHERE name = 'question'", as: Blob.self).bytes
    }

    /// Nil before the first question: then no number is known either.
    static func find(in db: any Reading) throws -> [UInt8]? {
        try db.first(Blob.self, "SELECT value FROM secret WHERE name = 'question'")?.bytes
    }
}
