import Foundation
import JarshyKit
import Testing

@Suite struct KazakhStemmerTests {
    /// `lemmas.txt`: a lemma, then forms of it as people write them.
    private static let forms: [(form: String, lemma: String)] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "lemmas.txt")
        let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
        return lines.flatMap { line -> [(form: String, lemma: String)] in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts[1].split(separator: " ").map { (String($0), String(parts[0])) }
        }
    }()

    @Test func `of inflected words of public life at least 90 in 100 get their lemma`() {
        let wrong = Self.forms.filter { KazakhStemmer.exact.lemma($0.form) != $0.lemma }
        #expect(Self.forms.count >= 500)
        let share = 1 - Double(wrong.count) / Double(Self.forms.count)
        #expect(share >= 0.9, "\(share): \(wrong.map { "\($0.form) → \(KazakhStemmer.exact.lemma($0.form))" })")
    }

    @Test func `typed without the Kazakh letters most words still meet their lemma`() {
        let met = Self.forms.filter { KazakhStemmer.plain.lemma(foldedLatin($0.form)) == foldedLatin($0.lemma) }
        #expect(Double(met.count) / Double(Self.forms.count) >= 0.85, "\(met.count) of \(Self.forms.count)")
    }

    @Test(arguments: [
        ("АЭС-тің".lowercased(), "аэс"), ("үгіт-насихатты", "үгіт-насихат"), ("халқымыздың", "халық"), ("аудан", "аудан"),
        ("ел", "ел"), ("2026", "2026"), ("wifi", "wifi"), ("", ""),
    ])
    func `words that are easily cut too far`(_ word: String, _ lemma: String) {
        #expect(KazakhStemmer.exact.lemma(word) == lemma)
    }
}
