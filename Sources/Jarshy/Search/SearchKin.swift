import JarshyKit

/// `kindredWords` by the forms the index keeps, worked out once.
struct SearchKin: Sendable {
    private let lines: [[Int64]]
    private let byForm: [Int64: [Int]]

    static let shared = SearchKin()

    private init() {
        let words = SearchWords()
        let russian = RussianStemmer()
        var lines: [[Int64]] = []
        var byForm: [Int64: [Int]] = [:]
        for line in kindredWords {
            var kept: [Int64] = []
            for word in line {
                for form in Set(words.forms(of: word).map(SearchTerms.stem)) {
                    byForm[form, default: []].append(lines.count)
                }
                // Passages keep every form of their words, so one in each language is enough to meet them.
                kept.append(SearchTerms.stem(foldedLatin(KazakhStemmer.exact.lemma(word))))
                kept.append(SearchTerms.stem(foldedLatin(russian.stem(word))))
            }
            lines.append(Array(Set(kept)).sorted())
        }
        self.lines = lines
        self.byForm = byForm
    }

    /// Terms of the words that are kin to a word with these terms, itself among them.
    func terms(of forms: [Int64]) -> Set<Int64> {
        var terms: Set<Int64> = []
        for line in Set(forms.flatMap { byForm[$0] ?? [] }) { terms.formUnion(lines[line]) }
        return terms
    }
}
