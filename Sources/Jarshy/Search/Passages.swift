import JarshyKit

/// Long texts are found by passages of one to three sentences, never whole: in an article of 190 words the letters of a
/// question are everywhere (recall at 1 fell from 0.9 to 0.55).
enum Passages {
    private static let enough = 25
    private static let most = 60

    /// Sentences gathered until there are enough words; a sentence that is too long by itself is cut between words.
    static func of(_ text: String) -> [String] {
        var passages: [String] = []
        var open: [Substring] = []
        func close() {
            if !open.isEmpty { passages.append(open.joined(separator: " ")) }
            open = []
        }
        for sentence in sentences(of: text) {
            for start in stride(from: 0, to: sentence.count, by: most) {
                let words = sentence[start..<min(start + most, sentence.count)]
                if open.count + words.count > most { close() }
                open += words
                if open.count >= enough { close() }
            }
        }
        // A short rest says too little alone.
        if let last = passages.last, !open.isEmpty, open.count < 8, last.split(separator: " ").count + open.count <= most {
            passages[passages.count - 1] = last + " " + open.joined(separator: " ")
            open = []
        }
        close()
        return passages
    }

    private static func sentences(of text: String) -> [[Substring]] {
        var sentences: [[Substring]] = []
        var words: [Substring] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            words.append(word)
            if let last = word.last(where: { !"»\")".contains($0) }), ".!?…;".contains(last), word.count > 3 {
                sentences.append(words)
                words = []
            }
        }
        if !words.isEmpty { sentences.append(words) }
        return sentences
    }
}
