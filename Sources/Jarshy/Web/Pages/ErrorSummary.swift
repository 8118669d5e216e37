import JarshyKit

/// What stands above a form that was refused; see `error_summary.mustache`.
struct ErrorSummary: PageModel {
    let heading: String
    let kept: String
    let items: [ErrorItem]

    /// The errors of a problem, each linked to its field (`#id`).
    /// - Parameter ids: ids of fields whose id differs from the field's name.
    init(_ problem: Problem, words: Words, ids: [String: String] = [:]) {
        let told = FieldErrors(problem, words: words)
        if problem.errors.isEmpty {
            heading = told.heading
            items = []
        } else {
            heading = words("errors.heading")
            items = problem.errors.map { fault in
                ErrorItem(href: "#" + (ids[fault.field] ?? fault.field), message: told.message(fault))
            }
        }
        kept = words("errors.kept")
    }

    init(heading: String, kept: String, items: [ErrorItem] = []) {
        self.heading = heading
        self.kept = kept
        self.items = items
    }

    /// Stands in a model whose `hasErrors` is false.
    static let none = ErrorSummary(heading: "", kept: "")
}

struct ErrorItem: PageModel {
    let href: String
    let message: String
}

/// What a problem says in the reader's language, as a whole and field by field.
///
/// Words are looked up by the slug with `_` for `-`: `problem.<slug>` for the problem (and `.detail`, `.todo`),
/// `field.<slug>`, `problem.<slug>` or the slug itself with dots for a fault (`password-short` is `password.short`).
/// Where there are none, the English detail stands in.
struct FieldErrors {
    private let problem: Problem?
    private let words: Words

    init(_ problem: Problem?, words: Words) {
        self.problem = problem
        self.words = words
    }

    /// The message of a field; "" when nothing is wrong with it.
    subscript(_ field: String) -> String {
        problem?.errors.first { $0.field == field }.map(message) ?? ""
    }

    var heading: String { part("") ?? problem?.detail ?? "" }
    var detail: String { part(".detail") ?? "" }
    var todo: String { part(".todo") ?? "" }

    func message(_ fault: Problem.Fault) -> String {
        let slug = FieldErrors.key(fault.slug)
        let keys = ["field.\(slug)", "problem.\(slug)", fault.slug.replacing("-", with: ".")]
        return keys.lazy.compactMap { words.find($0, fault.slots) }.first ?? fault.detail
    }

    private func part(_ suffix: String) -> String? {
        guard let problem else { return nil }
        return words.find("problem.\(FieldErrors.key(problem.slug))\(suffix)", problem.slots)
    }

    private static func key(_ slug: String) -> String { slug.replacing("-", with: "_") }
}
