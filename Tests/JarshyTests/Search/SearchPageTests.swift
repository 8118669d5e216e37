import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// What the page of results shows of what was found: which kind, in which language, with which marks.
@Suite("The page of results")
struct SearchPageTests {
    private static func id(_ n: Int) -> ID<Never> { ID(high: 7, low: UInt64(n)) }

    private static func put(_ texts: [(Int, Language, [String])], to space: String, _ database: Database) async throws {
        try await database.write { db in
            let index = try SearchIndex(space, in: db)
            try index.put(
                texts.map { SearchDocument(id: id($0.0), language: $0.1.rawValue, isOpen: true, texts: $0.2) })
            try index.flush()
        }
    }

    private static func page(_ browser: TestBrowser, _ text: String, _ language: Language = .kk, kind: String? = nil) async throws -> String {
        let query = Fields([("q", text), ("lang", language.rawValue)] + (kind.map { [("kind", $0)] } ?? []))
        let page = try await browser.get("/search?" + query.encoded)
        #expect(page.status == 200)
        return page.body
    }

    @Test("staff see answers first; units when one was named whole, or nothing else was found", arguments: Dialect.allCases)
    func kinds(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await Self.put(
                [(1, .kk, ["D11 ауданында дауыс беру қайда өтеді?", "Дауыс беру учаскеде өтеді."])], to: "answers", world.database)
            try await world.database.write { db in
                // A unit whose name has what is asked in it.
                try db.run("UPDATE unit SET folded = 'дауыс беру тобы' WHERE no = 13")
                try Tree.touch(presentDay: world.today, in: db)
            }
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            let answers = try await Self.page(browser, "дауыс беру")
            #expect(answers.contains("/answers/\(Self.id(1))") && answers.contains("Құрылым · 1") && !answers.contains("href=\"/units/P221\""))
            let units = try await Self.page(browser, "дауыс беру", kind: "unit")
            #expect(units.contains("href=\"/units/P221\"") && !units.contains("/answers/\(Self.id(1))"))
            let named = try await Self.page(browser, "d11")
            #expect(named.contains("href=\"/units/D11\"") && !named.contains("/answers/\(Self.id(1))"))
            #expect(try await Self.page(browser, "P11").contains("href=\"/units/P111\""))
        }
    }

    @Test("found by any language, shown in the reader's where it is written in it", arguments: Dialect.allCases)
    func languages(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await Self.put(
                [
                    (1, .kk, ["Учаске қайда?", "Учаске мекенжайы порталда көрсетілген."]),
                    (1, .ru, ["Где участок?", "Спросите в акимате.", "Адрес участка указан на портале."]),
                    (2, .kk, ["Плакатты қайда ілуге болады?", "Әкімдік белгілеген орындарға."]),
                ], to: "answers", world.database)
            let browser = world.site.browser()
            let russian = try await Self.page(browser, "мекенжайы порталда", .ru)
            #expect(russian.contains("Где участок?") && russian.contains("Адрес участка указан на портале."))
            #expect(!russian.contains("Учаске қайда?") && !russian.contains("Спросите в акимате."))
            #expect(try await Self.page(browser, "мекенжайы порталда", .kk).contains("Учаске қайда?"))
            // What is not written in it is shown as it is.
            let foreign = try await Self.page(browser, "плакатты ілу", .ru)
            #expect(foreign.contains("<article class=\"said\" lang=\"kk\">") && foreign.contains("Плакатты қайда ілуге болады?"))
        }
    }

    @Test("of one word letters alone are no hit; the word, its kin, its beginning and a slip are", arguments: Dialect.allCases)
    func oneWord(_ dialect: Dialect) async throws {
        let world = try await EngineWorld.make(dialect)
        try await Self.put(
            [
                (1, .kk, ["Саябақ · Қала күніне арналған кездесу"]), (2, .kk, ["Сайлау қашан өтеді?"]),
                (3, .ru, ["Когда пройдут выборы?"]), (4, .kk, ["Референдум деген не?"]), (5, .kk, ["Сайланатын комиссия"]),
            ], to: "answers", world.database)
        for (asked, found) in [
            ("сайлау", [2, 3]), ("sailau", [2, 3]), ("выборы", [2, 3]), ("саяб", [1]), ("саябақта", [1]), ("рефирендум", [4]),
            ("референдмда", [4]), ("рефе", [4]), ("қазан", []),
        ] {
            let hits = try await world.database.read { db in try SearchQuery(space: "answers", text: asked).run(in: db) }
            let those = Set(hits.map(\.document)).subtracting([Self.id(5)])
            #expect(those == Set(found.map(Self.id)), "\(asked): \(hits.map(\.text))")
        }
        try await world.test.close()
    }

    @Test("slips of the finger, beginnings and endings")
    func near() {
        func isNear(_ asked: String, _ text: String, isKnown: Bool = false) -> Bool {
            SearchNear(foldedLatin(asked), isKnown: isKnown).isIn(text)
        }
        for (asked, text) in [
            ("референдум", "Рефрендумға барамын"), ("референдмуда", "референдумда"), ("дауыс", "Дауыстар саналды"), ("сайлуа", "сайлау"),
            ("учсаке", "учаскеде"),
        ] { #expect(isNear(asked, text), "\(asked) \(text)") }
        for (asked, text) in [("сайлау", "Саябақ кездесуі"), ("су", "сурет"), ("мектеп", "мекен"), ("жер", "жел"), ("референдум", "реферат")] {
            #expect(!isNear(asked, text), "\(asked) \(text)")
        }
        // What somebody writes so is no slip; a beginning stays one.
        #expect(!isNear("сайлуа", "сайлау", isKnown: true) && isNear("рефе", "референдум", isKnown: true))
    }

    @Test("a cancelled event says so; what is to come stands before what is over", arguments: Dialect.allCases)
    func events(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            func input(_ day: Int) -> EventInput {
                var input = EventWorld.input(day)
                input.title = "Көпір туралы жиналыс"
                return input
            }
            let cancelled = try await world.announced(input(14))
            try await world.run(CancelEvent(event: cancelled, reason: "Боран"), by: world.secretary)
            let past = try await world.announced(input(10))
            let coming = try await world.announced(input(15))
            world.site.clock.advance(seconds: Zone.kazakhstan.instant(input(12).day).seconds(since: world.now))
            try await SearchSpacesTests.drain(world.database)
            let browser = world.site.browser()
            let body = try await Self.page(browser, "көпір жиналысы")
            func place(_ text: String) -> String.Index? { body.firstRange(of: text)?.lowerBound }
            let (first, second) = (try #require(place("/meetings/\(coming)")), try #require(place("/meetings/\(past)")))
            let third = try #require(place("/meetings/\(cancelled)"))
            #expect(first < second && first < third, "what is to come is first")
            #expect(place("Өтпейді").map { $0 > third } ?? false)
            #expect(body.components("Өтпейді") == 1 && body.components("Өткен") == 1)
            let english = try await Self.page(browser, "көпір жиналысы", .en)
            #expect(english.contains("<article class=\"said\" lang=\"en\">"))
        }
    }

    @Test("a line of parts is cut between parts, a sentence between words, and nothing is lost")
    func heads() {
        let name = "Саран қаласының тұрғын үй-коммуналдық шаруашылық кіші тобы"
        let line = ["Кездесу", "Саран қаласы", name, name, "2026 ж. 12 қаңтар"].joined(separator: " · ")
        let (start, rest) = SearchLine.head(line)
        #expect(start + " · " + rest == line && start.hasSuffix(name) && rest.hasPrefix(name))
        let long = String(repeating: "а", count: 150) + " · б"
        #expect(SearchLine.head(long) == (String(repeating: "а", count: 150), "б"))
        #expect(SearchLine.head("Кездесу · Саран") == ("Кездесу · Саран", ""))
        #expect(SearchLine.head("Бірінші сөйлем. Екінші сөйлем.") == ("Бірінші сөйлем.", "Екінші сөйлем."))
        let words = Array(repeating: "сөздер", count: 30).joined(separator: " ")
        let (head, tail) = SearchLine.head(words)
        #expect(head.hasSuffix(" …") && head.dropLast(2) + " " + tail == words)
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
