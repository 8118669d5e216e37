import JarshyKit

/// The four forms of a unit's page; they ask Structure what a change would do.
extension UnitPage {
    static func changes(_ view: UnitView, _ refused: UnitChangeRefused?, today: Day, _ text: UnitText) -> [UnitChangeForm] {
        ["move", "merge", "split", "close"].map { change in
            form(change, view, refused?.change == change ? refused : nil, today: today, text)
        }
    }

    private static func form(
        _ change: String, _ view: UnitView, _ refused: UnitChangeRefused?, today: Day, _ text: UnitText
    ) -> UnitChangeForm {
        let (words, action) = (text.words, "/units/\(view.tree.code(of: view.unit.no))/\(change)")
        let wrong = FieldErrors(refused?.problem, words: words)
        // A fault of one new unit is told at the field they are all written in.
        let ofParts = refused?.problem.errors.first { $0.field.hasPrefix("parts") }
        var ids = ["day": "\(change)-day", "target": "\(change)-target"]
        for fault in refused?.problem.errors ?? [] where fault.field.hasPrefix("parts") { ids[fault.field] = "\(change)-parts" }
        let choices = choices(action, view, refused, text)
        return UnitChangeForm(
            changeID: change, changeTitle: words("unit.\(change)"), changeExplain: words("unit.\(change).explain"),
            action: action, opened: refused != nil, hasErrors: refused != nil,
            errors: refused.map { ErrorSummary($0.problem, words: words, ids: ids) } ?? .none,
            day: DateField(
                "day", words("unit.change.day"), value: refused?.fields.text("day") ?? today.description, error: wrong["day"],
                required: true, id: "\(change)-day"),
            hasTarget: change == "move" || change == "merge",
            target: TextField(
                "target", words("unit.change.target"), value: refused?.fields.text("target") ?? "", error: wrong["target"],
                required: true, id: "\(change)-target"),
            hasParts: change == "split",
            parts: AreaField(
                "parts", words("unit.change.parts"), value: refused?.fields.text("parts") ?? "",
                error: ofParts.map(wrong.message) ?? "", required: true, id: "\(change)-parts"),
            hasChoices: !choices.isEmpty, choices: choices)
    }

    /// Each leads to the preview as if its code had been typed.
    private static func choices(
        _ action: String, _ view: UnitView, _ refused: UnitChangeRefused?, _ text: UnitText
    ) -> [UnitChoiceRow] {
        guard let refused else { return [] }
        return refused.choices.compactMap { no in
            guard let unit = view.tree[no] else { return nil }
            let above = text.trail(above: no, in: view.tree).map(\.trailName)
            let code = view.tree.code(of: no)
            return UnitChoiceRow(
                choiceURL: action + "?day=\(percentEncoded(refused.fields.text("day")))&target=\(percentEncoded(code))",
                choiceName: text.title(unit), choiceWhere: (above + [code]).joined(separator: " · "))
        }
    }
}
