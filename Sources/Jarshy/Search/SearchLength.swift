import Foundation

/// Lengths of passages as the postings keep them: one of seven steps in place of a count, under a term of their own.
enum SearchLength {
    static let term: Int64 = 0

    /// A passage much longer than others is an article that slipped through; beyond the last step all are alike.
    private static let steps = [5, 9, 14, 20, 28, 40]

    static func packed(_ terms: SearchTerms) -> Int {
        (steps.firstIndex { terms.stemCount <= $0 } ?? steps.count) + 1
    }

    /// By step: what a long passage's score is divided by. It is little: an answer that says more is no worse an answer.
    static let norms: [Float] = [1, 0.978, 0.985, 0.996, 1.008, 1.024, 1.045, 1.07]

    /// By step: what letters are divided by; a long passage has more of them by chance (BM25's length, around 14 words).
    static let spread: [Float] = [1, 0.7, 0.79, 0.93, 1.09, 1.3, 1.6, 2]

    /// Rarity of a term that stands in `frequency` of `total` passages (BM25's idf).
    static func rarity(_ frequency: Int, of total: Int64) -> Float {
        Float(log(1 + (Double(total) - Double(frequency) + 0.5) / (Double(frequency) + 0.5)))
    }
}
