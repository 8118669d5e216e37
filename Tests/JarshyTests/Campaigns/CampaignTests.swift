import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Campaigns")
struct CampaignTests {
    private static let one = Trio(kk: "а", ru: "а", en: "a")

    private static func metric(
        _ code: String, about: Metric.About = .work, target: Bool = false, additive: Bool = true, atMost: String? = nil
    ) -> Metric {
        Metric(
            code: code, slot: 0, names: one, words: one, additive: additive, about: about, mayHaveTarget: target,
            lowest: 0,
            highest: 100, atMost: atMost, askAbove: nil, askAboveMetric: nil, askCapacity: false,
            askSettlementShare: nil,
            askHistoryTimes: nil, askHistoryAbove: nil)
    }

    private static func plan(
        code: String = "vote", metrics: [Metric] = [metric("events", target: true), metric("people", about: .people)],
        days: CampaignDays = CampaignDays(
            first: Day("2026-01-01")!, last: Day("2026-03-01")!, vote: Day("2026-02-22")!, quietFrom: Day("2026-02-21")!
        ),
        event: String = "events", channel: String = "hall"
    ) -> CampaignPlan {
        CampaignPlan(
            code: code, isInformation: true, names: Trio(kk: "Науқан", ru: "Кампания", en: "Campaign"), abouts: one,
            days: days,
            eventMetric: event, isSample: false, audiences: [Campaign.Term(code: "all", names: one)],
            channels: [Campaign.Term(code: "hall", names: one)], metrics: metrics,
            activities: [
                Campaign.Activity(code: "meeting", names: one, channel: channel, metrics: ["people", "events"])
            ])
    }

    private func slugs(_ plan: CampaignPlan) -> [String] { plan.faults.map { "\($0.field) \($0.slug)" } }

    @Test("a plan's faults are told with their places")
    func faults() {
        #expect(Self.plan().faults.isEmpty)
        #expect(
            slugs(Self.plan(metrics: [Self.metric("events"), Self.metric("people", about: .people, target: true)]))
                == ["metrics.people.target metric-people-target"])
        #expect(slugs(Self.plan(event: "peak")) == ["event_metric campaign-event"])
        #expect(slugs(Self.plan(channel: "air")) == ["activities.meeting.channel campaign-unlisted"])
        #expect(slugs(Self.plan(code: "Ә")) == ["code campaign-code"])
        let many = ["events", "people"].map { Self.metric($0) } + (0..<15).map { Self.metric("m\($0)") }
        #expect(slugs(Self.plan(metrics: many)) == ["metrics campaign-metrics"])
        let days = CampaignDays(first: Day("2026-03-01")!, last: Day("2026-01-01")!, quietFrom: Day("2026-02-01")!)
        #expect(slugs(Self.plan(days: days)) == ["last campaign-days", "quiet_from campaign-quiet-alone"])
        let late = CampaignDays(
            first: Day("2026-01-01")!, last: Day("2026-02-01")!, vote: Day("2026-02-02")!, quietFrom: Day("2026-02-03")!
        )
        #expect(slugs(Self.plan(days: late)) == ["vote campaign-vote", "quiet_from campaign-quiet"])
    }

    @Test("a seeded campaign reads back as planned; the same code again is refused", arguments: Dialect.allCases)
    func seeds(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        _ = try await world.database.run(SeedCampaign(plan: Self.plan()), by: .operator, at: UnitWorld.now)
        let campaign = try #require(try await world.database.read { db in try Campaigns.current(in: db).find("vote") })
        #expect(campaign.isInformation && campaign.vote == Day("2026-02-22") && campaign.eventSlot == 0)
        #expect(campaign.metrics.map(\.code) == ["events", "people"] && campaign.metrics.map(\.slot) == [0, 1])
        #expect(campaign.activity("meeting")?.metrics == ["people", "events"])
        await #expect(
            throws: Problem.conflict("campaign-exists", "There is a campaign 'vote' already.", slots: ["code": "vote"])
        ) {
            try await world.database.run(SeedCampaign(plan: Self.plan()), by: .operator, at: UnitWorld.now)
        }
        let below = try await world.actor([.manageCampaigns], in: "A")
        await #expect(throws: Problem.forbidden("manageCampaigns")) {
            try await world.database.run(SeedCampaign(plan: Self.plan(code: "other")), by: below, at: UnitWorld.now)
        }
        try await world.test.close()
    }

    @Test(
        "a target on a number about people is refused by the action, and by the table itself",
        arguments: Dialect.allCases)
    func noTargetsOnPeople(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let plan = Self.plan(metrics: [Self.metric("events"), Self.metric("people", about: .people, target: true)])
        await #expect(throws: Problem.self) {
            try await world.database.run(SeedCampaign(plan: plan), by: .operator, at: UnitWorld.now)
        }
        #expect(try await world.count("SELECT count(*) FROM campaign") == 0)
        _ = try await world.database.run(SeedCampaign(plan: Self.plan()), by: .operator, at: UnitWorld.now)
        await #expect(throws: StorageError.self) {
            try await world.database.write { db in
                _ = try db.run("UPDATE metric SET target = \(true) WHERE code = 'people'")
            }
        }
        try await world.test.close()
    }

    @Test("name and days are saved; the same again writes nothing; others are refused", arguments: Dialect.allCases)
    func saves(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        _ = try await world.database.run(SeedCampaign(plan: Self.plan()), by: .operator, at: UnitWorld.now)
        let save = SaveCampaign(
            code: "vote", names: Trio(kk: "Жаңа", ru: "Новая", en: "New"), abouts: Self.one,
            days: CampaignDays(first: Day("2026-01-01")!, last: Day("2026-03-08")!, vote: Day("2026-03-08")!))
        let admin = try await world.actor([.manageCampaigns], in: "KZ")
        #expect(try await world.database.run(save, by: admin, at: UnitWorld.now))
        #expect(try await !world.database.run(save, by: admin, at: UnitWorld.now))
        let campaign = try #require(try await world.database.read { db in try Campaigns.current(in: db).find("vote") })
        #expect(campaign.names.kk == "Жаңа" && campaign.last == Day("2026-03-08") && campaign.quietFrom == nil)
        #expect(try await world.count("SELECT count(*) FROM feed WHERE subject = 'campaign' AND verb = 'edit'") == 1)
        let reader = try await world.actor([.viewFigures], in: "KZ")
        await #expect(throws: Problem.forbidden("manageCampaigns")) {
            try await world.database.run(save, by: reader, at: UnitWorld.now)
        }
        try await world.test.close()
    }

    @Test("the quiet period ends with the day of the vote")
    func quiet() async throws {
        let world = try await UnitWorld.make(.sqlite)
        _ = try await world.database.run(SeedCampaign(plan: Self.plan()), by: .operator, at: UnitWorld.now)
        let campaign = try #require(try await world.database.read { db in try Campaigns.current(in: db).find("vote") })
        func quiet(_ day: String, _ minute: Int) -> Bool {
            campaign.isQuiet(at: Zone.kazakhstan.instant(Day(day)!, minute: minute))
        }
        #expect(
            !quiet("2026-02-20", 1439) && quiet("2026-02-21", 0) && quiet("2026-02-22", 1439) && !quiet("2026-02-23", 0)
        )
        try await world.test.close()
    }

    @Test("organisations are added once", arguments: Dialect.allCases)
    func organizations(_ dialect: Dialect) async throws {
        let world = try await UnitWorld.make(dialect)
        let add = AddOrganization(
            code: "qosqanat", kind: "party", names: Trio(kk: "Қосқанат", ru: "Косканат", en: "Qosqanat"))
        _ = try await world.database.run(add, by: .operator, at: UnitWorld.now)
        let all = try await world.database.read { db in try Organization.all(in: db) }
        #expect(all.map(\.code) == ["qosqanat"] && all[0].names.kk == "Қосқанат")
        await #expect(throws: Problem.self) { try await world.database.run(add, by: .operator, at: UnitWorld.now) }
        let wrong = AddOrganization(code: "x y", kind: "army", names: Trio(kk: "", ru: "а", en: "a"))
        do {
            _ = try await world.database.run(wrong, by: .operator, at: UnitWorld.now)
            Issue.record("an organisation without a name was taken")
        } catch let problem as Problem {
            #expect(problem.errors.map(\.field) == ["name_kk", "code", "kind"])
        }
        try await world.test.close()
    }
}
