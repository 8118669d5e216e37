import Foundation
import JarshyKit
import Testing

/// CLDR writes U+202F where we write U+00A0, and a hyphen for minus.
func plainSpaces(_ text: String) -> String {
    text.replacing("\u{202F}", with: " ").replacing("\u{A0}", with: " ").replacing("\u{2212}", with: "-")
        .replacing("\u{200E}", with: "")
}

struct FormatTests {
    private let kk = Format(.kk)
    private let ru = Format(.ru)
    private let en = Format(.en)

    @Test func `groups by three in the manner of the language`() {
        #expect(kk.number(19_766_807) == "19\u{A0}766\u{A0}807")
        #expect(ru.number(1_000) == "1\u{A0}000")
        #expect(en.number(661_400_000) == "661,400,000")
        #expect(kk.number(999) == "999")
        #expect(en.number(-1_234) == "\u{2212}1,234")
        #expect(en.number(.min) == "\u{2212}9,223,372,036,854,775,808")
    }

    @Test func `signs both ways but not zero`() {
        #expect(kk.signed(1204) == "+1\u{A0}204")
        #expect(kk.signed(-18) == "\u{2212}18")
        #expect(kk.signed(0) == "0")
    }

    @Test func `a share rounds half up and never claims all or nothing`() {
        #expect(kk.share(34, of: 50) == "68%")
        #expect(ru.share(1, of: 8) == "13\u{A0}%")
        #expect(en.share(1, of: 1000) == "<1%")
        #expect(en.share(999, of: 1000) == ">99%")
        #expect(en.share(0, of: 3) == "0%")
        #expect(en.share(3, of: 3) == "100%")
        #expect(kk.share(0, of: 0) == "—")
        #expect(kk.share(Int.max, of: 1) == "—")
        #expect(en.share(6, of: 3) == "200%")
    }

    @Test func `a share stands beside its base`() {
        #expect(kk.shareWithBase(34, of: 50) == "68% (34 / 50)")
        #expect(ru.shareWithBase(34, of: 50) == "68\u{A0}% (34 из 50)")
        #expect(en.shareWithBase(34, of: 50) == "68% (34 of 50)")
    }

    @Test(arguments: Language.allCases)
    func `numbers and per cent agree with CLDR`(language: Language) {
        // English in Kazakhstan: the region's grouping is mixed into en_KZ by ICU, readers of English expect commas.
        let locale = Locale(identifier: language == .en ? "en" : "\(language)_KZ")
        let format = Format(language)
        var numbers = [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 9999, 10_000, 99_999, 100_000, 1_000_000, 19_766_807]
        numbers += (0..<300).map { $0 * 7_919 * 131 }
        for number in numbers + numbers.map(-) {
            #expect(plainSpaces(format.number(number)) == plainSpaces(number.formatted(.number.locale(locale))))
        }
        for percent in 0...250 {
            #expect(plainSpaces(format.percent(percent)) == plainSpaces(percent.formatted(.percent.locale(locale))))
        }
    }
}
