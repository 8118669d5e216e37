import JarshyKit
import Storage

/// Tells an event: public ones stand on the public page and in the feeds from now on. Needs `manageEvents`.
///
/// A public one passes the gate (`EventRelease`): whole imprint, true name, settled class. Nothing campaigning is told in the
/// quiet period or for a day of it. With a public office among its host and speakers, the
/// class of a public event must first be confirmed by a second person of another organisation.
struct AnnounceEvent: Action {
    let event: EventID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        try deed.requireManaging()
        let old = deed.event
        let state = try old.after(.announce)
        guard old.end > now else {
            throw Problem.conflict("event-past", "Its time has passed: say that it was held, or move it.")
        }
        guard let campaign = try Campaigns.current(in: db).find(old.campaign) else { throw Problem.notFound("campaign") }
        var told = old
        told.state = state
        try PublicOffice.check(told, in: db)
        try EventRelease.pass(.announcement, told, in: campaign, at: now, db: db)
        try db.run(
            """
            UPDATE event SET state = \(state), announced_at = \(now), sequence = \(old.sequence + 1), changed_at = \(now)
            WHERE id = \(event)
            """)
        try deed.tell(.announced, start: old.start, end: old.end)
        _ = try EventSecret.make(in: db)
        try EventIndex.changed([event], at: now, in: db)
        try deed.record("announce")
    }
}

/// Moves an event to another time, and everybody's time on its roster with it. Needs `manageEvents`. Of one that was told
/// already, the followers are told.
struct MoveEvent: Action {
    let event: EventID
    let day: Day
    /// Minutes since local midnight.
    let minute: Int
    let minutes: Int64
    let reason: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        try deed.requireManaging()
        let old = deed.event
        let state = try old.after(.move)
        guard let campaign = try Campaigns.current(in: db).find(old.campaign) else { throw Problem.notFound("campaign") }
        let (start, reason) = (Zone.kazakhstan.instant(day, minute: minute), cleanedTyping(self.reason))
        let end = start.advanced(seconds: minutes * 60)
        var faults = Reasons.faults(reason, needed: false)
        if !(campaign.first...campaign.last).contains(day) {
            faults.append(
                Problem.Fault(
                    "day", "day-outside-campaign", "The day is outside the campaign.",
                    slots: ["first": campaign.first.description, "last": campaign.last.description]))
        }
        if !(0..<1440).contains(minute) { faults.append(Problem.Fault("time", "not-time", "The time is 00:00 to 23:59.")) }
        if !(15...EventInput.longestMinutes).contains(minutes) {
            faults.append(.bounds("minutes", 15, EventInput.longestMinutes))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        guard start != old.start || end != old.end else { return }
        var moved = old
        (moved.start, moved.end) = (start, end)
        if old.state.isTold {
            guard end > now else { throw Problem.conflict("event-past", "An event that was told is moved to a time to come.") }
            try EventRelease.pass(.announcement, moved, in: campaign, at: now, db: db)
        }
        // On another day somebody may hold another post.
        try PublicOffice.check(moved, in: db)
        try Roster.move(event, to: start, end, in: db)
        // Who had agreed, had agreed to another time.
        try db.run("UPDATE event_member SET state = 'invited', answered_at = NULL WHERE event = \(event) AND state = 'confirmed'")
        let isTold = old.state.isTold
        try db.run(
            """
            UPDATE event SET state = \(state), start_at = \(start), end_at = \(end),
                sequence = \(old.sequence + (isTold ? 1 : 0)), changed_at = \(now)
            WHERE id = \(event)
            """)
        if isTold { try deed.tell(.moved, start: start, end: end, reason: reason) }
        try EventIndex.changed([event], at: now, in: db)
        try deed.record("move", "from=\(old.day) to=\(day)")
    }
}

/// Calls an event off, with a reason that is told. Needs `manageEvents`. Everybody's time is given back.
struct CancelEvent: Action {
    let event: EventID
    let reason: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        try deed.requireManaging()
        let old = deed.event
        let (state, reason) = (try old.after(.cancel), cleanedTyping(reason))
        let faults = Reasons.faults(reason, needed: true)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let isTold = old.state.isTold
        try db.run(
            """
            UPDATE event SET state = \(state), reason = \(reason), sequence = \(old.sequence + (isTold ? 1 : 0)),
                changed_at = \(now) WHERE id = \(event)
            """)
        try Roster.releaseAll(event, in: db)
        if isTold { try deed.tell(.cancelled, start: old.start, end: old.end, reason: reason) }
        try deed.record("cancel")
    }
}

enum Reasons {
    static let longest = 500

    static func faults(_ reason: String, needed: Bool) -> [Problem.Fault] {
        if reason.isEmpty, needed { return [Problem.Fault("reason", "missing", "Say why; it is told.")] }
        if reason.unicodeScalars.count > longest {
            return [Problem.Fault("reason", "too-long", "The reason is longer than \(longest).", slots: ["max": "\(longest)"])]
        }
        return []
    }
}

/// Says that an event was held. Needs `manageEvents` or `fileReports`. Not before it began.
struct HoldEvent: Action {
    let event: EventID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        if !deed.scope.holds(.manageEvents, over: deed.event) { try deed.scope.require(.fileReports, over: deed.event) }
        try Self.hold(deed.event, at: now, in: db)
        try deed.record("hold")
    }

    /// The row alone; where rights were judged.
    static func hold(_ event: Event, at now: Instant, in db: any Writing) throws {
        let state = try event.after(.hold)
        guard event.start <= now else { throw Problem.conflict("event-early", "It has not begun yet.") }
        try db.run("UPDATE event SET state = \(state), changed_at = \(now) WHERE id = \(event.id)")
        try EventIndex.changed([event.id], at: now, in: db)
    }
}

/// Confirms that the class of an event is what it is said to be. Needs `approveMaterials` over the host unit; by a second
/// person, who belongs to an organisation that is not the host's.
struct ConfirmClass: Action {
    let event: EventID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        try deed.scope.require(.approveMaterials, over: deed.event)
        if deed.event.isOver { throw Problem.conflict("event-state", "It is over.", slots: ["state": deed.event.state.rawValue]) }
        let foreign = actor.organizations.contains { $0 != deed.event.organization }
            && !actor.organizations.contains(deed.event.organization)
        guard actor.person != deed.event.author, foreign || actor.kind == .operator else {
            throw Problem(
                "second-person", status: 403, "The class is confirmed by a second person, of another organisation than the host.")
        }
        try db.run("UPDATE event SET class_by = \(actor.person), changed_at = \(now) WHERE id = \(event)")
        try deed.record("class", deed.event.isCampaigning ? "campaigning" : "information")
    }
}
