import JarshyKit
import Storage

/// The form of a material: a new one, the next version of one, or a draft that is changed.
enum MaterialFormPages {
    static func routes(_ site: inout Routes) {
        site.get("/materials/new", .right(.manageMaterials)) { visit in try await form(visit, nil) }
        site.post("/materials/new", .right(.manageMaterials)) { visit in
            try await visit.attempt({ try await drawUp(visit) }, again: { try await form(visit, $0) })
        }
        site.get("/materials/{id}/edit", .right(.manageMaterials)) { visit in try await form(visit, nil) }
        site.post("/materials/{id}/edit", .right(.manageMaterials)) { visit in
            try await visit.attempt({ try await rewrite(visit) }, again: { try await form(visit, $0) })
        }
    }

    private static func drawUp(_ visit: Visit) async throws -> Reply {
        let facts = try await facts(visit)
        let id = try await visit.run(
            DrawUpMaterial(
                campaign: facts.campaign.code,
                unit: facts.after.map { facts.tree.code(of: $0.unit) } ?? visit.form.text("unit"),
                form: try typed(visit.form), after: facts.after?.id))
        return .redirect("/materials/\(id)", flash: .init(kind: .done, text: visit.words("material.done.draw_up")))
    }

    private static func rewrite(_ visit: Visit) async throws -> Reply {
        guard let id = MaterialID(visit.parameter("id")) else { throw Problem.notFound("material") }
        try await visit.run(RewriteMaterial(material: id, form: try typed(visit.form)))
        return .redirect("/materials/\(id)", flash: .init(kind: .done, text: visit.words("material.done.draw_up")))
    }

    /// - Throws: 422 for what is not one of a list or no number; the rest is the action's to judge.
    private static func typed(_ form: Fields) throws -> MaterialForm {
        var faults: [Problem.Fault] = []
        func choice<Value: RawRepresentable<String>>(_ name: String, _ spare: Value) -> Value {
            if let value = Value(rawValue: form.text(name)) { return value }
            faults.append(Problem.Fault(name, "not-listed", "'\(name)' is one of a list."))
            return spare
        }
        let kind = choice("kind", MaterialForm.Kind.other)
        let itemClass = choice("class", MaterialClass.information)
        let isPrinted = form.text("printed") != "0"
        let typed = MaterialForm(
            kind: kind, class: itemClass,
            names: Trio(kk: form.text("name_kk"), ru: form.text("name_ru"), en: form.text("name_en")),
            languages: Set(Language.allCases.filter { form["language_\($0.rawValue)"] == "1" }),
            imprint: MaterialImprint(
                issuer: form.text("issuer"), orderer: form.text("orderer"), payer: form.text("payer"),
                responsible: form.text("responsible"), isPrinted: isPrinted, printer: isPrinted ? form.text("printer") : "",
                place: isPrinted ? form.text("print_place") : "",
                run: isPrinted ? try form.wholeNumber("print_run") ?? 0 : 0))
        if !faults.isEmpty { throw Problem.invalid(faults + typed.faults()) }
        return typed
    }

    private static func facts(_ visit: Visit) async throws -> MaterialFormFacts {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        let text = visit.parameter("id")
        return try await visit.read { db in
            try MaterialFormFacts(
                text.isEmpty ? nil : MaterialID(text), isNew: text.isEmpty, query, actor: actor, now: now, in: db)
        }
    }

    private static func form(_ visit: Visit, _ problem: Problem?) async throws -> Reply {
        let facts = try await facts(visit)
        let page = MaterialFormPage(
            facts, form: visit.method == "POST" ? visit.form : nil, problem: problem, words: visit.words)
        return .page(
            "material_form", page, PageHead(page.heading, section: "materials", campaign: facts.campaign.names[visit.language]))
    }
}

/// What the form starts with.
struct MaterialFormFacts: Sendable {
    let draft: Material?
    /// The version the new one comes after.
    let after: Material?
    let campaign: Campaign
    let tree: Tree
    let places: [UnitNo]

    /// - Throws: 404 outside the scope, 403 without `manageMaterials`, 409 for what is approved already.
    init(_ id: MaterialID?, isNew: Bool, _ query: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try MaterialScope(actor, at: now, in: db)
        let draft = isNew ? nil : try scope.material(id, in: db)
        let after = isNew ? try query.code("after").map { try scope.material(MaterialID($0), in: db) } : nil
        if let known = draft ?? after {
            try actor.require(.manageMaterials, over: known.unit, in: scope.tree, on: scope.today)
        }
        if let draft, draft.state != .draft {
            throw Problem.conflict("material-approved", "What was approved is not changed. Draw up the next version.")
        }
        let campaigns = try Campaigns.current(in: db)
        guard
            let campaign = try (draft ?? after).map({ campaigns.find($0.campaign) })
                ?? campaigns.chosen(query.text("campaign"), on: scope.today)
        else { throw Problem.notFound("campaign") }
        (self.draft, self.after, self.campaign, tree) = (draft, after, campaign, scope.tree)
        places = scope.places(.manageMaterials)
    }
}
