import JarshyKit
import Storage

/// What the form of a speaker needs.
struct SpeakerFormFacts: Sendable {
    let speaker: Speaker?
    let campaign: Campaign
    let tree: Tree
    let topics: [EventTopic]
    let units: [UnitNo]
    /// People with a role in the units kept who are not in the register.
    let people: [(id: PersonID, name: String)]
    /// The person the entry is of, known or chosen.
    let person: PersonID?
    let name: String

    init(_ person: PersonID?, campaign: String, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try SpeakerScope(actor, at: now, in: db)
        tree = scope.tree
        let (tree, today) = (scope.tree, scope.today)
        let chosen = try Campaigns.current(in: db).chosen(campaign, on: today)
        self.campaign = chosen
        topics = try EventTopic.all(of: chosen.no, in: db)
        self.person = person
        let speaker = try person.flatMap { try SpeakerRows.find($0, campaign: chosen.no, at: now, in: db) }
        if let speaker {
            guard scope.sees(speaker.unit) else { throw Problem.notFound("speaker") }
            try scope.requireKeeping(speaker.unit)
        }
        self.speaker = speaker
        name = try speaker?.name ?? person.flatMap { try ReportRows.names([$0], in: db)[$0] } ?? ""
        let homes = actor.kind == .operator
            ? [tree.root].compactMap { $0 }
            : actor.grants.filter { $0.holds(on: today) && $0.rights.contains(.manageSpeakers) }.map(\.unit)
        var near = homes
        for home in homes { near += tree.children(of: home) }
        // Groups and subgroups stand two and three steps below a district.
        for unit in near { near += tree.children(of: unit).filter { ["group", "subgroup"].contains(tree[$0]?.kind ?? "") } }
        for unit in near { near += tree.children(of: unit).filter { tree[$0]?.kind == "subgroup" } }
        if let unit = speaker?.unit { near.append(unit) }
        units = Array(
            Set(near).sorted { (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? []) }.prefix(400))
        var found: [PersonID: (name: String, key: [UInt8])] = [:]
        if speaker == nil {
            let all = Array(Set(homes.flatMap { tree.subtree(of: $0).prefix(2000) })).sorted()
            for chunk in Padded.chunks(all) where found.count < 400 {
                try db.rows(
                    """
                    SELECT DISTINCT p.id, p.name, p.sort_key FROM role_grant g JOIN person p ON p.id = g.person
                    LEFT JOIN speaker s ON s.person = p.id AND s.ended_at IS NULL
                    WHERE g.unit IN \(chunk) AND s.person IS NULL AND g.from_day <= \(today)
                        AND (g.to_day IS NULL OR g.to_day >= \(today))
                    """
                ) { row in
                    found[try row.next()] = (try row.next(String.self), try row.next(Blob.self).bytes)
                    return true
                }
            }
        }
        people = found.sorted { $0.value.key.lexicographicallyPrecedes($1.value.key) }.map { ($0.key, $0.value.name) }
    }
}

/// Fields as in `speaker_form.mustache`.
struct SpeakerFormPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let campaign: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let isKnown: Bool
    let personID: String
    let person: SelectField
    let unit: SelectField
    let level: SelectField
    let languages: [CheckField]
    let topics: [CheckField]
    let weekdays: [CheckField]
    let places: TextField
    let load: NumberField
    let rest: NumberField
    let from: TextField
    let to: TextField

    init(_ facts: SpeakerFormFacts, form: Fields?, problem: Problem?, words: Words) {
        let text = SpeakerText(words: words, tree: facts.tree, topics: facts.topics)
        let (speaker, wrong) = (facts.speaker, FieldErrors(problem, words: words))
        func typed(_ name: String, _ first: String) -> String { form?[name] ?? first }
        trail = [TrailLink("/speakers", words("speakers.title"))]
        heading = speaker == nil ? words("speaker.new") : words("speaker.edit.of", ["name": facts.name])
        here = heading
        campaign = facts.campaign.code
        hasErrors = problem != nil
        errors = problem.map {
            ErrorSummary($0, words: words, ids: ["languages": "languages-kk", "topics": "topics-0", "weekdays": "weekdays-1"])
        } ?? .none
        isKnown = speaker != nil
        personID = speaker?.person.description ?? ""
        person = SelectField(
            "person", words("speaker.person"),
            options: [("", words("form.none"))] + facts.people.map { ($0.id.description, $0.name) },
            chosen: typed("person", facts.person?.description ?? ""), error: wrong["person"], required: true)
        unit = SelectField(
            "unit", words("speaker.unit"), options: facts.units.map { (facts.tree.code(of: $0), text.unit($0)) },
            chosen: typed("unit", speaker.map { facts.tree.code(of: $0.unit) } ?? ""), hint: words("speaker.unit.hint"),
            error: wrong["unit"], required: true)
        level = SelectField(
            "level", words("speaker.level"), options: Speaker.Level.allCases.map { ($0.rawValue, text.level($0)) },
            chosen: typed("level", speaker?.level.rawValue ?? Speaker.Level.city.rawValue))
        let spoken = form.map { Set($0.all("languages")) } ?? Set(speaker?.languages.map(\.rawValue) ?? ["kk"])
        languages = Language.allCases.map {
            CheckField("languages", $0.ownName, value: $0.rawValue, checked: spoken.contains($0.rawValue), id: "languages-\($0.rawValue)")
        }
        let known = form.map { Set($0.all("topics")) } ?? speaker?.topics ?? []
        topics = facts.topics.enumerated().map { index, topic in
            CheckField(
                "topics", topic.names[words.language], value: topic.code, checked: known.contains(topic.code), id: "topics-\(index)")
        }
        let days = form.map { Set($0.all("weekdays").compactMap { Int($0) }) }
            ?? Set((1...7).filter { (speaker?.weekdays ?? 127) & (1 << ($0 - 1)) != 0 })
        weekdays = (1...7).map {
            CheckField("weekdays", words.format.weekdayName($0), value: "\($0)", checked: days.contains($0), id: "weekdays-\($0)")
        }
        places = TextField(
            "places", words("speaker.places"),
            value: typed("places", speaker?.places.map(facts.tree.code).joined(separator: " ") ?? ""),
            hint: words("speaker.places.hint"), error: wrong["places"])
        load = NumberField(
            "month_load", words("speaker.load.most"), value: typed("month_load", "\(speaker?.monthLoad ?? 8)"),
            hint: words("speaker.load.hint"), error: wrong["month_load"], required: true, min: 1, max: 60)
        rest = NumberField(
            "rest_hours", words("speaker.rest"), value: typed("rest_hours", "\(speaker?.restHours ?? 2)"),
            error: wrong["rest_hours"], required: true, min: 0, max: 72)
        from = TextField(
            "from", words("speaker.from"), value: typed("from", EventFormFields.clock(speaker?.hours.lowerBound ?? 540)),
            error: wrong["from"], required: true)
        to = TextField(
            "to", words("speaker.to"), value: typed("to", EventFormFields.clock(speaker?.hours.upperBound ?? 1260)),
            error: wrong["to"], required: true)
    }
}
