import JarshyKit
import Storage

/// Structure: the tree changes, and the figures follow.
///
/// A unit moves, merges, splits or closes on a day: planned, today, or backdated. Reports always count on the path their unit
/// had on their day, so a backdated change reposts the reports it affects, visibly in the ledger; a change from today on
/// moves no report, only what the "present structure" shows. The republic's total never changes.
///
/// Every change is shown before it is made: the same action runs, tells what it would do, and is rolled back.
///
/// Invariants: no unit stands below itself on any day; both bases agree at the root; a closed unit keeps its figures and still
/// takes late reports for its own days; a change takes a number in every stream it touches.
///
/// GET shows what the change would do, POST makes it; both take the same fields.
///
/// A target is a code or a name; a name that fits several units is asked about (`StructureTarget`). What is refused comes
/// back as the unit's page with that form open.
///
///     GET, POST /units/{code}/move     day, target
///     GET, POST /units/{code}/merge    day, target
///     GET, POST /units/{code}/split    day, parts (a line each: code; kk; ru; en; children's codes)
///     GET, POST /units/{code}/close    day
enum Structure {
    static func routes(_ site: inout Routes, _ intake: Intake) {
        for kind in StructureChangeKind.allCases {
            site.get(kind.pattern, .right(.manageUnits)) { visit in try await preview(kind, visit, intake) }
            site.post(kind.pattern, .right(.manageUnits)) { visit in try await change(kind, visit, intake) }
        }
    }

    private static func preview(_ kind: StructureChangeKind, _ visit: Visit, _ intake: Intake) async throws -> Reply {
        try await visit.attempt(
            {
                let actor = try visit.require()
                let request = try await resolved(kind, visit.query, visit)
                do {
                    _ = try await request.perform(by: actor, at: visit.now, preview: true, intake)
                } catch let previewed as Restructure.Previewed {
                    let (tree, campaigns, before) = try await visit.read { db in
                        (
                            try Tree.current(in: db), try Campaigns.current(in: db),
                            try TotalsBefore(of: previewed.effect, in: db)
                        )
                    }
                    let page = StructurePreviewPage(request, previewed.effect, before, tree, campaigns, visit)
                    return .page("unit_preview", page, PageHead(page.heading, section: "structure"))
                }
                return .redirect("/units/\(percentEncoded(request.unit))")
            }, again: { try await again(kind, visit.query, $0, visit) })
    }

    private static func change(_ kind: StructureChangeKind, _ visit: Visit, _ intake: Intake) async throws -> Reply {
        try await visit.attempt(
            {
                let request = try await resolved(kind, visit.form, visit)
                _ = try await request.perform(by: try visit.require(), at: visit.now, preview: false, intake)
                let day = UnitText(words: visit.words).day(request.day)
                return .redirect(
                    "/units/\(percentEncoded(request.unit))",
                    flash: .init(kind: .done, text: visit.words("unit.changed", ["day": day])))
            }, again: { try await again(kind, visit.form, $0, visit) })
    }

    /// The request with a unit's code where a name was typed.
    private static func resolved(_ kind: StructureChangeKind, _ fields: Fields, _ visit: Visit) async throws -> StructureRequest {
        var request = try StructureRequest(kind, fields, unit: visit.parameter("code"))
        guard kind.hasTarget else { return request }
        let (actor, today, asked) = (try visit.require(), visit.today, request)
        request.target = try await visit.read { db in
            let tree = try Tree.current(in: db)
            return try StructureTarget(asked, tree, actor, today: today, search: try UnitSearch.current(in: db, tree: tree)).code
        }
        return request
    }

    /// The unit's page once more, with this form open, what was typed and what is wrong; a list where a name fits several.
    /// - Throws: the problem itself where the page has no such form: of the root, or without the right.
    private static func again(
        _ kind: StructureChangeKind, _ fields: Fields, _ problem: Problem, _ visit: Visit
    ) async throws -> Reply {
        let (actor, today, code) = (try visit.require(), visit.today, visit.parameter("code"))
        let (view, choices) = try await visit.read { db in
            let view = try UnitView(code, actor: actor, today: today, in: db)
            let search = try UnitSearch.current(in: db, tree: view.tree)
            let several = problem.errors.contains { $0.slug == StructureTarget.several }
            let asked = several ? try StructureRequest(kind, fields, unit: code) : nil
            return (view, asked.map { StructureTarget.candidates($0, view.tree, actor, today: today, search: search) } ?? [])
        }
        guard view.canChange, view.unit.no != view.tree.root else { throw problem }
        let refused = UnitChangeRefused(
            change: kind.rawValue, fields: fields, problem: problem, choices: Array(choices.prefix(StructureTarget.mostChoices)))
        let page = UnitPage(view, refused: refused, today: today, words: visit.words)
        return .page("unit", page, PageHead(page.heading, section: "structure"))
    }
}

enum StructureChangeKind: String, CaseIterable, Sendable {
    case move, merge, split, close

    var pattern: String { "/units/{code}/\(rawValue)" }
    var hasTarget: Bool { self == .move || self == .merge }
}

/// What the form of a change says, read and checked for shape; the actions judge the rest.
struct StructureRequest: Sendable {
    let kind: StructureChangeKind
    let unit: String
    /// As typed: a code or a name.
    var target: String
    let partsText: String
    let day: Day

    init(_ kind: StructureChangeKind, _ fields: Fields, unit: String) throws {
        self.kind = kind
        self.unit = unit
        target = fields.text("target")
        partsText = fields.text("parts")
        guard let day = Day(fields.text("day")) else {
            throw Problem.invalid([Problem.Fault("day", "not-day", "A day is wanted, as YYYY-MM-DD.")])
        }
        self.day = day
        if kind.hasTarget, target.isEmpty {
            throw Problem.invalid([Problem.Fault("target", "missing", "Say where to: a unit's code or name.")])
        }
    }

    /// Runs the deed; as a preview it always ends in `Restructure.Previewed` or a problem.
    func perform(by actor: Actor, at now: Instant, preview: Bool, _ intake: Intake) async throws -> Restructure.Effect {
        switch kind {
        case .move:
            try await intake.change(
                MoveUnit(unit: unit, parent: target, day: day, note: "", isPreview: preview), by: actor, at: now)
        case .merge:
            try await intake.change(
                MergeUnit(unit: unit, into: target, day: day, note: "", isPreview: preview), by: actor, at: now)
        case .split:
            try await intake.change(
                SplitUnit(unit: unit, parts: try parts(), day: day, note: "", isPreview: preview), by: actor, at: now)
        case .close:
            try await intake.change(CloseUnit(unit: unit, day: day, note: "", isPreview: preview), by: actor, at: now)
        }
    }

    /// A new unit a line: `code; қазақша; русское; English; children's codes`. Missing names repeat the Kazakh one.
    private func parts() throws -> [SplitUnit.Part] {
        var parts: [SplitUnit.Part] = []
        for (index, line) in partsText.split(whereSeparator: \.isNewline).enumerated() {
            let cells = line.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed }
            guard cells.count >= 2, !cells[0].isEmpty, !cells[1].isEmpty else {
                throw Problem.invalid([
                    Problem.Fault("parts", "part-shape", "Line \(index + 1): 'code; name' is wanted.", slots: ["line": "\(index + 1)"])
                ])
            }
            func name(_ at: Int) -> String { cells.count > at && !cells[at].isEmpty ? cells[at] : cells[1] }
            parts.append(
                SplitUnit.Part(
                    code: cells[0], names: Trio(kk: name(1), ru: name(2), en: name(3)),
                    children: cells.count > 4 ? cells[4].split(separator: " ").map(String.init) : []))
        }
        return parts
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
