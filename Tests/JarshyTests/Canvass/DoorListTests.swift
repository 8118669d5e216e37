import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Rounds, lists and the do-not-contact list")
struct DoorListTests {
    @Test("do not contact wins over import in another spelling, over new lists, over new rounds", arguments: Dialect.allCases)
    func doNotContactWins(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            // By a visit, and by an entry of an address nobody has on a list yet.
            try await world.tell(1, "do_not_visit")
            try await world.run(
                BarAddress(unit: "PC1", address: AddressText(street: "Сәтбаев к-сі", house: "9", flat: "4")), by: world.leader)
            let next = try await world.run(
                CanvassWorld.round(from: world.today), by: world.leader)
            let added = try await world.run(
                AddAddresses(
                    round: next,
                    addresses: [
                        AddressText(street: "ул. Абай", house: "д. 1"), AddressText(street: "АБАЙ КӨШЕСІ", house: "2"),
                        AddressText(street: "Сатбаев к-си", house: "9", flat: "кв. 4"),
                        AddressText(street: "Сәтбаев к-сі", house: "9", flat: "5"),
                    ]), by: world.leader)
            #expect(added == AddAddresses.Result(added: 2, already: 0, barred: 2))
            let team = try await world.run(
                MakeTeam(
                    round: next, members: [.init(login: "walker", shownName: ""), .init(login: "mate", shownName: "")]),
                by: world.leader)
            let list = try await world.run(
                LeaseList(round: next, team: team, street: nil, most: 10, from: world.today, until: world.today), by: world.leader)
            #expect(try await world.doors(list).map(\.address.house) == ["2", "9"])
            // Barred after the list was given out: it keeps its row and says nothing else.
            try await world.run(
                BarAddress(unit: "C1", address: AddressText(street: "Абай", house: "2")), by: world.leader)
            #expect(try await world.doors(list).map(\.state) == [.doNotVisit, .fresh])
            #expect(try await world.states() == ["do_not_visit", "do_not_visit", "fresh", "fresh", "fresh"])
            // A late visit of another list changes nothing of that.
            #expect(try await world.tell(2, "talked").status == .accepted)
            #expect(try await world.states()[1] == "do_not_visit")
        }
    }

    @Test("the list keeps marks only, and goes back only with a reason and the right over the settlement", arguments: Dialect.allCases)
    func takeBack(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            try await world.tell(1, "do_not_visit")
            let address = AddressText(street: "Абай көшесі", house: "1")
            let local = try await world.site.person("local", role: "team_leader", unit: "PC1")
            try await world.run(BarAddress(unit: "PC1", address: AddressText(street: "Жаңа", house: "7")), by: local)
            let kept = try await world.database.read { db in try db.all(Blob.self, "SELECT mark FROM do_not_contact") }
            #expect(kept.count == 2 && kept.allSatisfy { $0.bytes.count == 32 })
            #expect(try await world.site.count("SELECT count(*) FROM canvass_address WHERE street = 'Жаңа'") == 0)
            #expect(try await world.refusal(TakeBackBar(unit: "PC1", address: address, reason: .mistake), by: local) == "forbidden")
            #expect(try await world.refusal(TakeBackBar(unit: "PC1", address: address, reason: nil), by: world.leader) == "invalid")
            #expect(
                try await world.refusal(
                    TakeBackBar(unit: "PC1", address: AddressText(street: "Абай", house: "3"), reason: .mistake),
                    by: world.leader) == "invalid")
            try await world.run(TakeBackBar(unit: "PC1", address: address, reason: .mistake), by: world.leader)
            #expect(try await world.states()[0] == "done")
            let lines = try await world.database.read { db in
                try db.all("SELECT verb, detail FROM feed WHERE subject = 'do-not-contact' ORDER BY at, id") { row in
                    "\(try row.next(String.self)) \(try row.next(String.self))"
                }
            }
            #expect(lines.sorted() == ["bar ", "take-back reason=mistake"])
            // Asked again, it holds again.
            try await world.tell(1, "do_not_visit", attempt: 2)
            #expect(try await world.states()[0] == "do_not_visit")
        }
    }

    @Test("doors are on one list in force; at the end of the lease they are free again", arguments: Dialect.allCases)
    func leases(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let lease = LeaseList(
                round: world.round, team: world.team, street: nil, most: 3, from: world.today, until: world.today.advanced(by: 9))
            #expect(try await world.refusal(lease, by: world.leader) == "no-free-doors")
            try await world.tell(1, "talked")
            try await world.tell(2, "locked")
            world.site.clock.advance(seconds: 3 * 86_400)
            let next = try await world.run(lease, by: world.leader)
            #expect(try await world.doors(next).map(\.address.house) == ["2", "3", "4"])
            #expect(try await world.doors(next).map(\.state) == [.comeBack, .fresh, .fresh])
            // What comes late from the old list is seen on the new one: the word is the round's.
            try await world.tell(3, "talked")
            #expect(try await world.doors(next).map(\.state) == [.comeBack, .done, .fresh])
            let street = LeaseList(
                round: world.round, team: world.team, street: "Абай көшесі", most: 3, from: lease.from, until: lease.until)
            let third = try await world.run(street, by: world.leader)
            #expect(try await world.doors(third).map(\.address.house) == ["5"])
            try await world.run(EndList(list: third), by: world.leader)
            #expect(try await world.refusal(EndList(list: third), by: world.leader) == "list-ended")
            #expect(try await world.run(street, by: world.leader) != third)
        }
    }

    @Test("nobody goes alone, and only those who may", arguments: Dialect.allCases)
    func teams(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            try await world.site.person("reader", role: "observer", unit: "C1")
            func refusal(_ logins: [String]) async throws -> String? {
                try await world.refusal(
                    MakeTeam(round: world.round, members: logins.map { .init(login: $0, shownName: "А") }), by: world.leader)
            }
            #expect(try await refusal(["walker"]) == "invalid")
            #expect(try await refusal([]) == "invalid")
            #expect(try await refusal(["walker", "walker"]) == "invalid")
            #expect(try await refusal(["walker", "reader"]) == "invalid")
            #expect(try await refusal(["walker", "nobody"]) == "invalid")
            #expect(try await refusal(["walker", "mate", "leader"]) == nil)
        }
    }

    @Test("one door has one spelling", arguments: [
        ("Абай көшесі", "12А", "Абай к-сі", "12 а", true), ("Абай көшесі", "12А", "АБАЙ", "12 а", true),
        ("ул. Абай", "12A", "Абай көшесі", "д. 12а", true), ("Абай", "12/1", "Абай", "121", false),
        ("Абай", "12", "Абай", "12а", false), ("Абай даңғылы", "1", "Абай көшесі", "1", false),
        ("Әуезов", "3", "Ауезов", "№3", true), ("Ленин 2", "3", "Ленин", "23", false),
    ])
    func spellings(_ street: String, _ house: String, _ other: String, _ second: String, _ same: Bool) {
        let (a, b) = (AddressText(street: street, house: house), AddressText(street: other, house: second))
        #expect((a.normal == b.normal) == same, "\(a.normal) \(b.normal)")
        #expect(a.faults.isEmpty)
    }
}
