/// House numbers as they are written down for a street: `1-15 odd, 2-40 even, 17а, 12/1`; the words for odd and even in three
/// languages. Flats are written the same way.
public enum HouseNumbers {
    /// A street has fewer; a slip of the finger has more.
    public static let most = 500
    public static let longest = 12

    private static let odd: Set<String> = ["odd", "тақ", "так", "нечёт", "нечет", "нечётные", "нечетные"]
    private static let even: Set<String> = ["even", "жұп", "жуп", "чёт", "чет", "чётные", "четные"]

    /// - Throws: 422 under `field`, with the part that cannot be read.
    public static func read(_ text: String, field: String) throws -> [String] {
        var numbers: [String] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0.isNewline }) {
            let part = part.split { $0.isWhitespace }.joined(separator: " ")
            if part.isEmpty { continue }
            guard let some = one(part) else {
                throw Problem.invalid([
                    Problem.Fault(
                        field, "not-houses", "'\(part.prefix(40))' is no house number and no range.",
                        slots: ["part": String(part.prefix(40))])
                ])
            }
            numbers += some
            if numbers.count > most {
                throw Problem.invalid([
                    Problem.Fault(field, "too-many", "At most \(most) at once.", slots: ["max": "\(most)"])
                ])
            }
        }
        return numbers
    }

    /// A number, or a range with or without a word; nil when it is neither.
    private static func one(_ part: String) -> [String]? {
        var text = part.lowercased().replacing("–", with: "-").replacing("—", with: "-")
        var step = 1
        var parity: Int?
        if let space = text.lastIndex(of: " ") {
            let word = String(text[text.index(after: space)...])
            if odd.contains(word) { parity = 1 } else if even.contains(word) { parity = 0 }
            if parity != nil {
                text = String(text[..<space])
                step = 2
            }
        }
        let ends = text.filter { $0 != " " }.split(separator: "-", omittingEmptySubsequences: false)
        if ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]) {
            guard (1...9999).contains(first), first < last, last <= 9999, last - first < 2 * most else { return nil }
            let start = parity.map { first % 2 == $0 ? first : first + 1 } ?? first
            return stride(from: start, through: last, by: step).map(String.init)
        }
        // 7, 17а, 14 Б, 12-в, 12/1, 12/1а
        guard parity == nil, part.count <= longest, part.wholeMatch(of: #/[0-9]{1,4}[ \-]?\p{L}?(/[0-9]{1,4}\p{L}?)?/#) != nil
        else { return nil }
        return [part]
    }
}
