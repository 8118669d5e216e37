import JarshyKit
import Storage

/// What search knows of residents' questions, for staff: the words of a head and of those joined to it, under the head.
/// Texts that may hold personal data are left out.
enum QuestionIndex {
    static let source = SearchSource(
        space: "questions",
        count: { db in try db.value("SELECT count(*) FROM question WHERE head = id", as: Int.self) },
        ids: { after, limit, db in
            var sql: SQL = "SELECT id FROM question WHERE head = id"
            if let after { sql += " AND id > \(after)" }
            return try db.all(ID<Never>.self, sql + " ORDER BY id LIMIT \(limit)")
        },
        documents: { ids, db in try documents(ids, in: db) })

    /// Different wordings of one question that are kept; the next ones bring no new words.
    private static let mostTexts = 20

    /// These questions say something else now, or stand elsewhere.
    static func changed(_ questions: [QuestionID], at now: Instant, in db: any Writing) throws {
        try SearchPending.add(questions.map { ID<Never>($0) }, space: source.space, at: now, in: db)
    }

    /// Which of these heads somebody may open.
    static func opens(
        _ heads: [ID<Never>], by actor: Actor?, at now: Instant, in db: any Reading
    ) throws -> Set<ID<Never>> {
        guard let actor else { return [] }
        let scope = try QuestionScope(actor, at: now, in: db)
        var opened: Set<ID<Never>> = []
        for chunk in Padded.chunks(heads) {
            let questions = try db.all(Question.self, where: "FROM question q WHERE q.id IN \(chunk)")
            opened.formUnion(questions.filter(scope.sees).map { ID<Never>($0.id) })
        }
        return opened
    }

    private static func documents(_ heads: [ID<Never>], in db: any Reading) throws -> [SearchDocument] {
        var documents: [ID<Never>: SearchDocument] = [:]
        for chunk in Padded.chunks(heads) {
            let rows = try db.all(
                """
                SELECT h.id, h.language, h.unit, q.body FROM question h JOIN question q ON q.head = h.id
                WHERE h.head = h.id AND h.id IN \(chunk) AND NOT q.personal ORDER BY h.id, q.asked_at, q.id
                """
            ) { row in
                (head: try row.next(ID<Never>.self), language: try row.next(String.self), unit: try row.next(UnitNo.self),
                 body: try row.next(String.self))
            }
            for row in rows {
                var document = documents[row.head] ?? SearchDocument(
                    id: row.head, language: row.language, unit: row.unit, texts: [])
                if document.texts.count < mostTexts, !document.texts.contains(row.body) { document.texts.append(row.body) }
                documents[row.head] = document
            }
        }
        return heads.compactMap { documents[$0] }
    }
}
