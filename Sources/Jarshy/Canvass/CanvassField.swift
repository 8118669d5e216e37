import JarshyKit
import Storage

/// What a phone pulls of door rounds: the lists leased today to a team of the caller, with their doors.
///
/// A door that is not to be visited keeps its row and sends nothing but that. On a quiet day the lists of campaigning rounds
/// stay here.
enum CanvassField {
    static func part(for actor: Actor, on day: Day, in db: any Reading) throws -> [Json.Member] {
        let held = try db.all(
            """
            SELECT \(CanvassRound.columns), \(CanvassList.columns)
            FROM canvass_list l JOIN canvass_round r ON r.id = l.round
            WHERE l.team IN (SELECT m.team FROM canvass_member m WHERE m.person = \(actor.person))
                AND l.from_day <= \(day) AND l.until_day >= \(day) AND l.ended_day IS NULL AND l.secret IS NOT NULL
            ORDER BY r.first_day, r.id, l.number
            """
        ) { row in (round: try CanvassRound(&row), list: try CanvassList(&row)) }
        guard !held.isEmpty else { return [.init("rounds", .list([]))] }
        let tree = try Tree.current(in: db)
        let campaigns = try Campaigns.current(in: db)
        let handed = held.filter { held in
            guard let campaign = campaigns.find(held.round.campaign) else { return false }
            return !held.round.isQuiet(on: day, campaign)
                && actor.holds(.canvass, over: held.round.unit, organization: held.round.organization, in: tree, on: day)
        }
        let doors = try CanvassRows.doors(of: handed.map(\.list), in: db)
        var rounds: [(round: CanvassRound, lists: [Json])] = []
        for (round, list) in handed {
            if rounds.last?.round.id != round.id { rounds.append((round, [])) }
            rounds[rounds.count - 1].lists.append(json(list, doors[list.id] ?? []))
        }
        return [
            .init("rounds", .list(rounds.map { round, lists in
                json(round, campaign: campaigns.find(round.campaign)?.code ?? "", unit: tree.code(of: round.unit), lists)
            }))
        ]
    }

    private static func json(_ round: CanvassRound, campaign: String, unit: String, _ lists: [Json]) -> Json {
        .object([
            .init("id", .text(round.id.description)),
            .init("names", .object(Language.allCases.map { .init($0.rawValue, .text(round.names[$0])) })),
            .init("campaign", .text(campaign)), .init("unit", .text(unit)),
            .init("class", .text(round.isInformation ? "information" : "campaigning")),
            .init("from", .text(round.first.description)), .init("to", .text(round.last.description)),
            .init("hours", .object([
                .init("from", .text(CanvassRound.VisitingHours.text(round.hours.opens))),
                .init("to", .text(CanvassRound.VisitingHours.text(round.hours.closes))),
            ])),
            .init("paused", .bool(round.isPaused)), .init("lists", .list(lists)),
        ])
    }

    private static func json(_ list: CanvassList, _ doors: [CanvassDoor]) -> Json {
        .object([
            .init("id", .text(list.id.description)), .init("number", .integer(list.number)),
            .init("until", .text(list.until.description)), .init("secret", .text(Base64URL.encoded(list.secret ?? []))),
            .init("check", .text("/who/\(list.code)")), .init("doors", .list(doors.map(json))),
        ])
    }

    private static func json(_ door: CanvassDoor) -> Json {
        var members: [Json.Member] = [.init("row", .integer(door.row)), .init("state", .text(door.state.rawValue))]
        guard door.state != .doNotVisit else { return .object(members) }
        for (key, text) in [
            ("street", door.address.street), ("house", door.address.house), ("flat", door.address.flat),
            ("landmark", door.address.landmark),
        ] where !text.isEmpty { members.append(.init(key, .text(text))) }
        members.append(.init("visits", .integer(VisitID.last(of: door.visits))))
        return .object(members)
    }
}
