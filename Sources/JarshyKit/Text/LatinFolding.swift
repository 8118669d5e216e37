/// Text in any script folded to one tolerant Cyrillic spelling, so that "saylaw", "saılau", "sailau" and «сайлау»
/// meet: fold both the stored text and the query.
///
/// Three Kazakh Latin alphabets (2018 decree, 2021 draft, QazAqparat) and the informal spelling contradict each other
/// in y, i, ı, u, w; so both sides fall into classes: и for и і ы й, у for у ұ ү. Also э→е, ю→иу, я→иа, ц тс→с,
/// щ→ш; ь, ъ and apostrophes vanish; ии becomes и (скиy, ски). Without them, names written by ear do not meet.
public func foldedLatin(_ text: String) -> String {
    var spelled = FoldedText(capacity: text.utf8.count)
    var scalars = text.precomposedMarks()[...]
    while let scalar = scalars.popFirst() {
        if apostrophes.contains(scalar) { continue }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
        let next = scalars.first.flatMap { $0.properties.lowercaseMapping.unicodeScalars.first }
        if let next, let pair = latinPairs[Pair(first: lower, second: next)] {
            scalars.removeFirst()
            // "shch" is щ, which folds to ш.
            if pair == "ш", startsWithCH(scalars) { scalars.removeFirst(2) }
            spelled.append(pair)
        } else if let letters = latinLetters[lower] {
            for letter in letters.unicodeScalars { spelled.append(letter) }
        } else {
            spelled.append(folding: scalar)
        }
    }
    return loosened(spelled.text)
}

/// The alphabet of 2017 wrote ш, ч, у as s', c', y'. A text is in it when a vowel carries an apostrophe (in Russian only
/// consonants do: «den'»); then these three are respelled, so that `foldedLatin` reads them. Other texts stay as they are.
public func respellingApostrophes(_ text: String) -> String {
    var letters = text.unicodeScalars.map { apostrophes.contains($0) ? "'" : $0 }
    func carries(_ bases: String) -> Bool {
        zip(letters, letters.dropFirst()).contains { $1 == "'" && bases.unicodeScalars.contains($0) }
    }
    guard carries("aouiyAOUIY") else { return text }
    for index in letters.indices.dropLast() where letters[index + 1] == "'" {
        guard let whole = apostropheLetters[letters[index]] else { continue }
        letters[index] = whole
        letters[index + 1] = "\u{2BC}"
    }
    return String(String.UnicodeScalarView(letters))
}

private let apostropheLetters: [Unicode.Scalar: Unicode.Scalar] = [
    "s": "ş", "S": "ş", "c": "ç", "C": "ç", "y": "ý", "Y": "ý",
]

/// The classes, over text already folded to Cyrillic.
private func loosened(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    result.reserveCapacity(text.utf8.count)
    func put(_ scalar: Unicode.Scalar) {
        if scalar == "и", result.last == "и" { return }
        if scalar == "с", result.last == "т" { result.removeLast() }
        result.append(scalar)
    }
    for scalar in text.unicodeScalars {
        switch scalar {
        case "ы", "й", "і": put("и")
        case "э": put("е")
        case "ю":
            put("и")
            put("у")
        case "я":
            put("и")
            put("а")
        case "ц": put("с")
        case "щ": put("ш")
        case "ь", "ъ": break
        default: put(scalar)
        }
    }
    return String(result)
}

private struct Pair: Hashable {
    let first: Unicode.Scalar
    let second: Unicode.Scalar
}

private func startsWithCH(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = scalars.first, let second = scalars.dropFirst().first else { return false }
    return (first == "c" || first == "C") && (second == "h" || second == "H")
}

private let apostrophes: Set<Unicode.Scalar> = ["'", "\u{2019}", "\u{2BC}", "`", "\u{2018}", "\u{2B9}"]

private let latinPairs: [Pair: Unicode.Scalar] = [
    Pair(first: "s", second: "h"): "ш", Pair(first: "c", second: "h"): "ч", Pair(first: "z", second: "h"): "ж",
    Pair(first: "k", second: "h"): "х", Pair(first: "g", second: "h"): "г",
]

private let latinLetters: [Unicode.Scalar: String] = [
    "a": "а", "ä": "а", "á": "а", "b": "б", "c": "с", "ç": "ч", "d": "д", "e": "е", "é": "е", "f": "ф", "g": "г",
    "ğ": "г", "ǵ": "г", "h": "х", "i": "и", "ı": "и", "ĭ": "и", "ï": "и", "í": "и", "j": "ж", "k": "к", "l": "л",
    "m": "м",
    "n": "н", "ñ": "н", "ń": "н", "ŋ": "н", "o": "о", "ö": "о", "ó": "о", "p": "п", "q": "к", "r": "р", "s": "с",
    "ş": "ш", "š": "ш", "t": "т", "u": "у", "ū": "у", "ü": "у", "ú": "у", "v": "в", "w": "у", "x": "х", "y": "и",
    "ý": "у", "z": "з", "ž": "ж", "č": "ч",
]

extension String {
    /// Scalars with the marks of Kazakh Latin letters joined to their bases: text may come decomposed.
    fileprivate func precomposedMarks() -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            if (0x300...0x36F).contains(scalar.value), let base = result.last,
                let whole = String(String.UnicodeScalarView([base, scalar])).composedLatin
            {
                result[result.count - 1] = whole
            } else {
                result.append(scalar)
            }
        }
        return result
    }

    /// The table's letter that is canonically equal to this base with its mark; Swift compares strings so.
    private var composedLatin: Unicode.Scalar? {
        let lower = lowercased()
        return composed[lower]
    }
}

private let composed: [String: Unicode.Scalar] = Dictionary(
    uniqueKeysWithValues: latinLetters.keys.filter { $0.value > 0x7F }.map { (String($0), $0) })
