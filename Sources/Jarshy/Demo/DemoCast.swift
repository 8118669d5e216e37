import JarshyKit
import Storage

/// The people of the demo: the cast of `Demo/people.tsv`, and for every district that the cast leaves empty an invented
/// secretary who checks and an activist who files.
struct DemoCast: Sendable {
    struct Member: Sendable {
        /// The sign-in name; only the nine of the cast get a password.
        let login: String
        let name: String
        let language: Language
        let role: String
        /// Code of the unit in which and below which the role is held.
        let unit: String
        var roleOrganization: String?
        var posts: [(organization: String, post: String)] = []
        var signsIn = false
    }

    private(set) var members: [Member] = []
    /// The login that plays a part.
    private(set) var parts: [DemoPart: String] = [:]

    init(_ data: DemoData, tree: DemoTree) {
        let posts = Dictionary(grouping: data.posts.rows) { $0["person"] }
        for row in data.people.rows {
            let code = row["code"]
            members.append(
                Member(
                    login: row["login"].isEmpty ? code : row["login"], name: row["name_kk"], language: .kk,
                    role: row["role"],
                    unit: row["unit"],
                    roleOrganization: row["role_organization"].isEmpty ? nil : row["role_organization"],
                    posts: (posts[code] ?? []).filter { !$0["organization"].isEmpty }.map {
                        ($0["organization"], $0["post_kk"])
                    },
                    signsIn: !row["login"].isEmpty))
            parts[.person(code)] = members.last?.login
            switch row["role"] {
            case "coordinator" where tree.regions.contains(row["unit"]): parts[.head(row["unit"])] = members.last?.login
            case "secretary": parts[.secretary(row["unit"])] = members.last?.login
            case "activist" where parts[.filer(row["unit"])] == nil: parts[.filer(row["unit"])] = members.last?.login
            default: break
            }
        }
        invent(data, tree)
    }

    private mutating func invent(_ data: DemoData, _ tree: DemoTree) {
        var random = DemoRandom(seed: 57)
        let cities = Set(data.units.rows.filter { $0["kind"] != "district" }.map { $0["code"] })
        // Invented people hold the same posts as their likes in the cast.
        func post(_ person: String) -> String { data.posts.rows.first { $0["person"] == person }?["post_kk"] ?? "" }
        var taken = Set(members.map(\.name))
        for (index, district) in tree.districts.enumerated() {
            let party = index.isMultiple(of: 2) ? "kengzhazyq" : "qosqanat"
            let secretary = cities.contains(district.code) ? "sec-temirtau" : "sec-talgar"
            for (part, role, post) in [
                (DemoPart.secretary(district.code), "secretary", post(secretary)),
                (DemoPart.filer(district.code), "activist", post("activist")),
            ] where parts[part] == nil {
                let (name, language) = Self.name(data.names.rows, taken: &taken, &random)
                let login = "\(role)-\(district.code)"
                members.append(
                    Member(
                        login: login, name: name, language: language, role: role, unit: district.code,
                        posts: [(party, post)]))
                parts[part] = login
            }
        }
    }

    /// A name nobody in the cast has; parts of one set and one gender go together.
    static func name(
        _ rows: [DemoTable.Row], taken: inout Set<String>, _ random: inout DemoRandom
    ) -> (String, Language) {
        while true {
            let set = random.happens(0.86) ? "1" : "2"
            let gender = random.happens(0.55) ? "f" : "m"
            func pick(_ part: String) -> String {
                let fitting = rows.filter {
                    $0["set"] == set && $0["part"] == part && [gender, "both"].contains($0["gender"])
                }
                return fitting.isEmpty ? "" : random.pick(fitting)["name_kk"]
            }
            let name = "\(pick("given")) \(pick("surname"))"
            if taken.insert(name).inserted { return (name, set == "1" ? .kk : .ru) }
        }
    }
}

extension DemoCast {
    /// Writes people, accounts, roles and posts through People's own writes, as the operator.
    /// - Parameter passwords: argon2id strings by login, worked out before.
    func insert(
        organizations: [String: OrganizationNo], passwords: [String: String], from day: Day, at now: Instant,
        in db: any Writing
    ) throws -> [String: PersonID] {
        let tree = try Tree.current(in: db)
        var ids: [String: PersonID] = [:]
        for member in members {
            guard let unit = tree.find(member.unit) else { throw DemoFault.data("people: no unit \(member.unit)") }
            let id = PersonID.make(at: now)
            let person = NewPerson(name: member.name, login: member.login, language: member.language)
            let faults = person.faults()
            guard faults.isEmpty else { throw Problem.invalid(faults) }
            try AddPerson.insert(id, person, login: member.login, password: passwords[member.login], at: now, in: db)
            let grant = GrantRole(
                person: id, role: member.role, unit: unit.no,
                organization: member.roleOrganization.flatMap { organizations[$0] }, from: day, to: nil)
            try grant.check(by: .operator, at: now, in: db)
            try grant.insert(by: .operator, at: now, in: db)
            for (organization, post) in member.posts {
                guard let organization = organizations[organization] else {
                    throw DemoFault.data("posts: \(organization)")
                }
                try AddAffiliation.insert(id, organization, post, from: day, by: .operator, at: now, in: db)
            }
            ids[member.login] = id
        }
        return ids
    }
}
