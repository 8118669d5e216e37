import JarshyKit
import Storage

/// Adds a person with an account, a first role, and a one-time invitation to print. Needs power over that role there.
struct AddPerson: Action {
    let person: NewPerson
    let role: String
    let unit: UnitNo
    let organization: OrganizationNo?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> Invitation {
        var faults = person.faults()
        let login = Login(person.login)?.text ?? ""
        if !login.isEmpty, try PersonRows.logins([login], in: db)[login] != nil {
            faults.append(Problem.Fault("login", "people-login-taken", "The sign-in name '\(login)' is taken."))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let id = PersonID.make(at: now)
        let grant = GrantRole(
            person: id, role: role, unit: unit, organization: organization, from: Zone.kazakhstan.day(at: now), to: nil)
        // Refuses before the first write.
        try grant.check(by: actor, at: now, in: db)
        try AddPerson.insert(id, person, login: login, password: nil, at: now, in: db)
        try Feed.record(FeedLine("add", "person", id, unit: unit), by: actor, at: now, in: db)
        try grant.insert(by: actor, at: now, in: db)
        return try Invitation.make(for: id, login: login, by: actor, at: now, in: db)
    }

    /// The rows of a person and an account; used where its rules have been checked.
    static func insert(
        _ id: PersonID, _ person: NewPerson, login: String, password: String?, at now: Instant, in db: any Writing
    ) throws {
        let latin = romanised(person.name)
        try db.run(
            """
            INSERT INTO person (id, name, name_latin, sort_key, folded, language, public_office, created_at)
            VALUES (\(id), \(person.name), \(latin), \(Blob(sortKey(person.name))), \(folded(person.name + " " + latin)),
                \(person.language), \(false), \(now))
            """)
        try db.run(
            "INSERT INTO account (person, login, password, disabled_at) VALUES (\(id), \(login), \(password), NULL)")
    }
}
