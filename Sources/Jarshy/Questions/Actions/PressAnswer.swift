import JarshyKit
import Storage

/// One anonymous press after an answer: was your question answered? Only counted. Residents press: whoever is signed in works
/// for the organisers.
struct PressAnswer: Action {
    let answer: AnswerID
    let helped: Bool
    let address: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        try Press.refuseStaff(actor)
        guard let found = try AnswerRows.find(answer, in: db), found.state == .published else {
            throw Problem.notFound("answer")
        }
        guard try Press.isTaken(of: found.id, from: address, most: 1, at: now, in: db) else { return }
        if helped {
            try db.run("UPDATE answer SET helped = helped + 1 WHERE id = \(answer)")
        } else {
            try db.run("UPDATE answer SET unhelped = unhelped + 1 WHERE id = \(answer)")
        }
        try Feed.record(FeedLine("press", "answer", answer, unit: found.unit), by: actor, at: now, in: db)
    }
}

/// One anonymous press after an event: was your question answered? Only counted, for the unit that held it.
struct PressEvent: Action {
    let event: EventID
    let helped: Bool
    let address: String

    /// A hall shares one address.
    static let mostFromAnAddress = 60

    static func isOpen(_ event: Event, at now: Instant) -> Bool {
        event.state == .held && event.isPublic && event.announcedAt != nil
            && now < event.end.advanced(seconds: MeetingPage.pressDays * 86_400)
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        try Press.refuseStaff(actor)
        guard let found = try db.first(Event.self, where: "FROM event e WHERE e.id = \(event)"), Self.isOpen(found, at: now)
        else { throw Problem.notFound("event") }
        guard try Press.isTaken(of: found.id, from: address, most: Self.mostFromAnAddress, at: now, in: db) else { return }
        let (yes, no): (Int64, Int64) = helped ? (1, 0) : (0, 1)
        try db.run(
            """
            INSERT INTO event_press (event, campaign, unit, helped, unhelped)
            VALUES (\(event), \(found.campaign), \(found.unit), \(yes), \(no))
            ON CONFLICT (event) DO UPDATE SET helped = event_press.helped + \(yes), unhelped = event_press.unhelped + \(no)
            """)
        try Feed.record(FeedLine("press", "event", event, unit: found.unit), by: actor, at: now, in: db)
    }
}

/// What the two presses share.
enum Press {
    static func refuseStaff(_ actor: Actor) throws {
        guard actor.kind == .resident else {
            throw Problem("staff-asks", status: 403, "Staff of the organisers do not answer for residents.")
        }
    }

    /// Is a press counted? Beyond `most` in a day from an address the others change nothing, and nobody is told which it was.
    /// What is kept is a keyed hash, for a day.
    static func isTaken(
        of subject: ID<some Any>, from address: String, most: Int, at now: Instant, in db: any Writing
    ) throws -> Bool {
        let secret = try QuestionSecret.make(in: db)
        let subject = AskLimits.hash("press \(subject) \(AskLimits.subject(address))", secret: secret)
        let pressed = try db.value(
            "SELECT count(*) FROM ask_attempt WHERE subject = \(subject) AND at > \(now.advanced(seconds: -86_400))",
            as: Int.self)
        guard pressed < most else { return false }
        try db.run(
            "INSERT INTO ask_attempt (subject, id, at) VALUES (\(subject), \(ID<AskLimitsMark>.make(at: now)), \(now))")
        return true
    }
}

/// The presses of a campaign by unit, for the boards: how many said that their question was answered, and how many that not.
struct PressCount: Sendable, Hashable {
    var helped: Int64 = 0
    var unhelped: Int64 = 0

    var all: Int64 { helped + unhelped }

    /// - Parameter unit: presses on answers and events of this unit and of all below it.
    static func of(_ campaign: CampaignNo, below unit: UnitNo, in tree: Tree, _ db: any Reading) throws -> PressCount {
        var count = PressCount()
        try db.rows(
            """
            SELECT unit, CAST(sum(helped) AS bigint), CAST(sum(unhelped) AS bigint) FROM (
                SELECT unit, helped, unhelped FROM answer
                WHERE campaign = \(campaign) AND unit IS NOT NULL AND helped + unhelped > 0
                UNION ALL SELECT unit, helped, unhelped FROM event_press WHERE campaign = \(campaign)) presses
            GROUP BY unit
            """
        ) { row in
            let (place, helped, unhelped) = (try row.next(UnitNo.self), try row.next(Int64.self), try row.next(Int64.self))
            if tree.chain(of: place).contains(unit) {
                count.helped += helped
                count.unhelped += unhelped
            }
            return true
        }
        return count
    }
}
