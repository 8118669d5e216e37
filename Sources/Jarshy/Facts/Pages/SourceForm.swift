import JarshyKit

/// The form of a source: a new one, or a change with its reason.
struct SourceForm: PageModel {
    let hasErrors: Bool
    let errors: ErrorSummary
    let texts: [TextField]
    let statement: AreaField
    let issued: DateField
    let classes: TilesField
    let hasReason: Bool
    let reason: TextField

    /// - Parameters:
    ///   - form: what was typed, when it was refused.
    ///   - id: tells the fields of two forms on one page apart.
    init(_ source: Source?, form: Fields?, problem: Problem?, id: String, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        func typed(_ name: String, _ spare: String?) -> String { form.map { $0[name] ?? "" } ?? spare ?? "" }
        func text(_ name: String, _ spare: String?, hint: String = "", required: Bool = false) -> TextField {
            TextField(
                name, words("fact.\(name)"), value: typed(name, spare), hint: hint, error: wrong[name], required: required,
                id: "\(id)-\(name)")
        }
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        texts = [
            text("title", source?.title, hint: words("fact.title.hint"), required: true),
            text("section", source?.section, hint: words("fact.section.hint")),
            text("url", source?.url, hint: words("fact.url.hint")),
        ]
        statement = AreaField(
            "statement", words("fact.statement"), value: typed("statement", source?.statement),
            hint: words("fact.statement.hint"), error: wrong["statement"], rows: 5, maxLength: LibraryText.longest,
            id: "\(id)-statement")
        issued = DateField(
            "issued", words("fact.issued"), value: typed("issued", source?.issued?.description), error: wrong["issued"],
            id: "\(id)-issued")
        classes = SourceForm.classes(chosen: typed("class", source?.itemClass.rawValue), error: wrong["class"], id: id, words: words)
        hasReason = source != nil
        reason = text("reason", "", hint: words("fact.reason.hint"), required: true)
    }

    static func classes(chosen: String, error: String, id: String, words: Words) -> TilesField {
        TilesField(
            "class", words("fact.class"),
            choices: Release.ItemClass.allCases.map { ($0.rawValue, words("fact.class.\($0.rawValue)")) }, chosen: chosen,
            hint: words("fact.class.hint"), error: error, required: true, id: "\(id)-class")
    }

    static func text(_ form: Fields) throws -> SourceText {
        let typed = form.text("issued")
        let issued = Day(typed)
        if !typed.isEmpty, issued == nil {
            throw Problem.invalid([Problem.Fault("issued", "wrong-type", "'issued' is a day, as YYYY-MM-DD.")])
        }
        return SourceText(
            title: form.text("title"), section: form.text("section"), url: form.text("url"), statement: form.text("statement"),
            issued: issued, itemClass: try itemClass(form))
    }

    static func itemClass(_ form: Fields) throws -> Release.ItemClass {
        guard let itemClass = Release.ItemClass(rawValue: form.text("class")) else {
            throw Problem.invalid([Problem.Fault("class", "missing", "'class' is information or campaigning.")])
        }
        return itemClass
    }

    static func fact(_ form: Fields) throws -> FactText {
        FactText(
            statements: Dictionary(
                uniqueKeysWithValues: Language.allCases.map { ($0, form.text("statement_\($0.rawValue)")) }),
            itemClass: try itemClass(form))
    }
}

/// The form of a fact: a new one, or a change with its reason.
struct FactForm: PageModel {
    let hasErrors: Bool
    let errors: ErrorSummary
    let statements: [AreaField]
    let classes: TilesField
    let hasReason: Bool
    let reason: TextField

    init(_ fact: Fact?, form: Fields?, problem: Problem?, id: String, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        func typed(_ name: String, _ spare: String?) -> String { form.map { $0[name] ?? "" } ?? spare ?? "" }
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        statements = Language.allCases.map { language in
            let name = "statement_\(language.rawValue)"
            return AreaField(
                name, words("fact.said", ["language": language.ownName]), value: typed(name, fact?.statements[language]),
                error: wrong[name], rows: 2, maxLength: 1000, id: "\(id)-\(name)")
        }
        classes = SourceForm.classes(
            chosen: typed("class", fact?.itemClass.rawValue), error: wrong["class"], id: id, words: words)
        hasReason = fact != nil
        reason = TextField(
            "reason", words("fact.reason"), value: typed("reason", ""), hint: words("fact.reason.hint"),
            error: wrong["reason"], required: true, id: "\(id)-reason")
    }
}
