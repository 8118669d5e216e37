import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The demo")
struct DemoTests {
    private static let now = Zone.kazakhstan.instant(Day("2026-04-18")!, minute: 720)

    @Test("fills an empty database through the intake, once", arguments: Dialect.allCases)
    func fills(_ dialect: Dialect) async throws {
        let test = try await TestDatabases.migrated(dialect, try MigrationFiles.all())
        let home = try Home()
        let made = try await Demo.fill(test.database, home: home, scale: .small, now: Self.now)
        #expect(made.isNew && made.operations > 3000)

        // What stands there is what its ledger says.
        let finding = try await Recount.run(test.database, parts: RecountParts.all)
        #expect(finding.isClean, "\(finding.differences.prefix(3))")
        let receipts = try await count("SELECT count(*) FROM inbox", test)
        #expect(receipts == made.operations)
        #expect(try await count("SELECT count(*) FROM report WHERE competing > 0", test) == 2)
        #expect(try await count("SELECT count(*) FROM report WHERE voided", test) == 1)
        for band in 0...2 { #expect(try await count("SELECT count(*) FROM report WHERE band = \(band)", test) > 100) }

        let (tree, empty, logins) = try await test.database.read { db in
            let tree = try Tree.current(in: db)
            let told = Set(try db.all(UnitNo.self, "SELECT DISTINCT unit FROM total_unit WHERE basis = 0"))
            let logins = try db.all(String.self, "SELECT login FROM account WHERE password IS NOT NULL ORDER BY login")
            return (tree, tree.children(of: tree.root!).filter { !told.contains($0) }, logins)
        }
        #expect(tree.children(of: tree.root!).count == 20 && empty.isEmpty)
        #expect(tree.units.values.filter { $0.kind == "district" || $0.kind == "city_administration" }.count == 209)
        #expect(tree.find("352200000")?.titles.kk == "Саран қаласы")
        #expect(
            logins == [
                "activist", "admin", "clerk", "coordinator", "observer", "region", "reviewer", "secretary", "speaker",
            ])
        #expect(try await count("SELECT count(*) FROM campaign WHERE code = 'referendum' AND sample", test) == 1)
        #expect(tree.presentDay == Zone.kazakhstan.day(at: Self.now))
        try await DemoEventsTests.expectGroup(in: test, now: Self.now)

        // Publications in three languages, each counted once; leaflets and briefs that went along to events.
        #expect(try await count("SELECT count(*) FROM publication WHERE counted", test) == 6)
        #expect(try await count("SELECT count(*) FROM organization_page", test) == 2)
        #expect(try await count("SELECT count(DISTINCT event) FROM event_material WHERE handed IS NOT NULL", test) > 0)
        #expect(try await count("SELECT count(DISTINCT event) FROM event_material WHERE handed IS NULL", test) > 0)
        #expect(try await count("SELECT count(*) FROM brief_use", test) > 0)

        let again = try await Demo.fill(
            test.database, home: home, scale: .small, now: Self.now.advanced(seconds: 90_000))
        #expect(!again.isNew)
        #expect(try await count("SELECT count(*) FROM inbox", test) == receipts)
        try await test.close()
    }

    @Test("refuses a database with other data and changes nothing")
    func refuses() async throws {
        let world = try await UnitWorld.make(.sqlite)
        do {
            _ = try await Demo.fill(world.database, home: try Home(), scale: .small, now: Self.now)
            Issue.record("the demo was written over other data")
        } catch DemoFault.otherData {}
        #expect(try await world.tree().units.count == 9)
        #expect(try await world.count("SELECT count(*) FROM campaign") == 0)
        try await world.test.close()
    }

    @Test("a demo that was not finished is not taken for one")
    func unfinished() async throws {
        let test = try await TestDatabases.migrated(.sqlite, try MigrationFiles.all())
        let data = try DemoData(try Home())
        try await test.database.write { db in
            _ = try SeedCampaign(plan: DemoCampaign.plan(data, today: Day("2026-04-18")!))
                .perform(by: .operator, at: Self.now, in: db)
        }
        do {
            _ = try await Demo.fill(test.database, home: try Home(), scale: .small, now: Self.now)
            Issue.record("half a demo was taken for a whole one")
        } catch DemoFault.unfinished {}
        try await test.close()
    }

    private func count(_ sql: SQL, _ test: TestDatabase) async throws -> Int {
        try await test.database.read { db in try db.value(sql) }
    }
}
