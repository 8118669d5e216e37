import JarshyKit
import Storage

/// The kinds of unit a new database begins with, and how a kind turns a bare name into a title.
///
/// Kinds live in the table `unit_kind`; this list is written only where that table is empty, so that an installation
/// may change words and marks and keep them. `Demo/kinds.tsv` describes the same kinds for readers; a test compares the
/// two.
enum UnitKinds {
    static let standard: [UnitKind] = [
        kind("republic", 1, .above, "республика", "республика", "republic"),
        kind("region", 2, .above, "облыс", "область", "region"),
        kind(
            "republic_city", 2, .settlement, "республикалық маңызы бар қала", "город республиканского значения",
            "city of republican significance"),
        kind("district", 3, .district, "аудан", "район", "district"),
        kind("city_administration", 3, .district, "қала әкімшілігі", "городская администрация", "city administration"),
        kind("city_district", 3, .district, "қаладағы аудан", "район города", "city district"),
        kind(
            "city_district_akimat", 3, .above, "қала ауданының әкімдігі", "акимат района города", "city district akimat"
        ),
        kind("rural_district", 4, .above, "ауылдық округ", "сельский округ", "rural district"),
        kind("village_akimat", 4, .above, "ауыл әкімдігі", "акимат села", "village akimat"),
        kind("town_akimat", 4, .above, "қала әкімдігі", "акимат города", "town akimat"),
        kind("township_akimat", 4, .above, "кент әкімдігі", "акимат посёлка", "township akimat"),
        kind("city", 5, .settlement, "қала", "город", "city"),
        kind("township", 5, .settlement, "кент", "посёлок", "township"),
        kind("village", 5, .settlement, "ауыл", "село", "village"),
        kind("settlement", 5, .settlement, "елді мекен", "населённый пункт", "settlement"),
        kind("rail_stop", 6, .settlement, "теміржол бекеті", "железнодорожная станция", "railway station"),
        kind("other_place", 6, .settlement, "өзге қоныс", "иное место", "other place"),
        kind("headquarters", 7, .team, "штаб", "штаб", "headquarters"),
        kind("branch", 7, .team, "филиал", "филиал", "branch"),
        kind("primary", 8, .team, "БПҰ", "первичная организация", "primary organisation"),
        kind(
            "group", 8, .team, "ақпараттық-түсіндіру тобы", "информационно-разъяснительная группа", "information group"),
        kind("subgroup", 9, .team, "кіші топ", "подгруппа", "subgroup"),
    ]

    /// Other words that files use for our kinds.
    static let aliases: [String: String] = [
        "city_republican": "republic_city", "settlement_akimat": "township_akimat", "city_akimat": "town_akimat",
        "primary_organisation": "primary", "primary_organization": "primary",
    ]

    /// Our code for a kind of the classifier.
    static func code(_ kind: PlaceKind) -> String { aliases[kind.rawValue] ?? kind.rawValue }

    /// The names with the kind's word: «Талғар ауданы», «Талгарский район», "Talgar District".
    static func titles(_ kind: String, _ names: Trio) -> Trio {
        if let place = place(kind) {
            return Trio(
                kk: place.displayName(names.kk, .kk), ru: place.displayName(names.ru, .ru),
                en: place.displayName(names.en, .en))
        }
        return switch kind {
        case "headquarters":
            Trio(kk: "\(names.kk) штабы", ru: "штаб «\(names.ru)»", en: "\(names.en) Headquarters")
        case "branch": Trio(kk: "\(names.kk) филиалы", ru: "филиал «\(names.ru)»", en: "\(names.en) Branch")
        case "primary":
            Trio(kk: "\(names.kk) БПҰ", ru: "ППО «\(names.ru)»", en: "\(names.en) Primary Organisation")
        case "group":
            Trio(
                kk: "\(names.kk) ақпараттық-түсіндіру тобы",
                ru: "информационно-разъяснительная группа «\(names.ru)»", en: "\(names.en) Information Group")
        case "subgroup": Trio(kk: "\(names.kk) кіші тобы", ru: "подгруппа «\(names.ru)»", en: "\(names.en) Subgroup")
        default: names
        }
    }

    private static func place(_ kind: String) -> PlaceKind? {
        PlaceKind(rawValue: kind) ?? aliases.first { $0.value == kind }.flatMap { PlaceKind(rawValue: $0.key) }
    }

    /// Writes the standard kinds into a database that has none.
    static func seed(in db: any Writing) throws {
        guard try db.value("SELECT count(*) FROM unit_kind", as: Int.self) == 0 else { return }
        try db.insert(
            """
            INSERT INTO unit_kind (code, rank, district_level, settlement, territory, name_kk, name_ru, name_en) VALUES
            """,
            rows: standard.map { kind in
                [
                    kind.code.bind, kind.rank.bind, kind.districtLevel.bind, kind.settlement.bind, kind.territory.bind,
                    kind.names.kk.bind, kind.names.ru.bind, kind.names.en.bind,
                ]
            })
    }

    private enum Mark { case above, district, settlement, team }

    private static func kind(
        _ code: String, _ rank: Int64, _ mark: Mark, _ kk: String, _ ru: String, _ en: String
    ) -> UnitKind {
        UnitKind(
            code: code, rank: rank, districtLevel: mark == .district, settlement: mark == .settlement,
            territory: mark != .team, names: Trio(kk: kk, ru: ru, en: en))
    }
}
