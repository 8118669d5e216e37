import JarshyKit
import Storage

@testable import Jarshy

extension MatrixDeed {
    static let canvass: [MatrixDeed] = [
        MatrixDeed("SaveRound") { world, _, place in CanvassWorld.round(from: world.today, unit: place.primary) },
        MatrixDeed("PauseRound") { world, _, place in PauseRound(round: try await world.round(place), isPaused: true) },
        MatrixDeed("AddAddresses") { world, _, place in
            AddAddresses(round: try await world.round(place), addresses: [AddressText(street: "Жаңа", house: "1")])
        },
        MatrixDeed("MakeTeam") { world, _, place in
            let logins = try await world.pair(place)
            return MakeTeam(
                round: try await world.round(place), members: logins.map { MakeTeam.Member(login: $0, shownName: "") })
        },
        MatrixDeed("LeaseList") { world, _, place in try await world.lease(try await world.round(place)) },
        MatrixDeed("EndList") { world, _, place in EndList(list: try await world.doorList(place)) },
        MatrixDeed(
            "VisitDoor",
            operation: { world, place in
                let list = try await world.doorList(place)
                let secret = try await world.site.database.read { db in try CanvassRows.list(list, in: db)?.secret } ?? []
                let op = VisitID.make(list: list, row: 1, attempt: 1, secret: secret)
                return Ops.op([
                    .init("op", .text(op.description)), .init("kind", .text("canvass.visit")), .init("campaign", .text("test")),
                    .init("list", .text(list.description)), .init("row", .integer(1)), .init("attempt", .integer(1)),
                    .init("day", .text(world.today.description)), .init("outcome", .text("nobody")),
                    .init("salt", .text(CanvassWorld.salt)),
                ])
            }),
        MatrixDeed("BarAddress") { _, _, place in
            BarAddress(unit: place.primary, address: AddressText(street: "Жаңа", house: "1"))
        },
        MatrixDeed("TakeBackBar") { world, _, place in
            let address = AddressText(street: "Ескі", house: "\(world.number())")
            try await world.site.database.run(BarAddress(unit: place.primary, address: address), by: .operator, at: world.now)
            return TakeBackBar(unit: place.primary, address: address, reason: .mistake)
        },
        MatrixDeed("ForgetListSecrets") { _, _, _ in ForgetListSecrets() },
    ]
}

extension MatrixWorld {
    /// A round with one door, drawn up by somebody else.
    func round(_ place: MatrixDeed.Place) async throws -> RoundID {
        let id = try await site.database.run(
            CanvassWorld.round(from: today, unit: place.primary), by: .operator, at: now)
        _ = try await site.database.run(
            AddAddresses(round: id, addresses: [AddressText(street: "Көше \(number())", house: "1")]), by: .operator, at: now)
        return id
    }

    /// Its one door for a team of nobody: who is in it is no matter here.
    func lease(_ round: RoundID) async throws -> LeaseList {
        let team = CanvassTeamID.make(at: now)
        try await site.database.write { db in
            try db.run("INSERT INTO canvass_team (id, round, number) VALUES (\(team), \(round), 1)")
        }
        return LeaseList(round: round, team: team, street: nil, most: 1, from: today, until: today)
    }

    func doorList(_ place: MatrixDeed.Place) async throws -> CanvassListID {
        try await site.database.run(try await lease(try await round(place)), by: .operator, at: now)
    }

    /// Logins of two who may walk there.
    func pair(_ place: MatrixDeed.Place) async throws -> [String] {
        let logins = ["pair-a-\(place.primary.lowercased())", "pair-b-\(place.primary.lowercased())"]
        let known = try await site.database.read { db in try PersonRows.logins(logins, in: db) }
        for login in logins where known[login] == nil {
            try await site.person(login, role: "activist", unit: place.primary)
        }
        return logins
    }
}
