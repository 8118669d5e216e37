import JarshyKit
import Storage

/// The form of a poster site, new or standing.
enum SiteFormPages {
    static func routes(_ site: inout Routes) {
        site.get("/sites/new", .right(.manageMaterials)) { visit in try await form(visit, nil) }
        site.post("/sites/new", .right(.manageMaterials)) { visit in
            try await visit.attempt({ try await add(visit) }, again: { try await form(visit, $0) })
        }
        site.get("/sites/{id}/edit", .right(.manageMaterials)) { visit in try await form(visit, nil) }
        site.post("/sites/{id}/edit", .right(.manageMaterials)) { visit in
            try await visit.attempt({ try await edit(visit) }, again: { try await form(visit, $0) })
        }
    }

    private static func add(_ visit: Visit) async throws -> Reply {
        let facts = try await facts(visit)
        let id = try await visit.run(
            AddPosterSite(campaign: facts.campaign.code, unit: visit.form.text("unit"), form: try typed(visit.form)))
        return .redirect("/sites/\(id)", flash: .init(kind: .done, text: visit.words("site.done.save")))
    }

    private static func edit(_ visit: Visit) async throws -> Reply {
        guard let id = PosterSiteID(visit.parameter("id")) else { throw Problem.notFound("site") }
        try await visit.run(EditPosterSite(site: id, form: try typed(visit.form)))
        return .redirect("/sites/\(id)", flash: .init(kind: .done, text: visit.words("site.done.save")))
    }

    /// - Throws: 422 for days, numbers and classes that are none, with what the rest of the form lacks.
    private static func typed(_ form: Fields) throws -> PosterSiteForm {
        var faults: [Problem.Fault] = []
        func day(_ name: String, isNeeded: Bool) -> Day? {
            if form.text(name).isEmpty, !isNeeded { return nil }
            if let day = Day(form.text(name)) { return day }
            faults.append(Problem.Fault(name, "not-day", "'\(name)' is no day (YYYY-MM-DD)."))
            return nil
        }
        let decreeDay = day("decree_day", isNeeded: true)
        let first = day("first", isNeeded: true)
        let takeDown = day("take_down", isNeeded: false)
        let itemClass = MaterialClass(rawValue: form.text("class"))
        if itemClass == nil { faults.append(Problem.Fault("class", "not-listed", "'class' is one of a list.")) }
        let capacity = Int64(form.text("capacity").filter { !$0.isWhitespace })
        if capacity == nil { faults.append(Problem.Fault("capacity", "not-number", "'capacity' is no whole number.")) }
        let typed = PosterSiteForm(
            address: form.text("address"), class: itemClass ?? .information, isAtSchool: form["school"] == "1",
            capacity: capacity ?? 1, material: MaterialID(form.text("material")), decree: form.text("decree"),
            decreeNumber: form.text("decree_number"), decreeDay: decreeDay ?? Day(number: 0), first: first ?? Day(number: 0),
            takeDown: first == nil ? nil : takeDown)
        if !faults.isEmpty { throw Problem.invalid(faults + typed.faults()) }
        return typed
    }

    private static func facts(_ visit: Visit) async throws -> SiteFormFacts {
        let (actor, now, query, text) = (try visit.require(), visit.now, visit.query, visit.parameter("id"))
        return try await visit.read { db in try SiteFormFacts(text, query, actor: actor, now: now, in: db) }
    }

    private static func form(_ visit: Visit, _ problem: Problem?) async throws -> Reply {
        let facts = try await facts(visit)
        let page = SiteFormPage(
            facts, form: visit.method == "POST" ? visit.form : nil, problem: problem, words: visit.words)
        return .page(
            "site_form", page, PageHead(page.heading, section: "materials", campaign: facts.campaign.names[visit.language]))
    }
}

/// What the form of a site starts with.
struct SiteFormFacts: Sendable {
    let site: PosterSite?
    let campaign: Campaign
    let tree: Tree
    let today: Day
    let places: [UnitNo]
    /// Posters that are approved, and the one that hangs there.
    let posters: [Material]

    static let mostPosters = 200

    /// - Parameter text: the site's id, "" for a new one.
    /// - Throws: 404 outside the scope, 403 without `manageMaterials`, 409 for a closed one.
    init(_ text: String, _ query: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        let site = text.isEmpty ? nil : try scope.site(PosterSiteID(text), in: db)
        if let site {
            try actor.require(.manageMaterials, over: site.unit, in: scope.tree, on: scope.today)
            guard site.isOpen else { throw Problem.conflict("site-closed", "The site is no longer used.") }
        }
        let campaigns = try Campaigns.current(in: db)
        guard
            let campaign = try site.map({ campaigns.find($0.campaign) })
                ?? campaigns.chosen(query.text("campaign"), on: scope.today)
        else { throw Problem.notFound("campaign") }
        (self.site, self.campaign, tree, today) = (site, campaign, scope.tree, scope.today)
        places = scope.places(.manageMaterials)
        posters = try MaterialRows.materials(scope, campaign: campaign.no, limit: Self.mostPosters, in: db).filter { material in
            guard material.form.kind == .poster else { return false }
            return material.state == .approved || material.id == site?.form.material
        }
    }
}

/// The form of a site. Fields as in `site_form.mustache`.
struct SiteFormPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let isNew: Bool
    let unit: SelectField
    let address: TextField
    let capacity: NumberField
    let classes: TilesField
    let school: CheckField
    let decrees: [TextField]
    let decreeDay: DateField
    let material: SelectField
    let days: [DateField]

    init(_ facts: SiteFormFacts, form: Fields?, problem: Problem?, words: Words) {
        let (start, wrong, tree) = (facts.site?.form, FieldErrors(problem, words: words), facts.tree)
        func value(_ name: String, _ kept: String?) -> String { form?[name] ?? kept ?? "" }
        trail = [TrailLink("/sites", words("sites.title"))]
            + (facts.site.map { [TrailLink("/sites/\($0.id)", $0.form.address)] } ?? [])
        here = words(facts.site == nil ? "site.new" : "site.edit")
        heading = here
        action = facts.site.map { "/sites/\($0.id)/edit" } ?? "/sites/new?" + Fields([("campaign", facts.campaign.code)]).encoded
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        isNew = facts.site == nil
        unit = SelectField(
            "unit", words("site.unit"),
            options: UnitText(words: words).options(facts.places, in: tree),
            chosen: form?.code("unit") ?? facts.places.first.map { tree.code(of: $0) } ?? "", error: wrong["unit"], required: true)
        address = TextField(
            "address", words("site.address"), value: value("address", start?.address), hint: words("site.address.hint"),
            error: wrong["address"], required: true)
        capacity = NumberField(
            "capacity", words("site.capacity"), value: value("capacity", start.map { "\($0.capacity)" } ?? "1"),
            error: wrong["capacity"], required: true, min: 1, max: PosterSiteForm.mostPosters)
        classes = TilesField(
            "class", words("site.class"),
            choices: MaterialClass.allCases.map { ($0.rawValue, words("material.class.\($0.rawValue)")) },
            chosen: value("class", start?.class.rawValue), error: wrong["class"], required: true)
        school = CheckField(
            "school", words("site.school"), checked: form.map { $0["school"] == "1" } ?? start?.isAtSchool ?? false,
            hint: words("site.school.hint"))
        decrees = [("decree", start?.decree), ("decree_number", start?.decreeNumber)].map { name, kept in
            TextField(name, words("site.\(name)"), value: value(name, kept), error: wrong[name], required: true)
        }
        decreeDay = DateField(
            "decree_day", words("site.decree_day"), value: value("decree_day", start?.decreeDay.description),
            error: wrong["decree_day"], required: true)
        material = SelectField(
            "material", words("site.material"),
            options: [("", words("form.none"))] + facts.posters.map { ($0.id.description, $0.names[words.language]) },
            chosen: value("material", start?.material?.description), hint: words("site.material.hint"), error: wrong["material"])
        days = [("first", (start?.first ?? facts.today).description), ("take_down", start?.takeDown?.description ?? "")].map {
            name, kept in
            DateField(
                name, words("site.\(name)"), value: value(name, kept), hint: words.find("site.\(name).hint") ?? "",
                error: wrong[name], required: name == "first")
        }
    }
}
