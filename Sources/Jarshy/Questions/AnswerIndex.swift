import JarshyKit
import Storage

/// What search knows of the answer bank: published texts, each in its languages, the question beside the answer.
enum AnswerIndex {
    static let space = "answers"

    static let source = SearchSource(
        space: space,
        count: { db in try db.value("SELECT count(*) FROM answer WHERE state = 'published'", as: Int.self) },
        ids: { after, limit, db in
            var sql: SQL = "SELECT id FROM answer WHERE state = 'published'"
            if let after { sql += " AND id > \(after)" }
            return try db.all(ID<Never>.self, sql + " ORDER BY id LIMIT \(limit)")
        },
        documents: { ids, db in try documents(ids.map { AnswerID($0) }, in: db) })

    /// Brings these answers up to date in the deed's own transaction: published ones are found at once, others no more.
    static func update(_ answers: [AnswerID], in db: any Writing) throws {
        try source.update(answers.map { ID<Never>($0) }, in: db)
    }

    private static func documents(_ answers: [AnswerID], in db: any Reading) throws -> [SearchDocument] {
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
}
