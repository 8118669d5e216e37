import JarshyKit

/// The page where a courier hands over. Fields as in `hand_over.mustache`.
struct HandOverPage: PageModel {
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let file: TextField
    let queue: AreaField
    let hasResult: Bool
    let lines: [HandOverLine]
    let hasRefused: Bool
    let refused: [HandOverRefusal]
    let hasRest: Bool
    let rest: String

    static let shownRefusals = 100

    init(problem: Problem?, result: HandOver.Result?, typed: String, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        heading = words("handover.title")
        action = "/field-import"
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        file = TextField("file", words("handover.file"), hint: words("handover.file.hint"), error: wrong["file"], type: "file")
        queue = AreaField(
            "queue", words("handover.queue"), value: typed, hint: words("handover.queue.hint"), error: wrong["queue"], rows: 5,
            maxLength: 1_000_000)
        hasResult = result != nil
        let counts = result.map { [("fresh", $0.fresh), ("known", $0.known), ("waiting", $0.waiting), ("unreadable", $0.unreadable)] }
        lines = (counts ?? []).filter { $0.0 == "fresh" || $0.1 > 0 }.map { name, count in
            HandOverLine(label: words("handover.\(name)"), count: words.format.number(count))
        }
        let all = result?.refused ?? []
        hasRefused = !all.isEmpty
        refused = all.prefix(HandOverPage.shownRefusals).map { number, problem in
            let told = FieldErrors(problem, words: words)
            let why = problem.errors.isEmpty ? told.heading : problem.errors.map(told.message).joined(separator: " ")
            return HandOverRefusal(number: number.map { words("handover.number", ["n": "\($0)"]) } ?? "", why: why)
        }
        hasRest = all.count > refused.count
        rest = words("handover.rest", ["n": words.format.number(all.count - refused.count)])
    }
}

struct HandOverLine: PageModel {
    let label: String
    let count: String
}

struct HandOverRefusal: PageModel {
    let number: String
    let why: String
}
