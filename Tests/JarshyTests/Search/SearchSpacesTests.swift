import JarshyKit
import Logging
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Whoever finds something may open it, and whoever may open it finds it: every space against its feature's own pages.
@Suite("What one may find")
struct SearchSpacesTests {
    static func drain(_ database: Database) async throws {
        try await SearchClock(
            database: database, sources: SearchSpaces.all.map(\.source), logger: Logger(label: "search")
        ).drain()
    }

    private static func found(_ browser: TestBrowser, _ space: String, _ text: String) async throws -> Set<String> {
        let page = try await browser.get("/api/v1/search?" + Fields([("q", text), ("in", space), ("limit", "50")]).encoded)
        #expect(page.status == 200, "\(page.body)")
        return Set((page.json["results"]?.list ?? []).compactMap { $0["id"]?.text })
    }

    private static func opened(_ browser: TestBrowser, _ ids: [String], _ path: String) async throws -> Set<String> {
        var opened: Set<String> = []
        for id in ids where try await browser.get(path + id).status == 200 { opened.insert(id) }
        return opened
    }

    @Test("events: drafts, internal ones, of other units, with a partner, on the roster", arguments: Dialect.allCases)
    func events(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            var input = EventWorld.input()
            input.title = "Көпір туралы жиналыс"
            input.isPublic = false
            let inside = try await world.announced(input)
            input.partners = ["D21"]
            let shared = try await world.draft(input)
            input.partners = []
            input.isPublic = true
            let hidden = try await world.draft(input)
            let told = try await world.announced(input)
            try await Self.drain(world.database)
            let ids = [inside, shared, hidden, told].map(\.description)
            for login in ["secretary", "neighbour", "speaker", "foreign", "reviewer"] {
                let browser = world.site.browser()
                try await browser.signIn(login)
                let mine = try await Self.found(browser, "events", "көпір туралы жиналыс")
                #expect(try await mine == Self.opened(browser, ids, "/events/"), "\(login)")
                #expect(mine.contains(told.description), "\(login)")
            }
            let anybody = world.site.browser()
            #expect(try await Self.found(anybody, "events", "kopir turaly zhinalys") == [told.description])
            #expect(try await Self.opened(anybody, ids, "/meetings/") == [told.description])
            let page = try await anybody.get("/search?" + Fields([("q", "көпір жиналысы")]).encoded)
            #expect(page.body.contains("/meetings/\(told)") && !page.body.contains(inside.description))
            // Made internal, it is found by strangers no more.
            input.title = "Көпір туралы жиналыс"
            input.isPublic = false
            try await world.run(EditEvent(event: told, input: input), by: world.secretary)
            try await Self.drain(world.database)
            #expect(try await Self.found(anybody, "events", "көпір жиналысы").isEmpty)
        }
    }

    @Test("events: what the gate does not let out now, no stranger finds", arguments: Dialect.allCases)
    func gate(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.vote()
            var input = EventWorld.input(26)
            (input.title, input.isCampaigning) = ("Көпір туралы жиналыс", true)
            let id = try await world.announced(input)
            try await Self.drain(world.database)
            let anybody = world.site.browser()
            #expect(try await Self.found(anybody, "events", "көпір туралы жиналыс") == [id.description])
            let quiet = Zone.kazakhstan.instant(EngineWorld.firstDay.advanced(by: 24), minute: 1)
            world.site.clock.advance(seconds: quiet.seconds(since: world.now))
            #expect(try await Self.found(anybody, "events", "көпір туралы жиналыс").isEmpty)
            #expect(try await !anybody.get("/search?" + Fields([("q", "көпір жиналысы")]).encoded).body.contains(id.description))
        }
    }

    @Test("questions: those of one's units, those one wrote down, those that lie with one", arguments: Dialect.allCases)
    func questions(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            _ = try await world.site.person("stranger", role: "secretary", unit: "R2")
            let topic: [Json.Member] = [.init("topic", .text("where"))]
            let ids = [
                try await world.question(1, "Көпір қашан жөнделеді, айтыңызшы?"),
                try await world.question(2, "Біздің көпірді кім жөндейді?", topic),
            ].map(\.description)
            try await Self.drain(world.database)
            for login in ["activist", "expert", "secretary", "moderator", "stranger"] {
                let browser = world.site.browser()
                try await browser.signIn(login)
                let mine = try await Self.found(browser, "questions", "көпірді жөндеу")
                #expect(try await mine == Self.opened(browser, ids, "/questions/"), "\(login)")
                #expect(mine.isEmpty == (login == "stranger"), "\(login)")
            }
            let anybody = world.site.browser()
            #expect(try await anybody.get("/api/v1/search?q=bridge&in=questions").status == 401)
            let page = try await anybody.get("/search?" + Fields([("q", "көпірді жөндеу")]).encoded)
            #expect(page.status == 200 && !ids.contains { page.body.contains($0) })
        }
    }

    @Test("materials: drafts for those who draw up and approve, the others for their units", arguments: Dialect.allCases)
    func materials(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let now = world.now
            let made = try await world.database.write { db in
                try ["D11", "D21", "KZ"].map { unit in
                    try DrawUpMaterial(campaign: "test", unit: unit, form: MaterialWorld.form(name: "Көпір парақшасы"))
                        .perform(by: .operator, at: now, in: db)
                }
            }
            // Two are approved, the district's draft stays one.
            try await world.database.write { db in
                try db.run(
                    """
                    UPDATE material SET state = 'approved', approved_by = \(world.reviewer), approved_at = \(now)
                    WHERE id IN \(Array(made[1...]))
                    """)
            }
            try await Self.drain(world.database)
            var seen: [String: Int] = [:]
            for (login, person) in [("secretary", world.secretary), ("reviewer", world.reviewer), ("neighbour", world.neighbour), ("speaker", world.speaker)] {
                let browser = world.site.browser()
                try await browser.signIn(login)
                let mine = try await Self.found(browser, "materials", "көпір туралы парақша")
                let actor = try await world.site.actor(person)
                let opened = try await world.database.read { db in
                    let scope = try MaterialScope(actor, at: now, in: db)
                    return try made.filter { id in
                        do {
                            _ = try scope.material(id, in: db)
                            return true
                        } catch is Problem {
                            return false
                        }
                    }
                }
                #expect(mine == Set(opened.map(\.description)), "\(login)")
                seen[login] = mine.count
            }
            #expect(Set(seen.values).count > 1, "everybody sees the same: \(seen)")
            #expect(try await world.site.browser().get("/api/v1/search?q=bridge&in=materials").status == 401)
        }
    }

    @Test("units by name or code, for whoever is signed in", arguments: Dialect.allCases)
    func units(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let browser = world.site.browser()
            #expect(try await browser.get("/api/v1/search?q=D11&in=units").status == 401)
            try await browser.signIn("secretary")
            let page = try await browser.get("/api/v1/search?q=D11&in=units")
            #expect(page.json["results"]?.list?.first?["external_id"]?.text == "D11", "\(page.body)")
        }
    }
}
