import JarshyKit

/// The page of one question. Fields as in `question.mustache`.
struct QuestionPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let body: String
    let marks: [StateMark]
    let term: String
    let facts: [QuestionFact]
    let hasProblem: Bool
    let problem: ErrorSummary
    let isJoined: Bool
    let headURL: String
    let canPart: Bool
    let partAction: String
    let asked: String
    let hasMembers: Bool
    let members: [QuestionMember]
    let joinings: [QuestionJoining]
    let hasMessages: Bool
    let messages: [QuestionLine]
    let hasNotes: Bool
    let notes: [QuestionLine]
    let canNote: Bool
    let noteAction: String
    let note: AreaField
    let canRoute: Bool
    let topicAction: String
    let topic: SelectField
    let canSend: Bool
    let sendAction: String
    let hasSuggestions: Bool
    let suggestions: [QuestionSuggestion]
    let canAskBack: Bool
    let askBackAction: String
    let askBack: AreaField
    let canClarify: Bool
    let clarifyAction: String
    let clarifyOp: String
    let clarify: AreaField
    let canJoin: Bool
    let joinAction: String
    let target: TextField
    let canDecline: Bool
    let declineAction: String
    let reasons: TilesField
    let canRestore: Bool
    let restoreAction: String
    let canReadContact: Bool
    let contactAction: String
    let hasContact: Bool
    let contact: String
    let history: [QuestionLine]
    let canTell: Bool
    let tellAction: String
    let tellOp: String
    let tellHeading: String
    let tellWhat: String
    let tellVersion: String
    let tellLang: String
    let tellText: String
    let hasWritten: Bool
    let hasAnswer: Bool
    let answerURL: String
    let canAnswer: Bool
    let answerAction: String
    let answerFields: QuestionAnswerForm
    let hasDraft: Bool
    let draft: QuestionDraft
}

struct QuestionAnswerForm: PageModel {
    let title: TextField
    let body: AreaField
    let sources: AreaField
}

/// An answer that waits for the second person.
struct QuestionDraft: PageModel {
    let draftTitle: String
    let draftBody: String
    let draftLang: String
    let draftBy: String
    let draftSources: [AnswerSourceLine]
    let canApprove: Bool
    let approveAction: String
    let sendBackAction: String
    let back: AreaField
}

struct QuestionMember: PageModel {
    let memberURL: String
    let memberBody: String
    let memberLang: String
    let memberSub: String
}

struct QuestionJoining: PageModel {
    let joiningID: String
    let undoAction: String
    let joiningText: String
}

struct QuestionLine: PageModel {
    let who: String
    let when: String
    let said: String
}

struct QuestionSuggestion: PageModel {
    let expertID: String
    let expertName: String
    let why: String
    let first: Bool
}

extension QuestionPage {
    init(_ view: QuestionView, refused: (QuestionPages.Deed, Problem)?, contact: String?, visit: Visit) {
        let (words, question, form) = (visit.words, view.question, visit.form)
        let text = QuestionText(words: words)
        let base = "/questions/\(question.id)"
        let wrong = FieldErrors(refused?.1, words: words)
        func typed(_ deed: QuestionPages.Deed, _ name: String) -> String { refused?.0 == deed ? form[name] ?? "" : "" }
        func name(_ person: PersonID?) -> String { person.flatMap { view.names[$0] } ?? words("question.somebody") }
        let (routes, moderates) = (view.rights.contains(.routeQuestions), view.rights.contains(.moderateQuestions))

        trail = [TrailLink("/questions", words("questions.title"))]
        here = QuestionText.short(question.body, 40)
        heading = words("question.title")
        lang = question.language.rawValue
        body = question.body
        marks = question.isHead
            ? text.marks(question, today: view.today)
            : [StateMark("equal", words("question.joined")), text.mark(view.head.state)]
        term = question.isHead ? text.term(question) : ""
        facts = Self.facts(view, text, name)
        hasProblem = refused != nil
        problem = refused.map { ErrorSummary($0.1, words: words) } ?? .none
        isJoined = !question.isHead
        headURL = "/questions/\(question.head)"
        canPart = !question.isHead && routes
        partAction = base + "/part"
        asked = text.asked(question.asked)
        hasMembers = !view.members.isEmpty
        members = view.members.map { member in
            QuestionMember(
                memberURL: "/questions/\(member.id)", memberBody: QuestionText.short(member.body),
                memberLang: member.language.rawValue,
                memberSub: "\(text.moment(member.askedAt)) · \(view.tree[member.unit]?.titles[words.language] ?? "")")
        }
        joinings = view.joinings.map { joining in
            QuestionJoining(
                joiningID: joining.id.description, undoAction: "/questions/\(joining.question)/undo",
                joiningText: text.moment(joining.at) + " · "
                    + (joining.by == nil ? words("question.joined.equal") : name(joining.by)))
        }
        hasMessages = !view.messages.isEmpty
        messages = view.messages.map { message in
            QuestionLine(
                who: message.fromAsker ? words("question.asker") : name(message.author), when: text.moment(message.at),
                said: message.body)
        }
        hasNotes = !view.notes.isEmpty
        notes = view.notes.map { QuestionLine(who: name($0.author), when: text.moment($0.at), said: $0.body) }
        canNote = view.isExpert || routes || moderates || view.rights.contains(.approveAnswers)
        noteAction = base + "/note"
        note = AreaField(
            "note", words("question.note"), value: typed(.note, "note"), hint: words("question.note.hint"),
            error: refused?.0 == .note ? wrong["note"] : "", required: true, rows: 3)
        canRoute = routes
        topicAction = base + "/topic"
        topic = SelectField(
            "topic", words("question.topic"),
            options: [("", words("ask.topic.unknown"))] + view.desk.topics.map { ($0.code, $0.names[words.language]) },
            chosen: question.topic ?? "")
        let canStep = { (step: Question.Step) in
            question.isHead && Question.state(after: step, from: question.state, hasExpert: question.expert != nil) != nil
        }
        canSend = routes && canStep(.send)
        sendAction = base + "/send"
        suggestions = view.experts.prefix(6).enumerated().map { index, found in
            QuestionSuggestion(found, isFirst: index == 0, tree: view.tree, words: words)
        }
        hasSuggestions = !suggestions.isEmpty
        canAskBack = (routes || view.isExpert) && canStep(.ask) && question.reply != .none
        askBackAction = base + "/ask-back"
        askBack = AreaField(
            "ask", words("question.ask_back"), value: typed(.askBack, "ask"), hint: words("question.ask_back.hint"),
            error: refused?.0 == .askBack ? wrong["text"] : "", required: true, rows: 3, id: "ask-back-text")
        canClarify = (routes || view.isAuthor) && canStep(.clarified)
        clarifyAction = base + "/clarified"
        clarifyOp = OperationID.make(at: visit.now).description
        clarify = AreaField(
            "text", words("question.clarified"), value: typed(.clarified, "text"),
            error: refused?.0 == .clarified ? wrong["text"] : "", required: true, rows: 3, id: "clarified-text")
        canJoin = routes && question.isHead && question.state.isOpen
        joinAction = base + "/join"
        target = TextField(
            "target", words("question.join.target"), value: typed(.join, "target"),
            hint: words("question.join.hint"), error: refused?.0 == .join ? wrong["target"] : "", required: true)
        canDecline = moderates && canStep(.decline)
        declineAction = base + "/decline"
        reasons = TilesField(
            "reason", words("question.decline.reason"),
            choices: ModerationReason.allCases.map { ($0.rawValue, text.reason($0)) }, chosen: typed(.decline, "reason"),
            error: refused?.0 == .decline ? wrong["reason"] : "", required: true)
        canRestore = moderates && canStep(.restore)
        restoreAction = base + "/restore"
        canReadContact = view.mayReadContact && contact == nil
        contactAction = base + "/contact"
        hasContact = contact != nil
        self.contact = contact ?? ""
        canTell = view.tell != nil
        tellAction = base + "/told"
        tellOp = OperationID.make(at: visit.now).description
        let telling = QuestionTelling(view.tell, words: words)
        tellHeading = words(telling.what == .answer ? "question.tell" : "question.tell.news")
        tellWhat = telling.what.rawValue
        tellVersion = "\(telling.version)"
        tellLang = telling.language.rawValue
        tellText = telling.text
        hasWritten = view.hasWritten
        hasAnswer = view.answer?.state == .published
        answerURL = view.answer.map { "/answers/\($0.id)" } ?? ""
        canAnswer = view.isExpert && view.rights.contains(.answerQuestions) && canStep(.submit)
        answerAction = base + "/answer"
        func written(_ name: String, _ stored: String) -> String { refused?.0 == .answer ? form[name] ?? "" : stored }
        answerFields = QuestionAnswerForm(
            title: TextField(
                "title", words("answer.title_field"), value: written("title", view.draft?.question ?? ""),
                hint: words("answer.title_field.hint"), error: refused?.0 == .answer ? wrong["title"] : "", required: true),
            body: AreaField(
                "answer", words("answer.body"), value: written("answer", view.draft?.body ?? ""),
                hint: words("answer.body.hint", ["language": question.language.ownName]),
                error: refused?.0 == .answer ? wrong["answer"] : "", required: true, rows: 8,
                maxLength: AnswerWrites.longest),
            sources: AreaField(
                "sources", words("answer.sources"), value: written("sources", Answer.lines(view.sources, view.facts)),
                hint: words("answer.sources.hint"), error: refused?.0 == .answer ? wrong["sources"] : "", required: true,
                rows: 3))
        hasDraft = question.isHead && question.state == .checking && view.draft != nil
        draft = QuestionDraft(
            draftTitle: view.draft?.question ?? "", draftBody: view.draft?.body ?? "",
            draftLang: question.language.rawValue, draftBy: name(view.draft?.author),
            draftSources: view.sources.map { AnswerSourceLine($0, text: text) },
            canApprove: view.rights.contains(.approveAnswers) && view.draft?.author != visit.actor?.person,
            approveAction: view.answer.map { "/answers/\($0.id)/approve" } ?? "", sendBackAction: base + "/send-back",
            back: AreaField(
                "back", words("answer.back"), value: typed(.sendBack, "back"),
                error: refused?.0 == .sendBack ? wrong["note"] : "", required: true, rows: 2))
        history = view.deeds.map { deed in
            QuestionLine(
                who: view.names[deed.actor ?? PersonID(high: 0, low: 0)] ?? words("question.asker"),
                when: text.moment(deed.at), said: words.find("question.deed.\(deed.verb)") ?? deed.verb)
        }
    }

    private static func facts(
        _ view: QuestionView, _ text: QuestionText, _ name: (PersonID?) -> String
    ) -> [QuestionFact] {
        let (words, question) = (text.words, view.question)
        var facts = [
            QuestionFact(fact: words("question.topic"), factText: view.desk.topic(question.topic)?.names[words.language] ?? words("form.none")),
            QuestionFact(fact: words("question.unit"), factText: view.tree[question.unit]?.titles[words.language] ?? ""),
            QuestionFact(fact: words("question.language"), factText: question.language.ownName),
            QuestionFact(fact: words("question.way"), factText: text.way(question.way)),
            QuestionFact(fact: words("question.reply"), factText: text.reply(question.reply)),
            QuestionFact(fact: words("question.asked_at"), factText: text.moment(question.askedAt)),
            QuestionFact(
                fact: words("question.taken_by"),
                factText: question.author == nil ? words("question.asker") : name(question.author)),
        ]
        if let expert = question.expert { facts.append(QuestionFact(fact: words("question.expert"), factText: name(expert))) }
        if let withdrawal = view.withdrawal {
            facts.append(QuestionFact(fact: text.withdrawn(withdrawal), factText: withdrawal.reason))
        }
        if let reason = question.reason {
            facts.append(QuestionFact(fact: words("question.decline.reason"), factText: text.reason(reason)))
        }
        return facts
    }
}

extension QuestionSuggestion {
    /// Why somebody is suggested, in words: language, territory, load.
    init(_ found: Routing.Suggestion, isFirst: Bool, tree: Tree, words: Words) {
        let expert = found.expert
        expertID = expert.person.description
        expertName = expert.name
        first = isFirst
        why = [
            words(found.speaks ? "question.why.speaks" : "question.why.other_language"),
            tree[expert.unit]?.titles[words.language] ?? "", words.count("question.why.load", Int(expert.load)),
        ].joined(separator: " · ")
    }
}

/// What is to be told, in words: the answer in its own language, the rest in the reader's.
private struct QuestionTelling {
    var what = ToldQuestion.What.answer
    var version: Int64 = 0
    var language: Language
    var text = ""

    init(_ tell: QuestionView.Telling?, words: Words) {
        language = words.language
        switch tell {
        case .answer(let answer): (version, language, text) = (answer.version, answer.language, answer.body)
        case .declined(let reason):
            (what, text) = (.declined, words("letter.declined", ["reason": QuestionText(words: words).reason(reason)]))
        case .withdrawn(let reason): (what, text) = (.withdrawn, words("question.tell.withdrawn", ["reason": reason]))
        case nil: break
        }
    }
}
