import JarshyKit
import Storage
import TestSupport

@testable import Jarshy

/// A migrated database for tests of units, filled by the real import, and people to act in it.
struct UnitWorld {
    let test: TestDatabase
    var database: Database { test.database }

    static let now = Zone.kazakhstan.instant(Day("2026-02-01")!, minute: 600)
    static let today = Day("2026-02-01")!

    /// A root, two regions, a city and what stands below; names with Kazakh letters.
    static let tsv = """
        code\tparent\tkind\tname_kk\tname_ru\tname_en
        KZ\t\trepublic\tҚазақстан\tКазахстан\tKazakhstan
        A\tKZ\tregion\tҚарағанды\tКарагандинская\tKaragandy
        B\tKZ\tregion\tЖетісу\tЖетісу\t
        C\tKZ\trepublic_city\tАстана\tАстана\tAstana
        A1\tA\tcity_administration\tСаран\tСарань\tSaran
        A2\tA\tdistrict\tҮшөзен\tУшозенский\t
        B1\tB\tdistrict\tКөксу\tКоксуский\tKoksu
        A1P\tA1\tprimary\tАбай көшесі\tулица Абая\tAbay Street
        B1P\tB1\tprimary\tБөктер\tБоктер\tBokter

        """

    static func make(_ dialect: Dialect, tsv: String? = tsv) async throws -> UnitWorld {
        let world = UnitWorld(test: try await TestDatabases.migrated(dialect, try MigrationFiles.all()))
        if let tsv {
            let plan = try await world.importing(tsv)
            precondition(plan.refused.isEmpty, "\(plan.refused)")
        }
        return world
    }

    @discardableResult
    func importing(_ tsv: String, succession: String? = nil, by actor: Actor = .operator) async throws -> UnitPlan {
        try await database.run(
            ImportUnits(file: Array(tsv.utf8), succession: succession.map { Array($0.utf8) }), by: actor, at: Self.now)
    }

    func tree() async throws -> Tree { try await database.read { db in try Tree.current(in: db) } }

    func count(_ sql: SQL) async throws -> Int { try await database.read { db in try db.value(sql) } }

    /// Somebody who holds the rights in the unit and below.
    func actor(_ rights: Set<Right>, in unit: String) async throws -> Actor {
        let no = try await tree().find(unit)!.no
        return Actor(
            kind: .person, person: PersonID(high: 7, low: 7), name: "Ainur", language: .kk,
            grants: [
                Actor.Grant(
                    role: "secretary", rights: rights, unit: no, organization: nil, from: Self.today.advanced(by: -10),
                    to: nil)
            ], organizations: [])
    }
}
