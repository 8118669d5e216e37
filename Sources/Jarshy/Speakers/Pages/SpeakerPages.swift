import JarshyKit
import Storage

/// One speaker: the entry in the register, posts, days away, events, and the form that changes it.
enum SpeakerPages {
    enum Deed: String, CaseIterable, Sendable {
        case end, post, postEnd = "post-end", away, awayEnd = "away-end"
    }

    static func routes(_ site: inout Routes) {
        site.get("/speakers/new", .right(.manageSpeakers)) { visit in try await form(visit, problem: nil) }
        site.get("/speakers/{id}", .signedIn) { visit in try await page(visit) }
        site.get("/speakers/{id}/edit", .signedIn) { visit in try await form(visit, problem: nil) }
        site.post("/speakers/save", .right(.manageSpeakers)) { visit in
            try await visit.attempt({ try await save(visit) }, again: { try await form(visit, problem: $0) })
        }
        for deed in Deed.allCases {
            site.post("/speakers/{id}/\(deed.rawValue)", .signedIn) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit) }, again: { try await page(visit, refused: $0) })
            }
        }
    }

    /// Opened by another, the reading is recorded.
    private static func page(_ visit: Visit, refused: Problem? = nil) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, PersonID(visit.parameter("id")))
        let view = try await visit.write { db in
            let view = try SpeakerView(id, actor: actor, now: now, in: db)
            if view.speaker.person != actor.person {
                try db.run(
                    """
                    INSERT INTO personal_read (id, at, reader, subject, page)
                    VALUES (\(ID<SpeakerView>.make(at: now)), \(now), \(actor.person), \(view.speaker.person), \("speaker"))
                    """)
            }
            return view
        }
        let page = SpeakerPage(view, refused: refused, visit: visit)
        return .page("speaker", page, PageHead(page.heading, section: "speakers"))
    }

    private static func form(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        let id = visit.parameters["id"].map { PersonID($0) } ?? PersonID(visit.form.text("person"))
        let isNew = visit.parameters["id"] == nil && visit.method == "GET"
        let facts = try await visit.read { db in
            try SpeakerFormFacts(isNew ? nil : id, campaign: query.text("campaign"), actor: actor, now: now, in: db)
        }
        let page = SpeakerFormPage(facts, form: visit.method == "POST" ? visit.form : nil, problem: problem, words: visit.words)
        return .page("speaker_form", page, PageHead(page.heading, section: "speakers"))
    }

    private static func save(_ visit: Visit) async throws -> Reply {
        let form = visit.form
        guard let person = PersonID(form.text("person")) else {
            throw Problem.invalid([Problem.Fault("person", "missing", "'person' is missing.")])
        }
        var faults: [Problem.Fault] = []
        func whole(_ name: String) -> Int64 {
            if let value = Int64(form.text(name)) { return value }
            faults.append(Problem.Fault(name, "not-number", "'\(name)' is no whole number."))
            return 0
        }
        let (load, rest) = (whole("month_load"), whole("rest_hours"))
        let (from, to) = (EventFormFields.minute(form.text("from")), EventFormFields.minute(form.text("to")))
        if from == nil { faults.append(Problem.Fault("from", "not-time", "The time is 00:00 to 23:59.")) }
        if to == nil { faults.append(Problem.Fault("to", "not-time", "The time is 00:00 to 23:59.")) }
        guard faults.isEmpty, let from, let to else { throw Problem.invalid(faults) }
        try await visit.run(
            SaveSpeaker(
                person: person, campaign: form.text("campaign"), unit: form.text("unit"),
                level: Speaker.Level(rawValue: form.text("level")) ?? .city,
                languages: Set(form.all("languages").compactMap(Language.init(rawValue:))), topics: form.all("topics"),
                places: form.text("places").split(whereSeparator: { " ,;\n".contains($0) }).map(String.init),
                monthLoad: load, restHours: rest, weekdays: Set(form.all("weekdays").compactMap { Int($0) }), from: Int64(from),
                to: Int64(to)))
        return .redirect("/speakers/\(person)", flash: .init(kind: .done, text: visit.words("speaker.saved")))
    }

    private static func perform(_ deed: Deed, _ visit: Visit) async throws -> Reply {
        guard let person = PersonID(visit.parameter("id")) else { throw Problem.notFound("speaker") }
        let (form, words) = (visit.form, visit.words)
        var text = words("speaker.done.\(deed.rawValue)")
        switch deed {
        case .end:
            try await visit.run(EndSpeaker(person: person))
            return .redirect("/speakers", flash: .init(kind: .done, text: text))
        case .post:
            let taken = try await visit.run(
                AddPost(
                    person: person, name: form.text("post"), isPublicOffice: form["office"] == "1",
                    from: Day(form.text("from")) ?? visit.today, to: Day(form.text("to"))))
            if taken > 0 { text = words("speaker.office.taken", ["n": words.format.number(taken)]) }
        case .postEnd:
            guard let post = ID<PostMark>(form.text("post")) else { throw Problem.notFound("post") }
            try await visit.run(EndPost(person: person, post: post))
        case .away:
            guard let from = Day(form.text("away_from")), let to = Day(form.text("away_to")) else {
                throw Problem.invalid([Problem.Fault("away_from", "missing", "Both days are wanted.")])
            }
            try await visit.run(SetAway(person: person, from: from, to: to))
        case .awayEnd:
            guard let away = ID<AwayMark>(form.text("away")) else { throw Problem.notFound("away") }
            try await visit.run(EndAway(person: person, away: away))
        }
        return .redirect("/speakers/\(person)", flash: .init(kind: .done, text: text))
    }
}

/// One speaker's page, read with a fixed number of statements.
struct SpeakerView: Sendable {
    let speaker: Speaker
    let campaign: Campaign
    let tree: Tree
    let today: Day
    let topics: [EventTopic]
    let events: [Event]
    let names: EventNames
    let organizations: [(post: String, organization: Trio)]
    let briefs: [(event: EventID, topic: String, version: Int64)]
    let keeps: Bool
    let isSelf: Bool

    init(_ person: PersonID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try SpeakerScope(actor, at: now, in: db)
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen("", on: today)
        let speaker = try scope.find(person, campaign: campaign.no, in: db)
        self.speaker = speaker
        topics = try EventTopic.all(of: campaign.no, in: db)
        events = try db.all(
            Event.self,
            where: """
                FROM event e JOIN event_member m ON m.event = e.id
                WHERE m.person = \(speaker.person) AND m.state IN ('asked', 'invited', 'confirmed')
                    AND e.end_at >= \(now.advanced(seconds: -14 * 86_400)) AND \(try EventScope(actor, at: now, in: db).condition)
                ORDER BY e.start_at, e.id LIMIT 50
                """)
        names = try EventNames(events, campaign: campaign.no, in: db)
        let named = Dictionary(
            try Organization.all(in: db).map { ($0.no, $0.names) }, uniquingKeysWith: { first, _ in first })
        let today = today
        organizations = try PersonRows.affiliations(of: [speaker.person], in: db)
            .filter { $0.to.map { $0 >= today } ?? true }
            .compactMap { held in named[held.organization].map { (held.post, $0) } }
        briefs = try db.all(
            """
            SELECT u.event, b.topic, u.version FROM brief_use u JOIN brief b ON b.id = u.brief
            WHERE u.person = \(speaker.person) ORDER BY u.at DESC LIMIT 50
            """
        ) { row in (try row.next(EventID.self), try row.next(String.self), try row.next(Int64.self)) }
        keeps = scope.keeps(speaker.unit)
        isSelf = speaker.person == actor.person
    }
}

/// Fields as in `speaker.mustache`.
struct SpeakerPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasOffice: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let facts: [EventFact]
    let posts: [SpeakerPost]
    let away: [SpeakerAwayLine]
    let hasAway: Bool
    let rows: [EventRow]
    let isEmpty: Bool
    let canKeep: Bool
    let editURL: String
    let base: String
    let canSetAway: Bool
    let awayFrom: DateField
    let awayTo: DateField
    let post: TextField
    let office: CheckField
    let postFrom: DateField
    let postTo: DateField
    let hasBriefs: Bool
    let briefs: [SpeakerBriefLine]

    init(_ view: SpeakerView, refused: Problem?, visit: Visit) {
        let (words, speaker, form) = (visit.words, view.speaker, visit.form)
        let text = SpeakerText(words: words, tree: view.tree, topics: view.topics)
        let events = EventText(words: words, tree: view.tree, campaign: view.campaign)
        let wrong = FieldErrors(refused, words: words)
        heading = speaker.name
        here = heading
        trail = [TrailLink("/speakers", words("speakers.title"))]
        hasOffice = speaker.hasOffice(on: view.today)
        hasErrors = refused != nil
        errors = refused.map { ErrorSummary($0, words: words) } ?? .none
        let served = speaker.places.map(text.unit).joined(separator: ", ")
        facts = [
            (words("speaker.unit"), text.unit(speaker.unit)), (words("speaker.level"), text.level(speaker.level)),
            (words("speaker.topics"), text.topics(speaker)), (words("speaker.languages"), text.languages(speaker)),
            (words("speaker.places"), served),
            (words("speaker.load"), text.load(speaker.load(around: visit.now), of: speaker.monthLoad)),
            (words("speaker.rest"), words("speaker.rest.hours", ["n": text.number(speaker.restHours)])),
            (words("speaker.available"), "\(text.weekdays(speaker.weekdays)), \(text.hours(speaker.hours))"),
        ].filter { !$0.1.isEmpty }.map { EventFact(fact: $0.0, factText: $0.1, isLink: false) }
        posts = view.organizations.map {
            SpeakerPost(postID: "", postName: "\($0.post) · \($0.organization[words.language])", isOffice: false, span: "", canEnd: false)
        } + speaker.posts.map { post in
            SpeakerPost(
                postID: post.id.description, postName: post.name, isOffice: post.isPublicOffice, span: words.span(post.from, post.to),
                canEnd: view.keeps && (post.to.map { $0 > view.today } ?? true))
        }
        canSetAway = view.keeps || view.isSelf
        let may = canSetAway
        away = speaker.away.map { SpeakerAwayLine(awayID: $0.id.description, awaySpan: words.span($0.from, $0.to), canEnd: may) }
        hasAway = !away.isEmpty
        rows = view.events.map { EventRow(event: $0, names: view.names, text: events) }
        isEmpty = rows.isEmpty
        canKeep = view.keeps
        base = "/speakers/\(speaker.person)"
        editURL = "\(base)/edit"
        awayFrom = DateField("away_from", words("speaker.away.from"), value: form.text("away_from"), error: wrong["away_from"], required: true)
        awayTo = DateField("away_to", words("speaker.away.to"), value: form.text("away_to"), error: wrong["to"], required: true)
        post = TextField("post", words("speaker.post"), value: ID<PostMark>(form.text("post")) == nil ? form.text("post") : "", error: wrong["post"], required: true)
        office = CheckField("office", words("speaker.office.check"), checked: form["office"] == "1", hint: words("speaker.office.hint"))
        postFrom = DateField("from", words("speaker.post.from"), value: form.text("from"))
        postTo = DateField("to", words("speaker.post.to"), value: form.text("to"))
        let titles = Dictionary(view.events.map { ($0.id, events.title($0, topics: view.names.topics)) }, uniquingKeysWith: { first, _ in first })
        briefs = view.briefs.map { use in
            SpeakerBriefLine(
                briefText: words("brief.used", ["topic": text.topic(use.topic), "n": text.number(Int(use.version))]),
                eventURL: "/events/\(use.event)", eventName: titles[use.event] ?? words("event.title"))
        }
        hasBriefs = !briefs.isEmpty
    }
}

struct SpeakerPost: PageModel {
    let postID: String
    let postName: String
    let isOffice: Bool
    let span: String
    let canEnd: Bool
}

struct SpeakerAwayLine: PageModel {
    let awayID: String
    let awaySpan: String
    let canEnd: Bool
}

struct SpeakerBriefLine: PageModel {
    let briefText: String
    let eventURL: String
    let eventName: String
}
