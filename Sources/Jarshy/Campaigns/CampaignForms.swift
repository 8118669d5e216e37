import JarshyKit

/// The form of a campaign's name and days. Fields as in `campaign_form.mustache`.
struct CampaignFormPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let action: String
    let cancelURL: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let names: [CampaignNameFields]
    let days: [DateField]
}

struct CampaignNameFields: PageModel {
    let language: String
    let name: TextField
    let about: AreaField
}

extension CampaignFormPage {
    /// - Parameter form: what was typed; nil when the form is shown for the first time.
    init(_ campaign: Campaign, form: Fields?, problem: Problem?, words: Words) {
        let (address, wrong) = ("/campaigns/\(campaign.code)", FieldErrors(problem, words: words))
        let form = form ?? Self.stored(campaign)
        trail = [TrailLink("/campaigns", words("campaigns.title")), TrailLink(address, campaign.names[words.language])]
        here = words("campaign.edit")
        heading = words("campaign.edit")
        action = address
        cancelURL = address
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        names = Language.allCases.map { language in
            let (name, about) = ("name_\(language)", "about_\(language)")
            return CampaignNameFields(
                language: language.ownName,
                name: TextField(
                    name, words("campaign.name"), value: form.text(name), error: wrong[name], required: true),
                about: AreaField(about, words("campaign.about"), value: form.text(about), error: wrong[about]))
        }
        days = ["first", "last", "vote", "quiet_from"].map { field in
            DateField(
                field, words("campaign.\(field)"), value: form.text(field),
                hint: words.find("campaign.\(field).hint") ?? "", error: wrong[field],
                required: field == "first" || field == "last")
        }
    }

    private static func stored(_ campaign: Campaign) -> Fields {
        var fields = Fields([
            ("first", "\(campaign.first)"), ("last", "\(campaign.last)"), ("vote", campaign.vote?.description ?? ""),
            ("quiet_from", campaign.quietFrom?.description ?? ""),
        ])
        for language in Language.allCases {
            fields.append("name_\(language)", campaign.names[language])
            fields.append("about_\(language)", campaign.abouts[language])
        }
        return fields
    }
}

extension SaveCampaign {
    /// Reads the form.
    /// - Throws: 422 at a day that cannot be read.
    init(_ code: String, _ form: Fields) throws {
        func trio(_ prefix: String) -> Trio {
            Trio(kk: form.text("\(prefix)_kk"), ru: form.text("\(prefix)_ru"), en: form.text("\(prefix)_en"))
        }
        self.init(
            code: code, names: trio("name"), abouts: trio("about"),
            days: CampaignDays(
                first: try form.neededDay("first"), last: try form.neededDay("last"),
                vote: try form.optionalDay("vote"),
                quietFrom: try form.optionalDay("quiet_from")))
    }
}

/// The organisations of the headquarters. Fields as in `organizations.mustache`.
struct OrganizationsPage: PageModel {
    let heading: String
    let rows: [OrganizationListRow]
    let isEmpty: Bool
    let empty: EmptyState
    let canAdd: Bool
    let opened: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let action: String
    let fields: [TextField]
    let kind: SelectField
}

struct OrganizationListRow: PageModel {
    let organizationName: String
    let organizationKind: String
    let organizationCode: String
}

extension OrganizationsPage {
    init(_ organizations: [Organization], canAdd: Bool, form: Fields, problem: Problem?, words: Words) {
        let wrong = FieldErrors(problem, words: words)
        heading = words("organizations.title")
        rows = organizations.map { organization in
            OrganizationListRow(
                organizationName: organization.names[words.language],
                organizationKind: words.find("organization.kind.\(organization.kind)") ?? organization.kind,
                organizationCode: organization.code)
        }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("organizations.empty"), next: words("organizations.empty.next"))
        self.canAdd = canAdd
        opened = problem != nil
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        action = "/organizations"
        fields =
            [
                TextField(
                    "code", words("organizations.code"), value: form.text("code"), hint: words("unit.code.hint"),
                    error: wrong["code"], required: true)
            ]
            + Language.allCases.map { language in
                let field = "name_\(language)"
                return TextField(
                    field, words("organizations.name") + " (\(language.ownName))", value: form.text(field),
                    error: wrong[field], required: true)
            }
        kind = SelectField(
            "kind", words("organizations.kind"),
            options: AddOrganization.kinds.map { ($0, words("organization.kind.\($0)")) },
            chosen: form["kind"] ?? "other", error: wrong["kind"], required: true)
    }
}
