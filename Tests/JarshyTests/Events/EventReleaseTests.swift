import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Events at the gate")
struct EventReleaseTests {
    @Test("without a whole imprint nothing public is announced; internal events need none", arguments: Dialect.allCases)
    func imprint(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.database.write { db in try db.run("DELETE FROM imprint") }
            let id = try await world.draft()
            #expect(try await world.refusal(AnnounceEvent(event: id), by: world.secretary) == "release-imprint")
            #expect(try await world.find(id).state == .draft)
            var input = EventWorld.input(13)
            input.isPublic = false
            let inner = try await world.announced(input)
            var nobody = EventWorld.input(15)
            nobody.organization = "north"
            let unsaid = try await world.draft(nobody)
            try await world.database.write { db in try db.run("UPDATE event SET organization = 0 WHERE id = \(unsaid)") }
            #expect(try await world.refusal(AnnounceEvent(event: unsaid), by: world.secretary) == "event-organization")
            // Nor does it become public past the gate.
            input.isPublic = true
            #expect(try await world.refusal(EditEvent(event: inner, input: input), by: world.secretary) == "release-imprint")
            try await world.run(QuestionWorld.imprint("north"), by: try await world.site.person("root", role: "administrator"))
            try await world.run(AnnounceEvent(event: id), by: world.secretary)
            let browser = world.site.browser()
            #expect(try await browser.get("/meetings/\(id)").body.contains("north@example.kz"))
            // Taken away later, it leaves lists and feeds; the page stands, without an imprint.
            try await world.database.write { db in try db.run("DELETE FROM imprint") }
            #expect(try await !browser.get("/meetings/\(id)").body.contains("north@example.kz"))
            #expect(try await !browser.get("/meetings").body.contains("/meetings/\(id)"))
            #expect(try await !browser.get("/meetings.atom").body.contains("\(id)"))
            #expect(try await browser.get("/meetings/\(id).ics").status == 409)
            #expect(try await browser.get("/meetings/\(id)").status == 200)
        }
    }

    @Test("in the quiet period, or for a day of it, what says that it explains is confirmed first", arguments: Dialect.allCases)
    func settled(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.vote()
            let id = try await world.draft(EventWorld.input(25))
            #expect(try await world.refusal(AnnounceEvent(event: id), by: world.secretary) == "release-class")
            try await world.run(ConfirmClass(event: id), by: world.reviewer)
            try await world.run(AnnounceEvent(event: id), by: world.secretary)
            #expect(try await world.site.browser().get("/meetings").body.contains("/meetings/\(id)"))
            // Another class is another word.
            var turned = EventWorld.input(25)
            turned.isCampaigning = true
            #expect(try await world.refusal(EditEvent(event: id, input: turned), by: world.secretary) == "quiet-day")
        }
    }

    @Test("a campaigning event called off in the quiet period is told to those who follow it", arguments: Dialect.allCases)
    func calledOff(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.vote()
            var input = EventWorld.input(26)
            input.isCampaigning = true
            let id = try await world.announced(input)
            let quiet = Zone.kazakhstan.instant(EngineWorld.firstDay.advanced(by: 24), minute: 1)
            world.site.clock.advance(seconds: quiet.seconds(since: world.now))
            let browser = world.site.browser()
            let held = try await browser.get("/meetings/\(id).ics")
            #expect(held.status == 409 && !held.body.contains("BEGIN:VCALENDAR"))
            try await world.run(CancelEvent(event: id, reason: "Боран"), by: world.secretary)
            let told = try await browser.get("/meetings/\(id).ics")
            #expect(told.status == 200 && told.body.contains("STATUS:CANCELLED"))
        }
    }

    @Test("no imprint, no poster: printer, place and number of copies are asked for", arguments: Dialect.allCases)
    func poster(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced()
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            let asks = try await browser.get("/events/\(id)/poster?lang=en")
            #expect(asks.status == 200 && !asks.body.contains("class=\"poster\"") && asks.body.contains("name=\"copies\""))
            let shown = try await browser.get("/events/\(id)/poster?lang=en&printer=%D0%91%D0%B0%D1%81%D0%BF%D0%B0&town=Saran&copies=50")
            for line in ["class=\"poster\"", "Баспа", "Saran", "Copies: 50", "Айгүл Сейітова", "north@example.kz", "/meetings/\(id)", "<svg"] {
                #expect(shown.body.contains(line), "\(line)")
            }
            for wrong in ["copies=0", "copies=x", "copies=50&printer=", "copies=50&town=%20"] {
                #expect(try await !browser.get("/events/\(id)/poster?\(wrong)").body.contains("class=\"poster\""), "\(wrong)")
            }
            try await world.run(CancelEvent(event: id, reason: "Боран"), by: world.secretary)
            #expect(try await browser.get("/events/\(id)/poster?copies=50").status == 404)
        }
    }
}
