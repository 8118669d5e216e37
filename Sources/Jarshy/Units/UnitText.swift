import JarshyKit

/// Days, moments and counts as the pages of this feature say them.
struct UnitText: Sendable {
    let words: Words

    func day(_ day: Day) -> String {
        let (year, month, date) = day.parts
        return words.format.date(year: year, month: month, day: date)
    }

    /// "from – to", with the last day rather than the first one after; open ends are said in words.
    func span(_ from: Day?, _ to: Day?) -> String {
        let last = to.map { self.day($0.advanced(by: -1)) }
        let first = from.flatMap { $0 <= UnitWrites.always ? nil : self.day($0) }
        return switch (first, last) {
        case (nil, nil): words("units.always")
        case (let first?, nil): words("units.from", ["day": first])
        case (nil, let last?): words("units.until", ["day": last])
        case (let first?, let last?): words("time.span", ["from": first, "to": last])
        }
    }

    func moment(_ at: Instant) -> String {
        let minute = Zone.kazakhstan.minuteOfDay(at: at)
        return day(Zone.kazakhstan.day(at: at)) + ", " + words.format.time(hour: minute / 60, minute: minute % 60)
    }

    func number(_ value: Int64) -> String { words.format.number(Int(value)) }

    /// The kind in the reader's language; kinds are data.
    func kind(_ code: String, in tree: Tree) -> String { tree.kinds[code]?.names[words.language] ?? code }

    func title(_ unit: Unit) -> String { unit.titles[words.language] }

    /// Units to choose from, in this order, each once. A city and its administration bear one name: where titles repeat the
    /// kind follows, and where the kind repeats too, the unit above.
    func options(_ units: [UnitNo], in tree: Tree) -> [(value: String, label: String)] {
        var seen: Set<UnitNo> = []
        let unique = units.compactMap { seen.insert($0).inserted ? tree[$0] : nil }
        func told(_ label: (Unit) -> String) -> [String: Int] {
            Dictionary(unique.map { (label($0), 1) }, uniquingKeysWith: +)
        }
        func kinded(_ unit: Unit) -> String { "\(title(unit)), \(kind(unit.kind, in: tree))" }
        let (titles, kinds) = (told(title), told(kinded))
        return unique.map { unit in
            guard titles[title(unit)] != 1 else { return (tree.code(of: unit.no), title(unit)) }
            let above = kinds[kinded(unit)] == 1 ? nil : tree.parent(of: unit.no).flatMap { tree[$0] }
            return (tree.code(of: unit.no), kinded(unit) + (above.map { " · \(title($0))" } ?? ""))
        }
    }

    /// Links from the root down to the unit above.
    func trail(above unit: UnitNo, in tree: Tree) -> [TrailLink] {
        tree.chain(of: unit).dropFirst().reversed().compactMap { no in
            tree[no].map { TrailLink("/units/\(tree.code(of: no))", title($0)) }
        }
    }

    /// Where a unit stands, nearest first: names repeat all over the country, so a list always shows the parent.
    func place(of unit: UnitNo, in tree: Tree) -> String {
        tree.chain(of: unit).dropFirst().dropLast().compactMap { tree[$0].map(title) }.joined(separator: ", ")
    }
}
