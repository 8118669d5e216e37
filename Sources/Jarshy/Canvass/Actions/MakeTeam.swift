import JarshyKit
import Storage

/// Puts together who goes from door to door: two or more, each with the right to. Needs `manageCanvass` over the round's unit.
struct MakeTeam: Action {
    let round: RoundID
    let members: [Member]

    struct Member: Sendable, Hashable {
        let login: String
        /// What residents may read of the person, as the person agreed; empty for nothing.
        let shownName: String
    }

    static let size = 2...6
    static let longestName = 40

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> CanvassTeamID {
        let scope = try CanvassScope(actor, at: now, in: db)
        let round = try scope.managed(round, in: db)
        let people = try people(round, scope, in: db)
        let number = try db.value(
            "SELECT coalesce(max(number), 0) + 1 FROM canvass_team WHERE round = \(round.id)", as: Int64.self)
        let id = CanvassTeamID.make(at: now)
        try db.run("INSERT INTO canvass_team (id, round, number) VALUES (\(id), \(round.id), \(number))")
        try db.insert(
            "INSERT INTO canvass_member (team, person, shown_name) VALUES",
            rows: people.map { [id.bind, $0.person.bind, $0.shownName.bind] })
        try Feed.record(
            FeedLine("add-team", "round", round.id, unit: round.unit, detail: "team=\(number) people=\(people.count)"),
            by: actor, at: now, in: db)
        return id
    }

    private func people(
        _ round: CanvassRound, _ scope: CanvassScope, in db: any Reading
    ) throws -> [(person: PersonID, shownName: String)] {
        var faults: [Problem.Fault] = []
        let logins = try PersonRows.logins(members.map(\.login), in: db)
        var people: [(person: PersonID, shownName: String)] = []
        for (index, member) in members.enumerated() {
            let field = "login_\(index + 1)"
            guard let person = logins[member.login], let actor = try Actors.load(person, on: scope.today, in: db) else {
                faults.append(.unknown(field, member.login))
                continue
            }
            if people.contains(where: { $0.person == person }) {
                faults.append(Problem.Fault(field, "twice", "'\(member.login)' stands here twice."))
            }
            if !actor.holds(.canvass, over: round.unit, organization: round.organization, in: scope.tree, on: scope.today) {
                faults.append(Problem.Fault(field, "no-canvass", "'\(member.login)' may not go from door to door here."))
            }
            let shown = member.shownName.trimmingSpaces()
            if shown.unicodeScalars.count > Self.longestName || shown.contains(where: { $0.isNumber || $0 == "@" }) {
                faults.append(
                    Problem.Fault("shown_\(index + 1)", "too-long", "A first name of at most \(Self.longestName) letters.",
                        slots: ["max": "\(Self.longestName)"]))
            }
            people.append((person, shown))
        }
        if !Self.size.contains(members.count), faults.isEmpty {
            faults.append(Problem.Fault("login_2", "no-pair", "A team is two to six people: nobody goes alone."))
        }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        return people
    }
}
