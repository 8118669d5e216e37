import JarshyKit
import Testing

struct KatoNameTests {
    @Test(
        arguments: [
            ("Абай облысы", "область Абай", KatoName.Level.oblast, PlaceKind.region, "Абай", "Абай"),
            ("Қарағанды облысы", "Карагандинская область", .oblast, .region, "Қарағанды", "Карагандинская"),
            ("Астана қ.", "г.Астана", .oblast, .republicCity, "Астана", "Астана"),
            ("Талғар ауданы", "Талгарский район", .district, .district, "Талғар", "Талгарский"),
            (
                "Мағжан Жұмабаев ауданы", "Район Магжана Жумабаева", .district, .district, "Мағжан Жұмабаев",
                "Магжана Жумабаева"
            ),
            (
                "Ғабит Мүсірепов атын.ауданы", "Район им.Габита Мусрепова", .district, .district,
                "Ғабит Мүсірепов атындағы", "имени Габита Мусрепова"
            ),
            ("Саран Қ.Ә.", "Сарань Г.А.", .district, .cityAdministration, "Саран", "Сарань"),
            ("Ақтау Г.А.", "Актау Г.А.", .district, .cityAdministration, "Ақтау", "Актау"),
            ("Есіл ауданы", "район Есиль", .subdistrict, .cityDistrict, "Есіл", "Есиль"),
            (
                "Қазыбек би атын. а.ә.", "р.а. им.Казыбек би", .subdistrict, .cityDistrictAkimat, "Қазыбек би атындағы",
                "имени Казыбек би"
            ),
            ("Талғар қ.ә.", "Талгарская г.а.", .subdistrict, .cityAkimat, "Талғар", "Талгарская"),
            ("Шаған к.ә.", "Чаганская п.а.", .subdistrict, .townshipAkimat, "Шаған", "Чаганская"),
            ("Барвинов а.ә", "Барвиновская с.а.", .subdistrict, .villageAkimat, "Барвинов", "Барвиновская"),
            ("Байырқұм а.о.", "с.о.Байыркумский", .subdistrict, .ruralDistrict, "Байырқұм", "Байыркумский"),
            ("Бурыл а.о .", "Бурылский с.о", .subdistrict, .ruralDistrict, "Бурыл", "Бурылский"),
            (
                "Темір Масин ат.а.о.", "с.о.им.Темира Масина", .subdistrict, .ruralDistrict, "Темір Масин атындағы",
                "имени Темира Масина"
            ),
            (
                "Бұқарбай батыр а.о.", "им.Бухарбай батыра с.о.", .subdistrict, .ruralDistrict, "Бұқарбай батыр",
                "имени Бухарбай батыра"
            ),
            ("Форт-Шевченко ќ.", "г.Форт-Шевченко", .settlement, .city, "Форт-Шевченко", "Форт-Шевченко"),
            ("Саран қ.", "г.Сарань", .subdistrict, .city, "Саран", "Сарань"),
            ("Ақтас к.", "п.С.Сейфуллин", .settlement, .township, "Ақтас", "С.Сейфуллин"),
            ("Шілікті а", "с. Шиликти", .settlement, .village, "Шілікті", "Шиликти"),
            ("Қоянды\u{A0} а.", "с.\"Ќоянды\"", .settlement, .village, "Қоянды", "Ќоянды"),
            (
                "Ақтан батыр ат.ауыл", "с. им.Актан батыра", .settlement, .village, "Ақтан батыр атындағы",
                "имени Актан батыра"
            ),
            (
                "И.Ф.Павлов атындағы а.", "с.имени И.Ф.Павлова", .settlement, .village, "И.Ф.Павлов атындағы",
                "имени И.Ф.Павлова"
            ),
            ("а.Бозшакөл", "с.Бозшаколь", .settlement, .village, "Бозшакөл", "Бозшаколь"),
            ("Топжиде 1а.", "с.Топжиде 1", .settlement, .village, "Топжиде 1", "Топжиде 1"),
            ("Кїшік жал  а.", "с.Кушик жал", .settlement, .village, "Күшік жал", "Кушик жал"),
            ("Ақбұлақ ст.", "ст.Акбулак", .settlement, .railStop, "Ақбұлақ стансасы", "станция Акбулак"),
            ("рзд.18 км", "рзд.18 км", .settlement, .railStop, "18 км разъезі", "разъезд 18 км"),
            ("рзд.13", "рзд.13", .settlement, .railStop, "13-разъезд", "разъезд 13"),
            (
                "рзд.93 Үкілісай", "рзд.93 Укулисай", .settlement, .railStop, "93-разъезд Үкілісай",
                "разъезд 93 Укулисай"
            ),
            ("Бастау рзд.", "рзд.Бастау", .settlement, .railStop, "Бастау разъезі", "разъезд Бастау"),
            ("рзд №5", "рзд №5", .settlement, .railStop, "№5 разъезд", "разъезд №5"),
            ("Талды уч.", "уч.Талды", .settlement, .otherPlace, "Талды учаскесі", "участок Талды"),
            ("Аралбай қыстауы", "зимовка Аралбай", .settlement, .otherPlace, "Аралбай қыстауы", "зимовка Аралбай"),
            (
                "«Қожабаев А.Х.» шар.қож.", "кр.хоз. «Кожабаев А.Х.»", .settlement, .otherPlace,
                "«Қожабаев А.Х.» шаруа қожалығы", "крестьянское хозяйство «Кожабаев А.Х.»"
            ),
        ] as [(String, String, KatoName.Level, PlaceKind, String, String)])
    func `takes name and kind apart`(
        kazakh: String, russian: String, level: KatoName.Level, kind: PlaceKind, bareKazakh: String, bareRussian: String
    ) {
        let name = KatoName(kazakh: kazakh, russian: russian, level: level)

        #expect(name.kind == kind)
        #expect(name.kazakh == bareKazakh)
        #expect(name.russian == bareRussian)
    }

    @Test(.enabled(if: ReferenceData.isPresent))
    func `agrees with the earlier derivation of kinds`() throws {
        let derived = try ReferenceData.derivedKinds()
        let renamed = [
            "city_republican": "republic_city", "settlement_akimat": "township_akimat", "town_akimat": "city_akimat",
        ]
        let rows = try ReferenceData.kato()
        var agreed = 0
        for row in rows {
            let kind = KatoName(kazakh: row.kazakh, russian: row.russian, level: row.level).kind.rawValue
            let other = try #require(derived[row.code])
            if kind == renamed[other] ?? other {
                agreed += 1
            } else {
                print("\(row.code) \(row.kazakh): \(kind), earlier \(other)")
            }
        }
        print("KATO kinds: \(agreed) of \(rows.count) agree with the earlier derivation")
        #expect(rows.count == 15_594)
        #expect(agreed * 100 >= rows.count * 99)
    }

    @Test(.enabled(if: ReferenceData.isPresent))
    func `counts of units are the official ones, in either language alone`() throws {
        let rows = try ReferenceData.kato()
        for useRussian in [true, false] {
            var counts: [PlaceKind: Int] = [:]
            for row in rows {
                let kind = KatoName(
                    kazakh: useRussian ? "" : row.kazakh, russian: useRussian ? row.russian : "", level: row.level
                ).kind
                counts[kind, default: 0] += 1
            }
            #expect(counts[.region] == 17)
            #expect(counts[.republicCity] == 3)
            #expect(counts[.district] == 170)
            #expect(counts[.cityAdministration] == 39)
            #expect(counts[.cityDistrict] == 19 + 6)
            #expect(counts[.city] == 39 + 48)
            #expect(counts[.township] == 88)
            #expect(counts[.ruralDistrict] == 2108)
            #expect(counts[.cityAkimat] == 32)
            #expect(counts[.townshipAkimat] == 71)
            // Kazakh "а.ә." is both; only Russian tells.
            #expect(counts[.villageAkimat] == (useRussian ? 108 : 110))
        }
    }

    @Test(.enabled(if: ReferenceData.isPresent))
    func `no bare name of a unit keeps an abbreviation or loses everything`() throws {
        var left: [String] = []
        for row in try ReferenceData.kato() {
            let name = KatoName(kazakh: row.kazakh, russian: row.russian, level: row.level)
            for bare in [name.kazakh, name.russian] {
                #expect(!bare.isEmpty && bare.first != " " && bare.last != " ")
                let isUnit = name.kind != .otherPlace && name.kind != .railStop
                // "с.им.Назарбекова А." ends in an initial.
                if isUnit, bare.last == "." || bare.hasSuffix(" район") || bare.hasPrefix("им."), !bare.hasSuffix(" А.")
                {
                    left.append(bare)
                }
            }
        }
        #expect(left == ["Бетбұлақас."])  // the official file's own misprint
    }
}
