import JarshyKit
import Storage

/// The public page on which anybody asks. No account, no cookie; the number is shown once, on the page that answers.
enum AskPages {
    static func routes(_ site: inout Routes) {
        site.get("/ask", .open) { visit in try await form(visit, problem: nil) }
        site.post("/ask", .open) { visit in
            try await visit.attempt(
                {
                    if visit.actor == nil, let before = try await AskedBeforeApi.step(visit) {
                        return try await form(visit, problem: nil, before)
                    }
                    return try await ask(visit)
                }, again: { try await form(visit, problem: $0) })
        }
        site.get("/ask/rules", .open) { visit in try await rules(visit) }
    }

    private static func form(_ visit: Visit, problem: Problem?, _ before: AskedBefore? = nil) async throws -> Reply {
        let facts = try await PublicDesk.read(visit)
        let page = AskPage(
            facts.campaign, facts.desk, facts.organization, facts.tree, form: visit.method == "POST" ? visit.form : nil,
            isStaff: visit.actor != nil, before: before, problem: problem, now: visit.now, words: visit.words)
        return .page("ask", page, head(visit, page.heading, facts.campaign)).header("cache-control", "no-store")
    }

    private static func ask(_ visit: Visit) async throws -> Reply {
        let facts = try await PublicDesk.read(visit)
        guard let id = QuestionID(visit.form.text("question")) else { throw FormOperation.missing }
        let form = visit.form
        let action = AskPublicly(
            id: id, campaign: facts.campaign.code, unit: form.text("unit"), topic: form.text("topic"),
            language: Language(rawValue: form.text("language")) ?? visit.language, text: form.text("text"),
            contact: form.text("contact"), isAdult: form["adult"] == "1", address: visit.address)
        let (actor, now) = (visit.actor ?? Actor.resident, visit.now)
        let taken = try await visit.write { db in try action.perform(by: actor, at: now, in: db) }
        let words = visit.words
        let page = AskedPage(
            heading: words("ask.taken"), numberText: words("ask.number", ["code": taken.number.shown]),
            number: taken.number.shown,
            explain: taken.due.map { words("ask.taken.term", ["day": QuestionText(words: words).day($0)]) } ?? "",
            hasAnswer: taken.answer != nil, answerURL: taken.answer.map { "/answers/\($0)" } ?? "", trackURL: "/question",
            againURL: "/ask")
        return .page("asked", page, head(visit, page.heading, facts.campaign)).header("cache-control", "no-store")
    }

    private static func rules(_ visit: Visit) async throws -> Reply {
        let facts = try await PublicDesk.read(visit)
        let (words, language) = (visit.words, visit.language)
        let page = AskRulesPage(
            heading: words("ask.rules"),
            organization: facts.organization.map { words("ask.by", ["organization": $0.names[language]]) } ?? "",
            hasOrganization: facts.organization != nil,
            reasons: ModerationReason.allCases.map { QuestionText(words: words).reason($0) },
            term: words.count("ask.rules.term", facts.desk.answerDays),
            contact: words.count("ask.rules.contact", facts.desk.contactDays), askURL: "/ask")
        return .page("ask_rules", page, head(visit, page.heading, facts.campaign))
    }

    private static func head(_ visit: Visit, _ title: String, _ campaign: Campaign) -> PageHead {
        PageHead(title, section: "ask", campaign: campaign.names[visit.language])
    }
}

struct AskPage: PageModel {
    let heading: String
    let lead: String
    let by: String
    let hasBy: Bool
    let isStaff: Bool
    let staffURL: String
    let action: String
    let question: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let text: AreaField
    let asked: AskedView
    let language: SelectField
    let unit: SelectField
    let hasTopics: Bool
    let topic: SelectField
    let takesContact: Bool
    let contact: TextField
    let adult: CheckField
    let adultError: String
    let hasAdultError: Bool
    let rulesURL: String
    let trackURL: String
}

struct AskedPage: PageModel {
    let heading: String
    let numberText: String
    let number: String
    let explain: String
    let hasAnswer: Bool
    let answerURL: String
    let trackURL: String
    let againURL: String
}

struct AskRulesPage: PageModel {
    let heading: String
    let organization: String
    let hasOrganization: Bool
    let reasons: [String]
    let term: String
    let contact: String
    let askURL: String
}

extension AskPage {
    init(
        _ campaign: Campaign, _ desk: Desk, _ organization: Organization?, _ tree: Tree, form: Fields?, isStaff: Bool,
        before: AskedBefore?, problem: Problem?, now: Instant, words: Words
    ) {
        let wrong = FieldErrors(problem, words: words)
        let form = form ?? Fields([("language", words.language.rawValue)])
        heading = words("ask.title")
        lead = words.count("ask.lead", desk.answerDays)
        by = organization.map { words("ask.by", ["organization": $0.names[words.language]]) } ?? ""
        hasBy = organization != nil
        self.isStaff = isStaff
        staffURL = "/questions/new"
        action = "/ask?" + Fields([("campaign", campaign.code)]).encoded
        question = QuestionID(form.text("question"))?.description ?? QuestionID.make(at: now).description
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        text = AreaField(
            "text", words("ask.text"), value: form["text"] ?? "", hint: words("ask.text.hint"), error: wrong["text"],
            required: true, rows: 5, maxLength: QuestionWords.longest)
        asked = AskedView(before, heading: words("ask.asked_before"), form: form, words: words)
        language = SelectField(
            "language", words("ask.language"), options: Language.allCases.map { ($0.rawValue, $0.ownName) },
            chosen: form.text("language"), required: true)
        let regions = tree.root.map { tree.children(of: $0) } ?? []
        unit = SelectField(
            "unit", words("ask.unit"),
            options: [("", words("ask.unit.all"))]
                + regions.filter { tree[$0].flatMap { tree.kinds[$0.kind]?.territory } ?? false }.map { no in
                    (tree.code(of: no), tree[no]?.titles[words.language] ?? "")
                },
            chosen: form.text("unit"), hint: words("field.optional"), error: wrong["unit"])
        hasTopics = !desk.topics.isEmpty
        topic = SelectField(
            "topic", words("ask.topic"),
            options: [("", words("ask.topic.unknown"))] + desk.topics.map { ($0.code, $0.names[words.language]) },
            chosen: form.text("topic"), hint: words("field.optional"), error: wrong["topic"])
        takesContact = organization != nil
        contact = TextField(
            "contact", words("ask.contact"), value: form.text("contact"), hint: words("ask.contact.hint"),
            error: wrong["contact"], autocomplete: "off")
        adult = CheckField("adult", words("ask.adult"), checked: form["adult"] == "1")
        adultError = wrong["adult"]
        hasAdultError = !wrong["adult"].isEmpty
        rulesURL = "/ask/rules"
        trackURL = "/question"
    }
}
