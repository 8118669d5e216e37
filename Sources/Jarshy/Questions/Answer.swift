import JarshyKit
import Storage

enum AnswerMark {}
typealias AnswerID = ID<AnswerMark>

/// An answer of the bank: texts in one to three languages, each approved by a second person, resting on sources.
///
/// The bank is public. An answer is `draft` until its first text is approved, then `published`; `withdrawn`, its text is shown
/// to residents no more, but the reason is, and the question is open again. A correction is a new version with its reason and
/// day; the old text can be read for ever.
struct Answer: Sendable {
    let id: AnswerID
    /// Nil for what was imported for all campaigns.
    let campaign: CampaignNo?
    let unit: UnitNo?
    /// The head it answers; nil for what was prepared or imported.
    let question: QuestionID?
    let topic: String?
    let externalID: String?
    /// The language it was first written in; the others are translations of it.
    let language: Language
    let state: State
    let version: Int64
    let author: PersonID
    let approver: PersonID?
    let imported: Bool
    let prepared: Bool
    let helped: Int64
    let unhelped: Int64
    let publishedAt: Instant?
    let changedAt: Instant
    /// How many asked; 0 for what nobody asked here.
    let asked: Int64

    enum State: String, Stored, Sendable {
        case draft, published, withdrawn
    }

    struct Text: Sendable {
        let language: Language
        let version: Int64
        let basedOn: Int64
        let question: String
        let body: String
        let at: Instant
    }

    struct Source: Sendable, Hashable {
        let title: String
        let url: String
        let day: Day?
        let source: SourceID?
        /// The version of the source that was read, and the one that stands.
        let read: Int64?
        let stands: Int64?
        /// SHA-256 of the library's latest archived copy of it.
        let sha256: [UInt8]?

        /// The source has changed since the answer was written.
        var hasChanged: Bool { (stands ?? 0) > (read ?? 0) }
    }

    struct Version: Sendable {
        let language: Language
        let version: Int64
        let body: String
        let reason: String
        let author: PersonID
        let approver: PersonID?
        let at: Instant
    }

    /// Why it was taken back, and when.
    struct Withdrawal: Sendable {
        let version: Int64
        let reason: String
        let at: Instant
    }

    struct Draft: Sendable {
        let language: Language
        let question: String
        let body: String
        let reason: String
        let author: PersonID
        let at: Instant
    }
}

extension Answer: Decodable {
    static let columns: SQL = """
        a.id, a.campaign, a.unit, a.question, a.topic, a.external_id, a.language, a.state, a.version, a.author, a.approver,
            a.imported, a.prepared, a.helped, a.unhelped, a.published_at, a.changed_at, coalesce(q.asked, 0)
        """

    /// What every SELECT of answers begins with.
    static let from: SQL = "FROM answer a LEFT JOIN question q ON q.id = a.question "

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        question = try row.next()
        topic = try row.next()
        externalID = try row.next()
        language = try row.next()
        state = try row.next()
        version = try row.next()
        author = try row.next()
        approver = try row.next()
        imported = try row.next()
        prepared = try row.next()
        helped = try row.next()
        unhelped = try row.next()
        publishedAt = try row.next()
        changedAt = try row.next()
        asked = try row.next()
    }
}

extension Answer {
    /// What stands is translated and corrected. What was withdrawn is answered anew at its question; where nobody asked it,
    /// here.
    var mayBeRewritten: Bool { state == .published || (state == .withdrawn && question == nil) }

    /// Whose rights decide about it: its unit's, or the whole tree's for what belongs to none.
    func home(in tree: Tree) throws -> UnitNo {
        guard let home = unit ?? tree.root else { throw Problem.notFound("answer") }
        return home
    }
}

extension [Language: Int64] {
    /// An asker who was told these versions has heard what this text says.
    func holds(_ text: Answer.Text) -> Bool { (self[text.language] ?? 0) >= text.version }
}

extension [Answer.Text] {
    /// The text for a reader: in the language, else the first one, else any; with `isOld` when a translation is behind.
    func chosen(_ language: Language, of answer: Answer) -> (text: Answer.Text, isOld: Bool)? {
        let text = first { $0.language == language } ?? first { $0.language == answer.language } ?? first
        return text.map { ($0, $0.language != answer.language && $0.basedOn < answer.version) }
    }
}
