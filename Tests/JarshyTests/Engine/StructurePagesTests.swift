import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of the structure")
struct StructurePagesTests {
    @Test("a change is shown before it is made, and made by the same words", arguments: Language.allCases)
    func preview(_ language: Language) async throws {
        try await TestSite.run(.sqlite) { site in
            _ = try await site.person("ainur", role: "administrator", unit: "KZ")
            let browser = site.browser()
            try await browser.signIn("ainur")
            let day = EngineWorld.firstDay.advanced(by: 3).description

            let shown = try await browser.get("/units/D11/move?day=\(day)&target=R2&lang=\(language.rawValue)")
            #expect(shown.status == 200, "\(shown.body.prefix(400))")
            #expect(!shown.body.contains("⟦"))
            let tree = try await site.database.read { try Tree.current(in: $0) }
            let (district, region) = (tree.find("D11")!.no, tree.find("R2")!.no)
            #expect(tree.parent(of: district, on: Day(day)!) != region)

            let done = try await browser.post("/units/D11/move", [("day", day), ("target", "R2")])
            #expect(done.status == 303, "\(done.body.prefix(400))")
            let after = try await site.database.read { try Tree.current(in: $0) }
            #expect(after.parent(of: district, on: Day(day)!) == region)

            let wrong = try await browser.post("/units/D11/move", [("day", "soon"), ("target", "R2")])
            #expect(wrong.status == 422)
        }
    }

    @Test("a refusal is the unit's page with that form open, what was typed, and words of the language", arguments: Language.allCases)
    func refused(_ language: Language) async throws {
        try await TestSite.run(.sqlite) { site in
            _ = try await site.person("ainur", role: "administrator", unit: "KZ", language: language)
            let browser = site.browser()
            try await browser.signIn("ainur")
            let day = EngineWorld.firstDay.advanced(by: 3).description
            for (change, query, status, field, english) in [
                ("split", "parts=A1%3B%20%D0%91%D1%96%D1%80", 422, "split-parts", "A split makes"),
                ("split", "parts=A1", 422, "split-parts", "is wanted"),
                ("split", "parts=D21%3B%20a%0AX2%3B%20b", 422, "split-parts", "is taken"),
                ("move", "target=R1", 409, "move-target", "stands there already"),
                ("move", "target=P111", 422, "move-target", "cannot stand below"),
                ("move", "target=nowhere", 422, "move-target", "There is no"),
                ("merge", "target=D11", 409, "merge-target", "merged into itself"),
                ("close", "", 409, "close-day", "stand below it"),
            ] {
                let page = try await browser.get("/units/D11/\(change)?day=\(day)&\(query)")
                #expect(page.status == status, "\(change) \(query): \(page.status)")
                #expect(page.body.contains("id=\"\(change)\" open"), "\(change) \(query)")
                #expect(page.body.contains("value=\"\(day)\""), "\(change) \(query)")
                #expect(page.body.contains("\(field)"))
                if language != .en { #expect(!page.body.contains(english), "\(change) \(query)") }
                #expect(!page.body.contains("⟦"))
            }
            let typed = try await browser.get("/units/D11/split?day=\(day)&parts=A1%3BOnly")
            #expect(typed.body.contains("A1;Only"))
            // The same for the deed itself.
            let posted = try await browser.post("/units/D11/move", [("day", day), ("target", "R1")])
            #expect(posted.status == 409 && posted.body.contains("id=\"move\" open"))
            #expect(Words.missing.isEmpty, "\(Words.missing)")
        }
    }

    @Test("a target is found by its name; where several are called so, they are listed to choose", arguments: Dialect.allCases)
    func names(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("ainur", role: "administrator", unit: "KZ")
            try await site.database.write { db in
                for (code, name) in [("R2", "Ақмола облысы"), ("D21", "Тас ауданы"), ("D22", "Тас ауданы")] {
                    let no = try #require(try Tree.current(in: db).find(code)).no
                    try db.run("UPDATE unit SET title_kk = \(name), folded = \(folded(name)) WHERE no = \(no)")
                }
                try Tree.touch(in: db)
            }
            let browser = site.browser()
            try await browser.signIn("ainur")
            let day = EngineWorld.firstDay.advanced(by: 3).description
            let shown = try await browser.get("/units/D11/move?day=\(day)&target=\(percentEncoded("Ақмола облысы"))")
            #expect(shown.status == 200 && shown.body.contains("value=\"R2\""), "\(shown.body.prefix(400))")
            let several = try await browser.get("/units/D11/merge?day=\(day)&target=\(percentEncoded("Тас ауданы"))")
            #expect(several.status == 422 && several.body.contains("Which one?"))
            for code in ["D21", "D22"] {
                #expect(several.body.contains("/units/D11/merge?day=\(day)&amp;target=\(code)"), "\(code)")
            }
        }
    }
}
