import JarshyKit
import Storage

/// One round: what it is, how far it is, how visits ended; for those who draw it up also its streets, teams and lists.
enum RoundPages {
    enum Deed: String, CaseIterable, Sendable {
        case doors, teams, lists, pause
    }

    static func routes(_ site: inout Routes) {
        site.get("/canvass/{id}", .signedIn) { visit in try await page(visit) }
        for deed in Deed.allCases {
            site.post("/canvass/{id}/\(deed.rawValue)", .right(.manageCanvass)) { visit in
                try await visit.attempt(
                    { try await perform(deed, visit) }, again: { try await page(visit, refused: (deed, $0)) })
            }
        }
    }

    private static func page(_ visit: Visit, refused: (Deed, Problem)? = nil) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, RoundID(visit.parameter("id")))
        let view = try await visit.read { db in try RoundView(id, actor: actor, now: now, in: db) }
        let page = RoundPage(view, form: visit.form, refused: refused, words: visit.words)
        return .page(
            "canvass_round", page,
            PageHead(page.heading, section: "canvass", campaign: view.campaign.names[visit.language]))
    }

    private static func perform(_ deed: Deed, _ visit: Visit) async throws -> Reply {
        guard let id = RoundID(visit.parameter("id")) else { throw Problem.notFound("round") }
        let (form, words) = (visit.form, visit.words)
        var told: String
        switch deed {
        case .doors:
            let result = try await visit.run(AddAddresses(round: id, addresses: try addresses(form)))
            told = words.count("canvass.doors.added", result.added)
            if result.already > 0 { told += " " + words.count("canvass.doors.already", result.already) }
            if result.barred > 0 { told += " " + words.count("canvass.doors.barred", result.barred) }
        case .teams:
            let members = (1...MakeTeam.size.upperBound).compactMap { at -> MakeTeam.Member? in
                form.code("login_\(at)").map { .init(login: $0, shownName: form.text("shown_\(at)")) }
            }
            _ = try await visit.run(MakeTeam(round: id, members: members))
            told = words("canvass.team.made")
        case .lists:
            let list = try await visit.run(
                LeaseList(
                    round: id, team: CanvassTeamID(form.text("team")), street: form.code("of_street"),
                    most: try form.wholeNumber("most").map { Int(clamping: $0) } ?? 0, from: Day(form.text("from")),
                    until: Day(form.text("until"))))
            return .redirect("/canvass/lists/\(list)", flash: .init(kind: .done, text: words("canvass.list.made")))
        case .pause:
            let paused = form.text("paused") == "1"
            try await visit.run(PauseRound(round: id, isPaused: paused))
            told = words(paused ? "canvass.pause.done" : "canvass.resume.done")
        }
        return .redirect("/canvass/\(id)", flash: .init(kind: .done, text: told))
    }

    /// Houses of a street, or landmarks, a line each.
    private static func addresses(_ form: Fields) throws -> [AddressText] {
        let landmarks = form.text("landmarks").split(whereSeparator: \.isNewline).map { AddressText(landmark: String($0)) }
        if form.text("street").isEmpty, !landmarks.isEmpty { return landmarks.filter { !$0.landmark.isEmpty } }
        if form.text("street").isEmpty {
            throw Problem.invalid([Problem.Fault("street", "missing", "'street' is missing.")])
        }
        return try AddressText.all(
            street: form.text("street"), houses: form.text("houses"), flats: form.text("flats")) + landmarks
    }
}

/// What the page of a round needs, read with a fixed number of statements.
struct RoundView: Sendable {
    let round: CanvassRound
    let campaign: Campaign
    let organization: Organization?
    let progress: DoorProgress
    let counts: RoundCounts
    let streets: [CanvassRows.Street]
    let teams: [CanvassTeam]
    let lists: [CanvassList]
    let walkers: [CanvassRows.Walker]
    let tree: Tree
    let today: Day
    let manages: Bool

    init(_ id: RoundID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try CanvassScope(actor, at: now, in: db)
        let round = try scope.find(id, in: db)
        guard let campaign = try Campaigns.current(in: db).find(round.campaign) else { throw Problem.notFound("campaign") }
        (self.round, self.campaign, tree, today) = (round, campaign, scope.tree, scope.today)
        manages = scope.manages(round)
        organization = try Organization.all(in: db).first { $0.no == round.organization }
        progress = try CanvassRows.progress(of: [round.id], in: db)[round.id] ?? DoorProgress()
        counts = try RoundCounts.of(round.id, today: scope.today, in: db)
        streets = manages ? try CanvassRows.streets(of: round.id, on: scope.today, in: db) : []
        teams = manages ? try CanvassRows.teams(of: round.id, in: db) : []
        lists = manages ? try CanvassRows.lists(of: round.id, in: db) : []
        walkers = manages ? try CanvassRows.walkers(of: round.unit, on: scope.today, in: scope.tree, db) : []
    }
}
