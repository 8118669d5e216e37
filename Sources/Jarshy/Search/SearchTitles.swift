import JarshyKit
import Storage

/// What found documents are called: the beginning of their first text, a question over its answer, a proposal's name over its words.
enum SearchTitles {
    /// By document and language; one statement for as many as a page shows.
    static func of(_ documents: [ID<Never>], in space: String, _ db: any Reading) throws -> [ID<Never>: [String: String]] {
        var titles: [ID<Never>: [String: String]] = [:]
        guard !documents.isEmpty else { return titles }
        try db.rows(
            """
            SELECT p.document, p.language, p.body FROM search_passage p JOIN search_space s ON s.no = p.space
            WHERE s.name = \(space) AND p.document IN \(documents) ORDER BY p.document, p.no
            """
        ) { row in
            let (document, language) = (try row.next(ID<Never>.self), try row.next(String.self))
            let body = try row.next(String.self)
            if titles[document]?[language] == nil { titles[document, default: [:]][language] = body }
            return true
        }
        return titles
    }
}
