import JarshyKit
import Storage

/// What each role may do, and, for whoever holds every right over the whole tree, how it is changed.
enum RolePages {
    static func routes(_ site: inout Routes) {
        site.get("/roles", .right(.viewPeople)) { visit in try await list(visit) }
        site.get("/roles/{role}", .right(.viewPeople)) { visit in try await page(visit, problem: nil) }
        site.post("/roles/{role}", .right(.managePeople)) { visit in
            try await visit.attempt({ try await change(visit) }, again: { try await page(visit, problem: $0) })
        }
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let (today, words) = (visit.today, visit.words)
        let (roles, held) = try await visit.read { db in (try Role.all(in: db), try PersonRows.holders(on: today, in: db)) }
        let model = RolesPage(
            trail: [TrailLink("/people", words("nav.people"))], here: words("roles.title"), heading: words("roles.title"),
            roles: roles.map { role in
                RoleSummary(
                    roleURL: "/roles/\(role.code)", roleName: role.names[words.language],
                    rights: words.format.number(role.rights.count), holders: words.format.number(held[role.code] ?? 0))
            })
        return .page("roles", model, PageHead(words("roles.title"), section: "people"))
    }

    private static func page(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today, words) = (try visit.require(), visit.today, visit.words)
        let code = visit.parameter("role")
        let (found, tree) = try await visit.read { db in (try Role.find(code, in: db), try Tree.current(in: db)) }
        guard let role = found, let root = tree.root else { throw Problem.notFound("role") }
        let holdsAll = Right.allCases.allSatisfy { !actor.grants(of: $0, over: root, in: tree, on: today).isEmpty }
        let canChange = holdsAll && role.code != "administrator"
        let typed = problem == nil ? role.rights : rights(of: visit.form)
        let heading = role.names[words.language]
        let model = RolePage(
            trail: [TrailLink("/people", words("nav.people")), TrailLink("/roles", words("roles.title"))],
            here: heading, heading: heading,
            note: words(
                role.code == "administrator" ? "roles.fixed" : canChange ? "roles.change.explain" : "roles.read_only"),
            canChange: canChange, action: "/roles/\(percentEncoded(code))", hasErrors: problem != nil,
            errors: problem.map { ErrorSummary($0, words: words) } ?? .none,
            checks: Right.allCases.map { right in
                CheckField("right", name(of: right, words), value: right.rawValue, checked: typed.contains(right),
                    id: "right-\(right.rawValue)")
            },
            held: Right.allCases.filter(role.rights.contains).map { HeldRight(rightName: name(of: $0, words)) })
        return .page("role", model, PageHead(heading, section: "people"))
    }

    private static func change(_ visit: Visit) async throws -> Reply {
        let role = visit.parameter("role")
        try await visit.run(SetRoleRights(role: role, rights: rights(of: visit.form)))
        return .redirect(
            "/roles/" + percentEncoded(role), flash: .init(kind: .done, text: visit.words("roles.changed")))
    }

    /// Rights a newer page named and this one does not know are left out, as the tables' are.
    private static func rights(of form: Fields) -> Set<Right> { Set(form.all("right").compactMap(Right.init(rawValue:))) }

    /// Keys of the catalogue are lower-case: `viewFigures` is `right.view_figures`.
    private static func name(of right: Right, _ words: Words) -> String {
        words("right." + right.rawValue.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) })
    }
}

struct RolesPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let roles: [RoleSummary]
}

struct RoleSummary: PageModel {
    let roleURL: String
    let roleName: String
    let rights: String
    let holders: String
}

struct RolePage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let note: String
    let canChange: Bool
    let action: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let checks: [CheckField]
    let held: [HeldRight]
}

struct HeldRight: PageModel {
    let rightName: String
}
