import JarshyKit
import Storage

/// A letter written: what the relay gets, but for its headers and the lines under it.
struct Letter: Sendable {
    let address: MailAddress
    let subject: String
    let paragraphs: [String]
    let item: Release.Item
    /// An automatic reply to a letter that came in: it has no way back for bounces, so that two machines cannot talk.
    var isReply = false
}

/// What a letter is written with.
struct LetterDesk: Sendable {
    let words: Words
    /// `https://answers.example.kz`
    let site: String
}

/// How a feature writes its letters. It is asked when the letter is sent, so it tells what stands then.
protocol LetterWriter: Sendable {
    var kinds: Set<String> { get }

    /// - Returns: nil when there is nothing to say any more: the contact was deleted, the answer taken back.
    func letter(_ message: MailMessage, desk: LetterDesk, in db: any Reading) throws -> Letter?

    /// The relay has accepted it.
    func sent(_ message: MailMessage, at now: Instant, in db: any Writing) throws

    /// A reply to one of its letters came in: it is kept where somebody reads it.
    /// - Returns: false where it belongs to nothing that is open to it; then it is taken as a question of its own.
    func replied(_ body: String, to message: MailMessage, at now: Instant, in db: any Writing) throws -> Bool

    /// The reader asked for no more letters: what is kept of the address goes.
    func stopped(_ message: MailMessage, at now: Instant, in db: any Writing) throws
}
