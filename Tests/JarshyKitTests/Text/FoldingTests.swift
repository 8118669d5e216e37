import JarshyKit
import Testing

struct FoldingTests {
    @Test(arguments: [
        ("Қаңғү өә ЕЛКА Ёлка ІҺҰ", "кангу оа елка елка иху"), ("үгіт-насихат, 2-ауыл!", "угит насихат 2 ауыл"),
        ("  «Сайлау»  (үй)\n", "сайлау уй"), ("", ""), ("— …", ""), ("и\u{306}од Е\u{308}ж", "йод еж"),
        ("İstanbul ÄÖ", "istanbul äö"), ("№5 50%", "5 50"), ("Ќазаќ", "казак"), ("А́лма", "алма"), ("a\u{AD}b", "ab"),
    ])
    func `folds case, Kazakh letters and signs`(text: String, expected: String) {
        #expect(folded(text) == expected)
        #expect(folded(expected) == expected)
    }
}
