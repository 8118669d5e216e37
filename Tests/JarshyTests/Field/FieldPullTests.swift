import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// What a phone is told of its day.
@Suite("The phone's pull")
struct FieldPullTests {
    private static func pull(_ login: String, _ site: TestSite) async throws -> Json {
        let phone = try await TestPhone.signIn(login, on: site)
        return try await site.browser().api(get: "/api/v1/field", token: phone.token).json
    }

    @Test("fault 10: a head's phone says which numbers of a phone are missing; others are told nothing", arguments: Dialect.allCases)
    func gaps(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("ainur", role: "secretary", unit: "D11")
            _ = try await site.person("far", role: "secretary", unit: "D21")
            let phone = try await TestPhone.signIn("aigul", on: site)
            let ops = try (1...7).map { try phone.file(UInt64($0), attendees: Int64($0)) }
            _ = try await site.sync([ops[0], ops[4], ops[6]], token: phone.token)
            let told = try await FieldPullTests.pull("ainur", site)["phones"]?.list ?? []
            #expect(told.count == 1, "the head's own phone has no gap")
            #expect(told.first?["numbers"]?.text == "2–4, 6" && told.first?["count"]?.integer == 4, "\(told)")
            #expect(try await FieldPullTests.pull("far", site)["phones"]?.list?.isEmpty == true)
            #expect(try await FieldPullTests.pull("aigul", site)["phones"] == nil)
            _ = try await site.sync([ops[1], ops[2], ops[3], ops[5]], token: phone.token)
            #expect(try await FieldPullTests.pull("ainur", site)["phones"]?.list?.isEmpty == true, "what came late is no gap")
        }
    }

    @Test("the day's events come with the reports still to be filed, to those who may file them", arguments: Dialect.allCases)
    func events(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced(EventWorld.input(10, hour: 13))
            try await world.announced(EventWorld.input(14, hour: 13))
            let event = try await world.find(id)
            world.site.clock.advance(seconds: 3 * 3600)
            let told = try await FieldPullTests.pull("secretary", world.site)["events"]?.list ?? []
            #expect(told.map { $0["id"]?.text } == [id.description], "four days ahead is no work of today: \(told)")
            #expect(told.first?["from"]?.text == "13:00" && told.first?["to"]?.text == "14:30", "\(told)")
            #expect(told.first?["parts"]?.list?.map(\.text) == ["hall"] && told.first?["reported"] == .bool(false))
            #expect(try await FieldPullTests.pull("neighbour", world.site)["events"]?.list?.isEmpty == true)
            #expect(try await world.submit(EventWorld.report(4, event, attendees: 31), by: world.secretary).status == .accepted)
            let after = try await FieldPullTests.pull("secretary", world.site)["events"]?.list ?? []
            #expect(after.first?["parts"]?.list?.isEmpty == true && after.first?["reported"] == .bool(true), "\(after)")
        }
    }

    @Test("rights say what is offered: whoever may not void a report is not offered to", arguments: Dialect.allCases)
    func rights(_ dialect: Dialect) async throws {
        try await TestSite.run(dialect) { site in
            _ = try await site.person("aigul", role: "activist", unit: "P111")
            _ = try await site.person("ainur", role: "secretary", unit: "D11")
            func told(_ login: String) async throws -> [String] {
                try await FieldPullTests.pull(login, site)["person"]?["rights"]?.list?.compactMap(\.text) ?? []
            }
            let (activist, secretary) = (try await told("aigul"), try await told("ainur"))
            #expect(activist.contains("correctReports") && !activist.contains("voidReports"), "\(activist)")
            #expect(secretary.contains("correctReports") && secretary.contains("voidReports"), "\(secretary)")
        }
    }

    @Test("the author's phone learns what became of each photo, and why one was rejected", arguments: Dialect.allCases)
    func evidence(_ dialect: Dialect) async throws {
        try await EvidenceWorld.run(dialect) { world in
            let photos = try (1...3).map { try TestPhoto.jpeg(UInt64($0)) }
            #expect(try await world.file(1, photos).status == .accepted)
            try await world.send(photos[0])
            try await world.send(photos[1])
            try await world.check(1, .rejected, "faces", of: photos[0])
            let reports = try await FieldPullTests.pull("activist", world.site)["reports"]?.list ?? []
            let (report, evidence) = (reports.first, reports.first?["evidence"])
            #expect(report?["campaign"]?.text == "test" && report?["audience"]?.text == "residents", "\(reports)")
            #expect(evidence?["expected"]?.integer == 3 && evidence?["received"]?.integer == 2, "\(reports)")
            func file(_ photo: [UInt8]) -> Json? {
                evidence?["files"]?.list?.first { $0["sha256"]?.text == EvidenceWorld.hash(photo) }
            }
            #expect(file(photos[0])?["state"]?.text == "rejected" && file(photos[0])?["reason"]?.text == "faces")
            #expect(file(photos[1])?["state"]?.text == "received" && file(photos[1])?["reason"]?.text == "")
            #expect(file(photos[2])?["state"]?.text == "promised")
            try await world.check(1, .accepted, of: photos[1])
            let after = try await FieldPullTests.pull("activist", world.site)["reports"]?.list ?? []
            #expect(after.first?["evidence"]?["files"]?.list?.contains { $0["state"]?.text == "accepted" } == true, "\(after)")
        }
    }
}
