import JarshyKit
import Storage

/// A resident checks who has come: the round, in whose name, the hours, the first names the team agreed to, and whether it is
/// valid today. Nothing else is told, and nothing of who asked is kept.
enum WhoPage {
    static func routes(_ site: inout Routes) {
        site.get("/who", .open) { visit in
            let typed = Secret.typed(visit.query.text("code"))
            guard !typed.isEmpty else { return form(visit, status: 200) }
            return .redirect("/who/\(percentEncoded(typed))")
        }
        site.get("/who/{code}", .open) { visit in
            let (code, today) = (Secret.typed(visit.parameter("code")), visit.today)
            guard let known = try await visit.read({ db in try WhoHasCome(code: code, today: today, in: db) }) else {
                return form(visit, status: 404)
            }
            let page = WhoAnswer(known, words: visit.words)
            return .page("who", page, PageHead(page.heading)).header("cache-control", "no-store")
        }
    }

    private static func form(_ visit: Visit, status: Int) -> Reply {
        let page = WhoForm(typed: visit.parameter("code"), isUnknown: status == 404, words: visit.words)
        return .page("who_form", page, PageHead(page.heading), status: status)
    }
}

/// What a code leads to.
struct WhoHasCome: Sendable {
    let round: CanvassRound
    let organization: Trio
    let firstNames: [String]
    let people: Int
    let from: Day
    let until: Day
    let isValid: Bool

    /// Nil for a code we have not given out.
    init?(code: String, today: Day, in db: any Reading) throws {
        guard code.utf8.count == CheckCode.length, let list = try CanvassRows.list(code: code, in: db),
            let round = try CanvassRows.round(list.round, in: db), let team = try CanvassRows.team(list.team, in: db),
            let campaign = try Campaigns.current(in: db).find(round.campaign),
            let organization = try Organization.all(in: db).first(where: { $0.no == round.organization })
        else { return nil }
        self.round = round
        self.organization = organization.names
        firstNames = team.members.map(\.shownName).filter { !$0.isEmpty }
        people = team.members.count
        (from, until) = (list.from, list.until)
        isValid = list.isLeased(on: today) && list.from <= today && !round.isPaused && !round.isQuiet(on: today, campaign)
    }
}

struct WhoAnswer: PageModel {
    let heading: String
    let isValid: Bool
    let verdict: String
    let facts: [CanvassFact]
    let anotherURL: String

    init(_ known: WhoHasCome, words: Words) {
        let text = CanvassText(words: words)
        heading = words("who.title")
        isValid = known.isValid
        verdict = words(known.isValid ? "who.valid" : "who.not_valid")
        facts = [
            CanvassFact(fact: words("who.round"), factText: known.round.names[words.language]),
            CanvassFact(fact: words("canvass.organization"), factText: known.organization[words.language]),
            CanvassFact(
                fact: words("who.team"),
                factText: known.firstNames.isEmpty
                    ? words.count("who.people", known.people)
                    : known.firstNames.joined(separator: ", ")
                        + (known.firstNames.count < known.people
                            ? " + " + words.count("who.people", known.people - known.firstNames.count) : "")),
            CanvassFact(fact: words("canvass.days"), factText: text.days(known.from, known.until)),
            CanvassFact(fact: words("canvass.hours"), factText: text.hours(known.round.hours)),
        ]
        anotherURL = "/who"
    }
}

struct WhoForm: PageModel {
    let heading: String
    let isUnknown: Bool
    let code: TextField

    init(typed: String, isUnknown: Bool, words: Words) {
        heading = words("who.title")
        self.isUnknown = isUnknown
        code = TextField("code", words("who.code"), value: typed, hint: words("who.code.hint"), required: true)
    }
}
