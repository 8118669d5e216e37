/// An address in the one spelling by which it is known again: letter case, the special Kazakh letters, spaces, Latin letters
/// that look like ours, the word for street and the signs for house and flat do not matter. «Абай көшесі, 12А» is
/// «ул. Абай, д. 12 а».
public enum AddressKey {
    /// `street|house|flat`, each in one spelling.
    public static func of(street: String, house: String, flat: String) -> String {
        // «к-сі» folds to two words.
        let spelt = (plain(street) + " ").replacing(" к си ", with: " ")
        let words = spelt.split(separator: " ").map(String.init).filter { !streetWords.contains($0) }
        return [words.joined(separator: " "), number(house), number(flat)].joined(separator: "|")
    }

    /// A landmark, apart from every street.
    public static func of(landmark: String) -> String { "~" + plain(landmark) }

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
            // A letter of its own stands for the word only in front: «д. 12», but «12 д» is a house.
            let isWord = houseWords.contains(String(part)) && (part.count > 1 || out.isEmpty)
            if !isWord { out += part }
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
