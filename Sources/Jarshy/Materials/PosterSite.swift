import JarshyKit
import Storage

/// A place designated for posters: where, by whose permission, what may hang there and until when, and how it was last found.
///
/// Its condition is that of its newest day, so that what a phone tells late of an earlier day changes nothing.
struct PosterSite: Sendable {
    let id: PosterSiteID
    let campaign: CampaignNo
    let unit: UnitNo
    let form: PosterSiteForm
    let condition: Condition
    let conditionDay: Day?
    let closedAt: Instant?

    enum Condition: String, Stored, Sendable, CaseIterable {
        case empty, inPlace = "in_place", damaged, missing, removed

        /// What a person can say they found; `empty` is what nobody has said anything of yet.
        static let told: [Condition] = [.inPlace, .damaged, .missing, .removed]
        /// Something hangs there that one day has to come down.
        static let hanging: [Condition] = [.inPlace, .damaged]
        var isHanging: Bool { Self.hanging.contains(self) }
    }

    var isOpen: Bool { closedAt == nil }

    func isDueDown(on day: Day) -> Bool { condition.isHanging && form.takeDown.map { $0 <= day } ?? false }
    func isOverdue(on day: Day) -> Bool { condition.isHanging && form.takeDown.map { $0 < day } ?? false }
}

/// What is written of a site.
struct PosterSiteForm: Sendable, Equatable {
    var address: String
    var `class`: MaterialClass
    /// At a school or a kindergarten: nothing campaigning hangs there.
    var isAtSchool: Bool
    /// Posters.
    var capacity: Int64
    /// What is to hang there.
    var material: MaterialID?
    /// The permission: whose decree, its number and day.
    var decree: String
    var decreeNumber: String
    var decreeDay: Day
    var first: Day
    /// The last day anything may hang there.
    var takeDown: Day?

    static let longest = 300
    static let mostPosters: Int64 = 1000

    func faults() -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        for (field, text) in [("address", address), ("decree", decree), ("decree_number", decreeNumber)] {
            if text.isEmpty { faults.append(Problem.Fault(field, "missing", "'\(field)' is missing.")) }
            if text.utf8.count > Self.longest {
                faults.append(Problem.Fault(field, "too-long", "'\(field)' is longer than \(Self.longest) bytes."))
            }
        }
        if !(1...Self.mostPosters).contains(capacity) {
            faults.append(Problem.Fault("capacity", "out-of-range", "'capacity' is from 1 to \(Self.mostPosters)."))
        }
        if isAtSchool, `class` == .campaigning {
            faults.append(Problem.Fault("class", "school-campaigning", "Nothing campaigning hangs at a school."))
        }
        if let takeDown, takeDown < first {
            faults.append(Problem.Fault("take_down", "days-crossed", "It comes down on or after the first day, \(first)."))
        }
        return faults
    }
}

extension PosterSite: Storage.Decodable {
    static let columns: SQL = """
        s.id, s.campaign, s.unit, s.address, s.class, s.school, s.capacity, s.material, s.decree, s.decree_number, s.decree_day,
            s.first_day, s.take_down_day, s.condition, s.condition_day, s.closed_at
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        campaign = try row.next()
        unit = try row.next()
        form = PosterSiteForm(
            address: try row.next(), class: try row.next(), isAtSchool: try row.next(), capacity: try row.next(),
            material: try row.next(), decree: try row.next(), decreeNumber: try row.next(), decreeDay: try row.next(),
            first: try row.next(), takeDown: try row.next())
        condition = try row.next()
        conditionDay = try row.next()
        closedAt = try row.next()
    }
}

/// How a site was found on a day, by whom.
struct SiteFinding: Sendable {
    let id: OperationID
    let day: Day
    let condition: PosterSite.Condition
    let note: String
    /// Put up on a quiet day.
    let isQuiet: Bool
    let author: PersonID
    let at: Instant

    static func of(_ site: PosterSiteID, limit: Int, in db: any Reading) throws -> [SiteFinding] {
        try db.all(
            """
            SELECT id, day, condition, note, quiet, author, at FROM site_condition WHERE site = \(site)
            ORDER BY day DESC, at DESC, id DESC LIMIT \(limit)
            """
        ) { row in
            SiteFinding(
                id: try row.next(), day: try row.next(), condition: try row.next(), note: try row.next(), isQuiet: try row.next(),
                author: try row.next(), at: try row.next())
        }
    }
}
