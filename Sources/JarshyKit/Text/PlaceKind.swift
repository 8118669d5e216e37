/// The kind of a territorial unit; raw values are the codes used in files and the database.
public enum PlaceKind: String, CaseIterable, Sendable, Codable {
    /// The whole country.
    case republic
    /// An oblast.
    case region
    /// A city of republican significance (Астана, Алматы, Шымкент).
    case republicCity = "republic_city"
    /// A district of a region.
    case district
    /// A city of regional significance with its surroundings; stands beside districts.
    case cityAdministration = "city_administration"
    /// A district inside a city.
    case cityDistrict = "city_district"
    case ruralDistrict = "rural_district"
    /// Third-level administrations of a single village, township, town and part of a city.
    case villageAkimat = "village_akimat"
    case townshipAkimat = "township_akimat"
    case cityAkimat = "city_akimat"
    case cityDistrictAkimat = "city_district_akimat"
    case city, township, village
    /// A station or siding. Its bare name keeps the word that says which.
    case railStop = "rail_stop"
    /// A wintering hut, farm, section … Its bare name keeps the word that says which.
    case otherPlace = "other_place"

    /// A name with its kind, as a title: "Талғар ауданы", «Талгарский район», "Talgar District".
    ///
    /// `bare` is the name in that language (``KatoName``; in English ``romanised(_:)`` of the Kazakh one). Russian
    /// adjectives precede their noun («Абайский район»), names follow it («район Ақсуат»). A Kazakh name in
    /// "атындағы" takes a noun without possessive. No case forms are made; the parent is the caller's to show.
    public func displayName(_ bare: String, _ language: Language) -> String {
        switch language {
        case .kk: kazakh(bare)
        case .ru: russian(bare)
        case .en: english(bare)
        }
    }

    private func kazakh(_ bare: String) -> String {
        let named = bare.hasSuffix(" атындағы")
        switch self {
        case .republic: return "\(bare) Республикасы"
        case .region: return bare + (named ? " облыс" : " облысы")
        case .republicCity, .city, .cityAdministration: return bare + (named ? " қала" : " қаласы")
        case .district, .cityDistrict: return bare + (named ? " аудан" : " ауданы")
        case .ruralDistrict: return bare + (named ? " ауылдық округ" : " ауылдық округі")
        case .villageAkimat: return "\(bare) ауыл әкімдігі"
        case .townshipAkimat: return "\(bare) кент әкімдігі"
        case .cityAkimat: return "\(bare) қала әкімдігі"
        case .cityDistrictAkimat: return "\(bare) аудан әкімдігі"
        case .township: return bare + (named ? " кент" : " кенті")
        case .village: return bare + (named ? " ауыл" : " ауылы")
        case .railStop, .otherPlace: return bare
        }
    }

    private func russian(_ bare: String) -> String {
        switch self {
        case .republic: "Республика \(bare)"
        case .region: noun("область", bare, .feminine)
        case .republicCity, .city, .cityAdministration: "город \(bare)"
        case .district, .cityDistrict: noun("район", bare, .masculine)
        case .ruralDistrict: noun("сельский округ", bare, .masculine)
        case .villageAkimat: noun("сельская администрация", bare, .feminine)
        case .townshipAkimat: noun("поселковая администрация", bare, .feminine)
        case .cityAkimat: noun("городская администрация", bare, .feminine)
        case .cityDistrictAkimat: noun("районная администрация", bare, .feminine)
        case .township: "посёлок \(bare)"
        case .village: "село \(bare)"
        case .railStop, .otherPlace: bare
        }
    }

    private func english(_ bare: String) -> String {
        switch self {
        case .republic: "Republic of \(bare)"
        case .region: "\(bare) Region"
        case .republicCity, .city, .cityAdministration: "\(bare) City"
        case .district, .cityDistrict: "\(bare) District"
        case .ruralDistrict: "\(bare) Rural District"
        case .villageAkimat: "\(bare) Village Administration"
        case .townshipAkimat: "\(bare) Township Administration"
        case .cityAkimat: "\(bare) Town Administration"
        case .cityDistrictAkimat: "\(bare) District Administration"
        case .township: "\(bare) Township"
        case .village: "\(bare) Village"
        case .railStop, .otherPlace: bare
        }
    }

    private enum Gender { case masculine, feminine }

    /// The noun after an adjective of its gender, before anything else.
    private func noun(_ noun: String, _ bare: String, _ gender: Gender) -> String {
        let isName = bare.hasPrefix("имени ")
        let endings = gender == .masculine ? Self.masculine : Self.feminine
        return !isName && endings.contains { bare.hasSuffix($0) } ? "\(bare) \(noun)" : "\(noun) \(bare)"
    }

    // -ой alone will not do: Караой, Акшой are Kazakh names.
    private static let masculine = ["ский", "цкий", "ской", "ный", "ний", "ной", "вый", "вой"]
    private static let feminine = ["ская", "цкая", "ная", "няя", "вая"]
}
