import JarshyKit

/// What somebody looks for, word by word.
struct SearchQuestion: Sendable {
    struct Word: Sendable {
        /// Terms of its forms.
        let forms: [Int64]
        /// Folded, as it was typed.
        let plain: String
        /// Terms of its threes of letters.
        let grams: [Int64]
        /// Terms of words that are kin to it, without its own.
        let kin: [Int64]
        /// A word that says little: «алу», «получить».
        let isLight: Bool
    }

    let words: [Word]
    /// The only word that was asked, folded; nil for more or none.
    let alone: String?
    /// Kinds of facts that are asked for.
    let facts: [FactKind]
    /// In which language it is asked; nil where two are mixed or nothing tells.
    let language: Language?

    static let longest = 500
    /// The rest of a long text adds work and no sense.
    private static let mostWords = 24

    init(_ text: String) {
        let analyser = SearchWords()
        let said = SearchWords.words(of: respellingApostrophes(String(text.prefix(SearchQuestion.longest))))
        let telling = said.filter { !askingWords.contains(foldedLatin($0)) }
        var words: [Word] = []
        var seen: Set<[Int64]> = []
        for word in telling.isEmpty ? said : telling where words.count < SearchQuestion.mostWords {
            let names = analyser.forms(of: word)
            let forms = names.map(SearchTerms.stem)
            let plain = foldedLatin(word)
            guard !plain.isEmpty, seen.insert(forms).inserted else { continue }
            words.append(
                Word(
                    forms: forms, plain: plain, grams: Array(Set(SearchTerms.grams(of: plain))).sorted(),
                    kin: SearchKin.shared.terms(of: forms).subtracting(forms).sorted(),
                    isLight: names.contains(where: SearchQuestion.light.contains)))
        }
        self.words = words
        alone = words.count == 1 ? words.first?.plain : nil
        language = AskingWords.language(of: said)
        facts = FactKind.asked(by: said.map(foldedLatin)).sorted { $0.rawValue < $1.rawValue }
    }

    /// Everything that is to be read of the index.
    var terms: [Int64] {
        var terms: Set<Int64> = [SearchLength.term]
        for word in words {
            terms.formUnion(word.forms)
            terms.formUnion(word.grams)
            terms.formUnion(word.kin)
        }
        terms.formUnion(facts.map(SearchTerms.fact))
        if let language { terms.insert(SearchTerms.language(language.rawValue)) }
        return terms.sorted()
    }

    /// In the spelling of forms.
    private static let light: Set<String> = {
        let words = SearchWords()
        return Set(lightWords.flatMap(words.forms))
    }()
}
