import JarshyKit
import Testing

@testable import Jarshy

/// Reading letters as they really come.
@Suite("Reading letters")
struct IncomingMailTests {
    private static func read(_ lines: [String]) throws -> IncomingMail {
        try #require(IncomingMail(Array(lines.joined(separator: "\r\n").utf8)))
    }

    @Test func `the text is found among alternatives and attachments, in its alphabet`() throws {
        let mail = try Self.read([
            "From: =?windows-1251?Q?=C0=E9=E3=F3=EB?= <AIGUL@mail.kz>", "To: \"Жауап\" <answers+rabc@example.kz>, other@example.kz",
            "Subject: =?koi8-r?B?98/Q0s/T?=", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=o", "", "--o",
            "Content-Type: multipart/alternative; boundary=i", "", "--i", "Content-Type: text/html; charset=utf-8", "", "<b>HTML</b>",
            "--i", "Content-Type: text/plain; charset=windows-1251", "Content-Transfer-Encoding: base64", "", "w+Tl5+DCIHJlIOPu6+7x7uLg8vw/",
            "--i--", "--o", "Content-Type: image/png; name=\"<script>.png\"", "Content-Disposition: attachment", "", "x", "--o--", "",
        ])
        #expect(mail.from?.description == "AIGUL@mail.kz" && mail.subject == "Вопрос" && mail.attachments == 1)
        #expect(mail.text.hasSuffix("голосовать?") && !mail.isAutomatic)
        #expect(mail.recipients.map(\.description) == ["answers+rabc@example.kz", "other@example.kz"])
    }

    @Test(arguments: [
        // "Қазақстан " and "Республикасы" in base64, the first with padding, which GMime would stop at.
        ("=?UTF-8?B?0prQsNC30LDSm9GB0YLQsNC9IA==?=\r\n =?UTF-8?B?0KDQtdGB0L/Rg9Cx0LvQuNC60LDRgdGL?=", "Қазақстан Республикасы"),
        ("=?utf-8?Q?=D0=90?= =?utf-8?Q?=D0=91?=", "АБ"), ("Re:  two words", "Re:  two words"), ("=?utf-8?B?0JA=?= and more", "А and more"),
        ("", ""),
    ])
    func `a subject in several encoded words is read to its end`(header: String, subject: String) throws {
        #expect(try Self.read(["From: a@b.kz", "Subject: \(header)", "", "x"]).subject == subject)
    }

    @Test func `HTML alone is read as its words`() throws {
        let mail = try Self.read([
            "From: a@b.kz", "Content-Type: text/html; charset=utf-8", "",
            "<html><head><title>T</title><style>p{}</style></head><body><!-- x --><p>Қайда&nbsp;дауыс<br>беремін?</p><script>alert(1)</script>",
            "<div>1 &lt; 2 &amp; &#1178;</div></body></html>",
        ])
        #expect(mail.text.replacing(#/\s+/#, with: " ") == "Қайда дауыс беремін? 1 < 2 & Қ")
        #expect(!mail.text.contains("alert") && !mail.text.contains("p{}"))
    }

    @Test func `quotations and signatures are left out`() {
        #expect(QuotedText.own("Саран\n\nOn Mon, X wrote:\n> Қай қала?\n> x") == "Саран")
        #expect(QuotedText.own("Сұрақ:\nқайда?\n-- \nАты") == "Сұрақ:\nқайда?")
        #expect(QuotedText.own("> бәрі дәйексөз") == "")
    }

    @Test func `a letter without end, without parts, without sense does no harm`() {
        #expect(IncomingMail([]) == nil)
        for text in ["x", "\0\0\0", "From:", "Content-Type: multipart/mixed; boundary=a\n\n--a\n--a\n--a", String(repeating: "a: b\n", count: 20_000)] {
            let mail = IncomingMail(Array(text.utf8))
            #expect(mail == nil || mail?.from == nil)
        }
        // Parts in parts in parts.
        var deep = "From: a@b.kz\nMIME-Version: 1.0\n"
        for n in 0..<2000 { deep += "Content-Type: multipart/mixed; boundary=b\(n)\n\n--b\(n)\n" }
        #expect(IncomingMail(Array((deep + "Content-Type: text/plain\n\nend").utf8))?.from?.description == "a@b.kz")
        let many = "From: a@b.kz\nContent-Type: multipart/mixed; boundary=b\n\n"
            + String(repeating: "--b\nContent-Type: image/png\n\nx\n", count: 5000) + "--b--\n"
        #expect((IncomingMail(Array(many.utf8))?.attachments ?? 0) <= IncomingMail.mostParts)
    }

    @Test func `random bytes and broken letters never stop the reader`() {
        for seed in 1...UInt64(60) {
            var random = Seeded(seed)
            let base = Array("From: a@b.kz\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.0.0\r\n\r\n--b\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=D0=D1\r\n--b--\r\n".utf8)
            var bytes = base
            for _ in 0..<(1 + Int(random.next() % 30)) {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                default: bytes.insert(contentsOf: bytes.prefix(Int(random.next() % 40)), at: at)
                }
            }
            let mail = IncomingMail(bytes)
            #expect((mail?.text.utf8.count ?? 0) <= bytes.count * 3, "seed \(seed)")
        }
    }
}
