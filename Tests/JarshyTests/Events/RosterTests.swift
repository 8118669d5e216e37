import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Rosters")
struct RosterTests {
    @Test("nobody is in two places, one after the other is", arguments: Dialect.allCases)
    func double(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let first = try await world.draft(EventWorld.input(12, hour: 15, minutes: 90))
            let overlapping = try await world.draft(EventWorld.input(12, hour: 16, minutes: 60))
            let next = try await world.draft(EventWorld.input(12, hour: 17, minutes: 60))
            func invite(_ id: EventID) -> InviteMember { InviteMember(event: id, person: world.speaker, role: .speaker) }
            let member = try await world.run(invite(first), by: world.secretary)
            #expect(try await world.refusal(invite(first), by: world.secretary) == "on-roster")
            #expect(try await world.refusal(invite(overlapping), by: world.secretary) == "double-booked")
            #expect(try await world.site.count("SELECT count(*) FROM event_member") == 1)
            _ = try await world.run(invite(next), by: world.secretary)
            // What moves onto another is refused and stays where it was.
            let move = MoveEvent(event: next, day: EngineWorld.firstDay.advanced(by: 12), minute: 960, minutes: 30, reason: "")
            #expect(try await world.refusal(move, by: world.secretary) == "double-booked")
            try await world.run(AnswerInvitation(member: member, comes: false), by: world.speaker)
            _ = try await world.run(invite(overlapping), by: world.secretary)
            // The time is given away: saying yes after all comes too late.
            #expect(try await world.refusal(AnswerInvitation(member: member, comes: true), by: world.speaker) == "double-booked")
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("of forty invitations at one moment exactly one holds", arguments: Dialect.allCases)
    func concurrent(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            var events: [EventID] = []
            for n in 0..<40 { events.append(try await world.draft(EventWorld.input(12, hour: 10 + n % 3, minutes: 240))) }
            let refused = try await withThrowingTaskGroup(of: String?.self) { group in
                for event in events {
                    group.addTask {
                        for _ in 0..<20 {
                            do {
                                return try await world.refusal(
                                    InviteMember(event: event, person: world.speaker, role: .speaker), by: world.secretary)
                            } catch let error as StorageError where error.isTransient {
                                // The engine asks to try again, as the server's 503 does.
                                continue
                            }
                        }
                        return "gave up"
                    }
                }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(refused.filter { $0 == nil }.count == 1, "\(refused)")
            #expect(refused.filter { $0 == "double-booked" }.count == 39, "\(refused)")
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("a lecturer of another unit is asked through that unit", arguments: Dialect.allCases)
    func through(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.draft()
            let member = try await world.run(InviteMember(event: id, person: world.foreign, role: .speaker), by: world.secretary)
            @Sendable func state() async throws -> RosterMember.State? {
                try await world.database.read { db in try Roster.of([id], in: db)[id]?.first?.state }
            }
            #expect(try await state() == .asked)
            // Asking holds nobody's time, and neither the asker nor the lecturer can say yes for the unit.
            #expect(try await world.site.count("SELECT count(*) FROM event_hold") == 0)
            #expect(try await world.refusal(AllowMember(member: member, allowed: true), by: world.secretary) == "forbidden")
            #expect(try await world.refusal(AnswerInvitation(member: member, comes: true), by: world.foreign) == "member-state")
            let browser = world.site.browser()
            try await browser.signIn("neighbour")
            let page = try await browser.get("/events/\(id)")
            #expect(page.status == 200 && page.body.contains("/events/\(id)/allow"))
            try await world.run(AllowMember(member: member, allowed: true), by: world.neighbour)
            #expect(try await state() == .invited)
            try await world.run(AnswerInvitation(member: member, comes: true), by: world.foreign)
            #expect(try await state() == .confirmed)
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("who agreed to one time is asked anew for another", arguments: Dialect.allCases)
    func moved(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            let id = try await world.announced()
            let member = try await world.run(InviteMember(event: id, person: world.speaker, role: .speaker), by: world.secretary)
            try await world.run(AnswerInvitation(member: member, comes: true), by: world.speaker)
            try await world.run(
                MoveEvent(event: id, day: EngineWorld.firstDay.advanced(by: 15), minute: 600, minutes: 60, reason: ""), by: world.secretary)
            let state = try await world.database.read { db in try Roster.of([id], in: db)[id]?.first?.state }
            #expect(state == .invited)
            #expect(try await world.faults().isEmpty)
        }
    }
}
