import class Foundation.ProcessInfo
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// What may leave, against a rule written a second time and by single cases at local midnight.
@Suite("The gate for what leaves")
struct ReleaseGateTests {
    static let seeds: [UInt64] = Array(1...(ProcessInfo.processInfo.environment["JARSHY_SEEDS"].flatMap { UInt64($0) } ?? 40))
    private static let vote = Day("2026-02-15")!

    private static func campaign(information: Bool = true, vote: Day? = vote, quietFrom: Day? = nil) -> Campaign {
        Campaign(
            no: CampaignNo(1), id: ID(high: 1, low: 1), code: "test", isInformation: information,
            names: Trio(kk: "Н", ru: "К", en: "C"), abouts: Trio(kk: "", ru: "", en: ""), first: Day("2026-01-01")!,
            last: Day("2026-03-01")!, vote: vote, quietFrom: quietFrom, eventMetric: "events", isSample: false, activities: [],
            audiences: [], channels: [], metrics: [])
    }

    private static let north = Organization(
        no: OrganizationNo(1), id: ID(high: 1, low: 2), code: "north", kind: "party",
        names: Trio(kk: "«Солтүстік» партиясы", ru: "партия «Север»", en: "North Party"))

    private static func imprint(_ payer: String = "Қор") -> Release.Imprint {
        Release.Imprint(
            campaign: CampaignNo(1), organization: OrganizationNo(1), orderer: "Штаб", payer: payer, responsible: "А. С.",
            address: "a@b.kz")
    }

    private static func item(_ itemClass: Release.ItemClass?, name: String? = nil, way: Release.Way = .mail) -> Release.Item {
        Release.Item(
            way: way, campaign: CampaignNo(1), organization: OrganizationNo(1), itemClass: itemClass, name: name, address: "x@y.kz")
    }

    @Test("any item passes exactly when a rule written apart says so")
    func property() {
        for seed in Self.seeds {
            var random = Seeded(seed)
            for _ in 0..<200 {
                let hasCampaign = random.next() % 10 > 0, hasOrganization = random.next() % 8 > 0
                let quietDays = Int(random.next() % 4)
                let campaign = Self.campaign(
                    vote: random.next() % 4 > 0 ? Self.vote : nil,
                    quietFrom: quietDays == 0 ? nil : Self.vote.advanced(by: 1 - quietDays))
                let itemClass = [Release.ItemClass.information, .campaigning, nil][Int(random.next() % 3)]
                let name = [nil, "North Party", "партия «север»", "Бейтарап тұрғындар", ""][Int(random.next() % 5)]
                let imprint = [nil, Self.imprint(), Self.imprint("")][Int(random.next() % 3)]
                let marks = Set(ContactMark.Kind.allCases.filter { _ in random.next() % 5 == 0 })
                let minutes = Int64(random.next() % (8 * 1440))
                let now = Zone.kazakhstan.instant(Self.vote.advanced(by: -5)).advanced(seconds: minutes * 60)
                let facts = ReleaseGate.Surroundings(
                    campaign: hasCampaign ? campaign : nil, organization: hasOrganization ? Self.north : nil, imprint: imprint,
                    marks: marks)
                let refusal = ReleaseGate.refusal(
                    of: Self.item(itemClass, name: name, way: Release.Way.allCases[Int(random.next() % 5)]), facts, at: now)

                // The second rule counts minutes instead of asking for days.
                let minute = minutes - 5 * 1440
                let isQuiet = campaign.vote != nil && quietDays > 0 && minute >= Int64(1 - quietDays) * 1440 && minute < 1440
                let trueName = [nil, "North Party", "партия «север»"].contains(name)
                let mayLeave = hasCampaign && hasOrganization && trueName && itemClass != nil && imprint?.payer == "Қор"
                    && !(itemClass == .campaigning && isQuiet) && marks.isEmpty
                #expect((refusal == nil) == mayLeave, "seed \(seed): \(refusal?.slug ?? "passes") at minute \(minute)")
                if let refusal { #expect([404, 409].contains(refusal.status) && refusal.detail.count > 20) }
            }
        }
    }

    @Test("campaigning stops at local midnight and not a second before, information never")
    func midnight() {
        let campaign = Self.campaign(quietFrom: Self.vote.advanced(by: -1))
        let facts = ReleaseGate.Surroundings(campaign: campaign, organization: Self.north, imprint: Self.imprint(), marks: [])
        func slug(_ utc: Int64, _ itemClass: Release.ItemClass) -> String? {
            ReleaseGate.refusal(of: Self.item(itemClass), facts, at: Instant(milliseconds: utc))?.slug
        }
        // The quiet period begins on 14 February 00:00 in UTC+5: 13 February 19:00 UTC.
        let begins: Int64 = 1_771_009_200_000
        #expect(slug(begins - 1, .campaigning) == nil)
        #expect(slug(begins, .campaigning) == "release-quiet")
        #expect(slug(begins, .information) == nil)
        let ends = begins + 2 * 86_400_000
        #expect(slug(ends - 1, .campaigning) == "release-quiet")
        #expect(slug(ends, .campaigning) == nil)
    }

    @Test("a pass wants a whole imprint in the database, and a marked address gets none", arguments: Dialect.allCases)
    func stored(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        let now = EngineWorld.at(10)
        let item = Release.Item(
            way: .mail, campaign: CampaignNo(1), organization: OrganizationNo(1), itemClass: .information, address: "Ayan@Mail.kz ")
        @Sendable func slug(_ item: Release.Item) async throws -> String? {
            try await world.database.read { db in
                do {
                    try ReleaseGate.pass(item, at: now, in: db)
                    return nil
                } catch let problem as Problem { return problem.slug }
            }
        }
        #expect(try await slug(item) == "release-imprint")
        try await world.database.run(QuestionWorld.imprint("north"), by: .operator, at: now)
        #expect(try await slug(item) == nil)
        try await world.database.run(BarContact(address: "ayan@mail.KZ"), by: .operator, at: now)
        #expect(try await slug(item) == "do-not-contact")
        #expect(try await slug(Release.Item(
            way: .mail, campaign: CampaignNo(1), organization: OrganizationNo(1), itemClass: .information, address: "b@mail.kz")) == nil)
        // The mark is no plain hash: nobody finds the address without the key, and it stands nowhere.
        let stored = try await world.database.read { db in try db.value("SELECT mark FROM address_mark", as: Blob.self) }
        let key = try await world.database.read { db in try ContactKey.find(in: db) }
        #expect(stored == ContactMark("ayan@mail.kz", key: key!).hash)
        #expect(stored != ContactMark("ayan@mail.kz", key: Array(repeating: 0, count: 32)).hash)
        try await world.test.close()
    }

    @Test("an answer is published only through the gate", arguments: Dialect.allCases)
    func answers(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await world.question(1, "Қайда дауыс беремін?", [.init("topic", .text("where"))])
            let answer = try await world.run(
                WriteAnswer(question: id, title: "Қайда?", body: "Учаскеде.", sources: QuestionWorld.rule), by: world.expert)
            let approve = ApproveAnswer(answer: answer, language: .kk)
            try await world.database.write { db in _ = try db.run("DELETE FROM imprint") }
            #expect(try await world.refusal(approve, by: world.secretary) == "release-imprint")
            #expect(try await world.find(id).state == .checking)
            try await world.database.run(QuestionWorld.imprint("north"), by: .operator, at: world.now)
            // A source that campaigns makes a campaigning answer: quiet on the day of the vote.
            let today = world.today
            try await world.database.write { db in
                let source = SourceID.make(at: EngineWorld.at(1))
                try db.run(
                    """
                    INSERT INTO source (id, campaign, title, section, url, statement, class, version, checked_day, author,
                        author_organization, changed_at)
                    VALUES (\(source), 1, 'С', '', 'https://example.kz', '', 'campaigning', 1, 1, \(PersonID(high: 1, low: 1)), 1, 1)
                    """)
                try db.run("UPDATE answer_source SET source = \(source), source_version = 1 WHERE answer = \(answer)")
                try db.run("UPDATE campaign SET vote_day = \(today), quiet_from_day = \(today), stamp = stamp + 1")
            }
            #expect(try await world.refusal(approve, by: world.secretary) == "release-quiet")
            try await world.database.write { db in
                _ = try db.run("UPDATE source SET class = 'information'")
            }
            #expect(try await world.refusal(approve, by: world.secretary) == nil)
        }
    }
}
