import JarshyKit
import Storage

/// Campaigns: what is done, for whom, by what channel, and what is counted; all of it data (`CampaignPlan`).
///
/// A campaign runs from a first to a last day; where there is a vote it may have a quiet period, which ends with the
/// day of the vote (`QuietPeriod`). It comes from a folder of tables (`ImportCampaign`, by the command line), which also
/// carry later changes: what figures mean does not change under them, names and days may. A metric about people never has a target: the action refuses it and the
/// table has a CHECK. Organisations sit in the headquarters together and host events.
///
///     GET  /campaigns                 all of them
///     GET  /campaigns/{code}          days, vocabulary, metrics with their bounds and questions
///     GET  /campaigns/{code}/edit     POST /campaigns/{code}
///     GET  /organizations             POST /organizations
extension Campaigns {
    static func routes(_ site: inout Routes) {
        site.get("/campaigns", .signedIn) { visit in
            let campaigns = try await visit.read { db in try Campaigns.current(in: db).all }
            let page = CampaignsPage(campaigns, today: visit.today, words: visit.words)
            return .page("campaigns", page, PageHead(page.heading, section: "campaigns"))
        }
        site.get("/campaigns/{code}", .signedIn) { visit in
            let (campaign, canEdit) = try await find(visit)
            let page = CampaignPage(campaign, canEdit: canEdit, today: visit.today, words: visit.words)
            return .page("campaign", page, PageHead(page.heading, section: "campaigns"))
        }
        site.get("/campaigns/{code}/edit", .right(.manageCampaigns)) { visit in try await form(visit, problem: nil) }
        site.post("/campaigns/{code}", .right(.manageCampaigns)) { visit in
            try await visit.attempt(
                {
                    let code = visit.parameter("code")
                    _ = try await visit.run(try SaveCampaign(code, visit.form))
                    return .redirect(
                        "/campaigns/\(code)", flash: .init(kind: .done, text: visit.words("campaign.saved")))
                }, again: { try await form(visit, problem: $0) })
        }
        site.get("/organizations", .signedIn) { visit in try await organizations(visit, problem: nil) }
        site.post("/organizations", .right(.manageOrganizations)) { visit in
            try await visit.attempt(
                {
                    let form = visit.form
                    _ = try await visit.run(
                        AddOrganization(
                            code: form.text("code"), kind: form.text("kind"),
                            names: Trio(kk: form.text("name_kk"), ru: form.text("name_ru"), en: form.text("name_en"))))
                    return .redirect(
                        "/organizations", flash: .init(kind: .done, text: visit.words("organizations.saved")))
                }, again: { try await organizations(visit, problem: $0) })
        }
    }

    /// The campaign of the address, and whether the visitor may change it.
    private static func find(_ visit: Visit) async throws -> (Campaign, Bool) {
        let (actor, today, code) = (try visit.require(), visit.today, visit.parameter("code"))
        return try await visit.read { db in
            guard let campaign = try Campaigns.current(in: db).find(code) else { throw Problem.notFound("campaign") }
            return (campaign, try holds(.manageCampaigns, actor, today, in: db))
        }
    }

    private static func holds(_ right: Right, _ actor: Actor, _ today: Day, in db: any Reading) throws -> Bool {
        let tree = try Tree.current(in: db)
        return tree.root.map { actor.holds(right, over: $0, in: tree, on: today) } ?? false
    }

    private static func form(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (campaign, canEdit) = try await find(visit)
        guard canEdit else { throw Problem.forbidden(Right.manageCampaigns.rawValue) }
        let page = CampaignFormPage(
            campaign, form: visit.method == "POST" ? visit.form : nil, problem: problem, words: visit.words)
        return .page("campaign_form", page, PageHead(page.heading, section: "campaigns"))
    }

    private static func organizations(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today) = (try visit.require(), visit.today)
        let (all, canAdd) = try await visit.read { db in
            (try Organization.all(in: db), try holds(.manageOrganizations, actor, today, in: db))
        }
        let page = OrganizationsPage(all, canAdd: canAdd, form: visit.form, problem: problem, words: visit.words)
        return .page("organizations", page, PageHead(page.heading, section: "campaigns"))
    }
}
