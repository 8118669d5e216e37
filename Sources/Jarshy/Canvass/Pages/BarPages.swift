import JarshyKit
import Storage

/// The do-not-contact list: enter an address, or take one back with a reason. There is nothing to browse: only marks are kept.
enum BarPages {
    static func routes(_ site: inout Routes) {
        site.get("/canvass/do-not-contact", .right(.manageCanvass)) { visit in try await page(visit, problem: nil) }
        site.post("/canvass/do-not-contact", .right(.manageCanvass)) { visit in
            try await visit.attempt(
                {
                    try await visit.run(BarAddress(unit: visit.form.text("unit"), address: address(visit.form)))
                    return .redirect(
                        "/canvass/do-not-contact", flash: .init(kind: .done, text: visit.words("canvass.bar.done")))
                }, again: { try await page(visit, problem: $0) })
        }
        site.post("/canvass/do-not-contact/undo", .right(.manageCanvass)) { visit in
            try await visit.attempt(
                {
                    let reason = TakeBackBar.Reason(rawValue: visit.form.text("reason"))
                    try await visit.run(
                        TakeBackBar(unit: visit.form.text("unit"), address: address(visit.form), reason: reason))
                    return .redirect(
                        "/canvass/do-not-contact", flash: .init(kind: .done, text: visit.words("canvass.unbar.done")))
                }, again: { try await page(visit, problem: $0) })
        }
    }

    private static func address(_ form: Fields) -> AddressText {
        form.text("street").isEmpty && !form.text("landmark").isEmpty
            ? AddressText(landmark: form.text("landmark"))
            : AddressText(street: form.text("street"), house: form.text("house"), flat: form.text("flat"))
    }

    /// More are no choice: who works for a whole region names its places one level down.
    private static let mostPlaces = 400

    /// The settlements of a unit, or the one it stands in.
    private static func settlements(below home: UnitNo, in tree: Tree) -> [UnitNo] {
        if let own = tree.settlement(of: home) { return [own] }
        let found = tree.subtree(of: home).filter { tree[$0].flatMap { tree.kinds[$0.kind]?.settlement } ?? false }
        return found.isEmpty || found.count > mostPlaces ? [home] + tree.children(of: home) : found
    }

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, now) = (try visit.require(), visit.now)
        let words = visit.words
        let places = try await visit.read { db in
            let scope = try CanvassScope(actor, at: now, in: db)
            let homes = scope.homes ?? scope.tree.root.map { [$0] } ?? []
            let units = Set(homes.flatMap { Self.settlements(below: $0, in: scope.tree) })
            let sorted = units.compactMap { scope.tree[$0] }.sorted { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }
            return UnitText(words: words).options(sorted.map(\.no), in: scope.tree)
        }
        let page = BarPage(
            places, form: visit.form, isTakingBack: visit.path.hasSuffix("/undo"), problem: problem, words: words)
        return .page("canvass_bar", page, PageHead(page.heading, section: "canvass"))
    }
}

struct BarPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let bar: BarForm
    let unbar: BarForm
    let reason: SelectField
    let isTakingBack: Bool

    init(
        _ places: [(value: String, label: String)], form: Fields, isTakingBack: Bool, problem: Problem?, words: Words
    ) {
        trail = [TrailLink("/canvass", words("canvass.title"))]
        here = words("canvass.bar.title")
        heading = here
        hasErrors = problem != nil
        errors = problem.map { problem in
            ErrorSummary(
                problem, words: words,
                ids: isTakingBack
                    ? Dictionary(BarForm.names.map { ($0, "back-\($0)") }, uniquingKeysWith: { first, _ in first }) : [:])
        } ?? .none
        self.isTakingBack = isTakingBack && problem != nil
        bar = BarForm(
            "", "/canvass/do-not-contact", places, form: isTakingBack ? Fields() : form,
            wrong: FieldErrors(isTakingBack ? nil : problem, words: words), words)
        let wrong = FieldErrors(isTakingBack ? problem : nil, words: words)
        unbar = BarForm(
            "back-", "/canvass/do-not-contact/undo", places, form: isTakingBack ? form : Fields(), wrong: wrong, words)
        reason = SelectField(
            "reason", words("canvass.unbar.reason"),
            options: [("", words("form.none"))]
                + TakeBackBar.Reason.allCases.map { ($0.rawValue, words("canvass.unbar.reason.\($0.rawValue)")) },
            chosen: form.text("reason"), error: wrong["reason"], required: true, id: "back-reason")
    }
}

struct BarForm: PageModel {
    let formAction: String
    let unit: SelectField
    let texts: [TextField]

    static let names = ["unit", "street", "house", "flat", "landmark", "reason"]

    init(
        _ prefix: String, _ action: String, _ places: [(value: String, label: String)], form: Fields, wrong: FieldErrors, _ words: Words
    ) {
        formAction = action
        unit = SelectField(
            "unit", words("canvass.settlement"), options: places, chosen: form.text("unit"),
            hint: words("canvass.settlement.hint"), error: wrong["unit"], required: true, id: prefix + "unit")
        texts = ["street", "house", "flat", "landmark"].map { name in
            TextField(
                name, words("canvass.bar.\(name)"), value: form[name] ?? "", error: wrong[name], id: prefix + name)
        }
    }
}
