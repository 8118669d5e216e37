/// `text` folded for search: lower case, the Kazakh letters that phones lack replaced by their plain neighbours
/// (қ→к ң→н ғ→г ү ұ→у і→и ө→о ә→а һ→х, and ё→е; й stays), everything but letters and digits turned into single
/// spaces, none at the ends.
///
/// Fold both the stored text and the query. Folding twice changes nothing. Letters typed as a base and a combining
/// mark (и + U+0306) fold like whole ones; other marks are dropped; Latin letters are lowercased, no more.
public func folded(_ text: String) -> String {
    var result = FoldedText(capacity: text.utf8.count)
    for scalar in text.unicodeScalars { result.append(folding: scalar) }
    return result.text
}

/// Text in the making: words parted by single spaces.
struct FoldedText {
    private(set) var scalars = String.UnicodeScalarView()
    private var pendingSpace = false

    init(capacity: Int) { scalars.reserveCapacity(capacity) }

    var text: String { String(scalars) }

    mutating func append(folding scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x61...0x7A, 0x30...0x39: append(scalar)
        case 0x41...0x5A: append(Unicode.Scalar(UInt8(scalar.value) + 32))
        case 0..<0x80: pendingSpace = true
        case 0x400...0x52F: append(cyrillicFolds[Int(scalar.value - 0x400)])
        case 0x306 where scalars.last == "и" && !pendingSpace:
            scalars.removeLast()
            append("й")
        case 0x300...0x36F: break
        default:
            let properties = scalar.properties
            if properties.isAlphabetic || properties.numericType != nil {
                for lower in properties.lowercaseMapping.unicodeScalars where !(0x300...0x36F).contains(lower.value) {
                    append(lower)
                }
            } else if !properties.isDefaultIgnorableCodePoint {
                pendingSpace = true
            }
        }
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        if pendingSpace, !scalars.isEmpty { scalars.append(" ") }
        pendingSpace = false
        scalars.append(scalar)
    }
}

/// What each scalar of U+0400…U+052F folds to.
private let cyrillicFolds: [Unicode.Scalar] = {
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
        "қ": "к", "ң": "н", "ғ": "г", "ү": "у", "ұ": "у", "і": "и", "ө": "о", "ә": "а", "һ": "х", "ё": "е",
        // Letters of neighbouring alphabets that stand for Kazakh ones in badly converted texts.
        "ќ": "к", "ў": "у", "ї": "и", "ѐ": "е", "ѝ": "и",
    ]
    return (0x400...0x52F).map { value in
        let scalar = Unicode.Scalar(UInt32(value)) ?? " "
        let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
        return plain[lower] ?? lower
    }
}()
