/// The form a noun takes after a whole number (CLDR cardinal categories of our three languages).
public enum PluralCategory: String, CaseIterable, Sendable {
    case one, few, many, other
}

extension Language {
    /// The category of `count`; the sign does not matter.
    ///
    /// Whole numbers never fall into Russian `other` (it is for fractions), yet translators must supply it.
    public func plural(_ count: Int) -> PluralCategory {
        let n = count.magnitude
        switch self {
        case .kk, .en:
            return n == 1 ? .one : .other
        case .ru:
            let unit = n % 10
            if (11...14).contains(n % 100) { return .many }
            if unit == 1 { return .one }
            return (2...4).contains(unit) ? .few : .many
        }
    }

    /// The forms a catalogue must hold for every counted message.
    public var pluralCategories: [PluralCategory] {
        self == .ru ? [.one, .few, .many, .other] : [.one, .other]
    }
}
