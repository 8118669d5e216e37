import JarshyKit
import Storage

/// A list of doors: on the screen, and on paper with the two codes (who has come; enter what came back).
enum ListPages {
    static func routes(_ site: inout Routes, intake: Intake) {
        site.get("/canvass/lists/{id}", .right(.manageCanvass)) { visit in
            let view = try await view(visit)
            return page(visit, view, problem: nil)
        }
        site.get("/canvass/lists/{id}/print", .right(.manageCanvass)) { visit in
            let view = try await view(visit)
            let page = PaperList(view, origin: visit.origin, words: visit.words)
            return .page("canvass_paper", page, PageHead(page.heading, section: "canvass"))
        }
        site.post("/canvass/lists/{id}/end", .right(.manageCanvass)) { visit in
            guard let id = CanvassListID(visit.parameter("id")) else { throw Problem.notFound("list") }
            return try await visit.attempt(
                {
                    try await visit.run(EndList(list: id))
                    return .redirect("/canvass/lists/\(id)", flash: .init(kind: .done, text: visit.words("canvass.list.end.done")))
                }, again: { problem in self.page(visit, try await self.view(visit), problem: problem) })
        }
        PaperEntry.routes(&site, intake: intake)
    }

    static func view(_ visit: Visit) async throws -> ListView {
        let (actor, now, id) = (try visit.require(), visit.now, CanvassListID(visit.parameter("id")))
        return try await visit.read { db in try ListView(id, actor: actor, now: now, in: db) }
    }

    private static func page(_ visit: Visit, _ view: ListView, problem: Problem?) -> Reply {
        let page = ListPage(view, problem: problem, words: visit.words)
        return .page(
            "canvass_list", page,
            PageHead(page.heading, section: "canvass", campaign: view.campaign.names[visit.language]))
    }
}

/// What the pages of a list need, read with a fixed number of statements.
struct ListView: Sendable {
    let list: CanvassList
    let round: CanvassRound
    let campaign: Campaign
    let organization: Organization?
    let team: CanvassTeam?
    let doors: [CanvassDoor]
    let today: Day

    init(_ id: CanvassListID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try CanvassScope(actor, at: now, in: db)
        let (list, round) = try scope.managed(list: id, in: db)
        guard let campaign = try Campaigns.current(in: db).find(round.campaign) else { throw Problem.notFound("campaign") }
        (self.list, self.round, self.campaign, today) = (list, round, campaign, scope.today)
        organization = try Organization.all(in: db).first { $0.no == round.organization }
        team = try CanvassRows.team(list.team, in: db)
        doors = try CanvassRows.doors(of: [list], in: db)[list.id] ?? []
    }

    /// On a quiet day nothing campaigning is printed or handed out either.
    var isQuiet: Bool { round.isQuiet(on: today, campaign) }
}

struct ListPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let marks: [StateMark]
    let isQuiet: Bool
    let facts: [CanvassFact]
    let progress: [CanvassFact]
    let printURL: String
    let enterURL: String
    let checkURL: String
    let checkCode: String
    let canEnd: Bool
    let endAction: String
    let doors: [ListDoor]

    init(_ view: ListView, problem: Problem?, words: Words) {
        let (list, round, text) = (view.list, view.round, CanvassText(words: words))
        let path = "/canvass/lists/\(list.id)"
        trail = [TrailLink("/canvass", words("canvass.title")), TrailLink("/canvass/\(round.id)", round.names[words.language])]
        heading = words("canvass.list.number", ["n": text.number(list.number)])
        here = heading
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        marks = [text.mark(list, today: view.today)]
        isQuiet = view.isQuiet
        facts = [
            CanvassFact(
                fact: words("canvass.team"),
                factText: view.team?.members.map(\.name).joined(separator: ", ") ?? ""),
            CanvassFact(fact: words("canvass.days"), factText: text.days(list.from, list.until)),
            CanvassFact(fact: words("canvass.hours"), factText: text.hours(round.hours)),
        ]
        var progress = DoorProgress()
        for door in view.doors { progress.states[door.state, default: 0] += 1 }
        self.progress = text.progress(progress)
        printURL = path + "/print"
        enterURL = path + "/enter"
        checkURL = "/who/\(list.code)"
        checkCode = CheckCode.shown(list.code)
        canEnd = list.isLeased(on: view.today)
        endAction = path + "/end"
        doors = view.doors.map { ListDoor(door: $0, text: text) }
    }
}

struct ListDoor: HotRow {
    let door: CanvassDoor
    let text: CanvassText

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "row": text.number(door.row)
        // A door that is not to be visited shows nothing but its row.
        case "address": door.state == .doNotVisit ? "—" : text.address(door.address)
        case "mark": text.mark(door.state)
        default: nil
        }
    }
}
