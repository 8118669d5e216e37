import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct PeopleListTests {
    private func names(_ page: TestPage) -> [String] {
        page.body.components(separatedBy: "<th role=\"rowheader\"").dropFirst().map { row in
            let link = row.range(of: "\">", range: row.range(of: "<a ")!.upperBound..<row.endIndex)!
            return String(row[link.upperBound...].prefix { $0 != "<" })
        }
    }

    @Test(arguments: Dialect.allCases)
    func `one sees the people of one's units, in Kazakh order, found however the name is typed`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("sara", name: "Сара Ким", role: "secretary", unit: "D11")
            try await site.person("anna", name: "Әлия Тұрсынова", role: "activist", unit: "P111")
            try await site.person("bota", name: "Бота Қали", role: "activist", unit: "P112")
            try await site.person("zhan", name: "Жан Алиев", role: "activist", unit: "P211")
            try await site.person("head", name: "Айгүл Бек", role: "coordinator", unit: "KZ")
            let (district, republic) = (site.browser(), site.browser())
            try await district.signIn("sara")
            try await republic.signIn("head")

            #expect(names(try await district.get("/people")) == ["Әлия Тұрсынова", "Бота Қали", "Сара Ким"])
            #expect(names(try await republic.get("/people")).count == 5)
            #expect(names(try await district.get("/people?q=турсынова+алия")) == ["Әлия Тұрсынова"])
            #expect(names(try await district.get("/people?q=bota")) == ["Бота Қали"])
            #expect(names(try await republic.get("/people?q=%25")).count == 5, "a wildcard is only a sign")
            #expect(names(try await republic.get("/people?role=activist&unit=R2")) == ["Жан Алиев"])
            #expect(names(try await district.get("/people?unit=R2")) == [])
            #expect(try await district.get("/people?unit=nowhere").status == 404)

            let csv = try await district.get("/people.csv?role=activist")
            #expect(csv.headers["content-type"] == "text/csv; charset=utf-8")
            #expect(csv.body.split(separator: "\r\n").count == 3)
            #expect(try await site.count("SELECT count(*) FROM feed WHERE verb = 'export' AND subject = 'people'") == 1)
            #expect(try await site.count("SELECT count(*) FROM personal_read WHERE page = 'people file'") == 2)
            // Three by three lists of the district, less oneself; the republic's likewise.
            let shown = 2 + 1 + 1 + 4 + 4 + 1
            #expect(try await site.count("SELECT count(*) FROM personal_read WHERE page = 'people'") == shown)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a long list goes forward and back by keys, nobody lost or shown twice`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("head", name: "Я Соңғы", role: "coordinator")
            let now = site.clock.now
            try await site.database.write { db in
                let unit = try Tree.current(in: db).find("P111")!.no
                for index in 0..<119 {
                    let id = PersonID.make(at: now)
                    // Many of one name: the id decides.
                    let person = NewPerson(name: "Аты \(index / 30)", login: "user\(index)", language: .kk)
                    try AddPerson.insert(id, person, login: person.login, password: nil, at: now, in: db)
                    try GrantRole(
                        person: id, role: "activist", unit: unit, organization: nil, from: Zone.kazakhstan.day(at: now),
                        to: nil
                    )
                    .insert(by: .operator, at: now, in: db)
                }
            }
            let browser = site.browser()
            try await browser.signIn("head")
            func follow(_ rel: String, _ page: TestPage) -> String? {
                guard let at = page.body.range(of: "rel=\"\(rel)\" href=\"") else { return nil }
                return String(page.body[at.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
            }
            func logins(_ page: TestPage) -> [String] {
                page.body.components(separatedBy: "class=\"sub code\">").dropFirst().map {
                    String($0.prefix { $0 != "<" })
                }
            }
            let first = try await browser.get("/people")
            let second = try await browser.get(try #require(follow("next", first)))
            let third = try await browser.get(try #require(follow("next", second)))
            #expect([first, second, third].map { logins($0).count } == [50, 50, 20])
            #expect(Set(logins(first) + logins(second) + logins(third)).count == 120)
            #expect(follow("next", third) == nil && follow("prev", first) == nil)
            #expect(logins(try await browser.get(try #require(follow("prev", third)))) == logins(second))
            #expect(first.body.contains("120"))
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a person's page is read by those above, and the reading is on record`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let sara = try await site.person("sara", role: "secretary", unit: "D11")
            let anna = try await site.person("anna", role: "activist", unit: "P111")
            try await site.person("erlan", role: "secretary", unit: "D21")
            let (head, own, stranger) = (site.browser(), site.browser(), site.browser())
            try await head.signIn("sara")
            try await own.signIn("anna")
            try await stranger.signIn("erlan")

            let page = try await head.get("/people/\(anna)")
            #expect(page.status == 200)
            #expect(page.body.contains("activist") && page.body.contains("action=\"/people/\(anna)/invitation\""))
            let mine = try await own.get("/people/\(anna)")
            #expect(mine.status == 200 && !mine.body.contains("/invitation\""))
            #expect(try await stranger.get("/people/\(anna)").status == 404)
            #expect(try await own.get("/people/\(sara)").status == 404)
            #expect(try await head.get("/people/\(PersonID.make(at: site.clock.now))").status == 404)
            #expect(try await head.get("/people/no-id").status == 404)

            let reads = try await site.database.read { db in
                try db.all("SELECT reader, subject FROM personal_read") { row in
                    [try row.next(PersonID.self), try row.next(PersonID.self)]
                }
            }
            #expect(reads == [[sara, anna]])
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a name and a language are mended by the head or by oneself, and found under the new name`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            let anna = try await site.person("anna", name: "Ана Бек", role: "activist", unit: "P111")
            try await site.person("erlan", role: "secretary", unit: "D21")
            let (head, own, stranger) = (site.browser(), site.browser(), site.browser())
            try await head.signIn("sara")
            try await own.signIn("anna")
            try await stranger.signIn("erlan")
            let path = "/people/\(anna)/name"

            let long = String(repeating: "ә", count: 121)
            let refused = try await head.post(path, [("fullName", long), ("language", "kk")])
            #expect(refused.status == 422 && refused.body.contains(long))
            #expect(try await stranger.post(path, [("fullName", "x"), ("language", "kk")]).status == 404)
            #expect(try await head.post(path, [("fullName", "Әлия Бек"), ("language", "ru")]).status == 303)
            #expect(names(try await head.get("/people?q=алия")) == ["Әлия Бек"])
            #expect(names(try await head.get("/people?q=ана")) == [])
            #expect(try await own.post(path, [("fullName", "Әлия Бекқызы"), ("language", "kk")]).status == 303)
            #expect(try await site.count("SELECT count(*) FROM feed WHERE verb = 'edit' AND subject = 'person'") == 2)
            #expect(try await site.count("SELECT count(*) FROM feed WHERE detail LIKE '%Бек%'") == 0)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `roles and posts are given and ended on the page, and a refusal keeps what was typed`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            let anna = try await site.person("anna", role: "activist", unit: "P111")
            let browser = site.browser()
            try await browser.signIn("sara")
            let base = "/people/\(anna)"

            let refused = try await browser.post(
                "\(base)/roles", [("role", "coordinator"), ("unit", "D11"), ("until", "2026-02-30")])
            #expect(refused.status == 422 && refused.body.contains("2026-02-30"))
            let beyond = try await browser.post("\(base)/roles", [("role", "coordinator"), ("unit", "D11")])
            #expect(beyond.status == 403 && beyond.body.contains("rights you do not hold"))
            #expect(
                try await browser.post(
                    "\(base)/roles", [("role", "team_leader"), ("unit", "P111"), ("from", "2026-01-11")]
                ).status == 303)
            #expect(
                try await browser.post("\(base)/posts", [("affOrganization", "north"), ("post", "Төраға")]).status
                    == 303)
            #expect(try await browser.post("\(base)/posts", [("affOrganization", ""), ("post", "x")]).status == 422)

            let page = try await browser.get(base)
            #expect(page.body.contains("team leader") && page.body.contains("Төраға"))
            #expect(try await site.actor(anna).organizations == [OrganizationNo(1)])
            let post = try await site.database.read { db in try PersonRows.affiliations(of: [anna], in: db)[0].id }
            #expect(try await browser.post("\(base)/posts/\(post)/end", []).status == 303)
            #expect(try await site.actor(anna).organizations.isEmpty)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a representative is invited from the page, with the organisation`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "administrator", unit: "KZ")
            let browser = site.browser()
            try await browser.signIn("ainur")
            #expect(try await browser.get("/people").body.contains("id=\"organization\""))
            let form = [
                ("fullName", "Әсел Оспан"), ("login", "asel"), ("language", "kk"), ("role", "representative"), ("unit", "D11"),
            ]
            let refused = try await browser.post("/people", form)
            #expect(refused.status == 422 && refused.body.contains("href=\"#organization\""))
            #expect(refused.body.contains("id=\"organization\""))
            #expect(try await browser.post("/people", form + [("organization", "north")]).status == 200)
            #expect(try await site.count("SELECT count(*) FROM role_grant WHERE role = 'representative' AND organization = 1") == 1)
        }
    }
}
