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
}
