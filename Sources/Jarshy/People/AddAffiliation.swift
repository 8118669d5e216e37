import JarshyKit
import Storage

/// Gives a person a post in an organisation from today on. Needs power over the person's account.
struct AddAffiliation: Action {
    static let longestPost = 160

    let person: PersonID
    let organization: OrganizationNo
    let post: String

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> ID<AffiliationMark> {
        let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
        let (_, roles) = try scope.find(person, in: db)
        try scope.requirePower(over: person, holding: roles, in: db)
        var faults: [Problem.Fault] = []
        if try db.first(Int64.self, "SELECT no FROM organization WHERE no = \(organization)") == nil {
            faults.append(Problem.Fault("affOrganization", "not-listed", "There is no such organisation."))
        }
        if post.isEmpty { faults.append(Problem.Fault("post", "missing", "A post has a name.")) }
        if post.unicodeScalars.count > AddAffiliation.longestPost {
            faults.append(
                Problem.Fault(
                    "post", "too-long", "A post has at most \(AddAffiliation.longestPost) characters.",
                    slots: ["max": String(AddAffiliation.longestPost)]))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        return try AddAffiliation.insert(person, organization, post, from: scope.today, by: actor, at: now, in: db)
    }

    /// The row and its feed line; used where its rules have been checked.
    @discardableResult
    static func insert(
        _ person: PersonID, _ organization: OrganizationNo, _ post: String, from: Day, by actor: Actor, at now: Instant,
        in db: any Writing
    ) throws -> ID<AffiliationMark> {
        let id = ID<AffiliationMark>.make(at: now)
        try db.run(
            """
            INSERT INTO affiliation (id, person, organization, post, from_day, to_day)
            VALUES (\(id), \(person), \(organization), \(post), \(from), \(Day?.none))
            """)
        try Feed.record(
            FeedLine("add-post", "person", person, detail: "organization=\(organization)"), by: actor, at: now, in: db)
        return id
    }
}

/// Ends a post: yesterday becomes its last day, or it is taken out when it began today.
struct EndAffiliation: Action {
    let person: PersonID
    let affiliation: ID<AffiliationMark>

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
        let (_, roles) = try scope.find(person, in: db)
        try scope.requirePower(over: person, holding: roles, in: db)
        let posts = try PersonRows.affiliations(of: [person], in: db)
        guard let held = posts.first(where: { $0.id == affiliation }), held.to.map({ $0 >= scope.today }) ?? true else {
            throw Problem.notFound("post")
        }
        if held.from >= scope.today {
            try db.run("DELETE FROM affiliation WHERE id = \(affiliation)")
        } else {
            try db.run("UPDATE affiliation SET to_day = \(scope.today.advanced(by: -1)) WHERE id = \(affiliation)")
        }
        try Feed.record(
            FeedLine("end-post", "person", person, detail: "organization=\(held.organization)"), by: actor, at: now,
            in: db)
    }
}
