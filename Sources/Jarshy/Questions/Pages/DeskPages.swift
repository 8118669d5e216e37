import JarshyKit
import Storage

/// How a campaign takes questions: in whose name, its terms, its topics, its experts.
enum DeskPages {
    static func routes(_ site: inout Routes) {
        site.get("/questions/desk", .right(.routeQuestions)) { visit in try await page(visit, problem: nil) }
        post("/questions/desk", &site) { visit, campaign in
            let form = visit.form
            try await visit.run(
                SetDesk(
                    campaign: campaign, organization: form.text("organization"),
                    answerDays: try form.wholeNumber("answer_days") ?? 0,
                    contactDays: try form.wholeNumber("contact_days") ?? 0))
        }
        post("/questions/topics", &site) { visit, campaign in
            let form = visit.form
            try await visit.run(
                SaveTopic(
                    campaign: campaign, code: form.text("code"),
                    names: Trio(kk: form.text("name_kk"), ru: form.text("name_ru"), en: form.text("name_en"))))
        }
        post("/questions/experts", &site) { visit, campaign in
            let form = visit.form
            try await visit.run(
                AddExpert(
                    campaign: campaign, topic: form.text("topic"), login: form.text("login"), unit: form.text("unit"),
                    languages: Set(Language.allCases.filter { form.has("speaks_\($0.rawValue)") })))
        }
        post("/questions/experts/{id}/end", &site) { visit, _ in
            guard let id = ID<ExpertMark>(visit.parameter("id")) else { throw Problem.notFound("expert") }
            try await visit.run(EndExpert(expert: id))
        }
    }

    private static func post(
        _ path: String, _ site: inout Routes, _ work: @escaping @Sendable (Visit, String) async throws -> Void
    ) {
        site.post(path, .right(.routeQuestions)) { visit in
            try await visit.attempt(
                {
                    let (code, today) = (visit.query.text("campaign"), visit.today)
                    let campaign = try await visit.read { db in
                        try Campaigns.current(in: db).chosen(code, on: today).code
                    }
                    try await work(visit, campaign)
                    return .redirect(
                        "/questions/desk?" + Fields([("campaign", campaign)]).encoded,
                        flash: .init(kind: .done, text: visit.words("desk.saved")))
                }, again: { try await page(visit, problem: $0) })
        }
    }

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today, code) = (try visit.require(), visit.today, visit.query.text("campaign"))
        let page = try await visit.read { db in
            let tree = try Tree.current(in: db)
            let campaign = try Campaigns.current(in: db).chosen(code, on: today)
            let managesAll = tree.root.map { actor.holds(.manageCampaigns, over: $0, in: tree, on: today) } ?? false
            return DeskPage(
                campaign, try Desk.of(campaign.no, in: db), try Organization.all(in: db),
                experts: try Expert.of(campaign.no, in: db), tree: tree, managesAll: managesAll,
                mayEnd: { actor.holds(.routeQuestions, over: $0, in: tree, on: today) }, form: visit.form,
                path: visit.path, problem: problem, words: visit.words)
        }
        return .page("question_desk", page, PageHead(page.heading, section: "questions"))
    }
}

struct DeskPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let canManage: Bool
    let desk: [QuestionFact]
    let deskAction: String
    let organization: SelectField
    let numbers: [NumberField]
    let topics: [DeskTopic]
    let hasTopics: Bool
    let topicAction: String
    let topicFields: [TextField]
    let experts: [DeskExpert]
    let hasExperts: Bool
    let expertAction: String
    let expertTopic: SelectField
    let expertFields: [TextField]
    let speaks: [CheckField]
}

struct DeskTopic: PageModel {
    let topicName: String
    let topicCode: String
}

struct DeskExpert: PageModel {
    let expertName: String
    let expertTopicName: String
    let expertUnit: String
    let expertSpeaks: String
    let expertLoad: String
    let canEnd: Bool
    let endAction: String
}

extension DeskPage {
    init(
        _ campaign: Campaign, _ desk: Desk, _ organizations: [Organization], experts: [Expert], tree: Tree,
        managesAll: Bool, mayEnd: (UnitNo) -> Bool, form: Fields, path: String, problem: Problem?, words: Words
    ) {
        let wrong = FieldErrors(problem, words: words)
        let query = "?" + Fields([("campaign", campaign.code)]).encoded
        func typed(_ name: String, at address: String) -> String { path == address ? form[name] ?? "" : "" }
        let current = organizations.first { $0.no == desk.organization }
        trail = [TrailLink("/questions", words("questions.title"))]
        here = words("desk.title")
        heading = words("desk.title")
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        canManage = managesAll
        self.desk = [
            QuestionFact(
                fact: words("desk.organization"), factText: current?.names[words.language] ?? words("desk.organization.none")),
            QuestionFact(fact: words("desk.answer_days"), factText: words.format.number(desk.answerDays)),
            QuestionFact(fact: words("desk.contact_days"), factText: words.format.number(desk.contactDays)),
        ]
        deskAction = "/questions/desk" + query
        organization = SelectField(
            "organization", words("desk.organization"),
            options: organizations.map { ($0.code, $0.names[words.language]) }, chosen: current?.code ?? "",
            hint: words("desk.organization.hint"), error: wrong["organization"], required: true)
        numbers = [
            NumberField(
                "answer_days", words("desk.answer_days"), value: String(desk.answerDays), error: wrong["answer_days"],
                required: true, min: 1, max: 30),
            NumberField(
                "contact_days", words("desk.contact_days"), value: String(desk.contactDays), error: wrong["contact_days"],
                required: true, min: 1, max: 365),
        ]
        topics = desk.topics.map { DeskTopic(topicName: $0.names[words.language], topicCode: $0.code) }
        hasTopics = !topics.isEmpty
        topicAction = "/questions/topics" + query
        topicFields = [
            TextField(
                "code", words("desk.topic.code"), value: typed("code", at: "/questions/topics"),
                hint: words("unit.code.hint"), error: wrong["code"], required: true)
        ] + Language.allCases.map { language in
            let field = "name_\(language)"
            return TextField(
                field, words("desk.topic.name") + " (\(language.ownName))", value: typed(field, at: "/questions/topics"),
                error: wrong[field], required: true)
        }
        self.experts = experts.map { expert in
            DeskExpert(
                expertName: expert.name, expertTopicName: desk.topic(expert.topic)?.names[words.language] ?? expert.topic,
                expertUnit: tree[expert.unit]?.titles[words.language] ?? "",
                expertSpeaks: Language.allCases.filter { expert.languages.contains($0) }.map(\.ownName).joined(separator: ", "),
                expertLoad: words.format.number(Int(expert.load)), canEnd: mayEnd(expert.unit),
                endAction: "/questions/experts/\(expert.id)/end" + query)
        }
        hasExperts = !experts.isEmpty
        expertAction = "/questions/experts" + query
        expertTopic = SelectField(
            "topic", words("question.topic"), options: desk.topics.map { ($0.code, $0.names[words.language]) },
            chosen: typed("topic", at: "/questions/experts"), error: wrong["topic"], required: true, id: "expert-topic")
        expertFields = [
            TextField(
                "login", words("desk.expert.login"), value: typed("login", at: "/questions/experts"),
                error: wrong["login"], required: true),
            TextField(
                "unit", words("desk.expert.unit"), value: typed("unit", at: "/questions/experts"),
                hint: words("desk.expert.unit.hint"), error: wrong["unit"], required: true),
        ]
        speaks = Language.allCases.map { language in
            CheckField(
                "speaks_\(language)", language.ownName,
                checked: path == "/questions/experts" ? form.has("speaks_\(language)") : language != .en)
        }
    }
}
