import JarshyKit

/// A letter as bytes (RFC 5322, RFC 2045): plain text in UTF-8, quoted-printable, with the headers that keep machines from
/// answering it and people able to stop it.
struct LetterText: Sendable {
    let letter: Letter
    let pass: Release.Pass
    let message: MailMessage
    let settings: MailSettings
    let key: [UInt8]
    let words: Words

    var stopURL: String { "\(settings.site)/mail/stop/\(LetterToken(message.id, .stop).text(key: key))" }

    func bytes(at now: Instant) -> [UInt8] {
        let sender = pass.organization.names[words.language]
        let reply = settings.from.tagged(LetterToken(message.id, .reply).tag(key: key))
        let headers = [
            ("From", "\(MimeText.phrase(sender)) <\(settings.from)>"), ("To", "<\(letter.address)>"),
            ("Reply-To", "<\(reply)>"), ("Subject", MimeText.phrase(letter.subject)), ("Date", MimeText.date(now)),
            ("Message-ID", "<\(message.id)@\(settings.from.domain)>"), ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable"),
            ("Content-Language", words.language.rawValue),
            ("Auto-Submitted", letter.isReply ? "auto-replied" : "auto-generated"), ("X-Auto-Response-Suppress", "All"),
            ("List-Unsubscribe", "<\(stopURL)>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
        let head = headers.map { name, value in "\(name): \(MimeText.line(value))\r\n" }.joined()
        return Array((head + "\r\n" + MimeText.quotedPrintable(body)).utf8)
    }

    /// The paragraphs, then the imprint, why this came, and how to stop it.
    var body: String {
        let foot = pass.lines(words) + ["", words("mail.why"), words("mail.stop", ["url": stopURL])]
        return letter.paragraphs.joined(separator: "\n\n") + "\n\n-- \n" + foot.joined(separator: "\n") + "\n"
    }
}

/// The spellings of mail.
enum MimeText {
    /// A header's value on one line, which may be folded: nothing in it can begin another header. Read scalar by scalar, since
    /// CR LF is one `Character`.
    static func line(_ text: String) -> String {
        let (all, fold, end) = (Array(text.unicodeScalars), Array("\r\n ".unicodeScalars), Array("\r\n".unicodeScalars))
        var out = String.UnicodeScalarView()
        var at = 0
        while at < all.count {
            if all[at...].starts(with: fold) {
                out.append(contentsOf: fold)
                at += fold.count
            } else if all[at...].starts(with: end) {
                out.append(" ")
                at += end.count
            } else {
                out.append(all[at].value < 0x20 || all[at].value == 0x7F ? " " : all[at])
                at += 1
            }
        }
        return String(out)
    }

    /// Text as an unstructured header or a display name: as it is when plain, else encoded words (RFC 2047) of at most 75
    /// characters, cut between characters and folded.
    static func phrase(_ text: String) -> String {
        let plain = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
            .trimmingSpaces()
        let isPlain = plain.utf8.count <= 60 && plain.utf8.allSatisfy { byte in
            byte == 0x20 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D
        }
        if isPlain { return plain }
        return pieces(plain).map { Self.encodedWord($0) }.joined(separator: "\r\n ")
    }

    /// At most 45 bytes each, cut between characters: where the base64 needs no padding, because some readers stop at it, and
    /// behind a space if there is one in the second half, because some show the seam.
    private static func pieces(_ text: String) -> [[UInt8]] {
        var (pieces, piece): ([[UInt8]], [UInt8]) = ([], [])
        var (cut, seam) = (0, 0)
        for character in text {
            let bytes = Array(String(character).utf8)
            if piece.count + bytes.count > 45, !piece.isEmpty {
                let end = seam > 22 ? seam : cut > 0 ? cut : piece.count
                pieces.append(Array(piece[..<end]))
                piece = Array(piece[end...])
                (cut, seam) = (0, 0)
            }
            piece += bytes
            guard piece.count.isMultiple(of: 3) else { continue }
            cut = piece.count
            if character == " " { seam = piece.count }
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }

    private static func encodedWord(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(base64(bytes))?=" }

    static func base64(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encoded(bytes).replacing("-", with: "+").replacing("_", with: "/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    /// Quoted-printable of text with line feeds: lines of at most 76 characters, ended by CR LF.
    static func quotedPrintable(_ text: String) -> String {
        var out = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            out += quoted(Array(line.utf8).filter { $0 != 13 }) + "\r\n"
        }
        // The last line feed ended a line; it did not begin one.
        return text.hasSuffix("\n") ? String(out.dropLast(1)) : out
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        var (out, width) = ("", 0)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isSpace = byte == 0x20 || byte == 0x09
            // A point or "From " at a line's start is changed on the way by some relays.
            let isRisky = width == 0 && (byte == 0x2E || byte == 0x46)
            let isPlain = (33...126).contains(byte) && byte != 0x3D && !isRisky || isSpace && !isLast
            let piece = isPlain ? String(decoding: [byte], as: UTF8.self) : "=" + Hex.encoded([byte]).uppercased()
            if width + piece.utf8.count > 75 {
                out += "=\r\n"
                width = 0
            }
            out += piece
            width += piece.utf8.count
        }
        return out
    }

    /// `Sun, 22 Nov 2026 10:00:00 +0500`
    static func date(_ now: Instant) -> String {
        let zone = Zone.kazakhstan
        let day = zone.day(at: now)
        let minute = zone.minuteOfDay(at: now)
        let second = (now.milliseconds / 1000) % 60
        let (year, month, date) = day.parts
        let offset = (zone.instant(day).milliseconds - Int64(day.number) * 86_400_000) / -60_000
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(names[day.weekday - 1]), \(date) \(months[month - 1]) \(year) \(two(minute / 60)):\(two(minute % 60)):\(two(Int(second))) "
            + "+\(two(Int(offset / 60)))\(two(Int(offset % 60)))"
    }
}
