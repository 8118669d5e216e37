import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of units")
struct UnitPagesTests {
    @Test("every page in every language, without a hole in its words", arguments: Language.allCases)
    func renders(_ language: Language) async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("ainur", role: "administrator", language: language)
            let browser = site.browser()
            try await browser.signIn("ainur")
            _ = try await browser.post(
                "/units",
                [
                    ("parent", "R1"), ("kind", "district"), ("code", "D13"), ("opens", "2026-01-05"),
                    ("name_kk", "Көксу"),
                    ("name_ru", "Коксуский"), ("population", "40 000"),
                ])
            for path in [
                "/units", "/units?under=R1", "/units?q=коксу&day=2026-02-01", "/units?q=zzz", "/units/KZ", "/units/D13",
                "/units/new?parent=R1", "/units/D13/edit",
            ] {
                let page = try await browser.get(path.replacing("коксу", with: percentEncoded("коксу")))
                #expect(page.status == 200, "\(path): \(page.status)")
                #expect(!page.body.contains("⟦") && !page.body.contains("[["), "\(path)")
                #expect(page.body.contains("lang=\"\(language)\""))
            }
            #expect(Words.missing.isEmpty, "\(Words.missing)")
        }
    }

    @Test(
        "a new unit by the form; what is wrong stands at its field and nothing typed is lost",
        arguments: Dialect.allCases)
    func opens(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("bolat", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("bolat")
            var form = [
                ("parent", "D11"), ("kind", "primary"), ("code", "P 9"), ("opens", "soon"), ("name_kk", "Жаңа жол"),
                ("name_ru", "Новый путь"), ("name_en", ""),
            ]
            let noDay = try await browser.post("/units", form)
            #expect(noDay.status == 422 && noDay.body.contains("opens-error"))
            form[3].1 = "2026-01-05"
            let refused = try await browser.post("/units", form)
            #expect(refused.status == 422)
            #expect(refused.body.contains("code-error") && refused.body.contains("Жаңа жол"))
            form[2].1 = "P119"
            let made = try await browser.post("/units", form)
            #expect(made.status == 303 && made.location == "/units/P119")
            let page = try await browser.get("/units/P119")
            #expect(page.body.contains("Zhana zhol Primary Organisation") && page.body.contains("/board/P119"))
            #expect(try await browser.post("/units", form).body.contains("code-error"))
            // Elsewhere the right is not held.
            form[0].1 = "D12"
            form[2].1 = "P999"
            #expect(try await browser.post("/units", form).status == 403)
            #expect(try await browser.get("/units/P211").status == 404)
            #expect(try await browser.get("/units/D21").status == 200)
        }
    }

    @Test("names are edited by the form", arguments: Dialect.allCases)
    func edits(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "administrator")
            let browser = site.browser()
            try await browser.signIn("ainur")
            let empty = try await browser.post(
                "/units/D11", [("name_kk", ""), ("name_ru", "Талгарский"), ("capacity", "x")])
            #expect(empty.status == 422 && empty.body.contains("capacity-error"))
            let saved = try await browser.post(
                "/units/D11",
                [("name_kk", "Талғар"), ("name_ru", "Талгарский"), ("name_en", "Talgar"), ("capacity", "")])
            #expect(saved.status == 303)
            let page = try await browser.get("/units/D11")
            #expect(page.body.contains("Талғар ауданы") && page.body.contains("Талгарский район"))
            #expect(page.body.contains("Names or numbers were changed"))
        }
    }

    @Test("JSON by id and by any code; the file of a level", arguments: Dialect.allCases)
    func api(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "administrator")
            let browser = site.browser()
            try await browser.signIn("ainur")
            let no = try await site.unit("D11")
            try await site.database.write { db in
                try db.run(
                    "INSERT INTO unit_code (code, scheme, unit, from_day) VALUES ('D11NEW', 'own', \(no), 20500)")
                try Tree.touch(in: db)
            }
            let json = try JsonReader.read(try await browser.get("/api/v1/units/D11").bytes)
            #expect(json["code"]?.text == "D11NEW" && json["parent"]?.text == "R1")
            #expect(json["path"]?.list?.compactMap(\.text) == ["KZ", "R1", "D11NEW"])
            #expect(json["children"]?.list?.compactMap(\.text) == ["P111", "P112"])
            #expect(json["codes"]?.list?.count == 2)
            let id = try #require(json["id"]?.text)
            #expect(try await browser.get("/api/v1/units/\(id)").bytes == browser.get("/api/v1/units/D11NEW").bytes)
            let none = try await browser.get("/api/v1/units/QQ")
            #expect(none.status == 404 && none.body.contains("/problems/not-found"))
            let csv = try await browser.get("/units.csv?under=R1")
            #expect(csv.headers["content-type"]?.hasPrefix("text/csv") == true)
            #expect(csv.body.split(separator: "\r\n").count == 1 + 6)
        }
    }

    @Test("a list of many is paged by its members, each once")
    func pages() async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("ainur", role: "administrator")
            var lines = "code\tparent\tkind\tname_kk\tname_ru\n"
            for number in 1...230 { lines += "V\(number)\tD22\tvillage\t\(number)-ауыл\t\(number)\n" }
            let plan = try await site.database.run(
                ImportUnits(file: Array(lines.utf8)), by: .operator, at: site.clock.now)
            #expect(plan.created.count == 230)
            let browser = site.browser()
            try await browser.signIn("ainur")
            var (seen, path): ([String], String?) = ([], "/units?under=D22")
            while let next = path {
                let page = try await browser.get(next)
                for part in page.body.links("href=\"/units/V") { seen.append(part) }
                path = page.body.links("rel=\"next\" href=\"").first?.replacing("&amp;", with: "&")
            }
            #expect(seen.count == 230 && Set(seen).count == 230)
            #expect(seen.prefix(2) == ["1", "2"])
        }
    }
}

extension String {
    /// What follows `prefix`, up to the next quote, wherever it stands.
    fileprivate func links(_ prefix: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let start = rest.firstRange(of: prefix) {
            found.append(String(rest[start.upperBound...].prefix { $0 != "\"" }))
            rest = rest[start.upperBound...]
        }
        return found
    }
}
