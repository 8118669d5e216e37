import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct SignInLimitRules {
    @Test func `waits grow by steps to a longest one`() {
        let waits = (4...14).map { SignInLimits.pair.wait(after: $0) }
        #expect(waits == [0, 15, 30, 60, 120, 240, 480, 900, 900, 900, 900])
        #expect(SignInLimits.pair.wait(after: 1_000_000) == 900)
    }

    @Test func `an account under attack is held, never longer than eight seconds`() {
        #expect((8...16).map { SignInLimits.hold(after: $0) } == [0, 0, 500, 1000, 2000, 4000, 8000, 8000, 8000])
    }
}

@Suite struct SignInTests {
    private func attempt(
        _ site: TestSite, _ login: String, _ password: String, from address: String, showing: String? = nil
    ) async throws -> String {
        let signIn = SignIn(login: login, password: password, address: address, agent: "", shown: showing)
        let site = site
        return try await signIn.perform(
            site.database, site.app.people.passwords, at: site.clock.now, pause: { site.pauses.add($0) })
    }

    private func status(_ work: () async throws -> String) async -> Int {
        do {
            _ = try await work()
            return 303
        } catch let problem as Problem {
            return problem.status
        } catch {
            return 500
        }
    }

    @Test(arguments: Dialect.allCases)
    func `the right password opens a session of its own; a wrong one and an unknown name look alike`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            let id = try await site.person("olga", role: "observer")
            let browser = site.browser()

            let wrong = try await browser.post("/signin", [("login", "olga"), ("password", "not this one")])
            let unknown = try await browser.post("/signin", [("login", "nobody"), ("password", "not this one")])
            #expect(wrong.status == 422 && unknown.status == 422)
            #expect(wrong.body.replacing("olga", with: "") == unknown.body.replacing("nobody", with: ""))
            #expect(wrong.body.contains("value=\"olga\"") && !wrong.body.contains("not this one"))

            #expect(
                try await browser.post("/signin", [("login", " OLGA "), ("password", TestSite.password)]).status == 303)
            let first = try #require(browser.cookies["session"])
            #expect(try await browser.get("/me").status == 200)
            #expect(try await site.count("SELECT count(*) FROM session WHERE person = \(id)") == 1)
            let stored = try await site.database.read { db in try db.value("SELECT hash FROM session", as: Blob.self) }
            #expect(stored == Secret.hash(first))

            // Signing in anew takes the old token out of use.
            try await browser.signIn("olga")
            #expect(browser.cookies["session"] != first)
            let old = site.browser()
            old.set(cookie: "session", first)
            #expect(try await old.get("/me").status == 303)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a session ends by idling, by age, by signing out and by closing the account`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            let olga = try await site.person("olga", role: "observer")
            let browser = site.browser()
            try await browser.signIn("olga")

            for _ in 0..<13 {
                site.clock.advance(seconds: 11 * 3600)
                #expect(try await browser.get("/me").status == 200)
            }
            site.clock.advance(seconds: 13 * 3600)
            #expect(try await browser.get("/me").status == 303, "idle for 13 hours")

            try await browser.signIn("olga")
            for _ in 0..<16 {
                site.clock.advance(seconds: 11 * 3600)
                _ = try await browser.get("/me")
            }
            #expect(try await browser.get("/me").status == 303, "older than 7 days")

            try await browser.signIn("olga")
            let token = browser.cookies["session"]!
            #expect(try await browser.post("/signout", []).status == 303)
            browser.set(cookie: "session", token)
            #expect(try await browser.get("/me").status == 303, "signed out")

            try await browser.signIn("olga")
            try await site.database.run(DisableAccount(person: olga), by: .operator, at: site.clock.now)
            #expect(try await browser.get("/me").status == 303, "closed")
            #expect(try await browser.signIn("olga").status == 422)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `guessing from one address is stepped, the owner elsewhere comes in`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("olga", role: "observer")

            var statuses: [Int] = []
            for _ in 0..<8 {
                statuses.append(await status { try await attempt(site, "olga", "guess", from: "10.0.0.9") })
            }
            #expect(statuses == [422, 422, 422, 422, 422, 429, 429, 429])
            #expect(await status { try await attempt(site, "olga", TestSite.password, from: "10.0.0.9") } == 429)
            #expect(await status { try await attempt(site, "olga", TestSite.password, from: "10.0.0.7") } == 303)

            site.clock.advance(seconds: 16)
            #expect(await status { try await attempt(site, "olga", "guess", from: "10.0.0.9") } == 422)
            #expect(
                await status { try await attempt(site, "olga", "guess", from: "10.0.0.9") } == 429,
                "the next wait is longer")
            site.clock.advance(seconds: 16)
            #expect(await status { try await attempt(site, "olga", "guess", from: "10.0.0.9") } == 429)
            site.clock.advance(seconds: 15)
            #expect(await status { try await attempt(site, "olga", TestSite.password, from: "10.0.0.9") } == 303)
            #expect(
                await status { try await attempt(site, "olga", "guess", from: "10.0.0.9") } == 422,
                "success clears the steps")
        }
    }

    @Test func `an attack from many addresses holds strangers, lets the right password in, and never blocks the owner`()
        async throws
    {
        try await TestSite.run(.sqlite) { site in
            try await site.person("olga", role: "observer")
            let owned = try await attempt(site, "olga", TestSite.password, from: "10.1.1.1")

            for index in 0..<40 {
                _ = await status { try await attempt(site, "olga", "guess", from: "10.2.0.\(index)") }
            }
            #expect(site.pauses.all.last == 8000)

            let before = site.pauses.all.count
            #expect(
                await status { try await attempt(site, "olga", TestSite.password, from: "10.1.1.1", showing: owned) }
                    == 303)
            #expect(site.pauses.all.count == before, "a known device is not held")
            #expect(await status { try await attempt(site, "olga", TestSite.password, from: "10.3.3.3") } == 303)
            #expect(site.pauses.all.last == 8000, "an unknown one is held, and let in")
        }
    }

    @Test func `a neighbour behind the same address cannot block a known device`() async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("olga", role: "observer")
            let owned = try await attempt(site, "olga", TestSite.password, from: "10.1.1.1")

            for _ in 0..<40 { _ = await status { try await attempt(site, "olga", "guess", from: "10.1.1.1") } }
            site.clock.advance(seconds: 13 * 3600)
            for _ in 0..<40 { _ = await status { try await attempt(site, "olga", "guess", from: "10.1.1.1") } }

            #expect(await status { try await attempt(site, "olga", TestSite.password, from: "10.1.1.1") } == 429)
            #expect(
                await status { try await attempt(site, "olga", TestSite.password, from: "10.1.1.1", showing: owned) }
                    == 303)
        }
    }

    @Test func `one address may not try many accounts for ever`() async throws {
        try await TestSite.run(.sqlite) { site in
            var refused = 0
            for index in 0..<40
            where await status({ try await attempt(site, "user\(index)", "guess", from: "10.5.5.5") }) == 429 {
                refused += 1
            }
            #expect(refused == 10)
        }
    }

    @Test func `a burst in parallel gains no attempts`() async throws {
        try await TestSite.run(.sqlite) { site in
            try await site.person("olga", role: "observer")
            let statuses = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<30 {
                    group.addTask { await status { try await attempt(site, "olga", "guess", from: "10.6.6.6") } }
                }
                return await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 422 }.count == 5)
            #expect(statuses.filter { $0 == 429 }.count == 25)
        }
    }
}
