import JarshyKit

/// The names a form or a program gives a unit, checked alike for opening and editing. Empty titles are made from the
/// kind; an empty English name is romanised.
struct UnitWords: Sendable, Hashable {
    var kk: String
    var ru: String
    var en = ""
    var titleKk = ""
    var titleRu = ""
    var titleEn = ""

    /// What is wrong, by field: `name_kk`, `title_kk` and so on.
    var faults: [Problem.Fault] {
        let required = [("name_kk", kk), ("name_ru", ru)].compactMap { field, value in
            value.isEmpty ? Problem.Fault(field, "missing", "\(field) is empty.") : nil
        }
        let all = [
            ("name_kk", kk), ("name_ru", ru), ("name_en", en), ("title_kk", titleKk), ("title_ru", titleRu),
            ("title_en", titleEn),
        ]
        return required
            + all.compactMap { field, value in
                guard !value.isEmpty, let wrong = UnitSheet.fault(value) else { return nil }
                return Problem.Fault(
                    field, "unit-name", "\(field) \(wrong).", slots: ["n": String(UnitSheet.longestName)])
            }
    }

    var names: Trio { Trio(kk: kk, ru: ru, en: en.isEmpty ? romanised(kk) : en) }

    func titles(_ kind: String) -> Trio {
        let made = UnitKinds.titles(kind, names)
        return Trio(
            kk: titleKk.isEmpty ? made.kk : titleKk, ru: titleRu.isEmpty ? made.ru : titleRu,
            en: titleEn.isEmpty ? made.en : titleEn)
    }
}
