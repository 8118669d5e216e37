import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("The public page of questions")
struct AskPageTests {
    private static func form(_ page: TestPage, _ text: String, _ more: [(String, String)] = []) -> [(String, String)] {
        [("question", page.hidden("question") ?? ""), ("text", text), ("language", "kk")] + more
    }

    @Test("anybody asks, gets a number once, and finds the question by it", arguments: Dialect.allCases)
    func asks(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let browser = world.site.browser()
            let form = Self.form(try await browser.get("/ask"), "Қайда дауыс беремін?", [("topic", "where"), ("unit", "R1")])
            let page = try await browser.post("/ask", form)
            #expect(page.status == 200, "\(page.body)")
            let number = try #require(page.body.firstMatch(of: #/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/#)).output
            #expect(page.headers["cache-control"] == "no-store")
            // The answer was lost on the way: the same form gives the same number.
            world.site.clock.advance(seconds: 1)
            #expect(try await browser.post("/ask", form).body.contains(number))
            #expect(try await world.site.count("SELECT count(*) FROM question") == 1)
            let shown = try await browser.post("/question", [("number", number.lowercased())])
            #expect(shown.status == 200 && shown.body.contains("Қайда дауыс беремін?"))
            #expect(try await browser.post("/question", [("number", "0000-0000-0000")]).status == 404)
            #expect(try await browser.post("/question", [("number", "x")]).status == 422)
            #expect(!world.site.log.all.contains { $0.contains(number) || $0.contains("дауыс") })
            // A question of a stranger waits for a person before it goes to an expert.
            let state = try await world.database.read { db in try db.first(String.self, "SELECT state FROM question") }
            #expect(state == "new")
        }
    }

    @Test("staff do not ask as residents", arguments: Dialect.allCases)
    func staff(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let browser = world.site.browser()
            try await browser.signIn("activist")
            let page = try await browser.get("/ask")
            #expect(page.body.contains("/questions/new"))
            #expect(try await browser.post("/ask", Self.form(page, "Сұрақ, сұрақ")).status == 403)
            #expect(try await world.site.count("SELECT count(*) FROM question") == 0)
        }
    }

    @Test("a refused form keeps what was typed", arguments: [("contact", "abc"), ("contact", "+77011234567"), ("text", "?")])
    func keeps(_ field: String, _ value: String) async throws {
        try await QuestionWorld.run(.sqlite) { world in
            let browser = world.site.browser()
            var form = Self.form(try await browser.get("/ask"), "Сұрағым осы")
            form.removeAll { $0.0 == field }
            form.append((field, value))
            let page = try await browser.post("/ask", form)
            #expect(page.status == 422 && page.body.contains(value) && page.body.contains("-error"))
            #expect(try await world.site.count("SELECT count(*) FROM question_contact") == 0)
        }
    }

    @Test("of 1,000 posts from one address a few are taken, and staff are not held up", arguments: Dialect.allCases)
    func flood(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let browser = world.site.browser()
            var taken = 0
            for n in 1...1000 {
                let form = [("question", Ops.id(UInt64(n))), ("text", "Спам мәтіні \(n)"), ("language", "kk")]
                let status = try await browser.post("/ask", form).status
                #expect(status == 200 || status == 429)
                if status == 200 { taken += 1 }
                world.site.clock.advance(seconds: 1)
                if n.isMultiple(of: 100) {
                    #expect(try await world.submit(QuestionWorld.ask(UInt64(5000 + n), "Қызметкер \(n)"), by: world.activist).status == .accepted)
                }
            }
            // 1,000 seconds: five in the first five minutes, then as the steps of 5 and 30 minutes allow.
            #expect(taken == 10)
            #expect(try await world.site.count("SELECT count(*) FROM question WHERE author IS NOT NULL") == 10)
            world.site.clock.advance(seconds: 86_401)
            #expect(try await browser.post("/ask", [("question", Ops.id(9001)), ("text", "Келесі күні"), ("language", "kk")]).status == 200)
        }
    }

    @Test("one text from 1,000 addresses is one line of the queue", arguments: Dialect.allCases)
    func manyAddresses(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            for n in 0..<1000 {
                let ask = AskPublicly(
                    id: QuestionWorld.id(UInt64(n + 1)), campaign: "test", unit: "", topic: "", language: .kk,
                    text: "Бір мәтін, мың мекенжай\(String(repeating: "!", count: n % 3))", contact: "", isAdult: false,
                    address: "10.0.\(n / 250).\(n % 250)")
                _ = try await world.database.run(ask, by: .resident, at: world.now)
            }
            let heads = try await world.database.read { db in
                try db.all(Int64.self, "SELECT asked FROM question WHERE head = id")
            }
            #expect(heads == [1000])
            #expect(try await world.faults() == [])
        }
    }

    @Test("steps are waited out one by one; an IPv6 network is one address")
    func steps() {
        let now = EngineWorld.at(10)
        #expect(AskLimits.wait([], now: now) == nil)
        #expect(AskLimits.wait([now], now: now.advanced(seconds: 1)) == 1)
        #expect(AskLimits.wait([now], now: now.advanced(seconds: 2)) == nil)
        let five = (0..<5).map { now.advanced(seconds: Int64(-10 * $0)) }
        #expect(AskLimits.wait(five, now: now.advanced(seconds: 10)) == 250)
        #expect(AskLimits.subject("2001:db8:1:2:3:4:5:6") == AskLimits.subject("2001:db8:1:2::9"))
        #expect(AskLimits.subject("2001:db8:1:2::9") != AskLimits.subject("2001:db8:1:3::9"))
        #expect(AskLimits.subject("10.1.2.3") == "10.1.2.3")
    }

    @Test("no words of a resident become markup", arguments: XssPayloads.all)
    func escapes(_ payload: String) async throws {
        try await QuestionWorld.run(.sqlite) { world in
            let browser = world.site.browser()
            let page = try await browser.post("/ask", Self.form(try await browser.get("/ask"), "Сұрақ " + payload))
            let number = try #require(page.body.firstMatch(of: #/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/#)).output
            let shown = try await browser.post("/question", [("number", String(number))])
            let staff = world.site.browser()
            _ = try await world.site.person("root", role: "coordinator")
            try await staff.signIn("root")
            let queue = try await staff.get("/questions")
            let id = try await world.database.read { db in try db.first(QuestionID.self, "SELECT id FROM question") }!
            try await world.database.write { db in
                try NoteQuestion(question: id, text: "Жазба " + payload).perform(by: .operator, at: world.now, in: db)
            }
            let one = try await staff.get("/questions/\(id)")
            for html in [shown.body, queue.body, one.body] {
                #expect(XssPayloads.markup(html).isEmpty, "\(payload): \(XssPayloads.markup(html))")
            }
            #expect(one.body.contains("Сұрақ"))
        }
    }
}

/// What attackers write into fields, and how to see whether any of it came to life.
enum XssPayloads {
    static let all = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "</textarea><script>x</script>",
        "<a href=\"javascript:alert(1)\">x</a>", "{{frame.csrf}} {{{body}}}", "[[ask.title]]", "&lt;script&gt;", "<iframe srcdoc='x'>",
        "<math><mtext></mtext><script>1</script>", "\u{202E}txet desrever\u{202C}", "<!--<script>", "]]><script>1</script>",
        "<style>*{display:none}</style>", "=HYPERLINK(\"http://x\")", "\u{8}<b>x</b>", "＜script＞", "%3Cscript%3E",
    ]

    /// Tags and attributes in a page that only a payload can have put there.
    static func markup(_ html: String) -> [String] {
        let lower = html.lowercased()
        return ["<script>", "<img", "<svg onload", "<iframe", "<math", "<style", "onerror=alert(1)>", "href=\"javascript", "\u{202E}", "<b>x"]
            .filter { lower.contains($0) }
    }
}
