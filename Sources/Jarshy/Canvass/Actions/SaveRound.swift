import JarshyKit
import Storage

/// Draws up a door round, or changes one. Needs `manageCanvass` over the unit. The unit, the campaign and the class of a round
/// that stands do not change: lists were handed out by them.
struct SaveRound: Action {
    /// Nil for a new one.
    let round: RoundID?
    let campaign: String
    let unit: String
    let organization: String
    let isInformation: Bool
    let names: Trio
    let first: Day?
    let last: Day?
    let opens: Int?
    let closes: Int?

    static let longestName = 120

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws -> RoundID {
        let scope = try CanvassScope(actor, at: now, in: db)
        let organization = try Organization.all(in: db).first { $0.code == self.organization }
        let known = try round.map { try scope.managed($0, in: db) }
        let unit = try known?.unit ?? UnitScope(actor, in: scope.tree, on: scope.today).find(self.unit).no
        try actor.require(.manageCanvass, over: unit, organization: organization?.no, in: scope.tree, on: scope.today)
        let campaigns = try Campaigns.current(in: db)
        guard let campaign = try known.map({ campaigns.find($0.campaign) }) ?? campaigns.find(campaign) else {
            throw Problem.notFound("campaign")
        }
        let faults = faults(organization, campaign)
        guard faults.isEmpty, let organization, let first, let last, let opens, let closes else { throw Problem.invalid(faults) }
        let id = known?.id ?? RoundID.make(at: now)
        if known == nil {
            try db.run(
                """
                INSERT INTO canvass_round (id, campaign, unit, organization, class, name_kk, name_ru, name_en, first_day,
                    last_day, opens_minute, closes_minute, paused)
                VALUES (\(id), \(campaign.no), \(unit), \(organization.no), \(isInformation ? "information" : "campaigning"),
                    \(names.kk), \(names.ru), \(names.en), \(first), \(last), \(opens), \(closes), false)
                """)
        } else {
            try db.run(
                """
                UPDATE canvass_round SET organization = \(organization.no), name_kk = \(names.kk), name_ru = \(names.ru),
                    name_en = \(names.en), first_day = \(first), last_day = \(last), opens_minute = \(opens),
                    closes_minute = \(closes)
                WHERE id = \(id)
                """)
        }
        try Feed.record(FeedLine(known == nil ? "add" : "edit", "round", id, unit: unit), by: actor, at: now, in: db)
        return id
    }

    private func faults(_ organization: Organization?, _ campaign: Campaign) -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if organization == nil { faults.append(.unknown("organization", self.organization)) }
        for (field, name) in [("name_kk", names.kk), ("name_ru", names.ru), ("name_en", names.en)] {
            if name.isEmpty { faults.append(Problem.Fault(field, "missing", "'\(field)' is missing.")) }
            if name.unicodeScalars.count > Self.longestName {
                faults.append(
                    Problem.Fault(field, "too-long", "'\(field)' is longer than \(Self.longestName).",
                        slots: ["max": "\(Self.longestName)"]))
            }
        }
        for (field, day) in [("first", first), ("last", last)] {
            guard let day else {
                faults.append(Problem.Fault(field, "missing", "'\(field)' is missing."))
                continue
            }
            if day < campaign.first || day > campaign.last {
                faults.append(
                    Problem.Fault(
                        field, "day-outside-campaign", "Choose a day from \(campaign.first) to \(campaign.last).",
                        slots: ["day": "\(day)", "first": "\(campaign.first)", "last": "\(campaign.last)"]))
            }
        }
        if let first, let last, last < first {
            faults.append(Problem.Fault("last", "before-first", "The last day is before the first."))
        }
        if opens == nil { faults.append(Problem.Fault("opens", "not-time", "'opens' is a time like 10:00.")) }
        if closes == nil { faults.append(Problem.Fault("closes", "not-time", "'closes' is a time like 20:00.")) }
        if let opens, let closes, closes <= opens {
            faults.append(Problem.Fault("closes", "before-first", "Visits end before they begin."))
        }
        return faults
    }
}

/// Stops a round for a while, or lets it go on: phones show it and offer no door meanwhile. What was visited still counts.
struct PauseRound: Action {
    let round: RoundID
    let isPaused: Bool

    func perform(by actor: Actor, at now: Instant, in db: any Writing) throws {
        let round = try CanvassScope(actor, at: now, in: db).managed(round, in: db)
        try db.run("UPDATE canvass_round SET paused = \(isPaused) WHERE id = \(round.id)")
        try Feed.record(FeedLine(isPaused ? "pause" : "resume", "round", round.id, unit: round.unit), by: actor, at: now, in: db)
    }
}
