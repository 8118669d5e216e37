import JarshyKit
import Storage

/// The rounds one may see, the latest first, each with how far it is.
enum RoundListPage {
    static func routes(_ site: inout Routes) {
        site.get("/canvass", .signedIn) { visit in
            let (actor, now, code) = (try visit.require(), visit.now, visit.query.text("campaign"))
            let list = try await visit.read { db in try RoundListing(campaign: code, actor: actor, now: now, in: db) }
            let page = RoundsPage(list, words: visit.words)
            return .page(
                "canvass_rounds", page,
                PageHead(page.heading, section: "canvass", campaign: list.campaign.names[visit.language]))
        }
    }
}

/// What the list of rounds needs, read with a fixed number of statements.
struct RoundListing: Sendable {
    let campaign: Campaign
    let rounds: [CanvassRound]
    let progress: [RoundID: DoorProgress]
    let tree: Tree
    let today: Day
    let mayManage: Bool

    init(campaign code: String, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try CanvassScope(actor, at: now, in: db)
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(code, on: scope.today)
        rounds = try CanvassRows.rounds(of: campaign.no, below: scope.homes, in: scope.tree, db).filter(scope.sees)
        progress = try CanvassRows.progress(of: rounds.map(\.id), in: db)
        mayManage = actor.holdsAnywhere(.manageCanvass, on: today)
    }
}

struct RoundsPage: PageModel {
    let heading: String
    let canManage: Bool
    let newURL: String
    let barURL: String
    let rounds: [RoundRow]
    let isEmpty: Bool
    let empty: EmptyState

    init(_ list: RoundListing, words: Words) {
        let text = CanvassText(words: words)
        heading = words("canvass.title")
        canManage = list.mayManage
        newURL = "/canvass/new"
        barURL = "/canvass/do-not-contact"
        rounds = list.rounds.map { round in
            let progress = list.progress[round.id] ?? DoorProgress()
            let share = words(
                "canvass.done_of", ["done": text.number(progress[.done]), "all": text.number(progress.open)])
            let state =
                round.isPaused ? StateMark("voided", words("canvass.paused"))
                : list.today < round.first ? StateMark("draft", words("canvass.soon"))
                : list.today > round.last ? StateMark("closed", words("canvass.over"))
                : StateMark("open", words("canvass.going"))
            return RoundRow(
                roundURL: "/canvass/\(round.id)", roundName: round.names[words.language],
                roundUnit: list.tree[round.unit]?.titles[words.language] ?? "",
                roundDays: text.days(round.first, round.last), mark: state, share: share,
                bar: CanvassBar(progress[.done], of: progress.open, words: share))
        }
        isEmpty = rounds.isEmpty
        empty = EmptyState(
            words("canvass.none"), next: words("canvass.none.next"),
            step: list.mayManage ? ("/canvass/new", words("canvass.new")) : nil)
    }
}

struct RoundRow: PageModel {
    let roundURL: String
    let roundName: String
    let roundUnit: String
    let roundDays: String
    let mark: StateMark
    let share: String
    let bar: CanvassBar
}
