import JarshyKit
import Storage

/// Draws up an event, or a series of them a week apart. Needs `manageEvents` over the host unit.
struct DraftEvent: Action {
    let input: EventInput
    /// How many, a week apart; more than one is a series.
    var times = 1

    static let mostTimes = 20

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> [EventID] {
        let scope = try EventScope(actor, at: now, in: db)
        let facts = try EventFacts(input, scope: scope, in: db)
        guard (1...Self.mostTimes).contains(times) else {
            throw Problem.invalid([.bounds("times", 1, Int64(Self.mostTimes))])
        }
        let last = input.day.advanced(by: 7 * (times - 1))
        guard last <= facts.campaign.last else {
            throw Problem.invalid([
                .init(
                    "times", "day-outside-campaign", "The series goes beyond the campaign.",
                    slots: ["first": facts.campaign.first.description, "last": facts.campaign.last.description])
            ])
        }
        let series = times > 1 ? SeriesID.make(at: now) : nil
        let place = try input.place?.keep(in: facts.territory, at: now, db: db)
        return try (0..<times).map { n in
            try insert(facts, place: place, series: series, day: input.day.advanced(by: 7 * n), by: actor, at: now, in: db)
        }
    }

    private func insert(
        _ facts: EventFacts, place: PlaceID?, series: SeriesID?, day: Day, by actor: Actor, at now: Instant, in db: any Writing
    ) throws -> EventID {
        let id = EventID.make(at: now)
        let start = Zone.kazakhstan.instant(day, minute: input.minute)
        let (shown, group): (Event.Shown, Event.Class) =
            (input.isPublic ? .public : .internal, input.isCampaigning ? .campaigning : .information)
        try db.run(
            """
            INSERT INTO event (id, campaign, unit, organization, kind, activity, audience, topic, language, title, form,
                territory, place, link, start_at, end_at, state, shown, class, reason, series, sequence, author, made_at,
                changed_at)
            VALUES (\(id), \(facts.campaign.no), \(facts.unit.no), \(facts.organization), \(input.kind), \(facts.activity),
                \(facts.audience), \(facts.topic), \(input.language), \(facts.title), \(input.form), \(facts.territory),
                \(place), \(facts.link), \(start), \(start.advanced(seconds: input.minutes * 60)), 'draft', \(shown),
                \(group), '', \(series), 0, \(actor.person), \(now), \(now))
            """)
        try db.insert(
            "INSERT INTO event_partner (event, unit) VALUES", rows: facts.partners.map { [id.bind, $0.bind] })
        try EventIndex.changed([id], at: now, in: db)
        try Feed.record(FeedLine("draft", "event", id, unit: facts.unit.no), by: actor, at: now, in: db)
        return id
    }
}

/// Changes what is said of an event that is still to come; its time is moved by `MoveEvent`, its host stays. Needs
/// `manageEvents`. A changed class or organisation loses the second person's word; what was told publicly is told anew.
struct EditEvent: Action {
    let event: EventID
    let input: EventInput

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let deed = try EventDeed(event, by: actor, at: now, in: db)
        try deed.requireManaging()
        let old = deed.event
        if old.isOver { throw Problem.conflict("event-state", "What was held or cancelled stands.", slots: ["state": old.state.rawValue]) }
        var input = input
        (input.unit, input.day, input.minute, input.minutes) =
            (deed.scope.tree.code(of: old.unit), old.day, old.minute, old.minutes)
        let facts = try EventFacts(input, scope: deed.scope, in: db)
        let classBy = input.isCampaigning == old.isCampaigning && facts.organization == old.organization ? old.classBy : nil
        var edited = old
        (edited.isPublic, edited.isCampaigning, edited.classBy, edited.organization) =
            (input.isPublic, input.isCampaigning, classBy, facts.organization)
        try PublicOffice.check(edited, in: db)
        if old.state.isTold { try EventRelease.pass(.announcement, edited, in: facts.campaign, at: now, db: db) }
        let place = try input.place?.keep(in: facts.territory, at: now, db: db)
        let seen = old.state.isTold
            && (place != old.place || facts.link != old.link || input.form != old.form || facts.territory != old.territory
                || facts.title != old.title)
        let (shown, group): (Event.Shown, Event.Class) =
            (input.isPublic ? .public : .internal, input.isCampaigning ? .campaigning : .information)
        try db.run(
            """
            UPDATE event SET organization = \(facts.organization), kind = \(input.kind), activity = \(facts.activity),
                audience = \(facts.audience), topic = \(facts.topic), language = \(input.language), title = \(facts.title),
                form = \(input.form), territory = \(facts.territory), place = \(place), link = \(facts.link),
                shown = \(shown), class = \(group), class_by = \(classBy), sequence = \(old.sequence + (seen ? 1 : 0)),
                changed_at = \(now)
            WHERE id = \(event)
            """)
        try db.run("DELETE FROM event_partner WHERE event = \(event)")
        try db.insert(
            "INSERT INTO event_partner (event, unit) VALUES", rows: facts.partners.map { [event.bind, $0.bind] })
        if seen { try deed.tell(.changed, start: old.start, end: old.end) }
        try EventIndex.changed([event], at: now, in: db)
        try deed.record("edit")
    }
}
