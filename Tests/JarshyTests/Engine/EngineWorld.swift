import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// A small country for the ledger's tests: a root, two regions and a city, districts, primaries, and a cast to act in it.
///
/// Day 0 of the campaign is 2026-01-01; the clock stands wherever a test puts it.
final class EngineWorld: Sendable {
    let test: TestDatabase
    let intake: Intake
    var database: Database { test.database }

    static let firstDay = Day("2026-01-01")!
    static let metrics = ["events", "attendees", "questions", "peak"]

    /// Unit codes and their parents as the world begins.
    static let tree: [(code: String, parent: String?, kind: String)] = [
        ("KZ", nil, "republic"),
        ("R1", "KZ", "region"), ("R2", "KZ", "region"), ("C1", "KZ", "republic_city"),
        ("D11", "R1", "district"), ("D12", "R1", "district"), ("D21", "R2", "district"), ("D22", "R2", "district"),
        ("P111", "D11", "primary"), ("P112", "D11", "primary"), ("P121", "D12", "primary"),
        ("P211", "D21", "primary"), ("P221", "D22", "primary"), ("P222", "D22", "primary"),
        ("PC1", "C1", "primary"), ("PC2", "C1", "primary"),
    ]

    private init(_ test: TestDatabase) {
        self.test = test
        self.intake = Intake(database: test.database)
    }

    static func make(_ dialect: Dialect, options: DatabaseOptions = DatabaseOptions()) async throws -> EngineWorld {
        let world = EngineWorld(try await TestDatabases.migrated(dialect, try MigrationFiles.all(), options: options))
        try await world.fill()
        return world
    }

    static func at(_ day: Int, hour: Int = 12) -> Instant {
        Zone.kazakhstan.instant(firstDay.advanced(by: day), minute: hour * 60)
    }

    private func fill() async throws {
        try await database.write { db in
            for kind in UnitKinds.standard {
                try db.run(
                    """
                    INSERT INTO unit_kind (code, rank, district_level, settlement, territory, name_kk, name_ru, name_en)
                    VALUES (\(kind.code), \(kind.rank), \(kind.districtLevel), \(kind.settlement), \(kind.territory),
                        \(kind.names.kk), \(kind.names.ru), \(kind.names.en))
                    """)
            }
            var numbers: [String: UnitNo] = [:]
            var rows: [(no: UnitNo, unit: NewUnit)] = []
            for (index, unit) in EngineWorld.tree.enumerated() {
                let no = UnitNo(Int64(index + 1))
                numbers[unit.code] = no
                rows.append(
                    (no, NewUnit(
                        code: unit.code, parent: unit.parent.flatMap { numbers[$0] }, kind: unit.kind,
                        names: Trio(kk: unit.code, ru: unit.code, en: unit.code))))
            }
            try UnitWrites.insert(rows, root: nil, at: EngineWorld.at(0), in: db)
            try Tree.touch(presentDay: EngineWorld.firstDay, in: db)
            for (no, code) in [(1, "north"), (2, "south")] {
                try db.run(
                    """
                    INSERT INTO organization (no, id, code, kind, name_kk, name_ru, name_en, position)
                    VALUES (\(no), \(ID<OrganizationMark>.make(at: EngineWorld.at(0))), \(code), 'party', \(code), \(code), \(code), \(no))
                    """)
            }
            try EngineWorld.addCampaign(in: db)
        }
    }

    private static func addCampaign(in db: any Writing) throws {
        try db.run(
            """
            INSERT INTO campaign (no, id, code, class, name_kk, name_ru, name_en, about_kk, about_ru, about_en, first_day,
                last_day, event_metric, sample, stamp)
            VALUES (1, \(ID<CampaignMark>.make(at: at(0))), 'test', 'information', 'Н', 'К', 'C', '', '', '', \(firstDay),
                \(firstDay.advanced(by: 60)), 'events', true, 1)
            """)
        for (index, code) in ["residents", "youth"].enumerated() {
            try db.run("INSERT INTO audience (campaign, code, position, name_kk, name_ru, name_en) VALUES (1, \(code), \(index), 'а', 'а', 'a')")
        }
        for (index, code) in ["in_person", "online"].enumerated() {
            try db.run("INSERT INTO channel (campaign, code, position, name_kk, name_ru, name_en) VALUES (1, \(code), \(index), 'а', 'а', 'a')")
        }
        for (slot, code) in metrics.enumerated() {
            try db.run(
                """
                INSERT INTO metric (campaign, code, slot, position, name_kk, name_ru, name_en, word_kk, word_ru, word_en, additive,
                    about, target, lowest, highest, at_most, ask_above, ask_above_metric, ask_capacity, ask_settlement_share,
                    ask_history_times, ask_history_above)
                VALUES (1, \(code), \(slot), \(slot), \(code), \(code), \(code), '', '', '', \(code != "peak"),
                    \(code == "events" ? "work" : "people"), false, 0, \(code == "events" ? 30 : 30_000), NULL,
                    \(code == "events" ? 5 : nil as Int?), NULL, \(code == "attendees"), NULL,
                    \(code == "attendees" ? 4 : nil as Int?), \(code == "attendees" ? 200 : nil as Int?))
                """)
        }
        for (index, code) in ["meeting", "lecture"].enumerated() {
            try db.run("INSERT INTO activity (campaign, code, position, name_kk, name_ru, name_en, channel) VALUES (1, \(code), \(index), 'а', 'а', 'a', 'in_person')")
        }
    }

    /// A person with every right in a unit and below; `n` tells them apart.
    func actor(_ n: UInt64, over code: String = "KZ", rights: Set<Right> = Set(Right.allCases), to: Day? = nil,
        organization: OrganizationNo? = nil) async throws -> Actor {
        let unit = try await tree().find(code)!.no
        return Actor(
            kind: .person, person: PersonID(high: 7, low: n), name: "Person \(n)", language: .kk,
            grants: [
                Actor.Grant(
                    role: "test", rights: rights, unit: unit, organization: organization, from: Day(number: 0), to: to)
            ], organizations: [OrganizationNo(1)])
    }

    func tree() async throws -> Tree { try await database.read { try Tree.current(in: $0) } }

    /// Every total by table and key: what two states have to agree in.
    func totals(_ condition: SQL = "WHERE true") async throws -> [String: [Int64]] {
        try await database.read { db in
            var totals: [String: [Int64]] = [:]
            let columns = AmountColumns.list
            try db.rows(
                """
                SELECT campaign, basis, parent, unit, day, cell, stream, layer, reports, \(columns) FROM total_cell_day \(condition)
                """
            ) { row in
                let key = try (0..<8).map { _ in "\(try row.next(Int64.self))" }.joined(separator: " ")
                let values = try (0..<17).map { _ in try row.next(Int64.self) }
                if values.contains(where: { $0 != 0 }) { totals[key] = values }
                return true
            }
            return totals
        }
    }

    /// Sum over bands of a metric at the root, on a basis: 0 as reported, 1 present.
    func rootTotal(_ slot: Int, present: Bool = false) async throws -> Int64 {
        try await database.read { db in
            let root = try Tree.current(in: db).root!
            var total: Int64 = 0
            try db.rows(
                """
                SELECT basis, \(AmountColumns.list) FROM total_unit
                WHERE campaign = 1 AND layer <> 3 AND (parent = \(root) OR (unit = \(root) AND parent = 0))
                """
            ) { row in
                let basis = try row.next(Int64.self)
                let amounts = try Amounts.reading(&row)
                if basis == 0 || present { total += amounts[slot] }
                return true
            }
            return total
        }
    }
}

/// Operations as a device would write them.
enum Ops {
    static func id(_ n: UInt64) -> String { OperationID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | n).description }

    static func file(
        _ n: UInt64, _ unit: String, day: Day, events: Int64 = 1, attendees: Int64 = 20, activity: String = "meeting",
        audience: String = "residents", extra: [Json.Member] = []
    ) -> Operation {
        op(
            [
                .init("op", .text(id(n))), .init("kind", .text("report.file")), .init("campaign", .text("test")),
                .init("unit", .text(unit)), .init("day", .text(day.description)), .init("activity", .text(activity)),
                .init("audience", .text(audience)), .init("channel", .text("in_person")),
                .init("metrics", metrics(events, attendees)),
            ] + extra)
    }

    static func correct(
        _ n: UInt64, _ report: UInt64, base: Int64, events: Int64 = 1, attendees: Int64, extra: [Json.Member] = []
    ) -> Operation {
        op(
            [
                .init("op", .text(id(n))), .init("kind", .text("report.correct")), .init("report", .text(id(report))),
                .init("base_rev", .integer(base)), .init("metrics", metrics(events, attendees)), .init("reason", .text("typo")),
            ] + extra)
    }

    static func void(_ n: UInt64, _ report: UInt64, base: Int64) -> Operation {
        op([
            .init("op", .text(id(n))), .init("kind", .text("report.void")), .init("report", .text(id(report))),
            .init("base_rev", .integer(base)), .init("reason", .text("twice")),
        ])
    }

    static func check(_ n: UInt64, _ report: UInt64, base: Int64, level: String) -> Operation {
        op([
            .init("op", .text(id(n))), .init("kind", .text("report.check")), .init("report", .text(id(report))),
            .init("base_rev", .integer(base)), .init("level", .text(level)),
        ])
    }

    static func settle(_ n: UInt64, _ report: UInt64, rev: Int64, take: Bool) -> Operation {
        op([
            .init("op", .text(id(n))), .init("kind", .text("report.settle")), .init("report", .text(id(report))),
            .init("rev", .integer(rev)), .init("decision", .text(take ? "take" : "drop")), .init("reason", .text("recount")),
        ])
    }

    static func metrics(_ events: Int64, _ attendees: Int64) -> Json {
        .object([.init("events", .integer(events)), .init("attendees", .integer(attendees)), .init("peak", .integer(attendees / 2))])
    }

    static func op(_ members: [Json.Member], door: Door = .sync) -> Operation {
        Operation(.object(members), device: "test", door: door)!
    }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
