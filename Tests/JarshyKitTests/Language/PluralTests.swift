import JarshyKit
import Testing

struct PluralTests {
    @Test(arguments: [
        (0, PluralCategory.many), (1, .one), (2, .few), (4, .few), (5, .many), (11, .many), (12, .many), (14, .many),
        (21, .one), (22, .few), (100, .many), (101, .one), (111, .many), (112, .many), (124, .few), (-1, .one),
        (Int.min, .many),
    ])
    func `Russian has one, few and many`(number: Int, category: PluralCategory) {
        #expect(Language.ru.plural(number) == category)
    }

    @Test(arguments: [(0, PluralCategory.other), (1, .one), (2, .other), (21, .other), (101, .other)])
    func `Kazakh and English have one and other`(number: Int, category: PluralCategory) {
        #expect(Language.kk.plural(number) == category)
        #expect(Language.en.plural(number) == category)
    }
}
