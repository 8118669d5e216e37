import JarshyKit
import Storage

/// Who is responsible for what leaves: a public page, with forms for those who may fill it in.
enum ImprintPages {
    static func routes(_ site: inout Routes) {
        site.get("/imprints", .open) { visit in try await page(visit, problem: nil) }
        site.post("/imprints", .signedIn) { visit in
            try await visit.attempt(
                {
                    let form = visit.form
                    try await visit.run(
                        SetImprint(
                            campaign: form.text("campaign"), organization: form.text("organization"),
                            orderer: form.text("orderer"), payer: form.text("payer"), responsible: form.text("responsible"),
                            address: form.text("address")))
                    return .redirect("/imprints", flash: .init(kind: .done, text: visit.words("imprints.saved")))
                }, again: { try await page(visit, problem: $0) })
        }
    }

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today, code) = (visit.actor, visit.today, visit.query.text("campaign"))
        let view = try await visit.read { db -> (Campaign, [ImprintView]) in
            let campaign = try Campaigns.current(in: db).chosen(code, on: today)
            let (tree, imprints) = (try Tree.current(in: db), try Release.Imprint.all(in: db))
            let views = try Organization.all(in: db).map { organization in
                ImprintView(
                    organization: organization, imprint: imprints[Release.Imprint.Key(campaign.no, organization.no)],
                    may: actor.map { SetImprint.may($0, organization.no, in: tree, on: today) } ?? false)
            }
            return (campaign, views)
        }
        let form = problem == nil ? nil : visit.form
        let page = ImprintsPage(view.1, view.0, form: form, problem: problem, words: visit.words)
        return .page("imprints", page, PageHead(page.heading, section: "imprints", campaign: view.0.names[visit.language]))
    }
}

struct ImprintView: Sendable {
    let organization: Organization
    let imprint: Release.Imprint?
    let may: Bool
}

struct ImprintsPage: PageModel {
    let heading: String
    let rows: [ImprintRow]
    let isEmpty: Bool
    let hasErrors: Bool
    let errors: ErrorSummary

    init(_ views: [ImprintView], _ campaign: Campaign, form: Fields?, problem: Problem?, words: Words) {
        heading = words("imprints.title")
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        rows = views.filter { $0.may || $0.imprint != nil }.map { view in
            ImprintRow(view, campaign, form: form?.text("organization") == view.organization.code ? form : nil, problem, words)
        }
        isEmpty = rows.isEmpty
    }
}

struct ImprintRow: PageModel {
    let issuer: String
    let lines: [String]
    let isSet: Bool
    let may: Bool
    let opened: Bool
    let organization: String
    let campaign: String
    let fields: [TextField]

    init(_ view: ImprintView, _ campaign: Campaign, form: Fields?, _ problem: Problem?, _ words: Words) {
        let wrong = FieldErrors(form == nil ? nil : problem, words: words)
        let (imprint, code) = (view.imprint, view.organization.code)
        issuer = view.organization.names[words.language]
        lines = imprint.map { Array($0.lines(view.organization, words).dropFirst()) } ?? []
        isSet = imprint != nil
        may = view.may
        opened = form != nil
        organization = code
        self.campaign = campaign.code
        let stored = [
            ("orderer", imprint?.orderer), ("payer", imprint?.payer), ("responsible", imprint?.responsible),
            ("address", imprint?.address),
        ]
        fields = stored.map { name, value in
            TextField(
                name, words.find("imprint.\(name)") ?? name, value: form?.text(name) ?? value ?? "", error: wrong[name],
                required: true, id: "\(name)-\(code)")
        }
    }
}
