/// Takes a Kazakh word apart from its end and gives its lemma: the noun without endings, the verb as its infinitive
/// in -у («сайлаушыларымыздың» → «сайлаушы», «жазылған» → «жазылу»).
///
/// The endings of a noun stand in layers: plural, possessive, case, and after a locative -ғы, behind which a new chain may
/// begin; a participle behaves like a noun. Every reading that the layers, vowel harmony and the meeting of consonants
/// allow is a candidate; the longest one the lexicon knows wins, else the one that removes most with strong endings.
/// Grammar from the description in `reference/kazakh.md` B5; the words of the lexicon are our own.
///
/// Two twins: `exact` for text with all 42 letters, and `plain` for text already folded by `foldedLatin`, where harmony
/// can no longer be seen. Index both, so that «өтініш», "отиниш" and "otinish" meet.
public struct KazakhStemmer: Sendable {
    let endings: KazakhEndings
    let lexicon: KazakhLexicon
    private let letters: KazakhLetters

    public static let exact = KazakhStemmer(spelling: { $0 }, letters: .exact)
    public static let plain = KazakhStemmer(spelling: foldedLatin, letters: .plain)

    private init(spelling: (String) -> String, letters: KazakhLetters) {
        endings = KazakhEndings(spelling: spelling)
        lexicon = KazakhLexicon(spelling: spelling)
        self.letters = letters
    }

    /// The lemma of a word in lower case. Words under four letters and those with digits or Latin letters stay as they are.
    public func lemma(_ word: String) -> String {
        let whole = Array(word.unicodeScalars)
        if whole.count < 3 || lexicon.contains(whole) { return word }
        if let cut = whole.lastIndex(of: "-") {
            // АЭС-тің, 38-і: an ending behind the hyphen of an abbreviation; үгіт-насихатты: the last part bends.
            let tail = Array(whole[(cut + 1)...])
            if endings.isBare(tail) { return String(whole[..<cut]) }
            return String(whole[...cut]) + lemma(String(tail))
        }
        var best = Reading(stem: whole, strength: 0, isKnown: false, doubts: 0)
        var seen: Set<State> = []
        search(Reading(stem: whole, strength: 0, isKnown: false, doubts: 0), .open, &seen, &best)
        return String(best.stem)
    }

    private struct Reading {
        var stem: [Unicode.Scalar]
        /// Letters removed by endings that prove themselves; a single letter proves little.
        var strength: Int
        var isKnown: Bool
        /// Endings passed that prove little: -м, -ң, persons of a noun.
        var doubts: Int

        /// The longest known stem wins («аудан» is no «ау» with an ending), but a doubtful ending must buy three letters:
        /// «жауаптың» is no «жауапты» of yours.
        var worth: Int { stem.count - 3 * doubts }
    }

    private struct State: Hashable {
        let length: Int
        let layer: KazakhEndings.Layer
    }

    /// Walks inward from `layer`; each ending leads to the layers that may stand before it.
    private func search(
        _ reading: Reading, _ layer: KazakhEndings.Layer, _ seen: inout Set<State>, _ best: inout Reading
    ) {
        guard seen.insert(State(length: reading.stem.count, layer: layer)).inserted else { return }
        for ending in endings.before(layer) {
            guard let rest = strip(ending, from: reading.stem) else { continue }
            let strength = reading.strength + (ending.letters.count > 1 ? ending.letters.count : 0)
            let doubts = reading.doubts + (ending.needsLexicon ? 1 : 0)
            if ending.isVerbal {
                for root in roots(rest) {
                    consider(
                        Reading(stem: root.infinitive, strength: strength, isKnown: root.isKnown, doubts: doubts),
                        rest: rest.count, needsLexicon: ending.needsLexicon, &best)
                }
            } else {
                for stem in repairs(rest, after: ending) {
                    consider(
                        Reading(stem: stem, strength: strength, isKnown: lexicon.contains(stem), doubts: doubts),
                        rest: rest.count, needsLexicon: ending.needsLexicon || stem != rest, &best)
                }
            }
            for next in ending.next {
                search(Reading(stem: rest, strength: strength, isKnown: false, doubts: doubts), next, &seen, &best)
            }
        }
    }

    private func consider(_ reading: Reading, rest: Int, needsLexicon: Bool, _ best: inout Reading) {
        if reading.isKnown {
            // The longest known stem: «аудан» is no «ау» with an ending.
            if !best.isKnown || reading.worth > best.worth { best = reading }
            return
        }
        guard !best.isKnown, !needsLexicon, rest >= 3, letters.hasVowel(reading.stem) else { return }
        if reading.strength > best.strength { best = reading }
    }

    private func strip(_ ending: KazakhEndings.Ending, from word: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        let count = word.count - ending.letters.count
        guard count >= 2, word[count...].elementsEqual(ending.letters) else { return nil }
        let rest = Array(word[..<count])
        // ь has no sound of its own: бюллетеньдер.
        guard let last = rest.last(where: { $0 != "ь" && $0 != "ъ" }), ending.after.admits(last),
            letters.agree(rest, ending.letters)
        else { return nil }
        return rest
    }

    /// A possessive softens the last consonant (кітабы ← кітап) and may swallow a vowel (халқы ← халық).
    private func repairs(_ rest: [Unicode.Scalar], after ending: KazakhEndings.Ending) -> [[Unicode.Scalar]] {
        guard ending.softens, let last = rest.last else { return [rest] }
        var stems = [rest]
        var hard = rest
        if let harder = letters.hardened[last] {
            hard[hard.count - 1] = harder
            stems.append(hard)
        }
        for vowel in letters.narrow where letters.swallowing.contains(hard[hard.count - 1]) && hard.count >= 3 {
            stems.append(hard.dropLast() + [vowel, hard[hard.count - 1]])
        }
        return stems
    }

    private func roots(_ root: [Unicode.Scalar]) -> [(infinitive: [Unicode.Scalar], isKnown: Bool)] {
        guard let last = root.last else { return [] }
        let u: Unicode.Scalar = "у"
        var made: [[Unicode.Scalar]] = []
        if letters.narrow.contains(last) { made.append(root.dropLast() + [u]) } else { made.append(root + [u]) }
        if let softer = letters.softened[last] { made.append(root.dropLast() + [softer, u]) }
        if last == u { made.append(root) }
        return made.map { ($0, lexicon.contains($0)) }
    }
}

extension String {
    fileprivate init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
