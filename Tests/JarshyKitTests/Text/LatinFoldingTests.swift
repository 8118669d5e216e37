import JarshyKit
import Testing

struct LatinFoldingTests {
    /// Each row: Cyrillic, then the 2021 draft, the 2018 decree, QazAqparat, informal spellings.
    @Test(arguments: [
        ["сайлау", "sailau", "saılaý", "saylaw", "sailau", "saylau", "SAYLAU"],
        ["референдум", "referendum", "referendým", "referendwm", "referendum"],
        ["Қазақстан", "Qazaqstan", "Qazaqstan", "Qazaqstan", "Kazakstan"],
        ["жиналыс", "jinalys", "jınalys", "jïnalıs", "zhinalys"],
        ["өкіл", "ökıl", "ókil", "ökil", "okil"],
        ["шаңырақ", "şañyraq", "shańyraq", "şañıraq", "shanyrak"],
        ["тұрғын үй", "tūrğyn üi", "turǵyn úı", "turğın üy", "turgyn uy"],
        ["ғылым", "ğylym", "ǵylym", "ğılım", "gylym", "ghylym"],
        ["Щучинск", "Şuchinsk", "Shuchinsk", "Shchuchinsk"],
        ["Ясный", "Yasny", "Iasnyi", "Yasnyy", "Yasnyĭ"],
        ["хат", "hat", "khat", "xat"],
        ["çай".replacing("ç", with: "ч"), "chai", "çay", "shai".replacing("sh", with: "ch")],
        ["станция", "stantsiya", "stanciya"],
        ["Сарань", "Saran'", "Saran", "Saran’"],
        ["жетсе", "jetse", "zhetse"],
    ])
    func `spellings in four alphabets meet`(spellings: [String]) throws {
        let cyrillic = foldedLatin(try #require(spellings.first))
        for spelling in spellings { #expect(foldedLatin(spelling) == cyrillic, "\(spelling)") }
    }

    @Test func `marks may stand apart from their letters`() {
        #expect(foldedLatin("s\u{327}an\u{303}yraq") == foldedLatin("шаңырақ"))
    }

    @Test func `different words stay different`() {
        #expect(foldedLatin("бала") != foldedLatin("бола"))
        #expect(foldedLatin("қала, дала") == "кала дала")
    }
}
