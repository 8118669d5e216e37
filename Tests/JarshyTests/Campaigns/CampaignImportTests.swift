import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("A campaign from its tables")
struct CampaignImportTests {
    /// The demo's tables with days and a name of their own, as an operator would make them.
    static func files(_ changes: [(table: String, from: String, to: String)] = []) throws -> [String: [UInt8]] {
        let home = try Home()
        var texts: [String: String] = [:]
        for table in CampaignSheet.tables { texts[table] = try home.text("Demo/\(table).tsv") }
        texts["campaign"] = """
            key\tvalue
            code\tspring
            class\tinformation
            name_kk\tКөктем
            name_ru\tВесна
            name_en\tSpring
            about_en\tHow it works
            first_day\t2026-01-10
            last_day\t2026-04-01
            vote_day\t2026-03-22
            quiet_from_day\t2026-03-21

            """
        for change in changes {
            let text = try #require(texts[change.table])
            try #require(text.contains(change.from), "\(change.from) is not in \(change.table).tsv")
            texts[change.table] = text.replacing(change.from, with: change.to)
        }
        return texts.mapValues { Array($0.utf8) }
    }

    @Test("the demo's own tables are without a fault")
    func demo() throws {
        let home = try Home()
        let files = Dictionary(
            uniqueKeysWithValues: try CampaignSheet.tables.map { ($0, try home.bytes("Demo/\($0).tsv")) })
        let days = CampaignDays(first: Day("2026-01-01")!, last: Day("2026-03-01")!)
        let sheet = CampaignSheet.read(files, demo: days)
        #expect(sheet.faults.isEmpty, "\(sheet.faults)")
        #expect(sheet.plan.metrics.count > 5 && sheet.plan.isSample)
        #expect(sheet.plan.activities.first { $0.code == "publication" }?.channels == ["social", "media"])
        // For an installation its relative days are no days.
        #expect(CampaignSheet.read(files).faults.contains { $0.description.contains("no value for 'first_day'") })
    }

    @Test("what is wrong is told with file and line", arguments: [
        ("metrics", "attendees\t2\t", "attendees!\t2\t", "metrics.tsv line"),
        ("metrics", "additive\tabout", "additive\tabaut", "metrics.tsv line 7: no column about"),
        ("activities", "in_person\tevents attendees questions answered proposals", "by_air\tevents attendees", "activities.tsv line 4: 'by_air'"),
        ("campaign", "2026-01-10", "10.01.2026", "campaign.tsv line 8: first_day: '10.01.2026' is no day"),
        ("campaign", "quiet_from_day", "quiet_day", "campaign.tsv line 11: there is no key 'quiet_day'"),
        ("campaign", "2026-04-01", "2025-04-01", "campaign.tsv line 9: The last day is before the first."),
        ("campaign", "information", "partisan", "campaign.tsv line 3: the class is"),
    ])
    func faults(_ table: String, _ from: String, _ to: String, _ told: String) throws {
        let sheet = CampaignSheet.read(try Self.files([(table, from, to)]))
        #expect(sheet.faults.contains { $0.description.hasPrefix(told) }, "\(sheet.faults)")
    }

    @Test("from a folder: a dry run writes nothing, the import does, again it changes nothing", arguments: Dialect.allCases)
    func folder(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("campaign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (table, bytes) in try Self.files() { try Data(bytes).write(to: folder.appendingPathComponent("\(table).tsv")) }
        let run = CampaignImportRun(folder: folder.path)
        #expect(try await run.rehearse(on: world.database).summary == "campaign spring: would be created")
        #expect(try await world.count("SELECT count(*) FROM campaign") == 0)
        #expect(try await run.apply(to: world.database).summary == "campaign spring: created")
        let campaign = try #require(try await world.database.read { db in try Campaigns.current(in: db).find("spring") })
        #expect(campaign.vote == Day("2026-03-22") && campaign.quietFrom == Day("2026-03-21") && !campaign.isSample)
        #expect(campaign.metrics.map(\.slot) == Array(campaign.metrics.indices) && campaign.eventSlot == 0)
        #expect(campaign.activity("publication")?.channels == ["social", "media"])
        #expect(campaign.activity("meeting")?.channels == ["in_person"])
        #expect(try await run.apply(to: world.database).summary == "campaign spring: as it was")
        #expect(try await world.count("SELECT count(*) FROM feed WHERE subject = 'campaign'") == 1)
        try FileManager.default.removeItem(at: folder.appendingPathComponent("metrics.tsv"))
        let broken = try await CampaignImportRun(folder: folder.path).apply(to: world.database)
        #expect(!broken.isClean && broken.refused.contains("metrics.tsv: is missing"))
        try await world.test.close()
    }

    private static func take(
        _ world: UnitWorld, _ changes: [(table: String, from: String, to: String)]
    ) async throws -> CampaignChanges {
        try await world.database.run(ImportCampaign(files: try files(changes)), by: .operator, at: UnitWorld.now)
    }

    @Test("names, days and new codes are changed; a code taken out is refused whole", arguments: Dialect.allCases)
    func changes(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        #expect(try await Self.take(world, []).refused.isEmpty)
        let more = try await Self.take(
            world,
            [
                ("campaign", "Spring", "Late spring"), ("campaign", "2026-04-01", "2026-05-01"),
                ("channels", "door\t2\t", "letter\t2\tХат\tПисьмо\tLetter\ndoor\t2\t"),
                ("activities", "social media\t", "media letter social\t"),
            ])
        #expect(more.refused.isEmpty && more.lines.count == 4, "\(more.lines) \(more.refused)")
        let campaign = try #require(try await world.database.read { db in try Campaigns.current(in: db).find("spring") })
        #expect(campaign.names.en == "Late spring" && campaign.last == Day("2026-05-01"))
        #expect(campaign.channels.prefix(3).map(\.code) == ["in_person", "letter", "door"])
        #expect(campaign.activity("publication")?.channels == ["media", "letter", "social"])
        let less = try await Self.take(world, [("campaign", "Spring", "Other")])
        // The channel that came is not in these files.
        #expect(less.refused.map(\.description) == ["channels.tsv: 'letter' is gone; what is there stays"])
        #expect(try await world.count("SELECT count(*) FROM campaign WHERE name_en = 'Late spring'") == 1)
        let reader = try await world.actor([.viewFigures], in: "KZ")
        await #expect(throws: Problem.forbidden("manageCampaigns")) {
            try await world.database.run(ImportCampaign(files: try Self.files()), by: reader, at: UnitWorld.now)
        }
        try await world.test.close()
    }

    @Test("what figures mean does not change once a report stands", arguments: Dialect.allCases)
    func standing(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        #expect(try await Self.take(world, []).refused.isEmpty)
        let old = try #require(try await world.database.read { db in try Campaigns.current(in: db).find("spring") })
        let narrower: [(table: String, from: String, to: String)] = [
            ("metrics", "\t30000\t", "\t20000\t"), ("campaign", "2026-01-10", "2026-01-20"),
            ("activities", "events viewers_peak questions answered", "events questions answered"),
        ]
        func judged(_ days: (String, String)?) throws -> CampaignChanges {
            var standing = StandingFigures()
            if let days { standing = StandingFigures(first: Day(days.0), last: Day(days.1)) }
            return CampaignChanges(CampaignSheet.read(try Self.files(narrower)), over: old, standing: standing)
        }
        #expect(try judged(nil).refused.isEmpty)
        let refused = try judged(("2026-01-15", "2026-02-01")).refused.map(\.description)
        #expect(refused.count == 3, "\(refused)")
        #expect(refused.contains { $0.contains("campaign.tsv line 8: reports stand from 2026-01-15") })
        #expect(refused.contains { $0.contains("'attendees' (0 to 30000) do not become narrower") })
        #expect(refused.contains { $0.contains("'live_stream' goes on asking for viewers_peak") })
        // Days that stay around what stands may change.
        #expect(try judged(("2026-01-20", "2026-02-01")).refused.count == 2)
        try await world.test.close()
    }

    @Test("without a campaign pages say so, with the way out", arguments: Dialect.allCases)
    func none(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.database.write { db in
                try db.run("DELETE FROM activity")
                try db.run("DELETE FROM metric")
                try db.run("DELETE FROM channel")
                try db.run("DELETE FROM audience")
                try db.run("DELETE FROM campaign")
            }
            try await site.person("ainur", role: "administrator")
            let browser = site.browser()
            try await browser.signIn("ainur")
            for path in [
                "/report", "/board", "/board/KZ", "/summary", "/summary/KZ", "/reports", "/reports/grid", "/events/new", "/events",
                "/materials",
            ] {
                var page = try await browser.get(path)
                // /board and /summary lead to the reader's own unit.
                if page.status == 303, let next = page.headers["location"] { page = try await browser.get(next) }
                #expect(page.status == 409 && page.body.contains("There is no campaign yet"), "\(path): \(page.status)")
                #expect(page.body.contains("jarshy import campaign"), "\(path)")
            }
            #expect(try await browser.get("/campaigns").body.contains("jarshy import campaign"))
            _ = try await site.database.run(ImportCampaign(files: try Self.files()), by: .operator, at: site.clock.now)
            #expect(try await browser.get("/report").status == 200)
        }
    }
}
