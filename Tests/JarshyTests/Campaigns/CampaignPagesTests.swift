import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of campaigns")
struct CampaignPagesTests {
    /// The campaign of the demo stands beside the world's own: it has every kind of metric.
    private static func seed(_ site: TestSite) async throws {
        let data = try DemoData(try Home())
        let today = Zone.kazakhstan.day(at: site.clock.now)
        _ = try await site.database.run(
            SeedCampaign(plan: DemoCampaign.plan(data, today: today)), by: .operator, at: site.clock.now)
    }

    @Test("every page in every language, without a hole in its words", arguments: Language.allCases)
    func renders(_ language: Language) async throws {
        try await TestSite.run(.sqlite) { site in
            try await Self.seed(site)
            try await site.person("ainur", role: "administrator", language: language)
            let browser = site.browser()
            try await browser.signIn("ainur")
            for path in ["/campaigns", "/campaigns/referendum", "/campaigns/referendum/edit", "/organizations"] {
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(!page.body.contains("⟦") && !page.body.contains("[["), "\(path)")
            }
            #expect(Words.missing.isEmpty, "\(Words.missing)")
        }
    }

    @Test("days and names are saved by the form, by those who may", arguments: Dialect.allCases)
    func saves(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await Self.seed(site)
            try await site.person("ainur", role: "administrator")
            try await site.person("gulmira", role: "observer")
            let reader = site.browser()
            try await reader.signIn("gulmira")
            #expect(try await reader.get("/campaigns/referendum").status == 200)
            #expect(try await reader.get("/campaigns/referendum/edit").status == 403)
            let browser = site.browser()
            try await browser.signIn("ainur")
            var form = [
                ("first", "2026-01-01"), ("last", "2025-01-01"), ("vote", ""), ("quiet_from", ""),
                ("name_kk", "Науқан"),
                ("name_ru", "Кампания"), ("name_en", "Campaign"),
            ]
            let wrong = try await browser.post("/campaigns/referendum", form)
            #expect(wrong.status == 422 && wrong.body.contains("last-error") && wrong.body.contains("Кампания"))
            form[1].1 = "2026-03-01"
            #expect(try await browser.post("/campaigns/referendum", form).status == 303)
            #expect(try await browser.get("/campaigns").body.contains("1 March 2026"))
            #expect(try await browser.get("/campaigns/nothing").status == 404)
        }
    }

    @Test("an organisation is added by the form", arguments: Dialect.allCases)
    func organizations(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("ainur", role: "administrator")
            let browser = site.browser()
            try await browser.signIn("ainur")
            let form = [
                ("code", "qosqanat"), ("kind", "party"), ("name_kk", "«Қосқанат» партиясы"),
                ("name_ru", "партия «Қосқанат»"),
                ("name_en", "Qosqanat Party"),
            ]
            #expect(try await browser.post("/organizations", form).status == 303)
            #expect(try await browser.get("/organizations").body.contains("Qosqanat Party"))
            let again = try await browser.post("/organizations", form)
            #expect(again.status == 422 && again.body.contains("code-error"))
        }
    }
}
