import JarshyKit
import Storage

/// One event as the staff work on it: when, where, who, what was told, its report, and every deed open to the reader.
enum EventPages {
    enum Deed: String, CaseIterable, Sendable {
        case announce, move, cancel, hold, `class`, invite, answer, withdraw, allow, materials
    }

    static func routes(_ site: inout Routes) {
        site.get("/events/{id}", .signedIn) { visit in try await page(visit) }
        site.get("/events/{id}/poster", .signedIn) { visit in try await PosterPages.page(visit) }
        for deed in Deed.allCases {
            site.post("/events/{id}/\(deed.rawValue)", .signedIn) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private static func page(_ visit: Visit, refused: (Deed, Problem)? = nil) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, EventID(visit.parameter("id")))
        let view = try await visit.read { db in try EventView(id, actor: actor, now: now, in: db) }
        let page = EventPage(view, refused: refused, visit: visit)
        return .page(
            "event", page, PageHead(page.heading, section: "events", campaign: view.campaign.names[visit.language]))
    }

    private static func perform(_ deed: Deed, _ visit: Visit) async throws -> Reply {
        guard let id = EventID(visit.parameter("id")) else { throw Problem.notFound("event") }
        let form = visit.form
        switch deed {
        case .announce: try await visit.run(AnnounceEvent(event: id))
        case .move: try await move(id, visit)
        case .cancel: try await visit.run(CancelEvent(event: id, reason: form.text("reason")))
        case .hold: try await visit.run(HoldEvent(event: id))
        case .class: try await visit.run(ConfirmClass(event: id))
        case .invite:
            guard let person = PersonID(form.text("person")) else { throw missing("person") }
            _ = try await visit.run(
                InviteMember(event: id, person: person, role: RosterMember.Role(rawValue: form.text("role")) ?? .speaker))
        case .answer: try await visit.run(AnswerInvitation(member: try member(form), comes: form["comes"] == "1"))
        case .withdraw: try await visit.run(WithdrawMember(member: try member(form)))
        case .allow: try await visit.run(AllowMember(member: try member(form), allowed: form["allowed"] == "1"))
        case .materials: try await visit.run(SetMaterials(event: id, lines: try materials(form)))
        }
        return .redirect("/events/\(id)", flash: .init(kind: .done, text: visit.words("event.done.\(deed.rawValue)")))
    }

    private static func move(_ id: EventID, _ visit: Visit) async throws {
        let form = visit.form
        var faults: [Problem.Fault] = []
        let (day, minute, minutes) =
            (Day(form.text("day")), EventFormFields.minute(form.text("time")), Int64(form.text("minutes")))
        if day == nil { faults.append(Problem.Fault("day", "missing", "'day' is missing.")) }
        if minute == nil { faults.append(Problem.Fault("time", "not-time", "The time is 00:00 to 23:59.")) }
        if minutes == nil { faults.append(Problem.Fault("minutes", "not-number", "'minutes' is no whole number.")) }
        guard let day, let minute, let minutes else { throw Problem.invalid(faults) }
        try await visit.run(
            MoveEvent(event: id, day: day, minute: minute, minutes: minutes, reason: form.text("why")))
    }

    private static func member(_ form: Fields) throws -> MemberID {
        guard let id = MemberID(form.text("member")) else { throw missing("member") }
        return id
    }

    /// Lines "name; brought; handed out".
    private static func materials(_ form: Fields) throws -> [SetMaterials.Line] {
        try cleanedTyping(form.text("materials")).split(separator: "\n").map { line in
            let parts = line.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmingSpaces() }
            guard parts.count >= 2, parts.count <= 3, let brought = Int64(parts[1]),
                parts.count == 2 || parts[2].isEmpty || Int64(parts[2]) != nil
            else { throw Problem.invalid([Problem.Fault("materials", "not-line", "A line is: name; brought; handed out.")]) }
            return SetMaterials.Line(name: parts[0], brought: brought, handed: parts.count == 3 ? Int64(parts[2]) : nil)
        }
    }

    private static func missing(_ field: String) -> Problem {
        Problem.invalid([Problem.Fault(field, "missing", "'\(field)' is missing.")])
    }
}

/// What the page of an event needs, read with a fixed number of statements.
struct EventView: Sendable {
    struct Deed: Sendable {
        let at: Instant
        let actor: PersonID?
        let verb: String
    }

    let event: Event
    let campaign: Campaign
    let tree: Tree
    let now: Instant
    let names: EventNames
    let partners: [UnitNo]
    let notices: [Notice]
    let series: [Event]
    let materials: [SetMaterials.Line]
    let reports: [(part: EventPart, report: Report)]
    let questions: Int
    let deeds: [Deed]
    let people: [PersonID: String]
    /// Who may be asked: people of the units around.
    let candidates: [(id: PersonID, name: String)]
    let rights: Set<Right>
    let allowing: Set<MemberID>
    let offices: Set<PersonID>
    let follow: String

    var members: [RosterMember] { names.members[event.id] ?? [] }
    var place: EventPlace? { event.place.flatMap { names.places[$0] } }

    static let mostCandidates = 200

    init(_ id: EventID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try EventScope(actor, at: now, in: db)
        let event = try Self.find(id, scope, in: db)
        self.event = event
        (tree, self.now) = (scope.tree, now)
        let tree = tree
        guard let campaign = try Campaigns.current(in: db).find(event.campaign) else { throw Problem.notFound("campaign") }
        self.campaign = campaign
        names = try EventNames([event], campaign: campaign.no, in: db)
        partners = try Event.partners(of: [event.id], in: db)[event.id] ?? []
        notices = try Notice.of([event.id], in: db)[event.id] ?? []
        series = try event.series.map { series in
            try db.all(Event.self, where: "FROM event e WHERE e.series = \(series) ORDER BY e.start_at, e.id")
        } ?? []
        materials = try db.all(
            "SELECT name, brought, handed FROM event_material WHERE event = \(event.id) ORDER BY position"
        ) { row in SetMaterials.Line(name: try row.next(), brought: try row.next(), handed: try row.next(Int64?.self)) }
        reports = try EventReports.of([event.id], in: db)[event.id] ?? []
        questions = try db.value("SELECT count(*) FROM question WHERE event = \(event.id)")
        deeds = try db.all(
            "SELECT at, actor, verb FROM feed WHERE subject = 'event' AND subject_id = \(event.id.description) ORDER BY at DESC, id DESC LIMIT 30"
        ) { row in Deed(at: try row.next(), actor: try row.next(PersonID?.self), verb: try row.next()) }
        let members = names.members[event.id] ?? []
        people = try ReportRows.names(deeds.compactMap(\.actor) + [event.author, event.classBy].compactMap { $0 }, in: db)
        rights = Set(
            [Right.manageEvents, .fileReports, .approveMaterials, .takeQuestions, .useMaterials, .viewReports].filter {
                scope.holds($0, over: event)
            })
        allowing = Set(
            members.filter { member in
                member.state == .asked && (member.via.map { actor.holds(.manageSpeakers, over: $0, in: tree, on: scope.today) } ?? false)
            }.map(\.id))
        offices = try PublicOffice.holders(among: members.map(\.person), on: event.day, in: db)
        candidates = rights.contains(.manageEvents) && !event.isOver
            ? try Self.candidates(event, tree, on: scope.today, in: db) : []
        follow = event.announcedAt != nil
            ? try EventSecret.find(in: db).map { FollowToken.make(event.id, secret: $0) } ?? "" : ""
    }

    /// Within the scope, or one the reader's unit was asked about.
    private static func find(_ id: EventID?, _ scope: EventScope, in db: any Reading) throws -> Event {
        do {
            return try scope.find(id, in: db)
        } catch let problem as Problem where problem.status == 404 {
            guard let id else { throw problem }
            let via = try db.all(UnitNo.self, "SELECT via FROM event_member WHERE event = \(id) AND state = 'asked'")
            guard via.contains(where: { scope.actor.holds(.manageSpeakers, over: $0, in: scope.tree, on: scope.today) }),
                let event = try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)")
            else { throw problem }
            return event
        }
    }

    private static func candidates(
        _ event: Event, _ tree: Tree, on day: Day, in db: any Reading
    ) throws -> [(id: PersonID, name: String)] {
        let around = tree.districtLevel(on: tree.chain(of: event.unit)) ?? event.unit
        let units = Array(Set(tree.subtree(of: around).prefix(400) + tree.chain(of: event.unit).dropLast())).sorted()
        var found: [PersonID: (name: String, key: [UInt8])] = [:]
        for chunk in Padded.chunks(units) where found.count < mostCandidates {
            try db.rows(
                """
                SELECT DISTINCT p.id, p.name, p.sort_key FROM role_grant g JOIN person p ON p.id = g.person
                WHERE g.unit IN \(chunk) AND g.from_day <= \(day) AND (g.to_day IS NULL OR g.to_day >= \(day))
                """
            ) { row in
                found[try row.next()] = (try row.next(String.self), try row.next(Blob.self).bytes)
                return true
            }
        }
        return found.sorted { $0.value.key.lexicographicallyPrecedes($1.value.key) }.prefix(mostCandidates)
            .map { ($0.key, $0.value.name) }
    }
}
