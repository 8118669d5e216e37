import JarshyKit
import Storage

/// What became of a question, by its number. The number travels in the body of a form, so that it stands in no address, no
/// log and no history; the page is not kept by anybody.
enum TrackPages {
    static func routes(_ site: inout Routes) {
        site.get("/question", .open) { visit in
            .page("track", TrackPage(form: Fields(), problem: nil, words: visit.words), head(visit))
        }
        site.post("/question", .open) { visit in
            try await told(visit) { try await show(visit, done: "") }
        }
        site.post("/question/clarification", .open) { visit in
            try await told(visit) { try await clarify(visit) }
        }
    }

    private static func told(_ visit: Visit, _ work: () async throws -> Reply) async throws -> Reply {
        try await NumberForm.told(
            visit, template: "track", head(visit),
            refused: { TrackPage(form: visit.form, problem: $0, words: visit.words) }, work)
    }

    private static func clarify(_ visit: Visit) async throws -> Reply {
        let action = ClarifyByNumber(number: try NumberForm.number(visit), text: visit.form.text("text"), address: visit.address)
        let now = visit.now
        try await visit.write { db in try action.perform(by: .resident, at: now, in: db) }
        return try await show(visit, done: visit.words("track.clarified"))
    }

    private static func show(_ visit: Visit, done: String) async throws -> Reply {
        let number = try NumberForm.number(visit)
        let view = try await visit.read { db in
            let question = try Tracked.find(number, in: db)
            let head = try QuestionRows.heads(of: [question], in: db)[question.head] ?? question
            let found = try AnswerRows.find(for: head.id, in: db)
            let answer = found.flatMap { $0.state == .published ? $0 : nil }
            return TrackedView(
                question: question, head: head, messages: try QuestionMessage.of(question.id, in: db), answer: answer,
                withdrawal: try found.flatMap { try AnswerRows.withdrawal(of: $0, in: db) },
                texts: try answer.flatMap { try AnswerRows.texts(of: [$0.id], in: db)[$0.id] } ?? [])
        }
        let page = TrackedPage(view, number: number, done: done, words: visit.words)
        return .page("tracked", page, head(visit))
    }

    private static func head(_ visit: Visit) -> PageHead { PageHead(visit.words("track.title"), section: "ask") }
}

/// What the holder of a number may see: the own words, the own exchange, the state of the head, and its answer.
struct TrackedView: Sendable {
    let question: Question
    let head: Question
    let messages: [QuestionMessage]
    let answer: Answer?
    let withdrawal: Answer.Withdrawal?
    let texts: [Answer.Text]
}

struct TrackPage: PageModel {
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let number: TextField
    let askURL: String

    init(form: Fields, problem: Problem?, words: Words) {
        let problem = problem.map { problem in
            problem.slug == "no-number"
                ? Problem.invalid([Problem.Fault("number", "no-number", problem.detail)]) : problem
        }
        heading = words("track.title")
        action = "/question"
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        number = TextField(
            "number", words("track.number"), value: form.text("number"), hint: words("track.number.hint"),
            error: FieldErrors(problem, words: words)["number"], required: true)
        askURL = "/ask"
    }
}

struct TrackedPage: PageModel {
    let heading: String
    let body: String
    let asked: String
    let mark: StateMark
    let explain: String
    let isJoined: Bool
    let hasDone: Bool
    let done: String
    let messages: [TrackedMessage]
    let canClarify: Bool
    let clarifyAction: String
    let number: String
    let text: AreaField
    let askURL: String
    let isWithdrawn: Bool
    let withdrawnOn: String
    let withdrawnLang: String
    let withdrawnWhy: String
    let hasAnswer: Bool
    let answer: String
    let answerLang: String
    let isCorrected: Bool
    let correctedOn: String
    let answerURL: String

    init(_ view: TrackedView, number: TrackingNumber, done: String, words: Words) {
        let (text, question, head) = (QuestionText(words: words), view.question, view.head)
        heading = words("track.heading")
        body = question.body
        asked = text.moment(question.askedAt)
        mark = text.mark(head.state)
        explain =
            switch head.state {
            case .notPublished: head.reason.map { words("track.declined", ["reason": text.reason($0)]) } ?? ""
            case .clarify where question.isHead: words("track.clarify")
            case .clarify: ""
            case .answered, .published: ""
            default: text.term(head)
            }
        isJoined = !question.isHead
        hasDone = !done.isEmpty
        self.done = done
        messages = view.messages.map { message in
            TrackedMessage(
                who: words(message.fromAsker ? "track.you" : "track.we"), when: text.moment(message.at), body: message.body)
        }
        // In the language it was asked in, whatever the page is read in.
        let chosen = view.answer.flatMap { view.texts.chosen(question.language, of: $0) }
        isWithdrawn = view.withdrawal != nil
        withdrawnOn = view.withdrawal.map { text.withdrawn($0) } ?? ""
        withdrawnLang = view.head.language.rawValue
        withdrawnWhy = view.withdrawal?.reason ?? ""
        hasAnswer = chosen != nil
        answer = chosen?.text.body ?? ""
        answerLang = chosen?.text.language.rawValue ?? ""
        isCorrected = (chosen?.text.version ?? 1) > 1
        correctedOn = chosen.map { words("answer.corrected_on", ["day": text.day(Zone.kazakhstan.day(at: $0.text.at))]) } ?? ""
        answerURL = view.answer.map { "/answers/\($0.id)" } ?? ""
        canClarify = question.isHead && question.state == .clarify
        clarifyAction = "/question/clarification"
        self.number = number.shown
        self.text = AreaField(
            "text", words("track.more"), required: true, rows: 4, maxLength: QuestionWords.longest)
        askURL = "/ask"
    }
}

struct TrackedMessage: PageModel {
    let who: String
    let when: String
    let body: String
}
