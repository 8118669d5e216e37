import JarshyKit
import Storage

enum RoundMark {}
enum CanvassTeamMark {}
enum CanvassListMark {}
enum AddressMark {}
typealias RoundID = ID<RoundMark>
typealias CanvassTeamID = ID<CanvassTeamMark>
typealias CanvassListID = ID<CanvassListMark>
typealias AddressID = ID<AddressMark>

/// A door round.
struct CanvassRound: Sendable {
    let id: RoundID
    let campaign: CampaignNo
    let unit: UnitNo
    /// In whose name: residents read it.
    let organization: OrganizationNo
    let isInformation: Bool
    let names: Trio
    let first: Day
    let last: Day
    let hours: VisitingHours
    let isPaused: Bool

    /// What a resident may be visited in, minutes since local midnight.
    struct VisitingHours: Sendable, Hashable {
        let opens: Int
        let closes: Int

        /// `10:00`
        static func text(_ minute: Int) -> String {
            let (hour, rest) = (minute / 60, minute % 60)
            return (hour < 10 ? "0" : "") + "\(hour):" + (rest < 10 ? "0" : "") + "\(rest)"
        }

        /// Minutes of `9:30` or `09:30`, up to 24:00; nil for anything else.
        static func minute(_ text: String) -> Int? {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
                let hour = Int(parts[0]), let rest = Int(parts[1]), hour >= 0, (0..<60).contains(rest)
            else { return nil }
            let minute = hour * 60 + rest
            return minute <= 1440 ? minute : nil
        }
    }

    /// No list of a campaigning round is handed out on a quiet day; information is not bound by it.
    func isQuiet(on day: Day, _ campaign: Campaign) -> Bool { !isInformation && campaign.isQuiet(on: day) }
}

extension CanvassRound: Decodable {
    static let columns: SQL = """
        r.id, r.campaign, r.unit, r.organization, r.class, r.name_kk, r.name_ru, r.name_en, r.first_day, r.last_day,
            r.opens_minute, r.closes_minute, r.paused
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        organization = try row.next()
        isInformation = try row.next(String.self) == "information"
        names = try Trio(&row)
        first = try row.next()
        last = try row.next()
        hours = VisitingHours(opens: try row.next(), closes: try row.next())
        isPaused = try row.next()
    }
}

/// Doors given to a team for some days.
struct CanvassList: Sendable {
    let id: CanvassListID
    let round: RoundID
    let team: CanvassTeamID
    let number: Int64
    let from: Day
    let until: Day
    let ended: Day?
    /// What residents check it by: `/who/{code}`.
    let code: String
    /// 16 bytes; nil when no visit can come any more.
    let secret: [UInt8]?

    /// Its doors are this team's and nobody else's.
    func isLeased(on day: Day) -> Bool { ended == nil && day <= until }

    static let longestDays = 31
    static let secretBytes = 16
    /// Room for a long street; more is not walked in one lease, nor held by a cheap phone.
    static let mostDoors = 400
}

extension CanvassList: Decodable {
    static let columns: SQL = "l.id, l.round, l.team, l.number, l.from_day, l.until_day, l.ended_day, l.code, l.secret"

    init(_ row: inout Row) throws {
        id = try row.next()
        round = try row.next()
        team = try row.next()
        number = try row.next()
        from = try row.next()
        until = try row.next()
        ended = try row.next()
        code = try row.next()
        secret = try row.next(Blob?.self)?.bytes
    }
}
