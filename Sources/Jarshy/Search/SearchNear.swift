import JarshyKit

/// Whether a text has a word that is written nearly as the one that was asked.
///
/// Of a question of one word, threes of letters alone prove nothing: «сайлау» and «саябақ» share them. Near is what goes on
/// from what was typed, and, where nobody writes the word as it was asked, what a slip or two of the finger leads to.
struct SearchNear: Sendable {
    /// Below it a beginning is the beginning of anything.
    private static let shortest = 3
    /// Letters an ending of what was asked may have, and how many have to stand before it.
    private static let (ending, stem) = (4, 6)

    private let asked: [Unicode.Scalar]
    private let slips: Int

    /// - Parameters:
    ///   - word: folded (`foldedLatin`).
    ///   - isKnown: somebody writes the word so; then it is no slip.
    init(_ word: String, isKnown: Bool) {
        asked = Array(word.unicodeScalars)
        slips = isKnown || asked.count < 4 ? 0 : asked.count < 8 ? 1 : 2
    }

    func isIn(_ text: String) -> Bool {
        SearchWords.words(of: text).contains { word in
            let plain = foldedLatin(word)
            return !askingWords.contains(plain) && isNear(Array(plain.unicodeScalars))
        }
    }

    private func isNear(_ word: [Unicode.Scalar]) -> Bool {
        if asked.count >= Self.shortest, word.starts(with: asked) { return true }
        guard slips > 0, word.count + slips + Self.ending >= asked.count else { return false }
        return slipsToBeginning(of: word) <= slips
    }

    /// Letters added, left out or changed, neighbours swapped, from what was asked to the likest beginning of a word, or from a
    /// beginning of what was asked to the whole word: what follows either is an ending.
    private func slipsToBeginning(of whole: [Unicode.Scalar]) -> Int {
        let word = whole.prefix(asked.count + slips)
        var least = Int.max
        var older: [Int] = []
        var last = Array(0...word.count)
        for (row, letter) in asked.enumerated() {
            var this = [row + 1]
            for (column, other) in word.enumerated() {
                var fewest = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, this[column] + 1)
                if row > 0, column > 0, letter == word[column - 1], asked[row - 1] == other {
                    fewest = min(fewest, older[column - 1] + 1)
                }
                this.append(fewest)
            }
            if row + 1 >= max(Self.stem, asked.count - Self.ending), word.count == whole.count {
                // Leaving an ending out is a slip as well.
                least = min(least, this[word.count] + 1)
            }
            (older, last) = (last, this)
        }
        return min(least, last.min() ?? 0)
    }
}
