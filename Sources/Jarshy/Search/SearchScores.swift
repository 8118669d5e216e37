import JarshyKit

/// How well every passage of a space answers a question: the share of what was said that the passage says too.
///
/// Each word of the question weighs by its rarity. A passage has the word whole (any form), or has a kindred word, or has
/// some of its letters; the best of the three counts. Beside it counts how many letters of the whole question a passage has,
/// wherever they stand; a kind of fact that was asked, and the asker's language, add a little. Measured in
/// `docs/decisions/0026`.
struct SearchScores {
    /// A row of the index: where a term stands in one block.
    struct Part {
        let block: Int
        let passages: Int
        let packed: [UInt8]
    }

    private static let kinShare: Float = 0.65
    private static let lettersShare: Float = 0.8
    private static let lightShare: Float = 0.4
    /// All letters of the question taken together: what no word of it says alone.
    private static let spellingShare: Float = 0.35
    private static let factShare: Float = 0.12
    /// Of two that say the same, the one in the asker's language.
    private static let languageShare: Float = 0.04
    /// What a short passage has that says everything.
    private static let highest = (1 + spellingShare / 0.7) / 0.978 + factShare + languageShare
    /// A word that stands nowhere weighs less than one that stands once: mostly it is a slip of the finger.
    private static let unknownShare: Float = 0.8
    /// Letters and kindred words that are in more than a quarter of all passages tell nothing.
    private static let commonest = 0.25
    /// What more of the same letters adds, by count (BM25's saturation).
    private static let often: [Float] = [0, 1, 1.375, 1.571, 1.692, 1.774, 1.833, 1.878]

    let passages: Int64
    /// Numbers given out, removed ones among them.
    let next: Int
    let parts: [Int64: [Part]]

    /// By passage number: what it has of one word, and of everything.
    private struct Sums {
        var scores: [Float]
        /// Rarities of one word's letters.
        var letters: [Float]
        /// The best of one word: whole, or by kin.
        var best: [Float]
        /// Rarities of all letters.
        var spelling: [Float]

        init(_ count: Int) {
            scores = [Float](repeating: 0, count: count)
            (letters, best, spelling) = (scores, scores, scores)
        }
    }

    /// What passages say, by their numbers.
    struct Found {
        /// 0 to 1; 0 for what says nothing that was asked.
        var scores: [Float] = []
        /// Of a question of one word: those that have neither a form of it nor a kindred word, only letters. Else empty.
        var spelled: [Bool] = []
        /// Whether any passage has a form of the only word.
        var isKnown = false
    }

    func of(_ question: SearchQuestion) -> Found {
        var sums = Sums(next)
        var found = Found()
        var (whole, spelled) = (Float(0), Float(0))
        let highest = SearchLength.rarity(1, of: passages)
        for word in question.words {
            let most = word.forms.map(frequency).max() ?? 0
            var weight = most == 0 ? highest * Self.unknownShare : SearchLength.rarity(most, of: passages)
            if word.isLight { weight *= Self.lightShare }
            whole += weight
            let all = addLetters(of: word, highest, &sums)
            spelled += all
            addKin(of: word, weight, &sums.best)
            for form in word.forms { each(form) { place in sums.best[place] = 1 } }
            if question.alone != nil {
                found.isKnown = most > 0
                found.spelled = sums.best.map { $0 == 0 }
            }
            settle(&sums, weight, all)
        }
        guard whole > 0 else { return found }
        for fact in question.facts {
            add(whole * Self.factShare / Float(question.facts.count), to: SearchTerms.fact(fact), &sums.scores)
        }
        if let language = question.language {
            add(whole * Self.languageShare, to: SearchTerms.language(language.rawValue), &sums.scores)
        }
        finish(&sums, whole, spelled)
        found.scores = sums.scores
        return found
    }

    private func frequency(_ term: Int64) -> Int { parts[term]?.reduce(0) { $0 + $1.passages } ?? 0 }

    private func isCommon(_ frequency: Int) -> Bool {
        passages > 100 && Double(frequency) > Double(passages) * Self.commonest
    }

    private func each(_ term: Int64, _ visit: (Int) -> Void) {
        for part in parts[term] ?? [] {
            let base = part.block * Int(Postings.blockSize)
            Postings.each(part.packed) { place, _ in visit(base + place) }
        }
    }

    /// - Returns: what a passage with all of the word's letters would have.
    private func addLetters(of word: SearchQuestion.Word, _ highest: Float, _ sums: inout Sums) -> Float {
        var all: Float = 0
        for gram in word.grams {
            let frequency = frequency(gram)
            let rarity = frequency == 0 ? highest / 2 : SearchLength.rarity(frequency, of: passages)
            all += rarity
            if isCommon(frequency) { continue }
            for part in parts[gram] ?? [] {
                let base = part.block * Int(Postings.blockSize)
                Postings.each(part.packed) { place, count in
                    sums.letters[base + place] += rarity
                    sums.spelling[base + place] += rarity * Self.often[count]
                }
            }
        }
        return max(all, 0.001)
    }

    private func addKin(of word: SearchQuestion.Word, _ weight: Float, _ best: inout [Float]) {
        for term in word.kin {
            let frequency = frequency(term)
            if frequency == 0 || isCommon(frequency) { continue }
            // Kin that is commoner than the word itself proves less.
            let share = min(1, SearchLength.rarity(frequency, of: passages) / max(weight, 0.1)) * Self.kinShare
            each(term) { place in best[place] = max(best[place], share) }
        }
    }

    /// Adds one word's best to the scores and clears both arrays for the next.
    private func settle(_ sums: inout Sums, _ weight: Float, _ all: Float) {
        sums.scores.withUnsafeMutableBufferPointer { scores in
            sums.letters.withUnsafeMutableBufferPointer { letters in
                sums.best.withUnsafeMutableBufferPointer { best in
                    for place in scores.indices {
                        let share = letters[place] / all
                        // Scattered letters of a word are no word: half of them count less than half.
                        let spelled = Self.lettersShare * share * share.squareRoot().squareRoot()
                        scores[place] += weight * max(spelled, best[place])
                        letters[place] = 0
                        best[place] = 0
                    }
                }
            }
        }
    }

    /// To every passage under a term that says something of what was asked.
    private func add(_ bonus: Float, to term: Int64, _ scores: inout [Float]) {
        each(term) { place in
            if scores[place] > 0 { scores[place] += bonus }
        }
    }

    private func finish(_ sums: inout Sums, _ whole: Float, _ spelled: Float) {
        var norms = [UInt8](repeating: 0, count: next)
        for part in parts[SearchLength.term] ?? [] {
            let base = part.block * Int(Postings.blockSize)
            Postings.each(part.packed) { place, step in norms[base + place] = UInt8(step) }
        }
        for place in sums.scores.indices where sums.scores[place] > 0 {
            let step = Int(norms[place])
            let said = sums.scores[place] / (whole * SearchLength.norms[step])
            let letters = sums.spelling[place] / (spelled * SearchLength.spread[step])
            sums.scores[place] = min(1, (said + Self.spellingShare * letters) / Self.highest)
        }
    }
}
