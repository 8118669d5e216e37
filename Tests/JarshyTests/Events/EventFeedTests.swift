import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Feeds of events")
struct EventFeedTests {
    @Test("lines are folded at 75 bytes inside no character, and unfold to what was folded")
    func folding() {
        var random = Seeded(5)
        let letters = Array("aәғқңөұүһі,;\\\n 😀日")
        for _ in 0..<300 {
            let text = String((0..<Int.random(in: 0...400, using: &random)).map { _ in letters.randomElement(using: &random)! })
            let line = "SUMMARY:" + ICalendar.escaped(text)
            let folded = ICalendar.folded(line)
            for part in folded.split(separator: "\r\n", omittingEmptySubsequences: false) { #expect(part.utf8.count <= 75) }
            #expect(folded.replacing("\r\n ", with: "") == line)
            #expect(!line.contains("\n"))
        }
    }

    @Test("one's own and a unit's calendar: cancelled is cancelled, the sequence grows, the time is UTC+5", arguments: Dialect.allCases)
    func calendars(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced()
            let member = try await world.run(InviteMember(event: id, person: world.speaker, role: .speaker), by: world.secretary)
            let hidden = try await world.draft(EventWorld.input(12, hour: 19))
            let own = try await world.run(MakeCalendar(unit: ""), by: world.speaker)
            let unit = try await world.run(MakeCalendar(unit: "D11"), by: world.secretary)
            let browser = world.site.browser()
            let page = try await browser.get("/calendar/\(own).ics")
            #expect(page.status == 200 && page.headers["content-type"]?.hasPrefix("text/calendar") == true)
            #expect(page.body.contains("UID:\(id)@jarshy") && !page.body.contains("\(hidden)"))
            #expect(page.body.contains("DTSTART;TZID=Asia/Almaty:20260113T150000") && page.body.contains("TZOFFSETTO:+0500"))
            #expect(page.body.contains("SEQUENCE:1\r\n") && page.body.contains("STATUS:CONFIRMED"))
            // The same content is not sent twice.
            let tag = try #require(page.headers["etag"])
            #expect(try await browser.get("/calendar/\(own).ics", headers: ["if-none-match": tag]).status == 304)
            #expect(try await browser.get("/calendar/\(unit).ics").body.contains("\(hidden)"))
            try await world.run(CancelEvent(event: id, reason: "Боран; жол, жабық"), by: world.secretary)
            let after = try await browser.get("/calendar/\(unit).ics")
            #expect(after.body.contains("STATUS:CANCELLED") && after.body.contains("SEQUENCE:2\r\n") && after.body.contains("Боран\\; жол\\, жабық"))
            #expect(after.headers["etag"] != tag)
            _ = member
        }
    }

    @Test("an address shows what its owner may see today, is kept as a hash, and ends", arguments: Dialect.allCases)
    func tokens(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let token = try await world.run(MakeCalendar(unit: "D11"), by: world.secretary)
            #expect(try await world.refusal(MakeCalendar(unit: "D21"), by: world.secretary) == "forbidden")
            let draft = try await world.draft()
            let browser = world.site.browser()
            #expect(try await browser.get("/calendar/\(token).ics").body.contains("\(draft)"))
            let kept = try await world.database.read { db in try db.all(Blob.self, "SELECT hash FROM calendar_token") }
            #expect(kept == [Secret.hash(token)])
            #expect(!world.site.log.all.contains { $0.contains(token) })
            let today = world.today
            try await world.database.write { db in
                try db.run("UPDATE role_grant SET to_day = \(today.advanced(by: -1)) WHERE person = \(world.secretary)")
            }
            #expect(try await !browser.get("/calendar/\(token).ics").body.contains("\(draft)"))
            try await world.database.write { db in
                try db.run("UPDATE account SET disabled_at = 1 WHERE person = \(world.secretary)")
            }
            #expect(try await browser.get("/calendar/\(token).ics").status == 404)
            #expect(try await browser.get("/calendar/x.ics").status == 404)
        }
    }

    @Test("who follows learns of a move and a cancellation; nothing is kept of them", arguments: Dialect.allCases)
    func follows(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            var input = EventWorld.input()
            input.isPublic = false
            let id = try await world.announced(input)
            let secret = try await world.database.read { db in try EventSecret.find(in: db)! }
            let token = FollowToken.make(id, secret: secret)
            let browser = world.site.browser()
            #expect(try await browser.get("/meetings/\(id)").status == 404)
            #expect(try await browser.get("/follow/\(token)").status == 200)
            let forged = FollowToken.make(id, secret: Array(repeating: 7, count: 32))
            #expect(try await browser.get("/follow/\(forged)").status == 404)
            let rows = try await world.site.count("SELECT count(*) FROM event_notice")
            try await world.run(
                MoveEvent(event: id, day: EngineWorld.firstDay.advanced(by: 14), minute: 600, minutes: 60, reason: "<b>Зал</b>"),
                by: world.secretary)
            let atom = try await browser.get("/follow/\(token).atom")
            #expect(atom.body.contains("&lt;b&gt;Зал&lt;/b&gt;") && !atom.body.contains("<b>") && atom.body.contains(":2</id>"))
            try await world.run(CancelEvent(event: id, reason: "Боран"), by: world.secretary)
            #expect(try await browser.get("/follow/\(token).ics").body.contains("STATUS:CANCELLED"))
            #expect(try await browser.get("/follow/\(token)").body.contains("Боран"))
            #expect(try await world.site.count("SELECT count(*) FROM event_notice") == rows + 2)
        }
    }

    @Test("the public feed has public events that were told and nothing else", arguments: Dialect.allCases)
    func atom(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced()
            let draft = try await world.draft(EventWorld.input(13))
            var input = EventWorld.input(14)
            input.isPublic = false
            let inner = try await world.announced(input)
            let browser = world.site.browser()
            let page = try await browser.get("/meetings.atom?unit=R1&lang=ru")
            #expect(page.headers["content-type"]?.hasPrefix("application/atom+xml") == true)
            #expect(page.body.contains("urn:uuid:\(id)") && !page.body.contains("\(draft)") && !page.body.contains("\(inner)"))
            #expect(page.body.contains("Участие добровольное"))
            #expect(try await browser.get("/meetings.atom?unit=R2").body.contains("<entry>") == false)
            let tag = try #require(page.headers["etag"])
            #expect(try await browser.get("/meetings.atom?unit=R1&lang=ru", headers: ["if-none-match": tag]).status == 304)
        }
    }
}
