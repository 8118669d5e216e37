extension Catalog {
    /// What the three catalogues disagree about, one readable line each, sorted; empty when they agree.
    ///
    /// Plural forms count as one message. Found: a key missing in a language; a message counted in one language and
    /// plain in another; a missing or superfluous plural form (Russian needs one, few, many, other; Kazakh and
    /// English one and other); different slots between languages; a plural form without a slot its sisters have
    /// (`{n}` may be left out: "one event").
    public static func differences(_ kk: Catalog, _ ru: Catalog, _ en: Catalog) -> [String] {
        let catalogs = [kk, ru, en]
        let countedKeys = Set(catalogs.flatMap(\.counted.keys))
        let plainKeys = Set(
            catalogs.flatMap(\.messages.keys).filter { key in
                guard let (base, _) = form(of: key) else { return true }
                return !countedKeys.contains(base)
            })
        var found: [String] = []
        for key in plainKeys.subtracting(countedKeys) {
            found += catalogs.filter { $0.messages[key] == nil }.map { "\($0.language): no key \(key)" }
            found += differentSlots(key, catalogs.map { ($0.language, $0.messages[key]?.slots) })
        }
        for key in countedKeys {
            for catalog in catalogs { found += catalog.formFaults(key) }
            found += differentSlots(key, catalogs.map { ($0.language, $0.slotsOfForms(key)) })
        }
        return found.sorted()
    }

    private func slotsOfForms(_ key: String) -> Set<String>? {
        counted[key].map { forms in forms.values.reduce(into: []) { $0.formUnion($1.slots) } }
    }

    private func formFaults(_ key: String) -> [String] {
        guard let forms = counted[key], let slots = slotsOfForms(key) else {
            return ["\(language): no plural forms of \(key)"]
        }
        var found = messages[key] == nil ? [] : ["\(language): \(key) is both plain and counted"]
        let needed = language.pluralCategories
        found += needed.filter { forms[$0] == nil }.map { "\(language): no key \(key).\($0)" }
        found += forms.keys.filter { !needed.contains($0) }.map { "\(language): needless key \(key).\($0)" }
        for (category, message) in forms {
            let missing = slots.subtracting(message.slots).subtracting(["n"])
            found += missing.sorted().map { "\(language): no {\($0)} in \(key).\(category)" }
        }
        return found
    }

    private static func differentSlots(_ key: String, _ slots: [(Language, Set<String>?)]) -> [String] {
        let present = slots.compactMap { language, slots in slots.map { (language, $0) } }
        let all = present.reduce(into: Set<String>()) { $0.formUnion($1.1) }
        return present.flatMap { language, slots in
            all.subtracting(slots).sorted().map { "\(language): no {\($0)} in \(key)" }
        }
    }
}
