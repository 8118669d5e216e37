import JarshyKit
import Testing

struct PlaceKindTests {
    @Test(arguments: [
        (PlaceKind.district, "Талғар", Language.kk, "Талғар ауданы"),
        (.district, "Талгарский", .ru, "Талгарский район"),
        (.district, "Talgar", .en, "Talgar District"), (.district, "Ақсуат", .ru, "район Ақсуат"),
        (.district, "имени Габита Мусрепова", .ru, "район имени Габита Мусрепова"),
        (.district, "Ғабит Мүсірепов атындағы", .kk, "Ғабит Мүсірепов атындағы аудан"),
        (.region, "Абай", .ru, "область Абай"), (.region, "Карагандинская", .ru, "Карагандинская область"),
        (.region, "Қарағанды", .kk, "Қарағанды облысы"), (.city, "Сарань", .ru, "город Сарань"),
        (.city, "Рудный", .ru, "город Рудный"), (.republicCity, "Астана", .kk, "Астана қаласы"),
        (.cityAdministration, "Саран", .kk, "Саран қаласы"), (.ruralDistrict, "Степной", .ru, "Степной сельский округ"),
        (.ruralDistrict, "Караой", .ru, "сельский округ Караой"),
        (.ruralDistrict, "Лесной", .ru, "Лесной сельский округ"),
        (.ruralDistrict, "Шеңгелді", .kk, "Шеңгелді ауылдық округі"),
        (.townshipAkimat, "Чаганская", .ru, "Чаганская поселковая администрация"),
        (.cityAkimat, "Алтай", .ru, "городская администрация Алтай"), (.village, "Бесағаш", .kk, "Бесағаш ауылы"),
        (.village, "Заречное", .ru, "село Заречное"), (.railStop, "Ақбұлақ стансасы", .kk, "Ақбұлақ стансасы"),
        (.republic, "Қазақстан", .kk, "Қазақстан Республикасы"), (.republic, "Казахстан", .ru, "Республика Казахстан"),
    ])
    func `shows a name with its kind`(kind: PlaceKind, bare: String, language: Language, expected: String) {
        #expect(kind.displayName(bare, language) == expected)
    }

    /// Every district's Russian title is what the official file writes, but for the capital and "им.".
    @Test(.enabled(if: ReferenceData.isPresent))
    func `Russian titles of regions and districts are the official ones`() throws {
        for row in try ReferenceData.kato() where row.level == .oblast || row.level == .district {
            let name = KatoName(kazakh: row.kazakh, russian: row.russian, level: row.level)
            guard name.kind == .region || name.kind == .district else { continue }
            let official = row.russian.replacing("Район", with: "район").replacing("им.", with: "имени ")
            #expect(name.kind.displayName(name.russian, .ru) == official)
        }
    }
}
