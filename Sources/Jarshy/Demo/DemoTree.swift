import JarshyKit
import Storage

/// The tree of the demo: real territory, and invented primary organisations and one city group in it.
///
/// A primary organisation stands in its village, or in its town under the name of a neighbourhood, so that it is known
/// which settlement an event reached. Names are never given an ending.
struct DemoTree: Sendable {
    /// A place where figures come from.
    struct Primary: Sendable {
        let code: String
        let district: String
        let region: String
        /// A town rather than a village: decides the size of meetings.
        let isCity: Bool
        let population: Int64
        let organization: String
    }

    struct Unit: Sendable {
        let code: String
        let parent: String?
        let kind: String
        let names: Trio
        var titles: Trio?
        var population: Int64?
        var organization: String?
    }

    private(set) var units: [Unit] = []
    private(set) var primaries: [Primary] = []
    /// Codes of the city group's subgroups, under `group`.
    private(set) var subgroups: [String] = []
    let group: String
    let districts: [(code: String, region: String)]
    let regions: [String]

    static let groupCity = "352200000"

    init(_ data: DemoData, scale: DemoScale) {
        group = "\(Self.groupCity)-G"
        let rows = data.units.rows
        let regionCodes = rows.filter { ["region", "republic_city"].contains($0["kind"]) }.map { $0["code"] }
        regions = regionCodes
        districts = rows.filter { ["district", "city_administration", "city_district"].contains($0["kind"]) }
            .map { ($0["code"], $0["parent"]) }
        for row in rows {
            units.append(
                Unit(
                    code: row["code"], parent: row["parent"].isEmpty ? nil : row["parent"], kind: row["kind"],
                    names: row.trio("name"), titles: row.trio("display"), population: row.integer("population")))
        }
        addPrimaries(data, scale)
        addGroup(data)
    }

    // MARK: Primary organisations

    private mutating func addPrimaries(_ data: DemoData, _ scale: DemoScale) {
        let villages = Dictionary(grouping: data.villages.rows) { $0["district"] }
        let second = data.units.rows.filter {
            ["district", "city_administration", "city_district"].contains($0["kind"])
        }
        let shares = Self.shares(second.map { Double($0.integer("population") ?? 0) }, total: scale.primaries)
        for (row, count) in zip(second, shares) {
            let places = Array((villages[row["code"]] ?? []).prefix(row["kind"] == "district" ? count : 1))
            for place in places {
                units.append(
                    Unit(
                        code: place["code"], parent: row["code"], kind: place["kind"], names: place.trio("name"),
                        population: place.integer("population")))
            }
            for index in 0..<count { addPrimary(index, in: row, places, data.neighbourhoods.rows) }
        }
    }

    private mutating func addPrimary(
        _ index: Int, in district: DemoTable.Row, _ places: [DemoTable.Row], _ neighbourhoods: [DemoTable.Row]
    ) {
        let isCity = district["kind"] != "district"
        let name: Trio
        var place: DemoTable.Row?
        if isCity || places.isEmpty {
            place = places.first
            name = Self.numbered(
                neighbourhoods[index % neighbourhoods.count].trio("name"), index / neighbourhoods.count)
        } else {
            place = places[index % places.count]
            name = Self.numbered(places[index % places.count].trio("name"), index / places.count)
        }
        let number = String(index + 1)
        let code = "\(district["code"])-P" + String(repeating: "0", count: max(0, 3 - number.count)) + number
        // Towns are taken on by one party, villages by the other, each with some of the other's.
        let isQosqanat = isCity != (index % 4 == 3)
        let organization = isQosqanat ? "qosqanat" : "kengzhazyq"
        units.append(
            Unit(
                code: code, parent: place?["code"] ?? district["code"], kind: "primary", names: name,
                organization: organization))
        primaries.append(
            Primary(
                code: code, district: district["code"], region: district["parent"],
                isCity: isCity || place?["kind"] == "city",
                population: place?.integer("population") ?? district.integer("population") ?? 1000,
                organization: organization))
    }

    private static func numbered(_ name: Trio, _ round: Int) -> Trio {
        guard round > 0 else { return name }
        return Trio(
            kk: "\(name.kk), № \(round + 1)", ru: "\(name.ru), № \(round + 1)", en: "\(name.en), No. \(round + 1)")
    }

    /// Whole shares of `total` that grow with the square root of the weight; at least two each, and they add up.
    static func shares(_ weights: [Double], total: Int) -> [Int] {
        let least = min(6, total / max(1, weights.count))
        let roots = weights.map { $0.squareRoot() }
        let sum = roots.reduce(0, +)
        let spare = Double(total - least * weights.count)
        let exact = roots.map { Double(least) + spare * $0 / sum }
        var shares = exact.map { Int($0) }
        let order = exact.indices.sorted { left, right in
            let (a, b) = (exact[left] - Double(shares[left]), exact[right] - Double(shares[right]))
            return a == b ? left < right : a > b
        }
        for index in order.prefix(max(0, total - shares.reduce(0, +))) { shares[index] += 1 }
        return shares
    }

    // MARK: The city group

    private mutating func addGroup(_ data: DemoData) {
        guard let city = units.first(where: { $0.code == Self.groupCity }) else { return }
        units.append(Unit(code: group, parent: city.code, kind: "group", names: city.names))
        for row in data.subgroups.rows {
            let code = "\(group)-\(row["code"])"
            units.append(Unit(code: code, parent: group, kind: "subgroup", names: row.trio("name")))
            subgroups.append(code)
        }
    }
}

extension DemoTree {
    /// Writes the units into a database that has none; `today` is the day whose tree is the present one.
    func insert(organizations: [String: OrganizationNo], today: Day, at now: Instant, in db: any Writing) throws {
        var numbers: [String: UnitNo] = [:]
        for (index, unit) in units.enumerated() { numbers[unit.code] = UnitNo(Int64(index + 1)) }
        try UnitKinds.seed(in: db)
        try UnitWrites.insert(
            units.map { unit in
                (
                    no: numbers[unit.code] ?? .none,
                    unit: NewUnit(
                        code: unit.code, parent: unit.parent.flatMap { numbers[$0] }, kind: unit.kind,
                        names: unit.names,
                        titles: unit.titles, organization: unit.organization.flatMap { organizations[$0] },
                        population: unit.population)
                )
            }, root: nil, at: now, in: db)
        try Tree.touch(presentDay: today, in: db)
    }
}
