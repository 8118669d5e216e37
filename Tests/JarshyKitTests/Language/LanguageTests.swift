import JarshyKit
import Testing

struct LanguageTests {
    @Test(arguments: [
        (nil, Language.kk), ("", .kk), ("ru", .ru), ("ru-KZ,ru;q=0.9,en;q=0.8", .ru), ("en-GB, kk;q=0.9", .en),
        ("de,en;q=0.3,kk;q=0.4", .kk), ("fr", .kk), ("*", .kk), ("ru;q=0, en", .en), ("RU_kz", .ru),
        ("ru;q=rubbish,en;q=0.1", .en), ("en;q=0.5,ru;q=0.5", .en), (";;,,=", .kk), ("*,ru;q=0.5", .kk),
    ])
    func `negotiates by weight, then by order`(header: String?, language: Language) {
        #expect(Language.negotiate(acceptLanguage: header) == language)
    }
}
