import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Each way an event leaves asks the gate. Every expectation below stands for one call: without the call it fails.
@Suite("Events at the gate")
struct EventReleaseTests {
    /// Everything under which an event can be read without working on it.
    private struct Ways {
        let page: [String]
        let lists: [String]
        let calendar: String

        init(_ id: EventID, _ world: EventWorld) async throws {
            let secret = try await world.database.read { db in try EventSecret.find(in: db)! }
            let follow = FollowToken.make(id, secret: secret)
            page = ["/meetings/\(id)", "/meetings/\(id).ics", "/follow/\(follow)", "/follow/\(follow).ics", "/follow/\(follow).atom"]
            lists = ["/meetings", "/meetings.atom"]
            calendar = "/calendar/\(try await world.run(MakeCalendar(unit: "D11"), by: world.secretary)).ics"
        }
    }

    private static func titled(_ day: Int = 12, campaigning: Bool = false) -> EventInput {
        var input = EventWorld.input(day)
        input.title = "Дала кеңесі"
        input.isCampaigning = campaigning
        return input
    }

    private func withoutImprint(_ world: EventWorld) async throws {
        try await world.database.write { db in _ = try db.run("DELETE FROM imprint") }
    }

    private func withImprint(_ world: EventWorld) async throws {
        try await world.database.run(QuestionWorld.imprint("north"), by: .operator, at: world.now)
    }

    @Test("nothing is told of an event without an imprint: not announced, moved, changed, cancelled", arguments: Dialect.allCases)
    func telling(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let draft = try await world.draft(Self.titled(13))
            let told = try await world.announced(Self.titled())
            let move = MoveEvent(event: told, day: EngineWorld.firstDay.advanced(by: 14), minute: 600, minutes: 60, reason: "")
            var other = Self.titled()
            other.title = "Басқа атау"
            var campaigning = Self.titled()
            campaigning.isCampaigning = true
            try await withoutImprint(world)
            #expect(try await world.refusal(AnnounceEvent(event: draft), by: world.secretary) == "release-imprint")
            #expect(try await world.refusal(move, by: world.secretary) == "release-imprint")
            #expect(try await world.refusal(EditEvent(event: told, input: other), by: world.secretary) == "release-imprint")
            #expect(try await world.refusal(EditEvent(event: told, input: campaigning), by: world.secretary) == "release-imprint")
            #expect(try await world.refusal(CancelEvent(event: told, reason: "Боран"), by: world.secretary) == "release-imprint")
            #expect(try await world.find(draft).state == .draft)
            #expect(try await world.find(told).state == .announced)
            #expect(try await world.site.count("SELECT count(*) FROM event_notice") == 1)
            // What was told to nobody needs no gate.
            let early = MoveEvent(event: draft, day: EngineWorld.firstDay.advanced(by: 15), minute: 600, minutes: 60, reason: "")
            try await world.run(early, by: world.secretary)
            try await world.run(EditEvent(event: draft, input: other), by: world.secretary)
            try await withImprint(world)
            try await world.run(AnnounceEvent(event: draft), by: world.secretary)
            try await world.run(EditEvent(event: told, input: other), by: world.secretary)
            try await world.run(move, by: world.secretary)
            try await world.run(CancelEvent(event: told, reason: "Боран"), by: world.secretary)
            #expect(try await world.faults() == [])
        }
    }

    @Test("nothing leaves without an organisation behind it", arguments: Dialect.allCases)
    func organization(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            var input = EventWorld.input(12, unit: "P211")
            input.territory = "D21"
            let id = try await world.run(DraftEvent(input: input), by: world.neighbour)[0]
            #expect(try await world.refusal(AnnounceEvent(event: id), by: world.neighbour) == "release-organization")
        }
    }

    @Test("pages, feeds, calendars and the poster ask when they are read, and carry the imprint", arguments: Dialect.allCases)
    func reading(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced(Self.titled())
            let ways = try await Ways(id, world)
            let (browser, staff) = (world.site.browser(), world.site.browser())
            try await staff.signIn("secretary")
            for path in ways.page + ways.lists { #expect(try await browser.get(path).status == 200, "\(path)") }
            for path in ways.lists { #expect(try await browser.get(path).body.contains("\(id)"), "\(path)") }
            #expect(try await browser.get(ways.calendar).body.contains("SUMMARY:Дала кеңесі"))
            // Who is responsible stands on the page and on the poster.
            let poster = "/events/\(id)/poster"
            for page in [try await browser.get("/meetings/\(id)"), try await staff.get(poster)] {
                #expect(page.status == 200 && page.body.contains("Айгүл Сейітова") && page.body.contains("north@example.kz"))
            }
            try await withoutImprint(world)
            for path in ways.page {
                let page = try await browser.get(path)
                #expect(page.status == 409 && !page.body.contains("Дала кеңесі"), "\(path): \(page.status)")
            }
            for path in ways.lists {
                let page = try await browser.get(path)
                #expect(page.status == 200 && !page.body.contains("\(id)"), "\(path)")
            }
            #expect(try await staff.get(poster).status == 409)
            // Whoever works there still sees when and where, and none of its words.
            let calendar = try await browser.get(ways.calendar).body
            #expect(calendar.contains("UID:\(id)@jarshy") && calendar.contains("DTSTART;TZID=Asia/Almaty:20260113T150000"))
            #expect(!calendar.contains("Дала кеңесі") && !calendar.contains("DESCRIPTION"))
            try await withImprint(world)
            for path in ways.page + ways.lists { #expect(try await browser.get(path).body.contains("Дала"), "\(path)") }
        }
    }

    @Test("from local midnight of the first quiet day a campaigning event is read nowhere; a cancellation is", arguments: Dialect.allCases)
    func quiet(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.vote()
            let id = try await world.announced(Self.titled(27, campaigning: true))
            let other = try await world.announced(Self.titled(28, campaigning: true))
            let ways = try await Ways(id, world)
            let (browser, staff) = (world.site.browser(), world.site.browser())
            try await staff.signIn("secretary")
            let midnight = Zone.kazakhstan.instant(EngineWorld.firstDay.advanced(by: 24))
            world.site.clock.advance(seconds: midnight.seconds(since: world.now) - 1)
            try await staff.signIn("secretary")
            for path in ways.page + ways.lists + ["/events/\(id)/poster"] {
                #expect(try await staff.get(path).body.contains("Дала"), "\(path) a second before")
            }
            #expect(try await browser.get(ways.calendar).body.contains("SUMMARY:Дала кеңесі"))
            world.site.clock.advance(seconds: 1)
            for path in ways.page + ways.lists + ["/events/\(id)/poster"] {
                #expect(try await !staff.get(path).body.contains("Дала"), "\(path) at midnight")
            }
            #expect(try await !browser.get(ways.calendar).body.contains("SUMMARY:Дала кеңесі"))
            let page = try await browser.get("/meetings/\(id)?lang=ru")
            #expect(page.status == 409 && page.body.contains("День тишины"), "\(page.body.prefix(300))")
            var changed = Self.titled(27, campaigning: true)
            changed.title = "Дала кеңесі: жаңа"
            #expect(try await world.refusal(EditEvent(event: id, input: changed), by: world.secretary) == "release-quiet")
            let move = MoveEvent(event: id, day: EngineWorld.firstDay.advanced(by: 29), minute: 600, minutes: 60, reason: "")
            #expect(try await world.refusal(move, by: world.secretary) == "release-quiet")
            // Who would have come learns that it is off.
            try await world.run(CancelEvent(event: id, reason: "Боран"), by: world.secretary)
            for path in ways.page + ["/meetings.atom"] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && page.body.contains("Боран"), "\(path): \(page.status)")
            }
            #expect(try await browser.get("/meetings/\(other)").status == 409)
            // It ends with the vote day.
            world.site.clock.advance(seconds: 2 * 86_400)
            #expect(try await browser.get("/meetings/\(other)").status == 200)
        }
    }

    @Test("a list costs as many statements however many events pass", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            func counted() async throws -> Int {
                let now = world.now
                return try await world.database.read { db in
                    let before = db.statements
                    _ = try PublicListing(Fields([]), now: now, limit: 30, as: .feed, in: db)
                    return db.statements - before
                }
            }
            _ = try await world.announced(EventWorld.input(12, hour: 9))
            let one = try await counted()
            for hour in 11...20 { _ = try await world.announced(EventWorld.input(12, hour: hour, minutes: 45)) }
            #expect(try await counted() == one)
        }
    }
}
