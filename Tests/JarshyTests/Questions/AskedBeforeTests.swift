import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Has this been asked?")
struct AskedBeforeTests {
    private static let file = """
        id\tlang\tquestion\tanswer\tsource
        kk-1\tkk\tКөпір қашан жөнделеді?\tКөпір шілдеде жөнделеді.\thttps://example.kz/a
        """

    private static func answered(_ world: QuestionWorld) async throws {
        let made = try await AnswerImport(file: Array(file.utf8)).apply(to: world.database)
        #expect(made.added == 1, "\(made)")
    }

    private static func asked(_ browser: TestBrowser, _ text: String) async throws -> TestPage {
        try await browser.get("/api/v1/asked?" + Fields([("q", text)]).encoded)
    }

    @Test("without scripts a likely answer is shown once before the question is taken", arguments: Dialect.allCases)
    func step(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            try await Self.answered(world)
            let browser = world.site.browser()
            let empty = try await browser.get("/ask")
            #expect(empty.body.contains("data-asked=") && empty.hidden("seen") == "")
            var form = [("question", empty.hidden("question") ?? ""), ("text", "Біздің көпір қашан жөнделеді?"), ("language", "kk")]
            let step = try await browser.post("/ask", form)
            #expect(step.status == 200 && step.body.contains("/answers/") && step.body.contains("Біздің көпір қашан жөнделеді?"))
            #expect(step.hidden("seen") == "1" && step.hidden("question") == form[0].1)
            #expect(try await world.site.count("SELECT count(*) FROM question") == 0)
            form.append(("seen", "1"))
            let taken = try await browser.post("/ask", form)
            #expect(taken.status == 200 && taken.body.contains(#/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/#))
            #expect(try await world.site.count("SELECT count(*) FROM question") == 1)
            // What nobody answered yet is taken at once.
            world.site.clock.advance(seconds: 10)
            let other = [("question", Ops.id(77)), ("text", "Балабақшаға кезек қалай беріледі?"), ("language", "kk")]
            _ = try await browser.post("/ask", other)
            #expect(try await world.site.count("SELECT count(*) FROM question") == 2)
        }
    }

    @Test("residents learn how many wait, and read nobody's words; staff are shown the questions they may open", arguments: Dialect.allCases)
    func waiting(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            _ = try await world.site.person("stranger", role: "secretary", unit: "R2")
            let text = "Саябақтағы шамдар неге жанбайды?"
            for n in 1...2 { try await world.question(UInt64(n), text) }
            try await SearchSpacesTests.drain(world.database)
            let anybody = world.site.browser()
            let few = try await Self.asked(anybody, text)
            #expect(few.json["waiting"]?.integer == 0 && few.json["results"]?.list?.isEmpty == true, "\(few.body)")
            try await world.question(3, text)
            let three = try await Self.asked(anybody, "саябақта шамдар неге жанбайды")
            #expect(three.json["waiting"]?.integer == 3 && three.json["notice"]?.text?.contains("3") == true, "\(three.body)")
            #expect(three.json["results"]?.list?.isEmpty == true && !three.body.contains("Саябақ"))
            for (login, count) in [("moderator", 1), ("stranger", 0)] {
                let staff = world.site.browser()
                try await staff.signIn(login)
                let told = try await Self.asked(staff, text)
                #expect(told.json["results"]?.list?.count == count, "\(login): \(told.body)")
            }
            #expect(try await Self.asked(anybody, "шам").json["results"]?.list?.isEmpty == true)
        }
    }

    @Test("the form of the staff shows answers and questions before it takes one", arguments: Dialect.allCases)
    func staff(_ dialect: Dialect) async throws {
        try await QuestionWorld.run(dialect) { world in
            let id = try await world.question(1, "Саябақтағы шамдар неге жанбайды?")
            try await SearchSpacesTests.drain(world.database)
            let browser = world.site.browser()
            try await browser.signIn("activist")
            let page = try await browser.get("/questions/new")
            var form = [
                ("op", page.hidden("op") ?? ""), ("number", page.hidden("number") ?? ""), ("way", "office"), ("language", "kk"),
                ("unit", "D11"), ("text", "Саябақтағы шамдар неге жанбай тұр?"), ("reply", "number"),
            ]
            let step = try await browser.post("/questions/new", form)
            #expect(step.status == 200 && step.body.contains("/questions/\(id)"), "\(step.body)")
            #expect(try await world.site.count("SELECT count(*) FROM question") == 1)
            form.append(("seen", "1"))
            #expect(try await browser.post("/questions/new", form).status == 303)
            #expect(try await world.site.count("SELECT count(*) FROM question") == 2)
        }
    }
}
