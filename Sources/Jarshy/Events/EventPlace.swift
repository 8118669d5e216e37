import JarshyKit
import Storage

/// A room or an open place in a settlement, with its seats and its way in.
struct EventPlace: Sendable, Hashable {
    let id: PlaceID
    let unit: UnitNo
    let name: String
    let address: String
    let capacity: Int64?
    let access: Access
    /// Children learn there: nothing campaigning is held in it.
    let isSchool: Bool

    /// How a wheelchair gets in.
    enum Access: String, Stored, CaseIterable, Sendable {
        case full, partly, none, unknown
    }

    private static func read(_ row: inout Row) throws -> EventPlace {
        EventPlace(
            id: try row.next(), unit: try row.next(), name: try row.next(), address: try row.next(),
            capacity: try row.next(Int64?.self), access: try row.next(), isSchool: try row.next())
    }

    private static let columns: SQL = "id, unit, name, address, capacity, access, school"

    static func find(_ ids: some Sequence<PlaceID>, in db: any Reading) throws -> [PlaceID: EventPlace] {
        var found: [PlaceID: EventPlace] = [:]
        for chunk in Padded.chunks(Set(ids).sorted()) {
            for place in try db.all("SELECT \(columns) FROM event_place WHERE id IN \(chunk)", read) { found[place.id] = place }
        }
        return found
    }

    /// Places of these units, by name in Kazakh order; at most `limit`.
    static func of(_ units: [UnitNo], limit: Int = 200, in db: any Reading) throws -> [EventPlace] {
        var found: [EventPlace] = []
        for chunk in Padded.chunks(Set(units).sorted()) where found.count < limit {
            found += try db.all(
                "SELECT \(columns) FROM event_place WHERE unit IN \(chunk) ORDER BY name, id LIMIT \(limit)", read)
        }
        return found.sorted { $0.id < $1.id }.inAlphabet(\.name)
    }
}

/// A place as somebody described it in the form: found by its name in the settlement, or made.
struct PlaceInput: Sendable, Hashable {
    let name: String
    var address = ""
    var capacity: Int64?
    var access = EventPlace.Access.unknown
    var isSchool = false

    static let longest = 160

    func faults() -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        for (field, text) in [("place_name", name), ("address", address)] where text.unicodeScalars.count > Self.longest {
            faults.append(
                Problem.Fault(field, "too-long", "'\(field)' is longer than \(Self.longest).", slots: ["max": "\(Self.longest)"]))
        }
        if let capacity, !(1...100_000).contains(capacity) {
            faults.append(.bounds("capacity", 1, 100_000))
        }
        return faults
    }

    /// The place of this name in the settlement, as described now.
    func keep(in unit: UnitNo, at now: Instant, db: any Writing) throws -> PlaceID {
        let id = PlaceID.make(at: now)
        try db.run(
            """
            INSERT INTO event_place (id, unit, name, address, capacity, access, school, added_at)
            VALUES (\(id), \(unit), \(name), \(address), \(capacity), \(access), \(isSchool), \(now))
            ON CONFLICT (unit, name) DO UPDATE SET address = \(address), capacity = \(capacity), access = \(access),
                school = \(isSchool)
            """)
        return try db.value("SELECT id FROM event_place WHERE unit = \(unit) AND name = \(name)")
    }
}
