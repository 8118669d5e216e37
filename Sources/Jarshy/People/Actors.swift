import JarshyKit
import Storage

/// Loads who acts, with roles and organisations, from the tables.
enum Actors {
    /// A person with an open account; two statements more than the one that found the person.
    static func load(
        _ person: PersonID, name: String, language: Language, kind: Actor.Kind = .person, allowed: Set<Right>? = nil,
        on day: Day, in db: any Reading
    ) throws -> Actor {
        Actor(
            kind: kind, person: person, name: name, language: language, grants: try grants(of: person, in: db),
            organizations: try organizations(of: person, on: day, in: db), allowed: allowed)
    }

    /// The same by id alone; nil for nobody or a disabled account.
    static func load(_ person: PersonID, on day: Day, in db: any Reading) throws -> Actor? {
        let found = try db.first(
            """
            SELECT p.name, p.language FROM person p
            LEFT JOIN account a ON a.person = p.id
            WHERE p.id = \(person) AND a.disabled_at IS NULL
            """
        ) { row in (try row.next(String.self), try row.next(Language.self)) }
        guard let (name, language) = found else { return nil }
        return try load(person, name: name, language: language, on: day, in: db)
    }

    /// Every grant ever held, each with the rights its role has today.
    static func grants(of person: PersonID, in db: any Reading) throws -> [Actor.Grant] {
        struct Held {
            let role: String
            let unit: UnitNo
            let organization: OrganizationNo?
            let from: Day
            let to: Day?
            let revokedAt: Instant?
            var rights: Set<Right> = []
        }
        var order: [ID<GrantMark>] = []
        var held: [ID<GrantMark>: Held] = [:]
        try db.rows(
            """
            SELECT g.id, g.role, g.unit, g.organization, g.from_day, g.to_day, g.revoked_at, r.name FROM role_grant g
            LEFT JOIN role_right r ON r.role = g.role
            WHERE g.person = \(person) ORDER BY g.from_day, g.id
            """
        ) { row in
            let id = try row.next(ID<GrantMark>.self)
            let grant = Held(
                role: try row.next(), unit: try row.next(), organization: try row.next(), from: try row.next(),
                to: try row.next(), revokedAt: try row.next())
            if held[id] == nil {
                held[id] = grant
                order.append(id)
            }
            if let name = try row.next(String?.self), let right = Right(rawValue: name) {
                held[id]?.rights.insert(right)
            }
            return true
        }
        return order.compactMap { held[$0] }.map {
            Actor.Grant(
                role: $0.role, rights: $0.rights, unit: $0.unit, organization: $0.organization, from: $0.from,
                to: $0.to,
                revokedAt: $0.revokedAt)
        }
    }

    private static func organizations(of person: PersonID, on day: Day, in db: any Reading) throws -> [OrganizationNo] {
        var found: [OrganizationNo] = []
        let all = try db.all(
            OrganizationNo.self,
            """
            SELECT organization FROM affiliation
            WHERE person = \(person) AND from_day <= \(day) AND (to_day IS NULL OR to_day >= \(day))
            ORDER BY from_day, id
            """)
        for organization in all where !found.contains(organization) { found.append(organization) }
        return found
    }
}

enum GrantMark {}
enum AffiliationMark {}
enum TokenMark {}
enum InvitationMark {}
