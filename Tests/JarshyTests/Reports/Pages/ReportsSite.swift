import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// `TestSite` with a campaign whose kinds ask for numbers and whose words can be told apart.
enum ReportsSite {
    static func run(_ dialect: Dialect, _ body: @escaping @Sendable (TestSite) async throws -> Void) async throws {
        try await TestSite.run(dialect) { site in
            try await site.database.write { db in
                for (activity, metrics) in [
                    ("meeting", ["events", "attendees", "questions"]), ("lecture", ["events", "attendees", "peak"]),
                ] {
                    for (position, metric) in metrics.enumerated() {
                        try db.run(
                            """
                            INSERT INTO activity_metric (campaign, activity, metric, position)
                            VALUES (1, \(activity), \(metric), \(position))
                            """)
                    }
                    try db.run(
                        "UPDATE activity SET name_kk = \(activity), name_en = \(activity) WHERE code = \(activity)")
                }
                try db.run("UPDATE campaign SET stamp = 4711")
            }
            try await body(site)
        }
    }

    /// The day the site's clock shows.
    static let today = EngineWorld.firstDay.advanced(by: 10)

    /// The fields of a quick report.
    static func quick(
        _ op: UInt64, day: Day = today, activity: String = "meeting", events: String = "1", attendees: String = "57",
        _ more: [(String, String)] = []
    ) -> [(String, String)] {
        [
            ("op", Ops.id(op)), ("activity", activity), ("day", "\(day)"), ("audience", "residents"),
            ("metrics.events", events), ("metrics.attendees", attendees), ("counted", "counted"),
        ] + more
    }
}

extension TestSite {
    /// Files straight through the intake and says what became of it.
    @discardableResult
    func file(_ operations: [Jarshy.Operation], by person: PersonID) async throws -> [Outcome] {
        try await world.intake.submit(operations, by: try await actor(person), at: clock.now)
    }

    func token(_ login: String) async throws -> String {
        try await database.run(IssueToken(login: login, days: 30), by: .operator, at: clock.now)
    }

    func metric(_ slot: Int) async throws -> Int64 { try await world.rootTotal(slot) }
}

extension TestBrowser {
    /// Posts a body to the API with a bearer token.
    func api(_ path: String, token: String, _ body: String) async throws -> TestPage {
        try await send(
            "POST", path, headers: ["authorization": "Bearer \(token)", "content-type": "application/json"],
            body: Array(body.utf8))
    }

    func api(get path: String, token: String) async throws -> TestPage {
        try await get(path, headers: ["authorization": "Bearer \(token)"])
    }
}

extension TestPage {
    var json: Json { (try? JsonReader.read(bytes)) ?? .null }

    /// The status of each outcome of a sync.
    var statuses: [String] { (json["outcomes"]?.list ?? []).map { $0["status"]?.text ?? "?" } }

    /// No word is missing and no slot unfilled.
    func expectWhole(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(status == 200, "\(path): \(status)", sourceLocation: sourceLocation)
        #expect(!body.contains("⟦") && !body.contains("[["), "\(path)", sourceLocation: sourceLocation)
    }

    func value(of field: String) -> String? {
        guard let name = body.firstRange(of: "name=\"\(field)\"") else { return nil }
        let rest = body[name.upperBound...]
        guard let value = rest.firstRange(of: "value=\""), let end = rest.firstIndex(of: ">"), value.lowerBound < end
        else { return nil }
        return String(rest[value.upperBound...].prefix { $0 != "\"" })
    }
}
