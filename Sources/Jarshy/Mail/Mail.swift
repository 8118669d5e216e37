import JarshyKit
import Storage

/// Letters: out through a relay, in from its pipe.
///
/// **Nouns.** A *message* is a letter on its way out, about a thing of some feature; the queue keeps neither its text nor its
/// address. A *letter* is the message written: by the feature's `LetterWriter`, at the moment it is sent, in the reader's
/// language. The *relay* is the mail server behind `--smtp`; it signs (DKIM) and carries on. A *token* proves that somebody
/// holds a letter of ours: one to write back, one for bounces, one to stop.
///
/// **States of a message.** waiting → sending → handed (the whole letter is with the relay, its answer is not known) → sent.
/// Back to waiting when the relay says "later" or nobody is there; failed when it says "no" or five days are over; stopped when
/// the gate says no for good or there is nothing to say any more; unsure when the answer to a handed letter was lost: then
/// nothing is sent again by itself, and a person decides. So a letter the relay accepted is never sent twice.
///
/// **Invariants.** Every attempt asks `ReleaseGate` anew, and once more when the last byte is about to go. No letter repeats a
/// word that a stranger wrote, but for the answer to the own question. Nothing is answered that a machine sent.
///
///     GET  /mail                       the queue: how many wait, what needs a person
///     POST /mail/{id}/again            send once more what is unsure or has failed
///     POST /mail/{id}/drop             do not send it
///     POST /mail/do-not-contact        an address that asked not to be written to
///     GET  /mail/stop/{token}          anybody with a letter: stop writing to me (a page; it changes nothing)
///     POST /mail/stop/{token}          stops, in one press (RFC 8058)
///     POST /mail/resume/{token}        takes it back
///     jarshy mail-in                   reads one letter from the relay's pipe
enum Mail {
    static func routes(_ site: inout Routes, writers: [any LetterWriter]) {
        MailPages.routes(&site)
        StopPages.routes(&site, writers: writers)
    }
}

/// How a server sends: the relay, in whose address, and where its pages are reached.
struct MailSettings: Sendable {
    /// `smtp://host:port` or `smtps://host:port`.
    let relay: String
    /// The address letters come from; what comes back to `local+…@domain` is piped into `jarshy mail-in`.
    let from: MailAddress
    /// `https://answers.example.kz`, without a slash at the end.
    let site: String
    var user: String?
    var password: String?
    var tls = TLS.whenOffered

    enum TLS: String, CaseIterable, Sendable {
        case never, whenOffered = "try", always
    }
}

/// A mail address in plain ASCII, as it may stand in an envelope and in a header.
struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    let local: String
    let domain: String

    init?(_ text: String) {
        let plain = text.trimmingSpaces()
        guard plain.utf8.count <= 254, plain.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
            let match = plain.wholeMatch(of: #/([^@<>"(),;:\\\[\]]{1,64})@([A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*)/#)
        else { return nil }
        local = String(match.1)
        domain = match.2.lowercased()
    }

    private init(local: String, domain: String) {
        self.local = local
        self.domain = domain
    }

    /// `answers+r7k3…@example.kz`
    func tagged(_ tag: String) -> MailAddress { MailAddress(local: "\(local)+\(tag)", domain: domain) }

    /// What stands behind the plus, when the rest is `own`.
    func tag(of own: MailAddress) -> String? {
        guard domain == own.domain, local.lowercased().hasPrefix(own.local.lowercased() + "+") else { return nil }
        return String(local.dropFirst(own.local.count + 1))
    }

    var description: String { "\(local)@\(domain)" }
}
