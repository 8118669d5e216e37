import JarshyKit
import Storage

/// Units: the tree of territories, headquarters, primary organisations and groups, as it stands through time.
///
/// A unit is open from a day to a day, stands under parents with dates, holds codes with dates, and has bare names and
/// full titles in three languages. Figures hang on its number, so nothing is ever re-keyed. Territory is known to
/// everyone signed in; teams only to those with a role above, in or below them (`UnitScope`).
///
/// Invariants: one root; the edges of a unit follow one another without gap or overlap; a code finds one unit for ever;
/// the root and every child of it have a ledger stream; every write of the tree ends with `Tree.touch`.
///
///     GET  /units            one level (?under=code), a search (?q=), on a day (?day=), ?after= ?before= to page
///     GET  /units.csv        the same as a file that `jarshy import units` reads
///     GET  /units/new        a new unit (?parent=code)          POST /units
///     GET  /units/{code}     one unit
///     GET  /units/{code}/edit                                   POST /units/{code}
///     GET  /api/v1/units/{code}
///
/// Move, merge, split and close (`/units/{code}/move` …) repost figures and belong to Structure.
enum Units {
    static func routes(_ site: inout Routes) {
        site.get("/units", .signedIn) { visit in try await list(visit) }
        site.get("/units.csv", .signedIn) { visit in try await csv(visit) }
        site.get("/units/new", .right(.manageUnits)) { visit in try await newForm(visit, problem: nil) }
        site.post("/units", .right(.manageUnits)) { visit in
            try await visit.attempt({ try await open(visit) }, again: { try await newForm(visit, problem: $0) })
        }
        site.get("/units/{code}", .signedIn) { visit in
            let (actor, today, code) = (try visit.require(), visit.today, visit.parameter("code"))
            let view = try await visit.read { db in try UnitView(code, actor: actor, today: today, in: db) }
            let page = UnitPage(view, today: today, words: visit.words)
            return .page("unit", page, PageHead(page.heading, section: "structure"))
        }
        site.get("/units/{code}/edit", .right(.manageUnits)) { visit in try await editForm(visit, problem: nil) }
        site.post("/units/{code}", .right(.manageUnits)) { visit in
            try await visit.attempt({ try await edit(visit) }, again: { try await editForm(visit, problem: $0) })
        }
        site.get("/api/v1/units/{code}", .bearer, api: UnitApi.note) { visit in
            let (actor, today, code) = (try visit.require(), visit.today, visit.parameter("code"))
            return .json(
                UnitApi.json(try await visit.read { db in try UnitView(code, actor: actor, today: today, in: db) }))
        }
    }

    private static func read(_ visit: Visit) async throws -> (UnitList, UnitListQuery) {
        let (query, actor, today) = (UnitListQuery(visit.query), try visit.require(), visit.today)
        return (try await visit.read { db in try UnitList(query, actor: actor, today: today, in: db) }, query)
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let (list, query) = try await read(visit)
        let actor = try visit.require()
        let canAdd = list.under.map { actor.holds(.manageUnits, over: $0.no, in: list.tree, on: visit.today) } ?? false
        let page = UnitListPage(list, query, canAdd: canAdd, words: visit.words)
        return .page("units", page, PageHead(page.heading, section: "structure"))
    }

    private static func csv(_ visit: Visit) async throws -> Reply {
        let (list, query) = try await read(visit)
        return .file(
            UnitCSV.bytes(list, isSearch: !query.text.isEmpty), "text/csv; charset=utf-8",
            name: "units-\(visit.today).csv")
    }

    private static func newForm(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today) = (try visit.require(), visit.today)
        let form = visit.method == "POST" ? visit.form : visit.query
        let (tree, above) = try await visit.read { db in
            let tree = try Tree.current(in: db)
            let scope = UnitScope(actor, in: tree, on: today)
            return (tree, tree.find(form.text("parent")).flatMap { scope.sees($0) ? $0 : nil })
        }
        let page = UnitFormPage(new: form, above: above, tree: tree, today: today, problem: problem, words: visit.words)
        return .page("unit_form", page, PageHead(page.heading, section: "structure"))
    }

    private static func open(_ visit: Visit) async throws -> Reply {
        let form = visit.form
        let unit = try await visit.run(
            OpenUnit(
                parent: form.text("parent"), kind: form.text("kind"), code: form.text("code"), words: UnitWords(form),
                opens: try form.neededDay("opens"), population: try form.wholeNumber("population"),
                capacity: try form.wholeNumber("capacity")))
        return .redirect("/units/\(unit.code)", flash: .init(kind: .done, text: visit.words("unit.saved")))
    }

    private static func editForm(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today, code) = (try visit.require(), visit.today, visit.parameter("code"))
        let (tree, unit) = try await visit.read { db in
            let tree = try Tree.current(in: db)
            let unit = try UnitScope(actor, in: tree, on: today).find(code)
            try actor.require(.manageUnits, over: unit.no, in: tree, on: today)
            return (tree, unit)
        }
        let page = UnitFormPage(
            edit: unit, form: visit.method == "POST" ? visit.form : nil, tree: tree, problem: problem,
            words: visit.words)
        return .page("unit_form", page, PageHead(page.heading, section: "structure"))
    }

    private static func edit(_ visit: Visit) async throws -> Reply {
        let (actor, today, form, code) = (try visit.require(), visit.today, visit.form, visit.parameter("code"))
        let (population, capacity) = (try form.wholeNumber("population"), try form.wholeNumber("capacity"))
        let unit = try await visit.read { db in
            try UnitScope(actor, in: try Tree.current(in: db), on: today).find(code)
        }
        _ = try await visit.run(
            EditUnit(unit: unit.id, words: UnitWords(form), population: population, capacity: capacity))
        return .redirect("/units/\(code)", flash: .init(kind: .done, text: visit.words("unit.saved")))
    }
}
