import JarshyKit

/// Where the regions stand on the tile map, by the first two digits of their KATO code, and their short names.
///
/// Rough geography: west on the left, north on top. A unit under the root that is not here is simply not drawn; the list
/// beside the map has it.
enum TileMap {
    struct Place: Sendable {
        let column: Int
        let row: Int
        let short: Trio
    }

    static func place(_ code: String) -> Place? { places[String(code.prefix(2))] }

    static let columns = 7
    static let rows = 5

    private static let places: [String: Place] = [
        "39": at(2, 0, "Қостанай", "Костанай", "Kostanay"),
        "59": at(3, 0, "СҚО", "СКО", "North Kaz."),
        "27": at(0, 1, "БҚО", "ЗКО", "West Kaz."),
        "15": at(1, 1, "Ақтөбе", "Актобе", "Aktobe"),
        "11": at(3, 1, "Ақмола", "Акмола", "Akmola"),
        "71": at(4, 1, "Астана", "Астана", "Astana"),
        "55": at(5, 1, "Павлодар", "Павлодар", "Pavlodar"),
        "23": at(0, 2, "Атырау", "Атырау", "Atyrau"),
        "62": at(3, 2, "Ұлытау", "Ұлытау", "Ulytau"),
        "35": at(4, 2, "Қарағанды", "Караганда", "Karagandy"),
        "10": at(5, 2, "Абай", "Абай", "Abay"),
        "63": at(6, 2, "ШҚО", "ВКО", "East Kaz."),
        "47": at(0, 3, "Маңғыстау", "Мангистау", "Mangystau"),
        "43": at(2, 3, "Қызылорда", "Кызылорда", "Kyzylorda"),
        "61": at(3, 3, "Түркістан", "Туркестан", "Turkestan"),
        "31": at(4, 3, "Жамбыл", "Жамбыл", "Zhambyl"),
        "19": at(5, 3, "Алматы обл.", "Алм. обл.", "Almaty Reg."),
        "33": at(6, 3, "Жетісу", "Жетісу", "Zhetysu"),
        "79": at(3, 4, "Шымкент", "Шымкент", "Shymkent"),
        "75": at(5, 4, "Алматы қ.", "г. Алматы", "Almaty City"),
    ]

    private static func at(_ column: Int, _ row: Int, _ kk: String, _ ru: String, _ en: String) -> Place {
        Place(column: column, row: row, short: Trio(kk: kk, ru: ru, en: en))
    }
}
