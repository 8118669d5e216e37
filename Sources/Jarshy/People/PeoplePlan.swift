import JarshyKit
import Storage

/// What a table of people would do, row by row: new, equal, changed (known person, role added) or refused, with the
/// reason. The same plan is shown before and made again when it is done.
struct PeoplePlan: Sendable {
    enum Fate: String, Sendable {
        case new, equal, changed, refused
    }

    struct Line: Sendable {
        let row: PeopleSheet.Row
        let fate: Fate
        let unit: Unit?
        let role: Role?
        let organization: OrganizationNo?
        let language: Language
        /// The person a login belongs to already.
        let known: PersonID?
        let fault: Problem.Fault?
    }

    let lines: [Line]

    func count(_ fate: Fate) -> Int { lines.filter { $0.fate == fate }.count }

    init(_ sheet: PeopleSheet, by actor: Actor, at now: Instant, in db: any Reading) throws {
        let tree = try Tree.current(in: db)
        let scope = PeopleScope(actor, tree: tree, today: Zone.kazakhstan.day(at: now))
        let roles = try Role.all(in: db)
        let organizations = try PersonRows.organizations(in: db)
        let known = try PersonRows.logins(sheet.rows.map(\.login), in: db)
        let held = Dictionary(grouping: try PersonRows.roles(of: Array(known.values), in: db), by: \.person)
        var names: [PersonID: String] = [:]
        for id in known.values { names[id] = try PersonRows.find(id, in: db)?.name }
        var seen: Set<String> = []
        lines = sheet.rows.map { row in
            let unit = tree.find(row.unit)
            let role = roles.first { role in
                role.code == row.role
                    || [role.names.kk, role.names.ru, role.names.en].contains { folded($0) == folded(row.role) }
            }
            let organization = organizations.first { $0.code == row.organization }?.no
            let person = known[row.login]
            var fault: Problem.Fault? = NewPerson(name: row.name, login: row.login, language: .kk).faults().first
            func refuse(_ field: String, _ slug: String, _ detail: String) {
                if fault == nil { fault = Problem.Fault(field, slug, detail) }
            }
            if role == nil { refuse("role", "sheet-role", "There is no role '\(row.role)'.") }
            if unit == nil { refuse("unit", "sheet-unit", "There is no unit '\(row.unit)'.") }
            if !row.organization.isEmpty, organization == nil {
                refuse("organization", "sheet-organization", "There is no organisation '\(row.organization)'.")
            }
            if role?.code == "representative", organization == nil {
                refuse("organization", "sheet-organization", "A representative stands for one organisation.")
            }
            if !row.language.isEmpty, Language(rawValue: row.language) == nil {
                refuse("language", "not-listed", "A language is kk, ru or en.")
            }
            if !seen.insert(row.login).inserted {
                refuse("login", "sheet-twice", "The sign-in name stands in the file twice.")
            }
            let roleOrganization = role?.code == "representative" ? organization : nil
            if let role, let unit {
                do {
                    try scope.requirePower(over: role, unit: unit.no, organization: roleOrganization, until: nil)
                } catch {
                    refuse("role", "person-role-beyond", "You cannot grant this role there.")
                }
            }
            var fate = Fate.new
            if let person {
                let roles = held[person] ?? []
                if names[person] != row.name || !scope.sees(roles) {
                    refuse("login", "people-login-taken", "The sign-in name '\(row.login)' is taken.")
                }
                let has = roles.contains {
                    $0.role == role?.code && $0.unit == unit?.no && $0.organization == roleOrganization
                        && $0.holds(on: scope.today)
                }
                fate = has ? .equal : .changed
            }
            return Line(
                row: row, fate: fault == nil ? fate : .refused, unit: unit, role: role, organization: organization,
                language: Language(rawValue: row.language) ?? .kk, known: person, fault: fault)
        }
    }
}

/// Does what a plan said: new people with an invitation each, roles for known ones. Refused rows stay out, as the
/// preview told; the plan is made again here, so nothing that changed since can slip through.
struct ImportPeople: Action {
    let sheet: PeopleSheet

    struct Done: Sendable {
        let invitations: [Invitation]
        let plan: PeoplePlan
    }

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Done {
        let plan = try PeoplePlan(sheet, by: actor, at: now, in: db)
        let today = Zone.kazakhstan.day(at: now)
        var invitations: [Invitation] = []
        for line in plan.lines where line.fate == .new || line.fate == .changed {
            guard let role = line.role, let unit = line.unit else { continue }
            let roleOrganization = role.code == "representative" ? line.organization : nil
            let id = line.known ?? PersonID.make(at: now)
            let grant = GrantRole(
                person: id, role: role.code, unit: unit.no, organization: roleOrganization, from: today, to: nil)
            if line.known == nil {
                let person = NewPerson(name: line.row.name, login: line.row.login, language: line.language)
                try AddPerson.insert(id, person, login: line.row.login, password: nil, at: now, in: db)
                try Feed.record(FeedLine("add", "person", id, unit: unit.no), by: actor, at: now, in: db)
                invitations.append(try Invitation.make(for: id, login: line.row.login, by: actor, at: now, in: db))
                if let organization = line.organization {
                    try AddAffiliation.insert(
                        id, organization, line.row.post.isEmpty ? role.names[line.language] : line.row.post,
                        from: today,
                        by: actor, at: now, in: db)
                }
            }
            try grant.insert(by: actor, at: now, in: db)
        }
        return Done(invitations: invitations, plan: plan)
    }
}
