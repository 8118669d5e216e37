import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of events")
struct EventPageTests {
    @Test("every page in every language, without a hole in its words", arguments: Language.allCases)
    func renders(_ language: Language) async throws {
        try await EventWorld.run(.sqlite) { world in
            var input = EventWorld.input(11)
            input.place = PlaceInput(name: "Мәдениет үйі", address: "Абай к., 1", capacity: 120, access: .partly)
            (input.form, input.link, input.topic, input.partners) = (.hybrid, "https://example.kz/live", "where", ["P112"])
            let id = try await world.announced(input)
            _ = try await world.run(InviteMember(event: id, person: world.speaker, role: .speaker), by: world.secretary)
            try await world.run(SetMaterials(event: id, lines: [.init(name: "Парақша", brought: 5, handed: nil)]), by: world.secretary)
            try await world.site.person("root", role: "administrator", language: language)
            let browser = world.site.browser()
            try await browser.signIn("root")
            let secret = try await world.database.read { db in try EventSecret.find(in: db)! }
            for path in [
                "/events", "/events?view=week&day=2026-01-12", "/events?view=month&day=2026-01-12", "/events?show=unreported",
                "/events?speaker=\(world.speaker)&topic=where&state=announced&unit=D11", "/events/new", "/events/\(id)",
                "/events/\(id)/edit", "/events/\(id)/poster", "/events/calendars", "/meetings?lang=\(language.rawValue)",
                "/meetings/\(id)", "/follow/\(FollowToken.make(id, secret: secret))", "/events?show=past", "/questions/new?event=\(id)",
            ] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && !page.body.contains("⟦") && !page.body.contains("[["), "\(path) \(page.status)")
            }
            world.site.clock.advance(seconds: 2 * 86_400)
            try await browser.signIn("root")
            for path in ["/events/\(id)/report", "/events/\(id)/report?part=online"] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && !page.body.contains("⟦"), "\(path)")
            }
            let csv = try await browser.get("/events.csv?show=all")
            #expect(csv.status == 200 && csv.body.contains("P111"))
        }
    }

    @Test("the form draws up an event and keeps what was typed when refused", arguments: Dialect.allCases)
    func form(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            var form: [(String, String)] = [
                ("unit", "P111"), ("kind", "meeting"), ("day", "2026-01-13"), ("time", "25:00"), ("minutes", "90"),
                ("form", "in_person"), ("territory", "D11"), ("language", "kk"), ("shown", "public"), ("class", "information"),
                ("place_name", "Ауылдық клуб"), ("capacity", "80"), ("access", "full"),
            ]
            let refused = try await browser.post("/events/new", form)
            #expect(refused.status == 422 && refused.body.contains("Ауылдық клуб") && refused.body.contains("25:00"))
            form[3] = ("time", "15.30")
            let made = try await browser.post("/events/new", form)
            #expect(made.status == 303, "\(made.body)")
            let page = try await browser.get(made.location ?? "")
            #expect(page.body.contains("15:30–17:00") && page.body.contains("Ауылдық клуб"))
            let edit = try await browser.post(
                (made.location ?? "") + "/edit", form.filter { $0.0 != "place_name" } + [("title", "Ашық кездесу")])
            #expect(edit.status == 303, "\(edit.body)")
            #expect(try await browser.post((made.location ?? "") + "/announce", []).status == 303)
            let moved = try await browser.post((made.location ?? "") + "/move", [("day", "2026-01-14"), ("time", "x"), ("minutes", "60")])
            #expect(moved.status == 422)
            #expect(try await browser.post((made.location ?? "") + "/cancel", [("reason", "")]).status == 422)
        }
    }

    @Test("no query inside a loop: the statements of a calendar do not grow with its events", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            func used() async throws -> Int {
                let (actor, now) = (try await world.site.actor(world.secretary), world.now)
                return try await world.database.read { db in
                    _ = try EventListing(Fields([("view", "month")]), actor: actor, now: now, whole: false, in: db)
                    return db.statements
                }
            }
            _ = try await world.draft()
            let few = try await used()
            for n in 0..<12 { _ = try await world.draft(EventWorld.input(11 + n, hour: 9)) }
            #expect(try await used() == few)
            #expect(few <= 12)
        }
    }

    @Test("what is internal or drafted is not there for others", arguments: Dialect.allCases)
    func scope(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.draft()
            let (inside, outside) = (world.site.browser(), world.site.browser())
            try await inside.signIn("secretary")
            try await outside.signIn("neighbour")
            #expect(try await inside.get("/events/\(id)").status == 200)
            #expect(try await outside.get("/events/\(id)").status == 404)
            #expect(try await outside.get("/events?show=all").body.contains("\(id)") == false)
            #expect(try await world.refusal(CancelEvent(event: id, reason: "x"), by: world.neighbour) == "not-found")
            try await world.run(AnnounceEvent(event: id), by: world.secretary)
            #expect(try await outside.get("/events/\(id)").status == 200)
            #expect(try await world.refusal(CancelEvent(event: id, reason: "x"), by: world.neighbour) == "forbidden")
        }
    }
}
