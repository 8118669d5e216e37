import JarshyKit
import Storage

/// The public bank of answers, and the desk at which staff translate, correct and approve them.
enum AnswerPages {
    static func routes(_ site: inout Routes) {
        site.kept("/answers") { visit in try await list(visit) }
        site.kept("/answers/{id}") { visit in try await page(visit) }
        site.get("/answers/{id}/work", .signedIn) { visit in try await work(visit, problem: nil) }
        site.post("/answers/{id}/rewrite", .signedIn) { visit in
            try await deed(visit) { id, language in
                let form = visit.form
                try await visit.run(
                    RewriteAnswer(
                        answer: id, language: language, title: form.text("title"), body: form.text("answer"),
                        reason: form.text("reason"), sources: form["sources"].map(NamedSource.lines)))
            }
        }
        site.post("/answers/{id}/recheck", .signedIn) { visit in
            try await visit.attempt(
                {
                    let id = try id(visit)
                    try await visit.run(RecheckAnswer(answer: id))
                    return .redirect("/answers/\(id)/work", flash: .init(kind: .done, text: visit.words("answer.rechecked")))
                }, again: { try await work(visit, problem: $0) })
        }
        site.post("/answers/{id}/withdraw", .signedIn) { visit in
            try await visit.attempt(
                {
                    let id = try id(visit)
                    try await visit.run(WithdrawAnswer(answer: id, reason: visit.form.text("reason")))
                    return .redirect("/answers/\(id)/work", flash: .init(kind: .done, text: visit.words("answer.withdrawn.done")))
                }, again: { try await work(visit, problem: $0) })
        }
        site.post("/answers/{id}/approve", .signedIn) { visit in
            try await deed(visit) { id, language in try await visit.run(ApproveAnswer(answer: id, language: language)) }
        }
    }

    private static func id(_ visit: Visit) throws -> AnswerID {
        guard let id = AnswerID(visit.parameter("id")) else { throw Problem.notFound("answer") }
        return id
    }

    private static func deed(_ visit: Visit, _ act: (AnswerID, Language) async throws -> Void) async throws -> Reply {
        try await visit.attempt(
            {
                let id = try id(visit)
                guard let language = Language(rawValue: visit.form.text("language")) else {
                    throw Problem.invalid([.unknown("language", visit.form.text("language"))])
                }
                try await act(id, language)
                let done = visit.words(visit.path.hasSuffix("/approve") ? "answer.approved" : "answer.waits")
                return .redirect("/answers/\(id)/work", flash: .init(kind: .done, text: done))
            }, again: { try await work(visit, problem: $0) })
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let (query, today) = (visit.query, visit.today)
        let view = try await visit.read { db -> AnswerListView in
            let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
            let desk = try Desk.of(campaign.no, in: db)
            let topic = desk.topic(query.text("topic"))?.code ?? ""
            let page = try AnswerBank(campaign: campaign.no, topic: topic, db: db)
                .page(after: AnswerBank.Cursor(query.text("after")), before: AnswerBank.Cursor(query.text("before")))
            return AnswerListView(
                campaign: campaign, desk: desk, topic: topic, page: page,
                texts: try AnswerRows.texts(of: page.answers.map(\.id), in: db))
        }
        let page = AnswerListPage(view, query: query, words: visit.words)
        return .page(
            "answers", page, PageHead(page.heading, section: "answers", campaign: view.campaign.names[visit.language]))
    }

    private static func page(_ visit: Visit) async throws -> Reply {
        let (id, actor, today) = (try id(visit), visit.actor, visit.today)
        let view = try await visit.read { db in try AnswerView(id, isPublic: true, actor: actor, today: today, in: db) }
        let page = AnswerPage(view, canPress: actor == nil, words: visit.words)
        // Gone from the bank, and from what search engines keep; the page says why.
        return .page("answer", page, PageHead(page.heading, section: "answers"), status: page.isWithdrawn ? 410 : 200)
    }

    private static func work(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (id, actor, today) = (try id(visit), try visit.require(), visit.today)
        let view = try await visit.read { db in
            let view = try AnswerView(id, isPublic: false, actor: actor, today: today, in: db)
            guard view.mayWrite || view.mayApprove else { throw Problem.notFound("answer") }
            return view
        }
        let page = AnswerWorkPage(view, actor: actor, form: visit.form, problem: problem, words: visit.words)
        return .page("answer_work", page, PageHead(page.heading, section: "questions"))
    }
}

struct AnswerListView: Sendable {
    let campaign: Campaign
    let desk: Desk
    let topic: String
    let page: AnswerBank.Page
    let texts: [AnswerID: [Answer.Text]]
}

/// One answer with everything a page shows of it.
struct AnswerView: Sendable {
    let answer: Answer
    let texts: [Answer.Text]
    let sources: [Answer.Source]
    let facts: [Fact]
    let versions: [Answer.Version]
    let drafts: [Answer.Draft]
    let names: [PersonID: String]
    /// Why it was taken back, where nothing new stands yet.
    let withdrawal: Answer.Withdrawal?
    /// Something it rests on has changed since it was read.
    let isBehind: Bool
    let mayWrite: Bool
    let mayApprove: Bool

    /// - Parameter isPublic: only what is published, or was; everything else is 404.
    init(_ id: AnswerID, isPublic: Bool, actor: Actor?, today: Day, in db: any Reading) throws {
        guard let answer = try AnswerRows.find(id, in: db) else { throw Problem.notFound("answer") }
        withdrawal = try AnswerRows.withdrawal(of: answer, in: db)
        guard !isPublic || answer.state == .published || withdrawal != nil else { throw Problem.notFound("answer") }
        self.answer = answer
        texts = try AnswerRows.texts(of: [id], in: db)[id] ?? []
        sources = try AnswerRows.sources(of: [id], in: db)[id] ?? []
        facts = try AnswerRows.facts(of: id, in: db)
        versions = try AnswerRows.versions(of: id, in: db)
        drafts = isPublic ? [] : try AnswerRows.drafts(of: id, in: db)
        let tree = try Tree.current(in: db)
        let home = answer.unit ?? tree.root
        func holds(_ right: Right) -> Bool {
            home.map { home in actor?.holds(right, over: home, in: tree, on: today) ?? false } ?? false
        }
        isBehind = sources.contains(where: \.hasChanged) || facts.contains(where: \.isBehind)
        mayWrite = holds(.answerQuestions)
        mayApprove = holds(.approveAnswers)
        names = try ReportRows.names(
            [answer.author, answer.approver].compactMap { $0 } + versions.flatMap { [$0.author, $0.approver].compactMap { $0 } }
                + drafts.map(\.author), in: db)
    }
}

struct AnswerListPage: PageModel {
    let heading: String
    let lead: String
    let topics: [QuestionShow]
    let hasTopics: Bool
    let rows: [AnswerListRow]
    let isEmpty: Bool
    let hasPrevious: Bool
    let previousURL: String
    let hasNext: Bool
    let nextURL: String
    let askURL: String

    init(_ view: AnswerListView, query: Fields, words: Words) {
        let text = QuestionText(words: words)
        let plain = query.setting("after", nil).setting("before", nil)
        func address(_ fields: Fields) -> String { ReportListPage.address("/answers", fields) }
        heading = words("answers.title")
        lead = words("answers.lead")
        topics = ([("", words("form.all"))] + view.desk.topics.map { ($0.code, $0.names[words.language]) }).map { code, name in
            QuestionShow(
                showURL: address(plain.setting("topic", code.isEmpty ? nil : code)), showName: name,
                chosen: code == view.topic)
        }
        hasTopics = !view.desk.topics.isEmpty
        rows = view.page.answers.compactMap { answer in
            guard let chosen = view.texts[answer.id]?.chosen(words.language, of: answer) else { return nil }
            return AnswerListRow(
                answerURL: "/answers/\(answer.id)", title: AnswerPage.title(chosen.text), lang: chosen.text.language.rawValue,
                start: QuestionText.short(chosen.text.body, 180), isAsked: answer.asked > 1, asked: text.asked(answer.asked))
        }
        isEmpty = rows.isEmpty
        func link(_ name: String, _ answer: Answer?, _ isThere: Bool) -> String {
            isThere ? answer.map { address(plain.setting(name, AnswerBank.Cursor($0).text)) } ?? "" : ""
        }
        previousURL = link("before", view.page.answers.first, view.page.hasEarlier)
        hasPrevious = !previousURL.isEmpty
        nextURL = link("after", view.page.answers.last, view.page.hasLater)
        hasNext = !nextURL.isEmpty
        askURL = "/ask"
    }
}

struct AnswerListRow: PageModel {
    let answerURL: String
    let title: String
    let lang: String
    let start: String
    let isAsked: Bool
    let asked: String
}
