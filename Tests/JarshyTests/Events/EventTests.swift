import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Events")
struct EventTests {
    @Test("drawn up, announced, moved, held: what the public was told stands line by line", arguments: Dialect.allCases)
    func steps(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.draft()
            #expect(try await world.find(id).state == .draft)
            let browser = world.site.browser()
            #expect(try await browser.get("/meetings/\(id)").status == 404)
            try await world.run(AnnounceEvent(event: id), by: world.secretary)
            #expect(try await browser.get("/meetings/\(id)").status == 200)
            let move = MoveEvent(
                event: id, day: EngineWorld.firstDay.advanced(by: 14), minute: 600, minutes: 60, reason: "Зал жөнделіп жатыр")
            try await world.run(move, by: world.secretary)
            let moved = try await world.find(id)
            #expect(moved.state == .moved && moved.sequence == 2 && moved.minute == 600)
            let page = try await browser.get("/meetings/\(id)?lang=kk")
            #expect(page.body.contains("Зал жөнделіп жатыр") && page.body.contains("Басқа уақытқа ауыстырылды"))
            #expect(try await world.refusal(HoldEvent(event: id), by: world.secretary) == "event-early")
            world.site.clock.advance(seconds: 4 * 86_400)
            try await world.run(HoldEvent(event: id), by: world.secretary)
            #expect(try await world.refusal(CancelEvent(event: id, reason: "x"), by: world.secretary) == "event-state")
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("a cancellation needs its reason and gives everybody's time back", arguments: Dialect.allCases)
    func cancels(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced()
            _ = try await world.run(InviteMember(event: id, person: world.speaker, role: .speaker), by: world.secretary)
            #expect(try await world.refusal(CancelEvent(event: id, reason: " \u{200B}"), by: world.secretary) == "missing")
            try await world.run(CancelEvent(event: id, reason: "Боран"), by: world.secretary)
            #expect(try await world.site.count("SELECT count(*) FROM event_hold") == 0)
            let again = try await world.draft()
            _ = try await world.run(InviteMember(event: again, person: world.speaker, role: .speaker), by: world.secretary)
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("a series is drawn up a week apart and stays in the campaign", arguments: Dialect.allCases)
    func series(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let made = try await world.run(DraftEvent(input: EventWorld.input(), times: 4), by: world.secretary)
            #expect(made.count == 4)
            let days = try await world.database.read { db in try made.map { id in try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)")!.day } }
            #expect(zip(days, days.dropFirst()).allSatisfy { $0.distance(to: $1) == 7 })
            #expect(try await world.refusal(DraftEvent(input: EventWorld.input(), times: 9), by: world.secretary) == "day-outside-campaign")
        }
    }

    @Test("nothing campaigning in the quiet period, to the second, nor for a day of it", arguments: Dialect.allCases)
    func quiet(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.vote()
            func input(_ day: Int, campaigning: Bool) -> EventInput {
                var input = EventWorld.input(day)
                input.isCampaigning = campaigning
                return input
            }
            let onQuiet = try await world.draft(input(24, campaigning: true))
            #expect(try await world.refusal(AnnounceEvent(event: onQuiet), by: world.secretary) == "quiet-day")
            let explains = try await world.draft(input(25, campaigning: false))
            try await world.run(ConfirmClass(event: explains), by: world.reviewer)
            try await world.run(AnnounceEvent(event: explains), by: world.secretary)
            let before = try await world.announced(input(23, campaigning: true))
            let move = MoveEvent(event: before, day: EngineWorld.firstDay.advanced(by: 24), minute: 600, minutes: 60, reason: "")
            #expect(try await world.refusal(move, by: world.secretary) == "quiet-day")
            let after = try await world.draft(input(26, campaigning: true))
            // The last second before local midnight of the first quiet day, and the midnight itself.
            let midnight = Zone.kazakhstan.instant(EngineWorld.firstDay.advanced(by: 24))
            world.site.clock.advance(seconds: midnight.seconds(since: world.now) - 1)
            let last = try await world.draft(input(26, campaigning: true))
            try await world.run(AnnounceEvent(event: last), by: world.secretary)
            let list = try await world.site.browser().get("/meetings")
            #expect(list.body.contains("/meetings/\(last)"))
            world.site.clock.advance(seconds: 1)
            #expect(try await world.refusal(AnnounceEvent(event: after), by: world.secretary) == "quiet-now")
            for path in ["/meetings", "/meetings.atom"] {
                let page = try await world.site.browser().get(path)
                #expect(page.status == 200 && !page.body.contains("/meetings/\(last)") && page.body.contains("/meetings/\(explains)"), "\(path)")
            }
            #expect(try await world.site.browser().get("/meetings/\(last)").status == 200)
            // It ends with the vote day.
            world.site.clock.advance(seconds: 2 * 86_400)
            try await world.run(AnnounceEvent(event: after), by: world.secretary)
        }
    }

    @Test("who holds a public office that day explains and does not campaign", arguments: Dialect.allCases)
    func office(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.office(world.speaker, from: 0, to: 20)
            var input = EventWorld.input()
            input.isCampaigning = true
            let campaigning = try await world.draft(input)
            func invite(_ id: EventID, _ role: RosterMember.Role) -> InviteMember { InviteMember(event: id, person: world.speaker, role: role) }
            #expect(try await world.refusal(invite(campaigning, .speaker), by: world.secretary) == "office-campaigning")
            #expect(try await world.refusal(invite(campaigning, .host), by: world.secretary) == "office-campaigning")
            // After the office has ended.
            var later = EventWorld.input(21)
            later.isCampaigning = true
            let free = try await world.draft(later)
            _ = try await world.run(invite(free, .speaker), by: world.secretary)
            let back = MoveEvent(event: free, day: EngineWorld.firstDay.advanced(by: 19), minute: 600, minutes: 60, reason: "")
            #expect(try await world.refusal(back, by: world.secretary) == "office-campaigning")

            let explains = try await world.draft(EventWorld.input(13))
            _ = try await world.run(invite(explains, .speaker), by: world.secretary)
            var turned = EventWorld.input(13)
            turned.isCampaigning = true
            #expect(try await world.refusal(EditEvent(event: explains, input: turned), by: world.secretary) == "office-campaigning")
            // A second person of another organisation says that it explains.
            #expect(try await world.refusal(AnnounceEvent(event: explains), by: world.secretary) == "class-unconfirmed")
            #expect(try await world.refusal(ConfirmClass(event: explains), by: world.secretary) == "second-person")
            try await world.run(ConfirmClass(event: explains), by: world.reviewer)
            try await world.run(AnnounceEvent(event: explains), by: world.secretary)
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("what an event may not say: a workplace, a school, a script", arguments: Dialect.allCases)
    func refused(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let refused: [(String, (inout EventInput) -> Void)] = [
                ("no-workplace", { $0.kind = .collective; $0.place = PlaceInput(name: "Зауыт") }),
                ("district-only", { $0.kind = .collective; $0.territory = "R1" }),
                ("campaigning-school", { $0.isCampaigning = true; $0.place = PlaceInput(name: "№ 5 мектеп", isSchool: true) }),
                ("not-web", { $0.link = "javascript:alert(1)" }),
                ("missing", { $0.form = .online }),
                ("unknown", { $0.topic = "nothing" }),
                ("out-of-bounds", { $0.minutes = 5 }),
                ("partner-host", { $0.partners = ["P111"] }),
                ("day-outside-campaign", { $0.day = EngineWorld.firstDay.advanced(by: 400) }),
                ("not-found", { $0.unit = "P211" }),
            ]
            for (slug, change) in refused {
                var input = EventWorld.input()
                change(&input)
                let said = try await world.refusal(DraftEvent(input: input), by: world.secretary)
                #expect(said == slug)
            }
            #expect(try await world.site.count("SELECT count(*) FROM event") == 0)
        }
    }

    @Test("no column of an event's tables could hold an employer, a school of a person, or who came")
    func columns() async throws {
        let text = try MigrationFiles.all().first { $0.name.hasSuffix("event.sql") }!.text.lowercased()
        let columns = text.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
        for word in ["employer", "workplace", "attendee", "visitor", "guest", "phone", "email", "support", "party"] {
            #expect(!columns.contains(word), "\(word)")
        }
    }
}
