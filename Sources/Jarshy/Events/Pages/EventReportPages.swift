import JarshyKit
import Storage

/// The report of an event: unit, day, activity, audience, place and partners are the event's; only the numbers are asked for.
/// Questions that were taken down and materials that were handed out stand in it already.
enum EventReportPages {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/events/{id}/report", .right(.fileReports)) { visit in try await page(visit, problem: nil) }
        site.post("/events/{id}/report", .right(.fileReports)) { visit in
            try await visit.attempt({ try await file(visit, intake) }, again: { try await page(visit, problem: $0) })
        }
    }

    private static func facts(_ visit: Visit) async throws -> EventReportFacts {
        let (actor, now, id) = (try visit.require(), visit.now, EventID(visit.parameter("id")))
        let part = EventPart(rawValue: visit.query.text("part"))
        return try await visit.read { db in try EventReportFacts(id, part: part, actor: actor, now: now, in: db) }
    }

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let facts = try await facts(visit)
        let page = EventReportPage(facts, form: visit.method == "POST" ? visit.form : nil, problem: problem, visit: visit)
        return .page(
            "event_report", page, PageHead(page.heading, section: "events", campaign: facts.campaign.names[visit.language]))
    }

    private static func file(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (facts, form) = (try await facts(visit), visit.form)
        let typed = try TypedMetrics(form, of: facts.metrics)
        var members = facts.members(op: try FormOperation.id(form))
        members.append(.init("metrics", typed.json))
        if form.text("counted") == "estimated" { members.append(.init("estimated", .bool(true))) }
        if !form.text("note").isEmpty { members.append(.init("note", .text(form.text("note")))) }
        if form["confirm"] == ConfirmCode.make(facts.event.id.description, typed.values) {
            members.append(.init("confirmed", .bool(true)))
        }
        guard let operation = Operation(.object(members), device: "", door: .form),
            let outcome = try await intake.submit([operation], by: try visit.require(), at: visit.now).first
        else { throw FormOperation.missing }
        if outcome.status == .mismatch {
            throw Problem(
                "already-filed", status: 409, "This form was sent before with other content and is counted.",
                slots: ["report": operation.id.description])
        }
        _ = try outcome.accepted()
        return .redirect(
            "/events/\(facts.event.id)", flash: .init(kind: .done, text: visit.words("report.filed")))
    }
}

/// What the report of an event starts with.
struct EventReportFacts: Sendable {
    let event: Event
    let part: EventPart
    let campaign: Campaign
    let tree: Tree
    let names: EventNames
    let metrics: [Metric]
    /// What is known already, by metric.
    let known: [String: Int64]
    let organization: String?
    let partners: [UnitNo]

    static func parts(_ form: Event.Form) -> [EventPart] {
        switch form {
        case .inPerson: [.hall]
        case .online: [.online]
        case .hybrid: [.hall, .online]
        }
    }

    /// - Throws: 404 outside the scope, 403 without `fileReports` there, 409 when every part has its report.
    init(_ id: EventID?, part: EventPart?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try EventScope(actor, at: now, in: db)
        let event = try scope.find(id, in: db)
        try actor.require(
            .fileReports, over: event.unit, organization: event.organization, in: scope.tree, on: scope.today)
        self.event = event
        tree = scope.tree
        guard let campaign = try Campaigns.current(in: db).find(event.campaign) else { throw Problem.notFound("campaign") }
        self.campaign = campaign
        names = try EventNames([event], campaign: campaign.no, in: db)
        let standing = Set(try EventReports.of([event.id], in: db)[event.id]?.filter { !$0.report.isVoided }.map(\.part) ?? [])
        let open = Self.parts(event.form).filter { !standing.contains($0) }
        guard let chosen = part.flatMap({ open.contains($0) ? $0 : nil }) ?? open.first else {
            throw Problem.conflict("event-reported", "The event has its report. Correct that one.")
        }
        self.part = chosen
        metrics = Self.metrics(event, chosen, campaign)
        let questions = try db.value("SELECT count(*) FROM question WHERE event = \(event.id) AND NOT prepared", as: Int64.self)
        let handed = try db.value(
            "SELECT CAST(coalesce(sum(handed), 0) AS bigint) FROM event_material WHERE event = \(event.id)", as: Int64.self)
        var known: [String: Int64] = [:]
        if !(event.form == .hybrid && chosen == .online) {
            known[campaign.eventMetric] = 1
            if questions > 0 { known["questions"] = questions }
            if handed > 0 { known["leaflets"] = handed }
        }
        self.known = known
        organization = try Organization.all(in: db).first { $0.no == event.organization }?.code
        partners = try Event.partners(of: [event.id], in: db)[event.id] ?? []
    }

    /// What the activity asks for; a stream beside a hall tells its viewers and questions only, and does not count the event.
    private static func metrics(_ event: Event, _ part: EventPart, _ campaign: Campaign) -> [Metric] {
        let asked = campaign.activity(event.activity)?.metrics ?? []
        let peaks = campaign.metrics.filter { !$0.additive }
        var metrics = campaign.metrics.filter { asked.contains($0.code) }
        if metrics.isEmpty { metrics = campaign.metrics.filter(\.additive) }
        if event.form == .hybrid, part == .online {
            return peaks + metrics.filter { ["questions", "answered"].contains($0.code) }
        }
        if event.form == .hybrid { return metrics.filter(\.additive) }
        if let leaflets = campaign.metric("leaflets"), part == .hall, !metrics.contains(leaflets) { metrics.append(leaflets) }
        return metrics
    }

    /// The operation without its numbers.
    func members(op: OperationID) -> [Json.Member] {
        [.init("op", .text(op.description))] + said.members
    }

    private var said: EventReportBody {
        EventReportBody(
            event: event, part: part, campaign: campaign, tree: tree, organization: organization, partners: partners)
    }
}

/// Fields as in `event_report.mustache`.
struct EventReportPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let when: String
    let what: String
    let action: String
    let op: String
    let isHybrid: Bool
    let partName: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let hasConfirm: Bool
    let confirm: ConfirmPanel
    let metrics: [NumberField]
    let counted: TilesField
    let note: AreaField
    let submitLabel: String

    init(_ facts: EventReportFacts, form: Fields?, problem: Problem?, visit: Visit) {
        let (words, event) = (visit.words, facts.event)
        let text = EventText(words: words, tree: facts.tree, campaign: facts.campaign)
        let report = ReportText(words: words, tree: facts.tree, campaign: facts.campaign)
        let told = problem.map { ReportProblem.told($0, report) }
        let asks = problem?.slug == "unusual"
        let wrong = FieldErrors(asks ? nil : told, words: words)
        heading = words("event.report.title")
        trail = [
            TrailLink("/events", words("events.title")),
            TrailLink("/events/\(event.id)", text.title(event, topics: facts.names.topics)),
        ]
        here = heading
        lang = text.lang(event)
        when = text.when(event)
        what = [text.title(event, topics: facts.names.topics), text.place(event, facts.names.places)].joined(separator: " · ")
        action = "/events/\(event.id)/report?" + Fields([("part", facts.part.rawValue)]).encoded
        op = OperationID.make(at: visit.now).description
        isHybrid = event.form == .hybrid
        partName = words("event.part.\(facts.part.rawValue)")
        hasErrors = problem != nil && !asks
        errors = told.map { ErrorSummary($0, words: words) } ?? .none
        hasConfirm = asks
        let typed = form.flatMap { try? TypedMetrics($0, of: facts.metrics).values } ?? []
        confirm = asks
            ? ConfirmPanel(
                items: ConfirmPanel.items(problem?.errors ?? [], unit: event.unit, place: event.territory, text: report),
                name: "confirm", confirmValue: ConfirmCode.make(event.id.description, typed)) : .none
        metrics = facts.metrics.map { metric in
            let field = "metrics.\(metric.code)"
            return NumberField(
                field, metric.names[words.language],
                value: form.map { $0[field] ?? "" } ?? facts.known[metric.code].map(String.init) ?? "",
                hint: words.find("quick.hint.\(metric.code)") ?? "", error: wrong[field], unit: metric.words[words.language],
                min: metric.lowest, max: metric.highest)
        }
        counted = TilesField(
            "counted", words("quick.counted"),
            choices: [("counted", words("state.counted")), ("estimated", words("state.estimated"))],
            chosen: form?["counted"] ?? "counted", layout: "tiles-two")
        note = AreaField(
            "note", words("quick.note"), value: form?["note"] ?? "", hint: words("quick.note.hint"), error: wrong["note"],
            maxLength: 1000)
        submitLabel = words(asks ? "quick.confirm.send" : "report.file")
    }
}
