/// A row of the KATO classifier taken apart: the bare name in both languages, and the kind.
///
/// The classifier glues kind to name as an abbreviation, in either order, with or without dots: "Қараауыл а.о.",
/// "с.о.Байыркумский", "Комекбаевский с.о". Bare Russian names of districts stay adjectives ("Талгарский"); bare
/// names in honour of somebody read "Н.Ілиясов атындағы", "имени Н.Ильясова". Stations, sidings and other places have
/// no single head noun, so their bare names keep their own, spelled out: "Ақбұлақ стансасы", "станция Акбулак".
/// Letters damaged by old code pages are repaired in Kazakh names (ќ→қ, ў→ұ, ї→ү, ј→ә).
public struct KatoName: Sendable, Hashable {
    /// The level of the row, as the official file writes it.
    public enum Level: String, Sendable, CaseIterable {
        case oblast, district
        case subdistrict = "sub_district"
        case settlement
    }

    public let kind: PlaceKind
    public let kazakh: String
    public let russian: String

    /// Takes both names of a row apart. What no rule knows is `other_place`, its names kept whole.
    ///
    /// The Russian name decides the kind, the Kazakh one helps out ("а.ә." is two kinds, "р.а." one); the level tells
    /// districts of a region from those of a city, and "Қ.Ә." from "қ.ә.".
    public init(kazakh: String, russian: String, level: Level) {
        let kk = KatoText(repairing: kazakh).kazakhParts(level)
        let ru = KatoText(russian).russianParts(level)
        kind = ru.kind ?? kk.kind ?? .otherPlace
        self.kazakh = kk.bare
        self.russian = ru.bare
    }
}

/// What a name consists of; no kind when nothing told it.
struct KatoParts {
    var bare: String
    var kind: PlaceKind?
}

/// A name of the classifier with its spacing put in order, and the tools to take abbreviations off its ends.
struct KatoText {
    private(set) var scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = []
        for scalar in text.unicodeScalars {
            if !scalar.properties.isWhitespace {
                scalars.append(scalar)
            } else if let last = scalars.last, last != " " {
                scalars.append(" ")
            }
        }
        if scalars.last == " " { scalars.removeLast() }
    }

    init(repairing kazakh: String) {
        self.init(kazakh)
        let repairs: [Unicode.Scalar: Unicode.Scalar] = [
            "Ќ": "Қ", "ќ": "қ", "Ў": "Ұ", "ў": "ұ", "Ї": "Ү", "ї": "ү", "Ј": "Ә", "ј": "ә",
        ]
        scalars = scalars.map { repairs[$0] ?? $0 }
    }

    var text: String { String(String.UnicodeScalarView(scalars)) }

    /// The text without quotes around all of it: с."Қоянды".
    var unquoted: String {
        guard scalars.count > 2, scalars.first == "\"", scalars.last == "\"" else { return text }
        return String(String.UnicodeScalarView(scalars.dropFirst().dropLast()))
    }

    /// Takes `letters` off the end when they stand as an abbreviation: dots and spaces between and after them do not
    /// matter, but a space, a dot or a digit must come before and something must be left.
    mutating func dropEnd(_ letters: String, ignoringCase: Bool = false) -> Bool {
        var index = scalars.count
        for letter in letters.unicodeScalars.reversed() {
            while index > 0, scalars[index - 1] == "." || scalars[index - 1] == " " { index -= 1 }
            guard index > 0, same(scalars[index - 1], letter, ignoringCase) else { return false }
            index -= 1
        }
        guard index > 0, isBoundary(scalars[index - 1]) else { return false }
        while index > 0, scalars[index - 1] == " " { index -= 1 }
        guard index > 0 else { return false }
        scalars.removeSubrange(index...)
        return true
    }

    /// Takes an abbreviation off the start: every letter followed by a dot and perhaps a space ("с.о. ").
    mutating func dropStart(_ letters: String) -> Bool {
        var index = 0
        for letter in letters.unicodeScalars {
            guard index + 1 < scalars.count, scalars[index] == letter, scalars[index + 1] == "." else { return false }
            index += 2
            while index < scalars.count, scalars[index] == " " { index += 1 }
        }
        return removeStart(index)
    }

    /// Takes a word or shortened word off the start, whatever case its first letter has. A dot or space must follow;
    /// after a shortened word like "рзд" a digit or № will do too.
    mutating func dropStartWord(_ word: String) -> Bool {
        let letters = Array(word.unicodeScalars)
        guard scalars.count > letters.count, same(scalars[0], letters[0], true),
            scalars[1..<letters.count].elementsEqual(letters[1...]), isBoundary(scalars[letters.count])
        else { return false }
        var index = letters.count
        while index < scalars.count, scalars[index] == "." || scalars[index] == " " { index += 1 }
        return removeStart(index)
    }

    /// Takes a whole word off the end.
    mutating func dropEndWord(_ word: String) -> Bool {
        let letters = Array(word.unicodeScalars)
        let start = scalars.count - letters.count
        guard start > 1, scalars[start...].elementsEqual(letters), isBoundary(scalars[start - 1]) else { return false }
        scalars.removeSubrange(start...)
        while scalars.last == " " { scalars.removeLast() }
        return true
    }

    private mutating func removeStart(_ index: Int) -> Bool {
        guard index < scalars.count else { return false }
        scalars.removeSubrange(..<index)
        return true
    }

    private func isBoundary(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "." || scalar == "№" || (0x30...0x39).contains(scalar.value)
    }

    private func same(_ a: Unicode.Scalar, _ b: Unicode.Scalar, _ ignoringCase: Bool) -> Bool {
        a == b || ignoringCase && a.properties.lowercaseMapping == b.properties.lowercaseMapping
    }
}
