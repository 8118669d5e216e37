import JarshyKit
import Storage

/// Draws up a material: a draft that a second person has to approve. Needs `manageMaterials` over the unit it is for.
struct DrawUpMaterial: Action {
    let campaign: String
    let unit: String
    let form: MaterialForm
    /// The version it is to come after, for the same unit. One draft of a family at a time.
    var after: MaterialID?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> MaterialID {
        let scope = try MaterialScope(actor, at: now, in: db)
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        guard let unit = scope.tree.find(unit), actor.mayKnow(unit.no, in: scope.tree, on: scope.today) else {
            throw Problem.notFound("unit")
        }
        try actor.require(.manageMaterials, over: unit.no, in: scope.tree, on: scope.today)
        let faults = form.faults()
        if !faults.isEmpty { throw Problem.invalid(faults) }
        let earlier = try after.map { try scope.material($0, in: db) }
        let newest = try earlier.map { try MaterialRows.versions(of: $0.family, in: db) }?.last
        if let newest {
            guard newest.campaign == campaign.no, newest.unit == unit.no else { throw Problem.notFound("material") }
            guard newest.state != .draft else {
                throw Problem.conflict("material-next-draft", "The next version is being drawn up already. Change that draft.")
            }
        }
        let id = MaterialID.make(at: now)
        let imprint = form.imprint
        try db.run(
            """
            INSERT INTO material (id, family, version, campaign, unit, kind, class, printed, name_kk, name_ru, name_en, languages, issuer, orderer,
                payer, responsible, printer, print_place, print_run, state, author, changed_by, created_at, changed_at,
                withdrawn_reason)
            VALUES (\(id), \(newest?.family ?? id), \((newest?.version ?? 0) + 1), \(campaign.no), \(unit.no), \(form.kind), \(form.class), \(imprint.isPrinted), \(form.names.kk),
                \(form.names.ru), \(form.names.en), \(form.languageCodes.joined(separator: " ")), \(imprint.issuer),
                \(imprint.orderer), \(imprint.payer), \(imprint.responsible), \(imprint.printer), \(imprint.place),
                \(imprint.run), \(Material.State.draft), \(actor.person), \(actor.person), \(now), \(now), '')
            """)
        try MaterialIndex.changed([id], at: now, in: db)
        try Feed.record(FeedLine("draw-up", "material", id, unit: unit.no), by: actor, at: now, in: db)
        return id
    }
}

/// Changes a draft. What was approved is never changed.
struct RewriteMaterial: Action {
    let material: MaterialID
    let form: MaterialForm

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (material, _) = try MaterialDraft.find(material, by: actor, at: now, in: db)
        let faults = form.faults()
        if !faults.isEmpty { throw Problem.invalid(faults) }
        let imprint = form.imprint
        try db.run(
            """
            UPDATE material SET kind = \(form.kind), class = \(form.class), printed = \(imprint.isPrinted),
                name_kk = \(form.names.kk), name_ru = \(form.names.ru), name_en = \(form.names.en),
                languages = \(form.languageCodes.joined(separator: " ")), issuer = \(imprint.issuer),
                orderer = \(imprint.orderer), payer = \(imprint.payer), responsible = \(imprint.responsible),
                printer = \(imprint.printer), print_place = \(imprint.place), print_run = \(imprint.run),
                changed_by = \(actor.person), changed_at = \(now)
            WHERE id = \(material.id)
            """)
        try MaterialIndex.changed([material.id], at: now, in: db)
        try Feed.record(FeedLine("rewrite", "material", material.id, unit: material.unit), by: actor, at: now, in: db)
    }
}

/// A draft on which its authors work.
enum MaterialDraft {
    /// - Throws: 404 outside the scope, 403 without `manageMaterials`, 409 for what is approved already.
    static func find(
        _ id: MaterialID, by actor: Actor, at now: Instant, in db: any Reading
    ) throws -> (material: Material, scope: MaterialScope) {
        let scope = try MaterialScope(actor, at: now, in: db)
        let material = try scope.material(id, in: db)
        try actor.require(.manageMaterials, over: material.unit, in: scope.tree, on: scope.today)
        guard material.state == .draft else {
            throw Problem.conflict("material-approved", "What was approved is not changed. Draw up another material.")
        }
        return (material, scope)
    }
}
