import JarshyKit

/// How well every passage of a space answers a question: the share of what was said that the passage says too.
///
/// Each word of the question weighs by its rarity. A passage has the word whole (any form), or has a kindred word, or has
/// some of its letters; the best of the three counts. What kind of fact was asked adds a little. Measured in
/// `docs/decisions/0016`.
struct SearchScores {
    /// A row of the index: where a term stands in one block.
    struct Part {
        let block: Int
        let passages: Int
        let packed: [UInt8]
    }

    private static let kinShare: Float = 0.6
    private static let lettersShare: Float = 0.75
    private static let lightShare: Float = 0.4
    private static let factShare: Float = 0.1
    /// A word that stands nowhere weighs less than one that stands once: mostly it is a slip of the finger.
    private static let unknownShare: Float = 0.8
    /// Letters and kindred words that are in more than a quarter of all passages tell nothing.
    private static let commonest = 0.25

    let passages: Int64
    /// Numbers given out, removed ones among them.
    let next: Int
    let parts: [Int64: [Part]]

    /// Scores by passage number, 0 for what says nothing that was asked.
    func of(_ question: SearchQuestion) -> [Float] {
        var scores = [Float](repeating: 0, count: next)
        var whole: Float = 0
        var letters = scores
        var best = scores
        let highest = SearchLength.rarity(1, of: passages)
        for word in question.words {
            let most = word.forms.map(frequency).max() ?? 0
            var weight = most == 0 ? highest * Self.unknownShare : SearchLength.rarity(most, of: passages)
            if word.isLight { weight *= Self.lightShare }
            whole += weight
            let all = addLetters(of: word, highest, &letters)
            addKin(of: word, weight, &best)
            for form in word.forms { each(form) { place in best[place] = 1 } }
            settle(&scores, &letters, &best, weight, all)
        }
        guard whole > 0 else { return scores }
        addFacts(question.facts, whole, &scores)
        finish(&scores, whole)
        return scores
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
    private func addLetters(of word: SearchQuestion.Word, _ highest: Float, _ letters: inout [Float]) -> Float {
        var all: Float = 0
        for gram in word.grams {
            let frequency = frequency(gram)
            let rarity = frequency == 0 ? highest / 2 : SearchLength.rarity(frequency, of: passages)
            all += rarity
            if !isCommon(frequency) { each(gram) { place in letters[place] += rarity } }
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
    private func settle(
        _ scores: inout [Float], _ letters: inout [Float], _ best: inout [Float], _ weight: Float, _ all: Float
    ) {
        scores.withUnsafeMutableBufferPointer { scores in
            letters.withUnsafeMutableBufferPointer { letters in
                best.withUnsafeMutableBufferPointer { best in
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

    private func addFacts(_ facts: [FactKind], _ whole: Float, _ scores: inout [Float]) {
        for fact in facts {
            let bonus = whole * Self.factShare / Float(facts.count)
            each(SearchTerms.fact(fact)) { place in
                if scores[place] > 0 { scores[place] += bonus }
            }
        }
    }

    private func finish(_ scores: inout [Float], _ whole: Float) {
        var norms = [UInt8](repeating: 0, count: next)
        for part in parts[SearchLength.term] ?? [] {
            let base = part.block * Int(Postings.blockSize)
            Postings.each(part.packed) { place, step in norms[base + place] = UInt8(step) }
        }
        for place in scores.indices where scores[place] > 0 {
            scores[place] /= whole * SearchLength.norms[Int(norms[place])]
        }
    }
}
