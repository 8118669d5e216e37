import JarshyKit

/// Staff translate, correct, approve and recheck one answer. Fields as in `answer_work.mustache`.
struct AnswerWorkPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let drafts: [AnswerDraftLine]
    let hasDrafts: Bool
    let sources: [AnswerSourceLine]
    let facts: [AnswerFactLine]
    let isWithdrawn: Bool
    let withdrawnOn: String
    let withdrawnLang: String
    let withdrawnWhy: String
    let canWithdraw: Bool
    let withdrawOpen: Bool
    let withdrawAction: String
    let withdraw: TextField
    let canRecheck: Bool
    let recheckAction: String
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
        facts = view.facts.map { AnswerFactLine($0, language: words.language) }
        isWithdrawn = view.withdrawal != nil
        withdrawnOn = view.withdrawal.map { text.withdrawn($0) } ?? ""
        withdrawnLang = answer.language.rawValue
        withdrawnWhy = view.withdrawal?.reason ?? ""
        canWithdraw = view.mayApprove && answer.state == .published
        withdrawOpen = problem != nil && form["language"] == nil && form["reason"] != nil
        withdrawAction = "/answers/\(answer.id)/withdraw"
        withdraw = TextField(
            "reason", words("answer.withdraw.reason"), value: withdrawOpen ? form["reason"] ?? "" : "",
            hint: words("answer.withdraw.reason.hint"), error: withdrawOpen ? wrong["reason"] : "", required: true,
            id: "withdraw-reason")
        canRecheck = answer.state == .published && view.isBehind && view.mayApprove && answer.author != actor.person
        recheckAction = "/answers/\(answer.id)/recheck"
        mayWrite = view.mayWrite && answer.mayBeRewritten
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
                hasSources: language == answer.language,
                sources: AreaField(
                    "sources", words("answer.sources"), value: field("sources", Answer.lines(view.sources, view.facts)),
                    hint: words("answer.sources.hint"), error: typed ? wrong["sources"] : "", required: true, rows: 3,
                    id: "sources-\(language)"),
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
    let hasSources: Bool
    let sources: AreaField
    let hasReason: Bool
    let reason: TextField
}

extension Answer {
    /// What an answer rests on, as somebody names it again in a form, a line each.
    static func lines(_ sources: [Source], _ facts: [Fact]) -> String {
        let cited = Set(facts.map(\.source))
        let named = sources.filter { $0.source.map { !cited.contains($0) } ?? true }.map { source in
            NamedSource(title: source.title, url: source.url, day: source.day, source: source.source).line
        }
        return (named + facts.map { LibraryCite.Address(source: $0.source, fact: $0.id).path }).joined(separator: "\n")
    }
}
