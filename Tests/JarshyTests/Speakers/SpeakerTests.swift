import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Speakers")
struct SpeakerTests {
    static func save(_ person: PersonID, unit: String = "D11", topics: [String] = ["where"]) -> SaveSpeaker {
        SaveSpeaker(
            person: person, campaign: "test", unit: unit, level: .city, languages: [.kk, .ru], topics: topics, monthLoad: 6,
            restHours: 2)
    }

    @Test("an entry is kept by the unit, changed and ended; a busy one is not ended", arguments: Dialect.allCases)
    func keeps(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            #expect(try await world.refusal(Self.save(world.speaker), by: world.neighbour) == "not-found")
            #expect(try await world.refusal(Self.save(world.speaker, topics: ["none"]), by: world.secretary) == "unknown")
            try await world.run(Self.save(world.speaker), by: world.secretary)
            let id = try await world.draft()
            #expect(try await world.run(AskSpeakers(pairs: [.init(event: id, person: world.speaker)]), by: world.secretary) == 1)
            #expect(try await world.refusal(EndSpeaker(person: world.speaker), by: world.secretary) == "speaker-taken")
            try await world.run(CancelEvent(event: id, reason: "x"), by: world.secretary)
            try await world.run(EndSpeaker(person: world.speaker), by: world.secretary)
            #expect(try await world.refusal(EndSpeaker(person: world.speaker), by: world.secretary) == "not-found")
        }
    }

    @Test("who gets a public office is taken off the campaigning events of those days", arguments: Dialect.allCases)
    func office(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.run(Self.save(world.speaker), by: world.secretary)
            var ids: [EventID] = []
            for (day, campaigning) in [(12, true), (13, false), (30, true)] {
                var input = EventWorld.input(day)
                input.isCampaigning = campaigning
                ids.append(try await world.draft(input))
                _ = try await world.run(AskSpeakers(pairs: [.init(event: ids.last!, person: world.speaker)]), by: world.secretary)
            }
            let taken = try await world.run(
                AddPost(
                    person: world.speaker, name: "Әкім", isPublicOffice: true, from: world.today,
                    to: world.today.advanced(by: 10)), by: world.secretary)
            #expect(taken == 1)
            let states = try await world.database.read { [ids] db in
                let rosters = try Roster.of(ids, in: db)
                return ids.map { rosters[$0]?.first?.state }
            }
            #expect(states == [.withdrawn, .invited, .invited])
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("asking many is all or none, and never twice at once", arguments: Dialect.allCases)
    func asks(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.run(Self.save(world.speaker), by: world.secretary)
            try await world.run(Self.save(world.foreign, unit: "D21"), by: world.neighbour)
            let first = try await world.draft()
            let same = try await world.draft()
            let pairs = [first, same].map { AskSpeakers.Pair(event: $0, person: world.speaker) }
            #expect(try await world.refusal(AskSpeakers(pairs: pairs), by: world.secretary) == "double-booked")
            #expect(try await world.site.count("SELECT count(*) FROM event_member") == 0)
            // Whoever is in another region's register is not there for this secretary.
            #expect(try await world.refusal(AskSpeakers(pairs: [.init(event: first, person: world.foreign)]), by: world.secretary) == "not-found")
        }
    }

    @Test("the page of suggestions says why, and the rota asks those marked", arguments: Dialect.allCases)
    func pages(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.run(Self.save(world.speaker), by: world.secretary)
            var input = EventWorld.input()
            input.topic = "where"
            let id = try await world.draft(input)
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            let page = try await browser.get("/speakers/for/\(id)?lang=en")
            #expect(page.status == 200 && page.body.contains("knows the topic") && page.body.contains("load: 0 of 6"))
            let rota = try await browser.get("/speakers/rota")
            #expect(rota.status == 200 && rota.body.contains("\(id) \(world.speaker)"))
            #expect(try await browser.post("/speakers/rota", [("pair", "\(id) \(world.speaker)")]).status == 303)
            #expect(try await browser.get("/speakers/rota").body.contains("\(id) \(world.speaker)") == false)
            let busy = try await world.draft(EventWorld.input())
            let other = try await browser.get("/speakers/for/\(busy)?lang=en")
            #expect(other.body.contains("busy at that time") && !other.body.contains("value=\"\(world.speaker)\""))
            #expect(try await browser.post("/speakers/for/\(busy)", [("person", world.speaker.description)]).status == 409)
        }
    }

    @Test("every page in every language, without a hole in its words", arguments: Language.allCases)
    func renders(_ language: Language) async throws {
        try await EventWorld.run(.sqlite) { world in
            try await world.run(Self.save(world.speaker), by: world.secretary)
            _ = try await world.run(
                AddPost(person: world.speaker, name: "Депутат", isPublicOffice: true, from: world.today, to: nil), by: world.secretary)
            try await world.run(
                SetAway(person: world.speaker, from: world.today.advanced(by: 5), to: world.today.advanced(by: 6)), by: world.speaker)
            let id = try await world.draft()
            let brief = try await world.run(
                WriteBrief(campaign: "test", topic: "where", language: .kk, title: "Қайда", body: "Учаскеде", sources: "Ереже"),
                by: world.secretary)
            try await world.site.person("root", role: "administrator", language: language)
            let browser = world.site.browser()
            try await browser.signIn("root")
            for path in [
                "/speakers", "/speakers?topic=where&language=kk&level=city&unit=D11", "/speakers/new", "/speakers/\(world.speaker)",
                "/speakers/\(world.speaker)/edit", "/speakers/for/\(id)", "/speakers/rota", "/briefs", "/briefs/\(brief)",
            ] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && !page.body.contains("⟦") && !page.body.contains("[["), "\(path) \(page.status)")
            }
            #expect(try await browser.get("/speakers.csv").body.contains("Speaker"))
            #expect(try await world.site.count("SELECT count(*) FROM personal_read WHERE page = 'speaker'") == 1)
        }
    }

    @Test("a brief is in force when a second person has checked it; what was taken along is known by its version", arguments: Dialect.allCases)
    func briefs(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            func write(_ body: String) -> WriteBrief {
                WriteBrief(campaign: "test", topic: "where", language: .kk, title: "Қайда", body: body, sources: "Ереже, 1")
            }
            #expect(try await world.refusal(WriteBrief(campaign: "test", topic: "where", language: .kk, title: "Қ", body: "У", sources: " "), by: world.secretary) == "missing")
            let brief = try await world.run(write("Учаскеде"), by: world.secretary)
            let id = try await world.draft()
            let member = try await world.run(InviteMember(event: id, person: world.speaker, role: .speaker), by: world.secretary)
            _ = member
            #expect(try await world.refusal(TakeBrief(brief: brief, event: id), by: world.speaker) == "not-found")
            #expect(try await world.refusal(ApproveBrief(brief: brief, version: 1), by: world.secretary) == "second-person")
            try await world.run(ApproveBrief(brief: brief, version: 1), by: world.reviewer)
            #expect(try await world.run(TakeBrief(brief: brief, event: id), by: world.speaker) == 1)
            _ = try await world.run(write("Мектепте"), by: world.secretary)
            #expect(try await world.run(TakeBrief(brief: brief, event: id), by: world.speaker) == 1)
            #expect(try await world.refusal(ApproveBrief(brief: brief, version: 1), by: world.reviewer) == "brief-version")
            try await world.run(ApproveBrief(brief: brief, version: 2), by: world.reviewer)
            #expect(try await world.run(TakeBrief(brief: brief, event: id), by: world.speaker) == 2)
            #expect(try await world.refusal(TakeBrief(brief: brief, event: id), by: world.neighbour) == "not-found")
            await #expect(throws: StorageError.self) {
                try await world.database.write { db in
                    try db.run("UPDATE brief_version SET checked_by = author, checked_at = 1 WHERE brief = \(brief)")
                }
            }
        }
    }
}
