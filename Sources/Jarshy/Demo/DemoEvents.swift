import JarshyKit
import Storage

/// A report of the city group, from which its event is made.
struct DemoGroupReport: Sendable {
    let report: OperationID
    let unit: String
    let day: Day
    let activity: String
    let audience: String
    let organization: String
    let filedAt: Instant
}

/// The events of the demo: the 175 of the city group, each with its lecturer and its report, and those to come: some without a
/// lecturer, one moved, one cancelled, one both ways, one with a partner, one internal, one that is the first of a series.
struct DemoEvents: Sendable {
    let reports: [DemoGroupReport]
    let data: DemoData
    let places: DemoTable
    let topics: DemoTable
    let reasons: DemoTable
    let tree: DemoTree
    let campaign: CampaignPlan
    let database: Database
    let now: Instant

    private var today: Day { Zone.kazakhstan.day(at: now) }

    init(
        _ reports: [DemoGroupReport], data: DemoData, home: Home, tree: DemoTree, campaign: CampaignPlan, database: Database, now: Instant
    ) throws {
        self.reports = reports.sorted { ($0.day, $0.report) < ($1.day, $1.report) }
        self.data = data
        places = try DemoTable("meeting_places", home: home)
        topics = try DemoTable("topics", home: home)
        reasons = try DemoTable("event_reasons", home: home)
        self.tree = tree
        self.campaign = campaign
        self.database = database
        self.now = now
    }

    private struct Planned: Sendable {
        let input: EventInput
        let report: DemoGroupReport?
        /// Weeks in a row.
        var times = 1
    }

    /// - Parameter secretary: draws up, announces and invites.
    /// - Returns: an event of each day on which the group held one.
    func fill(secretary: Actor) async throws -> [Day: EventID] {
        var random = DemoRandom(seed: 175)
        let past = reports.map { Planned(input: input(for: $0, &random), report: $0) }
        let coming = self.coming(&random)
        let begin = Zone.kazakhstan.instant(campaign.days.first, minute: 8 * 60)
        var rota = try await database.read { [campaignCode = DemoCampaign.code] db in
            guard let campaign = try Campaigns.current(in: db).find(campaignCode) else { throw DemoFault.data("no campaign") }
            return Rota(try SpeakerRows.of(nil, campaign: campaign.no, at: begin, in: db), in: try Tree.current(in: db))
        }
        var byDay: [Day: EventID] = [:]
        for planned in past + coming {
            // Drawn up some days before, never before the campaign.
            let at = max(begin, Zone.kazakhstan.instant(planned.input.day.advanced(by: -random.whole(2...6)), minute: 600))
            let made = try await database.write { db -> (EventID, Need) in
                let id = try DraftEvent(input: planned.input, times: planned.times).perform(by: secretary, at: min(at, now), in: db)[0]
                guard let event = try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)") else {
                    throw DemoFault.data("no event")
                }
                return (id, Need(event))
            }
            let chosen = planned.report == nil && random.happens(0.5) ? nil : rota.best(for: made.1)
            if let chosen { rota.take(chosen.person, made.1) }
            try await play(made.0, planned, chosen?.person, at: min(at, now), secretary)
            byDay[planned.input.day] = made.0
        }
        try await tell(secretary)
        return byDay
    }

    private func play(
        _ id: EventID, _ planned: Planned, _ speaker: PersonID?, at: Instant, _ secretary: Actor
    ) async throws {
        let now = now
        // One deed after another, some minutes apart.
        @Sendable func later(_ minutes: Int64) -> Instant { min(at.advanced(seconds: minutes * 60), now) }
        try await database.write { db in
            var isHeld = false
            if let report = planned.report {
                if let speaker { try invite(speaker, to: id, confirmed: true, by: secretary, at: later(5), in: db) }
                try confirm(id, at: later(30), in: db)
                if planned.input.end > later(40) {
                    try AnnounceEvent(event: id).perform(by: secretary, at: later(40), in: db)
                }
                let filed = max(report.filedAt, planned.input.start)
                try TieReport(event: id, report: ReportID(report.report), part: .hall).perform(by: secretary, at: filed, in: db)
                isHeld = true
            }
            if !isHeld {
                if let speaker { try invite(speaker, to: id, confirmed: false, by: secretary, at: later(5), in: db) }
                try confirm(id, at: later(30), in: db)
                if planned.input.day <= today.advanced(by: 10) { try AnnounceEvent(event: id).perform(by: secretary, at: later(40), in: db) }
            }
        }
    }

    private func invite(
        _ person: PersonID, to id: EventID, confirmed: Bool, by secretary: Actor, at now: Instant, in db: any Writing
    ) throws {
        func later(_ minutes: Int64) -> Instant { min(now.advanced(seconds: minutes * 60), self.now) }
        _ = try AskSpeakers(pairs: [.init(event: id, person: person)]).perform(by: secretary, at: now, in: db)
        guard let member = try Roster.of([id], in: db)[id]?.first else { return }
        if member.state == .asked {
            try AllowMember(member: member.id, allowed: true).perform(by: .operator, at: later(5), in: db)
        }
        if confirmed { try AnswerInvitation(member: member.id, comes: true).perform(by: secretary, at: later(10), in: db) }
    }

    /// With a public office on the roster, or on a quiet day, the class is confirmed by the second person.
    private func confirm(_ id: EventID, at now: Instant, in db: any Writing) throws {
        guard let event = try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)"),
            let campaign = try Campaigns.current(in: db).find(event.campaign)
        else { throw DemoFault.data("no event") }
        let people = (try Roster.of([id], in: db)[id] ?? []).map(\.person)
        let isFree = try PublicOffice.holders(among: people, on: event.day, in: db).isEmpty
        if isFree, !campaign.isQuiet(on: event.day), !campaign.isQuiet(at: now) { return }
        try ConfirmClass(event: id).perform(by: .operator, at: now, in: db)
    }

    /// One that was moved and one that was called off.
    private func tell(_ secretary: Actor) async throws {
        let now = now
        try await database.write { db in
            let told = try db.all(
                Event.self, where: "FROM event e WHERE e.state = 'announced' AND e.start_at > \(now) ORDER BY e.start_at, e.id")
            if let first = told.dropFirst().first {
                try MoveEvent(
                    event: first.id, day: first.day, minute: min(first.minute + 60, 18 * 60), minutes: first.minutes,
                    reason: reason("moved", first.language)
                ).perform(by: secretary, at: now, in: db)
            }
            if let last = told.last, told.count > 3 {
                try CancelEvent(event: last.id, reason: reason("cancelled", last.language)).perform(by: secretary, at: now, in: db)
            }
        }
    }

    private func reason(_ code: String, _ language: Language) -> String {
        reasons.rows.first { $0["code"] == code }?.trio("reason")[language] ?? ""
    }

    // MARK: What they are

    private static let kinds: [String: Event.Kind] = [
        "meeting": .meeting, "lecture": .lecture, "seminar": .seminar, "workplace_meeting": .collective,
        "round_table": .conference, "live_stream": .stream,
    ]

    private func input(for report: DemoGroupReport, _ random: inout DemoRandom) -> EventInput {
        var minute = 60 * random.whole(10...15)
        // It was over when it was reported.
        if Zone.kazakhstan.day(at: report.filedAt) == report.day {
            minute = min(minute, max(7 * 60, (Zone.kazakhstan.minuteOfDay(at: report.filedAt) - 100) / 30 * 30))
        }
        let kind = Self.kinds[report.activity] ?? .meeting
        var input = EventInput(campaign: DemoCampaign.code, unit: report.unit, kind: kind, day: report.day, minute: minute)
        (input.activity, input.audience, input.organization) = (report.activity, report.audience, report.organization)
        describe(&input, &random)
        return input
    }

    private func describe(_ input: inout EventInput, _ random: inout DemoRandom) {
        let subgroup = input.unit.split(separator: "-").last.map(String.init) ?? ""
        let own = topics.rows.filter { $0.words("subgroups").contains(subgroup) }
        input.topic = (own.isEmpty ? random.pick(topics.rows) : random.pick(own))["code"]
        input.language = random.happens(0.7) ? .kk : .ru
        input.minutes = Int64(random.pick([60, 60, 90]))
        guard input.kind != .collective, input.form != .online else { return }
        let halls = places.rows.filter { ["city", "both"].contains($0["setting"]) }
        let hall = random.pick(halls)
        let name = hall["name_kk"]
        input.place = PlaceInput(
            name: name.prefix(1).uppercased() + name.dropFirst(), capacity: hall.integer("capacity_high"),
            access: random.pick([.full, .full, .partly, .unknown]))
    }

    /// The next days: most by the subgroups, one streamed, one both ways.
    private func coming(_ random: inout DemoRandom) -> [Planned] {
        (0..<16).map { index in
            let day = min(today.advanced(by: 1 + index * 3 / 4), campaign.days.last)
            let unit = tree.subgroups[index % tree.subgroups.count]
            let kind: Event.Kind = [.meeting, .lecture, .seminar, .meeting, .conference][index % 5]
            var input = EventInput(
                campaign: DemoCampaign.code, unit: unit, kind: kind, day: day, minute: 60 * random.whole(10...17))
            input.audience = random.pick(["residents", "youth", "elders"])
            input.organization = "ashyq-esik"
            if index == 5 { (input.kind, input.form, input.link) = (.stream, .online, "https://example.kz/live") }
            if index == 7 { (input.form, input.link) = (.hybrid, "https://example.kz/live") }
            if index == 2 { input.partners = [tree.subgroups[(index + 1) % tree.subgroups.count]] }
            if index == 11 { input.isPublic = false }
            describe(&input, &random)
            // A series ends with the campaign at the latest.
            let weeks = 1 + day.distance(to: campaign.days.last) / 7
            return Planned(input: input, report: nil, times: index == 3 ? min(3, weeks) : 1)
        }
    }
}
