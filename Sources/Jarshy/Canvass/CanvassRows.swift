import JarshyKit
import Storage

/// A row of a list with the address and what is known of it in the round.
struct CanvassDoor: Sendable {
    let row: Int64
    let id: AddressID
    let address: AddressText
    let visits: Int64
    /// Read together with the do-not-contact list.
    let state: DoorState
}

/// Two or more people who go together.
struct CanvassTeam: Sendable {
    let id: CanvassTeamID
    let number: Int64
    var members: [Member]

    struct Member: Sendable {
        let person: PersonID
        let name: String
        /// As the person agreed to be named to residents; may be empty.
        let shownName: String
    }
}

/// Every SELECT of door rounds.
enum CanvassRows {
    static func round(_ id: RoundID, in db: any Reading) throws -> CanvassRound? {
        try db.first(CanvassRound.self, where: "FROM canvass_round r WHERE r.id = \(id)")
    }

    static func list(_ id: CanvassListID, in db: any Reading) throws -> CanvassList? {
        try db.first(CanvassList.self, where: "FROM canvass_list l WHERE l.id = \(id)")
    }

    static func list(code: String, in db: any Reading) throws -> CanvassList? {
        try db.first(CanvassList.self, where: "FROM canvass_list l WHERE l.code = \(code)")
    }

    static func lists(of round: RoundID, in db: any Reading) throws -> [CanvassList] {
        try db.all(CanvassList.self, where: "FROM canvass_list l WHERE l.round = \(round) ORDER BY l.number DESC")
    }

    /// Rounds of units at or below these, the latest first; of every unit for nil.
    static func rounds(
        of campaign: CampaignNo, below units: [UnitNo]?, in tree: Tree, _ db: any Reading
    ) throws -> [CanvassRound] {
        var condition: SQL = "FROM canvass_round r WHERE r.campaign = \(campaign)"
        if let units, !(tree.root.map(units.contains) ?? false) {
            let all = Set(units.flatMap { tree.subtree(of: $0) }).sorted()
            let chunks = Padded.chunks(all).map { chunk -> SQL in "r.unit IN \(chunk)" }
            condition += chunks.isEmpty ? " AND 1 = 0" : " AND (" + SQL.joined(chunks, " OR ") + ")"
        }
        return try db.all(CanvassRound.self, where: condition + " ORDER BY r.first_day DESC, r.id DESC LIMIT \(mostRounds)")
    }

    static let mostRounds = 200

    /// The doors of these lists in the order of their rows.
    static func doors(of lists: [CanvassList], in db: any Reading) throws -> [CanvassListID: [CanvassDoor]] {
        var doors: [CanvassListID: [CanvassDoor]] = [:]
        for chunk in Padded.chunks(lists.map(\.id)) {
            try db.rows(
                """
                SELECT d.list, d.row_no, d.address, a.street, a.house, a.flat, a.landmark, d.visits, p.state,
                    \(DoNotContact.holds)
                FROM canvass_door d JOIN canvass_list l ON l.id = d.list JOIN canvass_address a ON a.id = d.address
                    JOIN canvass_place p ON p.round = l.round AND p.address = d.address
                WHERE d.list IN \(chunk) ORDER BY d.list, d.row_no
                """
            ) { row in
                let list = try row.next(CanvassListID.self)
                let (number, id) = (try row.next(Int64.self), try row.next(AddressID.self))
                let address = try AddressText(&row)
                let visits = try row.next(Int64.self)
                let (state, isBarred) = (try row.next(DoorState.self), try row.next(Bool.self))
                doors[list, default: []].append(
                    CanvassDoor(
                        row: number, id: id, address: address, visits: visits, state: isBarred ? .doNotVisit : state))
                return true
            }
        }
        return doors
    }

    /// How far these rounds are: doors by state.
    static func progress(of rounds: [RoundID], in db: any Reading) throws -> [RoundID: DoorProgress] {
        var progress: [RoundID: DoorProgress] = [:]
        for chunk in Padded.chunks(rounds) {
            try db.rows(
                """
                SELECT s.round, s.state, count(*) FROM (
                    SELECT p.round, CASE WHEN \(DoNotContact.holds) THEN 'do_not_visit' ELSE p.state END AS state
                    FROM canvass_place p JOIN canvass_address a ON a.id = p.address WHERE p.round IN \(chunk)
                ) AS s GROUP BY s.round, s.state
                """
            ) { row in
                progress[try row.next(), default: DoorProgress()].states[try row.next()] = try row.next(Int64.self)
                return true
            }
        }
        return progress
    }

    struct Street: Sendable {
        /// Empty for landmarks.
        let name: String
        let doors: Int64
        /// May go on a list now.
        let free: Int64
    }

    /// The streets of a round in walking order, landmarks last.
    static func streets(of round: RoundID, on day: Day, in db: any Reading) throws -> [Street] {
        let streets = try db.all(
            """
            SELECT s.street, count(*), sum(s.free) FROM (
                SELECT a.street, CASE WHEN p.state IN ('fresh', 'come_back') AND NOT \(DoNotContact.holds)
                    AND NOT EXISTS (
                        SELECT 1 FROM canvass_door d JOIN canvass_list l ON l.id = d.list
                        WHERE d.address = p.address AND l.round = p.round AND l.ended_day IS NULL AND l.until_day >= \(day)
                    ) THEN 1 ELSE 0 END AS free
                FROM canvass_place p JOIN canvass_address a ON a.id = p.address WHERE p.round = \(round)
            ) AS s GROUP BY s.street
            """
        ) { row in Street(name: try row.next(), doors: try row.next(), free: try row.next()) }
        let keyed = streets.map { (street: $0, key: $0.name.isEmpty ? [0xFF] : sortKey($0.name)) }
        return keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.street)
    }

    static func teams(of round: RoundID, in db: any Reading) throws -> [CanvassTeam] {
        try teams("t.round = \(round)", in: db)
    }

    static func team(_ id: CanvassTeamID, in db: any Reading) throws -> CanvassTeam? {
        try teams("t.id = \(id)", in: db).first
    }

    private static func teams(_ condition: SQL, in db: any Reading) throws -> [CanvassTeam] {
        var teams: [CanvassTeam] = []
        try db.rows(
            """
            SELECT t.id, t.number, m.person, p.name, m.shown_name FROM canvass_team t JOIN canvass_member m ON m.team = t.id
                JOIN person p ON p.id = m.person
            WHERE \(condition) ORDER BY t.number, p.sort_key, p.id
            """
        ) { row in
            let (id, number) = (try row.next(CanvassTeamID.self), try row.next(Int64.self))
            let member = CanvassTeam.Member(person: try row.next(), name: try row.next(), shownName: try row.next())
            if teams.last?.id != id { teams.append(CanvassTeam(id: id, number: number, members: [])) }
            teams[teams.count - 1].members.append(member)
            return true
        }
        return teams
    }

    struct Walker: Sendable {
        let login: String
        let name: String
    }

    /// Who may go from door to door in a unit: held there, above it or below it. For a choice of names.
    static func walkers(of unit: UnitNo, on day: Day, in tree: Tree, _ db: any Reading) throws -> [Walker] {
        let units = Array(Set(tree.chain(of: unit) + tree.subtree(of: unit).prefix(mostUnits))).sorted()
        let chunks = Padded.chunks(units).map { chunk -> SQL in "g.unit IN \(chunk)" }
        return try db.all(
            """
            SELECT a.login, p.name FROM person p JOIN account a ON a.person = p.id
            WHERE a.disabled_at IS NULL AND EXISTS (
                SELECT 1 FROM role_grant g JOIN role_right r ON r.role = g.role AND r.name = \(Right.canvass.rawValue)
                WHERE g.person = p.id AND g.revoked_at IS NULL AND g.from_day <= \(day)
                    AND (g.to_day IS NULL OR g.to_day >= \(day)) AND (\(SQL.joined(chunks, " OR "))))
            ORDER BY p.sort_key, p.id LIMIT \(mostWalkers)
            """
        ) { row in Walker(login: try row.next(), name: try row.next()) }
    }

    private static let mostUnits = 500
    private static let mostWalkers = 200
}

extension AddressText {
    /// Reads street, house, flat, landmark.
    init(_ row: inout Row) throws {
        let (street, house) = (try row.next(String.self), try row.next(String.self))
        let (flat, landmark) = (try row.next(String.self), try row.next(String.self))
        self = landmark.isEmpty ? AddressText(street: street, house: house, flat: flat) : AddressText(landmark: landmark)
    }
}
