/// Numbers and dates as people of a language write them.
///
/// The tables are our own, so that output never changes with the ICU of a machine; a test pins them to CLDR.
/// Spaces inside a number or between a number and its sign are U+00A0.
public struct Format: Sendable {
    public let language: Language

    public init(_ language: Language) {
        self.language = language
    }

    /// A whole number in groups of three: "19 766 807" (kk, ru; U+00A0), "19,766,807" (en). Minus is U+2212.
    public func number(_ value: Int) -> String {
        let digits = String(value.magnitude)
        let grouped = value.magnitude < 1000 ? digits : grouped(digits)
        return value < 0 ? "\u{2212}" + grouped : grouped
    }

    /// A change: "+1 204", "−18", "0".
    public func signed(_ value: Int) -> String {
        value > 0 ? "+" + number(value) : number(value)
    }

    /// Whole per cent: "68%" (kk, en), "68 %" (ru).
    public func percent(_ value: Int) -> String {
        number(value) + percentSign
    }

    /// The share of `part` in `base`, rounded half up to whole per cent: "68%". No base, no share: "—".
    ///
    /// Rounding never claims all or nothing: 999 of 1000 is ">99%", 1 of 1000 is "<1%".
    public func share(_ part: Int, of base: Int) -> String {
        guard base > 0, part >= 0 else { return "—" }
        let value = (Double(part) / Double(base) * 100).rounded(.toNearestOrAwayFromZero)
        guard value < 1e15 else { return "—" }
        if part > 0, value < 1 { return "<" + percent(1) }
        if part < base, value >= 100 { return ">" + percent(99) }
        return percent(Int(value))
    }

    /// A share beside its numbers: "68% (34 / 50)", "68 % (34 из 50)", "68% (34 of 50)".
    public func shareWithBase(_ part: Int, of base: Int) -> String {
        "\(share(part, of: base)) (\(fraction(part, of: base)))"
    }

    /// Part and base: "34 / 50", "34 из 50", "34 of 50". The slash spares Kazakh a case ending on a number.
    public func fraction(_ part: Int, of base: Int) -> String {
        let joint =
            switch language {
            case .kk: "/"
            case .ru: "из"
            case .en: "of"
            }
        return "\(number(part)) \(joint) \(number(base))"
    }

    private var percentSign: String { language == .ru ? "\u{A0}%" : "%" }

    private func grouped(_ digits: String) -> String {
        let separator = language == .en ? "," : "\u{A0}"
        var result = ""
        var left = digits.utf8.count
        for digit in digits {
            result.append(digit)
            left -= 1
            if left > 0, left % 3 == 0 { result += separator }
        }
        return result
    }
}
