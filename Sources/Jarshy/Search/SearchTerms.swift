import JarshyKit

/// What a text is found by: stems of its words, and three letters at a time.
///
/// Words are never given to one language's analyser by a guess: every word yields its Kazakh lemma, its lemma as it would
/// be typed without the Kazakh letters, and its Russian stem, all folded to one tolerant spelling. «өтінішімді», "otinish",
/// «отиниш» and «өтініш» meet in a term. Threes of letters forgive what stems do not: typing errors, words nobody knows.
struct SearchTerms: Sendable {
    /// How often each stem and each three of letters occurs, by the hash of its text.
    private(set) var stems: [Int64: Int] = [:]
    private(set) var grams: [Int64: Int] = [:]
    private(set) var stemCount = 0
    private(set) var gramCount = 0

    var isEmpty: Bool { stems.isEmpty && grams.isEmpty }

    /// - Parameter asks: a question: words that only ask (қалай, сколько, please) are left out.
    init(_ text: String, asks: Bool = false, russian: RussianStemmer) {
        for word in SearchTerms.words(of: text) {
            let plain = foldedLatin(word)
            if plain.isEmpty || (asks && askingWords.contains(plain)) { continue }
            var forms: Set<String> = [
                foldedLatin(KazakhStemmer.exact.lemma(word)), KazakhStemmer.plain.lemma(plain), russian.stem(plain),
                foldedLatin(russian.stem(word)),
            ]
            forms.remove("")
            for form in forms { stems[SearchTerms.hash(form, salt: 1), default: 0] += 1 }
            stemCount += 1
            let letters = [" "] + Array(plain.unicodeScalars) + [" "]
            for start in 0..<max(0, letters.count - 2) {
                grams[SearchTerms.hash(letters[start..<(start + 3)], salt: 2), default: 0] += 1
                gramCount += 1
            }
        }
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

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool { scalar == "'" || scalar == "\u{2019}" }

    /// FNV-1a over the scalars: the same on every machine, since it is stored. 0 stands for the lengths.
    static func hash(_ scalars: some Sequence<Unicode.Scalar>, salt: UInt64) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ salt
        for scalar in scalars {
            hash = (hash ^ UInt64(scalar.value)) &* 0x0000_0100_0000_01b3
        }
        return Int64(bitPattern: hash | 1)
    }

    static func hash(_ text: String, salt: UInt64) -> Int64 { hash(text.unicodeScalars, salt: salt) }
}
