import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Taking questions")
struct AskTests {
    @Test("an operation is taken once, with its language, its way and its term", arguments: Dialect.allCases)
    func takes(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let operation = QuestionWorld.ask(
                1, " Қайда дауыс беремін?\r\n ", reply: "number", [.init("topic", .text("local")), .init("number", .text("7k3m-9qxd-2tva"))])
            let first = try await world.submit(operation, by: world.activist)
            let again = try await world.submit(operation, by: world.activist)
            #expect(first.status == .accepted && first.receipt == again.receipt)
            #expect(first.receipt.contains("\"question\":\"\(Ops.id(1))\""))
            let question = try await world.find(QuestionWorld.id(1))
            #expect(question.body == "Қайда дауыс беремін?" && question.language == .kk && question.way == .door)
            #expect(question.state == .new && question.isHead && question.asked == 1 && question.author == world.activist)
            #expect(question.due == WorkDays.kazakhstan.day(3, after: world.today))
            #expect(try await world.site.count("SELECT count(*) FROM question") == 1)
            #expect(try await world.site.count("SELECT count(*) FROM feed WHERE subject = 'question' AND verb = 'ask'") == 1)
            let found = try await world.database.read { db in try Tracked.find(TrackingNumber("7K3M 9QXD 2TVA")!, in: db) }
            #expect(found.id == question.id)
            let kept = try await world.database.read { db in try db.all(Blob.self, "SELECT hash FROM question_number") }
            #expect(kept.count == 1 && kept[0].bytes.count == 32)
        }
    }

    @Test(
        "what must not be kept, or is missing, is refused by the field's place",
        arguments: [
            ("address", Json.text("Абай 1"), "address"), ("name", .text("Айнұр"), "name"), ("vote", .text("for"), "vote"),
            ("unit", .null, "unit"), ("way", .text("page"), "way"), ("way", .text("letter"), "way"),
            ("language", .text("de"), "language"), ("text", .text(""), "text"), ("text", .text("  "), "text"), ("text", .text("?!"), "text"),
            ("text", .text(String(repeating: "ә", count: 2001)), "text"), ("topic", .text("nothing"), "topic"),
            ("reply", .text("sms"), "reply"), ("reply", .text("contact"), "contact"), ("reply", .text("number"), "number"),
            ("number", .text("7K3M9QXD2TVA"), "number"), ("event", .text("x"), "event"),
        ])
    func refuses(_ key: String, _ value: Json, _ field: String) async throws {
        try await QuestionWorld.run(.sqlite) { world in
            var members = QuestionWorld.ask(1, "Сұрақ").body.members ?? []
            members.removeAll { $0.key == key }
            members.append(.init(key, value))
            let outcome = try await world.submit(Ops.op(members), by: world.activist)
            #expect(outcome.status == .refused, "\(outcome.receipt)")
            #expect(outcome.problem?.errors.contains { $0.field == field } == true, "\(outcome.receipt)")
            #expect(try await world.site.count("SELECT count(*) FROM question") == 0)
        }
    }

    @Test("outside one's units a question is not found, without the right it is forbidden", arguments: Dialect.allCases)
    func rights(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let outside = try await world.submit(QuestionWorld.ask(1, "Сұрақ", unit: "P211"), by: world.activist)
            #expect(outside.problem?.slug == "not-found")
            let above = try await world.submit(QuestionWorld.ask(2, "Сұрақ", unit: "KZ"), by: world.activist)
            #expect(above.problem?.slug == "forbidden")
            let reader = try await world.site.person("observer", role: "observer", unit: "R1")
            let forbidden = try await world.submit(QuestionWorld.ask(3, "Сұрақ"), by: reader)
            #expect(forbidden.problem?.slug == "forbidden")
        }
    }

    @Test("a contact lies apart, in one spelling, and never of anybody under 16", arguments: Dialect.allCases)
    func contacts(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            func ask(_ n: UInt64, _ kind: String, _ value: String, adult: Bool) -> Operation {
                QuestionWorld.ask(n, "Сұрақ \(n)", reply: "contact", [
                    .init("contact", .object([
                        .init("kind", .text(kind)), .init("value", .text(value)), .init("adult", .bool(adult)),
                    ]))
                ])
            }
            try await world.belong(world.activist, to: 1)
            let young = try await world.submit(ask(1, "phone", "+77011234567", adult: false), by: world.activist)
            #expect(young.problem?.errors.map(\.field) == ["contact.adult"])
            let wrong = try await world.submit(ask(2, "email", "no mail", adult: true), by: world.activist)
            #expect(wrong.problem?.errors.map(\.field) == ["contact.value"])
            #expect(try await world.submit(ask(3, "phone", "8 (701) 123-45-67", adult: true), by: world.activist).status == .accepted)
            let kept = try await world.database.read { db in
                try db.all("SELECT kind, value, organization FROM question_contact") { row in
                    "\(try row.next(String.self)) \(try row.next(String.self)) \(try row.next(Int64.self))"
                }
            }
            #expect(kept == ["phone +77011234567 1"])
        }
    }

    @Test("a contact is read by the organisation that took it, and every reading is logged", arguments: Dialect.allCases)
    func readsContact(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            try await world.belong(world.activist, to: 1)
            let contact = Json.object([
                .init("kind", .text("email")), .init("value", .text("a@b.kz")), .init("adult", .bool(true)),
            ])
            _ = try await world.submit(
                QuestionWorld.ask(1, "Сұрақ", reply: "contact", [.init("contact", contact)]), by: world.activist)
            let read = ReadContact(question: QuestionWorld.id(1))
            #expect(try await world.refusal(read, by: world.secretary) == "not-found")
            try await world.belong(world.secretary, to: 2)
            #expect(try await world.refusal(read, by: world.secretary) == "not-found")
            try await world.belong(world.secretary, to: 1)
            #expect(try await world.run(read, by: world.secretary) == "a@b.kz")
            #expect(try await world.refusal(read, by: world.moderator) == "not-found")
            let reader = world.secretary
            #expect(
                try await world.site.count(
                    "SELECT count(*) FROM personal_read WHERE reader = \(reader) AND subject = \(QuestionWorld.id(1))") == 1)
        }
    }

    @Test("a contact is deleted on its day, and not the day before", arguments: Dialect.allCases)
    func deletesContact(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let contact = Json.object([
                .init("kind", .text("email")), .init("value", .text("a@b.kz")), .init("adult", .bool(true)),
            ])
            _ = try await world.submit(
                QuestionWorld.ask(1, "Сұрақ", reply: "contact", [.init("contact", contact)]), by: world.activist)
            try await world.run(DeclineQuestion(question: QuestionWorld.id(1), reason: "insult"), by: world.moderator)
            world.site.clock.advance(seconds: 89 * 86_400)
            #expect(try await world.database.run(DeleteContacts(), by: .operator, at: world.now) == 0)
            world.site.clock.advance(seconds: 86_400)
            #expect(try await world.database.run(DeleteContacts(), by: .operator, at: world.now) == 1)
            #expect(try await world.site.count("SELECT count(*) FROM question_contact") == 0)
        }
    }

    @Test("what staff took with a topic goes to the expert who speaks the language; the rest waits", arguments: Dialect.allCases)
    func routes(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let topic = Json.Member("topic", .text("where"))
            try await world.question(1, language: "kk", [topic])
            try await world.question(2, language: "en", [topic])
            try await world.question(3, language: "kk")
            #expect(try await world.find(QuestionWorld.id(1)).expert == world.expert)
            #expect(try await world.find(QuestionWorld.id(1)).state == .withExpert)
            #expect(try await world.find(QuestionWorld.id(2)).state == .new)
            #expect(try await world.find(QuestionWorld.id(3)).state == .new)
        }
    }

    @Test("equal words are one question, whatever their letters; each keeps its own number", arguments: Dialect.allCases)
    func joinsEqual(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            try await world.question(1, "Қайда дауыс беремін?")
            try await world.question(2, "кайда  дауыс беремин")
            try await world.question(3, "Қайда дауыс беремін?", language: "ru")
            try await world.question(4, "Қайда дауыс беремін", [.init("prepared", .bool(true))])
            #expect(try await world.find(QuestionWorld.id(2)).head == QuestionWorld.id(1))
            #expect(try await world.find(QuestionWorld.id(1)).asked == 2)
            #expect(try await world.find(QuestionWorld.id(3)).isHead)
            let prepared = try await world.find(QuestionWorld.id(4))
            #expect(prepared.isHead && prepared.asked == 0)
            #expect(try await world.faults() == [])
        }
    }

    @Test("an account's two hundredth question of a day is taken, the next waits till tomorrow", arguments: Dialect.allCases)
    func accountLimit(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let actor = try await world.actor(world.activist)
            let operations = (1...201).map { QuestionWorld.ask(UInt64($0), "Мәтін \($0) өзгеше") }
            let outcomes = try await world.site.app.intake.submit(operations, by: actor, at: world.now)
            #expect(outcomes.prefix(200).allSatisfy { $0.status == .accepted })
            #expect(outcomes[200].status == .parked && outcomes[200].problem?.status == 429)
            world.site.clock.advance(seconds: 86_401)
            #expect(try await world.submit(operations[200], by: world.activist).status == .accepted)
        }
    }
}
