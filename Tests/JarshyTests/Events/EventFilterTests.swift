import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// What the filters of the calendar offer, and in which order.
@Suite("Filters of events")
struct EventFilterTests {
    @Test("one's own units come first with those below them, then the way up, then the country", arguments: Dialect.allCases)
    func units(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            let page = try await browser.get("/events")
            let offered = try Self.offered(page.body)
            #expect(offered.starts(with: ["D11", "P111", "P112", "R1", "KZ"]), "\(offered)")
            #expect(Set(offered.dropFirst(5)) == ["R2", "C1"] && offered.count == 7, "\(offered)")
            let chosen = try Self.offered(try await browser.get("/events?unit=R2").body)
            #expect(chosen.starts(with: ["D11", "P111", "P112"]) && chosen.contains("R2") && chosen.contains("D21"), "\(chosen)")
            #expect(Set(chosen).count == chosen.count)
        }
    }

    /// Codes of the filter's units as the page offers them.
    private static func offered(_ body: String) throws -> [String] {
        let start = try #require(body.firstRange(of: "id=\"filter-unit\""))
        let end = try #require(body[start.upperBound...].firstRange(of: "</select>"))
        return body[start.upperBound..<end.lowerBound].split(separator: "value=\"").dropFirst()
            .map { String($0.prefix { $0 != "\"" }) }.filter { !$0.isEmpty }
    }

    @Test("speakers and places stand in the Kazakh order", arguments: Dialect.allCases)
    func order(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let names = ["Ян клубы", "Әуезов театры", "Қайрат залы", "Кітапхана", "Асыл үйі", "2-мектеп", "10-мектеп"]
            for (n, name) in names.enumerated() {
                var input = EventWorld.input(12 + n)
                input.place = PlaceInput(name: name)
                try await world.draft(input)
            }
            let wanted = ["2-мектеп", "10-мектеп", "Асыл үйі", "Әуезов театры", "Кітапхана", "Қайрат залы", "Ян клубы"]
            let found = try await world.database.read { db in
                let unit = try Tree.current(in: db).find("D11")!
                return try EventPlace.of([unit.no], in: db).map(\.name)
            }
            #expect(found == wanted)
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            let page = try await browser.get("/events?show=all").body
            let places = try wanted.map { try #require(page.firstRange(of: ">\($0) · ")).lowerBound }
            #expect(places == places.sorted())
        }
    }
}
