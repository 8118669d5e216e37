import JarshyKit
import Storage

/// Staff take a proposal down at a meeting, by telephone, from slips of paper. The form runs the same operation as a phone;
/// its hidden `op` makes sending twice one proposal.
enum TakeProposal {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/proposals/queue/new", .right(.takeQuestions)) { visit in try await form(visit, problem: nil) }
        site.post("/proposals/queue/new", .right(.takeQuestions)) { visit in
            try await visit.attempt({ try await take(visit, intake) }, again: { try await form(visit, problem: $0) })
        }
    }

    struct Facts: Sendable {
        let campaign: Campaign
        let tree: Tree
        let unit: UnitNo
        let places: [UnitNo]
    }

    private static func facts(_ visit: Visit) async throws -> Facts {
        let (actor, today, query) = (try visit.require(), visit.today, visit.query)
        let chosen = visit.form.code("unit") ?? query.code("unit")
        return try await visit.read { db in
            let tree = try Tree.current(in: db)
            let homes = actor.grants.filter { $0.holds(on: today) && $0.rights.contains(.takeQuestions) }.map(\.unit)
            guard let home = homes.first ?? tree.root else { throw Problem.notFound("unit") }
            let unit = chosen.flatMap { tree.find($0)?.no } ?? home
            let places = Set(homes + [unit] + tree.children(of: unit) + tree.chain(of: unit)).filter { place in
                actor.holds(.takeQuestions, over: place, in: tree, on: today)
            }
            return Facts(
                campaign: try Campaigns.current(in: db).chosen(query.text("campaign"), on: today), tree: tree, unit: unit,
                places: places.sorted { (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? []) })
        }
    }

    private static func form(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let facts = try await facts(visit)
        let page = TakeProposalPage(facts, visit: visit, problem: problem)
        return .page(
            "proposal_take", page,
            PageHead(page.heading, section: "proposals", campaign: facts.campaign.names[visit.language]))
    }

    private static func take(_ visit: Visit, _ intake: Intake) async throws -> Reply {
        let (actor, form) = (try visit.require(), visit.form)
        let facts = try await facts(visit)
        let reply = form.text("reply")
        var members: [Json.Member] = [
            .init("op", .text(try FormOperation.id(form).description)), .init("kind", .text(MakeProposal.kind)),
            .init("campaign", .text(facts.campaign.code)), .init("unit", .text(form.text("unit"))),
            .init("way", .text(form.text("way"))), .init("language", .text(form.text("language"))),
            .init("text", .text(form.text("text"))), .init("reply", .text(reply)),
        ]
        if reply == "contact" { members.append(try TakeQuestion.contact(form)) }
        let number = TrackingNumber(form.text("number"))
        if reply == "number", let number { members.append(.init("number", .text(number.text))) }
        guard let operation = Operation(.object(members), device: "", door: .form),
            let outcome = try await intake.submit([operation], by: actor, at: visit.now).first
        else { throw FormOperation.missing }
        guard outcome.status == .accepted else {
            throw outcome.problem ?? Problem("refused", status: 422, "The proposal was refused.")
        }
        let words = visit.words
        let shown = number.map { words("ask.number", ["code": $0.shown]) } ?? ""
        return .redirect(
            "/proposals/\(operation.id)/work",
            flash: .init(kind: .done, text: reply == "number" ? shown : words("proposal.taken")))
    }
}

struct TakeProposalPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let op: String
    let number: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let text: AreaField
    let ways: TilesField
    let selects: [SelectField]
    let replies: TilesField
    let contact: TextField
    let adult: CheckField

    init(_ facts: TakeProposal.Facts, visit: Visit, problem: Problem?) {
        let words = visit.words
        let told = problem.map(TakeQuestionPage.told)
        let (wrong, text) = (FieldErrors(told, words: words), ProposalText(words: words))
        let typed = visit.method == "POST"
            ? visit.form : Fields([("language", words.language.rawValue), ("way", "event"), ("reply", "number")])
        trail = [TrailLink("/proposals/queue", words("proposals.title"))]
        here = words("proposal.take")
        heading = here
        action = "/proposals/queue/new?" + Fields([("campaign", facts.campaign.code)]).encoded
        op = OperationID.make(at: visit.now).description
        // Kept through a refusal: the sender may have been told it already.
        number = (TrackingNumber(typed.text("number")) ?? TrackingNumber.make()).text
        hasErrors = problem != nil
        errors = told.map { ErrorSummary($0, words: words) } ?? .none
        self.text = AreaField(
            "text", words("proposal.text"), value: typed["text"] ?? "", hint: words("question.text.hint"),
            error: wrong["text"], required: true, rows: 5, maxLength: QuestionWords.longest)
        ways = TilesField(
            "way", words("question.way"), choices: Question.Way.taken.map { ($0.rawValue, text.way($0)) },
            chosen: typed.text("way"), error: wrong["way"], required: true)
        let tree = facts.tree
        selects = [
            SelectField(
                "language", words("ask.language"), options: Language.allCases.map { ($0.rawValue, $0.ownName) },
                chosen: typed.text("language"), error: wrong["language"], required: true),
            SelectField(
                "unit", words("question.unit"),
                options: facts.places.map { (tree.code(of: $0), tree[$0]?.titles[words.language] ?? "") },
                chosen: typed.code("unit") ?? tree.code(of: facts.unit), error: wrong["unit"], required: true),
        ]
        replies = TilesField(
            "reply", words("question.reply"),
            choices: [.number, .contact, .activist, .none].map { (way: Question.ReplyWay) in (way.rawValue, text.reply(way)) },
            chosen: typed.text("reply"), error: wrong["reply"], required: true)
        contact = TextField(
            "contact", words("ask.contact"), value: typed.text("contact"), hint: words("ask.contact_use"),
            error: wrong["contact"])
        adult = CheckField("adult", words("question.adult"), checked: typed["adult"] == "1")
    }
}
