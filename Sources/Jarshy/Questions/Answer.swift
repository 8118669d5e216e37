import JarshyKit
import Storage

enum AnswerMark {}
typealias AnswerID = ID<AnswerMark>

/// An answer of the bank: texts in one to three languages, each approved by a second person, resting on sources.
///
/// The bank is public. An answer is `draft` until its first text is approved, then `published`; `withdrawn` it is shown to
/// nobody but stays. A correction is a new version with its reason and day; the old text can be read for ever.
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

/// Every SELECT of answers.
enum AnswerRows {
    static let pageSize = 30

    static func find(_ id: AnswerID, in db: any Reading) throws -> Answer? {
        try db.first(Answer.self, where: Answer.from + "WHERE a.id = \(id)")
    }

    static func find(for question: QuestionID, in db: any Reading) throws -> Answer? {
        try db.first(Answer.self, where: Answer.from + "WHERE a.question = \(question)")
    }

    /// Published answers by the head they serve.
    static func published(for heads: Set<QuestionID>, in db: any Reading) throws -> [QuestionID: Answer] {
        var found: [QuestionID: Answer] = [:]
        for chunk in Padded.chunks(heads.sorted()) {
            let answers = try db.all(
                Answer.self, where: Answer.from + "WHERE a.state = 'published' AND a.question IN \(chunk)")
            for answer in answers { if let question = answer.question { found[question] = answer } }
        }
        return found
    }

    /// The latest version each asker was told.
    static func told(_ questions: [QuestionID], in db: any Reading) throws -> [QuestionID: Int64] {
        var told: [QuestionID: Int64] = [:]
        for chunk in Padded.chunks(questions.sorted()) {
            try db.rows("SELECT question, max(version) FROM answer_told WHERE question IN \(chunk) GROUP BY question") { row in
                told[try row.next()] = try row.next(Int64.self)
                return true
            }
        }
        return told
    }

    static func texts(of answers: [AnswerID], in db: any Reading) throws -> [AnswerID: [Answer.Text]] {
        var texts: [AnswerID: [Answer.Text]] = [:]
        for chunk in Padded.chunks(answers.sorted()) {
            try db.rows(
                "SELECT answer, language, version, based_on, question, body, at FROM answer_text WHERE answer IN \(chunk)"
            ) { row in
                texts[try row.next(), default: []].append(
                    Answer.Text(
                        language: try row.next(), version: try row.next(), basedOn: try row.next(),
                        question: try row.next(), body: try row.next(), at: try row.next()))
                return true
            }
        }
        return texts
    }

    static func sources(of answers: [AnswerID], in db: any Reading) throws -> [AnswerID: [Answer.Source]] {
        var sources: [AnswerID: [Answer.Source]] = [:]
        for chunk in Padded.chunks(answers.sorted()) {
            try db.rows(
                """
                SELECT s.answer, s.title, s.url, s.day, s.source, s.source_version, o.version
                FROM answer_source s LEFT JOIN source o ON o.id = s.source
                WHERE s.answer IN \(chunk) ORDER BY s.answer, s.position
                """
            ) { row in
                sources[try row.next(), default: []].append(
                    Answer.Source(
                        title: try row.next(), url: try row.next(), day: try row.next(), source: try row.next(),
                        read: try row.next(), stands: try row.next()))
                return true
            }
        }
        return sources
    }

    static func versions(of answer: AnswerID, in db: any Reading) throws -> [Answer.Version] {
        try db.all(
            """
            SELECT language, version, body, reason, author, approver, at FROM answer_version
            WHERE answer = \(answer) ORDER BY at DESC, version DESC, language
            """
        ) { row in
            Answer.Version(
                language: try row.next(), version: try row.next(), body: try row.next(), reason: try row.next(),
                author: try row.next(), approver: try row.next(), at: try row.next())
        }
    }

    static func drafts(of answer: AnswerID, in db: any Reading) throws -> [Answer.Draft] {
        try db.all(
            "SELECT language, question, body, reason, author, at FROM answer_draft WHERE answer = \(answer) ORDER BY at"
        ) { row in
            Answer.Draft(
                language: try row.next(), question: try row.next(), body: try row.next(), reason: try row.next(),
                author: try row.next(), at: try row.next())
        }
    }
}

extension Answer {
    /// Whose rights decide about it: its unit's, or the whole tree's for what belongs to none.
    func home(in tree: Tree) throws -> UnitNo {
        guard let home = unit ?? tree.root else { throw Problem.notFound("answer") }
        return home
    }
}

extension [Answer.Text] {
    /// The text for a reader: in the language, else the first one, else any; with `isOld` when a translation is behind.
    func chosen(_ language: Language, of answer: Answer) -> (text: Answer.Text, isOld: Bool)? {
        let text = first { $0.language == language } ?? first { $0.language == answer.language } ?? first
        return text.map { ($0, $0.language != answer.language && $0.basedOn < answer.version) }
    }
}
