import JarshyKit

/// One thing that was found: found in any language, shown in the reader's where it is written in it.
struct SearchLine: PageModel {
    let resultURL: String
    let lang: String
    let start: String
    let rest: String
    let hasRest: Bool
    let marks: [StateMark]
    let isMarked: Bool

    /// What fits into a link.
    private static let longest = 110

    init(_ result: SearchFound.Result, _ texts: SearchTexts, _ question: SearchQuestion, words: Words) {
        resultURL = result.path
        let said = texts.said(result.document, result.text, result.language, by: question, for: words.language)
        lang = said.language
        // A sentence of an answer stands under the question that it answers.
        let (head, more) = SearchLine.head(said.title)
        start = head
        rest = said.title == said.text ? more : said.text
        hasRest = !rest.isEmpty
        marks = result.mark.map { [StateMark($0.kind, words($0.key))] } ?? []
        isMarked = !marks.isEmpty
    }

    /// The first sentence, or what of it fits into a link, and the rest. A line of parts is cut between parts, so that no name
    /// is cut; a sentence between words.
    static func head(_ text: String) -> (String, String) {
        let parts = text.split(separator: separator)
        if parts.count > 1 {
            var length = 0
            let kept = max(1, parts.prefix { part in
                length += part.count + separator.count
                return length <= longest + separator.count
            }.count)
            return (parts[..<kept].joined(separator: separator), parts[kept...].joined(separator: separator))
        }
        let words = text.split(separator: " ")
        var length = 0
        for (index, word) in words.enumerated() {
            length += word.count + 1
            let ends = ".!?".contains(word.last ?? " ") && word.count > 3
            if ends || length > longest {
                let rest = words[(index + 1)...].joined(separator: " ")
                return (words[...index].joined(separator: " ") + (ends || rest.isEmpty ? "" : " …"), rest)
            }
        }
        return (text, "")
    }

    private static let separator = " · "
}
