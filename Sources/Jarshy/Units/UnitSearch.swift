import JarshyKit
import Storage

/// Finds units by name or code: the folded titles of the whole tree, kept beside the tree on the shelf.
///
/// Every word typed must be found; with or without the Kazakh letters, in Cyrillic or Latin, in any of the three
/// languages. Titles that begin with what was typed come first, then those with a word that does, then the rest; Kazakh
/// order within.
struct UnitSearch: Sendable {
    private struct Entry: Sendable {
        let unit: UnitNo
        let text: [UInt8]
    }

    /// In the Kazakh order of titles.
    private let entries: [Entry]

    static func current(in db: any Reading, tree: Tree) throws -> UnitSearch {
        try db.shelf.value(stamp: tree.stamp) {
            UnitSearch(
                entries: try db.all("SELECT no, folded FROM unit ORDER BY sort_key, no") { row in
                    Entry(unit: try row.next(), text: Array(("|" + (try row.next(String.self))).utf8))
                })
        }
    }

    /// Units that match, best first; empty for a query of signs alone.
    func find(_ query: String, in tree: Tree) -> [UnitNo] {
        let plain = Pattern(folded(query))
        let latin = Pattern(foldedLatin(query))
        guard !plain.isEmpty else { return [] }
        let code = query.filter { !$0.isWhitespace }
        var ranks: [[UnitNo]] = [[], [], [], []]
        if let exact = tree.find(code) { ranks[0].append(exact.no) }
        for entry in entries where ranks[0].first != entry.unit {
            if let rank = plain.rank(entry.text) ?? latin.rank(entry.text) {
                ranks[rank].append(entry.unit)
            } else if code.utf8.count >= 3, tree.allCodes(of: entry.unit).contains(where: { $0.hasPrefix(code) }) {
                ranks[3].append(entry.unit)
            }
        }
        return ranks.flatMap { $0 }
    }

    /// The words of a query, as bytes; folded text is small letters, digits and single spaces.
    private struct Pattern {
        let whole: [UInt8]
        let words: [[UInt8]]
        var isEmpty: Bool { words.isEmpty }

        init(_ text: String) {
            whole = [UInt8(ascii: "|")] + text.utf8
            words = text.split(separator: " ").map { Array($0.utf8) }
        }

        /// 1: a title begins so; 2: every word begins a word; 3: every word is somewhere; nil: no match.
        func rank(_ text: [UInt8]) -> Int? {
            if words.isEmpty { return nil }
            if Self.find(whole, in: text, atWordStart: false) { return 1 }
            var isEveryStart = true
            for word in words {
                if isEveryStart, Self.find(word, in: text, atWordStart: true) { continue }
                isEveryStart = false
                guard Self.find(word, in: text, atWordStart: false) else { return nil }
            }
            return isEveryStart ? 2 : 3
        }

        private static func find(_ word: [UInt8], in text: [UInt8], atWordStart: Bool) -> Bool {
            guard let first = word.first, text.count >= word.count else { return false }
            return text.withUnsafeBufferPointer { text in
                word.withUnsafeBufferPointer { word in
                    for at in 0...(text.count - word.count) where text[at] == first {
                        if atWordStart, at > 0, text[at - 1] != 0x20, text[at - 1] != 0x7C { continue }
                        var index = 1
                        while index < word.count, text[at + index] == word[index] { index += 1 }
                        if index == word.count { return true }
                    }
                    return false
                }
            }
        }
    }
}
