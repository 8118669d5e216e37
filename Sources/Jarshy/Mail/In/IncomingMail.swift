import CMime
import JarshyKit

/// A letter that came in, as far as anybody may know of it: who wrote, what was written, what kind of machine may have sent it.
/// Read with GMime; of attachments only their number is taken.
struct IncomingMail: Sendable {
    /// The writer's mailbox; nil for none and for what is no plain address.
    let from: MailAddress?
    /// To whom it was sent, as its headers say.
    let recipients: [MailAddress]
    let subject: String
    /// The text, without what was quoted and without a signature.
    let text: String
    let attachments: Int
    /// A machine says that it sent this, or the marks of one are there (RFC 3834).
    let isAutomatic: Bool
    /// What a report on a delivery says.
    let report: DeliveryReport?

    /// What a mail server tells of a letter that did not arrive (RFC 3464).
    struct DeliveryReport: Sendable, Hashable {
        /// `failed`, `delayed`, `delivered` …
        let action: String
        /// `5.1.1`
        let status: String

        /// The address does not take letters, now and later.
        var isFinal: Bool { action == "failed" && status.hasPrefix("5") }
    }

    static let mostBytes = 1 << 20
    static let mostParts = 200

    /// - Parameter bytes: of a longer letter the first `mostBytes`, in which its text stands.
    /// - Returns: nil for what is no letter at all.
    init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, IncomingMail.isReady else { return nil }
        var kept = bytes.prefix(Self.mostBytes).map { CChar(bitPattern: $0) }
        let parsed = kept.withUnsafeMutableBufferPointer { cmime_message($0.baseAddress, $0.count) }
        guard let message = parsed else { return nil }
        defer { cmime_free(message) }
        func header(_ name: String) -> String { cmime_header(message, name).map { Self.text($0) } ?? "" }

        from = cmime_mailbox(g_mime_message_get_from(message)).flatMap { MailAddress(Self.text($0)) }
        recipients = ["X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc"].flatMap { name in
            Self.addresses(header(name))
        }
        subject = cmime_raw_header(message, "Subject").map { Self.decoded(Self.text($0)) } ?? ""
        var parts = MailParts()
        if let root = cmime_root(message) { parts.read(root) }
        attachments = parts.attachments
        report = parts.report
        text = QuotedText.own(parts.plain ?? parts.html.map(HtmlText.plain) ?? "")
        let suppress = header("Auto-Submitted").lowercased()
        isAutomatic = !suppress.isEmpty && !suppress.hasPrefix("no") || ["bulk", "junk", "list"].contains(header("Precedence").lowercased())
            || ["List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "Feedback-ID"].contains { !header($0).isEmpty }
            || Self.isNobody(header("Return-Path").trimmingSpaces().lowercased()) || parts.isReport
            || ["mailer-daemon", "postmaster", "noreply", "no-reply"].contains(from?.local.lowercased() ?? "")
    }

    private static let isReady: Bool = {
        g_mime_init()
        return true
    }()

    /// The null sender of reports and automatic replies, also as postfix's pipe spells it.
    private static func isNobody(_ returnPath: String) -> Bool {
        returnPath == "<>" || ["<mailer-daemon>", "mailer-daemon"].contains(returnPath) || returnPath.hasPrefix("<mailer-daemon@")
    }

    static func text(_ bytes: UnsafePointer<CChar>) -> String { String(cString: bytes) }

    /// Encoded words (RFC 2047) read. GMime 3.2 puts the base64 of words that follow each other together and stops at the first
    /// padding, so behind a padded word a new reading begins.
    static func decoded(_ header: String) -> String {
        var (parts, part, gap): ([[UInt8]], [UInt8], [UInt8]) = ([], [], [])
        for byte in header.utf8 {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                gap.append(0x20)
                continue
            }
            if byte == UInt8(ascii: "="), !gap.isEmpty, part.suffix(3).elementsEqual("=?=".utf8) {
                parts.append(part)
                part = []
            } else {
                part += gap
            }
            part.append(byte)
            gap = []
        }
        return (parts + [part]).map { bytes in
            guard let read = g_mime_utils_header_decode_text(nil, String(decoding: bytes, as: UTF8.self)) else { return "" }
            defer { g_free(read) }
            return text(read)
        }.joined().trimmingSpaces()
    }

    /// The mailboxes that stand in a header.
    private static func addresses(_ header: String) -> [MailAddress] {
        header.split(whereSeparator: { ",;".contains($0) }).prefix(50).compactMap { piece in
            let inner = piece.split(separator: "<").last?.split(separator: ">").first
            return MailAddress(String(inner ?? piece))
        }
    }
}

/// A walk over the parts of a letter.
private struct MailParts {
    var plain: String?
    var html: String?
    var attachments = 0
    var report: IncomingMail.DeliveryReport?
    var isReport = false
    private var seen = 0

    init() {}

    mutating func read(_ part: UnsafeMutablePointer<GMimeObject>, depth: Int = 0) {
        seen += 1
        guard seen <= IncomingMail.mostParts, depth < 20 else { return }
        let count = cmime_children(part)
        let (type, subtype) = (Self.word(cmime_type(part)), Self.word(cmime_subtype(part)))
        if count >= 0 {
            if subtype == "report" { isReport = true }
            for index in 0..<max(0, count) {
                if let child = cmime_child(part, index) { read(child, depth: depth + 1) }
            }
            return
        }
        if type == "message" {
            if subtype == "delivery-status" || subtype == "global-delivery-status" { report = Self.status(part) ?? report }
            return
        }
        guard type == "text", cmime_is_attachment(part) == 0, let bytes = cmime_text(part) else {
            attachments += 1
            return
        }
        defer { g_free(bytes) }
        let text = IncomingMail.text(bytes)
        if subtype == "html" { html = html ?? text } else if subtype == "plain" { plain = plain ?? text } else { attachments += 1 }
    }

    private static func word(_ bytes: UnsafePointer<CChar>?) -> String {
        bytes.map { IncomingMail.text($0).lowercased() } ?? ""
    }

    /// The fields of the first recipient told of.
    private static func status(_ part: UnsafeMutablePointer<GMimeObject>) -> IncomingMail.DeliveryReport? {
        var length = 0
        guard let bytes = cmime_bytes(part, &length) else { return nil }
        defer { g_free(bytes) }
        var (action, status) = ("", "")
        for line in IncomingMail.text(bytes).split(whereSeparator: \.isNewline) {
            let halves = line.split(separator: ":", maxSplits: 1).map { String($0).trimmingSpaces().lowercased() }
            guard halves.count == 2 else { continue }
            if halves[0] == "action", action.isEmpty { action = halves[1] }
            if halves[0] == "status", status.isEmpty { status = halves[1] }
        }
        return action.isEmpty ? nil : IncomingMail.DeliveryReport(action: action, status: status)
    }
}
