import JarshyKit
import Storage

/// Gives doors of a round to a team for some days: the next ones in walking order that are not done, not barred, and on no
/// other list in force. Needs `manageCanvass` over the round's unit.
struct LeaseList: Action {
    let round: RoundID
    let team: CanvassTeamID?
    /// Only this street, spelt as it stands; nil for the whole round.
    let street: String?
    let most: Int
    let from: Day?
    let until: Day?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> CanvassListID {
        let scope = try CanvassScope(actor, at: now, in: db)
        let round = try scope.managed(round, in: db)
        let team = try team.flatMap { team in
            try db.first(CanvassTeamID.self, "SELECT id FROM canvass_team WHERE id = \(team) AND round = \(round.id)")
        }
        let faults = faults(round, hasTeam: team != nil)
        guard faults.isEmpty, let team, let from, let until else { throw Problem.invalid(faults) }
        let doors = try FreeDoors(round: round.id, on: scope.today).next(most, street: street, in: db)
        guard !doors.isEmpty else {
            throw Problem.conflict("no-free-doors", "No door of the round is free: all are done, barred or on a list in force.")
        }
        let number = try db.value(
            "SELECT coalesce(max(number), 0) + 1 FROM canvass_list WHERE round = \(round.id)", as: Int64.self)
        let id = CanvassListID.make(at: now)
        var random = SystemRandomNumberGenerator()
        let secret = (0..<CanvassList.secretBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        try db.run(
            """
            INSERT INTO canvass_list (id, round, team, number, from_day, until_day, code, secret)
            VALUES (\(id), \(round.id), \(team), \(number), \(from), \(until), \(CheckCode.make()), \(Blob(secret)))
            """)
        try db.insert(
            "INSERT INTO canvass_door (list, row_no, address, visits) VALUES",
            rows: doors.enumerated().map { [id.bind, Int64($0 + 1).bind, $1.bind, Int64(0).bind] })
        try Feed.record(
            FeedLine("lease", "list", id, unit: round.unit, detail: "number=\(number) doors=\(doors.count) until=\(until)"),
            by: actor, at: now, in: db)
        return id
    }

    private func faults(_ round: CanvassRound, hasTeam: Bool) -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if !hasTeam { faults.append(Problem.Fault("team", "missing", "'team' is missing.")) }
        if !(1...CanvassList.mostDoors).contains(most) { faults.append(.bounds("most", 1, Int64(CanvassList.mostDoors))) }
        for (field, day) in [("from", from), ("until", until)] {
            guard let day else {
                faults.append(Problem.Fault(field, "missing", "'\(field)' is missing."))
                continue
            }
            if day < round.first || day > round.last {
                faults.append(
                    Problem.Fault(field, "day-outside-round", "Choose a day from \(round.first) to \(round.last).",
                        slots: ["day": "\(day)", "first": "\(round.first)", "last": "\(round.last)"]))
            }
        }
        if let from, let until {
            if until < from { faults.append(Problem.Fault("until", "before-first", "The last day is before the first.")) }
            if from.distance(to: until) >= CanvassList.longestDays {
                faults.append(
                    Problem.Fault("until", "too-many", "A list is given for at most \(CanvassList.longestDays) days.",
                        slots: ["max": "\(CanvassList.longestDays)"]))
            }
        }
        return faults
    }
}

/// Doors of a round that may go on a list: not done, not barred, on no list in force.
struct FreeDoors: Sendable {
    let round: RoundID
    let on: Day

    init(round: RoundID, on day: Day) {
        self.round = round
        on = day
    }

    var condition: SQL {
        """
        FROM canvass_place p JOIN canvass_address a ON a.id = p.address
        WHERE p.round = \(round) AND p.state IN ('fresh', 'come_back') AND NOT \(DoNotContact.holds)
            AND NOT EXISTS (
                SELECT 1 FROM canvass_door d JOIN canvass_list l ON l.id = d.list
                WHERE d.address = p.address AND l.round = p.round AND l.ended_day IS NULL AND l.until_day >= \(on))
        """
    }

    func next(_ most: Int, street: String?, in db: any Reading) throws -> [AddressID] {
        var sql: SQL = "SELECT a.id \(condition)"
        if let street { sql += " AND a.street = \(street)" }
        return try db.all(AddressID.self, sql + " ORDER BY a.sort_key, a.id LIMIT \(most)")
    }
}

/// The code by which residents check who has come: 10 letters and digits, 50 bits.
enum CheckCode {
    static let length = 10

    static func make() -> String { String(Secret.code().prefix(length)) }

    /// `7K3M9-QXD2T`
    static func shown(_ code: String) -> String { "\(code.prefix(5))-\(code.dropFirst(5))" }
}

/// Ends a list before its days are over: its unfinished doors are free at once. What is still on the way counts, marked late.
struct EndList: Action {
    let list: CanvassListID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = try CanvassScope(actor, at: now, in: db)
        let (list, round) = try scope.managed(list: list, in: db)
        guard list.ended == nil else { throw Problem.conflict("list-ended", "The list was ended on \(list.ended ?? scope.today).") }
        try db.run("UPDATE canvass_list SET ended_day = \(scope.today) WHERE id = \(list.id)")
        try Feed.record(
            FeedLine("end", "list", list.id, unit: round.unit, detail: "number=\(list.number)"), by: actor, at: now, in: db)
    }
}

/// Forgets the secrets of lists whose visits can come no more: devices of the campaign have ended. After that nothing leads
/// from an operation in the inbox to a door. For the server's own clock.
struct ForgetListSecrets: Action {
    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Int {
        guard actor.kind == .operator else { throw Problem.forbidden(Right.manageCanvass.rawValue) }
        let today = Zone.kazakhstan.day(at: now)
        let over = try Campaigns.current(in: db).all.filter { today > $0.last.advanced(by: Device.daysAfterCampaign) }
        guard !over.isEmpty else { return 0 }
        return try db.run(
            """
            UPDATE canvass_list SET secret = NULL WHERE secret IS NOT NULL
                AND round IN (SELECT id FROM canvass_round WHERE campaign IN \(over.map(\.no)))
            """)
    }
}
