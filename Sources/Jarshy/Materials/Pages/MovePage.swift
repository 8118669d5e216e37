import JarshyKit

/// Moves as a list. Fields as in `moves.mustache`.
struct MoveListPage: PageModel {
    let heading: String
    let tabs: [MaterialTab]
    let shows: [MaterialShow]
    let rows: [MoveRow]
    let isEmpty: Bool
    let empty: EmptyState
    let pagination: Pagination
    let csvURL: String

    init(_ list: MoveListing, query: Fields, words: Words) {
        let (text, plain) = (MaterialText(words: words), query.setting("after", nil))
        heading = words("materials.tab.moves")
        tabs = MaterialTab.all(.moves, words: words)
        shows = MaterialRows.MoveShow.allCases.map { show in
            MaterialShow(
                showURL: ReportListPage.address("/moves", plain.setting("show", show.rawValue)),
                showName: words("moves.show.\(show.rawValue)"), chosen: show == list.show)
        }
        rows = list.moves.map { MoveRow($0, list.materials[$0.material], list.tree, text) }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("moves.none.\(list.show.rawValue)"), next: words("moves.none.next"), step: ("/stock", words("materials.tab.stock")))
        pagination = Pagination(
            summary: words("moves.count", ["n": text.number(Int64(rows.count))]),
            previous: query.has("after") ? ReportListPage.address("/moves", plain) : nil,
            next: list.hasMore
                ? ReportListPage.address("/moves", plain.setting("after", list.moves.last?.id.description)) : nil)
        csvURL = ReportListPage.address("/moves.csv", plain)
    }
}

struct MoveRow: PageModel {
    let moveURL: String
    let moveName: String
    let moveWay: String
    let moveQuantity: String
    let moveSent: String
    let mark: StateMark

    init(_ move: StockMove, _ material: Material?, _ tree: Tree, _ text: MaterialText) {
        moveURL = "/moves/\(move.id)"
        moveName = material?.names[text.language] ?? ""
        moveWay = "\(text.unit(move.sender, in: tree)) → \(text.unit(move.receiver, in: tree))"
        moveQuantity = text.number(move.quantity)
        moveSent = text.moment(move.sentAt)
        mark = text.mark(move)
    }
}

/// One move. Fields as in `move.mustache`.
struct MovePage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let mark: StateMark
    let facts: [MaterialFact]
    let materialURL: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let accepts: Bool
    let waits: Bool
    let action: String
    let op: String
    let numbers: [NumberField]
    let reason: TextField

    init(_ view: MoveView, form: Fields, problem: Problem?, now: Instant, words: Words) {
        let (move, text, tree) = (view.move, MaterialText(words: words), view.tree)
        let wrong = FieldErrors(problem, words: words)
        trail = [TrailLink("/moves", words("materials.tab.moves"))]
        heading = view.material.names[words.language]
        here = heading
        mark = text.mark(move)
        func person(_ id: PersonID) -> String { view.names[id] ?? words("report.operator") }
        var facts = [
            MaterialFact(fact: words("move.from"), factText: text.unit(move.sender, in: tree)),
            MaterialFact(fact: words("move.to"), factText: text.unit(move.receiver, in: tree)),
            MaterialFact(fact: words("move.quantity"), factText: text.number(move.quantity)),
            MaterialFact(fact: words("move.sent"), factText: "\(person(move.sentBy)) · \(text.moment(move.sentAt))"),
        ]
        if let told = move.acknowledged {
            facts += [
                MaterialFact(fact: words("move.arrived"), factText: text.number(told.arrived)),
                MaterialFact(fact: words("move.returned"), factText: text.number(told.returned)),
                MaterialFact(
                    fact: words("move.lost"), factText: text.number(move.quantity - told.arrived - told.returned)),
                MaterialFact(fact: words("move.accepted"), factText: "\(person(told.by)) · \(text.moment(told.at))"),
            ]
            if !told.reason.isEmpty { facts.append(MaterialFact(fact: words("stock.reason"), factText: told.reason)) }
        }
        self.facts = facts
        materialURL = "/materials/\(view.material.id)"
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        accepts = view.accepts
        waits = move.isOpen && !view.accepts
        action = "/moves/\(move.id)"
        op = OperationID.make(at: now).description
        numbers = [
            NumberField(
                "arrived", words("move.arrived"), value: form["arrived"] ?? "\(move.quantity)", error: wrong["arrived"],
                required: true, max: move.quantity),
            NumberField(
                "returned", words("move.returned"), value: form["returned"] ?? "0", error: wrong["returned"], max: move.quantity),
        ]
        reason = TextField(
            "reason", words("stock.reason"), value: form["reason"] ?? "", hint: words("move.reason.hint"), error: wrong["reason"])
    }
}
