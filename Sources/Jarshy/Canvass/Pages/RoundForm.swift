import JarshyKit
import Storage

/// The form of a round, new or standing.
enum RoundForm {
    static func routes(_ site: inout Routes) {
        site.get("/canvass/new", .right(.manageCanvass)) { visit in try await form(visit, nil) }
        site.post("/canvass/new", .right(.manageCanvass)) { visit in
            try await visit.attempt({ try await save(visit, nil) }, again: { try await form(visit, $0) })
        }
        site.get("/canvass/{id}/edit", .right(.manageCanvass)) { visit in try await form(visit, nil) }
        site.post("/canvass/{id}/edit", .right(.manageCanvass)) { visit in
            try await visit.attempt(
                { try await save(visit, try id(visit)) }, again: { try await form(visit, $0) })
        }
    }

    private static func id(_ visit: Visit) throws -> RoundID {
        guard let id = RoundID(visit.parameter("id")) else { throw Problem.notFound("round") }
        return id
    }

    private static func save(_ visit: Visit, _ round: RoundID?) async throws -> Reply {
        let (form, today, query) = (visit.form, visit.today, visit.query)
        let campaign = try await visit.read { db in
            try Campaigns.current(in: db).chosen(query.text("campaign"), on: today).code
        }
        let id = try await visit.run(
            SaveRound(
                round: round, campaign: campaign, unit: form.text("unit"), organization: form.text("organization"),
                isInformation: form.text("class") != "campaigning",
                names: Trio(kk: form.text("name_kk"), ru: form.text("name_ru"), en: form.text("name_en")),
                first: Day(form.text("first")), last: Day(form.text("last")),
                opens: CanvassRound.VisitingHours.minute(form.text("opens")),
                closes: CanvassRound.VisitingHours.minute(form.text("closes"))))
        return .redirect("/canvass/\(id)", flash: .init(kind: .done, text: visit.words("canvass.saved")))
    }

    private static func form(_ visit: Visit, _ problem: Problem?) async throws -> Reply {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        let round = visit.parameter("id").isEmpty ? nil : try id(visit)
        let unit = visit.form.code("unit") ?? query.code("unit")
        let facts = try await visit.read { db in
            try RoundFormFacts(round, unit: unit, campaign: query.text("campaign"), actor: actor, now: now, in: db)
        }
        let page = RoundFormPage(facts, form: visit.method == "POST" ? visit.form : nil, problem: problem, words: visit.words)
        return .page(
            "canvass_form", page,
            PageHead(page.heading, section: "canvass", campaign: facts.campaign.names[visit.language]))
    }
}

struct RoundFormFacts: Sendable {
    let round: CanvassRound?
    let campaign: Campaign
    let organizations: [Organization]
    let own: Set<OrganizationNo>
    let tree: Tree
    let today: Day
    let unit: UnitNo
    let places: [UnitNo]

    init(_ id: RoundID?, unit code: String?, campaign: String, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try CanvassScope(actor, at: now, in: db)
        let (tree, today) = (scope.tree, scope.today)
        let round = try id.map { try scope.managed($0, in: db) }
        let campaigns = try Campaigns.current(in: db)
        guard let chosen = try round.map({ campaigns.find($0.campaign) }) ?? campaigns.chosen(campaign, on: today) else {
            throw Problem.notFound("campaign")
        }
        let homes = actor.grants.filter { $0.holds(on: today) && $0.rights.contains(.manageCanvass) }.map(\.unit)
        guard let home = homes.first ?? tree.root else { throw Problem.notFound("unit") }
        let unit = round?.unit ?? code.flatMap { tree.find($0)?.no } ?? home
        (self.round, self.campaign, self.tree, self.today, self.unit) = (round, chosen, tree, today, unit)
        organizations = try Organization.all(in: db)
        own = Set(actor.organizations)
        places = Set(homes + [unit] + tree.children(of: unit) + tree.chain(of: unit)).filter { place in
            actor.holds(.manageCanvass, over: place, in: tree, on: today)
        }.sorted { (tree[$0]?.sortKey ?? []).lexicographicallyPrecedes(tree[$1]?.sortKey ?? []) }
    }
}

struct RoundFormPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let names: [TextField]
    let isNew: Bool
    let selects: [SelectField]
    let organization: SelectField
    let classes: TilesField
    let days: [DateField]
    let hours: [TextField]

    init(_ facts: RoundFormFacts, form: Fields?, problem: Problem?, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        let (round, tree) = (facts.round, facts.tree)
        func value(_ name: String, _ known: String?) -> String { form?[name] ?? known ?? "" }
        trail = [TrailLink("/canvass", words("canvass.title"))]
            + (round.map { [TrailLink("/canvass/\($0.id)", $0.names[words.language])] } ?? [])
        here = words(round == nil ? "canvass.new" : "canvass.edit")
        heading = here
        let campaign = "?" + Fields([("campaign", facts.campaign.code)]).encoded
        action = round.map { "/canvass/\($0.id)/edit" } ?? "/canvass/new" + campaign
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        names = [("name_kk", round?.names.kk), ("name_ru", round?.names.ru), ("name_en", round?.names.en)].map { name, known in
            TextField(name, words("canvass.\(name)"), value: value(name, known), error: wrong[name], required: true)
        }
        isNew = round == nil
        selects = [
            SelectField(
                "unit", words("canvass.unit"),
                options: UnitText(words: words).options(facts.places, in: tree),
                chosen: form?.code("unit") ?? tree.code(of: facts.unit), error: wrong["unit"], required: true)
        ]
        let known = round?.organization ?? facts.organizations.first { facts.own.contains($0.no) }?.no
        organization = SelectField(
            "organization", words("canvass.organization"),
            options: [("", words("form.none"))] + facts.organizations.map { ($0.code, $0.names[words.language]) },
            chosen: value("organization", facts.organizations.first { $0.no == known }?.code),
            hint: words("canvass.organization.hint"), error: wrong["organization"], required: true)
        classes = TilesField(
            "class", words("canvass.class"),
            choices: ["information", "campaigning"].map { ($0, words("canvass.class.\($0)")) },
            chosen: form.map { $0.text("class") } ?? "information", hint: words("canvass.class.hint"), required: true)
        days = [("first", round?.first), ("last", round?.last)].map { name, known in
            DateField(
                name, words("canvass.\(name)"), value: value(name, (known ?? facts.today).description), error: wrong[name],
                required: true, min: facts.campaign.first, max: facts.campaign.last)
        }
        hours = [("opens", round?.hours.opens ?? 600), ("closes", round?.hours.closes ?? 1200)].map { name, minute in
            TextField(
                name, words("canvass.\(name)"), value: value(name, CanvassRound.VisitingHours.text(minute)),
                error: wrong[name], required: true)
        }
    }
}
