import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The menu")
struct NavigationTests {
    @Test("each role: a group is shown when it has a section to open, and every section it shows opens", arguments: Role.shipped.map(\.code))
    func roles(_ role: String) async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("aigul", role: role, unit: "R1")
            let browser = site.browser()
            try await browser.signIn("aigul")
            let home = try await browser.get("/").body
            let groups = home.matches(of: /<section class="card panel"><h2>([^<]+)<\/h2>\s*<ul class="need-list">(.*?)<\/ul>/.dotMatchesNewlines())
            #expect(!groups.isEmpty)
            for group in groups {
                let sections = group.output.2.matches(of: /<a href="([^"]+)"/).map { String($0.output.1) }
                #expect(!sections.isEmpty, "\(group.output.1)")
                for section in sections {
                    let page = try await browser.get(section)
                    #expect(page.status == 200, "\(role) \(section)")
                    // The section says of itself that it is here, and its group with it.
                    let here = page.body.matches(of: /<a href="([^"]+)" aria-current="(page|true)"/).map { String($0.output.1) }
                    #expect(here == [sections[0], section], "\(role) \(section)")
                }
            }
        }
    }
}
