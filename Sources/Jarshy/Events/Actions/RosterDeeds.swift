import JarshyKit
import Storage

/// Puts somebody on the roster of an event to come. Needs `manageEvents` over the host unit. A person of one's own units is
/// invited; one of another unit is asked through that unit, whose word makes it an invitation.
struct InviteMember: Action {
    let event: EventID
    let person: PersonID
    let role: RosterMember.Role

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> MemberID {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        try deed.requireManaging()
        if deed.event.isOver {
            throw Problem.conflict("event-state", "It is over.", slots: ["state": deed.event.state.rawValue])
        }
        let home = try HomeUnit.of(person, on: deed.scope.today, in: deed.scope.tree, db)
        let isOwn = actor.kind == .operator || person == actor.person
            || [Right.manageEvents, .manageSpeakers].contains {
                actor.holds($0, over: home, in: deed.scope.tree, on: deed.scope.today)
            }
        let id = try Roster.add(
            person, to: deed.event, as: role, state: isOwn ? .invited : .asked, via: isOwn ? nil : home, by: actor.person,
            at: now, in: db)
        try deed.record("invite", "person=\(person) role=\(role.rawValue)")
        return id
    }
}

/// Where a person belongs: the unit of the newest role in force.
enum HomeUnit {
    /// - Throws: 404 for a person without a role today, or whose account is closed.
    static func of(_ person: PersonID, on day: Day, in tree: Tree, _ db: any Reading) throws -> UnitNo {
        guard let home = try all([person], on: day, in: db)[person] else { throw Problem.notFound("person") }
        return home
    }

    static func all(_ people: [PersonID], on day: Day, in db: any Reading) throws -> [PersonID: UnitNo] {
        var homes: [PersonID: UnitNo] = [:]
        for chunk in Padded.chunks(people.sorted()) {
            try db.rows(
                """
                SELECT g.person, g.unit FROM role_grant g LEFT JOIN account a ON a.person = g.person
                WHERE g.person IN \(chunk) AND g.from_day <= \(day) AND (g.to_day IS NULL OR g.to_day >= \(day))
                    AND a.disabled_at IS NULL ORDER BY g.from_day, g.id
                """
            ) { row in
                homes[try row.next()] = try row.next(UnitNo.self)
                return true
            }
        }
        return homes
    }
}

/// A member of a roster with its event, as a deed needs them.
private struct MemberDeed {
    let deed: EventDeed
    let member: RosterMember

    /// - Throws: 404 for a member whose event is out of sight.
    init(_ id: MemberID, by actor: Actor, at now: Instant, in db: any Writing) throws {
        guard let event = try db.first(EventID.self, "SELECT event FROM event_member WHERE id = \(id)") else {
            throw Problem.notFound("member")
        }
        // The lecturer's own unit knows of the asking, whatever else it may see of the host's work.
        let via = try db.first("SELECT via FROM event_member WHERE id = \(id)") { row in try row.next(UnitNo?.self) } ?? nil
        let tree = try Tree.current(in: db)
        let today = Zone.kazakhstan.day(at: now)
        let isAsked = via.map { actor.holds(.manageSpeakers, over: $0, in: tree, on: today) } ?? false
        deed = try isAsked ? EventDeed(known: event, by: actor, at: now, in: db) : EventDeed(event, by: actor, at: now, in: db)
        guard let member = try Roster.of([event], in: db)[event]?.first(where: { $0.id == id }) else {
            throw Problem.notFound("member")
        }
        self.member = member
        if deed.event.isOver {
            throw Problem.conflict("event-state", "It is over.", slots: ["state": deed.event.state.rawValue])
        }
    }

    /// - Throws: 409 when the member may not host or speak there as the event is now.
    func checkOffice(in db: any Reading) throws {
        if member.role != .helper { try PublicOffice.check(deed.event, with: member.person, in: db) }
    }

    func set(_ state: RosterMember.State, at now: Instant, in db: any Writing) throws {
        try db.run("UPDATE event_member SET state = \(state), answered_at = \(now) WHERE id = \(member.id)")
    }
}

extension EventDeed {
    /// For whoever was asked about the event: it is known without being in the scope.
    init(known id: EventID, by actor: Actor, at now: Instant, in db: any Writing) throws {
        scope = try EventScope(actor, at: now, in: db)
        self.db = db
        guard let event = try db.first(
            Event.self, where: "FROM event e WHERE e.id = \(id)\(SQL.forUpdate(db.dialect))")
        else { throw Problem.notFound("event") }
        self.event = event
    }
}

/// A person says whether they come; whoever manages the event may enter what was said by telephone.
struct AnswerInvitation: Action {
    let member: MemberID
    let comes: Bool

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try MemberDeed(member, by: actor, at: now, in: db)
        if found.member.person != actor.person { try found.deed.requireManaging() }
        guard found.member.state.holds || (found.member.state == .declined && comes) else {
            throw Problem.conflict("member-state", "There is no invitation to answer.")
        }
        let event = found.deed.event
        if comes, found.member.state == .declined {
            try found.checkOffice(in: db)
            try Roster.hold(found.member.person, event.id, event.start, event.end, in: db)
        }
        if !comes { try Roster.release(found.member.person, event.id, in: db) }
        try found.set(comes ? .confirmed : .declined, at: now, in: db)
        try found.deed.record(comes ? "confirm" : "decline", "person=\(found.member.person)")
    }
}

/// Takes somebody off the roster. Needs `manageEvents`.
struct WithdrawMember: Action {
    let member: MemberID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try MemberDeed(member, by: actor, at: now, in: db)
        try found.deed.requireManaging()
        try Roster.release(found.member.person, found.deed.event.id, in: db)
        try found.set(.withdrawn, at: now, in: db)
        try found.deed.record("withdraw", "person=\(found.member.person)")
    }
}

/// The unit a lecturer belongs to allows the invitation, or does not. Needs `manageSpeakers` over that unit.
struct AllowMember: Action {
    let member: MemberID
    let allowed: Bool

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let found = try MemberDeed(member, by: actor, at: now, in: db)
        guard found.member.state == .asked, let via = found.member.via else {
            throw Problem.conflict("member-state", "Nobody waits for this unit's word.")
        }
        try actor.require(.manageSpeakers, over: via, in: found.deed.scope.tree, on: found.deed.scope.today)
        let event = found.deed.event
        if allowed {
            try found.checkOffice(in: db)
            try Roster.hold(found.member.person, event.id, event.start, event.end, in: db)
        }
        try found.set(allowed ? .invited : .declined, at: now, in: db)
        try found.deed.record(allowed ? "allow" : "refuse", "person=\(found.member.person)")
    }
}

/// What is brought to an event to be handed out, and after it how much was. Needs `manageEvents` or `useMaterials`.
struct SetMaterials: Action {
    struct Line: Sendable, Hashable {
        let name: String
        let brought: Int64
        let handed: Int64?
    }

    let event: EventID
    let lines: [Line]

    static let most = 20
    static let longest = 120

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        if !deed.scope.holds(.manageEvents, over: deed.event) { try deed.scope.require(.useMaterials, over: deed.event) }
        if deed.event.state == .cancelled {
            throw Problem.conflict("event-state", "It was cancelled.", slots: ["state": deed.event.state.rawValue])
        }
        var faults: [Problem.Fault] = []
        if lines.count > Self.most {
            faults.append(.init("materials", "too-long", "At most \(Self.most) lines.", slots: ["max": "\(Self.most)"]))
        }
        for line in lines {
            if line.name.isEmpty || line.name.unicodeScalars.count > Self.longest {
                faults.append(.init("materials", "too-long", "A name has 1 to \(Self.longest) characters.", slots: ["max": "\(Self.longest)"]))
            }
            if !(0...100_000).contains(line.brought) || !(0...line.brought).contains(line.handed ?? 0) {
                faults.append(.init("materials", "handed-beyond", "No more is handed out than was brought."))
            }
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        try db.run("DELETE FROM event_material WHERE event = \(event)")
        try db.insert(
            "INSERT INTO event_material (event, position, name, brought, handed) VALUES",
            rows: lines.enumerated().map { index, line in
                [event.bind, .integer(Int64(index)), .text(line.name), .integer(line.brought),
                 line.handed.map { .integer($0) } ?? .null(.bigint)]
            })
        try deed.record("materials", "lines=\(lines.count)")
    }
}
