import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

/// Whoever holds a public office, whatever came first: the second person's word stands before the public hears of it.
@Suite("Public offices at events")
struct OfficeTests {
    /// Ways in which a told public event could come by a speaker with a public office.
    enum Order: String, CaseIterable {
        case invited, asked = "asked through the own unit", allowed = "allowed after the telling",
            agreed = "agreed after declining", turned = "told inside and turned public", moved = "moved to a day of the office",
            organization = "given to another organisation"
    }

    @Test("a told public event has no public office before a second person's word, in any order", arguments: Dialect.allCases, Order.allCases)
    func word(_ dialect: Dialect, _ order: Order) async throws {
        try await EventWorld.run(dialect) { world in
            // Days 10 to 20 of the campaign; the event is on day 12, or moved onto it.
            try await world.office(world.speaker, from: 10, to: 20)
            try await world.office(world.foreign, from: 10, to: 20)
            let (id, deed) = try await Self.prepare(order, world)
            let said = try await deed(world)
            #expect(said == "class-unconfirmed", "\(order): \(said ?? "nothing said")")
            // There the fault was planted.
            if order != .allowed { #expect(try await world.faults().isEmpty, "\(order)") }
            if order == .organization { return }
            try await world.run(ConfirmClass(event: id), by: world.reviewer)
            #expect(try await deed(world) == nil, "\(order)")
            #expect(try await world.faults().isEmpty, "\(order)")
        }
    }

    private typealias Step = @Sendable (EventWorld) async throws -> String?

    /// Everything up to the deed that has to be refused, and that deed.
    private static func prepare(_ order: Order, _ world: EventWorld) async throws -> (EventID, Step) {
        var input = EventWorld.input()
        func invite(_ id: EventID, _ person: PersonID) -> InviteMember { InviteMember(event: id, person: person, role: .speaker) }
        switch order {
        case .invited:
            let id = try await world.announced(input)
            return (id, { try await $0.refusal(InviteMember(event: id, person: $0.speaker, role: .host), by: $0.secretary) })
        case .asked:
            let id = try await world.announced(input)
            return (id, { try await $0.refusal(InviteMember(event: id, person: $0.foreign, role: .speaker), by: $0.secretary) })
        case .allowed:
            // No deed loses the word while somebody is asked; the allowing is judged all the same.
            let id = try await world.draft(input)
            let member = try await world.run(invite(id, world.foreign), by: world.secretary)
            try await world.run(ConfirmClass(event: id), by: world.reviewer)
            try await world.run(AnnounceEvent(event: id), by: world.secretary)
            try await world.database.write { db in try db.run("UPDATE event SET class_by = NULL WHERE id = \(id)") }
            return (id, { try await $0.refusal(AllowMember(member: member, allowed: true), by: $0.neighbour) })
        case .agreed:
            let id = try await world.draft(input)
            let member = try await world.run(invite(id, world.speaker), by: world.secretary)
            try await world.run(AnswerInvitation(member: member, comes: false), by: world.speaker)
            try await world.run(AnnounceEvent(event: id), by: world.secretary)
            return (id, { try await $0.refusal(AnswerInvitation(member: member, comes: true), by: $0.speaker) })
        case .turned:
            input.isPublic = false
            let id = try await world.announced(input)
            _ = try await world.run(invite(id, world.speaker), by: world.secretary)
            return (id, { try await $0.refusal(EditEvent(event: id, input: EventWorld.input()), by: $0.secretary) })
        case .moved:
            let id = try await world.announced(EventWorld.input(22))
            _ = try await world.run(invite(id, world.speaker), by: world.secretary)
            let day = EngineWorld.firstDay.advanced(by: 12)
            return (id, { try await $0.refusal(MoveEvent(event: id, day: day, minute: 600, minutes: 60, reason: ""), by: $0.secretary) })
        case .organization:
            let id = try await world.draft(input)
            _ = try await world.run(invite(id, world.speaker), by: world.secretary)
            try await world.run(ConfirmClass(event: id), by: world.reviewer)
            try await world.run(AnnounceEvent(event: id), by: world.secretary)
            input.organization = "south"
            let given = input
            return (id, { try await $0.refusal(EditEvent(event: id, input: given), by: $0.secretary) })
        }
    }

    @Test("a helper may hold any office, and an internal event needs nobody's word", arguments: Dialect.allCases)
    func free(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.office(world.speaker)
            let told = try await world.announced()
            _ = try await world.run(InviteMember(event: told, person: world.speaker, role: .helper), by: world.secretary)
            var input = EventWorld.input(13)
            input.isPublic = false
            let inner = try await world.announced(input)
            _ = try await world.run(InviteMember(event: inner, person: world.speaker, role: .speaker), by: world.secretary)
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("who declined while it explained does not agree when it campaigns", arguments: Dialect.allCases)
    func campaigns(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.office(world.speaker)
            let id = try await world.draft()
            let member = try await world.run(InviteMember(event: id, person: world.speaker, role: .speaker), by: world.secretary)
            try await world.run(AnswerInvitation(member: member, comes: false), by: world.speaker)
            var turned = EventWorld.input()
            turned.isCampaigning = true
            try await world.run(EditEvent(event: id, input: turned), by: world.secretary)
            #expect(try await world.refusal(AnswerInvitation(member: member, comes: true), by: world.speaker) == "office-campaigning")
            #expect(try await world.faults().isEmpty)
        }
    }

    @Test("who gets a public office is taken off what was told without a second person's word", arguments: Dialect.allCases)
    func appointed(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            try await world.run(SpeakerTests.save(world.speaker), by: world.secretary)
            var ids: [EventID] = []
            for (day, isTold, isConfirmed) in [(12, true, false), (13, true, true), (14, false, false)] {
                let id = try await world.draft(EventWorld.input(day))
                _ = try await world.run(InviteMember(event: id, person: world.speaker, role: .speaker), by: world.secretary)
                if isConfirmed { try await world.run(ConfirmClass(event: id), by: world.reviewer) }
                if isTold { try await world.run(AnnounceEvent(event: id), by: world.secretary) }
                ids.append(id)
            }
            let post = AddPost(person: world.speaker, name: "Әкім", isPublicOffice: true, from: world.today, to: nil)
            #expect(try await world.run(post, by: world.secretary) == 1)
            let states = try await world.database.read { [ids] db in
                let rosters = try Roster.of(ids, in: db)
                return ids.map { rosters[$0]?.first?.state }
            }
            #expect(states == [.withdrawn, .invited, .invited])
            #expect(try await world.faults().isEmpty)
        }
    }
}
