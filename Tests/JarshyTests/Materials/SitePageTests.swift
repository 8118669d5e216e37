import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of poster sites")
struct SitePageTests {
    static let fields = [
        ("unit", "D11"), ("address", "Абай көшесі, 5: аялдама"), ("capacity", "2"), ("class", "information"),
        ("decree", "Әкімдік қаулысы"), ("decree_number", "14/02"), ("material", ""), ("take_down", ""),
    ]

    @Test("a site from its decree to the day its poster comes down", arguments: Dialect.allCases)
    func wholeWay(_ dialect: Dialect) async throws {
        try await PosterWorld.run(dialect) { world in
            let (site, today) = (world.site, world.today)
            let (keeper, walker) = (site.browser(), site.browser())
            try await keeper.signIn("upper")
            try await walker.signIn("walker")
            let days = [("decree_day", today.description), ("first", today.description)]
            let wrong = try await keeper.post("/sites/new", Self.fields + [("decree_day", "soon"), ("first", "")])
            #expect(wrong.status == 422 && wrong.body.contains("decree_day-error") && wrong.body.contains("first-error"))
            #expect(wrong.body.contains("14/02"))
            let school = try await keeper.post(
                "/sites/new", Self.fields.map { $0.0 == "class" ? ("class", "campaigning") : $0 } + days + [("school", "1")])
            #expect(school.status == 422 && school.body.contains("Nothing campaigning hangs at a school"))
            let made = try await keeper.post("/sites/new", Self.fields + days)
            let path = try #require(made.location)
            #expect(try await walker.get("/sites/new").status == 403)
            #expect(try await walker.get("\(path)/edit").status == 403)
            #expect(try await walker.post("\(path)/close", []).status == 403)

            func look(_ condition: String, _ day: Day) async throws -> TestPage {
                let page = try await walker.get(path)
                return try await walker.post(
                    "\(path)/condition", [("condition", condition), ("day", day.description), ("note", ""), MaterialPageTests.op(page)])
            }
            #expect(try await look("", today).status == 422)
            #expect(try await look("in_place", today).status == 303)
            let edit = Self.fields.map { $0.0 == "take_down" ? ("take_down", today.advanced(by: 1).description) : $0 } + days
            #expect(try await keeper.post("\(path)/edit", edit).status == 303)
            #expect(try await walker.get("/sites?show=down").body.contains(path))
            #expect(try await walker.get(path).body.contains("should have come down") == false)
            site.clock.advance(seconds: 2 * 86_400)
            try await keeper.signIn("upper")
            try await walker.signIn("walker")
            #expect(try await walker.get(path).body.contains("should have come down"))
            #expect(try await walker.get("/sites.csv").body.contains(",in_place,"))
            #expect(try await keeper.post("\(path)/close", []).status == 409)
            #expect(try await look("removed", world.today).status == 303)
            #expect(try await walker.get("/sites?show=down").body.contains(path) == false)
            #expect(try await keeper.post("\(path)/close", []).status == 303)
            // The page of a closed site has no form; whoever sends one all the same is told.
            let late = [
                ("condition", "in_place"), ("day", world.today.description), ("op", OperationID.make(at: site.clock.now).description),
            ]
            #expect(try await walker.post("\(path)/condition", late).status == 409)
            #expect(try await keeper.get("/sites").body.contains(path) == false)
            #expect(try await keeper.get("/sites?show=closed").body.contains(path))
            try await site.person("other", role: "secretary", unit: "D21")
            let other = site.browser()
            try await other.signIn("other")
            #expect(try await other.get(path).status == 404)
            #expect(try await site.browser().get(path).status == 303)
            #expect(Words.missing == [])
        }
    }

    @Test("a photo comes with the form, is looked at and shown small; what is no photo is refused before anything is kept", arguments: Dialect.allCases)
    func photo(_ dialect: Dialect) async throws {
        try await PosterWorld.run(dialect) { world in
            let (site, today) = (world.site, world.today)
            let id = try await site.database.run(
                AddPosterSite(campaign: "test", unit: "D11", form: MaterialWorld.site()), by: .operator, at: site.clock.now)
            let walker = site.browser()
            try await walker.signIn("walker")
            let path = "/sites/\(id)"
            func look(_ bytes: [UInt8]) async throws -> TestPage {
                let page = try await walker.get(path)
                let fields = [("condition", "in_place"), ("day", today.description), ("note", "дұрыс"), MaterialPageTests.op(page)]
                return try await walker.upload("\(path)/condition", field: "photo", name: "a.jpg", bytes, fields)
            }
            let photo = try TestPhoto.jpeg(41)
            for bytes in [MaterialPageTests.pdf, Array("no photo".utf8)] {
                let refused = try await look(bytes)
                #expect(refused.status == 422 && refused.body.contains("photo-error") && refused.body.contains("дұрыс"))
            }
            #expect(try await site.count("SELECT count(*) FROM site_condition") == 0)
            #expect(try await look(photo).status == 303)
            #expect(try await site.count("SELECT count(*) FROM evidence WHERE subject_kind = 'site' AND verified_at IS NOT NULL") == 1)
            let page = try await walker.get(path)
            let thumb = String(try #require(page.body.firstMatch(of: #/src="(\/evidence\/[0-9a-f-]+\/thumb)"/#)).1)
            #expect(try await walker.get(thumb).headers["content-type"] == "image/jpeg")
            // The same photo of another day is taken too.
            #expect(try await look(photo).status == 303)
            #expect(try await site.count("SELECT count(*) FROM site_condition") == 2)
        }
    }
}
