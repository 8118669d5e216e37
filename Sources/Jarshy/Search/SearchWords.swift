import JarshyKit

/// Takes words apart and remembers what it found: in a text the same words come again and again.
///
/// Words are never given to one language's analyser by a guess: every word yields its Kazakh lemma, its lemma as it would
/// be typed without the Kazakh letters, and its Russian stem, all folded to one tolerant spelling. «өтінішімді», "otinish",
/// «отиниш» and «өтініш» meet in a form. Not for several tasks at once: the Russian stemmer has a state.
final class SearchWords {
    private let russian = RussianStemmer()
    private var known: [String: [String]] = [:]
    private static let most = 50_000

    /// The word's forms, folded, in order; none for a word without letters or digits.
    func forms(of word: String) -> [String] {
        if let forms = known[word] { return forms }
        let plain = foldedLatin(word)
        var found: Set = [
            foldedLatin(KazakhStemmer.exact.lemma(word)), KazakhStemmer.plain.lemma(plain), russian.stem(plain),
            foldedLatin(russian.stem(word)),
        ]
        // Typed by ear ң is "ng"; in «митинг» it is not, so both readings stand.
        if word.contains("ng") { found.insert(KazakhStemmer.plain.lemma(foldedLatin(word.replacing("ng", with: "ñ")))) }
        let forms = found.subtracting([""]).sorted()
        if known.count >= SearchWords.most { known = [:] }
        known[word] = forms
        return forms
    }

    /// Words in lower case: letters, digits, and hyphens inside.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func close() {
            while word.last == "-" { word.removeLast() }
            if !word.isEmpty { words.append(String(word)) }
            word = String.UnicodeScalarView()
        }
        for scalar in text.lowercased().unicodeScalars {
            let properties = scalar.properties
            if properties.isAlphabetic || properties.numericType != nil || (0x300...0x36F).contains(scalar.value)
                || isApostrophe(scalar) && !word.isEmpty
            {
                word.append(scalar)
            } else if (scalar == "-" || scalar == "\u{2011}") && !word.isEmpty {
                word.append("-")
            } else {
                close()
            }
        }
        close()
        return words
    }

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\u{2019}" || scalar == "\u{2BC}"
    }
}
