import JarshyKit
import Storage

/// People: who works in the headquarters, what each may do where, and how they sign in.
///
/// A person has an account (sign-in name, password), roles from day to day in a unit and below, and posts in
/// organisations. A role is a set of rights, kept as data. Residents are never here.
///
/// Invariants: nobody grants a right they do not hold there; somebody with an open account always manages people over
/// the whole tree; secrets (sessions, tokens, invitations) are kept as SHA-256, passwords as argon2id; every reading of
/// another person's page, list or file is written to `personal_read`.
///
///     GET  /signin  POST /signin  POST /signout     GET|POST /setup     GET|POST /welcome (a printed invitation)
///     GET  /me                 own sessions and password
///     POST /me/password  POST /me/sessions/{id}/end  POST /me/sessions/end-others
///     GET|POST /me/tokens      own API tokens                  POST /me/tokens/{id}/end
///     GET  /people             within one's units; ?q= ?role= ?unit= ?state= ?after= ?before=      GET /people.csv
///     POST /people             a new person with an invitation to print
///     GET  /people/import  POST /people/import (preview)  POST /people/import/apply
///     GET  /people/{id}        POST /people/{id}/name  …/roles  …/roles/{grant}/end  …/posts  …/posts/{post}/end
///     POST /people/{id}/invitation (new password)         POST /people/{id}/close
///     GET  /roles              what each role may do           GET|POST /roles/{role} changes it
enum People {
    static func routes(_ site: inout Routes, _ parts: PeopleParts) {
        SignInPages.routes(&site, parts)
        OwnPages.routes(&site, parts)
        site.get("/people", .right(.viewPeople)) { visit in try await PeopleList.page(visit) }
        site.get("/people.csv", .right(.viewPeople)) { visit in try await PeopleList.csv(visit) }
        site.post("/people", .right(.managePeople)) { visit in
            try await visit.attempt({ try await add(visit) }, again: { try await PeopleList.page(visit, problem: $0) })
        }
        PeopleImport.routes(&site)
        RolePages.routes(&site)
        site.get("/people/{id}", .signedIn) { visit in try await PersonPages.page(visit) }
        site.post("/people/{id}/name", .signedIn) { visit in
            try await visit.attempt({ try await edit(visit) }, again: { try await PersonPages.page(visit, problem: $0) })
        }
        site.post("/people/{id}/roles", .right(.managePeople)) { visit in
            try await visit.attempt(
                { try await grant(visit) }, again: { try await PersonPages.page(visit, problem: $0) })
        }
        site.post("/people/{id}/roles/{grant}/end", .right(.managePeople)) { visit in
            guard let grant = ID<GrantMark>(visit.parameter("grant")) else { throw Problem.notFound("role") }
            try await visit.run(RevokeRole(person: try person(visit), grant: grant))
            return done(visit, "people.done.role_ended")
        }
        site.post("/people/{id}/posts", .right(.managePeople)) { visit in
            try await visit.attempt(
                { try await affiliate(visit) }, again: { try await PersonPages.page(visit, problem: $0) })
        }
        site.post("/people/{id}/posts/{post}/end", .right(.managePeople)) { visit in
            guard let post = ID<AffiliationMark>(visit.parameter("post")) else { throw Problem.notFound("post") }
            try await visit.run(EndAffiliation(person: try person(visit), affiliation: post))
            return done(visit, "people.done.post_ended")
        }
        site.post("/people/{id}/invitation", .right(.managePeople)) { visit in
            let invitation = try await visit.run(ResetPassword(person: try person(visit)))
            return try await InvitationPage.reply([invitation], visit)
        }
        site.post("/people/{id}/close", .right(.managePeople)) { visit in
            try await visit.run(DisableAccount(person: try person(visit)))
            return done(visit, "people.done.closed")
        }
    }

    static func person(_ visit: Visit) throws -> PersonID {
        guard let id = PersonID(visit.parameter("id")) else { throw Problem.notFound("person") }
        return id
    }

    private static func done(_ visit: Visit, _ key: String) -> Reply {
        .redirect("/people/" + visit.parameter("id"), flash: .init(kind: .done, text: visit.words(key)))
    }

    private static func add(_ visit: Visit) async throws -> Reply {
        let form = visit.form
        let person = NewPerson(
            name: form.text("fullName"), login: Login.folded(form.text("login")),
            language: Language(rawValue: form.text("language")) ?? .kk)
        let unit = try await unit(form.text("unit"), visit)
        let organization = try await organization(form.text("organization"), field: "organization", visit)
        let invitation = try await visit.run(
            AddPerson(person: person, role: form.text("role"), unit: unit, organization: organization))
        return try await InvitationPage.reply([invitation], visit)
    }

    private static func edit(_ visit: Visit) async throws -> Reply {
        let form = visit.form
        guard let language = Language(rawValue: form.text("language")) else {
            throw Problem.invalid([Problem.Fault("language", "missing", "Choose a language.")])
        }
        try await visit.run(EditPerson(person: try person(visit), name: form.text("fullName"), language: language))
        return done(visit, "people.done.edited")
    }

    private static func grant(_ visit: Visit) async throws -> Reply {
        let form = visit.form
        let unit = try await unit(form.text("unit"), visit)
        let from = form.text("from").isEmpty ? visit.today : Day(form.text("from"))
        let until = form.text("until").isEmpty ? nil : Day(form.text("until"))
        var faults: [Problem.Fault] = []
        if from == nil { faults.append(Problem.Fault("from", "not-day", "'from' is no day.")) }
        if until == nil, !form.text("until").isEmpty {
            faults.append(Problem.Fault("until", "not-day", "'until' is no day."))
        }
        guard faults.isEmpty, let from else { throw Problem.invalid(faults) }
        let organization = try await organization(form.text("organization"), field: "organization", visit)
        _ = try await visit.run(
            GrantRole(
                person: try person(visit), role: form.text("role"), unit: unit, organization: organization, from: from,
                to: until))
        return done(visit, "people.done.role")
    }

    private static func affiliate(_ visit: Visit) async throws -> Reply {
        let form = visit.form
        guard let organization = try await organization(form.text("affOrganization"), field: "affOrganization", visit)
        else {
            throw Problem.invalid([Problem.Fault("affOrganization", "missing", "Choose an organisation.")])
        }
        _ = try await visit.run(
            AddAffiliation(person: try person(visit), organization: organization, post: form.text("post")))
        return done(visit, "people.done.post")
    }

    private static func unit(_ code: String, _ visit: Visit) async throws -> UnitNo {
        guard let unit = try await visit.read({ db in try Tree.current(in: db) }).find(code) else {
            throw Problem.invalid([Problem.Fault("unit", "not-listed", "There is no unit '\(code)'.")])
        }
        return unit.no
    }

    /// Nil for an empty code.
    private static func organization(_ code: String, field: String, _ visit: Visit) async throws -> OrganizationNo? {
        guard !code.isEmpty else { return nil }
        let all = try await visit.read { db in try PersonRows.organizations(in: db).map { ($0.no, $0.code) } }
        guard let found = all.first(where: { $0.1 == code }) else {
            throw Problem.invalid([Problem.Fault(field, "not-listed", "There is no organisation '\(code)'.")])
        }
        return found.0
    }
}
