import JarshyKit

// View-models of the partials that lists and pages share: `pagination`, `filters`, `empty`, `state`, `trail`.

struct Pagination: PageModel {
    let summary: String
    let hasPrevious: Bool
    let hasNext: Bool
    let previousURL: String
    let nextURL: String

    /// - Parameters: URLs of the neighbouring pages, nil where there is none.
    init(summary: String, previous: String? = nil, next: String? = nil) {
        self.summary = summary
        hasPrevious = previous != nil
        hasNext = next != nil
        previousURL = previous ?? ""
        nextURL = next ?? ""
    }
}

struct HiddenInput: PageModel {
    let hiddenName: String
    let hiddenValue: String
}

struct Filters: PageModel {
    let action: String
    let summaryText: String
    let opened: Bool
    let hidden: [HiddenInput]
    let texts: [TextField]
    let selects: [SelectField]
    let dates: [DateField]
    let hasReset: Bool
    let resetURL: String

    init(
        action: String, summary: String, opened: Bool = false, hidden: [(String, String)] = [], texts: [TextField] = [],
        selects: [SelectField] = [], dates: [DateField] = [], reset: String? = nil
    ) {
        self.action = action
        summaryText = summary
        self.opened = opened
        self.hidden = hidden.map { HiddenInput(hiddenName: $0.0, hiddenValue: $0.1) }
        self.texts = texts
        self.selects = selects
        self.dates = dates
        hasReset = reset != nil
        resetURL = reset ?? ""
    }
}

struct EmptyState: PageModel {
    let what: String
    let next: String
    let hasStep: Bool
    let stepURL: String
    let stepLabel: String

    init(_ what: String, next: String, step: (url: String, label: String)? = nil) {
        self.what = what
        self.next = next
        hasStep = step != nil
        stepURL = step?.url ?? ""
        stepLabel = step?.label ?? ""
    }
}

struct StateMark: PageModel {
    /// Class and symbol: submitted, district, region, …; see `state.mustache`.
    let kind: String
    let word: String

    init(_ kind: String, _ word: String) {
        self.kind = kind
        self.word = word
    }

    /// The mark with the common word `state.<kind>`.
    init(_ kind: String, words: Words) { self.init(kind, words("state.\(kind)")) }
}

struct TrailLink: PageModel {
    let trailURL: String
    let trailName: String

    init(_ url: String, _ name: String) {
        trailURL = url
        trailName = name
    }
}
