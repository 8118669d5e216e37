import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// What the demo's city group must show: 50 lecturers in 4 subgroups, 175 events held, and a board that says of the group what
/// the events' own reports say, metric by metric. Called by `DemoTests` on each engine, on the demo it has filled.
enum DemoEventsTests {
    static func expectGroup(in test: TestDatabase, now: Instant) async throws {
        let group = "\(DemoTree.groupCity)-G"
        let (tree, lecturers) = try await test.database.read { db in
            (try Tree.current(in: db), try db.all(UnitNo.self, "SELECT unit FROM speaker WHERE level = 'city'"))
        }
        let unit = try #require(tree.find(group)).no
        let subgroups = tree.children(of: unit)
        #expect(subgroups.count == 4 && lecturers.count == 50)
        for subgroup in subgroups { #expect((12...13).contains(lecturers.filter { $0 == subgroup }.count)) }

        let below = Array(tree.subtree(of: unit)).sorted()
        let (events, reports) = try await test.database.read { db in
            let events = try db.all(Event.self, where: "FROM event e WHERE e.state = 'held' AND e.unit IN \(below)")
            return (events, try EventReports.of(events.map(\.id), in: db))
        }
        #expect(events.count == 175 && reports.count == 175)
        // Every one had its lecturer, who was nowhere else, and each report says the event's own day and unit.
        let speaking = try await test.database.read { db in
            try db.value(
                """
                SELECT count(DISTINCT m.event) FROM event_member m JOIN event e ON e.id = m.event
                WHERE e.state = 'held' AND e.unit IN \(below) AND m.role = 'speaker' AND m.state = 'confirmed'
                """, as: Int.self)
        }
        #expect(speaking >= 170, "\(speaking)")
        for event in events {
            let own = try #require(reports[event.id]).map(\.report)
            #expect(own.allSatisfy { $0.day == event.day && $0.unit == event.unit })
        }

        let board = try await test.database.read { db in
            try BoardView(group, Fields([("campaign", DemoCampaign.code)]), actor: .operator, now: now, in: db)
        }
        let standing = reports.values.flatMap { $0 }.map(\.report).filter { !$0.isVoided }
        for metric in board.campaign.metrics where metric.additive {
            let told = standing.reduce(Int64(0)) { $0 + ($1.figures[metric.slot] ?? 0) }
            #expect(board.total.figure(metric.slot).total == told, "\(metric.code)")
        }
        let held = try #require(board.campaign.metric("events"))
        #expect(board.total.figure(held.slot).total == 175)
    }
}
