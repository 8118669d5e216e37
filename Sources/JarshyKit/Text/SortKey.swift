/// A byte string that sorts as Kazakh readers expect; store it beside a name and order by it.
///
/// The order: spaces, punctuation, numbers, the 42 letters of the Kazakh alphabet, Latin letters, the rest. A run of
/// digits compares by value ("2-ауыл" before "10-ауыл"). Only when all that is equal do capitals follow small letters
/// and ё, ä differ. Keys compare byte by byte, as `memcmp` and BLOB and `bytea` columns do.
public func sortKey(_ text: String) -> [UInt8] {
    var primary: [UInt8] = []
    var ties: [UInt8] = []
    primary.reserveCapacity(text.utf8.count * 2)
    ties.reserveCapacity(text.utf8.count)
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
        switch scalar.value {
        case 0x30...0x39: appendNumber(from: scalar, &scalars, to: &primary)
        case 0x306 where primary.last == weightOfI: primary[primary.count - 1] = weightOfShortI
        case 0x308 where primary.last == weightOfE: primary[primary.count - 1] = weightOfE + 1
        case 0x300...0x36F: break
        default:
            if let weight = weight(of: scalar) {
                primary.append(weight.primary)
                ties.append(weight.tie)
            } else {
                appendOther(scalar, &primary, &ties)
            }
        }
    }
    // A separator below every weight: a name sorts before its own continuations.
    return primary + [0x01] + ties
}

private struct Weight {
    let primary: UInt8
    let tie: UInt8
}

private let kazakhAlphabet = Array("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя".unicodeScalars)

private enum First {
    static let space: UInt8 = 0x04
    static let punctuation: UInt8 = 0x08
    static let otherSign: UInt8 = 0x3E
    static let number: UInt8 = 0x40
    static let kazakh: UInt8 = 0x50
    static let latin: UInt8 = 0x90
    static let otherLetter: UInt8 = 0xC0
}

private let weights: [Unicode.Scalar: Weight] = {
    var table: [Unicode.Scalar: Weight] = [:]
    func add(_ lower: Unicode.Scalar, _ primary: UInt8, tie: UInt8 = 0x10) {
        table[lower] = Weight(primary: primary, tie: tie)
        let upper = lower.properties.uppercaseMapping.unicodeScalars
        if upper.count == 1, let upper = upper.first, upper != lower {
            table[upper] = Weight(primary: primary, tie: tie + 1)
        }
    }
    for space in [" ", "\u{A0}", "\u{202F}", "\t", "\n", "\r"] as [Unicode.Scalar] {
        table[space] = Weight(primary: First.space, tie: 0x10)
    }
    for (index, sign) in "_-–—,;:!?./'’\"“”«»()[]{}№#%&*+=<>@".unicodeScalars.enumerated() {
        table[sign] = Weight(primary: First.punctuation + UInt8(index), tie: 0x10)
    }
    for (index, letter) in kazakhAlphabet.enumerated() { add(letter, First.kazakh + UInt8(index)) }
    for (index, letter) in "abcdefghijklmnopqrstuvwxyz".unicodeScalars.enumerated() {
        add(letter, First.latin + UInt8(index))
    }
    for (base, accented) in [
        ("a", "äá"), ("c", "ç"), ("g", "ğǵ"), ("i", "ıïí"), ("n", "ñń"), ("o", "öó"), ("s", "ş"),
        ("u", "ūüú"), ("y", "ý"),
    ] as [(Unicode.Scalar, String)] {
        let primary = First.latin + UInt8(base.value - 0x61)
        for (index, letter) in accented.unicodeScalars.enumerated() {
            add(letter, primary, tie: 0x20 + UInt8(index) * 2)
        }
    }
    // ı upper-cases to I, which belongs to i.
    table["I"] = Weight(primary: First.latin + 8, tie: 0x11)
    return table
}()

/// The same as an array up to the end of Cyrillic, where nearly every letter is.
private let commonWeights: [Weight?] = (0..<0x530).map { Unicode.Scalar($0).flatMap { weights[$0] } }

private func weight(of scalar: Unicode.Scalar) -> Weight? {
    scalar.value < 0x530 ? commonWeights[Int(scalar.value)] : weights[scalar]
}

private let weightOfE = First.kazakh + 7
private let weightOfI = First.kazakh + 11
private let weightOfShortI = First.kazakh + 12

/// A number: a mark, how many digits follow, the digits. More digits, larger number.
private func appendNumber(
    from first: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView, to key: inout [UInt8]
) {
    var digits = [UInt8(first.value)]
    while let next = rest.first, (0x30...0x39).contains(next.value) {
        digits.append(UInt8(next.value))
        rest.removeFirst()
    }
    let significant = digits.drop { $0 == 0x30 }
    key.append(First.number)
    key.append(UInt8(min(significant.count, 0xFD)) + 2)
    key += significant
}

/// Signs and letters outside the tables: in code point order, letters after all of ours, signs before numbers.
private func appendOther(_ scalar: Unicode.Scalar, _ primary: inout [UInt8], _ ties: inout [UInt8]) {
    let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    primary.append(scalar.properties.isAlphabetic ? First.otherLetter : First.otherSign)
    // Seven bits a byte, high bit set, so that no byte is the separator.
    for shift in [14, 7, 0] { primary.append(0x80 | UInt8((lower.value >> UInt32(shift)) & 0x7F)) }
    ties.append(lower == scalar ? 0x10 : 0x11)
}
