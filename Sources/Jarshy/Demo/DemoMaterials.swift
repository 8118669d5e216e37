import JarshyKit
import Storage

/// The materials of the demo: drawn up by one person and approved by another, printed, sent down and acknowledged with a loss,
/// handed out in one settlement for weeks, counted; and the poster sites of three towns. All through the actions and operations
/// that are used everywhere.
struct DemoMaterials: Sendable {
    let materials: DemoTable
    let stock: DemoTable
    let sites: DemoTable
    let imprints: DemoTable
    let organisations: DemoTable
    let intake: Intake
    let database: Database
    let today: Day
    let vote: Day
    let people: [String: PersonID]

    init(
        _ data: DemoData, home: Home, intake: Intake, database: Database, today: Day, vote: Day, people: [String: PersonID]
    ) throws {
        materials = try DemoTable("materials", home: home)
        stock = try DemoTable("stock", home: home)
        sites = try DemoTable("poster_sites", home: home)
        imprints = try DemoTable("imprints", home: home)
        organisations = data.organisations
        self.intake = intake
        self.database = database
        self.today = today
        self.vote = vote
        self.people = people
    }

    /// - Returns: how many operations went through the intake.
    func fill() async throws -> Int {
        let actors = try await actors()
        func actor(_ login: String) throws -> Actor {
            guard let actor = actors[login] else { throw DemoFault.data("people: nobody signs in as \(login)") }
            return actor
        }
        var made: [String: MaterialID] = [:]
        for row in materials.rows {
            made[row["code"]] = try await drawUp(row, after: made[row["after"]], by: try actor(row["by"]))
            guard let id = made[row["code"]], !row["second"].isEmpty else { continue }
            try await database.run(ApproveMaterial(material: id), by: try actor(row["second"]), at: moment(row, "day", 560))
        }
        var sent = 0
        var moves: [String: OperationID] = [:]
        let withdrawn = materials.rows.filter { !$0["withdrawn"].isEmpty }
        var open = withdrawn[...]
        for row in stock.rows {
            while let next = open.first, day(next, "withdrawn_day") <= day(row, "day"), let id = made[next["code"]] {
                try await database.run(
                    WithdrawMaterial(material: id, reason: next["withdrawn"]), by: try actor(next["second"]),
                    at: moment(next, "withdrawn_day", 570))
                open = open.dropFirst()
            }
            guard let material = made[row["material"]] else { throw DemoFault.data("stock: no material \(row["material"])") }
            let now = moment(row, "day", Int(row.integer("at") ?? 600))
            let id = OperationID.make(at: now)
            try await submit(id, try members(row, material, moves), by: try actor(row["by"]), at: now)
            if row["deed"] == "send" { moves[row["key"]] = id }
            sent += 1
        }
        for row in sites.rows { sent += try await site(row, made[row["material"]], actors) }
        return sent
    }

    private func actors() async throws -> [String: Actor] {
        let (people, day) = (people, today)
        let logins = Set((materials.rows + stock.rows + sites.rows).map { $0["by"] } + materials.rows.map { $0["second"] })
        return try await database.read { db in
            var actors: [String: Actor] = [:]
            for login in logins { actors[login] = try people[login].flatMap { try Actors.load($0, on: day, in: db) } }
            return actors
        }
    }

    private func day(_ row: DemoTable.Row, _ column: String) -> Day { today.advanced(by: Int(row.integer(column) ?? 0)) }

    private func moment(_ row: DemoTable.Row, _ column: String, _ minute: Int) -> Instant {
        Zone.kazakhstan.instant(day(row, column), minute: minute)
    }

    private func drawUp(_ row: DemoTable.Row, after: MaterialID?, by actor: Actor) async throws -> MaterialID {
        let organization = row["organization"]
        guard let imprint = imprints.rows.first(where: { $0["code"] == organization }),
            let issuer = organisations.rows.first(where: { $0["code"] == organization }),
            let kind = MaterialForm.Kind(rawValue: row["kind"])
        else { throw DemoFault.data("materials: \(row["code"])") }
        let run = row.integer("print_run") ?? 0
        let form = MaterialForm(
            kind: kind, class: .information, names: row.trio("name"),
            languages: Set(row.words("languages").compactMap { Language(rawValue: $0) }),
            imprint: MaterialImprint(
                issuer: issuer["name_kk"], orderer: imprint["orderer"], payer: imprint["payer"],
                responsible: imprint["responsible"], isPrinted: run > 0, printer: row["printer"], place: row["print_place"],
                run: run))
        return try await database.run(
            DrawUpMaterial(campaign: DemoCampaign.code, unit: row["unit"], form: form, after: after), by: actor,
            at: moment(row, "day", 545))
    }

    /// The members of an operation, as a phone would write them.
    private func members(
        _ row: DemoTable.Row, _ material: MaterialID, _ moves: [String: OperationID]
    ) throws -> [Json.Member] {
        let quantity = Json.integer(row.integer("quantity") ?? 0)
        let reason: [Json.Member] = row["reason"].isEmpty ? [] : [.init("reason", .text(row["reason"]))]
        func deed(_ kind: String, _ more: [Json.Member]) -> [Json.Member] {
            [.init("kind", .text(kind)), .init("unit", .text(row["unit"]))] + more
        }
        let what: [Json.Member] = [.init("material", .text(material.description))]
        let copies = what + [.init("quantity", quantity)]
        switch row["deed"] {
        case "receive": return deed(ReceiveMaterial.kind, copies + [.init("from", .text(row["other"]))])
        case "send": return deed(MoveMaterial.kind, copies + [.init("to", .text(row["other"]))])
        case "accept":
            guard let move = moves[row["key"]] else { throw DemoFault.data("stock: no move \(row["key"])") }
            let back = Json.integer(row.integer("other") ?? 0)
            return deed(
                AcceptMove.kind,
                [.init("move", .text(move.description)), .init("arrived", quantity), .init("returned", back)] + reason)
        case "hand_out": return deed(HandOutMaterial.kind, copies + [.init("day", .text(day(row, "day").description))])
        case "write_off":
            let note: [Json.Member] = row["reason"].isEmpty ? [] : [.init("note", .text(row["reason"]))]
            return deed(WriteOffMaterial.kind, copies + [.init("reason", .text(row["other"]))] + note)
        case "count": return deed(CountMaterial.kind, what + [.init("counted", quantity)] + reason)
        default: throw DemoFault.data("stock: no deed \(row["deed"])")
        }
    }

    private func submit(_ id: OperationID, _ members: [Json.Member], by actor: Actor, at now: Instant) async throws {
        let head: [Json.Member] = [.init("op", .text(id.description)), .init("campaign", .text(DemoCampaign.code))]
        guard let operation = Operation(.object(head + members), device: "demo", door: .demo) else {
            throw DemoFault.data("stock: no operation")
        }
        let outcome = try await intake.submit([operation], by: actor, at: now)[0]
        guard outcome.status == .accepted else { throw DemoFault.refused(outcome.receipt) }
    }

    /// A site with its permission, and everybody who looked at it.
    private func site(_ row: DemoTable.Row, _ material: MaterialID?, _ actors: [String: Actor]) async throws -> Int {
        guard let keeper = actors["region"], let walker = actors[row["by"]] else { throw DemoFault.data("poster_sites: people") }
        let form = PosterSiteForm(
            address: row["address"], class: .information, isAtSchool: row.flag("school"), capacity: row.integer("capacity") ?? 1,
            material: material, decree: row["decree"], decreeNumber: row["number"], decreeDay: day(row, "decree_day"),
            first: day(row, "first_day"), takeDown: vote.advanced(by: Int(row.integer("down") ?? 0)))
        let id = try await database.run(
            AddPosterSite(campaign: DemoCampaign.code, unit: row["unit"], form: form), by: keeper,
            at: moment(row, "first_day", 600))
        var sent = 0
        for word in row.words("found") {
            let parts = word.split(separator: ":").map(String.init)
            guard parts.count == 2, let back = Int(parts[0]) else { throw DemoFault.data("poster_sites: \(word)") }
            let looked = today.advanced(by: back)
            let now = Zone.kazakhstan.instant(looked, minute: 17 * 60)
            try await submit(
                OperationID.make(at: now),
                [
                    .init("kind", .text(NoteSiteCondition.kind)), .init("site", .text(id.description)),
                    .init("day", .text(looked.description)), .init("condition", .text(parts[1])),
                ], by: walker, at: now)
            sent += 1
        }
        return sent
    }
}
