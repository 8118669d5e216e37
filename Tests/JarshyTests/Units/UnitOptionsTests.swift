import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Units to choose from")
struct UnitOptionsTests {
    @Test("a city and its administration of one name are told apart by kind, and two of one kind by what stands above", arguments: Dialect.allCases)
    func labels(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let names = Trio(kk: "Саран", ru: "Сарань", en: "Saran")
            try await site.database.write { db in
                let tree = try Tree.current(in: db)
                let (here, there) = (tree.find("R1")!.no, tree.find("R2")!.no)
                func unit(_ no: Int64, _ code: String, _ kind: String, in parent: UnitNo) -> (no: UnitNo, unit: NewUnit) {
                    (UnitNo(no), NewUnit(code: code, parent: parent, kind: kind, names: names, titles: names))
                }
                try UnitWrites.insert(
                    [
                        unit(101, "S1", "city_administration", in: here), unit(102, "S2", "city", in: UnitNo(101)),
                        unit(103, "S3", "city", in: there),
                    ], root: tree.root, at: site.clock.now, in: db)
                try Tree.touch(in: db)
            }
            let tree = try await site.database.read { db in try Tree.current(in: db) }
            func options(_ codes: [String]) throws -> [String] {
                let words = try site.app.site.parts.pages.words(.en)
                let units = codes.compactMap { tree.find($0)?.no }
                return UnitText(words: words).options(units, in: tree).map { "\($0.value) \($0.label)" }
            }
            let (saran, above) = (tree.find("S2")!.titles.en, tree.find("R2")!.titles.en)
            #expect(tree.find("S1")!.titles.en == saran)
            // A name that stands once needs nothing beside it, and each unit is offered once.
            #expect(try options(["S2", "D11", "S2"]) == ["S2 \(saran)", "D11 \(tree.find("D11")!.titles.en)"])
            #expect(try options(["S1", "S2"]) == ["S1 \(saran), city administration", "S2 \(saran), city"])
            #expect(
                try options(["S1", "S2", "S3"])
                    == ["S1 \(saran), city administration", "S2 \(saran), city · \(saran)", "S3 \(saran), city · \(above)"])

            // So it is in the forms.
            try await site.person("keeper", role: "materials_keeper", unit: "S1")
            let browser = site.browser()
            try await browser.signIn("keeper")
            for path in ["/sites/new?lang=en", "/materials/new?lang=en", "/stock?lang=en"] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && page.body.contains("\(saran), city administration<"), "\(path)")
                #expect(page.body.contains("\(saran), city<"), "\(path)")
            }
        }
    }
}
