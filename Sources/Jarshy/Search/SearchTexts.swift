import JarshyKit
import Storage

/// What found documents say, in each of their languages, passage by passage. The first is what they are called: a question
/// over its answer, a proposal's name over its words.
struct SearchTexts: Sendable {
    private var passages: [ID<Never>: [String: [String]]] = [:]

    init() {}

    /// One statement for as many as a page shows.
    init(_ documents: [ID<Never>], in space: String, _ db: any Reading) throws {
        guard !documents.isEmpty else { return }
        try db.rows(
            """
            SELECT p.document, p.language, p.body FROM search_passage p JOIN search_space s ON s.no = p.space
            WHERE s.name = \(space) AND p.document IN \(documents) ORDER BY p.document, p.no
            """
        ) { row in
            let (document, language) = (try row.next(ID<Never>.self), try row.next(String.self))
            passages[document, default: [:]][language, default: []].append(try row.next(String.self))
            return true
        }
    }

    struct Said: Sendable {
        let title: String
        let text: String
        let language: String
    }

    /// - Parameters:
    ///   - text: the passage that was found.
    ///   - found: its language.
    /// - Returns: the title and the passage that was found; in the reader's language, where there is one, the passage of it
    ///   that has most of the words asked.
    func said(
        _ document: ID<Never>?, _ text: String, _ found: String, by question: SearchQuestion, for reader: Language
    ) -> Said {
        guard let document, let own = passages[document]?[found]?.first else { return Said(title: text, text: text, language: found) }
        guard found != reader.rawValue, let other = passages[document]?[reader.rawValue], let title = other.first else {
            return Said(title: own, text: text, language: found)
        }
        // What was found by its title is shown by its title.
        if own == text || other.count == 1 { return Said(title: title, text: title, language: reader.rawValue) }
        let words = SearchWords()
        var best = (text: other[1], count: -1)
        for passage in other.dropFirst() {
            let terms = SearchTerms(passage, words).stems
            let count = question.words.filter { word in (word.forms + word.kin).contains { terms[$0] != nil } }.count
            if count > best.count { best = (passage, count) }
        }
        return Said(title: title, text: best.text, language: reader.rawValue)
    }
}
