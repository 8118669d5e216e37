import JarshyKit

// View-models of the form partials `field_*` and `error_summary`.

struct TextField: PageModel {
    let id: String
    let name: String
    let label: String
    let value: String
    let hasHint: Bool
    let hint: String
    let hasError: Bool
    let error: String
    let required: Bool
    let described: Bool
    let describedBy: String
    let type: String
    let autocomplete: String

    /// - Parameter error: "" when the field is right.
    init(
        _ name: String, _ label: String, value: String = "", hint: String = "", error: String = "",
        required: Bool = false,
        type: String = "text", autocomplete: String = "off", id: String? = nil
    ) {
        let described = Described(id ?? name, hint: hint, error: error)
        self.id = id ?? name
        self.name = name
        self.label = label
        self.value = value
        hasHint = !hint.isEmpty
        self.hint = hint
        hasError = !error.isEmpty
        self.error = error
        self.required = required
        self.described = described.any
        describedBy = described.ids
        self.type = type
        self.autocomplete = autocomplete
    }
}

struct AreaField: PageModel {
    let id: String
    let name: String
    let label: String
    let value: String
    let hasHint: Bool
    let hint: String
    let hasError: Bool
    let error: String
    let required: Bool
    let described: Bool
    let describedBy: String
    let rows: Int
    let maxLength: Int

    init(
        _ name: String, _ label: String, value: String = "", hint: String = "", error: String = "",
        required: Bool = false,
        rows: Int = 3, maxLength: Int = 2000, id: String? = nil
    ) {
        let described = Described(id ?? name, hint: hint, error: error)
        self.id = id ?? name
        self.name = name
        self.label = label
        self.value = value
        hasHint = !hint.isEmpty
        self.hint = hint
        hasError = !error.isEmpty
        self.error = error
        self.required = required
        self.described = described.any
        describedBy = described.ids
        self.rows = rows
        self.maxLength = maxLength
    }
}

struct DateField: PageModel {
    let id: String
    let name: String
    let label: String
    let value: String
    let hasHint: Bool
    let hint: String
    let hasError: Bool
    let error: String
    let required: Bool
    let described: Bool
    let describedBy: String
    let min: String
    let max: String

    init(
        _ name: String, _ label: String, value: String = "", hint: String = "", error: String = "",
        required: Bool = false,
        min: Day? = nil, max: Day? = nil, id: String? = nil
    ) {
        let described = Described(id ?? name, hint: hint, error: error)
        self.id = id ?? name
        self.name = name
        self.label = label
        self.value = value
        hasHint = !hint.isEmpty
        self.hint = hint
        hasError = !error.isEmpty
        self.error = error
        self.required = required
        self.described = described.any
        describedBy = described.ids
        self.min = min?.description ?? ""
        self.max = max?.description ?? ""
    }
}

struct NumberField: PageModel {
    let id: String
    let name: String
    let label: String
    let value: String
    let hasHint: Bool
    let hint: String
    let hasError: Bool
    let error: String
    let required: Bool
    let described: Bool
    let describedBy: String
    let unit: String
    let hasUnit: Bool
    let min: String
    let max: String
    /// Classes of the wrapper (see `quick.mustache`).
    let shown: String

    init(
        _ name: String, _ label: String, value: String = "", hint: String = "", error: String = "",
        required: Bool = false,
        unit: String = "", min: Int64 = 0, max: Int64, shown: String = "", id: String? = nil
    ) {
        let described = Described(id ?? name, hint: hint, error: error)
        self.id = id ?? name
        self.name = name
        self.label = label
        self.value = value
        hasHint = !hint.isEmpty
        self.hint = hint
        hasError = !error.isEmpty
        self.error = error
        self.required = required
        self.described = described.any
        describedBy = described.ids
        self.unit = unit
        hasUnit = !unit.isEmpty
        self.min = String(min)
        self.max = String(max)
        self.shown = shown
    }
}

struct SelectField: PageModel {
    let id: String
    let name: String
    let label: String
    let hasHint: Bool
    let hint: String
    let hasError: Bool
    let error: String
    let required: Bool
    let described: Bool
    let describedBy: String
    let options: [FieldOption]

    /// - Parameter options: values and labels in their order; `chosen` is the value selected.
    init(
        _ name: String, _ label: String, options: [(value: String, label: String)], chosen: String = "",
        hint: String = "",
        error: String = "", required: Bool = false, id: String? = nil
    ) {
        let described = Described(id ?? name, hint: hint, error: error)
        self.id = id ?? name
        self.name = name
        self.label = label
        hasHint = !hint.isEmpty
        self.hint = hint
        hasError = !error.isEmpty
        self.error = error
        self.required = required
        self.described = described.any
        describedBy = described.ids
        self.options = options.map {
            FieldOption(optionValue: $0.value, optionLabel: $0.label, selected: $0.value == chosen)
        }
    }
}

struct FieldOption: PageModel {
    let optionValue: String
    let optionLabel: String
    let selected: Bool
}

struct CheckField: PageModel {
    let id: String
    let name: String
    let checkValue: String
    let label: String
    let checked: Bool
    let hasHint: Bool
    let hint: String

    init(_ name: String, _ label: String, value: String = "1", checked: Bool, hint: String = "", id: String? = nil) {
        self.id = id ?? name
        self.name = name
        checkValue = value
        self.label = label
        self.checked = checked
        hasHint = !hint.isEmpty
        self.hint = hint
    }
}

struct TileChoice: PageModel {
    let choiceID: String
    let choiceValue: String
    let choiceLabel: String
    let chosen: Bool
}

struct TilesField: PageModel {
    let id: String
    let name: String
    let label: String
    let hasHint: Bool
    let hint: String
    let hasError: Bool
    let error: String
    let required: Bool
    let described: Bool
    let describedBy: String
    let layout: String
    let choices: [TileChoice]
    let hasMore: Bool
    let moreOpen: Bool
    let moreLabel: String
    let moreChoices: [TileChoice]

    init(
        _ name: String, _ label: String, choices: [(value: String, label: String)],
        more: (label: String, choices: [(value: String, label: String)])? = nil, chosen: String = "", hint: String = "",
        error: String = "", required: Bool = false, layout: String = "", id: String? = nil
    ) {
        let id = id ?? name
        let described = Described(id, hint: hint, error: error)
        func tiles(_ list: [(value: String, label: String)]) -> [TileChoice] {
            list.map {
                TileChoice(
                    choiceID: "\(id)-\($0.value)", choiceValue: $0.value, choiceLabel: $0.label,
                    chosen: $0.value == chosen)
            }
        }
        self.id = id
        self.name = name
        self.label = label
        hasHint = !hint.isEmpty
        self.hint = hint
        hasError = !error.isEmpty
        self.error = error
        self.required = required
        self.described = described.any
        describedBy = described.ids
        self.layout = layout
        self.choices = tiles(choices)
        hasMore = more != nil
        moreChoices = tiles(more?.choices ?? [])
        moreOpen = moreChoices.contains(where: \.chosen)
        moreLabel = more?.label ?? ""
    }
}

/// Which of a field's notes describe it to a screen reader.
struct Described {
    let ids: String
    var any: Bool { !ids.isEmpty }

    init(_ id: String, hint: String, error: String) {
        ids = [hint.isEmpty ? "" : "\(id)-hint", error.isEmpty ? "" : "\(id)-error"].filter { !$0.isEmpty }
            .joined(separator: " ")
    }
}
