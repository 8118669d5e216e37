import JarshyKit
import Storage

/// The form of a new unit or of a known one's names. Fields as in `unit_form.mustache`.
struct UnitFormPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let submitLabel: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let isNew: Bool
    let kind: SelectField
    let parent: TextField
    let code: TextField
    let opens: DateField
    let names: [UnitNameFields]
    let numbers: [NumberField]
    let cancelURL: String
}

struct UnitNameFields: PageModel {
    let language: String
    let bare: TextField
    let full: TextField
}

extension UnitFormPage {
    /// A new unit under `above`; `form` is what was typed.
    init(new form: Fields, above: Unit?, tree: Tree, today: Day, problem: Problem?, words: Words) {
        let (text, wrong) = (UnitText(words: words), FieldErrors(problem, words: words))
        trail =
            above.map {
                text.trail(above: $0.no, in: tree) + [TrailLink("/units/\(tree.code(of: $0.no))", text.title($0))]
            } ?? []
        heading = words("unit.add.title")
        here = heading
        action = "/units"
        submitLabel = words("save")
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        isNew = true
        let parentCode = above.map { tree.code(of: $0.no) } ?? ""
        kind = SelectField(
            "kind", words("units.kind"),
            options: tree.kinds.values.filter { $0.rank > 1 }.sorted { ($0.rank, $0.code) < ($1.rank, $1.code) }
                .map { ($0.code, $0.names[words.language]) },
            chosen: form["kind"] ?? "primary", error: wrong["kind"], required: true)
        parent = TextField(
            "parent", words("unit.parent"), value: form["parent"] ?? parentCode, error: wrong["parent"], required: true)
        code = TextField(
            "code", words("units.code"), value: form.text("code"), hint: words("unit.code.hint"), error: wrong["code"],
            required: true)
        opens = DateField(
            "opens", words("unit.opened"), value: form["opens"] ?? today.description, error: wrong["opens"],
            required: true)
        names = Self.names(form, wrong, words)
        numbers = Self.numbers(form, wrong, words)
        cancelURL = above == nil ? "/units" : "/units/\(parentCode)"
    }

    /// A known unit; `form` is nil when it is shown for the first time.
    init(edit unit: Unit, form: Fields?, tree: Tree, problem: Problem?, words: Words) {
        let (text, wrong) = (UnitText(words: words), FieldErrors(problem, words: words))
        let (address, form) = ("/units/\(tree.code(of: unit.no))", form ?? Self.stored(unit))
        trail = text.trail(above: unit.no, in: tree) + [TrailLink(address, text.title(unit))]
        heading = words("unit.edit.title", ["unit": text.title(unit)])
        here = words("unit.edit")
        action = address
        submitLabel = words("save")
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        isNew = false
        kind = SelectField("kind", words("units.kind"), options: [])
        parent = TextField("parent", words("unit.parent"))
        code = TextField("code", words("units.code"))
        opens = DateField("opens", words("unit.opened"))
        names = Self.names(form, wrong, words)
        numbers = Self.numbers(form, wrong, words)
        cancelURL = address
    }

    private static func stored(_ unit: Unit) -> Fields {
        var fields = Fields()
        for language in Language.allCases {
            fields.append("name_\(language)", unit.names[language])
            fields.append("title_\(language)", unit.titles[language])
        }
        fields.append("population", unit.population.map(String.init) ?? "")
        fields.append("capacity", unit.capacity.map(String.init) ?? "")
        return fields
    }

    private static func names(_ form: Fields, _ wrong: FieldErrors, _ words: Words) -> [UnitNameFields] {
        Language.allCases.map { language in
            let (bare, full) = ("name_\(language)", "title_\(language)")
            return UnitNameFields(
                language: language.ownName,
                bare: TextField(
                    bare, words("unit.bare"), value: form.text(bare),
                    hint: language == .en ? words("unit.en.hint") : "",
                    error: wrong[bare], required: language != .en),
                full: TextField(
                    full, words("unit.full"), value: form.text(full), hint: words("unit.full.hint"), error: wrong[full])
            )
        }
    }

    private static func numbers(_ form: Fields, _ wrong: FieldErrors, _ words: Words) -> [NumberField] {
        [
            NumberField(
                "population", words("unit.population"), value: form.text("population"), error: wrong["population"],
                max: 100_000_000),
            NumberField(
                "capacity", words("unit.capacity"), value: form.text("capacity"), hint: words("unit.capacity.hint"),
                error: wrong["capacity"], max: 1_000_000),
        ]
    }
}

extension UnitWords {
    init(_ form: Fields) {
        self.init(
            kk: form.text("name_kk"), ru: form.text("name_ru"), en: form.text("name_en"),
            titleKk: form.text("title_kk"),
            titleRu: form.text("title_ru"), titleEn: form.text("title_en"))
    }
}

extension Fields {
    /// A whole number or nothing; spaces between groups of three are taken as typed by a person.
    /// - Throws: 422 at the field for anything else.
    func wholeNumber(_ name: String) throws -> Int64? {
        let typed = text(name).filter { !$0.isWhitespace }
        guard !typed.isEmpty else { return nil }
        guard let number = Int64(typed) else {
            throw Problem.invalid([Problem.Fault(name, "not-number", "\(name) is no whole number.")])
        }
        return number
    }

    /// A day that must be there.
    func neededDay(_ name: String) throws -> Day {
        guard let day = Day(text(name)) else {
            throw Problem.invalid([Problem.Fault(name, "not-day", "\(name) is no day (YYYY-MM-DD).")])
        }
        return day
    }

    /// A day or nothing.
    func optionalDay(_ name: String) throws -> Day? { text(name).isEmpty ? nil : try neededDay(name) }
}
