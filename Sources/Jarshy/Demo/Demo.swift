import JarshyKit
import Logging
import Storage

/// The demo: a neutral information campaign about an invented referendum, on real geography with invented
/// organisations, people and figures, all from the folder `Demo/`.
///
/// It is made once, in an empty database, and never again: what stands afterwards is data like any other. Its figures
/// are operations sent through the intake in the order of a simulated clock, so every total, band, correction and flag
/// in it came about the way a real one does. A feed line `fill demo` says that it is complete.
enum Demo {
    static let password = SampleSignIn.password

    struct Result: Sendable {
        /// False when the demo was there already.
        let isNew: Bool
        let units: Int
        let operations: Int
    }

    /// Fills a migrated database.
    /// - Parameter progress: told the operations sent so far and how many there are.
    /// - Throws: `DemoFault`; nothing is written when the database holds other data.
    static func fill(
        _ database: Database, home: Home, scale: DemoScale, now: Instant,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> Result {
        switch try await database.read(state) {
        case .complete: return Result(isNew: false, units: 0, operations: 0)
        case .unfinished: throw DemoFault.unfinished
        case .other: throw DemoFault.otherData
        case .empty: break
        }
        let data = try DemoData(home)
        let today = Zone.kazakhstan.day(at: now)
        let tree = DemoTree(data, scale: scale)
        let campaign = DemoCampaign.plan(data, today: today)
        let cast = DemoCast(data, tree: tree)
        let passwords = try await passwords(cast)
        // Everything stands from the morning of the first day.
        let begin = Zone.kazakhstan.instant(campaign.days.first, minute: 7 * 60)
        let people = try await database.write { db in
            _ = try SeedRoles().perform(by: .operator, at: begin, in: db)
            let organizations = try addOrganizations(data, at: begin, in: db)
            try tree.insert(organizations: organizations, today: today, at: begin, in: db)
            _ = try SeedCampaign(plan: campaign).perform(by: .operator, at: begin, in: db)
            return try cast.insert(
                organizations: organizations, passwords: passwords, from: campaign.days.first, at: begin, in: db)
        }
        let actors = try await database.read { db in try load(cast, people, on: campaign.days.first, in: db) }
        let script = DemoScript(data, tree: tree, campaign: campaign, scale: scale, now: now)
        let steps = script.steps
        let intake = Intake(
            database: database,
            kinds: .reports.adding([AskQuestion.self, ToldQuestion.self, MakeProposal.self, VisitDoor.self, LogPublication.self])
                .adding(MaterialKinds.all))
        let player = DemoPlayer(intake: intake, actors: actors)
        try await player.play(steps, progress: progress)
        let questions = try DemoQuestions(home, intake: intake, database: database, today: today, people: people)
        try await questions.open()
        guard let secretary = actors[.secretary(DemoTree.groupCity)] else {
            throw DemoFault.data("people: no secretary of \(DemoTree.groupCity)")
        }
        let held = try await holdEvents(
            script, data, home, tree, campaign, cast, people, secretary: secretary, database, now)
        try await questions.fill(events: held)
        try await DemoBriefcase(home, database: database, now: now).fill(secretary: secretary)
        let publications = try DemoPublications(home, intake: intake, database: database, today: today, people: people)
        let doors = try DemoDoors(home, intake: intake, database: database, today: today, people: people)
        let materials = try DemoMaterials(
            data, home: home, intake: intake, database: database, today: today, vote: campaign.days.vote ?? today, people: people)
        let fieldwork = (try await doors.fill()) + (try await materials.fill()) + (try await publications.fill())
        let operations = steps.count + questions.operations + questions.proposals.operations + fieldwork
        try await database.write { db in
            try Feed.record(
                FeedLine("fill", "demo", scale.rawValue, detail: "operations=\(operations)"), by: .operator, at: now,
                in: db)
        }
        return Result(isNew: true, units: tree.units.count, operations: operations)
    }

    /// The city group's lecturers and events; an event of each day on which it held one.
    private static func holdEvents(
        _ script: DemoScript, _ data: DemoData, _ home: Home, _ tree: DemoTree, _ campaign: CampaignPlan, _ cast: DemoCast,
        _ people: [String: PersonID], secretary: Actor, _ database: Database, _ now: Instant
    ) async throws -> [Day: EventID] {
        let lecturers = try DemoLecturers(data, home: home, tree: tree, cast: cast)
        let (first, regional) = (campaign.days.first, people[DemoLecturers.regional])
        try await database.write { db in
            _ = try lecturers.insert(
                from: first, regional: regional, at: Zone.kazakhstan.instant(first, minute: 7 * 60 + 30), in: db)
        }
        return try await DemoEvents(
            script.groupReports, data: data, home: home, tree: tree, campaign: campaign, database: database, now: now
        ).fill(secretary: secretary)
    }

    private enum State: Sendable { case empty, complete, unfinished, other }

    @Sendable private static func state(_ db: any Reading) throws -> State {
        let isDone =
            try db.value("SELECT count(*) FROM feed WHERE verb = 'fill' AND subject = 'demo'", as: Int.self) > 0
        if isDone { return .complete }
        let rows = try db.value(
            """
            SELECT (SELECT count(*) FROM unit) + (SELECT count(*) FROM person) + (SELECT count(*) FROM campaign)
                + (SELECT count(*) FROM organization)
            """, as: Int.self)
        if rows == 0 { return .empty }
        let isOurs =
            try db.value(
                "SELECT count(*) FROM campaign WHERE code = \(DemoCampaign.code) AND sample", as: Int.self) > 0
        return isOurs ? .unfinished : .other
    }

    private static func addOrganizations(
        _ data: DemoData, at now: Instant, in db: any Writing
    ) throws -> [String: OrganizationNo] {
        var numbers: [String: OrganizationNo] = [:]
        for row in data.organisations.rows {
            numbers[row["code"]] = try AddOrganization(code: row["code"], kind: row["kind"], names: row.trio("name"))
                .perform(by: .operator, at: now, in: db)
        }
        return numbers
    }

    /// argon2id strings for those who sign in; worked out before the transaction, since each takes a while.
    private static func passwords(_ cast: DemoCast) async throws -> [String: String] {
        let passwords = Passwords()
        var hashes: [String: String] = [:]
        for member in cast.members where member.signsIn { hashes[member.login] = try await passwords.hash(password) }
        return hashes
    }

    private static func load(
        _ cast: DemoCast, _ people: [String: PersonID], on day: Day, in db: any Reading
    ) throws -> [DemoPart: Actor] {
        var actors: [DemoPart: Actor] = [:]
        for (part, login) in cast.parts {
            guard let person = people[login], let actor = try Actors.load(person, on: day, in: db) else {
                throw DemoFault.data("people: nobody signs in as \(login)")
            }
            actors[part] = actor
        }
        return actors
    }
}
