import JarshyKit
import Storage

/// Drawing up an event and changing it: one form, filled in from the unit and, for the next one, from what is usual.
enum EventForms {
    static func routes(_ site: inout Routes) {
        site.get("/events/new", .right(.manageEvents)) { visit in try await fresh(visit, problem: nil) }
        site.post("/events/new", .right(.manageEvents)) { visit in
            try await visit.attempt({ try await draft(visit) }, again: { try await fresh(visit, problem: $0) })
        }
        site.get("/events/{id}/edit", .signedIn) { visit in try await known(visit, problem: nil) }
        site.post("/events/{id}/edit", .signedIn) { visit in
            try await visit.attempt({ try await edit(visit) }, again: { try await known(visit, problem: $0) })
        }
    }

    private static func fresh(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let facts = try await facts(visit, id: nil)
        let typed = visit.method == "POST" ? visit.form : EventFormFields.fresh(facts, now: visit.now, words: visit.words)
        let page = EventFormPage(facts, typed: typed, event: nil, problem: problem, words: visit.words)
        return reply(page, facts, visit)
    }

    private static func known(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let facts = try await facts(visit, id: EventID(visit.parameter("id")))
        guard let event = facts.event else { throw Problem.notFound("event") }
        let typed = visit.method == "POST" ? visit.form : EventFormFields.of(event, facts)
        let page = EventFormPage(facts, typed: typed, event: event, problem: problem, words: visit.words)
        return reply(page, facts, visit)
    }

    private static func reply(_ page: EventFormPage, _ facts: EventFormFacts, _ visit: Visit) -> Reply {
        .page(
            "event_form", page, PageHead(page.heading, section: "events", campaign: facts.campaign.names[visit.language]))
    }

    private static func facts(_ visit: Visit, id: EventID?) async throws -> EventFormFacts {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        let unit = visit.form.code("unit") ?? query.code("unit")
        let territory = visit.form.code("territory")
        let isNew = visit.parameters["id"] == nil
        return try await visit.read { db in
            if !isNew, id == nil { throw Problem.notFound("event") }
            return try EventFormFacts(
                id: id, unit: unit, territory: territory, campaign: query.text("campaign"), actor: actor, now: now, in: db)
        }
    }

    private static func draft(_ visit: Visit) async throws -> Reply {
        let facts = try await facts(visit, id: nil)
        let input = try EventFormFields.input(visit.form, facts)
        let times = visit.form.text("times").isEmpty ? 1 : Int(visit.form.text("times")) ?? 0
        let made = try await visit.run(DraftEvent(input: input, times: times))
        guard let first = made.first else { throw Problem.notFound("event") }
        return .redirect("/events/\(first)", flash: .init(kind: .done, text: visit.words("event.drafted")))
    }

    private static func edit(_ visit: Visit) async throws -> Reply {
        guard let id = EventID(visit.parameter("id")) else { throw Problem.notFound("event") }
        let facts = try await facts(visit, id: id)
        guard let event = facts.event else { throw Problem.notFound("event") }
        var form = visit.form
        // Its time is moved by a deed of its own.
        let kept = EventFormFields.of(event, facts)
        for name in ["unit", "day", "time", "minutes"] { form = form.setting(name, kept[name]) }
        try await visit.run(EditEvent(event: id, input: try EventFormFields.input(form, facts)))
        return .redirect("/events/\(id)", flash: .init(kind: .done, text: visit.words("event.edited")))
    }
}

/// What the form needs to know, read in one transaction.
struct EventFormFacts: Sendable {
    let event: Event?
    let campaign: Campaign
    let tree: Tree
    let unit: UnitNo
    /// Units the reader may draw up events for, near the chosen one.
    let units: [UnitNo]
    let places: [EventPlace]
    let topics: [EventTopic]
    let organizations: [Organization]
    let partners: [UnitNo]
    let today: Day

    init(
        id: EventID?, unit: String?, territory: String?, campaign: String, actor: Actor, now: Instant, in db: any Reading
    ) throws {
        let scope = try EventScope(actor, at: now, in: db)
        (tree, today) = (scope.tree, scope.today)
        let tree = tree
        let event = try id.map { try scope.find($0, in: db) }
        if let event { try scope.require(.manageEvents, over: event) }
        self.event = event
        let campaigns = try Campaigns.current(in: db)
        self.campaign = try event.flatMap { campaigns.find($0.campaign) } ?? campaigns.chosen(campaign, on: today)
        let home = actor.home(for: [.manageEvents], in: tree, on: today) ?? tree.root ?? .none
        let chosen = event?.unit ?? unit.flatMap { tree.find($0)?.no } ?? home
        self.unit = chosen
        let today = today
        units = Set([home, chosen] + tree.children(of: chosen) + tree.chain(of: chosen))
            .filter { actor.holds(.manageEvents, over: $0, in: tree, on: today) }
            .sorted { (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? []) }
        let around = tree.districtLevel(on: tree.chain(of: chosen)) ?? chosen
        let near = Array(tree.subtree(of: around).prefix(500)) + [event?.territory, territory.flatMap { tree.find($0)?.no }].compactMap { $0 }
        var places = try EventPlace.of(near, in: db)
        if let place = event?.place, !places.contains(where: { $0.id == place }),
            let known = try EventPlace.find([place], in: db)[place]
        {
            places.append(known)
        }
        self.places = places
        topics = try EventTopic.all(of: self.campaign.no, in: db)
        organizations = try Organization.all(in: db)
        partners = try event.map { event in
            try Event.partners(of: [event.id], in: db)[event.id] ?? []
        } ?? []
    }
}

/// The form's fields, there and back.
enum EventFormFields {
    static func fresh(_ facts: EventFormFacts, now: Instant, words: Words) -> Fields {
        let day = min(max(facts.today.advanced(by: 1), facts.campaign.first), facts.campaign.last)
        return Fields([
            ("unit", facts.tree.code(of: facts.unit)), ("kind", Event.Kind.meeting.rawValue), ("day", day.description),
            ("time", "15:00"), ("minutes", "90"), ("form", Event.Form.inPerson.rawValue),
            ("language", words.language == .en ? Language.kk.rawValue : words.language.rawValue),
            ("shown", Event.Shown.public.rawValue), ("class", Event.Class.information.rawValue), ("access", "unknown"),
        ])
    }

    static func of(_ event: Event, _ facts: EventFormFacts) -> Fields {
        let tree = facts.tree
        return Fields([
            ("unit", tree.code(of: event.unit)), ("kind", event.kind.rawValue), ("activity", event.activity),
            ("audience", event.audience), ("topic", event.topic ?? ""), ("language", event.language.rawValue),
            ("title", event.title), ("form", event.form.rawValue), ("territory", tree.code(of: event.territory)),
            ("place", event.place?.description ?? ""), ("link", event.link), ("day", event.day.description),
            ("time", clock(event.minute)), ("minutes", "\(event.minutes)"),
            ("shown", event.isPublic ? "public" : "internal"),
            ("class", event.isCampaigning ? "campaigning" : "information"),
            ("organization", facts.organizations.first { $0.no == event.organization }?.code ?? ""),
            ("partners", facts.partners.map(tree.code).joined(separator: " ")), ("access", "unknown"),
        ])
    }

    static func clock(_ minute: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return two(minute / 60) + ":" + two(minute % 60)
    }

    /// Minutes of "15:00", "9.30", "9"; nil when it is no time.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(whereSeparator: { ":.-".contains($0) })
        guard (1...2).contains(parts.count), let hour = Int(parts[0]), (0...23).contains(hour) else { return nil }
        guard parts.count == 2 else { return hour * 60 }
        guard parts[1].utf8.count == 2, let minute = Int(parts[1]), (0...59).contains(minute) else { return nil }
        return hour * 60 + minute
    }

    /// - Throws: 422 for what cannot be read at all; what it means is judged by the action.
    static func input(_ form: Fields, _ facts: EventFormFacts) throws -> EventInput {
        var faults: [Problem.Fault] = []
        func one<Value: RawRepresentable<String>>(_ name: String, _: Value.Type) -> Value? {
            if let value = Value(rawValue: form.text(name)) { return value }
            faults.append(Problem.Fault(name, "missing", "'\(name)' is missing."))
            return nil
        }
        let kind = one("kind", Event.Kind.self) ?? .meeting
        let shape = one("form", Event.Form.self) ?? .inPerson
        let language = one("language", Language.self) ?? .kk
        let shown = one("shown", Event.Shown.self) ?? .public
        let group = one("class", Event.Class.self) ?? .information
        if Day(form.text("day")) == nil { faults.append(Problem.Fault("day", "missing", "'day' is missing.")) }
        let minute = minute(form.text("time"))
        if minute == nil { faults.append(Problem.Fault("time", "not-time", "The time is 00:00 to 23:59.")) }
        let minutes = Int64(form.text("minutes"))
        if minutes == nil { faults.append(Problem.Fault("minutes", "not-number", "'minutes' is no whole number.")) }
        let capacity = form.text("capacity")
        if !capacity.isEmpty, Int64(capacity) == nil {
            faults.append(Problem.Fault("capacity", "not-number", "'capacity' is no whole number."))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        var input = EventInput(
            campaign: facts.campaign.code, unit: form.text("unit"), kind: kind,
            day: Day(form.text("day")) ?? facts.today, minute: minute ?? 0)
        input.organization = form.text("organization")
        input.activity = form.text("activity")
        input.audience = form.text("audience")
        input.topic = form.text("topic")
        (input.language, input.title, input.form) = (language, form.text("title"), shape)
        (input.territory, input.link, input.minutes) = (form.text("territory"), form.text("link"), minutes ?? 0)
        (input.isPublic, input.isCampaigning) = (shown == .public, group == .campaigning)
        input.partners = form.text("partners").split(whereSeparator: { " ,;\n".contains($0) }).map(String.init)
        let name = cleanedTyping(form.text("place_name"))
        if let known = facts.places.first(where: { $0.id.description == form.text("place") }), name.isEmpty {
            input.territory = facts.tree.code(of: known.unit)
            input.place = PlaceInput(
                name: known.name, address: known.address, capacity: known.capacity, access: known.access,
                isSchool: known.isSchool)
        } else if !name.isEmpty {
            input.place = PlaceInput(
                name: name, address: cleanedTyping(form.text("address")), capacity: Int64(capacity),
                access: EventPlace.Access(rawValue: form.text("access")) ?? .unknown, isSchool: form["school"] == "1")
        }
        return input
    }
}
