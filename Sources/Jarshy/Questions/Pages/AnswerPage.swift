import JarshyKit

/// A question and its answer, for everybody. Fields as in `answer.mustache`.
struct AnswerPage: PageModel {
    let heading: String
    let lang: String
    let paragraphs: [String]
    let isWithdrawn: Bool
    let withdrawnOn: String
    let withdrawnLang: String
    let withdrawnWhy: String
    let isOld: Bool
    let isOtherLanguage: Bool
    let isBehind: Bool
    let isAsked: Bool
    let asked: String
    let sources: [AnswerSourceLine]
    let facts: [AnswerFactLine]
    let hasFacts: Bool
    let by: String
    let published: String
    let isPrepared: Bool
    let corrections: [AnswerCorrection]
    let hasCorrections: Bool
    let canPress: Bool
    let pressAction: String
    let askURL: String
    let bankURL: String
    let mayWork: Bool
    let workURL: String

    /// The question; where an import brought none, the answer's first words.
    static func title(_ text: Answer.Text) -> String {
        text.question.isEmpty ? QuestionText.short(text.body, 90) : text.question
    }

    init(_ view: AnswerView, canPress: Bool, words: Words) {
        let (answer, text) = (view.answer, QuestionText(words: words))
        let chosen = view.texts.chosen(words.language, of: answer)
        let shown = chosen?.text.language ?? answer.language
        heading = chosen.map { Self.title($0.text) } ?? ""
        lang = shown.rawValue
        paragraphs = (chosen?.text.body ?? "").split(separator: "\n").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
        isWithdrawn = view.withdrawal != nil
        withdrawnOn = view.withdrawal.map { text.withdrawn($0) } ?? ""
        withdrawnLang = answer.language.rawValue
        withdrawnWhy = view.withdrawal?.reason ?? ""
        isOld = chosen?.isOld ?? false
        isBehind = view.isBehind
        isOtherLanguage = shown != words.language
        isAsked = answer.asked > 1
        asked = text.asked(answer.asked)
        sources = view.sources.map { AnswerSourceLine($0, text: text) }
        facts = view.facts.map { AnswerFactLine($0, language: words.language) }
        hasFacts = !facts.isEmpty
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
        self.canPress = canPress && !isWithdrawn
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
    let hasCopy: Bool
    let sourceCopy: String

    init(_ source: Answer.Source, text: QuestionText) {
        sourceTitle = source.title
        // Only web addresses become links, whatever was stored; what stands in the library leads to its page there.
        isLink = source.source != nil || NamedSource.isLink(source.url)
        sourceURL = source.source.map { LibraryCite.Address(source: $0, fact: nil).path } ?? source.url
        hasCopy = source.sha256 != nil
        sourceCopy = source.sha256.map { text.words("answer.copy", ["hash": String(Hex.encoded($0).prefix(16)) + "…"]) } ?? ""
        hasDay = source.day != nil
        sourceDay = source.day.map(text.day) ?? ""
        hasChanged = source.hasChanged
    }
}

/// A fact an answer cites, as it was read.
struct AnswerFactLine: PageModel {
    let factStatement: String
    let factLang: String
    let factURL: String
    let hasChanged: Bool

    init(_ fact: Fact, language: Language) {
        let said = fact.statement(language)
        factStatement = said.text
        factLang = said.language.rawValue
        factURL = LibraryCite.Address(source: fact.source, fact: fact.id).path
        hasChanged = fact.isBehind
    }
}

struct AnswerCorrection: PageModel {
    let correctedOn: String
    let reason: String
    let hasReason: Bool
    let before: String
}
