import JarshyKit
import Storage

/// Answers of the bank that cite the library, for the library's own pages.
enum AnswerUse {
    static let use = LibraryUse(
        citing: { source, reader, db in try lines("s.source = \(source)", for: reader, in: db) },
        behind: { campaign, reader, db in try lines("a.campaign = \(campaign) AND \(behind)", for: reader, in: db) })

    /// The source, or a fact that is cited, is not any more what was read.
    private static let behind: SQL = """
        (o.version > s.source_version OR EXISTS (SELECT 1 FROM answer_fact c JOIN fact f ON f.id = c.fact
            WHERE c.answer = a.id AND f.source = o.id AND (f.version > c.fact_version OR o.version > f.source_version)))
        """

    /// Whoever may neither write nor approve the answer is led to what the public reads: its work page opens for nobody else.
    private static func lines(
        _ condition: SQL, for reader: LibraryUse.Reader, in db: any Reading
    ) throws -> [LibraryUse.Line] {
        try db.all(
            """
            SELECT a.id, t.question, t.body, a.language, \(behind), a.unit
            FROM answer_source s JOIN source o ON o.id = s.source JOIN answer a ON a.id = s.answer
                JOIN answer_text t ON t.answer = a.id AND t.language = a.language
            WHERE a.state = 'published' AND \(condition) ORDER BY 5 DESC, a.published_at, a.id LIMIT \(LibraryUse.most)
            """
        ) { row in
            let (id, question, body) = (try row.next(AnswerID.self), try row.next(String.self), try row.next(String.self))
            let (language, isBehind) = (try row.next(Language.self), try row.next(Bool.self))
            let mayWork = reader.holds([.answerQuestions, .approveAnswers], over: try row.next(UnitNo?.self))
            return LibraryUse.Line(
                title: question.isEmpty ? QuestionText.short(body, 90) : question, language: language,
                path: "/answers/\(id)" + (mayWork ? "/work" : ""), isBehind: isBehind)
        }
    }
}
