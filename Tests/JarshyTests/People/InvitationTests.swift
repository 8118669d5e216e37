import Foundation
import JarshyKit
import Storage
import Testing

@testable import Jarshy

@Suite struct InvitationTests {
    private func code(_ page: TestPage) -> String {
        let start = page.body.range(of: "slip-code\">")!
        return String(page.body[start.upperBound...].prefix { $0 != "<" })
    }

    @Test(arguments: Dialect.allCases)
    func `a new person gets a printed code, chooses a password with it once, and is in`(dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            let browser = site.browser()
            try await browser.signIn("sara")

            let taken = try await browser.post(
                "/people",
                [
                    ("fullName", "Дана Цой"), ("login", "sara"), ("role", "activist"), ("unit", "P111"),
                    ("language", "kk"),
                ])
            #expect(taken.status == 422)
            #expect(taken.body.contains("value=\"Дана Цой\"") && taken.body.contains("taken"))
            let printed = try await browser.post(
                "/people",
                [
                    ("fullName", "Дана Цой"), ("login", "Dana"), ("role", "activist"), ("unit", "P111"),
                    ("language", "kk"),
                ])
            #expect(printed.status == 200)
            #expect(printed.body.contains("Дана Цой") && printed.body.contains("http://localhost/welcome"))
            let code = code(printed)
            #expect(code.count == 19)

            let dana = site.browser()
            let wrong = try await dana.post("/welcome", [("code", "0000 0000 0000 0000")])
            #expect(wrong.status == 422)
            let known = try await dana.post("/welcome", [("code", code.lowercased())])
            #expect(known.status == 200 && known.body.contains("Дана Цой") && known.body.contains(">dana<"))
            let short = try await dana.post("/welcome", [("code", code), ("password", "short"), ("again", "short")])
            #expect(short.status == 422 && short.body.contains("Дана Цой"))
            let chosen = [("code", code), ("password", "қызыл алма ағашы"), ("again", "қызыл алма ағашы")]
            #expect(try await dana.post("/welcome", chosen).status == 303)
            #expect(try await dana.get("/me").status == 200)

            #expect(try await site.browser().post("/welcome", chosen).status == 422, "used once")
            #expect(try await site.browser().signIn("dana", password: "қызыл алма ағашы").status == 303)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `a new invitation ends sessions, tokens, the password and the older invitation; it lapses in 14 days`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            try await site.person("sara", role: "secretary", unit: "D11")
            let anna = try await site.person("anna", role: "activist", unit: "P111")
            let (head, own) = (site.browser(), site.browser())
            try await head.signIn("sara")
            try await own.signIn("anna")
            let token = try await site.database.run(
                IssueToken(login: "anna", days: 5), by: .operator, at: site.clock.now)

            let first = code(try await head.post("/people/\(anna)/invitation", []))
            #expect(try await own.get("/me").status == 303)
            #expect(try await own.signIn("anna").status == 422)
            let bearer = ["authorization": "Bearer \(token)"]
            #expect(try await site.browser().get("/api/v1/units/D11", headers: bearer).status == 401)

            let second = code(try await head.post("/people/\(anna)/invitation", []))
            #expect(try await own.post("/welcome", [("code", first)]).status == 422)
            #expect(try await own.post("/welcome", [("code", second)]).status == 200)
            site.clock.advance(seconds: 14 * 86_400 + 1)
            #expect(try await own.post("/welcome", [("code", second)]).status == 422)
        }
    }

    @Test func `codes cannot be guessed for ever from one address`() async throws {
        try await TestSite.run(.sqlite) { site in
            var statuses: [Int] = []
            for index in 0..<33 {
                statuses.append(try await site.browser().post("/welcome", [("code", "\(index)")]).status)
            }
            #expect(statuses.filter { $0 == 422 }.count == 30)
            #expect(statuses.suffix(3) == [429, 429, 429])
        }
    }
}

@Suite struct FirstRunTests {
    @Test(arguments: Dialect.allCases)
    func `the first administrator comes in with the server's code, and the door closes behind`(
        dialect: Dialect
    ) async throws {
        try await TestSite.run(dialect) { site in
            let browser = site.browser()
            #expect(try await browser.get("/signin").location == "/setup")
            try await site.app.announceSetup()
            let line = try #require(site.log.all.first { $0.contains("code=") })
            let code = String(line[line.range(of: "code=")!.upperBound...].prefix(19))
            func set(_ code: String, _ login: String) async throws -> TestPage {
                try await browser.post(
                    "/setup",
                    [
                        ("code", code), ("fullName", "Нұржан Сейітқалиев"), ("login", login), ("language", "kk"),
                        ("password", "steppe wind and apples"), ("again", "steppe wind and apples"),
                    ])
            }
            let wrong = try await set("0000 0000 0000 0000", "nurzhan")
            #expect(wrong.status == 422 && wrong.body.contains("Нұржан Сейітқалиев"))
            #expect(try await site.count("SELECT count(*) FROM person") == 0)

            #expect(try await set(code, "nurzhan").status == 303)
            #expect(try await browser.get("/people").status == 200)
            #expect(try await browser.get("/setup").status == 404)
            #expect(try await set(code, "second").status == 404)
            #expect(try await site.count("SELECT count(*) FROM account") == 1)
        }
    }
}
