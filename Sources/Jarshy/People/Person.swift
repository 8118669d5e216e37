import JarshyKit
import Storage

/// A person of the headquarters, with the account if there is one.
struct Person: Sendable {
    let id: PersonID
    let name: String
    let nameLatin: String
    let sortKey: [UInt8]
    let language: Language
    let login: String?
    let hasPassword: Bool
    let disabled: Instant?
    /// The latest sign of use over the person's sessions.
    let seen: Instant?

    var isOpen: Bool { login != nil && disabled == nil }
}

/// A role as it is held.
struct HeldRole: Sendable {
    let id: ID<GrantMark>
    let person: PersonID
    let role: String
    let unit: UnitNo
    let organization: OrganizationNo?
    let from: Day
    let to: Day?

    func holds(on day: Day) -> Bool { from <= day && to.map { day <= $0 } ?? true }
}

/// A post in an organisation.
struct Affiliation: Sendable {
    let id: ID<AffiliationMark>
    let person: PersonID
    let organization: OrganizationNo
    let post: String
    let from: Day
    let to: Day?

    func holds(on day: Day) -> Bool { from <= day && to.map { day <= $0 } ?? true }
}

/// What a new person needs, and its rules.
struct NewPerson: Sendable {
    static let longestName = 120

    let name: String
    let login: String
    let language: Language

    func faults(field: (String) -> String = { $0 }) -> [Problem.Fault] {
        var faults = NewPerson.nameFaults(name, field: field("fullName"))
        if login.isEmpty {
            faults.append(Problem.Fault(field("login"), "missing", "An account has a sign-in name."))
        } else if Login(login) == nil {
            faults.append(
                Problem.Fault(
                    field("login"), "login",
                    "A sign-in name is 2 to 40 Latin letters, digits, dots, hyphens or underscores."))
        }
        return faults
    }

    static func nameFaults(_ name: String, field: String = "fullName") -> [Problem.Fault] {
        if name.isEmpty { return [Problem.Fault(field, "missing", "A person has a name.")] }
        guard name.unicodeScalars.count > longestName else { return [] }
        return [
            Problem.Fault(
                field, "too-long", "A name has at most \(longestName) characters.", slots: ["max": String(longestName)])
        ]
    }
}
