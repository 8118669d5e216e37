import JarshyKit
import Storage

/// The public page on which anybody proposes. No account, no cookie; the number is shown once, on the page that answers.
enum ProposePages {
    static func routes(_ site: inout Routes) {
        site.get("/propose", .open) { visit in try await form(visit, problem: nil) }
        site.post("/propose", .open) { visit in
            try await visit.attempt({ try await propose(visit) }, again: { try await form(visit, problem: $0) })
        }
    }

    private static func form(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let facts = try await PublicDesk.read(visit)
        let page = ProposePage(facts, visit: visit, problem: problem)
        return .page("propose", page, head(visit, page.heading, facts.campaign)).header("cache-control", "no-store")
    }

    private static func propose(_ visit: Visit) async throws -> Reply {
        let (facts, form) = (try await PublicDesk.read(visit), visit.form)
        guard let id = ProposalID(form.text("proposal")) else { throw FormOperation.missing }
        let action = ProposePublicly(
            id: id, campaign: facts.campaign.code, unit: form.text("unit"),
            language: Language(rawValue: form.text("language")) ?? visit.language, text: form.text("text"),
            contact: form.text("contact"), isAdult: form["adult"] == "1", address: visit.address)
        let (actor, now) = (visit.actor ?? Actor.resident, visit.now)
        let taken = try await visit.write { db in try action.perform(by: actor, at: now, in: db) }
        let (words, text) = (visit.words, ProposalText(words: visit.words))
        let page = ProposedPage(
            heading: words("propose.taken"), numberText: words("ask.number", ["code": taken.number.shown]),
            number: taken.number.shown,
            explain: taken.due.map { words("propose.taken.term", ["day": text.day($0)]) } ?? "",
            known: taken.known.map { words("propose.taken.known", ["state": text.state($0.state)]) } ?? "",
            hasKnown: taken.known != nil, knownURL: taken.known.map { "/proposals/\($0.id)" } ?? "", trackURL: "/proposal",
            againURL: "/propose")
        return .page("proposed", page, head(visit, page.heading, facts.campaign)).header("cache-control", "no-store")
    }

    private static func head(_ visit: Visit, _ title: String, _ campaign: Campaign) -> PageHead {
        PageHead(title, section: "propose", campaign: campaign.names[visit.language])
    }
}

struct ProposedPage: PageModel {
    let heading: String
    let numberText: String
    let number: String
    let explain: String
    let known: String
    let hasKnown: Bool
    let knownURL: String
    let trackURL: String
    let againURL: String
}

struct ProposePage: PageModel {
    let heading: String
    let lead: String
    let by: String
    let hasBy: Bool
    let isStaff: Bool
    let staffURL: String
    let action: String
    let proposal: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let text: AreaField
    let language: SelectField
    let unit: SelectField
    let takesContact: Bool
    let contact: TextField
    let adult: CheckField
    let adultError: String
    let hasAdultError: Bool
    let rulesURL: String
    let trackURL: String
    let listURL: String

    init(_ facts: PublicDesk, visit: Visit, problem: Problem?) {
        let words = visit.words
        let wrong = FieldErrors(problem, words: words)
        let form = visit.method == "POST" ? visit.form : Fields([("language", words.language.rawValue)])
        heading = words("propose.title")
        lead = words.count("propose.lead", facts.desk.answerDays)
        by = facts.organization.map { words("propose.by", ["organization": $0.names[words.language]]) } ?? ""
        hasBy = facts.organization != nil
        isStaff = visit.actor != nil
        staffURL = "/proposals/queue/new"
        action = "/propose?" + Fields([("campaign", facts.campaign.code)]).encoded
        proposal = ProposalID(form.text("proposal"))?.description ?? ProposalID.make(at: visit.now).description
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        text = AreaField(
            "text", words("propose.text"), value: form["text"] ?? "", hint: words("propose.text.hint"), error: wrong["text"],
            required: true, rows: 6, maxLength: QuestionWords.longest)
        language = SelectField(
            "language", words("ask.language"), options: Language.allCases.map { ($0.rawValue, $0.ownName) },
            chosen: form.text("language"), required: true)
        let tree = facts.tree
        let regions = (tree.root.map { tree.children(of: $0) } ?? []).filter { no in
            tree[no].flatMap { tree.kinds[$0.kind]?.territory } ?? false
        }
        unit = SelectField(
            "unit", words("ask.unit"),
            options: [("", words("ask.unit.all"))]
                + regions.map { (tree.code(of: $0), tree[$0]?.titles[words.language] ?? "") },
            chosen: form.text("unit"), hint: words("field.optional"), error: wrong["unit"])
        takesContact = facts.organization != nil
        contact = TextField(
            "contact", words("ask.contact"), value: form.text("contact"), hint: words("propose.contact.hint"),
            error: wrong["contact"])
        adult = CheckField("adult", words("ask.adult"), checked: form["adult"] == "1")
        adultError = wrong["adult"]
        hasAdultError = !wrong["adult"].isEmpty
        rulesURL = "/ask/rules"
        trackURL = "/proposal"
        listURL = "/proposals"
    }
}
