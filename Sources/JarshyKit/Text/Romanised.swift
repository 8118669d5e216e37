/// A Kazakh name in readable Latin, as English texts about Kazakhstan spell names: Талғар → "Talgar", Шеңгелді →
/// "Shengeldi", Қызылжар → "Kyzylzhar". A fallback where no English name is stored.
///
/// Letters map one by one, ң as "n"; "атындағы" ("named after") at the end is left out. Other characters stay. The
/// country and the regions named after it have their English names.
public func romanised(_ kazakhBareName: String) -> String {
    if let english = englishNames[kazakhBareName] { return english }
    let scalars = Array(kazakhBareName.dropping(suffix: " атындағы").unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
        let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
        guard let latin = romanLetters[lower] else {
            result.unicodeScalars.append(scalar)
            continue
        }
        guard lower != scalar else {
            result += latin
            continue
        }
        let isShouted = index + 1 < scalars.count && scalars[index + 1].properties.isUppercase
        result += isShouted ? latin.uppercased() : latin.prefix(1).uppercased() + latin.dropFirst()
    }
    return result
}

private let englishNames = [
    "Қазақстан": "Kazakhstan", "Батыс Қазақстан": "West Kazakhstan", "Солтүстік Қазақстан": "North Kazakhstan",
    "Шығыс Қазақстан": "East Kazakhstan",
]

private let romanLetters: [Unicode.Scalar: String] = [
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh", "һ": "h", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
]

extension String {
    /// The string without `suffix`, if it ends so.
    func dropping(suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
