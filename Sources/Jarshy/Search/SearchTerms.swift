import JarshyKit

/// What a passage is found by: the forms of its words, what kinds of facts it tells, and three letters at a time, which
/// forgive what forms do not: typing errors, words nobody knows.
struct SearchTerms: Sendable {
    /// Raised when texts are taken apart in another way: what was indexed before is to be built anew (`jarshy reindex`).
    static let version: Int64 = 3

    /// How often each form and each three of letters occurs, by the hash of its text.
    private(set) var stems: [Int64: Int] = [:]
    private(set) var grams: [Int64: Int] = [:]
    /// Kinds of facts it tells.
    private(set) var facts: Set<FactKind> = []
    private(set) var stemCount = 0
    private(set) var gramCount = 0

    var isEmpty: Bool { gramCount == 0 }

    init(_ text: String, _ words: SearchWords) {
        for word in SearchWords.words(of: text) {
            let plain = foldedLatin(word)
            if plain.isEmpty { continue }
            let forms = words.forms(of: word)
            for form in forms { stems[SearchTerms.stem(form), default: 0] += 1 }
            facts.formUnion(FactKind.told(by: word, plain, forms))
            stemCount += 1
            for gram in SearchTerms.grams(of: plain) {
                grams[gram, default: 0] += 1
                gramCount += 1
            }
        }
    }

    static func stem(_ form: String) -> Int64 { hash(form.unicodeScalars, salt: 1) }

    /// Under which a kind of fact is kept, like a word.
    static func fact(_ kind: FactKind) -> Int64 { hash("#\(kind.rawValue)".unicodeScalars, salt: 3) }

    /// Under which passages of a language are kept, by its code.
    static func language(_ code: String) -> Int64 { hash(code.unicodeScalars, salt: 4) }

    /// Threes of letters of a folded word, its ends among them.
    static func grams(of plain: String) -> [Int64] {
        let letters = [" "] + Array(plain.unicodeScalars) + [" "]
        return (0..<max(0, letters.count - 2)).map { hash(letters[$0..<($0 + 3)], salt: 2) }
    }

    /// FNV-1a over the scalars: the same on every machine, since it is stored. 0 stands for the lengths.
    static func hash(_ scalars: some Sequence<Unicode.Scalar>, salt: UInt64) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ salt
        for scalar in scalars {
            hash = (hash ^ UInt64(scalar.value)) &* 0x0000_0100_0000_01b3
        }
        return Int64(bitPattern: hash | 1)
    }
}
