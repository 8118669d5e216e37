import JarshyKit

/// The page of a round. Fields as in `canvass_round.mustache`.
struct RoundPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let hasErrors: Bool
    let errors: ErrorSummary
    /// The form that was refused stays open.
    let doorsOpen: Bool
    let teamsOpen: Bool
    let listsOpen: Bool
    let isQuiet: Bool
    let isPaused: Bool
    let facts: [CanvassFact]
    let share: String
    let bar: CanvassBar
    let progress: [CanvassFact]
    let hasCounts: Bool
    let countsText: String
    let families: [OutcomeFamily]
    let days: [CountedDays]
    let manages: Bool
    let editURL: String
    let pauseAction: String
    let pauseValue: String
    let pauseLabel: String
    let hasStreets: Bool
    let streets: [StreetRow]
    let doorAction: String
    let doorFields: DoorFields
    let hasTeams: Bool
    let teams: [TeamRow]
    let teamAction: String
    let teamSlots: [TeamSlot]
    let hasLists: Bool
    let lists: [ListRow]
    let canLease: Bool
    let listAction: String
    let listSelects: [SelectField]
    let listMost: NumberField
    let listDays: [DateField]
}

struct OutcomeFamily: PageModel {
    let familyName: String
    let familySum: String
    let outcomes: [OutcomeRow]
}

struct OutcomeRow: PageModel {
    let outcomeName: String
    let outcomeCount: String
    let bar: CanvassBar
}

struct CountedDays: PageModel {
    let countedDays: String
    let countedVisits: String
    let countedBack: String
    let countedDone: String
    let countedLeaflets: String
    let countedQuestions: String
}

struct StreetRow: PageModel {
    let streetName: String
    let streetDoors: String
    let streetFree: String
}

struct DoorFields: PageModel {
    let texts: [TextField]
    let landmarks: AreaField
}

struct TeamRow: PageModel {
    let teamName: String
    let teamPeople: String
}

struct TeamSlot: PageModel {
    let person: SelectField
    let shown: TextField
}

struct ListRow: PageModel {
    let listURL: String
    let listName: String
    let listTeam: String
    let mark: StateMark
}

extension RoundPage {
    /// Pairs are usual; more may be put together, two at a time on the form.
    private static let slots = 4

    init(_ view: RoundView, form: Fields, refused: (deed: RoundPages.Deed, problem: Problem)?, words: Words) {
        let (round, text, today) = (view.round, CanvassText(words: words), view.today)
        let path = "/canvass/\(round.id)"
        trail = [TrailLink("/canvass", words("canvass.title"))]
        here = round.names[words.language]
        heading = here
        hasErrors = refused != nil
        errors = refused.map { ErrorSummary($0.problem, words: words, ids: ["landmark": "landmarks"]) } ?? .none
        (doorsOpen, teamsOpen, listsOpen) = (refused?.deed == .doors, refused?.deed == .teams, refused?.deed == .lists)
        isQuiet = round.isQuiet(on: today, view.campaign)
        isPaused = round.isPaused
        facts = [
            CanvassFact(fact: words("canvass.unit"), factText: view.tree[round.unit]?.titles[words.language] ?? ""),
            CanvassFact(fact: words("canvass.organization"), factText: view.organization?.names[words.language] ?? ""),
            CanvassFact(fact: words("canvass.days"), factText: text.days(round.first, round.last)),
            CanvassFact(fact: words("canvass.hours"), factText: text.hours(round.hours)),
            CanvassFact(fact: words("canvass.class"), factText: text.roundClass(round.isInformation)),
        ]
        share = words(
            "canvass.done_of", ["done": text.number(view.progress[.done]), "all": text.number(view.progress.open)])
        bar = CanvassBar(view.progress[.done], of: view.progress.open, words: share)
        progress = text.progress(view.progress)
        let total = view.counts.total
        hasCounts = total != nil
        countsText = total.map { words.count("canvass.visits", Int($0.visits)) } ?? words("canvass.counts.none")
        families = total.map { Self.families($0, text) } ?? []
        days = view.counts.shown.reversed().map { days in
            CountedDays(
                countedDays: text.days(days.first, days.last), countedVisits: text.number(days.visits),
                countedBack: text.number(days.sum(DoorOutcome.comingBack)), countedDone: text.number(days.sum(DoorOutcome.done)),
                countedLeaflets: text.number(days.leaflets), countedQuestions: text.number(days.questions))
        }
        manages = view.manages
        editURL = path + "/edit"
        pauseAction = path + "/pause"
        pauseValue = round.isPaused ? "0" : "1"
        pauseLabel = words(round.isPaused ? "canvass.resume" : "canvass.pause")
        hasStreets = !view.streets.isEmpty
        streets = view.streets.map { street in
            StreetRow(
                streetName: street.name.isEmpty ? words("canvass.landmarks") : street.name,
                streetDoors: text.number(street.doors), streetFree: text.number(street.free))
        }
        doorAction = path + "/doors"
        doorFields = Self.doors(refused?.deed == .doors ? form : Fields(), refused?.problem, words)
        hasTeams = !view.teams.isEmpty
        teams = view.teams.map { team in
            TeamRow(
                teamName: words("canvass.team.number", ["n": text.number(team.number)]),
                teamPeople: team.members.map { $0.shownName.isEmpty ? $0.name : "\($0.name) («\($0.shownName)»)" }
                    .joined(separator: ", "))
        }
        teamAction = path + "/teams"
        teamSlots = Self.slots(view, refused?.deed == .teams ? form : Fields(), refused?.problem, words)
        let names = Dictionary(view.teams.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        hasLists = !view.lists.isEmpty
        lists = view.lists.map { list in
            ListRow(
                listURL: "/canvass/lists/\(list.id)",
                listName: words("canvass.list.number", ["n": text.number(list.number)]),
                listTeam: names[list.team].map { words("canvass.team.number", ["n": text.number($0.number)]) } ?? "",
                mark: text.mark(list, today: today))
        }
        canLease = today <= round.last && !view.teams.isEmpty && view.streets.contains { $0.free > 0 }
        listAction = path + "/lists"
        (listSelects, listMost, listDays) = Self.lease(view, refused?.deed == .lists ? form : nil, refused?.problem, words)
    }

    private static func families(_ total: RoundCounts.Days, _ text: CanvassText) -> [OutcomeFamily] {
        let most = total.outcomes.values.max() ?? 0
        return [("canvass.state.come_back", DoorOutcome.comingBack), ("canvass.state.done", DoorOutcome.done)].map { key, family in
            OutcomeFamily(
                familyName: text.words(key), familySum: text.number(total.sum(family)),
                outcomes: family.map { outcome in
                    let count = total.outcomes[outcome] ?? 0
                    let name = text.outcome(outcome)
                    return OutcomeRow(
                        outcomeName: name, outcomeCount: text.number(count),
                        bar: CanvassBar(count, of: most, words: "\(name): \(text.number(count))"))
                })
        }
    }

    private static func doors(_ form: Fields, _ problem: Problem?, _ words: Words) -> DoorFields {
        let wrong = FieldErrors(problem, words: words)
        return DoorFields(
            texts: ["street", "houses", "flats"].map { name in
                TextField(
                    name, words("canvass.\(name)"), value: form[name] ?? "", hint: words("canvass.\(name).hint"),
                    error: wrong[name])
            },
            landmarks: AreaField(
                "landmarks", words("canvass.landmarks"), value: form["landmarks"] ?? "", hint: words("canvass.landmarks.hint"),
                error: wrong["landmark"], rows: 3, maxLength: 20_000))
    }

    private static func slots(_ view: RoundView, _ form: Fields, _ problem: Problem?, _ words: Words) -> [TeamSlot] {
        let wrong = FieldErrors(problem, words: words)
        let people = [("", words("form.none"))] + view.walkers.map { ($0.login, $0.name) }
        return (1...slots).map { at in
            TeamSlot(
                person: SelectField(
                    "login_\(at)", words("canvass.team.person", ["n": "\(at)"]), options: people,
                    chosen: form.text("login_\(at)"), error: wrong["login_\(at)"], required: at <= 2),
                shown: TextField(
                    "shown_\(at)", words("canvass.team.shown", ["n": "\(at)"]), value: form["shown_\(at)"] ?? "",
                    error: wrong["shown_\(at)"]))
        }
    }

    private static func lease(
        _ view: RoundView, _ form: Fields?, _ problem: Problem?, _ words: Words
    ) -> ([SelectField], NumberField, [DateField]) {
        let wrong = FieldErrors(form == nil ? nil : problem, words: words)
        let text = CanvassText(words: words)
        let (round, today) = (view.round, view.today)
        let from = min(max(today, round.first), round.last)
        let streets = view.streets.filter { $0.free > 0 && !$0.name.isEmpty }.map { street in
            (street.name, words("canvass.street.free", ["street": street.name, "n": text.number(street.free)]))
        }
        return (
            [
                SelectField(
                    "team", words("canvass.team"),
                    options: view.teams.map { team in
                        (team.id.description, words("canvass.team.number", ["n": text.number(team.number)]))
                    }, chosen: form?.text("team") ?? "", error: wrong["team"], required: true),
                SelectField(
                    "of_street", words("canvass.of_street"), options: [("", words("canvass.of_street.all"))] + streets,
                    chosen: form?.text("of_street") ?? ""),
            ],
            NumberField(
                "most", words("canvass.most"), value: form?.text("most") ?? "40", error: wrong["most"], required: true,
                min: 1, max: Int64(CanvassList.mostDoors)),
            [("from", from), ("until", min(from.advanced(by: 2), round.last))].map { name, day in
                DateField(
                    name, words("canvass.\(name)"), value: form?.text(name) ?? day.description, error: wrong[name],
                    required: true, min: round.first, max: round.last)
            }
        )
    }
}
