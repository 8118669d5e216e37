/// The abbreviations of the classifier and what they mean, language by language.
extension KatoText {
    func kazakhParts(_ level: KatoName.Level) -> KatoParts {
        var name = self
        func parts(_ kind: PlaceKind) -> KatoParts { KatoParts(bare: name.kazakhBare, kind: kind) }
        if level == .oblast {
            if name.dropEndWord("облысы") { return parts(.region) }
            if name.dropEnd("қ") { return parts(.republicCity) }
            if name.dropEndWord("Республикасы") { return parts(.republic) }
        }
        if name.dropEndWord("ауданы") { return parts(level == .district ? .district : .cityDistrict) }
        // Ақтау has kept its Russian "Г.А." in the Kazakh column.
        if name.dropEnd("қә", ignoringCase: true) || name.dropEnd("га", ignoringCase: true) {
            return parts(level == .district ? .cityAdministration : .cityAkimat)
        }
        if level == .subdistrict {
            if name.dropEnd("ао") { return parts(.ruralDistrict) }
            if name.dropEnd("кә") { return parts(.townshipAkimat) }
            if name.dropEnd("аә") { return parts(.villageAkimat) }
        }
        if name.dropEnd("қ") { return parts(.city) }
        guard level == .settlement else { return KatoParts(bare: text, kind: nil) }
        if name.dropEnd("к") { return parts(.township) }
        if let stop = name.kazakhStop() { return KatoParts(bare: stop, kind: .railStop) }
        if let place = name.kazakhOther() { return KatoParts(bare: place, kind: nil) }
        var isVillage = false
        // One village has its "а." twice.
        while name.dropEnd("а") { isVillage = true }
        // A few have the Russian "с." in the Kazakh column.
        isVillage =
            isVillage || name.dropEnd("с") || name.dropEndWord("ауылы") || name.dropEndWord("ауыл")
            || name.dropStart("а")
        return isVillage ? parts(.village) : KatoParts(bare: text, kind: nil)
    }

    func russianParts(_ level: KatoName.Level) -> KatoParts {
        var name = self
        func parts(_ kind: PlaceKind) -> KatoParts { KatoParts(bare: name.russianBare, kind: kind) }
        if level == .oblast {
            if name.dropStartWord("область") || name.dropEndWord("область") { return parts(.region) }
            if name.dropStart("г") { return parts(.republicCity) }
            if name.dropStartWord("Республика") { return parts(.republic) }
        }
        if name.dropStartWord("район") || name.dropEndWord("район") {
            return parts(level == .district ? .district : .cityDistrict)
        }
        if level == .district, name.dropEnd("га", ignoringCase: true) { return parts(.cityAdministration) }
        if level == .subdistrict {
            let akimats: [(String, PlaceKind)] = [
                ("со", .ruralDistrict), ("са", .villageAkimat), ("па", .townshipAkimat), ("га", .cityAkimat),
                ("ра", .cityDistrictAkimat),
            ]
            for (letters, kind) in akimats where name.dropEnd(letters) || name.dropStart(letters) { return parts(kind) }
        }
        if name.dropStart("г") { return parts(.city) }
        guard level == .settlement else { return KatoParts(bare: text, kind: nil) }
        if name.dropStart("с") { return parts(.village) }
        if name.dropStart("п") { return parts(.township) }
        if let stop = name.russianStop() { return KatoParts(bare: stop, kind: .railStop) }
        if let place = name.russianOther() { return KatoParts(bare: place, kind: .otherPlace) }
        return name.dropEnd("с") ? parts(.village) : KatoParts(bare: text, kind: nil)
    }

    /// "… атын.", "… ат." and "… атындағы" all become "… атындағы".
    private var kazakhBare: String {
        var name = self
        let endsWithDot = name.scalars.last == "."
        if name.dropEnd("атындағы") || name.dropEnd("атын") || endsWithDot && name.dropEnd("ат") {
            return name.unquoted + " атындағы"
        }
        return name.unquoted
    }

    /// "им. …" and "имени …" both become "имени …".
    private var russianBare: String {
        var name = self
        if name.dropStartWord("имени") || name.dropStartWord("им") { return "имени " + name.unquoted }
        return name.unquoted
    }

    private func kazakhStop() -> String? {
        var name = self
        if text == "станса" { return text }
        if name.dropEndWord("бекеті") { return text }
        if name.dropEnd("ст") { return name.text + " стансасы" }
        guard name.dropStartWord("рзд") || name.dropEnd("рзд") else { return nil }
        let digits = name.scalars.prefix { (0x30...0x39).contains($0.value) }
        if digits.isEmpty { return name.text + (name.scalars.first == "№" ? " разъезд" : " разъезі") }
        let number = String(String.UnicodeScalarView(digits))
        let rest = name.text.dropFirst(number.count)
        if rest == " км" { return name.text + " разъезі" }
        return number + "-разъезд" + rest
    }

    private func russianStop() -> String? {
        var name = self
        if text == "станция" { return text }
        if name.dropStartWord("ст") { return "станция " + name.text }
        return name.dropStartWord("рзд") || name.dropEnd("рзд") ? "разъезд " + name.text : nil
    }

    private func kazakhOther() -> String? {
        var name = self
        if name.dropEnd("уч") { return name.text + " учаскесі" }
        if name.dropEnd("ж") { return name.text + " жайлауы" }
        for form in ["шар.қож.", "шарқож"] where name.dropEndWord(form) { return name.text + " шаруа қожалығы" }
        return nil
    }

    private func russianOther() -> String? {
        let words = [
            ("уч", "участок"), ("отг", "отгон"), ("отд", "отделение"), ("кр.хоз", "крестьянское хозяйство"),
            ("жив.точка", "животноводческая точка"), ("жив.т", "животноводческая точка"),
            ("крес.пос", "крестьянский посёлок"), ("ост.пункт", "остановочный пункт"), ("маш.двор", "машинный двор"),
        ]
        for (short, word) in words {
            var name = self
            if name.dropStartWord(short) { return "\(word) \(name.text)" }
        }
        return nil
    }
}
