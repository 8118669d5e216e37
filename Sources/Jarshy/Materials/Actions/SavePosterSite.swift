import JarshyKit
import Storage

/// Enters a designated poster site with its permission. Needs `manageMaterials` over the unit it lies in.
struct AddPosterSite: Action {
    let campaign: String
    let unit: String
    let form: PosterSiteForm

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> PosterSiteID {
        let scope = try MaterialScope(actor, at: now, in: db)
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        guard let unit = scope.tree.find(unit), actor.mayKnow(unit.no, in: scope.tree, on: scope.today) else {
            throw Problem.notFound("unit")
        }
        try actor.require(.manageMaterials, over: unit.no, in: scope.tree, on: scope.today)
        try SiteRules.check(form, unit: unit.no, campaign: campaign.no, scope, in: db)
        let id = PosterSiteID.make(at: now)
        try db.run(
            """
            INSERT INTO poster_site (id, campaign, unit, address, class, school, capacity, material, decree, decree_number, decree_day,
                first_day, take_down_day, condition, author, created_at, changed_at)
            VALUES (\(id), \(campaign.no), \(unit.no), \(form.address), \(form.class), \(form.isAtSchool), \(form.capacity),
                \(form.material), \(form.decree), \(form.decreeNumber), \(form.decreeDay), \(form.first), \(form.takeDown),
                \(PosterSite.Condition.empty), \(actor.person), \(now), \(now))
            """)
        try Feed.record(FeedLine("add", "poster-site", id, unit: unit.no), by: actor, at: now, in: db)
        return id
    }
}

/// Changes what is written of a site. Its findings stay as they were told.
struct EditPosterSite: Action {
    let site: PosterSiteID
    let form: PosterSiteForm

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (site, scope) = try SiteRules.find(site, by: actor, at: now, in: db)
        try SiteRules.check(form, unit: site.unit, campaign: site.campaign, scope, was: site.form.material, in: db)
        try db.run(
            """
            UPDATE poster_site SET address = \(form.address), class = \(form.class), school = \(form.isAtSchool),
                capacity = \(form.capacity), material = \(form.material), decree = \(form.decree),
                decree_number = \(form.decreeNumber), decree_day = \(form.decreeDay), first_day = \(form.first),
                take_down_day = \(form.takeDown), changed_at = \(now)
            WHERE id = \(site.id)
            """)
        try Feed.record(FeedLine("edit", "poster-site", site.id, unit: site.unit), by: actor, at: now, in: db)
    }
}

/// A site is no longer used. Refused while posters hang there: they come down first.
struct ClosePosterSite: Action {
    let site: PosterSiteID

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let (site, _) = try SiteRules.find(site, by: actor, at: now, in: db)
        guard !site.condition.isHanging else {
            throw Problem.conflict("site-hanging", "Posters still hang there. Take them down and say so first.")
        }
        try db.run("UPDATE poster_site SET closed_at = \(now), changed_at = \(now) WHERE id = \(site.id)")
        try Feed.record(FeedLine("close", "poster-site", site.id, unit: site.unit), by: actor, at: now, in: db)
    }
}

/// What adding and editing a site share.
enum SiteRules {
    /// - Throws: 404 outside the scope, 403 without `manageMaterials`, 409 for a closed one.
    static func find(
        _ id: PosterSiteID, by actor: Actor, at now: Instant, in db: any Writing
    ) throws -> (site: PosterSite, scope: MaterialScope) {
        let scope = try MaterialScope(actor, at: now, in: db)
        let site = try scope.site(id, in: db)
        try actor.require(.manageMaterials, over: site.unit, in: scope.tree, on: scope.today)
        guard site.isOpen else { throw Problem.conflict("site-closed", "The site is no longer used.") }
        return (site, scope)
    }

    /// What is to hang there is approved, meant for this place and allowed on it.
    /// - Parameter was: what hangs there now; it may have been withdrawn since.
    static func check(
        _ form: PosterSiteForm, unit: UnitNo, campaign: CampaignNo, _ scope: MaterialScope, was: MaterialID? = nil,
        in db: any Reading
    ) throws {
        var faults = form.faults()
        if let id = form.material {
            let material = try db.first(Material.self, where: "FROM material m WHERE m.id = \(id)")
            if let material, material.campaign == campaign, scope.tree.isWithin(unit, material.unit), material.state != .draft {
                if material.state == .withdrawn, id != was {
                    faults.append(Problem.Fault("material", "material-withdrawn", "The material is withdrawn."))
                }
                if material.isCampaigning, form.class != .campaigning {
                    faults.append(Problem.Fault("material", "site-class", "Only information hangs at this site."))
                }
            } else {
                faults.append(Problem.Fault("material", "unknown", "There is no such material for this place."))
            }
        }
        if !faults.isEmpty { throw Problem.invalid(faults) }
    }
}
