import JarshyKit
import Storage

/// Tells how a visit to a door ended: from a phone, or entered from paper with the same operation id.
///
/// The door gets one of its few words, the outcome goes into the counts of the round's day, and nothing joins the two: no feed
/// line, no moment, a receipt without row or outcome, and `salt`, which the phone draws so that nobody can guess the outcome
/// from the hash of the bytes, is never stored. Needs `canvass` over the round's unit, judged for the moment it was written.
struct VisitDoor: LedgerAction {
    static let kind = "canvass.visit"

    let campaign: String
    let list: CanvassListID
    let row: Int64
    let attempt: Int64
    let day: Day
    let outcome: DoorOutcome
    let leaflets: Int64
    let hasQuestion: Bool

    static let mostLeaflets: Int64 = 99

    init(_ operation: Operation) throws {
        var fields = Members(operation.body, common: Operation.commonKeys)
        campaign = fields.neededText("campaign")
        let list = fields.id("list", of: CanvassListMark.self)
        if list == nil, !fields.has("list") { fields.fault("list", "missing", "'list' is missing.") }
        row = fields.neededInteger("row")
        attempt = fields.neededInteger("attempt")
        day = fields.neededDay("day")
        let word = fields.neededText("outcome")
        let outcome = DoorOutcome(rawValue: word)
        if outcome == nil, !word.isEmpty {
            let all = DoorOutcome.allCases.map(\.rawValue).joined(separator: ", ")
            fields.fault("outcome", "not-listed", "'outcome' is one of \(all).")
        }
        leaflets = fields.integer("leaflets") ?? 0
        hasQuestion = fields.bool("question") ?? false
        let salt = fields.neededText("salt")
        if !salt.isEmpty, Base64URL.decoded(salt)?.count != 16 {
            fields.fault("salt", "wrong-type", "'salt' must be 16 random bytes as base64url.")
        }
        if !VisitID.attempts.contains(attempt), fields.has("attempt") {
            fields.fault("attempt", "out-of-bounds", "'attempt' is 1, 2 or 3.")
        }
        if !(0...Self.mostLeaflets).contains(leaflets) {
            fields.fault("leaflets", "out-of-bounds", "'leaflets' must be from 0 to \(Self.mostLeaflets).")
        }
        try fields.finish()
        guard let list, let outcome else { throw Problem.invalid([]) }
        self.list = list
        self.outcome = outcome
    }

    /// The day it came is all that is kept of the moment.
    var keepsOnlyDay: Bool { true }

    /// Phone and paper tell of one visit in different bytes.
    var mayComeTwice: Bool { true }

    func perform(_ operation: Operation, by actor: Actor, on books: Books) throws -> Outcome {
        let door = try VisitedDoor.find(list, row: row, in: books.db)
        guard let door, actor.mayKnow(door.round.unit, in: books.tree, on: books.today),
            let campaign = books.campaigns.find(door.round.campaign)
        else { throw Problem.notFound("list") }
        var flags = try Authority.judge(
            .canvass, over: door.round.unit, organization: door.round.organization, operation, actor, books)
        guard campaign.code == self.campaign else { throw Problem.invalid([.unknown("campaign", self.campaign)]) }
        guard let secret = door.list.secret else {
            throw Problem.conflict("round-closed", "The round ended long ago; no visit of it is taken any more.")
        }
        guard operation.id == VisitID.make(list: list, row: row, attempt: attempt, secret: secret) else {
            throw Problem("wrong-id", status: 422, "'op' is not the id of this visit (list, row, attempt).")
        }
        try judge(day, door.round, campaign, today: books.today)
        if !door.list.isLeased(on: books.today) { flags.insert(.late) }
        let isKnown = door.visits & VisitID.bit(attempt) != 0
        try write(door, isKnown: isKnown, today: books.today, in: books.db)
        return .visited(operation, isKnown: isKnown, flags: flags)
    }

    private func judge(_ day: Day, _ round: CanvassRound, _ campaign: Campaign, today: Day) throws {
        if day < round.first {
            throw Problem(
                "day-outside-round", status: 422, "The day \(day) is before the round began (\(round.first)).",
                slots: ["day": "\(day)", "first": "\(round.first)"],
                errors: [Problem.Fault("day", "day-outside-round", "Choose a day from \(round.first) on.")])
        }
        if day > today.advanced(by: 1) {
            throw Problem(
                "day-ahead", status: 422, "The day \(day) has not come yet (today is \(today)).",
                slots: ["day": "\(day)", "today": "\(today)"],
                errors: [Problem.Fault("day", "day-ahead", "Choose a day not after \(today.advanced(by: 1)).")])
        }
        if round.isQuiet(on: day, campaign) {
            throw Problem(
                "quiet-period", status: 422, "On \(day), a quiet day, nobody goes from door to door for or against.",
                slots: ["day": "\(day)"],
                errors: [Problem.Fault("day", "quiet-period", "\(day) is a quiet day of the campaign.")])
        }
    }

    /// The state rises whether the visit is known or not: of two tellings of one visit the higher word stands, in any order.
    private func write(_ door: VisitedDoor, isKnown: Bool, today: Day, in db: any Writing) throws {
        if outcome.state > door.state {
            try db.run(
                "UPDATE canvass_place SET state = \(outcome.state) WHERE round = \(door.round.id) AND address = \(door.address)")
        }
        if outcome == .doNotVisit { try DoNotContact.add(door.mark, on: today, in: db) }
        guard !isKnown else { return }
        try db.run(
            """
            UPDATE canvass_door SET visits = \(door.visits | VisitID.bit(attempt)) WHERE list = \(list) AND row_no = \(row)
            """)
        try db.run(
            """
            INSERT INTO canvass_count AS c (round, day, outcome, visits) VALUES (\(door.round.id), \(day), \(outcome), 1)
            ON CONFLICT (round, day, outcome) DO UPDATE SET visits = c.visits + 1
            """)
        if leaflets > 0 || hasQuestion {
            let questions: Int64 = hasQuestion ? 1 : 0
            try db.run(
                """
                INSERT INTO canvass_beside AS b (round, day, leaflets, questions)
                VALUES (\(door.round.id), \(day), \(leaflets), \(questions))
                ON CONFLICT (round, day) DO UPDATE SET leaflets = b.leaflets + excluded.leaflets,
                    questions = b.questions + excluded.questions
                """)
        }
    }
}

/// A door as a visit finds it.
struct VisitedDoor: Sendable {
    let list: CanvassList
    let round: CanvassRound
    let address: AddressID
    let mark: Blob
    let visits: Int64
    let state: DoorState

    /// Its row is held until the end of the transaction.
    static func find(_ list: CanvassListID, row: Int64, in db: any Writing) throws -> VisitedDoor? {
        try db.first(
            """
            SELECT \(CanvassList.columns), \(CanvassRound.columns), d.address, a.mark, d.visits, p.state
            FROM canvass_door d JOIN canvass_list l ON l.id = d.list JOIN canvass_round r ON r.id = l.round
                JOIN canvass_address a ON a.id = d.address JOIN canvass_place p ON p.round = l.round AND p.address = d.address
            WHERE d.list = \(list) AND d.row_no = \(row)\(SQL.forUpdate(db.dialect))
            """
        ) { row in
            VisitedDoor(
                list: try CanvassList(&row), round: try CanvassRound(&row), address: try row.next(), mark: try row.next(),
                visits: try row.next(), state: try row.next())
        }
    }
}

extension Outcome {
    /// Names neither the door nor how it ended.
    fileprivate static func visited(_ operation: Operation, isKnown: Bool, flags: Flags) -> Outcome {
        let list = flags.list.map { "\"\($0)\"" }.joined(separator: ",")
        let receipt = """
            {"op":"\(operation.id)","status":"accepted","effect":"\(isKnown ? "already" : "applied")","flags":[\(list)]}
            """
        return Outcome(receipt: receipt, status: .accepted, problem: nil, report: nil)
    }
}
