import JarshyKit
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Jarshy

@Suite("Pages of door rounds")
struct CanvassPageTests {
    @Test("a round from nothing to a printed list and back from paper", arguments: Dialect.allCases)
    func wholeWay(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("leader")
            let day = world.today.description
            #expect(try await browser.get("/canvass/new").status == 200)
            var form = [
                ("name_kk", "Жаңа аралау"), ("name_ru", "Новый"), ("name_en", "New"), ("unit", "PC1"), ("organization", ""),
                ("class", "information"), ("first", day), ("last", day), ("opens", "9:30"), ("closes", "19:00"),
            ]
            let refused = try await browser.post("/canvass/new", form)
            #expect(refused.status == 422 && refused.body.contains("Жаңа аралау") && refused.body.contains("organization-error"))
            form[4] = ("organization", "south")
            let made = try await browser.post("/canvass/new", form)
            let round = try #require(made.location)
            #expect(made.status == 303 && round.hasPrefix("/canvass/"))
            #expect(try await browser.post("\(round)/edit", form.map { $0.0 == "name_en" ? ("name_en", "Renamed") : $0 }).status == 303)
            #expect(try await browser.get(round).body.contains("Renamed"))

            let wrong = try await browser.post("\(round)/doors", [("street", "Самал"), ("houses", "1-5, five")])
            #expect(wrong.status == 422 && wrong.body.contains("five") && wrong.body.contains("houses-error"))
            #expect(try await browser.post("\(round)/doors", [("street", "Самал"), ("houses", "1-9 odd, 2")]).status == 303)
            #expect(try await browser.post("\(round)/doors", [("landmarks", "Көпір жанындағы үй\n\nЕскі бақ")]).status == 303)
            #expect(try await browser.post("\(round)/teams", [("login_1", "walker")]).status == 422)
            let team = try await browser.post(
                "\(round)/teams", [("login_1", "walker"), ("shown_1", "Ержан"), ("login_2", "mate"), ("shown_2", "")])
            #expect(team.status == 303)
            let page = try await browser.get(round)
            let teamID = try #require(page.body.firstMatch(of: #/<option value="([0-9a-f-]{36})"/#)).1
            let leased = try await browser.post(
                "\(round)/lists", [("team", String(teamID)), ("most", "7"), ("from", day), ("until", day)])
            let list = try #require(leased.location)
            let onScreen = try await browser.get(list)
            #expect(onScreen.status == 200 && onScreen.body.contains("Самал, 2") && onScreen.body.contains("Ескі бақ"))
            // Seven of eight doors: houses by number, landmarks last.
            #expect(onScreen.body.matches(of: #/Самал, \d/#).count == 6)

            let paper = try await browser.get("\(list)/print")
            #expect(paper.status == 200 && paper.body.matches(of: #/<path class="paper-black"/#).count == 2)
            let known = try await browser.post(
                "\(list)/enter", [("attempt", "1"), ("day", day), ("o_1", "talked"), ("l_1", "2"), ("q_1", "1"), ("o_3", "nobody")])
            #expect(known.status == 303)
            let after = try await browser.get(known.location ?? "")
            #expect(!after.body.contains("id=\"o_1\"") && after.body.contains("id=\"o_2\""))
            // Printed again: no cell is left to write in what is known, and none at all of a door that is done with.
            #expect(try await struck(browser, list) == ["1": [0, 1, 2, 3, 4], "3": [0]])
            #expect(paper.body.matches(of: #/<td role="cell" class="paper-cell"><\/td>/#).count == 35)
            #expect(try await world.beside() == ["\(day) 2 1"])
            // The same sheet sent twice counts once.
            let again = try await browser.post("\(list)/enter", [("attempt", "1"), ("day", day), ("o_1", "talked")])
            #expect(again.status == 303)
            #expect(try await world.counts() == ["\(day) nobody 1", "\(day) talked 1"])
            for fields in [[("o_2", "refused")], [("o_2", "talked"), ("l_2", "100")], []] {
                let page = try await browser.post("\(list)/enter", [("attempt", "1"), ("day", day)] + fields)
                #expect(page.status == 422, "\(fields)")
            }
            #expect(try await browser.post("\(round)/pause", [("paused", "1")]).status == 303)
            #expect(try await browser.post("\(list)/end", []).status == 303)
            #expect(try await browser.post("\(list)/end", []).status == 409)
            #expect(try await browser.get("/canvass").body.contains(round))
            #expect(Words.missing == [])
        }
    }

    @Test("paper and phone of one visit count once, whichever comes first", arguments: Dialect.allCases)
    func paperAndPhone(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("leader")
            try await world.tell(1, "nobody")
            let day = world.today.description
            let page = try await browser.post(
                "/canvass/lists/\(world.list)/enter", [("attempt", "1"), ("day", day), ("o_1", "nobody"), ("o_2", "talked")])
            #expect(page.status == 303)
            let receipt = try await world.tell(2, "talked").receipt
            #expect(receipt.contains("\"effect\":\"already\""))
            #expect(try await world.counts() == ["\(day) nobody 1", "\(day) talked 1"])
        }
    }

    @Test("who may not draw up rounds sees numbers and no address; others see nothing", arguments: Dialect.allCases)
    func scope(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let round = "/canvass/\(world.round)"
            try await world.site.person("reader", role: "observer", unit: "C1")
            let reader = world.site.browser()
            try await reader.signIn("reader")
            let page = try await reader.get(round)
            #expect(page.status == 200 && !page.body.contains("Абай") && !page.body.contains("Ержан"))
            #expect(try await reader.get("/canvass").body.contains(round))
            #expect(try await reader.get("/canvass/lists/\(world.list)").status == 403)
            #expect(try await reader.get("/canvass/lists/\(world.list)/print").status == 403)
            #expect(try await reader.post("\(round)/pause", [("paused", "1")]).status == 403)
            try await world.site.person("other", role: "team_leader", unit: "D11")
            let other = world.site.browser()
            try await other.signIn("other")
            #expect(try await other.get(round).status == 404)
            #expect(try await other.get("/canvass/lists/\(world.list)").status == 404)
            #expect(try await !other.get("/canvass").body.contains(round))
            #expect(try await world.site.browser().get(round).status == 303)
        }
    }

    @Test("a resident checks who has come and is told that and nothing else", arguments: Dialect.allCases)
    func who(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let list = world.list
            let code = try await world.database.read { db in try CanvassRows.list(list, in: db)!.code }
            let browser = world.site.browser()
            let page = try await browser.get("/who/\(code)?lang=en")
            #expect(page.status == 200 && page.headers["cache-control"] == "no-store")
            for told in ["Round", "north", "Ержан", "Анна", "10:00–20:00", "in our name today"] { #expect(page.body.contains(told), "\(told)") }
            for kept in ["Серік", "Ким", "Абай", "walker", world.round.description, list.description] {
                #expect(!page.body.contains(kept), "\(kept)")
            }
            // Typed as people type it: in small letters, with the hyphen, with a letter for a digit.
            let typed = try await browser.get("/who?code=\(CheckCode.shown(code).lowercased())")
            #expect(typed.status == 303 && typed.location == "/who/\(code)")
            #expect(try await browser.get("/who").status == 200)
            #expect(try await browser.get("/who/0000000000").status == 404)
            #expect(try await browser.get("/who/x").status == 404)
            try await world.run(PauseRound(round: world.round, isPaused: true), by: world.leader)
            #expect(try await browser.get("/who/\(code)?lang=en").body.contains("not valid today"))
            try await world.run(PauseRound(round: world.round, isPaused: false), by: world.leader)
            #expect(try await browser.get("/who/\(code)?lang=en").body.contains("in our name today"))
            world.site.clock.advance(seconds: 3 * 86_400)
            #expect(try await browser.get("/who/\(code)?lang=en").body.contains("not valid today"))
            // Nothing of who asked is kept, and the code is in no log line's words but the address itself.
            #expect(try await world.site.count("SELECT count(*) FROM personal_read") == 0)
        }
    }

    @Test("days of fewer than five visits go with the next, and today is not shown", arguments: Dialect.allCases)
    func shownCounts(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect, doors: 12) { world in
            let first = world.today
            func shown() async throws -> [Int64] {
                let (round, today) = (world.round, world.today)
                return try await world.database.read { db in try RoundCounts.of(round, today: today, in: db).shown.map(\.visits) }
            }
            for row in 1...4 { try await world.tell(Int64(row), "talked") }
            #expect(try await shown() == [])
            world.site.clock.advance(seconds: 86_400)
            #expect(try await shown() == [])
            for row in 5...6 { try await world.tell(Int64(row), "nobody") }
            #expect(try await shown() == [])
            world.site.clock.advance(seconds: 86_400)
            #expect(try await shown() == [6])
            for row in 7...11 { try await world.tell(Int64(row), "declined") }
            world.site.clock.advance(seconds: 86_400)
            #expect(try await shown() == [6, 5])
            try await world.tell(12, "talked")
            world.site.clock.advance(seconds: 86_400)
            #expect(try await shown() == [6, 5])
            let (round, today) = (world.round, world.today)
            let days = try await world.database.read { db in try RoundCounts.of(round, today: today, in: db).shown[0] }
            #expect(days.first == first && days.last == first.advanced(by: 1) && days.outcomes == [.talked: 4, .nobody: 2])
            let browser = world.site.browser()
            try await browser.signIn("leader")
            let page = try await browser.get("/canvass/\(world.round)")
            #expect(page.body.contains("Visits: 11"))
        }
    }

    @Test("the do-not-contact page enters and takes back, and lists nothing", arguments: Dialect.allCases)
    func bars(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("leader")
            let address = [("unit", "C1"), ("street", "Абай"), ("house", "2"), ("flat", ""), ("landmark", "")]
            #expect(try await browser.post("/canvass/do-not-contact", address).status == 303)
            #expect(try await world.states()[1] == "do_not_visit")
            let page = try await browser.get("/canvass/do-not-contact")
            #expect(page.status == 200 && !page.body.contains("Абай"))
            let list = try await browser.get("/canvass/lists/\(world.list)")
            #expect(!list.body.contains("Абай көшесі, 2<") && list.body.contains("Абай көшесі, 3<"))
            #expect(try await browser.post("/canvass/do-not-contact/undo", address).status == 422)
            #expect(try await browser.post("/canvass/do-not-contact/undo", address + [("reason", "mistake")]).status == 303)
            #expect(try await world.states()[1] == "fresh")
            #expect(try await browser.post("/canvass/do-not-contact", [("unit", "C1"), ("street", "Абай")]).status == 422)
        }
    }

    @Test("as many statements for a long list as for a short one", arguments: Dialect.allCases)
    func statements(_ dialect: Dialect) async throws {
        var told: [[Int]] = []
        for doors in [2, 60] {
            let (result, body) = (Kept(), doors)
            try await CanvassWorld.run(dialect, doors: doors) { world in
                let (leader, walker) = (try await world.actor(world.leader), try await world.actor(world.walker))
                let (round, list, now, today) = (world.round, world.list, world.now, world.today)
                if body > 2 {
                    // More lists, rounds and teams as well.
                    for _ in 0..<3 {
                        let other = try await world.run(CanvassWorld.round(from: today), by: world.leader)
                        _ = try await world.run(
                            AddAddresses(round: other, addresses: [AddressText(street: "Жаңа", house: "1")]), by: world.leader)
                        let team = try await world.run(
                            MakeTeam(
                                round: other,
                                members: [.init(login: "walker", shownName: ""), .init(login: "mate", shownName: "")]),
                            by: world.leader)
                        _ = try await world.run(
                            LeaseList(round: other, team: team, street: nil, most: 1, from: today, until: today),
                            by: world.leader)
                    }
                }
                result.set(
                    try await world.database.read { db in
                        func count(_ work: () throws -> Void) throws -> Int {
                            let before = db.statements
                            try work()
                            return db.statements - before
                        }
                        _ = try RoundListing(campaign: "", actor: leader, now: now, in: db)
                        return [
                            try count { _ = try RoundListing(campaign: "", actor: leader, now: now, in: db) },
                            try count { _ = try RoundView(round, actor: leader, now: now, in: db) },
                            try count { _ = try ListView(list, actor: leader, now: now, in: db) },
                            try count { _ = try CanvassField.part(for: walker, on: today, in: db) },
                        ]
                    })
            }
            told.append(result.value)
        }
        #expect(told[0] == told[1] && told[0].allSatisfy { $0 > 0 && $0 <= 12 }, "\(told)")
    }

    @Test("no address of the site gives addresses out as a file or to a program")
    func noExport() async throws {
        try await CanvassWorld.run(.sqlite) { world in
            let routes = world.site.app.site.routes.filter { $0.path.hasPrefix("/canvass") || $0.path.hasPrefix("/who") }
            #expect(routes.count > 15)
            for route in routes {
                #expect(route.api == nil && !route.path.contains(".") && !route.path.contains("api"), "\(route.path)")
            }
            let browser = world.site.browser()
            try await browser.signIn("leader")
            for route in routes where route.method == "GET" {
                let id = route.path.contains("lists") ? world.list.description : world.round.description
                let page = try await browser.get(route.path.replacing("{id}", with: id).replacing("{code}", with: "x"))
                #expect(page.headers["content-disposition"] == nil)
                #expect(page.headers["content-type"]?.hasPrefix("text/html") == true, "\(route.path)")
            }
        }
    }

    /// Of a printed list, the cells with a dash by row, from the first visit on; rows without one are left out.
    private func struck(_ browser: TestBrowser, _ list: String) async throws -> [String: [Int]] {
        let body = try await browser.get("\(list)/print").body
        var found: [String: [Int]] = [:]
        for row in body.matches(of: #/<tr role="row"><td role="cell" class="number">(\d+)<\/td>(.*?)<\/tr>/#) {
            let cells = row.2.matches(of: #/class="paper-cell">(.*?)<\/td>/#).map(\.1)
            let dashes = cells.enumerated().filter { $0.element.contains("—") }.map(\.offset)
            if !dashes.isEmpty { found[String(row.1)] = dashes }
        }
        return found
    }

    private final class Kept: Sendable {
        private let list = Mutex<[Int]>([])
        var value: [Int] { list.withLock { $0 } }
        func set(_ new: [Int]) { list.withLock { $0 = new } }
    }
}
