import JarshyKit

/// An address as it is written, and in the one spelling by which it is known again. No name of a person belongs here.
struct AddressText: Sendable, Hashable {
    let street: String
    let house: String
    let flat: String
    let landmark: String

    static let longestStreet = 80
    static let longestHouse = 12
    static let longestLandmark = 120

    init(street: String, house: String, flat: String = "") {
        self.street = Self.cleaned(street)
        self.house = Self.cleaned(house)
        self.flat = Self.cleaned(flat)
        landmark = ""
    }

    init(landmark: String) {
        street = ""
        house = ""
        flat = ""
        self.landmark = Self.cleaned(landmark)
    }

    private static func cleaned(_ text: String) -> String {
        text.split { $0.isWhitespace }.joined(separator: " ")
    }

    /// Equal for spellings of one door: letter case, the special Kazakh letters, spaces, Latin letters that look like ours, the
    /// word for street and the sign for house and flat do not matter. «Абай көшесі, 12А» is «ул. Абай, д. 12 а».
    var normal: String {
        if !landmark.isEmpty { return "~" + Self.plain(landmark) }
        // «к-сі» folds to two words.
        let spelt = (Self.plain(street) + " ").replacing(" к си ", with: " ")
        let words = spelt.split(separator: " ").map(String.init).filter { !Self.streetWords.contains($0) }
        return [words.joined(separator: " "), Self.number(house), Self.number(flat)].joined(separator: "|")
    }

    /// By which doors are walked: streets in the Kazakh order, houses and flats by number; landmarks after them.
    var order: [UInt8] {
        landmark.isEmpty ? sortKey("\(street)  \(house)  \(flat)") : [0xFF] + sortKey(landmark)
    }

    /// What is wrong with it, told under the names of the form's fields.
    var faults: [Problem.Fault] {
        var faults: [Problem.Fault] = []
        func check(_ field: String, _ text: String, longest: Int) {
            if text.unicodeScalars.count > longest {
                faults.append(
                    Problem.Fault(field, "too-long", "'\(field)' is longer than \(longest).", slots: ["max": "\(longest)"]))
            }
        }
        check("street", street, longest: Self.longestStreet)
        check("house", house, longest: Self.longestHouse)
        check("flat", flat, longest: Self.longestHouse)
        check("landmark", landmark, longest: Self.longestLandmark)
        if landmark.isEmpty {
            if normal.hasPrefix("|") { faults.append(Problem.Fault("street", "missing", "'street' is missing.")) }
            if Self.number(house).isEmpty { faults.append(Problem.Fault("house", "missing", "'house' is missing.")) }
        } else if normal == "~" {
            faults.append(Problem.Fault("landmark", "missing", "'landmark' is missing."))
        } else if landmark.filter(\.isNumber).count >= 10 || landmark.contains("@") {
            faults.append(
                Problem.Fault("landmark", "personal", "A landmark holds no telephone, no identity number and no mail address."))
        }
        return faults
    }

    /// Folded, with Latin letters that look like Cyrillic ones taken for them where Cyrillic stands beside.
    private static func plain(_ text: String) -> String {
        folded(text).split(separator: " ").map { word in
            word.unicodeScalars.contains { (0x400...0x52F).contains($0.value) } ? looksReplaced(String(word)) : String(word)
        }.joined(separator: " ")
    }

    /// A house's number keeps its slash and hyphen (12/1 is not 121), and nothing else but letters and digits.
    private static func number(_ text: String) -> String {
        var out = ""
        for part in text.lowercased().split(whereSeparator: { $0 == " " || $0 == "." || $0 == "," || $0 == "№" }) {
            let word = looksReplaced(String(part))
            if houseWords.contains(word) { continue }
            out += word
        }
        return looksReplaced(out)
    }

    private static func looksReplaced(_ text: String) -> String { String(text.map { looks[$0] ?? $0 }) }

    private static let looks: [Character: Character] = [
        "a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "k": "к", "m": "м", "o": "о", "p": "р", "t": "т", "x": "х", "y": "у",
    ]

    /// Folded words that only say "street"; an avenue or a lane of the same name is another place and keeps its word.
    private static let streetWords: Set<String> = ["кошеси", "коше", "кош", "ул", "улица", "street", "st"]
    private static let houseWords: Set<String> = ["үй", "д", "дом", "пәтер", "п", "кв", "квартира"]
}
