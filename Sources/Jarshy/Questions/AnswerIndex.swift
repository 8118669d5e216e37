import JarshyKit
import Storage

/// What search knows of the answer bank: published texts, each in its languages, the question beside the answer.
enum AnswerIndex {
    static let space = "answers"

    /// Brings these answers up to date in the deed's own transaction: published ones are found at once, others no more.
    static func update(_ answers: [AnswerID], in db: any Writing) throws {
        guard !answers.isEmpty else { return }
        let index = try SearchIndex(space, in: db)
        for start in stride(from: 0, to: answers.count, by: batch) {
            let some = Array(answers[start..<min(start + batch, answers.count)])
            let documents = try documents(some, in: db)
            try index.remove(some.map { ID<Never>($0) })
            try index.put(documents)
        }
        try index.flush()
    }

    private static let batch = 512

    static func documents(_ answers: [AnswerID], in db: any Reading) throws -> [SearchDocument] {
        let texts = try AnswerRows.texts(of: answers, in: db)
        var documents: [SearchDocument] = []
        for chunk in Padded.chunks(answers) {
            let published = try db.all(
                "SELECT id, coalesce(external_id, ''), unit FROM answer WHERE state = 'published' AND id IN \(chunk)"
            ) { row in (id: try row.next(AnswerID.self), external: try row.next(String.self), unit: try row.next(UnitNo?.self)) }
            for answer in published {
                for text in texts[answer.id] ?? [] {
                    documents.append(
                        SearchDocument(
                            id: ID<Never>(answer.id), external: answer.external, language: text.language.rawValue,
                            unit: answer.unit ?? .none, isOpen: true, texts: [text.question, text.body].filter { !$0.isEmpty }))
                }
            }
        }
        return documents
    }

    /// Every published answer, in the order of ids, for building the index anew.
    static func all(after: AnswerID?, limit: Int, in db: any Reading) throws -> [AnswerID] {
        var sql: SQL = "SELECT id FROM answer WHERE state = 'published'"
        if let after { sql += " AND id > \(after)" }
        return try db.all(AnswerID.self, sql + " ORDER BY id LIMIT \(limit)")
    }
}
