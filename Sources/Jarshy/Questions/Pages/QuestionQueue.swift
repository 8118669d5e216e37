import JarshyKit
import Storage

/// The queue: questions that wait, the longest waiting first, one line for all who ask the same.
enum QuestionQueue {
    static func routes(_ site: inout Routes) {
        site.get("/questions", .signedIn) { visit in
            let list = try await visit.read(listing(visit, whole: false))
            let page = QuestionQueuePage(list, visit: visit)
            return .page(
                "questions", page,
                PageHead(page.heading, section: "questions", campaign: list.campaign.names[visit.language]))
        }
        site.get("/questions.csv", .signedIn) { visit in
            let list = try await visit.read(listing(visit, whole: true))
            return .file(
                QuestionCSV.bytes(list, words: visit.words), "text/csv; charset=utf-8",
                name: "questions-\(visit.today).csv")
        }
    }

    private static func listing(_ visit: Visit, whole: Bool) throws -> @Sendable (any Reading) throws -> QuestionListing {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        return { db in try QuestionListing(query, actor: actor, now: now, whole: whole, in: db) }
    }
}

/// What a list of questions needs, read with a fixed number of statements.
struct QuestionListing: Sendable {
    let campaign: Campaign
    let desk: Desk
    let filter: QuestionRows.Filter
    let page: QuestionRows.Page
    let count: Int
    let names: [PersonID: String]
    /// Whose asker wrote again.
    let wrote: Set<QuestionID>
    let tree: Tree
    /// What may be chosen: the reader's own units first, then what lies next to the chosen one.
    let places: [UnitNo]
    let today: Day
    let mayTake: Bool
    let mayKeepDesk: Bool

    init(_ query: Fields, actor: Actor, now: Instant, whole: Bool, in db: any Reading) throws {
        let scope = try QuestionScope(actor, at: now, in: db)
        (tree, today) = (scope.tree, scope.today)
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        desk = try Desk.of(campaign.no, in: db)
        filter = QuestionRows.Filter(query, tree: tree)
        let rows = QuestionRows(filter: filter, scope: scope, campaign: campaign.no, db: db)
        if whole {
            page = QuestionRows.Page(questions: try rows.all())
            count = page.questions.count
        } else {
            page = try rows.page(
                after: QuestionRows.Cursor(query.text("after")), before: QuestionRows.Cursor(query.text("before")))
            count = try rows.count()
        }
        wrote = whole ? [] : try QuestionRows.unheard(among: page.questions.map(\.id), in: db)
        places = scope.places(around: filter.unit)
        names = try ReportRows.names(page.questions.compactMap(\.expert), in: db)
        mayTake = actor.holdsAnywhere(.takeQuestions, on: today)
        mayKeepDesk = actor.holdsAnywhere(.routeQuestions, on: today)
    }
}

struct QuestionQueuePage: PageModel {
    let heading: String
    let lead: String
    let canTake: Bool
    let takeURL: String
    let canKeepDesk: Bool
    let deskURL: String
    let shows: [QuestionShow]
    let filters: Filters
    let rows: [QuestionRow]
    let pagination: Pagination
    let csvURL: String
    let isEmpty: Bool
    let empty: EmptyState
}

struct QuestionShow: PageModel {
    let showURL: String
    let showName: String
    let chosen: Bool
}

struct QuestionRow: HotRow {
    let question: Question
    let expert: String
    let topic: String
    let unit: String
    let hasWritten: Bool
    let text: QuestionText
    let today: Day

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "questionURL": "/questions/\(question.id)"
        case "body": QuestionText.short(question.body)
        case "lang": question.language.rawValue
        case "sub": [topic, unit, text.way(question.way)].filter { !$0.isEmpty }.joined(separator: " · ")
        case "isMany": question.asked > 1
        case "many": text.asked(question.asked)
        case "marks":
            (question.isHead ? text.marks(question, today: today) : [StateMark("equal", text.words("question.joined"))])
                + (hasWritten ? [StateMark("changed", text.words("question.wrote"))] : [])
        case "term": question.isHead ? text.term(question) : ""
        case "expert": expert
        case "asked": text.day(Zone.kazakhstan.day(at: question.askedAt))
        default: nil
        }
    }
}

extension QuestionQueuePage {
    init(_ list: QuestionListing, visit: Visit) {
        let (words, query) = (visit.words, visit.query)
        let text = QuestionText(words: words)
        heading = words("questions.title")
        lead = words.count("questions.count", list.count)
        canTake = list.mayTake
        takeURL = "/questions/new"
        canKeepDesk = list.mayKeepDesk
        deskURL = "/questions/desk"
        let plain = query.setting("after", nil).setting("before", nil)
        shows = QuestionRows.Filter.Show.allCases.map { show in
            QuestionShow(
                showURL: ReportListPage.address("/questions", plain.setting("show", show.rawValue)),
                showName: words("questions.show.\(show.rawValue)"), chosen: show == list.filter.show)
        }
        filters = Self.filters(list, text, query)
        rows = list.page.questions.map { question in
            QuestionRow(
                question: question, expert: question.expert.flatMap { list.names[$0] } ?? "",
                topic: list.desk.topic(question.topic)?.names[words.language] ?? "",
                unit: list.tree[question.unit]?.titles[words.language] ?? "",
                hasWritten: list.wrote.contains(question.id), text: text, today: list.today)
        }
        func link(_ name: String, _ question: Question?, _ isThere: Bool) -> String? {
            guard isThere, let question else { return nil }
            return ReportListPage.address("/questions", plain.setting(name, QuestionRows.Cursor(question).text))
        }
        pagination = Pagination(
            summary: lead, previous: link("before", list.page.questions.first, list.page.hasEarlier),
            next: link("after", list.page.questions.last, list.page.hasLater))
        csvURL = ReportListPage.address("/questions.csv", plain)
        isEmpty = rows.isEmpty
        empty = EmptyState(
            words("questions.empty"), next: words("questions.empty.next"),
            step: list.mayTake ? (takeURL, words("question.take")) : nil)
    }

    private static func filters(_ list: QuestionListing, _ text: QuestionText, _ query: Fields) -> Filters {
        let words = text.words
        func select(_ name: String, _ key: String, _ options: [(value: String, label: String)]) -> SelectField {
            SelectField(
                name, words(key), options: [("", words("form.all"))] + options, chosen: query.text(name),
                id: "filter-\(name)")
        }
        let selects = [
            select("topic", "question.topic", list.desk.topics.map { ($0.code, $0.names[words.language]) }),
            select("language", "question.language", Language.allCases.map { ($0.rawValue, $0.ownName) }),
            select("way", "question.way", Question.Way.allCases.map { ($0.rawValue, text.way($0)) }),
            select("state", "list.state", Question.State.allCases.map { ($0.rawValue, text.state($0)) }),
            SelectField(
                "unit", words("question.unit"),
                options: [("", words("form.all"))]
                    + list.places.map { (list.tree.code(of: $0), list.tree[$0]?.titles[words.language] ?? "") },
                chosen: list.filter.unit.map { list.tree.code(of: $0) } ?? "", id: "filter-unit"),
        ]
        let chosen = selects.flatMap { field in
            field.options.filter { $0.selected && !$0.optionValue.isEmpty }.map(\.optionLabel)
        }
        let hidden = ["show", "campaign"].compactMap { name in query.code(name).map { (name, $0) } }
        return Filters(
            action: "/questions", summary: chosen.isEmpty ? words("form.all") : chosen.joined(separator: " · "),
            hidden: hidden, selects: selects,
            reset: chosen.isEmpty ? nil : ReportListPage.address("/questions", Fields(hidden)))
    }
}

/// The list as a file. No contact, no number, nobody's name.
enum QuestionCSV {
    static func bytes(_ list: QuestionListing, words: Words) -> [UInt8] {
        var csv = CSVWriter(byteOrderMark: true)
        csv.append([
            "id", "asked_at", "unit", "unit_name", "topic", "language", "way", "state", "due", "late", "asked", "prepared",
            "question",
        ])
        for question in list.page.questions {
            csv.append([
                question.id.description, "\(question.askedAt.milliseconds)", list.tree.code(of: question.unit),
                list.tree[question.unit]?.titles[words.language] ?? "", question.topic ?? "", question.language.rawValue,
                question.way.rawValue, question.state.rawValue, question.due?.description ?? "",
                QuestionText(words: words).isLate(question, today: list.today) ? "1" : "0", "\(question.asked)",
                question.prepared ? "1" : "0", question.body,
            ])
        }
        return csv.bytes
    }
}
