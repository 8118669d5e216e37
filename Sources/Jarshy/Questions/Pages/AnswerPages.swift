import JarshyKit
import Storage

/// The public bank of answers, and the desk at which staff translate, correct and approve them.
enum AnswerPages {
    static func routes(_ site: inout Routes) {
        site.get("/answers", .open) { visit in try await list(visit) }
        site.get("/answers/{id}", .open) { visit in try await page(visit) }
        site.post("/answers/{id}/press", .open) { visit in
            let id = try id(visit)
            let action = PressAnswer(answer: id, helped: visit.form.text("helped") == "1", address: visit.address)
            let now = visit.now
            try await visit.write { db in try action.perform(by: .resident, at: now, in: db) }
            return .redirect("/answers/\(id)", flash: .init(kind: .done, text: visit.words("answer.pressed")))
        }
        site.get("/answers/{id}/work", .signedIn) { visit in try await work(visit, problem: nil) }
        site.post("/answers/{id}/rewrite", .signedIn) { visit in
            try await deed(visit) { id, language in
                let form = visit.form
                try await visit.run(
                    RewriteAnswer(
                        answer: id, language: language, title: form.text("title"), body: form.text("answer"),
                        reason: form.text("reason")))
            }
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
        let page = AnswerPage(view, words: visit.words)
        return .page("answer", page, PageHead(page.heading, section: "answers"))
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
    let versions: [Answer.Version]
    let drafts: [Answer.Draft]
    let names: [PersonID: String]
    let mayWrite: Bool
    let mayApprove: Bool

    /// - Parameter isPublic: only what is published; everything else is 404.
    init(_ id: AnswerID, isPublic: Bool, actor: Actor?, today: Day, in db: any Reading) throws {
        guard let answer = try AnswerRows.find(id, in: db), !isPublic || answer.state == .published else {
            throw Problem.notFound("answer")
        }
        self.answer = answer
        texts = try AnswerRows.texts(of: [id], in: db)[id] ?? []
        sources = try AnswerRows.sources(of: [id], in: db)[id] ?? []
        versions = try AnswerRows.versions(of: id, in: db)
        drafts = isPublic ? [] : try AnswerRows.drafts(of: id, in: db)
        let tree = try Tree.current(in: db)
        let home = answer.unit ?? tree.root
        func holds(_ right: Right) -> Bool {
            home.map { home in actor?.holds(right, over: home, in: tree, on: today) ?? false } ?? false
        }
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

struct AnswerPage: PageModel {
    let heading: String
    let lang: String
    let paragraphs: [String]
    let isOld: Bool
    let isOtherLanguage: Bool
    let isAsked: Bool
    let asked: String
    let sources: [AnswerSourceLine]
    let by: String
    let published: String
    let isPrepared: Bool
    let corrections: [AnswerCorrection]
    let hasCorrections: Bool
    let pressAction: String
    let askURL: String
    let bankURL: String
    let mayWork: Bool
    let workURL: String

    /// The question; where an import brought none, the answer's first words.
    static func title(_ text: Answer.Text) -> String {
        text.question.isEmpty ? QuestionText.short(text.body, 90) : text.question
    }

    init(_ view: AnswerView, words: Words) {
        let (answer, text) = (view.answer, QuestionText(words: words))
        let chosen = view.texts.chosen(words.language, of: answer)
        let shown = chosen?.text.language ?? answer.language
        heading = chosen.map { Self.title($0.text) } ?? ""
        lang = shown.rawValue
        paragraphs = (chosen?.text.body ?? "").split(separator: "\n").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
        isOld = chosen?.isOld ?? false
        isOtherLanguage = shown != words.language
        isAsked = answer.asked > 1
        asked = text.asked(answer.asked)
        sources = view.sources.map { AnswerSourceLine($0, text: text) }
        by = answer.imported
            ? words("answer.imported")
            : words(
                "answer.by",
                [
                    "author": view.names[answer.author] ?? words("question.somebody"),
                    "approver": answer.approver.flatMap { view.names[$0] } ?? words("question.somebody"),
                ])
        published = answer.publishedAt.map { text.day(Zone.kazakhstan.day(at: $0)) } ?? ""
        isPrepared = answer.prepared && !answer.imported
        corrections = view.versions.filter { $0.language == shown && $0.version > 1 }.map { version in
            AnswerCorrection(
                correctedOn: words("answer.corrected_on", ["day": text.day(Zone.kazakhstan.day(at: version.at))]),
                reason: version.reason, hasReason: !version.reason.isEmpty,
                before: view.versions.first { $0.language == shown && $0.version == version.version - 1 }?.body ?? "")
        }
        hasCorrections = !corrections.isEmpty
        pressAction = "/answers/\(answer.id)/press"
        askURL = "/ask"
        bankURL = "/answers"
        mayWork = view.mayWrite || view.mayApprove
        workURL = "/answers/\(answer.id)/work"
    }
}

struct AnswerSourceLine: PageModel {
    let sourceTitle: String
    let isLink: Bool
    let sourceURL: String
    let hasDay: Bool
    let sourceDay: String
    let hasChanged: Bool

    init(_ source: Answer.Source, text: QuestionText) {
        sourceTitle = source.title
        // Only web addresses become links, whatever was stored.
        isLink = NamedSource.isLink(source.url)
        sourceURL = source.url
        hasDay = source.day != nil
        sourceDay = source.day.map(text.day) ?? ""
        hasChanged = source.hasChanged
    }
}

struct AnswerCorrection: PageModel {
    let correctedOn: String
    let reason: String
    let hasReason: Bool
    let before: String
}

struct AnswerWorkPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let drafts: [AnswerDraftLine]
    let hasDrafts: Bool
    let sources: [AnswerSourceLine]
    let mayWrite: Bool
    let forms: [AnswerForm]
    let approveAction: String

    init(_ view: AnswerView, actor: Actor, form: Fields, problem: Problem?, words: Words) {
        let (answer, text) = (view.answer, QuestionText(words: words))
        let wrong = FieldErrors(problem, words: words)
        trail = [TrailLink("/questions", words("questions.title"))]
        heading = words("answer.work")
        here = heading
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        approveAction = "/answers/\(answer.id)/approve"
        drafts = view.drafts.map { draft in
            AnswerDraftLine(
                draftLanguage: draft.language.rawValue, draftLanguageName: draft.language.ownName,
                draftTitle: draft.question, draftBody: draft.body, draftReason: draft.reason,
                draftBy: view.names[draft.author] ?? words("question.somebody"), draftAt: text.moment(draft.at),
                canApprove: view.mayApprove && draft.author != actor.person)
        }
        hasDrafts = !drafts.isEmpty
        sources = view.sources.map { AnswerSourceLine($0, text: text) }
        mayWrite = view.mayWrite && answer.state == .published
        forms = Language.allCases.map { language in
            let stands = view.texts.first { $0.language == language }
            let typed = form.text("language") == language.rawValue && problem != nil
            func field(_ name: String, _ stored: String) -> String { typed ? form[name] ?? stored : stored }
            let isOld = stands.map { language != answer.language && $0.basedOn < answer.version } ?? false
            return AnswerForm(
                formLanguage: language.rawValue, formLanguageName: language.ownName,
                formState: stands == nil
                    ? words("answer.untranslated") : isOld ? words("answer.stale") : words("answer.stands"),
                opened: typed, rewriteAction: "/answers/\(answer.id)/rewrite",
                title: TextField(
                    "title", words("answer.title_field"), value: field("title", stands?.question ?? ""),
                    error: typed ? wrong["title"] : "", required: true, id: "title-\(language)"),
                body: AreaField(
                    "answer", words("answer.body"), value: field("answer", stands?.body ?? ""),
                    error: typed ? wrong["answer"] : "", required: true, rows: 8, maxLength: AnswerWrites.longest,
                    id: "answer-\(language)"),
                hasReason: stands != nil,
                reason: TextField(
                    "reason", words("answer.reason"), value: field("reason", ""), hint: words("answer.reason.hint"),
                    error: typed ? wrong["reason"] : "", required: true, id: "reason-\(language)"))
        }
    }
}

struct AnswerDraftLine: PageModel {
    let draftLanguage: String
    let draftLanguageName: String
    let draftTitle: String
    let draftBody: String
    let draftReason: String
    let draftBy: String
    let draftAt: String
    let canApprove: Bool
}

struct AnswerForm: PageModel {
    let formLanguage: String
    let formLanguageName: String
    let formState: String
    let opened: Bool
    let rewriteAction: String
    let title: TextField
    let body: AreaField
    let hasReason: Bool
    let reason: TextField
}
