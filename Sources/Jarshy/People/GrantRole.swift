import JarshyKit
import Storage

/// Gives a person a role in a unit and below, from day to day, perhaps for one organisation only.
///
/// Nobody gives more than they hold: whoever grants must manage people over that unit and hold every right of the role
/// there, not narrower by organisation and for no shorter time.
struct GrantRole: Action {
    let person: PersonID
    let role: String
    let unit: UnitNo
    let organization: OrganizationNo?
    let from: Day
    /// The last day; nil until it is ended.
    let to: Day?

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> ID<GrantMark> {
        let scope = PeopleScope(actor, tree: try Tree.current(in: db), today: Zone.kazakhstan.day(at: now))
        let (_, roles) = try scope.find(person, in: db)
        try check(by: actor, at: now, in: db)
        let same = roles.contains {
            $0.role == role && $0.unit == unit && $0.organization == organization
                && $0.holds(on: max(from, scope.today))
        }
        guard !same else { throw Problem.conflict("role-held", "The person holds this role there already.") }
        return try insert(by: actor, at: now, in: db)
    }

    /// Refuses what must not be; reads only.
    func check(by actor: Actor, at now: Instant, in db: any Reading) throws {
        let tree = try Tree.current(in: db)
        let today = Zone.kazakhstan.day(at: now)
        var faults: [Problem.Fault] = []
        let role = try Role.find(self.role, in: db)
        if role == nil { faults.append(Problem.Fault("role", "not-listed", "There is no role '\(self.role)'.")) }
        if tree[unit] == nil { faults.append(Problem.Fault("unit", "not-listed", "There is no such unit.")) }
        if let to, to < max(from, today) {
            faults.append(
                Problem.Fault("until", "days-order", "A role ends on or after the day it begins, and not in the past."))
        }
        if self.role == "representative", organization == nil {
            faults.append(Problem.Fault("organization", "missing", "A representative stands for one organisation."))
        }
        if let organization,
            try db.first(Int64.self, "SELECT no FROM organization WHERE no = \(organization)") == nil
        {
            faults.append(Problem.Fault("organization", "not-listed", "There is no such organisation."))
        }
        guard faults.isEmpty, let role else { throw Problem.invalid(faults) }
        try PeopleScope(actor, tree: tree, today: today)
            .requirePower(over: role, unit: unit, organization: organization, until: to)
    }

    @discardableResult
    func insert(by actor: Actor, at now: Instant, in db: any Writing) throws -> ID<GrantMark> {
        let id = ID<GrantMark>.make(at: now)
        try db.run(
            """
            INSERT INTO role_grant (id, person, role, unit, organization, from_day, to_day, granted_by, granted_at)
            VALUES (\(id), \(person), \(role), \(unit), \(organization), \(from), \(to), \(actor.person), \(now))
            """)
        try Feed.record(
            FeedLine(
                "grant-role", "person", person, unit: unit,
                detail: "role=\(role) from=\(from) to=\(to?.description ?? "")"),
            by: actor, at: now, in: db)
        return id
    }
}
