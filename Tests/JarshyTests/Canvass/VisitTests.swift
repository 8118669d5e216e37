import Foundation
import JarshyKit
import Storage
import TestSupport
import Testing

@testable import Jarshy

@Suite("Visits to doors")
struct VisitTests {
    @Test("the id of a visit is the phone's: shared vectors")
    func vectors() throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let file = try Data(contentsOf: folder.appendingPathComponent("Field/vectors/visits.json"))
        let vectors = try #require(try JsonReader.read(Array(file)).list)
        #expect(vectors.count >= 5)
        for vector in vectors {
            let id = VisitID.make(
                list: try #require(vector["list"]?.text.flatMap { CanvassListID($0) }),
                row: try #require(vector["row"]?.integer), attempt: try #require(vector["attempt"]?.integer),
                secret: try #require(vector["secret"]?.text.flatMap { Base64URL.decoded($0) }))
            #expect(id.description == vector["op"]?.text)
        }
    }

    @Test("a visit counts once, with its leaflets, and the door keeps one word", arguments: Dialect.allCases)
    func counts(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let members = try await world.visit(
                1, "talked", [.init("leaflets", .integer(2)), .init("question", .bool(true))])
            let first = try await world.submit(members, by: world.walker)
            let op = members[0].value.text!
            #expect(first.receipt == "{\"op\":\"\(op)\",\"status\":\"accepted\",\"effect\":\"applied\",\"flags\":[]}")
            #expect(try await world.submit(members, by: world.walker).receipt == first.receipt)
            try await world.tell(2, "nobody")
            try await world.tell(3, "do_not_visit")
            try await world.tell(2, "nobody", attempt: 2, [.init("leaflets", .integer(1))])
            let day = world.today
            #expect(try await world.counts() == ["\(day) do_not_visit 1", "\(day) nobody 2", "\(day) talked 1"])
            #expect(try await world.beside() == ["\(day) 3 1"])
            #expect(try await world.states() == ["done", "come_back", "do_not_visit", "fresh", "fresh"])
            #expect(try await world.doors().map { VisitID.last(of: $0.visits) } == [1, 2, 1, 0, 0])
        }
    }

    @Test("the inbox keeps the day and not the moment, and there is no feed line of a door", arguments: Dialect.allCases)
    func keepsLittle(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let before = try await world.site.count("SELECT count(*) FROM feed")
            try await world.tell(1, "declined")
            try await world.tell(2, "do_not_visit")
            #expect(try await world.site.count("SELECT count(*) FROM feed") == before)
            let received = try await world.database.read { db in try db.all(Instant.self, "SELECT received_at FROM inbox") }
            #expect(received == Array(repeating: Zone.kazakhstan.instant(world.today), count: 2))
            #expect(received[0] != world.now)
            _ = try await world.site.app.intake.submit(
                [Ops.file(1, "PC1", day: world.today)], by: try await world.actor(world.walker), at: world.now)
            let file = OperationID(Ops.id(1))!
            #expect(try await world.database.read { db in
                try db.value("SELECT received_at FROM inbox WHERE op = \(file)", as: Instant.self)
            } == world.now)
        }
    }

    @Test("phone and paper tell of one visit: counted once, no mismatch, the first receipt", arguments: Dialect.allCases)
    func doubles(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let phone = try await world.visit(1, "nobody", [.init("leaflets", .integer(1))])
            let paper = try await world.visit(1, "nobody", salt: "_wECAwQFBgcICQoLDA0ODw")
            let first = try await world.submit(phone, by: world.walker)
            let same = try await world.submit(paper, by: world.walker)
            #expect(same.receipt == first.receipt && same.status == .accepted)
            let other = try await world.submit(paper, by: world.leader, door: .form)
            #expect(other.status == .accepted && other.receipt.contains("\"effect\":\"already\""))
            #expect(try await world.site.count("SELECT count(*) FROM inbox_mismatch") == 0)
            #expect(try await world.counts() == ["\(world.today) nobody 1"])
            #expect(try await world.beside() == ["\(world.today) 1 0"])
            // The higher word of two tellings stands, whichever came first.
            let asked = try await world.visit(1, "do_not_visit", salt: "_wECAwQFBgcICQoLDA0ODw")
            #expect(try await world.submit(asked, by: world.leader, door: .form).status == .accepted)
            #expect(try await world.states()[0] == "do_not_visit")
            #expect(try await world.counts() == ["\(world.today) nobody 1"])
        }
    }

    @Test("a double that came by a phone leaves no gap in its numbers", arguments: Dialect.allCases)
    func chain(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let phone = try await TestPhone.signIn("walker", on: world.site)
            let paper = try await world.visit(1, "nobody", salt: "_wECAwQFBgcICQoLDA0ODw")
            try await world.submit(paper, by: world.walker, door: .form)
            func sealed(_ row: Int64) async throws -> Json {
                let members = try await world.visit(row, "nobody")
                let all = members.filter { $0.key != "op" }.map { ($0.key, $0.value) }
                return try phone.seal(all, op: members[0].value.text!)
            }
            let ops = [try await sealed(1), try await sealed(2), try await sealed(3)]
            for op in [ops[0], ops[1], ops[0], ops[2]] {
                let page = try await world.site.sync([op], token: phone.token)
                #expect(page.text.contains("\"status\":\"accepted\""), "\(page.text)")
            }
            let device = phone.id
            let gaps = try await world.database.read { db in
                (try DeviceGaps.of([device], in: db)[device], try DeviceGaps.forks([device], in: db)[device])
            }
            #expect(gaps.0 == DeviceGaps(last: 3, missing: []) && gaps.1 == nil)
            #expect(try await world.counts() == ["\(world.today) nobody 3"])
        }
    }

    @Test(
        "what was never meant to be kept, or is wrong, is refused by its place",
        arguments: [
            ("name", Json.text("Айнұр"), "name"), ("opinion", .text("for"), "opinion"), ("note", .text("x"), "note"),
            ("place", .text("x"), "place"), ("photo", .text("x"), "photo"), ("address", .text("Абай 1"), "address"),
            ("support", .integer(5), "support"), ("outcome", .text("refused"), "outcome"), ("outcome", .null, "outcome"),
            ("attempt", .integer(0), "attempt"), ("attempt", .integer(4), "attempt"), ("leaflets", .integer(-1), "leaflets"),
            ("leaflets", .integer(100), "leaflets"), ("salt", .null, "salt"), ("salt", .text("AAAA"), "salt"),
            ("question", .text("yes"), "question"), ("day", .text("2026-02-30"), "day"), ("list", .text("7"), "list"),
            ("row", .null, "row"), ("campaign", .text("other"), "campaign"),
        ])
    func refuses(_ key: String, _ value: Json, _ field: String) async throws {
        try await CanvassWorld.run(.sqlite) { world in
            var members = try await world.visit(1, "talked").filter { $0.key != key }
            members.append(.init(key, value))
            let outcome = try await world.submit(members, by: world.walker)
            #expect(outcome.status == .refused, "\(outcome.receipt)")
            #expect(outcome.problem?.errors.contains { $0.field == field } == true, "\(outcome.receipt)")
            #expect(try await world.counts() == [] && world.states() == Array(repeating: "fresh", count: 5))
        }
    }

    @Test("an id that is not the visit's is refused", arguments: Dialect.allCases)
    func wrongID(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            for change in [("row", Json.integer(2)), ("attempt", .integer(2)), ("op", .text(Ops.id(1)))] {
                var members = try await world.visit(1, "talked").filter { $0.key != change.0 }
                members.append(.init(change.0, change.1))
                #expect(try await world.submit(members, by: world.walker).problem?.slug == "wrong-id", "\(change)")
                #expect(try await world.counts() == [])
                // A refusal of one visit does not use up the id for another that has it by right.
            }
            #expect(try await world.tell(1, "talked").status == .accepted)
        }
    }

    @Test("outside one's units a list is not found, without the right it is forbidden", arguments: Dialect.allCases)
    func rights(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let members = try await world.visit(1, "talked")
            let outside = try await world.site.person("outside", role: "activist", unit: "D11")
            #expect(try await world.submit(members, by: outside).problem?.slug == "not-found")
            let reader = try await world.site.person("reader", role: "observer", unit: "C1")
            #expect(try await world.submit(members, by: reader).problem?.slug == "forbidden")
            let nowhere = try await world.visit(9, "talked")
            #expect(try await world.submit(nowhere, by: world.walker).problem?.slug == "not-found")
            #expect(try await world.counts() == [])
        }
    }

    @Test("days: not ahead, not before the round; late after the lease and after the end", arguments: Dialect.allCases)
    func days(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            let ahead = try await world.tell(1, "talked", day: world.today.advanced(by: 2))
            #expect(ahead.problem?.slug == "day-ahead")
            let early = try await world.tell(2, "talked", day: world.today.advanced(by: -1))
            #expect(early.problem?.slug == "day-outside-round")
            // The same visit with its day put right is taken: a refusal does not use it up.
            #expect(try await world.tell(1, "talked").receipt.contains("\"effect\":\"applied\",\"flags\":[]"))
            _ = try await world.run(EndList(list: world.list), by: world.leader)
            #expect(try await world.tell(3, "nobody").receipt.contains("\"flags\":[\"late\"]"))
            world.site.clock.advance(seconds: 3 * 86_400)
            let late = try await world.tell(4, "nobody", day: world.today.advanced(by: -3))
            #expect(late.receipt.contains("\"flags\":[\"late\"]"))
            #expect(try await world.states() == ["done", "fresh", "come_back", "come_back", "fresh"])
        }
    }

    @Test("on a quiet day nothing campaigning is handed out or taken; information is", arguments: Dialect.allCases)
    func quiet(_ dialect: Dialect) async throws {
        for information in [true, false] {
            try await CanvassWorld.run(dialect, information: information) { world in
                let (today, tomorrow) = (world.today, world.today.advanced(by: 1))
                try await world.database.write { db in
                    try db.run("UPDATE campaign SET vote_day = \(tomorrow), quiet_from_day = \(today), stamp = stamp + 1")
                }
                let handed = try await world.pull(world.walker)["rounds"]?.list?.count
                #expect(handed == (information ? 1 : 0))
                let outcome = try await world.tell(1, "talked")
                #expect(outcome.problem?.slug == (information ? nil : "quiet-period"))
                #expect(try await world.counts().isEmpty == !information)
            }
        }
    }

    @Test("when no visit can come any more the secrets of lists are forgotten, and what still comes is refused", arguments: Dialect.allCases)
    func secrets(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            #expect(try await world.database.run(ForgetListSecrets(), by: .operator, at: world.now) == 0)
            let members = try await world.visit(1, "talked")
            world.site.clock.advance(seconds: (60 - 10 + 31) * 86_400)
            #expect(try await world.database.run(ForgetListSecrets(), by: .operator, at: world.now) == 1)
            #expect(try await world.submit(members, by: world.walker).problem?.slug == "round-closed")
        }
    }

    @Test("a phone is told its lists, and of a barred door nothing but that", arguments: Dialect.allCases)
    func pulls(_ dialect: Dialect) async throws {
        try await CanvassWorld.run(dialect) { world in
            try await world.tell(1, "do_not_visit")
            try await world.tell(2, "later", attempt: 2)
            let told = try await world.pull(world.mate)
            let round = try #require(told["rounds"]?.list?.first)
            #expect(round["campaign"]?.text == "test" && round["unit"]?.text == "PC1" && round["class"]?.text == "information")
            #expect(round["hours"]?["from"]?.text == "10:00" && round["hours"]?["to"]?.text == "20:00")
            #expect(round["paused"]?.bool == false && round["from"]?.text == world.today.description)
            let list = try #require(round["lists"]?.list?.first)
            #expect(list["id"]?.text == world.list.description && list["number"]?.integer == 1)
            #expect(Base64URL.decoded(list["secret"]?.text ?? "")?.count == 16)
            #expect(list["check"]?.text?.hasPrefix("/who/") == true)
            let doors = try #require(list["doors"]?.list)
            #expect(doors.count == 5)
            #expect(String(decoding: doors[0].canonical(), as: UTF8.self) == "{\"row\":1,\"state\":\"do_not_visit\"}")
            #expect(
                String(decoding: doors[1].canonical(), as: UTF8.self)
                    == "{\"house\":\"2\",\"row\":2,\"state\":\"come_back\",\"street\":\"Абай көшесі\",\"visits\":2}")
            #expect(doors[2]["visits"]?.integer == 0 && doors[2]["state"]?.text == "fresh")
            // Nobody else's phone: not the leader's, who is in no team; not after the lease.
            #expect(try await world.pull(world.leader)["rounds"]?.list?.isEmpty == true)
            world.site.clock.advance(seconds: 3 * 86_400)
            #expect(try await world.pull(world.mate)["rounds"]?.list?.isEmpty == true)
        }
    }
}
