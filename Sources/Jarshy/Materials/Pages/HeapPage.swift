import JarshyKit

/// The page of a heap. Fields as in `stock_heap.mustache`.
struct HeapPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let materialName: String
    let materialURL: String
    let materialAbout: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let isQuiet: Bool
    let needsCount: Bool
    let beyondText: String
    let bar: StockBar
    let places: [MaterialFact]
    let balance: String
    let deeds: [DeedForm]
    let entries: [EntryRow]
    let isEmpty: Bool
    let pagination: Pagination
    let csvURL: String
}

struct EntryRow: PageModel {
    let entryDay: String
    let entryKind: String
    let entryWhat: String
    let entryReason: String
    let entryHand: String
    let entryWho: String
}

extension HeapPage {
    init(
        _ view: HeapView, form: Fields, refused: (deed: HeapPages.Deed, problem: Problem)?, now: Instant, words: Words
    ) {
        let (text, tree, stock) = (MaterialText(words: words), view.tree, view.stock)
        let code = tree.code(of: view.unit.no)
        let path = "/stock/\(percentEncoded(code))/\(view.material.id)"
        trail = [
            TrailLink("/stock", words("materials.tab.stock")),
            TrailLink(ReportListPage.address("/stock", Fields([("unit", code)])), text.unit(view.unit.no, in: tree)),
        ]
        heading = view.material.names[words.language]
        here = heading
        materialName = text.unit(view.unit.no, in: tree)
        materialURL = "/materials/\(view.material.id)"
        materialAbout = text.about(view.material)
        hasErrors = refused != nil
        let fields = ["quantity", "counted", "from", "to", "day", "reason", "note"]
        errors = refused.map { refused in
            ErrorSummary(
                refused.problem, words: words,
                ids: Dictionary(uniqueKeysWithValues: fields.map { ($0, "\(refused.deed.rawValue)-\($0)") }))
        } ?? .none
        isQuiet = view.material.isCampaigning && view.campaign.isQuiet(on: view.today)
        needsCount = stock.needsCount
        beyondText = words("stock.beyond", ["n": text.number(stock.beyond)])
        bar = StockBar(stock, scale: stock.shown, text: text)
        places = text.places(stock)
        balance = words(
            "stock.balance",
            [
                "received": text.number(stock.received), "in": text.number(stock.movedIn), "found": text.number(stock.found),
                "out": text.number(stock.movedOut),
            ])
        deeds = view.uses
            ? Self.deeds(view).map { deed in
                Self.deed(
                    deed, view, path, form: refused?.deed == deed ? form : nil,
                    problem: refused?.deed == deed ? refused?.problem : nil, now, text)
            } : []
        entries = view.entries.map { Self.row($0, view, text) }
        isEmpty = view.entries.isEmpty
        pagination = Pagination(
            summary: words("stock.entries.count", ["n": text.number(view.entries.first?.n ?? 0)]),
            previous: view.isFirst ? nil : path,
            next: view.hasOlder ? path + "?before=\(view.entries.last?.n ?? 0)" : nil)
        csvURL = path + "/entries.csv"
    }

    /// What may be done with it now. Of what is withdrawn the rest is told of, counted and written off.
    private static func deeds(_ view: HeapView) -> [HeapPages.Deed] {
        guard view.material.state == .approved else { return view.material.state == .draft ? [] : [.handOut, .count, .writeOff] }
        return HeapPages.Deed.allCases.filter { $0 != .send || !view.receivers.isEmpty }
    }

    private static func deed(
        _ deed: HeapPages.Deed, _ view: HeapView, _ path: String, form: Fields?, problem: Problem?, _ now: Instant,
        _ text: MaterialText
    ) -> DeedForm {
        let (words, wrong) = (text.words, FieldErrors(problem, words: text.words))
        func id(_ name: String) -> String { "\(deed.rawValue)-\(name)" }
        func number(_ name: String, _ label: String, from lowest: Int64 = 1, to highest: Int64) -> NumberField {
            NumberField(
                name, words(label), value: form?.text(name) ?? "", error: wrong[name], required: true, min: lowest,
                max: highest, id: id(name))
        }
        func line(_ name: String, _ label: String, hint: String = "", required: Bool = false) -> TextField {
            TextField(
                name, words(label), value: form?.text(name) ?? "", hint: hint.isEmpty ? "" : words(hint), error: wrong[name],
                required: required, id: id(name))
        }
        let hint = deed == .handOut ? words("stock.deed.hand_out.hint") : ""
        var made = DeedForm(
            "\(path)/\(deed.rawValue)", name: words("stock.deed.\(deed.word)"), button: words("stock.button.\(deed.word)"),
            hint: hint, open: problem != nil, at: now)
        let most = Stock.largestQuantity
        switch deed {
        case .handOut:
            made.numbers = [number("quantity", "stock.quantity", to: most)]
            made.days = [
                DateField(
                    "day", words("stock.day"), value: form?.text("day") ?? view.today.description, error: wrong["day"],
                    required: true, min: view.campaign.first, max: view.today, id: id("day"))
            ]
        case .receive:
            made.numbers = [number("quantity", "stock.quantity", to: most)]
            made.texts = [line("from", "stock.from", hint: "stock.from.hint", required: true)]
        case .send:
            made.numbers = [number("quantity", "stock.quantity", to: max(1, min(most, view.stock.onHand)))]
            made.selects = [
                SelectField(
                    "to", words("stock.to"),
                    options: [("", words("form.none"))]
                        + UnitText(words: words).options(view.receivers, in: view.tree),
                    chosen: form?.text("to") ?? "", error: wrong["to"], required: true, id: id("to"))
            ]
        case .count:
            made.numbers = [number("counted", "stock.counted", from: 0, to: Stock.largestTotal)]
            made.texts = [line("reason", "stock.reason", hint: "stock.reason.hint")]
        case .writeOff:
            made.numbers = [number("quantity", "stock.quantity", to: max(1, min(most, view.stock.onHand)))]
            made.selects = [
                SelectField(
                    "reason", words("stock.reason"),
                    options: [("", words("form.none"))]
                        + WriteOffMaterial.Reason.allCases.map { ($0.rawValue, words("stock.reason.\($0.rawValue)")) },
                    chosen: form?.text("reason") ?? "", error: wrong["reason"], required: true, id: id("reason"))
            ]
            made.texts = [line("note", "stock.note")]
        }
        return made
    }

    /// What an entry did, in words: where copies went, and how the heap changed.
    private static func row(_ entry: StockEntry, _ view: HeapView, _ text: MaterialText) -> EntryRow {
        let (words, move) = (text.words, entry.move.flatMap { view.moves[$0] })
        let n = text.number(entry.quantity)
        let what: String =
            switch (entry.kind, move) {
            case (.send, let move?): words("stock.what.send", ["n": n, "unit": text.unit(move.receiver, in: view.tree)])
            case (.accept, let move?): words("stock.what.accept", ["n": n, "unit": text.unit(move.sender, in: view.tree)])
            case (.deliver, let move?):
                words(
                    "stock.what.deliver",
                    [
                        "n": text.number(move.acknowledged?.arrived ?? 0), "sent": n,
                        "back": text.number(move.acknowledged?.returned ?? 0), "unit": text.unit(move.receiver, in: view.tree),
                    ])
            case (.count, _): Self.counted(entry, text)
            default: n
            }
        return EntryRow(
            entryDay: text.moment(entry.at), entryKind: text.entry(entry.kind), entryWhat: what, entryReason: text.reason(entry),
            entryHand: words.format.signed(Int(entry.change.onHand)),
            entryWho: view.names[entry.author] ?? words("report.operator"))
    }

    private static func counted(_ entry: StockEntry, _ text: MaterialText) -> String {
        let difference = entry.change.found - entry.change.writtenOff
        let n = text.number(entry.quantity)
        return difference == 0
            ? text.words("stock.what.count", ["n": n])
            : text.words("stock.what.count_differs", ["n": n, "d": text.words.format.signed(Int(difference))])
    }
}
