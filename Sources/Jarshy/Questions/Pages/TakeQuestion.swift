import JarshyKit
import Storage

/// Staff take a question down: the front office, the telephone, slips of paper from a hall. The form runs the same
/// operation as a phone; its hidden `op` makes sending twice one question.
enum TakeQuestion {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/questions/new", .right(.takeQuestions)) { visit in try await form(visit, problem: nil) }
        site.post("/questions/new", .right(.takeQuestions)) { visit in
            try await visit.attempt(
                {
                    if let before = try await AskedBeforeApi.step(visit) { return try await form(visit, problem: nil, before) }
                    return try await take(visit, intake)
                }, again: { try await form(visit, problem: $0) })
        }
    }

    private struct Facts: Sendable {
        let campaign: Campaign
        let desk: Desk
        let tree: Tree
        let unit: UnitNo
        let places: [UnitNo]
        /// The event it was asked at, when the form was opened from one.
        let event: Event?
    }

    private static func facts(_ visit: Visit) async throws -> Facts {
        let (actor, now, today, query) = (try visit.require(), visit.now, visit.today, visit.query)
        let chosen = visit.form.code("unit") ?? query.code("unit")
        return try await visit.read { db in
            let tree = try Tree.current(in: db)
            let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
            let homes = actor.grants.filter { $0.holds(on: today) && $0.rights.contains(.takeQuestions) }.map(\.unit)
            guard let home = homes.first ?? tree.root else { throw Problem.notFound("unit") }
            let event = try query.code("event").map { try EventScope(actor, at: now, in: db).find(EventID($0), in: db) }
            let unit = chosen.flatMap { tree.find($0)?.no } ?? event?.unit ?? home
            let places = Set(homes + [unit] + tree.children(of: unit) + tree.chain(of: unit)).filter { place in
                actor.holds(.takeQuestions, over: place, in: tree, on: today)
            }
            return Facts(
                campaign: campaign, desk: try Desk.of(campaign.no, in: db), tree: tree, unit: unit,
                places: places.sorted {
                    (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? [])
                }, event: event)
        }
    }

    private static func form(_ visit: Visit, problem: Problem?, _ before: AskedBefore? = nil) async throws -> Reply {
        let facts = try await facts(visit)
        let page = TakeQuestionPage(
            facts.campaign, facts.desk, facts.tree, unit: facts.unit, places: facts.places,
            event: facts.event, form: visit.method == "POST" ? visit.form : nil, before: before,
            problem: problem, now: visit.now, words: visit.words)
        return .page(
            "question_take", page,
            PageHead(page.heading, section: "questions", campaign: facts.campaign.names[visit.language]))
    }

    private static func take(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (actor, form) = (try visit.require(), visit.form)
        let facts = try await facts(visit)
        let contact = form.text("contact")
        var reply = form.text("reply")
        var members: [Json.Member] = [
            .init("op", .text(try FormOperation.id(form).description)), .init("kind", .text(AskQuestion.kind)),
            .init("campaign", .text(facts.campaign.code)), .init("unit", .text(form.text("unit"))),
            .init("way", .text(form.text("way"))), .init("language", .text(form.text("language"))),
            .init("text", .text(form.text("text"))),
        ]
        if let event = facts.event { members.append(.init("event", .text(event.id.description))) }
        if let topic = form.code("topic") { members.append(.init("topic", .text(topic))) }
        if reply.isEmpty { reply = contact.isEmpty ? "number" : "contact" }
        members.append(.init("reply", .text(reply)))
        if reply == "contact" { members.append(try Self.contact(form)) }
        let number = TrackingNumber(form.text("number"))
        if reply == "number", let number { members.append(.init("number", .text(number.text))) }
        if form["prepared"] == "1" { members.append(.init("prepared", .bool(true))) }
        guard let operation = Operation(.object(members), device: "", door: .form),
            let outcome = try await intake.submit([operation], by: actor, at: visit.now).first
        else { throw FormOperation.missing }
        guard outcome.status == .accepted else {
            throw outcome.problem ?? Problem("refused", status: 422, "The question was refused.")
        }
        let words = visit.words
        let text = reply == "number" ? number.map { words("ask.number", ["code": $0.shown]) } ?? "" : words("question.taken")
        return .redirect("/questions/\(operation.id)", flash: .init(kind: .done, text: text))
    }
}

extension TakeQuestion {
    /// The member `contact` of an operation from what a form carries.
    static func contact(_ form: Fields) throws -> Json.Member {
        let typed = form.text("contact")
        guard let known = AskerContact(typed) else {
            throw Problem.invalid([
                typed.isEmpty
                    ? Problem.Fault("contact", "missing", "'contact' is missing.")
                    : Problem.Fault("contact", "not-contact", "This is no phone number and no mail address.")
            ])
        }
        return .init("contact", .object([
            .init("kind", .text(known.kind.rawValue)), .init("value", .text(known.value)),
            .init("adult", .bool(form["adult"] == "1")),
        ]))
    }
}

struct TakeQuestionPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let op: String
    let number: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let text: AreaField
    let asked: AskedView
    let ways: TilesField
    let selects: [SelectField]
    let replies: TilesField
    let contact: TextField
    let adult: CheckField
    let prepared: CheckField
}

extension TakeQuestionPage {
    init(
        _ campaign: Campaign, _ desk: Desk, _ tree: Tree, unit: UnitNo, places: [UnitNo], event: Event?, form: Fields?,
        before: AskedBefore?, problem: Problem?, now: Instant, words: Words
    ) {
        let told = problem.map(Self.told)
        let wrong = FieldErrors(told, words: words)
        let text = QuestionText(words: words)
        let typed = form ?? Fields([
            ("language", event?.language.rawValue ?? words.language.rawValue), ("way", event == nil ? "office" : "event"),
            ("topic", event?.topic ?? ""), ("reply", "number"),
        ])
        trail = [TrailLink("/questions", words("questions.title"))]
        here = words("question.take")
        heading = words("question.take")
        action = "/questions/new?" + Fields(
            [("campaign", campaign.code)] + (event.map { [("event", $0.id.description)] } ?? [])).encoded
        op = OperationID.make(at: now).description
        // Kept through a refusal: the asker may have been told it already.
        number = (TrackingNumber(typed.text("number")) ?? TrackingNumber.make()).text
        hasErrors = problem != nil
        errors = told.map { ErrorSummary($0, words: words) } ?? .none
        self.text = AreaField(
            "text", words("question.text"), value: typed["text"] ?? "", hint: words("question.text.hint"),
            error: wrong["text"], required: true, rows: 4, maxLength: QuestionWords.longest)
        asked = AskedView(before, heading: words("question.asked_before"), form: form, words: words)
        ways = TilesField(
            "way", words("question.way"), choices: Question.Way.taken.map { ($0.rawValue, text.way($0)) },
            chosen: typed.text("way"), error: wrong["way"], required: true)
        selects = [
            SelectField(
                "language", words("ask.language"), options: Language.allCases.map { ($0.rawValue, $0.ownName) },
                chosen: typed.text("language"), error: wrong["language"], required: true),
            SelectField(
                "unit", words("question.unit"),
                options: places.map { (tree.code(of: $0), tree[$0]?.titles[words.language] ?? "") },
                chosen: typed.code("unit") ?? tree.code(of: unit), error: wrong["unit"], required: true),
            SelectField(
                "topic", words("question.topic"),
                options: [("", words("ask.topic.unknown"))] + desk.topics.map { ($0.code, $0.names[words.language]) },
                chosen: typed.text("topic"), error: wrong["topic"]),
        ]
        replies = TilesField(
            "reply", words("question.reply"),
            choices: [.number, .contact, .activist, .none].map { (way: Question.ReplyWay) in (way.rawValue, text.reply(way)) },
            chosen: typed.text("reply"), error: wrong["reply"], required: true)
        contact = TextField(
            "contact", words("ask.contact"), value: typed.text("contact"), hint: words("ask.contact_use"),
            error: wrong["contact"])
        adult = CheckField("adult", words("question.adult"), checked: typed["adult"] == "1")
        prepared = CheckField(
            "prepared", words("question.prepared.check"), checked: typed["prepared"] == "1",
            hint: words("question.prepared.hint"))
    }

    /// The operation tells its faults by their places in JSON; the form has one field for a contact.
    static func told(_ problem: Problem) -> Problem {
        Problem(
            problem.slug, status: problem.status, problem.detail, slots: problem.slots,
            errors: problem.errors.map { fault in
                let field =
                    fault.field == "contact.adult" ? "adult" : fault.field.hasPrefix("contact.") ? "contact" : fault.field
                return Problem.Fault(field, fault.slug, fault.detail, slots: fault.slots)
            })
    }
}
