import JarshyKit
import Storage

/// The door rounds of the demo: two in one settlement, the first walked to its end, the second under way with a list leased
/// today. Drawn up, walked and entered from paper through the same actions and operations as everywhere.
struct DemoDoors: Sendable {
    let doors: DemoTable
    let names: DemoTable
    let intake: Intake
    let database: Database
    let today: Day
    let people: [String: PersonID]

    static let settlement = "352210000"

    init(_ home: Home, intake: Intake, database: Database, today: Day, people: [String: PersonID]) throws {
        doors = try DemoTable("doors", home: home)
        names = try DemoTable("door_rounds", home: home)
        self.intake = intake
        self.database = database
        self.today = today
        self.people = people
    }

    /// - Returns: how many operations went through the intake.
    func fill() async throws -> Int {
        let leader = try await actor("leader-saran")
        let walker = try await actor("activist")
        var random = DemoRandom(seed: 352_210)
        let first = try await round(1, from: -24, to: -8, by: leader)
        var sent = 0
        for (start, most) in [(-24, 45), (-17, 60)] {
            let list = try await lease(first, most: most, from: start, days: 5, by: leader)
            sent += try await walk(list, attempt: 1, days: start...(start + 3), share: 1, by: walker, &random)
            // Where nobody was home they came again, and some of that was written on paper and entered by the leader.
            sent += try await walk(list, attempt: 2, days: (start + 4)...(start + 4), share: 0.6, by: leader, &random)
        }
        let second = try await round(2, from: -4, to: 9, by: leader)
        let list = try await lease(second, most: 36, from: -4, days: 5, by: leader)
        sent += try await walk(list, attempt: 1, days: -4...(-1), share: 1, by: walker, &random)
        _ = try await lease(second, most: 30, from: 0, days: 3, by: leader)
        // Somebody rang the office.
        for row in doors.rows where row["round"] == "bar" {
            try await database.run(
                BarAddress(unit: Self.settlement, address: AddressText(street: row["street"], house: row["houses"])), by: leader,
                at: moment(-1, 990))
        }
        return sent
    }

    private func actor(_ login: String) async throws -> Actor {
        let (person, day) = (people[login], today)
        let actor = try await database.read { db in try person.flatMap { try Actors.load($0, on: day, in: db) } }
        guard let actor else { throw DemoFault.data("people: nobody is called \(login)") }
        return actor
    }

    private func moment(_ days: Int, _ minute: Int) -> Instant { Zone.kazakhstan.instant(today.advanced(by: days), minute: minute) }

    /// A round with its doors and a team.
    private func round(_ number: Int64, from: Int, to: Int, by leader: Actor) async throws -> (id: RoundID, team: CanvassTeamID) {
        guard let row = names.rows.first(where: { $0.integer("round") == number }) else {
            throw DemoFault.data("door_rounds: no round \(number)")
        }
        let now = moment(from - 1, 600)
        let id = try await database.run(
            SaveRound(
                round: nil, campaign: DemoCampaign.code, unit: Self.settlement, organization: row["organization"],
                isInformation: true, names: row.trio("name"), first: today.advanced(by: from), last: today.advanced(by: to),
                opens: 600, closes: 1200), by: leader, at: now)
        for row in doors.rows where row.integer("round") == number {
            let addresses = row["landmark"].isEmpty
                ? try AddressText.all(street: row["street"], houses: row["houses"], flats: row["flats"])
                : [AddressText(landmark: row["landmark"])]
            _ = try await database.run(AddAddresses(round: id, addresses: addresses), by: leader, at: now)
        }
        let members = row.words("team").map { word -> MakeTeam.Member in
            let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            return MakeTeam.Member(login: parts[0], shownName: parts.count > 1 ? parts[1] : "")
        }
        return (id, try await database.run(MakeTeam(round: id, members: members), by: leader, at: now))
    }

    private func lease(
        _ round: (id: RoundID, team: CanvassTeamID), most: Int, from: Int, days: Int, by leader: Actor
    ) async throws -> CanvassListID {
        try await database.run(
            LeaseList(
                round: round.id, team: round.team, street: nil, most: most, from: today.advanced(by: from),
                until: today.advanced(by: from + days - 1)), by: leader, at: moment(from, 545))
    }

    /// Visits the doors of a list that are not done, a part of them a day.
    private func walk(
        _ list: CanvassListID, attempt: Int64, days: ClosedRange<Int>, share: Double, by actor: Actor,
        _ random: inout DemoRandom
    ) async throws -> Int {
        let (known, doors) = try await database.read { db in
            let list = try CanvassRows.list(list, in: db)
            return (list, try list.map { try CanvassRows.doors(of: [$0], in: db)[$0.id] ?? [] } ?? [])
        }
        guard let secret = known?.secret else { throw DemoFault.data("doors: a list without its secret") }
        let open = doors.filter { $0.state < .done }
        var sent = 0
        for (index, door) in open.enumerated() where share == 1 || random.happens(share) {
            let day = days.lowerBound + index * days.count / max(open.count, 1)
            let members = Self.visit(door.row, attempt: attempt, list: list, day: today.advanced(by: day), secret: secret, &random)
            guard let operation = Operation(.object(members), device: "demo", door: .demo) else { continue }
            let outcome = try await intake.submit([operation], by: actor, at: moment(day, 1210))[0]
            guard outcome.status == .accepted else { throw DemoFault.refused(outcome.receipt) }
            sent += 1
        }
        return sent
    }

    private static let chances: [(value: DoorOutcome, weight: Double)] = [
        (.nobody, 24), (.locked, 7), (.later, 6), (.unsafe, 2), (.talked, 42), (.declined, 11), (.doNotVisit, 5), (.empty, 4),
        (.noHouse, 2),
    ]

    private static func visit(
        _ row: Int64, attempt: Int64, list: CanvassListID, day: Day, secret: [UInt8], _ random: inout DemoRandom
    ) -> [Json.Member] {
        let outcome = random.weighted(chances)
        let salt = (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var members: [Json.Member] = [
            .init("op", .text(VisitID.make(list: list, row: row, attempt: attempt, secret: secret).description)),
            .init("kind", .text(VisitDoor.kind)), .init("campaign", .text(DemoCampaign.code)),
            .init("list", .text(list.description)), .init("row", .integer(row)), .init("attempt", .integer(attempt)),
            .init("day", .text(day.description)), .init("outcome", .text(outcome.rawValue)),
            .init("salt", .text(Base64URL.encoded(salt))),
        ]
        let leaflets: Int64 = outcome == .talked ? Int64(random.whole(1...2)) : outcome == .nobody && random.happens(0.5) ? 1 : 0
        if leaflets > 0 { members.append(.init("leaflets", .integer(leaflets))) }
        if outcome == .talked, random.happens(0.12) { members.append(.init("question", .bool(true))) }
        return members
    }
}
