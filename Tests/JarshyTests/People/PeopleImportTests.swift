import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct PeopleSheetTests {
    @Test(arguments: [
        "name,login,role,unit\nДана Цой,DANA,activist,P111\n",
        "Аты-жөні;Логин;Рөлі;Код\r\nДана Цой;dana;activist;P111\r\n",
        "ФИО\tлогин\tроль\tкод\nДана Цой\tdana\tactivist\tP111\n",
    ])
    func `heads are known in three languages, separators by themselves`(text: String) throws {
        let sheet = try PeopleSheet(Array(text.utf8))
        #expect(
            sheet.rows.map { [$0.name, $0.login, $0.role, $0.unit] } == [["Дана Цой", "dana", "activist", "P111"]])
        #expect(sheet.rows[0].line == 2)
        #expect(try PeopleSheet(Array(sheet.carried.utf8)).rows == sheet.rows)
    }

    @Test func `a workbook is read like a text table`() throws {
        let book = Xlsx(sheets: [
            .init(
                name: "1",
                rows: [
                    [.text("name"), .text("login"), .text("role"), .text("unit")],
                    [.text("Дана Цой"), .text("dana"), .text("activist"), .text("P111")],
                ])
        ])
        #expect(try PeopleSheet(try book.file()).rows.map(\.login) == ["dana"])
    }

    @Test(arguments: [
        ("", "sheet-empty"), ("name,login,role\na,b,c\n", "sheet-head"),
        ("name,login,role,unit\n\"a", "sheet-unreadable"),
        ("PK\u{3}\u{4}junk", "sheet-unreadable"),
    ])
    func `what cannot be read says why`(text: String, slug: String) {
        do {
            _ = try PeopleSheet(Array(text.utf8))
            Issue.record("read")
        } catch {
            #expect((error as? Problem)?.errors.first?.slug == slug)
        }
    }
}

@Suite struct PeopleImportTests {
    @Test(arguments: Dialect.allCases)
    func `the preview says what would happen, applying does it, and again changes nothing`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            try await site.person("anna", name: "Анна Ли", role: "activist", unit: "P111")
            try await site.person("erlan", name: "Ерлан Бек", role: "secretary", unit: "D21")
            let browser = site.browser()
            try await browser.signIn("sara")
            let table = """
                name,login,role,unit,organization,post
                Дана Цой,dana,activist,P111,north,Мүше
                Болат Қали,bolat,белсенді,P112,,
                Анна Ли,anna,activist,P111,,
                Анна Ли,anna2,coordinator,P111,,
                Ерлан Бек,erlan,activist,P111,,
                Кім Бұл,kim,activist,P211,,
                Дана Цой,dana,activist,P112,,
                ,x1,nobody,NOWHERE,,
                """

            let preview = try await browser.upload(
                "/people/import", field: "file", name: "адамдар.csv", Array(table.utf8))
            #expect(preview.status == 200)
            #expect(try await site.count("SELECT count(*) FROM person") == 3, "nothing is written yet")
            let plan = try await site.database.read { db in
                let sara = try PersonRows.logins(["sara"], in: db)["sara"]!
                let actor = try Actors.load(sara, on: Zone.kazakhstan.day(at: site.clock.now), in: db)!
                return try PeoplePlan(try PeopleSheet(Array(table.utf8)), by: actor, at: site.clock.now, in: db)
            }
            #expect(plan.lines.map(\.fate) == [.new, .new, .equal, .refused, .refused, .refused, .refused, .refused])
            #expect(
                plan.lines.map { $0.fault?.slug } == [
                    nil, nil, nil, "person-role-beyond", "people-login-taken", "person-role-beyond", "sheet-twice",
                    "missing",
                ])

            let rows = try #require(preview.hidden("rows")).replacing("&quot;", with: "\"")
            let done = try await browser.post("/people/import/apply", [("rows", rows)])
            #expect(done.status == 200)
            #expect(done.body.components(separatedBy: "class=\"slip\"").count == 3, "two invitations to print")
            #expect(try await site.count("SELECT count(*) FROM person") == 5)
            #expect(try await site.count("SELECT count(*) FROM affiliation") == 1)

            let again = try await browser.post("/people/import/apply", [("rows", rows)])
            #expect(again.status == 303)
            #expect(try await site.count("SELECT count(*) FROM person") == 5)
            #expect(try await site.count("SELECT count(*) FROM role_grant") == 5)
        }
    }

    @Test func `a wrong file is told on the page`() async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("sara")
            #expect(try await browser.upload("/people/import", field: "file", name: "", []).status == 422)
            let wrong = try await browser.upload(
                "/people/import", field: "file", name: "a.csv", Array("name,login\n".utf8))
            #expect(wrong.status == 422 && wrong.body.contains("no column"))
        }
    }
}
