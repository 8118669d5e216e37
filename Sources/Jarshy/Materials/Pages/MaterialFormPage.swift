import JarshyKit

/// The form of a material. Fields as in `material_form.mustache`.
struct MaterialFormPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let names: [TextField]
    let hasUnits: Bool
    let selects: [SelectField]
    let kinds: TilesField
    let classes: TilesField
    let imprint: [TextField]
    let printed: TilesField
    let print: [TextField]
    let run: NumberField
    let languagesLabel: String
    let languages: [CheckField]

    init(_ facts: MaterialFormFacts, form: Fields?, problem: Problem?, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        let known = facts.draft ?? facts.after
        let start = known?.form
        func value(_ name: String, _ kept: String?) -> String { form?[name] ?? kept ?? "" }
        trail = [TrailLink("/materials", words("nav.materials"))]
            + (known.map { [TrailLink("/materials/\($0.id)", $0.names[words.language])] } ?? [])
        here = words(facts.draft != nil ? "material.edit" : facts.after != nil ? "material.follow" : "material.new")
        heading = here
        var query = Fields([("campaign", facts.campaign.code)])
        if let after = facts.after { query.append("after", after.id.description) }
        action = facts.draft.map { "/materials/\($0.id)/edit" } ?? "/materials/new?" + query.encoded
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words, ids: ["languages": "language_kk"]) } ?? .none
        names = Language.allCases.map { language in
            let name = "name_\(language.rawValue)"
            return TextField(
                name, words("material.\(name)"), value: value(name, start?.names[language]), error: wrong[name], required: true)
        }
        hasUnits = known == nil
        selects = [
            SelectField(
                "unit", words("material.unit"),
                options: UnitText(words: words).options(facts.places, in: facts.tree),
                chosen: form?.code("unit") ?? facts.places.first.map { facts.tree.code(of: $0) } ?? "",
                hint: words("material.unit.hint"), error: wrong["unit"], required: true)
        ]
        kinds = TilesField(
            "kind", words("material.kind"),
            choices: MaterialForm.Kind.allCases.map { ($0.rawValue, words("material.kind.\($0.rawValue)")) },
            chosen: value("kind", start?.kind.rawValue), error: wrong["kind"], required: true, layout: "tiles-two")
        classes = TilesField(
            "class", words("material.class"),
            choices: MaterialClass.allCases.map { ($0.rawValue, words("material.class.\($0.rawValue)")) },
            chosen: value("class", start?.class.rawValue), hint: words("material.class.hint"), error: wrong["class"],
            required: true)
        func text(_ field: MaterialImprint.Part) -> TextField {
            TextField(
                field.rawValue, words("material.imprint.\(field.rawValue)"), value: value(field.rawValue, start?.imprint[field]),
                error: wrong[field.rawValue])
        }
        imprint = MaterialImprint.Part.texts.filter { !$0.isOfPrint }.map(text)
        printed = TilesField(
            "printed", words("material.printed"),
            choices: [("1", words("material.printed.yes")), ("0", words("material.printed.no"))],
            chosen: value("printed", start.map { $0.imprint.isPrinted ? "1" : "0" } ?? "1"))
        print = MaterialImprint.Part.texts.filter(\.isOfPrint).map(text)
        run = NumberField(
            "print_run", words("material.imprint.print_run"), value: value("print_run", start?.imprint[.run]),
            error: wrong["print_run"], max: MaterialForm.longestRun)
        languagesLabel = words("material.imprint.languages")
        languages = Language.allCases.map { language in
            let name = "language_\(language.rawValue)"
            return CheckField(
                name, language.ownName,
                checked: form.map { $0[name] == "1" } ?? start?.languages.contains(language) ?? false)
        }
    }
}
