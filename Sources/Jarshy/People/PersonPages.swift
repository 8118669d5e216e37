import JarshyKit
import Storage

/// One person's page. Opened by another, the reading is recorded.
enum PersonPages {
    /// - Parameter problem: why a role or a post was refused; the form is shown again with what was typed.
    static func page(_ visit: Visit, problem: Problem? = nil) async throws -> Reply {
        let (actor, today, now) = (try visit.require(), visit.today, visit.now)
        let id = try People.person(visit)
        let view = try await visit.write { db in
            let names = try PeopleNames(in: db)
            let scope = PeopleScope(actor, tree: names.tree, today: today)
            let (person, roles) = try scope.find(id, in: db)
            try PersonalRead.record([id], page: "person", by: actor, at: now, in: db)
            return View(
                names: names, person: person, roles: roles,
                affiliations: try PersonRows.affiliations(of: [id], in: db),
                feed: try PersonRows.feed(of: id, limit: 30, in: db), scope: scope,
                hasPower: (try? scope.requirePower(over: id, holding: roles, in: db)) != nil)
        }
        return .page(
            "person", model(view, visit, actor, problem),
            PageHead(view.person.name, section: id == actor.person ? "me" : "people"))
    }

    private struct View: Sendable {
        let names: PeopleNames
        let person: Person
        let roles: [HeldRole]
        let affiliations: [Affiliation]
        let feed: [PersonDeed]
        let scope: PeopleScope
        let hasPower: Bool
    }

    private static func model(_ view: View, _ visit: Visit, _ actor: Actor, _ problem: Problem?) -> PersonPage {
        let (words, today, now, person) = (visit.words, visit.today, visit.now, view.person)
        let text = PeopleText(words, view.names)
        let base = "/people/\(person.id)"
        let isOther = person.id != actor.person
        let canManage = actor.holdsAnywhere(.managePeople, on: today)
        let isAboutPost = visit.path.hasSuffix("/posts")
        let isAboutName = visit.path.hasSuffix("/name")
        let canEdit = !isOther || (view.hasPower && canManage)
        return PersonPage(
            trail: [TrailLink("/people", words("nav.people"))], here: person.name, heading: person.name,
            facts: facts(person, words, now),
            roles: view.roles.reversed().map { held in
                let role = view.names.roles.first { $0.code == held.role }
                let isEnded = held.to.map { $0 < today } ?? false
                let canEnd =
                    canManage && !isEnded
                    && role.map { role in
                        (try? view.scope.requirePower(
                            over: role, unit: held.unit, organization: held.organization, until: today)) != nil
                    } ?? false
                return RoleRow(
                    role: text.role(held.role),
                    where: [held.organization.map(text.organization) ?? "", text.unit(held.unit)].filter { !$0.isEmpty }
                        .joined(separator: " · "),
                    days: words.span(held.from, held.to), mark: StateMark(isEnded ? "closed" : "open", words: words),
                    canEnd: canEnd, endAction: "\(base)/roles/\(held.id)/end")
            },
            affiliations: view.affiliations.reversed().map { post in
                let isEnded = post.to.map { $0 < today } ?? false
                return AffiliationRow(
                    organization: text.organization(post.organization), post: post.post,
                    affDays: words.span(post.from, post.to), canEndAff: view.hasPower && !isEnded,
                    endAffAction: "\(base)/posts/\(post.id)/end")
            },
            hasAffiliations: !view.affiliations.isEmpty, canGrant: canManage,
            grant: grantForm(base, text, visit, actor, isAboutPost || isAboutName ? nil : problem),
            canAffiliate: view.hasPower && canManage,
            affiliate: affiliateForm(base, text, visit, isAboutPost ? problem : nil),
            canEdit: canEdit, edit: editForm(base, person, visit, isAboutName ? problem : nil),
            canReset: isOther && view.hasPower && canManage && person.isOpen, resetAction: "\(base)/invitation",
            canClose: isOther && view.hasPower && canManage && person.isOpen, closeAction: "\(base)/close",
            feed: view.feed.map { deed in
                FeedRow(
                    feedWhen: words.moment(deed.at, now: now),
                    feedWho: deed.actorKind == "operator" ? words("people.operator") : deed.actor ?? "",
                    feedWhat: words.find("people.feed.\(deed.verb.replacing("-", with: "_"))") ?? deed.verb)
            })
    }

    private static func facts(_ person: Person, _ words: Words, _ now: Instant) -> [PersonFact] {
        let state =
            person.isOpen ? (person.hasPassword ? "person.state.open" : "person.state.invited") : "person.state.closed"
        return [
            PersonFact(words("signin.login"), person.login ?? words("no_data")),
            PersonFact(words("person.latin"), person.nameLatin),
            PersonFact(words("person.language"), person.language.ownName),
            PersonFact(words("list.state"), words(state)),
            PersonFact(words("people.last"), person.seen.map { words.moment($0, now: now) } ?? words("no_data")),
        ]
    }

    private static func grantForm(
        _ base: String, _ text: PeopleText, _ visit: Visit, _ actor: Actor, _ problem: Problem?
    ) -> GrantForm {
        let (words, form, wrong) = (visit.words, visit.form, FieldErrors(problem, words: visit.words))
        return GrantForm(
            action: "\(base)/roles", opened: problem != nil, hasErrors: problem != nil,
            errors: problem.map { summary($0, words) } ?? .none,
            role: SelectField(
                "role", words("person.role"), options: text.roleOptions(for: actor, on: visit.today),
                chosen: form.text("role"), error: wrong["role"], required: true),
            unit: SelectField(
                "unit", words("person.unit"),
                options: text.unitOptions(for: actor, under: text.tree.find(visit.query.text("unit")), on: visit.today),
                chosen: form.text("unit"), error: wrong["unit"], required: true),
            organization: SelectField(
                "organization", words("person.organization"),
                options: text.organizationOptions(none: words("form.none")),
                chosen: form.text("organization"), hint: words("person.organization.hint"), error: wrong["organization"]
            ),
            from: DateField(
                "from", words("person.from"), value: form.has("from") ? form.text("from") : visit.today.description,
                error: wrong["from"]),
            until: DateField(
                "until", words("person.until"), value: form.text("until"), hint: words("field.optional"),
                error: wrong["until"], min: visit.today))
    }

    /// What lies beyond one's own rights is said in the words of the form, not of the door.
    private static func summary(_ problem: Problem, _ words: Words) -> ErrorSummary {
        guard problem.slug == "beyond" else { return ErrorSummary(problem, words: words) }
        return ErrorSummary(
            heading: words("person.role.beyond"), kept: words("errors.kept"),
            items: [ErrorItem(href: "#role", message: words("person.role"))])
    }

    private static func editForm(_ base: String, _ person: Person, _ visit: Visit, _ problem: Problem?) -> EditPersonForm {
        let (words, form, wrong) = (visit.words, visit.form, FieldErrors(problem, words: visit.words))
        return EditPersonForm(
            action: "\(base)/name", opened: problem != nil,
            fullName: TextField(
                "fullName", words("setup.name.other"), value: problem == nil ? person.name : form.text("fullName"),
                error: wrong["fullName"], required: true),
            language: SignInPages.languageField(
                words, chosen: (problem == nil ? nil : form["language"]) ?? person.language.rawValue))
    }

    private static func affiliateForm(
        _ base: String, _ text: PeopleText, _ visit: Visit, _ problem: Problem?
    ) -> AffiliateForm {
        let (words, form, wrong) = (visit.words, visit.form, FieldErrors(problem, words: visit.words))
        return AffiliateForm(
            action: "\(base)/posts", opened: problem != nil,
            organization: SelectField(
                "affOrganization", words("person.organization"),
                options: text.organizationOptions(none: words("form.none")), chosen: form.text("affOrganization"),
                error: wrong["affOrganization"], required: true),
            post: TextField(
                "post", words("person.post"), value: form.text("post"), error: wrong["post"], required: true))
    }
}

struct PersonPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let facts: [PersonFact]
    let roles: [RoleRow]
    let affiliations: [AffiliationRow]
    let hasAffiliations: Bool
    let canGrant: Bool
    let grant: GrantForm
    let canAffiliate: Bool
    let affiliate: AffiliateForm
    let canEdit: Bool
    let edit: EditPersonForm
    let canReset: Bool
    let resetAction: String
    let canClose: Bool
    let closeAction: String
    let feed: [FeedRow]
}

struct EditPersonForm: PageModel {
    let action: String
    let opened: Bool
    let fullName: TextField
    let language: SelectField
}

struct PersonFact: PageModel {
    let fact: String
    let factText: String
    let hasFactURL = false
    let factURL = ""

    init(_ fact: String, _ text: String) {
        self.fact = fact
        factText = text
    }
}

struct RoleRow: PageModel {
    let role: String
    let `where`: String
    let days: String
    let mark: StateMark
    let canEnd: Bool
    let endAction: String
}

struct AffiliationRow: PageModel {
    let organization: String
    let post: String
    let affDays: String
    let canEndAff: Bool
    let endAffAction: String
}

struct GrantForm: PageModel {
    let action: String
    let opened: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let role: SelectField
    let unit: SelectField
    let organization: SelectField
    let from: DateField
    let until: DateField
}

struct AffiliateForm: PageModel {
    let action: String
    let opened: Bool
    let organization: SelectField
    let post: TextField
}

struct FeedRow: PageModel {
    let feedWhen: String
    let feedWho: String
    let feedWhat: String
}
