import JarshyKit
import Storage

/// Somebody who works at an event.
struct RosterMember: Sendable, Hashable {
    let id: MemberID
    let event: EventID
    let person: PersonID
    let name: String
    let role: Role
    let state: State
    /// The unit through which a lecturer of another unit was asked.
    let via: UnitNo?

    enum Role: String, Stored, CaseIterable, Sendable {
        case host, speaker, helper
    }

    enum State: String, Stored, CaseIterable, Sendable {
        case asked, invited, confirmed, declined, withdrawn

        /// The person's time is taken.
        var holds: Bool { self == .invited || self == .confirmed }
        static let holding: [State] = [.invited, .confirmed]
    }
}

/// Rosters and the time they take.
enum Roster {
    static func of(_ events: [EventID], in db: any Reading) throws -> [EventID: [RosterMember]] {
        var found: [EventID: [RosterMember]] = [:]
        for chunk in Padded.chunks(events) {
            let members = try db.all(
                """
                SELECT m.id, m.event, m.person, p.name, m.role, m.state, m.via FROM event_member m
                JOIN person p ON p.id = m.person WHERE m.event IN \(chunk) ORDER BY m.event, m.asked_at, m.id
                """
            ) { row in
                RosterMember(
                    id: try row.next(), event: try row.next(), person: try row.next(), name: try row.next(),
                    role: try row.next(), state: try row.next(), via: try row.next(UnitNo?.self))
            }
            for member in members { found[member.event, default: []].append(member) }
        }
        return found
    }

    /// Takes the quarters of an hour of an event for a person. The key of `event_hold` judges, so that of two invitations at
    /// the same moment one is refused.
    ///
    /// - Throws: 409 when the person is elsewhere at that time.
    static func hold(_ person: PersonID, _ event: EventID, _ start: Instant, _ end: Instant, in db: any Writing) throws {
        let slots = Event.slots(start, end)
        try db.insert(
            "INSERT INTO event_hold (person, slot, event) VALUES",
            rows: slots.map { [person.bind, .integer($0), event.bind] }, "ON CONFLICT (person, slot) DO NOTHING")
        let taken = try db.value(
            "SELECT count(*) FROM event_hold WHERE person = \(person) AND event = \(event)", as: Int.self)
        guard taken == slots.count else {
            throw Problem.conflict(
                "double-booked", "The person is at another event at that time.", slots: ["person": person.description])
        }
    }

    static func release(_ person: PersonID, _ event: EventID, in db: any Writing) throws {
        try db.run("DELETE FROM event_hold WHERE person = \(person) AND event = \(event)")
    }

    /// Gives back everybody's time.
    static func releaseAll(_ event: EventID, in db: any Writing) throws {
        try db.run("DELETE FROM event_hold WHERE event = \(event)")
    }

    /// Moves everybody's time with the event.
    /// - Throws: 409 when somebody is elsewhere then; that person is to be taken off the roster first.
    static func move(_ event: EventID, to start: Instant, _ end: Instant, in db: any Writing) throws {
        let people = try db.all(
            PersonID.self,
            "SELECT person FROM event_member WHERE event = \(event) AND state IN \(RosterMember.State.holding) ORDER BY person")
        try releaseAll(event, in: db)
        for person in people { try hold(person, event, start, end, in: db) }
    }

    /// Writes somebody onto a roster, or back onto it.
    static func add(
        _ person: PersonID, to event: Event, as role: RosterMember.Role, state: RosterMember.State, via: UnitNo? = nil, by actor: PersonID,
        at now: Instant, in db: any Writing
    ) throws -> MemberID {
        if role != .helper { try PublicOffice.check(event, with: person, in: db) }
        let known = try db.first(
            "SELECT id, state FROM event_member WHERE event = \(event.id) AND person = \(person)"
        ) { row in (try row.next(MemberID.self), try row.next(RosterMember.State.self)) }
        if let known, known.1 != .declined, known.1 != .withdrawn {
            throw Problem.conflict("on-roster", "The person is on this roster already.")
        }
        if state.holds { try hold(person, event.id, event.start, event.end, in: db) }
        if let known {
            try db.run(
                """
                UPDATE event_member SET role = \(role), state = \(state), via = \(via), asked_by = \(actor),
                    asked_at = \(now), answered_at = NULL WHERE id = \(known.0)
                """)
            return known.0
        }
        let id = MemberID.make(at: now)
        try db.run(
            """
            INSERT INTO event_member (id, event, person, role, state, via, asked_by, asked_at)
            VALUES (\(id), \(event.id), \(person), \(role), \(state), \(via), \(actor), \(now))
            """)
        return id
    }
}
