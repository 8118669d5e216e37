import JarshyKit
import Storage

/// The list of people within one's units, as a page and as a file.
enum PeopleList {
    static let pageSize = 50
    private static let longestFile = 20_000

    struct Query: Sendable {
        let search: String
        let role: String
        let unit: String
        let state: String
        let after: String
        let before: String

        init(_ query: Fields) {
            search = query.text("q")
            role = query.text("role")
            unit = query.text("unit")
            state = query.text("state")
            after = query.text("after")
            before = query.text("before")
        }

        var filter: PersonRows.Filter {
            PersonRows.Filter(
                search: search, role: role, onlyOpen: state == "open" ? true : state == "closed" ? false : nil)
        }

        /// The same list elsewhere in it, or as a file.
        func address(_ path: String, after: PersonID? = nil, before: PersonID? = nil) -> String {
            var fields = Fields()
            for (name, value) in [("q", search), ("role", role), ("unit", unit), ("state", state)] where !value.isEmpty
            {
                fields.append(name, value)
            }
            if let after { fields.append("after", after.description) }
            if let before { fields.append("before", before.description) }
            return fields.isEmpty ? path : path + "?" + fields.encoded
        }

        var isFiltered: Bool { !(search + role + unit + state).isEmpty }
    }

    struct Found: Sendable {
        let names: PeopleNames
        let unit: Unit?
        let people: [Person]
        let roles: [PersonID: [HeldRole]]
        let affiliations: [PersonID: [Affiliation]]
        let count: Int
        let hasPrevious: Bool
        let hasNext: Bool
    }

    private static func find(
        _ query: Query, by actor: Actor, today: Day, limit: Int, in db: any Reading
    ) throws -> Found {
        let names = try PeopleNames(in: db)
        let scope = PeopleScope(actor, tree: names.tree, today: today)
        let unit = query.unit.isEmpty ? nil : names.tree.find(query.unit)
        if !query.unit.isEmpty, !(unit.map { UnitScope(actor, in: names.tree, on: today).sees($0) } ?? false) {
            throw Problem.notFound("unit")
        }
        let cover = unit.map { scope.narrowed(to: $0.no) } ?? scope.cover
        var key: PersonRows.Key?
        let isBefore = !query.before.isEmpty
        if let id = PersonID(isBefore ? query.before : query.after), let person = try PersonRows.find(id, in: db) {
            key = PersonRows.Key(sortKey: person.sortKey, id: id, isBefore: isBefore)
        }
        var people = try PersonRows.list(cover, query.filter, from: key, limit: limit, in: db)
        let isMore = people.count > limit
        people = Array(people.prefix(limit))
        if isBefore { people.reverse() }
        let ids = people.map(\.id)
        return Found(
            names: names, unit: unit, people: people,
            roles: Dictionary(grouping: try PersonRows.roles(of: ids, in: db), by: \.person),
            affiliations: Dictionary(grouping: try PersonRows.affiliations(of: ids, in: db), by: \.person),
            count: try PersonRows.count(cover, query.filter, in: db),
            hasPrevious: isBefore ? isMore : key != nil, hasNext: isBefore ? true : isMore)
    }

    /// - Parameter problem: why a new person was refused; the form is shown again with what was typed.
    static func page(_ visit: Visit, problem: Problem? = nil) async throws -> Reply {
        let (actor, today, now, words) = (try visit.require(), visit.today, visit.now, visit.words)
        let query = Query(visit.query)
        let found = try await visit.write { db in
            let found = try find(query, by: actor, today: today, limit: pageSize, in: db)
            try PersonalRead.record(found.people.map(\.id), page: "people", by: actor, at: now, in: db)
            return found
        }
        let text = PeopleText(words, found.names)
        let place = found.unit ?? actor.grants.first { $0.holds(on: today) }.flatMap { found.names.tree[$0.unit] }
        let canInvite = actor.holdsAnywhere(.managePeople, on: today)
        let wrong = FieldErrors(problem, words: words)
        let heading = words("people.title", ["unit": place.map { text.unit($0.no) } ?? ""])
        let model = PeoplePage(
            trail: [], here: words("nav.people"), heading: heading, filters: filters(query, found, text),
            rows: found.people.map { person in
                let roles = (found.roles[person.id] ?? []).filter { $0.holds(on: today) }
                let posts = (found.affiliations[person.id] ?? []).filter { $0.holds(on: today) }
                return PersonRow(
                    personURL: "/people/\(person.id)", fullName: person.name, login: person.login ?? "",
                    roles: roles.map(text.role).joined(separator: "; "),
                    affiliations: posts.map { "\(text.organization($0.organization)), \($0.post)" }.joined(
                        separator: "; "),
                    lastSeen: person.seen.map { words.moment($0, now: now) } ?? words("no_data"),
                    mark: StateMark(person.isOpen ? "open" : "closed", words: words))
            },
            pagination: Pagination(
                summary: words("people.count", ["n": words.format.number(found.count)]),
                previous: found.hasPrevious ? found.people.first.map { query.address("/people", before: $0.id) } : nil,
                next: found.hasNext ? found.people.last.map { query.address("/people", after: $0.id) } : nil),
            csvURL: query.address("/people.csv"), rolesURL: "/roles", canInvite: canInvite,
            invite: inviteForm(visit, text, found.unit, wrong, problem), isEmpty: found.people.isEmpty,
            empty: EmptyState(
                words("people.empty"), next: words("people.empty.next"),
                step: query.isFiltered ? ("/people", words("filters.reset")) : nil))
        return .page("people", model, PageHead(heading, section: "people"))
    }

    private static func filters(_ query: Query, _ found: Found, _ text: PeopleText) -> Filters {
        let words = text.words
        let states = [("", words("form.all")), ("open", words("state.open")), ("closed", words("state.closed"))]
        let chosen = [
            query.search, query.role.isEmpty ? "" : text.role(query.role), found.unit.map { text.unit($0.no) } ?? "",
            states.first { $0.0 == query.state && !$0.0.isEmpty }?.1 ?? "",
        ].filter { !$0.isEmpty }
        return Filters(
            action: "/people", summary: chosen.isEmpty ? words("form.all") : chosen.joined(separator: " · "),
            opened: query.isFiltered, hidden: query.unit.isEmpty ? [] : [("unit", query.unit)],
            texts: [TextField("q", words("people.search"), value: query.search, type: "search")],
            selects: [
                SelectField(
                    "role", words("person.role"),
                    options: [("", words("form.all"))] + text.roles.map { ($0.code, text.role($0.code)) },
                    chosen: query.role, id: "filter-role"),
                SelectField("state", words("list.state"), options: states, chosen: query.state),
            ], reset: query.isFiltered ? "/people" : nil)
    }

    private static func inviteForm(
        _ visit: Visit, _ text: PeopleText, _ unit: Unit?, _ wrong: FieldErrors, _ problem: Problem?
    ) -> InviteForm {
        let (words, form) = (visit.words, visit.form)
        guard let actor = visit.actor else { return .none }
        return InviteForm(
            action: "/people", opened: problem != nil, hasErrors: problem != nil,
            errors: problem.map { ErrorSummary($0, words: words) } ?? .none,
            fullName: TextField(
                "fullName", words("setup.name.other"), value: form.text("fullName"), error: wrong["fullName"],
                required: true),
            login: TextField(
                "login", words("signin.login"), value: form.text("login"), hint: words("people.login.hint"),
                error: wrong["login"], required: true),
            language: SignInPages.languageField(words, chosen: form["language"] ?? Language.kk.rawValue),
            role: SelectField(
                "role", words("person.role"), options: text.roleOptions(for: actor, on: visit.today),
                chosen: form.text("role"), error: wrong["role"], required: true),
            unit: SelectField(
                "unit", words("person.unit"), options: text.unitOptions(for: actor, under: unit, on: visit.today),
                chosen: form.has("unit") ? form.text("unit") : visit.query.text("unit"), error: wrong["unit"],
                required: true),
            organization: SelectField(
                "organization", words("person.organization"), options: text.organizationOptions(none: words("form.none")),
                chosen: form.text("organization"), hint: words("person.organization.hint"), error: wrong["organization"]),
            importURL: "/people/import")
    }

    /// Everybody the filter finds, with roles in words; the reading is in the feed.
    static func csv(_ visit: Visit) async throws -> Reply {
        let (actor, today, now, words) = (try visit.require(), visit.today, visit.now, visit.words)
        let query = Query(visit.query)
        let found = try await visit.write { db in
            let found = try find(query, by: actor, today: today, limit: longestFile, in: db)
            try PersonalRead.record(found.people.map(\.id), page: "people file", by: actor, at: now, in: db)
            try Feed.record(
                FeedLine("export", "people", "list", unit: found.unit?.no, detail: "rows=\(found.people.count)"),
                by: actor,
                at: now, in: db)
            return found
        }
        let text = PeopleText(words, found.names)
        var writer = CSVWriter(byteOrderMark: true)
        writer.append([
            words("people.name"), words("signin.login"), words("people.roles"), words("people.organizations"),
            words("list.state"),
        ])
        for person in found.people {
            writer.append([
                person.name, person.login ?? "",
                (found.roles[person.id] ?? []).filter { $0.holds(on: today) }.map(text.role).joined(separator: "; "),
                (found.affiliations[person.id] ?? []).filter { $0.holds(on: today) }
                    .map { "\(text.organization($0.organization)), \($0.post)" }.joined(separator: "; "),
                words(person.isOpen ? "state.open" : "state.closed"),
            ])
        }
        return .file(writer.bytes, "text/csv; charset=utf-8", name: "people-\(today).csv")
    }
}

struct PeoplePage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let filters: Filters
    let rows: [PersonRow]
    let pagination: Pagination
    let csvURL: String
    let rolesURL: String
    let canInvite: Bool
    let invite: InviteForm
    let isEmpty: Bool
    let empty: EmptyState
}

struct PersonRow: HotRow {
    let personURL: String
    let fullName: String
    let login: String
    let roles: String
    let affiliations: String
    let lastSeen: String
    let mark: StateMark

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "personURL": personURL
        case "fullName": fullName
        case "login": login
        case "roles": roles
        case "affiliations": affiliations
        case "lastSeen": lastSeen
        case "mark": mark
        default: nil
        }
    }
}

struct InviteForm: PageModel {
    let action: String
    let opened: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let fullName: TextField
    let login: TextField
    let language: SelectField
    let role: SelectField
    let unit: SelectField
    let organization: SelectField
    let importURL: String

    static let none = InviteForm(
        action: "", opened: false, hasErrors: false, errors: .none, fullName: TextField("", ""),
        login: TextField("", ""),
        language: SelectField("", "", options: []), role: SelectField("", "", options: []),
        unit: SelectField("", "", options: []), organization: SelectField("", "", options: []), importURL: "")
}
