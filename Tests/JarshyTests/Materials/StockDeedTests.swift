import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Deeds on stock")
struct StockDeedTests {
    @Test("received, sent, acknowledged with a loss, handed out, written off, counted", arguments: Dialect.allCases)
    func aWay(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let first = try await world.submit(world.receive(1, "R1", 1000))
            #expect(first.receipt == """
                {"op":"\(Ops.id(1))","status":"accepted","effect":"applied","entry":"\(Ops.id(1))","flags":[]}
                """)
            #expect(try await world.submit(world.receive(1, "R1", 1000)).receipt == first.receipt)
            try await world.done(world.move(2, "R1", to: "D11", 400))
            #expect(try await world.stock("R1").onTheWay == 400)
            try await world.done(MaterialWorld.accept(3, "D11", 2, arrived: 350, returned: 30, reason: "rain"))
            try await world.done(world.handOut(4, "D11", 100))
            try await world.done(world.writeOff(5, "D11", 10))
            try await world.done(world.count(6, "D11", 237, reason: "three stuck together"))
            let (sender, receiver) = (try await world.stock("R1"), try await world.stock("D11"))
            #expect((sender.onHand, sender.writtenOff, sender.onTheWay, sender.movedOut) == (630, 20, 0, 350))
            #expect((receiver.onHand, receiver.handedOut, receiver.writtenOff, receiver.movedIn) == (237, 100, 13, 350))
            #expect(try await world.faults() == [])
            let entries = try await world.database.read { db in
                try db.all(String.self, "SELECT kind FROM stock_entry ORDER BY unit, n")
            }
            #expect(entries == ["receive", "send", "deliver", "accept", "hand_out", "write_off", "count"])
            let feed = try await world.database.read { db in
                try db.value("SELECT count(*) FROM feed WHERE subject = 'material' AND verb IN ('receive', 'send', 'accept', 'lose', 'hand-out', 'write-off', 'count')", as: Int.self)
            }
            #expect(feed == 7)
        }
    }

    @Test("a recount does every deed again, and names each heap that is not what its entries say", arguments: Dialect.allCases)
    func recount(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            try await world.done(world.receive(1, "R1", 1000))
            try await world.done(world.move(2, "R1", to: "D11", 400))
            try await world.done(MaterialWorld.accept(3, "D11", 2, arrived: 350, returned: 30, reason: "rain"))
            try await world.done(world.handOut(4, "D11", 500))
            try await world.done(world.count(5, "D11", 20, reason: "found in the car"))
            try await world.done(world.writeOff(6, "D11", 5))
            try await world.done(world.move(7, "R1", to: "P111", 100))
            let clean = try await Recount.run(world.database, parts: RecountParts.all)
            #expect(clean.differences == [] && clean.entries == 8)
            // Each fault keeps the table's own rules, as a slip of hand or of a disk would; it is put back afterwards.
            let faults: [(SQL, SQL, String)] = [
                (
                    "UPDATE stock SET on_hand = on_hand - 7, handed_out = handed_out + 7 WHERE on_the_way > 0",
                    "UPDATE stock SET on_hand = on_hand + 7, handed_out = handed_out - 7 WHERE on_the_way > 0", "from entries"
                ),
                (
                    "UPDATE stock_entry SET quantity = 501 WHERE kind = 'hand_out'",
                    "UPDATE stock_entry SET quantity = 500 WHERE kind = 'hand_out'", "hand_out 501, says"
                ),
                (
                    "UPDATE stock SET entries = entries + 1 WHERE on_the_way > 0",
                    "UPDATE stock SET entries = entries - 1 WHERE on_the_way > 0", "says 5 entries, holds 4"
                ),
                (
                    "UPDATE stock_move SET quantity = 90 WHERE accepted_at IS NULL",
                    "UPDATE stock_move SET quantity = 100 WHERE accepted_at IS NULL", "the open moves say 90"
                ),
            ]
            for (plant, mend, told) in faults {
                try await world.database.write { db in try db.run(plant) }
                let finding = try await Recount.run(world.database, parts: RecountParts.all)
                #expect(finding.differences.count == 1, "\(finding.differences)")
                #expect(finding.differences.allSatisfy { $0.table == "stock" && $0.detail.contains(told) }, "\(finding.differences)")
                try await world.database.write { db in try db.run(mend) }
            }
            #expect(try await Recount.run(world.database, parts: RecountParts.all).isClean)
        }
    }

    @Test("what is not there is not sent and not written off: it waits, and stands once the delivery is entered", arguments: Dialect.allCases)
    func waits(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            try await world.done(world.receive(1, "R1", 10))
            let (move, loss) = (world.move(2, "R1", to: "D11", 11), world.writeOff(3, "R1", 12))
            for operation in [move, loss] {
                let outcome = try await world.submit(operation)
                #expect(outcome.status == .parked && outcome.problem?.slug == "not-enough", "\(outcome.receipt)")
                #expect(outcome.problem?.slots["have"] == "10")
            }
            let early = try await world.submit(MaterialWorld.accept(4, "D11", 2, arrived: 11))
            #expect(early.status == .parked && early.problem?.slug == "move-not-here")
            #expect(try await world.stock("R1").onHand == 10)
            try await world.done(world.receive(5, "R1", 20))
            try await world.done(move)
            try await world.done(loss)
            try await world.done(MaterialWorld.accept(4, "D11", 2, arrived: 11))
            #expect(try await world.stock("R1").onHand == 7)
            #expect(try await world.faults() == [])
        }
    }

    @Test("a move is acknowledged once, by its receiver, with a reason for what is lost", arguments: Dialect.allCases)
    func acknowledged(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            try await world.done(world.receive(1, "R1", 100))
            try await world.done(world.move(2, "R1", to: "D11", 50))
            #expect(try await world.submit(MaterialWorld.accept(3, "D12", 2, arrived: 50)).problem?.slug == "not-found")
            let silent = try await world.submit(MaterialWorld.accept(4, "D11", 2, arrived: 40, returned: 5))
            #expect(silent.status == .refused && silent.problem?.errors.map(\.field) == ["reason"])
            let much = try await world.submit(MaterialWorld.accept(5, "D11", 2, arrived: 51))
            #expect(much.problem?.errors.map(\.field) == ["arrived"])
            try await world.done(MaterialWorld.accept(6, "D11", 2, arrived: 40, returned: 5, reason: "wet"))
            let twice = try await world.submit(MaterialWorld.accept(7, "D11", 2, arrived: 50))
            #expect(twice.status == .refused && twice.problem?.slug == "move-accepted")
            #expect(try await world.stock("D11").movedIn == 40)
            let same = try await world.submit(world.move(8, "R1", to: "R1", 1))
            #expect(same.problem?.errors.map(\.slug) == ["same-unit"])
            #expect(try await world.faults() == [])
        }
    }

    @Test("handed out beyond stock stands, and asks for a count; a difference has a reason", arguments: Dialect.allCases)
    func beyond(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            try await world.done(world.receive(1, "P111", 30))
            let outcome = try await world.submit(world.handOut(2, "P111", 50))
            #expect(outcome.status == .accepted && outcome.receipt.contains("\"flags\":[\"count-needed\"]"))
            #expect(try await world.stock("P111").needsCount)
            let silent = try await world.submit(world.count(3, "P111", 5))
            #expect(silent.problem?.slug == "count-differs" && silent.problem?.slots["n"] == "25")
            try await world.done(world.count(4, "P111", 5, reason: "a box nobody entered"))
            let stock = try await world.stock("P111")
            #expect((stock.onHand, stock.handedOut, stock.found, stock.beyond) == (5, 50, 25, 0))
            try await world.done(world.count(5, "P111", 5))
            #expect(try await world.faults() == [])
        }
    }

    @Test("on a quiet day nothing campaigning is handed out; information is", arguments: Dialect.allCases)
    func quiet(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let today = MaterialWorld.today
            try await world.vote(on: today.advanced(by: 1))
            try await world.done(world.receive(1, "D11", 100, of: world.poster))
            try await world.done(world.receive(2, "D11", 100))
            for (n, day) in [(UInt64(3), today), (4, today.advanced(by: 1))] {
                let outcome = try await world.submit(world.handOut(n, "D11", 1, day: day, of: world.poster))
                #expect(outcome.status == .refused && outcome.problem?.slug == "quiet-period", "\(outcome.receipt)")
            }
            try await world.done(world.handOut(5, "D11", 1))
            // What was handed out the day before may be told of today.
            try await world.done(world.handOut(6, "D11", 1, day: today.advanced(by: -1), of: world.poster))
            #expect(try await world.stock("D11", of: world.poster).handedOut == 1)
        }
    }

    @Test(
        "what must not be kept, or is missing, is refused by the field's place",
        arguments: [
            ("opinion", Json.text("for"), "opinion"), ("resident", .text("x"), "resident"), ("quantity", .null, "quantity"),
            ("quantity", .integer(0), "quantity"), ("quantity", .integer(1_000_001), "quantity"), ("quantity", .text("5"), "quantity"),
            ("day", .text("2026-02-30"), "day"), ("material", .text("x"), "material"), ("unit", .null, "unit"),
        ])
    func refuses(_ key: String, _ value: Json, _ field: String) async throws {
        try await MaterialWorld.run(.sqlite) { world in
            var members = world.handOut(1, "D11", 5).body.members ?? []
            members.removeAll { $0.key == key }
            members.append(.init(key, value))
            let outcome = try await world.submit(Ops.op(members))
            #expect(outcome.status == .refused, "\(outcome.receipt)")
            #expect(outcome.problem?.errors.map(\.field) == [field], "\(outcome.receipt)")
        }
    }

    @Test("outside one's units nothing is found; without the right it is forbidden; a material stays where it is meant for", arguments: Dialect.allCases)
    func rights(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let activist = try await world.engine.actor(7, over: "D11", rights: [.useMaterials])
            let observer = try await world.engine.actor(8, over: "D11", rights: [.viewFigures])
            #expect(try await world.submit(world.receive(1, "P211", 5), by: activist).problem?.slug == "not-found")
            #expect(try await world.submit(world.receive(2, "R1", 5), by: activist).problem?.slug == "forbidden")
            #expect(try await world.submit(world.receive(3, "P111", 5), by: observer).problem?.slug == "forbidden")
            try await world.done(world.receive(4, "P111", 5), by: activist)
            let form = MaterialWorld.form(name: "Аудандық")
            let local = try await world.run(DrawUpMaterial(campaign: "test", unit: "D12", form: form), by: world.keeper)
            #expect(try await world.submit(world.receive(5, "D12", 5, of: local)).problem?.slug == "material-draft")
            try await world.run(ApproveMaterial(material: local), by: world.second)
            try await world.done(world.receive(6, "D12", 5, of: local))
            #expect(try await world.submit(world.receive(7, "D11", 5, of: local)).problem?.slug == "not-found")
            #expect(try await world.submit(world.move(8, "D12", to: "D11", 5, of: local)).problem?.slug == "material-not-there")
            // Another person's entry has this id already.
            #expect(try await world.submit(world.receive(4, "P111", 9), by: world.keeper).problem?.slug == "id-taken")
        }
    }

    @Test("what is withdrawn is not handed out any more, but counted, written off and told of late", arguments: Dialect.allCases)
    func withdrawn(_ dialect: Dialect) async throws {
        try await MaterialWorld.run(dialect) { world in
            let today = MaterialWorld.today
            try await world.done(world.receive(1, "D11", 100))
            try await world.done(world.move(2, "D11", to: "P111", 20))
            try await world.run(WithdrawMaterial(material: world.leaflet, reason: "a wrong date"), by: world.second)
            #expect(try await world.submit(world.receive(3, "D11", 1)).problem?.slug == "material-withdrawn")
            #expect(try await world.submit(world.move(4, "D11", to: "P111", 1)).problem?.slug == "material-withdrawn")
            #expect(try await world.submit(world.handOut(5, "D11", 1, day: today.advanced(by: 1))).problem?.slug == "material-withdrawn")
            try await world.done(world.handOut(6, "D11", 10, day: today.advanced(by: -1)))
            try await world.done(MaterialWorld.accept(7, "P111", 2, arrived: 20))
            try await world.done(world.count(8, "D11", 70))
            try await world.done(world.writeOff(9, "D11", 70))
            #expect(try await world.stock("D11").onHand == 0)
            #expect(try await world.faults() == [])
        }
    }
}
