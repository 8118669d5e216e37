import JarshyKit
import Storage

/// Every SELECT of people.
enum PersonRows {
    private static let columns: SQL = """
        p.id, p.name, p.name_latin, p.sort_key, p.language, a.login, a.password IS NOT NULL, a.disabled_at,
        (SELECT max(s.seen_at) FROM session s WHERE s.person = p.id)
        """

    private static func person(_ row: inout Row) throws -> Person {
        Person(
            id: try row.next(), name: try row.next(), nameLatin: try row.next(), sortKey: try row.next(Blob.self).bytes,
            language: try row.next(), login: try row.next(String?.self), hasPassword: try row.next(),
            disabled: try row.next(Instant?.self), seen: try row.next(Instant?.self))
    }

    static func find(_ id: PersonID, in db: any Reading) throws -> Person? {
        try db.first(
            "SELECT \(columns) FROM person p LEFT JOIN account a ON a.person = p.id WHERE p.id = \(id)", person)
    }

    struct Filter: Sendable {
        var search = ""
        var role = ""
        var onlyOpen: Bool?
    }

    /// Where a page of the list begins: after or before a person in the Kazakh order of names.
    struct Key: Sendable {
        let sortKey: [UInt8]
        let id: PersonID
        let isBefore: Bool
    }

    /// One page of the people within `cover`, in order, and one more than `limit` when there are more.
    static func list(
        _ cover: PeopleScope.Cover, _ filter: Filter, from key: Key?, limit: Int, in db: any Reading
    ) throws -> [Person] {
        var sql: SQL = """
            SELECT \(columns) FROM person p LEFT JOIN account a ON a.person = p.id WHERE \(condition(cover, filter))
            """
        let isBefore = key?.isBefore ?? false
        if let key {
            let sort = Blob(key.sortKey)
            sql +=
                isBefore
                ? " AND (p.sort_key, p.id) < (\(sort), \(key.id))" : " AND (p.sort_key, p.id) > (\(sort), \(key.id))"
        }
        sql += isBefore ? " ORDER BY p.sort_key DESC, p.id DESC" : " ORDER BY p.sort_key, p.id"
        sql += " LIMIT \(limit + 1)"
        return try db.all(sql, person)
    }

    static func count(_ cover: PeopleScope.Cover, _ filter: Filter, in db: any Reading) throws -> Int {
        try db.value(
            "SELECT count(*) FROM person p LEFT JOIN account a ON a.person = p.id WHERE \(condition(cover, filter))")
    }

    /// How many people hold each role on a day, wherever they hold it.
    static func holders(on day: Day, in db: any Reading) throws -> [String: Int] {
        var found: [String: Int] = [:]
        try db.rows(
            """
            SELECT g.role, count(DISTINCT g.person) FROM role_grant g
            WHERE g.from_day <= \(day) AND (g.to_day IS NULL OR g.to_day >= \(day)) GROUP BY g.role
            """
        ) { row in
            found[try row.next(String.self)] = try row.next(Int.self)
            return true
        }
        return found
    }

    /// Who is within `cover`, of `person p LEFT JOIN account a`.
    static func condition(_ cover: PeopleScope.Cover, _ filter: Filter) -> SQL {
        var parts: [SQL] = ["1 = 1"]
        var held: [SQL] = []
        if case .units(let units) = cover { held.append("g.unit IN \(units.sorted())") }
        if !filter.role.isEmpty { held.append("g.role = \(filter.role)") }
        if !held.isEmpty {
            parts.append("EXISTS (SELECT 1 FROM role_grant g WHERE g.person = p.id AND \(SQL.joined(held, " AND ")))")
        }
        for word in folded(filter.search).split(separator: " ").prefix(5) {
            // Folded text has letters, digits and spaces only, so there is no wildcard to escape and no case to differ.
            let pattern = "%\(word)%"
            parts.append("(p.folded LIKE \(pattern) OR a.login LIKE \(pattern))")
        }
        switch filter.onlyOpen {
        case true: parts.append("a.login IS NOT NULL AND a.disabled_at IS NULL")
        case false: parts.append("(a.login IS NULL OR a.disabled_at IS NOT NULL)")
        default: break
        }
        return SQL.joined(parts, " AND ")
    }

    /// Roles of these people, ended ones too, oldest first.
    static func roles(of people: [PersonID], in db: any Reading) throws -> [HeldRole] {
        guard !people.isEmpty else { return [] }
        return try db.all(
            """
            SELECT id, person, role, unit, organization, from_day, to_day FROM role_grant
            WHERE person IN \(people) ORDER BY from_day, id
            """
        ) { row in
            HeldRole(
                id: try row.next(), person: try row.next(), role: try row.next(), unit: try row.next(),
                organization: try row.next(OrganizationNo?.self), from: try row.next(), to: try row.next(Day?.self))
        }
    }

    static func affiliations(of people: [PersonID], in db: any Reading) throws -> [Affiliation] {
        guard !people.isEmpty else { return [] }
        return try db.all(
            """
            SELECT id, person, organization, post, from_day, to_day FROM affiliation
            WHERE person IN \(people) ORDER BY from_day, id
            """
        ) { row in
            Affiliation(
                id: try row.next(), person: try row.next(), organization: try row.next(), post: try row.next(),
                from: try row.next(), to: try row.next(Day?.self))
        }
    }

    /// Names of the organisations by number.
    static func organizations(in db: any Reading) throws -> [(no: OrganizationNo, code: String, names: Trio)] {
        try db.all("SELECT no, code, name_kk, name_ru, name_en FROM organization ORDER BY position, no") { row in
            (try row.next(OrganizationNo.self), try row.next(String.self), try Trio(&row))
        }
    }

    static func logins(_ wanted: [String], in db: any Reading) throws -> [String: PersonID] {
        guard !wanted.isEmpty else { return [:] }
        let pairs = try db.all("SELECT login, person FROM account WHERE login IN \(wanted)") { row in
            (try row.next(String.self), try row.next(PersonID.self))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    static var hasAccounts: SQL { "SELECT EXISTS (SELECT 1 FROM account)" }

    /// What happened to a person's account and roles, newest first.
    static func feed(of person: PersonID, limit: Int, in db: any Reading) throws -> [PersonDeed] {
        try db.all(
            """
            SELECT f.at, f.verb, f.detail, f.actor_kind, p.name FROM feed f LEFT JOIN person p ON p.id = f.actor
            WHERE f.subject = 'person' AND f.subject_id = \(person.description)
            ORDER BY f.at DESC, f.id DESC LIMIT \(limit)
            """
        ) { row in
            PersonDeed(
                at: try row.next(), verb: try row.next(), detail: try row.next(), actorKind: try row.next(),
                actor: try row.next(String?.self))
        }
    }
}

struct PersonDeed: Sendable {
    let at: Instant
    let verb: String
    let detail: String
    let actorKind: String
    let actor: String?
}
