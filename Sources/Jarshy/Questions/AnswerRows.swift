import JarshyKit
import Storage

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

    /// The latest version each asker was told, by the language of the text.
    static func told(_ questions: [QuestionID], in db: any Reading) throws -> [QuestionID: [Language: Int64]] {
        var told: [QuestionID: [Language: Int64]] = [:]
        for chunk in Padded.chunks(questions.sorted()) {
            try db.rows(
                "SELECT question, language, max(version) FROM answer_told WHERE question IN \(chunk) GROUP BY question, language"
            ) { row in
                let question = try row.next(QuestionID.self)
                told[question, default: [:]][try row.next(Language.self)] = try row.next(Int64.self)
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
                SELECT s.answer, s.title, s.url, s.day, s.source, s.source_version, o.version, o.sha256
                FROM answer_source s LEFT JOIN source o ON o.id = s.source
                WHERE s.answer IN \(chunk) ORDER BY s.answer, s.position
                """
            ) { row in
                sources[try row.next(), default: []].append(
                    Answer.Source(
                        title: try row.next(), url: try row.next(), day: try row.next(), source: try row.next(),
                        read: try row.next(), stands: try row.next(), sha256: try row.next(Blob?.self)?.bytes))
                return true
            }
        }
        return sources
    }

    /// The facts an answer cites, as they were read; `newest` is the version that stands.
    static func facts(of answer: AnswerID, in db: any Reading) throws -> [Fact] {
        try db.all(
            Fact.self,
            where: """
                FROM answer_fact c JOIN fact f ON f.id = c.fact JOIN source s ON s.id = f.source
                    JOIN fact_version v ON v.fact = f.id AND v.version = c.fact_version
                WHERE c.answer = \(answer) ORDER BY f.id
                """)
    }

    /// What a text that waits is to rest on; empty when it changes no sources.
    static func draftSources(of answer: AnswerID, _ language: Language, in db: any Reading) throws -> [NamedSource] {
        try db.all(
            """
            SELECT title, url, day, source, source_version, fact, fact_version FROM answer_draft_source
            WHERE answer = \(answer) AND language = \(language) ORDER BY position
            """
        ) { row in
            NamedSource(
                title: try row.next(), url: try row.next(), day: try row.next(), source: try row.next(),
                sourceVersion: try row.next(), fact: try row.next(), factVersion: try row.next())
        }
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

    /// Why what stood last was taken back; nil for what stands, or never stood.
    static func withdrawal(of answer: Answer, in db: any Reading) throws -> Answer.Withdrawal? {
        guard answer.state != .published else { return nil }
        return try db.first(
            "SELECT version, reason, at FROM answer_withdrawal WHERE answer = \(answer.id) AND version = \(answer.version)"
        ) { row in Answer.Withdrawal(version: try row.next(), reason: try row.next(), at: try row.next()) }
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
