import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Events on the phone")
struct EventsFieldTests {
    @Test("a phone is told of the events it may report, and what it sends with its numbers is accepted", arguments: Dialect.allCases)
    func pulls(_ dialect: Dialect) async throws {
        try await EventWorld.run(dialect) { world in
            var input = EventWorld.input(9)
            (input.partners, input.organization) = (["P112"], "north")
            let id = try await world.draft(input)
            _ = try await world.draft(EventWorld.input(20))
            let off = try await world.draft(EventWorld.input(10))
            try await world.run(CancelEvent(event: off, reason: "Боран"), by: world.secretary)
            func part(_ person: PersonID) async throws -> [Json] {
                let (actor, today) = (try await world.site.actor(person), world.today)
                let members = try await world.database.read { db in try EventsField.part(for: actor, on: today, in: db) }
                guard case .list(let items)? = members.first?.value else { return [] }
                return items
            }
            let mine = try await part(world.secretary)
            #expect(mine.count == 1)
            #expect(try await part(world.neighbour).isEmpty)
            let item = try #require(mine.first?.members)
            #expect(item.first { $0.key == "id" }?.value == .text(id.description))
            #expect(item.first { $0.key == "parts" }?.value == .list([.text("hall")]))
            // The app adds its numbers to what the event says of its report.
            guard case .list(let bodies)? = item.first(where: { $0.key == "bodies" })?.value else { throw Problem.notFound("bodies") }
            let body = try #require(bodies.first?.members)
            let numbers = Json.object([.init("events", .integer(1)), .init("attendees", .integer(41))])
            let operation = Ops.op([.init("op", .text(Ops.id(1)))] + body + [.init("metrics", numbers)])
            let outcome = try await world.submit(operation, by: world.secretary)
            #expect(outcome.status == .accepted, "\(outcome.receipt)")
            #expect(try await world.site.world.rootTotal(1) == 41)
            #expect(try await world.find(id).state == .held)
            // What has its report asks for no other.
            let after = try #require(try await part(world.secretary).first?.members)
            #expect(after.first { $0.key == "parts" }?.value == .list([]))
        }
    }
}
