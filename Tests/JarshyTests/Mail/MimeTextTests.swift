import JarshyKit
import Testing

@testable import Jarshy

/// The spellings of mail, read back by another reader: GMime.
@Suite("Letters as bytes")
struct MimeTextTests {
    @Test func `a subject of any length and alphabet comes back as it was, in lines of 78`() throws {
        for subject in [
            "Answer", "Сұрағыңызға жауап", String(repeating: "Қазақстан Республикасы ", count: 12), "😀 емодзи мен \"тырнақша\"",
        ] {
            let header = MimeText.line(MimeText.phrase(subject))
            for line in header.split(separator: "\r\n") { #expect(line.utf8.count <= 78) }
            let mail = IncomingMail(Array("From: a@b.kz\r\nSubject: \(header)\r\n\r\nx\r\n".utf8))
            #expect(mail?.subject == subject.trimmingSpaces())
        }
    }

    @Test func `no value begins another header`() {
        let header = MimeText.line(MimeText.phrase("a\r\nBcc: x@y.kz\n\nbody"))
        #expect(!header.contains("\nBcc") && !header.contains("\n\n"))
        #expect(MimeText.line("a\r\nBcc: x") == "a Bcc: x" && MimeText.line("a\nBcc: x") == "a Bcc: x")
        #expect(!MimeText.line("a\rBcc: x").contains("\r"))
    }

    @Test func `quoted-printable comes back as it was, in lines of 76, with no line a relay could change`() throws {
        let text = "Сәлеметсіз бе!\n\n.нүкте\n.\nFrom here\nсоңында бос орын \n=\n" + String(repeating: "ұзын жол ", count: 40) + "\n"
        let coded = MimeText.quotedPrintable(text)
        for line in coded.split(separator: "\r\n") {
            #expect(line.utf8.count <= 76 && line.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
            #expect(!line.hasPrefix(".") && !line.hasPrefix("From ") && line.last != " ")
        }
        let head = "From: a@b.kz\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        let mail = try #require(IncomingMail(Array((head + coded).utf8)))
        #expect(mail.text == text.trimmingSpaces())
    }

    @Test func `the date is local, with its offset`() {
        #expect(MimeText.date(Instant(milliseconds: 1_771_009_199_000)) == "Fri, 13 Feb 2026 23:59:59 +0500")
        #expect(MimeText.date(Instant(milliseconds: 1_771_009_200_000)) == "Sat, 14 Feb 2026 00:00:00 +0500")
    }

    @Test func `a token is taken only whole, for its purpose and under its key`() {
        let (key, other) = (Array(repeating: UInt8(1), count: 32), Array(repeating: UInt8(2), count: 32))
        let id = MailID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        let text = LetterToken(id, .stop).text(key: key)
        #expect(text.utf8.count == LetterToken.length)
        #expect(LetterToken(text.uppercased(), .stop, key: key)?.message == id)
        #expect(LetterToken(text, .reply, key: key) == nil && LetterToken(text, .stop, key: other) == nil)
        #expect(LetterToken(String(text.dropLast()), .stop, key: key) == nil)
        var letters = Array(text)
        letters[3] = letters[3] == "a" ? "b" : "a"
        #expect(LetterToken(String(letters), .stop, key: key) == nil)
        #expect(LetterToken.read(tag: LetterToken(id, .bounce).tag(key: key), key: key)?.purpose == .bounce)
        #expect(MailAddress("answers@example.kz")!.tagged(LetterToken(id, .reply).tag(key: key)).local.utf8.count <= 64)
    }

    @Test func `addresses that could break an envelope are none`() {
        for text in ["a b@c.kz", "a@b.kz\r\nRCPT TO:<x@y.kz>", "<a@b.kz>", "a@", "@b.kz", "a@b.kz,c@d.kz", "a\"b@c.kz", "қ@b.kz"] {
            #expect(MailAddress(text) == nil, "\(text)")
        }
        let own = MailAddress("answers@example.kz")!
        #expect(MailAddress("Answers+rABC@Example.kz")?.tag(of: own) == "rABC")
        #expect(MailAddress("other+rABC@example.kz")?.tag(of: own) == nil)
    }
}
