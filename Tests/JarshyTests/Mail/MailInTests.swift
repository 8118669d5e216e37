import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Letters that come in")
struct MailInTests {
    @Test("a letter becomes a question once, in its language, and its writer is told without a word of it", arguments: Dialect.allCases)
    func question(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            let secret = "Құпия сөзім қандай?"
            let letter = LetterWorld.letter(subject: "=?UTF-8?B?0KHTmdC70LXQvA==?=", secret + "\r\n> дәйексөз\r\n-- \r\nАйгүл, директор")
            let taken = try await world.take(letter)
            #expect(taken.outcome == .question)
            let question = try await world.world.find(try #require(taken.question))
            #expect(question.way == .mail && question.language == .kk && question.reply == .contact && question.author == nil)
            #expect(question.body == "Сәлем\n" + secret)
            let again = try await world.take(letter)
            #expect(again.isRepeat && again.question == taken.question)
            #expect(try await world.count("SELECT count(*) FROM question") == 1)
            let messages = try await world.messages()
            #expect(messages.map(\.kind) == [QuestionLetters.taken])
            let written = try #require(try await world.written(messages[0]))
            let text = String(decoding: written.text.bytes(at: world.now), as: UTF8.self)
            #expect(written.letter.isReply && written.letter.address.description == "aigul@mail.kz")
            #expect(text.contains("Auto-Submitted: auto-replied") && text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"))
            #expect(text.contains("Content-Language: kk"))
            // Nothing of what the stranger wrote: not the subject, not the text, not the name.
            for word in ["Құпия", "Сәлем\n", "Айгүл,", "директор"] { #expect(!written.text.body.contains(word), "\(word)") }
            #expect(!written.letter.subject.contains("Сәлем"))
            // Neither the address nor the words are kept with the letter.
            #expect(try await world.count("SELECT count(*) FROM mail_in WHERE outcome = 'question'") == 1)
        }
    }

    @Test("the language is guessed", arguments: [
        ("Қайда дауыс беремін?", Language.kk), ("Кайда дауыс беремин, калай барам?", .kk), ("Где мне голосовать?", .ru),
        ("Where can I vote?", .en), ("Qaida dauys beremin?", .kk), ("12345", .kk),
    ])
    func language(_ text: String, _ language: Language) { #expect(LanguageGuess.of(text) == language) }

    @Test("what a machine sent is not taken and not answered", arguments: [
        ["Auto-Submitted: auto-replied"], ["Precedence: bulk"], ["List-Id: <news.example.com>"], ["Return-Path: <>"],
        ["X-Autoreply: yes"], ["Auto-Submitted: auto-generated; x=y"],
    ])
    func automatic(_ headers: [String]) async throws {
        try await LetterWorld.run(.sqlite) { world in
            let taken = try await world.take(LetterWorld.letter("Мен демалыстамын, кейін жазыңыз", headers))
            #expect(taken.outcome == .automatic)
            let waiting = try await world.messages()
            #expect(waiting.isEmpty)
            #expect(try await world.count("SELECT count(*) FROM question") == 0)
        }
    }

    @Test("no circle: not from ourselves, not from a mailer, not from nobody")
    func circles() async throws {
        try await LetterWorld.run(.sqlite) { world in
            for from in ["answers@example.kz", "answers+r123@example.kz", "MAILER-DAEMON@mail.kz", "no-reply@mail.kz", "<>", "бос"] {
                let taken = try await world.take(LetterWorld.letter(from: from, "Сұрақ: қайда? \(from)"))
                #expect(taken.outcome == .automatic, "\(from)")
            }
            let empty = try await world.take(LetterWorld.letter(" "))
            #expect(empty.outcome == .empty)
            let waiting = try await world.messages()
            #expect(waiting.isEmpty)
        }
    }

    @Test("the answer goes to everybody who asked by mail, each once; a correction after it, with its reason", arguments: Dialect.allCases)
    func answer(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            let first = try #require(try await world.take(LetterWorld.letter("Қайда дауыс беремін?")).question)
            try await world.take(LetterWorld.letter(from: "b@mail.kz", "қайда дауыс беремін"))
            let answer = try await world.answer(first)
            let told = try await world.messages().filter { $0.kind == QuestionLetters.answered }
            #expect(told.count == 2)
            let text = try #require(try await world.written(told[0])).text
            #expect(text.body.contains("Учаскеде.") && text.body.contains("https://example.kz/1"))
            #expect(text.body.contains("/answers/\(answer)#press") && text.body.contains("Жауапты: Айгүл Сейітова"))
            #expect(text.body.contains(text.stopURL))
            // Who asks the same later gets it at once.
            try await world.take(LetterWorld.letter(from: "c@mail.kz", "Қайда дауыс беремін??"))
            #expect(try await world.messages().count { $0.kind == QuestionLetters.answered } == 3)
            // One letter was sent; the others still wait when the answer is corrected: they get only the right one.
            let now = world.now
            try await world.database.write { db in
                try MailQueue.set(.sent, of: told[0].id, at: now, in: db)
                try QuestionLetters().sent(told[0], at: now, in: db)
            }
            #expect(try await world.count("SELECT count(*) FROM answer_told WHERE question = \(told[0].about)") == 1)
            try await world.world.run(
                RewriteAnswer(answer: answer, language: .kk, title: "Қайда?", body: "№ 5 учаскеде.", reason: "Мекенжай нақтыланды"),
                by: world.writer)
            try await world.world.run(ApproveAnswer(answer: answer, language: .kk), by: world.head)
            let all = try await world.messages()
            let corrected = all.filter { $0.kind == QuestionLetters.corrected }
            #expect(corrected.count == 3)
            #expect(all.filter { $0.kind == QuestionLetters.answered }.map(\.state.rawValue).sorted() == ["sent", "stopped", "stopped"])
            let body = try #require(try await world.written(corrected[0])).text.body
            #expect(body.contains("№ 5 учаскеде.") && body.contains("Мекенжай нақтыланды") && !body.contains("\nУчаскеде.\n"))
        }
    }

    @Test("of an answer that was taken back only those learn who were told, and nobody gets it any more", arguments: Dialect.allCases)
    func withdrawn(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            let first = try #require(try await world.take(LetterWorld.letter("Қайда дауыс беремін?")).question)
            try await world.take(LetterWorld.letter(from: "b@mail.kz", "қайда дауыс беремін"))
            let answer = try await world.answer(first)
            let waiting = try await world.messages().filter { $0.kind == QuestionLetters.answered }
            let now = world.now
            try await world.database.write { db in
                try MailQueue.set(.sent, of: waiting[0].id, at: now, in: db)
                try QuestionLetters().sent(waiting[0], at: now, in: db)
            }
            try await world.world.run(WithdrawAnswer(answer: answer, reason: "Мекенжай қате"), by: world.head)
            let told = try await world.messages().filter { $0.kind == QuestionLetters.withdrawn }
            #expect(told.map(\.about) == [waiting[0].about])
            let body = try #require(try await world.written(told[0])).text.body
            #expect(body.contains("Мекенжай қате") && body.contains("/answers/\(answer)") && !body.contains("Учаскеде."))
            #expect(try await world.written(waiting[1]) == nil)
        }
    }

    @Test("a reply goes to its question by its token or its number; a false token makes a new question", arguments: Dialect.allCases)
    func reply(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            let id = try #require(try await world.take(LetterWorld.letter("Қайда дауыс беремін?")).question)
            try await world.world.run(AskBack(question: id, text: "Қай қала?"), by: world.head)
            let asked = try #require(try await world.messages().first { $0.kind == QuestionLetters.askedBack })
            #expect(try #require(try await world.written(asked)).text.body.contains("Қай қала?"))
            let tag = LetterToken(asked.id, .reply).tag(key: try await world.key())
            let reply = LetterWorld.letter(to: "answers+\(tag)@example.kz", subject: "Re: x", "Саран қаласы\r\n\r\nайтқан:\r\n> Қай қала?")
            #expect(try await world.take(reply).outcome == .reply)
            #expect(try await world.world.find(id).state == .new)
            let bodies = try await world.database.read { db in
                try db.all(String.self, "SELECT body FROM question_message WHERE question = \(id) AND from_asker ORDER BY at, id")
            }
            #expect(bodies == ["Саран қаласы"])
            // By number, from whatever address.
            let number = try await world.database.write { db in TrackingNumber.make(for: id, secret: try QuestionSecret.make(in: db)) }
            #expect(try await world.take(LetterWorld.letter(from: "d@mail.kz", subject: number.shown, "Тағы бір сөз")).outcome == .reply)
            #expect(try await world.count("SELECT count(*) FROM question_message WHERE from_asker") == 2)
            let forged = LetterWorld.letter(from: "e@mail.kz", to: "answers+r\(String(repeating: "0", count: 36))@example.kz", "Басқа сұрақ қоямын")
            #expect(try await world.take(forged).outcome == .question)
        }
    }

    @Test("a bounce counts only at its letter's own address; then nothing more goes there", arguments: Dialect.allCases)
    func bounce(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            let id = try #require(try await world.take(LetterWorld.letter("Қайда дауыс беремін?")).question)
            let message = try await world.messages()[0]
            func report(_ action: String, _ status: String) -> String {
                [
                    "From: MAILER-DAEMON@mail.kz", "Return-Path: <>", "MIME-Version: 1.0",
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "", "--b", "Content-Type: text/plain", "",
                    "Sorry", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.kz", "",
                    "Final-Recipient: rfc822; aigul@mail.kz", "Action: \(action)", "Status: \(status)", "", "--b--", "",
                ].joined(separator: "\r\n")
            }
            let tag = LetterToken(message.id, .bounce).tag(key: try await world.key())
            #expect(try await world.take(report("failed", "5.1.1"), recipient: "answers@example.kz").outcome == .automatic)
            #expect(try await world.take(report("delayed", "4.4.1"), recipient: "answers+\(tag)@example.kz").outcome == .automatic)
            #expect(try await world.count("SELECT count(*) FROM address_mark") == 0)
            #expect(try await world.take(report("failed", "5.1.10"), recipient: "answers+\(tag)@example.kz").outcome == .bounce)
            #expect(try await world.messages()[0].state == .failed)
            _ = try await world.answer(id)
            let answered = try #require(try await world.messages().first { $0.kind == QuestionLetters.answered })
            await #expect(throws: Release.Refusal.bounced) { _ = try await world.written(answered) }
        }
    }

    @Test("stop and resume: a page that changes nothing, one press, the address deleted", arguments: Dialect.allCases)
    func stop(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            let id = try #require(try await world.take(LetterWorld.letter("Қайда дауыс беремін?")).question)
            let message = try await world.messages()[0]
            let token = LetterToken(message.id, .stop).text(key: try await world.key())
            let browser = world.world.site.browser()
            #expect(try await browser.get("/mail/stop/\(token)").status == 200)
            #expect(try await browser.get("/mail/stop/\(token)").body.contains("/mail/stop/"))
            #expect(try await world.count("SELECT count(*) FROM address_mark") == 0)
            #expect(try await browser.get("/mail/stop/\(String(token.reversed()))").status == 404)
            let pressed = try await browser.post("/mail/stop/\(token)", [("List-Unsubscribe", "One-Click")])
            #expect(pressed.status == 200 && pressed.body.contains("/mail/resume/"))
            #expect(try await world.count("SELECT count(*) FROM address_mark WHERE kind = 'do_not_contact'") == 1)
            #expect(try await world.count("SELECT count(*) FROM question_contact") == 0)
            #expect(try await world.messages()[0].state == .stopped)
            // A new letter from there is a question like any other; nothing is sent back, and no contact is kept.
            let second = try await world.take(LetterWorld.letter("Учаске қашан ашылады?"))
            #expect(second.outcome == .question)
            #expect(try await world.messages().count == 1)
            _ = try await world.answer(id)
            #expect(try await world.messages().count == 1)
            #expect(try await browser.post("/mail/resume/\(token)", []).status == 200)
            #expect(try await world.count("SELECT count(*) FROM address_mark WHERE kind = 'do_not_contact'") == 0)
        }
    }

    @Test("a flood from one address is stepped, one text from many is one question asked many times", arguments: Dialect.allCases)
    func flood(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            var outcomes: [TakeMail.Outcome: Int] = [:]
            for n in 0..<100 { outcomes[try await world.take(LetterWorld.letter("Сұрақ мәтіні № \(n)")).outcome, default: 0] += 1 }
            #expect(outcomes == [.question: 5, .limited: 95])
            for n in 0..<60 {
                #expect(try await world.take(LetterWorld.letter(from: "a\(n)@mail.kz", "Бір мәтін, жүз адам")).outcome == .question)
            }
            #expect(try await world.count("SELECT count(*) FROM question WHERE asked = 60") == 1)
            // Staff intake is as it was.
            try await world.world.question(1, "Далада жазылған сұрақ")
            #expect(try await world.world.faults() == [])
        }
    }

    @Test("a contact deleted on its term gets no letter that still waits", arguments: Dialect.allCases)
    func term(_ dialect: Dialect) async throws {
        try await LetterWorld.run(dialect) { world in
            let id = try #require(try await world.take(LetterWorld.letter("Қайда дауыс беремін?")).question)
            _ = try await world.answer(id)
            try await world.database.write { db in _ = try db.run("DELETE FROM question_contact") }
            for message in try await world.messages() { #expect(try await world.written(message) == nil) }
        }
    }

    @Test("nothing in a letter becomes markup or a header, wherever it is shown")
    func payloads() async throws {
        let payloads = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "<svg/onload=alert(1)>",
            "{{constructor}}", "[[app.name]]", "{{{body}}}", "\u{202E}gnp.exe", "\u{200B}<b>", "&lt;script&gt;alert(1)&lt;/script&gt;",
            "=cmd|' /C calc'!A0", "<a href=\"javascript:alert(1)\">x</a>",
        ]
        try await LetterWorld.run(.sqlite) { world in
            try await world.world.site.person("admin", role: "administrator")
            let browser = world.world.site.browser()
            try await browser.signIn("admin")
            for (n, payload) in payloads.enumerated() {
                let html = "From: \"\(payload)\" <x\(n)@mail.kz>\r\nSubject: \(payload)\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Сұрақ \(n): қайда? \(payload)</p>\r\n"
                let letters = [LetterWorld.letter(from: "\"\(payload.filter { $0 != "\"" })\" <y\(n)@mail.kz>", subject: payload, "Сұрақ \(n) қалай? \(payload)"), html]
                for letter in letters {
                    guard let id = try await world.take(letter).question else { continue }
                    let page = try await browser.get("/questions/\(id)")
                    #expect(page.status == 200)
                    for bad in ["<script>alert", "<img src=x", "<svg/onload", "href=\"javascript", "\u{202E}", "<b>"] {
                        #expect(!page.body.contains(bad), "\(payload) as \(bad)")
                    }
                    let list = try await browser.get("/questions?show=all")
                    #expect(!list.body.contains("<script>alert") && !list.body.contains("<img src=x"))
                }
            }
            #expect(try await world.count("SELECT count(*) FROM question") >= payloads.count)
        }
    }
}
