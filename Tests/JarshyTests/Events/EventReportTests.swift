import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Reports of events")
struct EventReportTests {
    @Test("a report belongs to one event, says what the event says, and counts once", arguments: Dialect.allCases)
    func files(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced(EventWorld.input(10, hour: 13))
            let event = try await world.find(id)
            #expect(try await world.submit(EventWorld.report(1, event), by: world.secretary).problem?.slug == "event-early")
            world.site.clock.advance(seconds: 3 * 3600)
            for (key, value) in [("unit", "P112"), ("day", "2026-01-10"), ("activity", "lecture"), ("audience", "youth")] {
                let members = (EventWorld.report(2, event).body.members ?? []).filter { $0.key != key } + [.init(key, .text(value))]
                let outcome = try await world.submit(Ops.op(members, door: .form), by: world.secretary)
                #expect(outcome.problem?.errors.first?.field == key, "\(outcome.receipt)")
            }
            let online = try await world.submit(EventWorld.report(3, event, part: "online"), by: world.secretary)
            #expect(online.problem?.errors.first?.field == "part")
            #expect(try await world.submit(EventWorld.report(4, event, attendees: 31), by: world.secretary).status == .accepted)
            #expect(try await world.find(id).state == .held)
            #expect(try await world.submit(EventWorld.report(5, event), by: world.secretary).problem?.slug == "event-reported")
            // Twice the same operation is one report.
            #expect(try await world.submit(EventWorld.report(4, event, attendees: 31), by: world.secretary).status == .accepted)
            #expect(try await world.site.world.rootTotal(1) == 31)
            // A void one may be told anew.
            #expect(try await world.submit(Ops.void(6, 4, base: 1), by: world.secretary).status == .accepted)
            #expect(try await world.submit(EventWorld.report(7, event, attendees: 33), by: world.secretary).status == .accepted)
            #expect(try await world.site.world.rootTotal(1) == 33)
            #expect(try await world.site.count("SELECT count(*) FROM event_report") == 1)
            #expect(try await Recount.run(world.database).isClean)
        }
    }

    @Test("of a hybrid event the hall counts the event and the stream only its viewers", arguments: Dialect.allCases)
    func hybrid(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            var input = EventWorld.input(9)
            (input.form, input.link) = (.hybrid, "https://example.kz/live")
            let event = try await world.find(try await world.draft(input))
            #expect(try await world.submit(EventWorld.report(1, event, attendees: 40), by: world.secretary).status == .accepted)
            let twice = try await world.submit(EventWorld.report(2, event, part: "online"), by: world.secretary)
            #expect(twice.problem?.errors.first?.slug == "counted-in-hall")
            let stream = try await world.submit(EventWorld.report(3, event, attendees: 0, part: "online", events: 0), by: world.secretary)
            #expect(stream.status == .accepted)
            #expect(try await world.site.world.rootTotal(0) == 1)
        }
    }

    @Test("the form carries what is known; no name is asked for", arguments: Dialect.allCases)
    func form(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.draft(EventWorld.input(9))
            for n in 1...3 {
                let ask = QuestionWorld.ask(
                    UInt64(100 + n), "Сұрақ мәтіні \(n)", way: "event", [.init("event", .text(id.description))])
                #expect(try await world.submit(ask, by: world.secretary).status == .accepted)
            }
            let unknown = QuestionWorld.ask(120, "Сұрақ мәтіні", way: "event", [.init("event", .text(Ops.id(99)))])
            #expect(try await world.submit(unknown, by: world.secretary).problem?.errors.first?.field == "event")
            try await world.run(
                SetMaterials(event: id, lines: [.init(name: "Парақша", brought: 50, handed: 40)]), by: world.secretary)
            let browser = world.site.browser()
            try await browser.signIn("secretary")
            let page = try await browser.get("/events/\(id)/report")
            #expect(page.status == 200)
            #expect(page.body.contains("name=\"metrics.questions\"") && page.body.contains("value=\"3\""))
            let sent = try await browser.post(
                "/events/\(id)/report?part=hall",
                [("op", page.hidden("op") ?? ""), ("metrics.events", "1"), ("metrics.attendees", "25"), ("metrics.questions", "3")])
            #expect(sent.status == 303, "\(sent.body)")
            #expect(try await world.site.world.rootTotal(1) == 25)
            let shown = try await browser.get("/events/\(id)")
            #expect(shown.body.contains("/reports/") && shown.body.contains("25"))
            #expect(try await browser.get("/events/\(id)/report").status == 409)
        }
    }

    @Test("a report filed by another door is tied to its event once", arguments: Dialect.allCases)
    func ties(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.draft(EventWorld.input(9))
            let other = try await world.draft(EventWorld.input(9, hour: 18))
            let day = EngineWorld.firstDay.advanced(by: 9)
            #expect(try await world.submit(Ops.file(50, "P111", day: day), by: world.secretary).status == .accepted)
            #expect(try await world.submit(Ops.file(51, "P112", day: day), by: world.secretary).status == .accepted)
            let report = ReportID(Ops.id(50))!
            let foreign = TieReport(event: id, report: ReportID(Ops.id(51))!, part: .hall)
            #expect(try await world.refusal(foreign, by: world.secretary) == "event-differs")
            try await world.run(TieReport(event: id, report: report, part: .hall), by: world.secretary)
            #expect(try await world.refusal(TieReport(event: other, report: report, part: .hall), by: world.secretary) == "report-tied")
            #expect(try await world.find(id).state == .held)
        }
    }
}
