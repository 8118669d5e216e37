import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct SecretTests {
    @Test func `secrets are long, of plain letters, and never the same`() {
        let tokens = (0..<200).map { _ in Secret.token() }
        #expect(Set(tokens).count == 200)
        #expect(
            tokens.allSatisfy {
                $0.count == 43 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            })
        let codes = (0..<200).map { _ in Secret.code() }
        #expect(Set(codes).count == 200)
        #expect(codes.allSatisfy { $0.count == 16 && !$0.contains { "ILOU".contains($0) } })
    }

    @Test func `a code read from paper finds itself, however it is typed`() {
        for _ in 0..<100 {
            let code = Secret.code()
            #expect(Secret.typed(Secret.grouped(code).lowercased()) == code)
        }
        #expect(Secret.typed("abcd-0123 оlіo") == "ABCD012301І0")
        #expect(Secret.typed("АВСЕНКМОРТХ") == "ABCEHKM0PTX")
    }

    @Test func `the hash is SHA-256 of the text`() {
        #expect(Hex.encoded(Secret.hash("abc").bytes) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}

@Suite struct LoginTests {
    @Test(arguments: [("Ainur.S", "ainur.s"), ("  bolat_2 ", "bolat_2"), ("a1", "a1")])
    func `a sign-in name is read without case`(typed: String, kept: String) {
        #expect(Login(typed)?.text == kept)
    }

    @Test(arguments: ["", "a", "1a", "айнұр", "a b", "a@b", String(repeating: "a", count: 41)])
    func `others are none`(typed: String) {
        #expect(Login(typed) == nil)
    }
}

@Suite struct PasswordTests {
    @Test func `a hash is argon2id of the wanted cost, salted, and matches only its password`() async throws {
        let passwords = Passwords()
        let (one, two) = (try await passwords.hash("қызыл алма 12"), try await passwords.hash("қызыл алма 12"))

        #expect(one.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(one != two)
        #expect(try await passwords.verify("қызыл алма 12", against: one))
        #expect(try await !passwords.verify("қызыл алма 13", against: one))
        #expect(try await !passwords.verify("no password at all", against: nil))
    }

    @Test func `many at once all come through`() async throws {
        let passwords = Passwords()
        let hash = try await passwords.hash("a long password")
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<12 {
                group.addTask {
                    try await passwords.verify(index % 2 == 0 ? "a long password" : "wrong", against: hash)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(right == 6)
    }

    @Test(arguments: [
        ("short", "password-short"), ("aaaaaaaaaaaa", "password-simple"), ("1234567890", "password-simple"),
        ("qwertyuiop", "password-simple"), ("0987654321", "password-simple"), ("olga.sh-2026", "password-simple"),
    ])
    func `an easy password is refused`(password: String, slug: String) {
        #expect(PasswordRule.fault(password, login: "olga.sh", field: "password")?.slug == slug)
    }

    @Test func `words are a good password`() {
        #expect(PasswordRule.fault("қызыл алма ағашы", login: "olga", field: "password") == nil)
    }
}
