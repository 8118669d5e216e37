import Crypto
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// `QuestionWorld` with an address that takes letters.
struct LetterWorld: Sendable {
    let world: QuestionWorld
    /// Letters come to the whole campaign: these work on its questions over the whole tree.
    let head: PersonID
    let writer: PersonID
    static let own = MailAddress("answers@example.kz")!
    static let settings = MailSettings(relay: "smtp://127.0.0.1:1", from: own, site: "https://answers.example.kz")

    var database: Database { world.database }
    var now: Instant { world.now }

    init(_ world: QuestionWorld) async throws {
        self.world = world
        head = try await world.site.person("head", role: "coordinator")
        writer = try await world.site.person("writer", role: "expert")
    }

    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (LetterWorld) async throws -> Void) async throws {
        try await QuestionWorld.run(dialect) { world in
            try await body(try await LetterWorld(world))
        }
    }

    /// A letter as people write them.
    static func letter(
        from: String = "Айгүл <aigul@mail.kz>", to: String = "answers@example.kz", subject: String = "", _ text: String,
        _ headers: [String] = []
    ) -> String {
        var head = ["From: \(from)", "To: \(to)", "Message-ID: <\(text.hashValue)@mail.kz>", "Date: Mon, 12 Jan 2026 10:00:00 +0500"]
        if !subject.isEmpty { head.append("Subject: \(subject)") }
        head += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"] + headers
        return (head + ["", text, ""]).joined(separator: "\r\n")
    }

    @discardableResult
    func take(_ letter: String, recipient: String? = nil) async throws -> TakeMail.Taken {
        let bytes = Array(letter.utf8)
        let action = TakeMail(
            mail: try #require(IncomingMail(bytes)), mark: Blob(Array(SHA256.hash(data: bytes))),
            recipient: recipient.flatMap { MailAddress($0) }, own: Self.own, campaign: "", writers: LetterWriters.all)
        return try await database.run(action, by: .operator, at: now)
    }

    func messages() async throws -> [MailMessage] {
        try await database.read { db in try db.all(MailMessage.self, where: "FROM mail_message m ORDER BY m.queued_at, m.id") }
    }

    /// What would be sent now, as the relay would get it.
    func written(_ message: MailMessage) async throws -> (letter: Letter, text: LetterText)? {
        let words = try Pages(home: try Home(), reload: false).words(message.language)
        let now = now
        return try await database.read { db in
            let desk = LetterDesk(words: words, site: Self.settings.site)
            guard let letter = try QuestionLetters().letter(message, desk: desk, in: db) else { return nil }
            let pass = try ReleaseGate.pass(letter.item, at: now, in: db)
            let text = LetterText(
                letter: letter, pass: pass, message: message, settings: Self.settings, key: try ContactKey.find(in: db)!, words: words)
            return (letter, text)
        }
    }

    func key() async throws -> [UInt8] { try await database.write { db in try ContactKey.make(in: db) } }

    func count(_ sql: SQL) async throws -> Int { try await database.read { db in try db.value(sql) } }

    /// The question of a letter, answered and approved.
    func answer(_ id: QuestionID, _ body: String = "Учаскеде.") async throws -> AnswerID {
        try await world.run(SendQuestion(question: id, expert: writer), by: head)
        let answer = try await world.run(
            WriteAnswer(question: id, title: "Қайда дауыс береді?", body: body, sources: QuestionWorld.rule), by: writer)
        let language = try await world.find(id).language
        try await world.run(ApproveAnswer(answer: answer, language: language), by: head)
        return answer
    }
}
