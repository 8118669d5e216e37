import JarshyKit

/// Materials, stock and sites in the reader's words.
struct MaterialText: Sendable {
    let words: Words

    var language: Language { words.language }

    func kind(_ kind: MaterialForm.Kind) -> String { words("material.kind.\(kind.rawValue)") }
    func `class`(_ class: MaterialClass) -> String { words("material.class.\(`class`.rawValue)") }
    func condition(_ condition: PosterSite.Condition) -> String { words("site.condition.\(condition.rawValue)") }
    func number(_ value: Int64) -> String { words.format.number(Int(value)) }
    func day(_ day: Day) -> String { words.day(day) }
    func moment(_ at: Instant) -> String { words.day(Zone.kazakhstan.day(at: at)) + ", " + words.time(at) }
    func unit(_ no: UnitNo, in tree: Tree) -> String { tree[no]?.titles[language] ?? "" }

    func languages(_ form: MaterialForm) -> String {
        Language.allCases.filter { form.languages.contains($0) }.map(\.ownName).joined(separator: ", ")
    }

    /// "Poster · Campaigning · kazakh, russian · version 2".
    func about(_ material: Material) -> String {
        [
            kind(material.form.kind), self.class(material.form.class), languages(material.form),
            material.version > 1 ? version(material) : "",
        ].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    func version(_ material: Material) -> String { words("material.version.n", ["n": number(material.version)]) }

    func marks(_ material: Material) -> [StateMark] { [state(material.state)] }

    func state(_ state: Material.State) -> StateMark {
        let kind = switch state {
        case .draft: "draft"
        case .approved: "open"
        case .withdrawn: "voided"
        }
        return StateMark(kind, words("material.state.\(state.rawValue)"))
    }

    func mark(_ condition: PosterSite.Condition) -> StateMark {
        let kind = switch condition {
        case .empty: "missing"
        case .inPlace: "open"
        case .damaged: "flagged"
        case .missing: "refused"
        case .removed: "closed"
        }
        return StateMark(kind, self.condition(condition))
    }

    /// How a site stands, and that its posters should be down already.
    func marks(_ site: PosterSite, today: Day) -> [StateMark] {
        [mark(site.condition)] + (site.isOverdue(on: today) ? [StateMark("late", words("site.late"))] : [])
            + (site.isOpen ? [] : [StateMark("voided", words("site.closed"))])
    }

    /// Where copies are, as figures with their names.
    func places(_ stock: Stock) -> [MaterialFact] {
        [
            ("stock.on_hand", stock.onHand), ("stock.on_the_way", stock.onTheWay), ("stock.handed_out", stock.handedOut),
            ("stock.written_off", stock.writtenOff),
        ].map { key, amount in MaterialFact(fact: words(key), factText: number(amount)) }
    }

    func marks(_ stock: Stock) -> [StateMark] {
        stock.needsCount ? [StateMark("flagged", words("stock.count_needed"))] : []
    }

    func mark(_ move: StockMove) -> StateMark {
        guard let told = move.acknowledged else { return StateMark("late", words("move.state.way")) }
        return told.arrived == move.quantity
            ? StateMark("done", words("move.state.done")) : StateMark("flagged", words("move.state.short"))
    }

    /// Bytes as people read them.
    func size(_ bytes: Int64) -> String {
        let (kilo, mega) = (max(1, (bytes + 512) / 1024), (bytes + 524_288) / 1_048_576)
        return mega >= 1 ? words("material.size.mb", ["n": number(mega)]) : words("material.size.kb", ["n": number(kilo)])
    }

    /// Whose decree, its number and day.
    func permission(_ form: PosterSiteForm) -> String {
        words("site.permission.text", ["decree": form.decree, "number": form.decreeNumber, "day": day(form.decreeDay)])
    }

    func entry(_ kind: StockBook.Entry.Kind) -> String { words("stock.entry.\(kind.rawValue)") }

    /// The reason of an entry: a code of a write-off, else what was written.
    func reason(_ entry: StockEntry) -> String {
        let code = entry.kind == .writeOff ? words.find("stock.reason.\(entry.reason)") ?? entry.reason : entry.reason
        return [code, entry.note].filter { !$0.isEmpty }.joined(separator: " · ")
    }
}

/// The sections of the feature, above each of its lists.
struct MaterialTab: PageModel {
    let tabURL: String
    let tabName: String
    let chosen: Bool

    enum Section: String, CaseIterable { case materials, stock, moves, sites }

    static func all(_ chosen: Section?, words: Words) -> [MaterialTab] {
        Section.allCases.map { section in
            MaterialTab(tabURL: "/\(section.rawValue)", tabName: words("materials.tab.\(section.rawValue)"), chosen: section == chosen)
        }
    }
}

struct MaterialFact: PageModel {
    let fact: String
    let factText: String
}

struct MaterialShow: PageModel {
    let showURL: String
    let showName: String
    let chosen: Bool
}

/// Where the copies are, as one bar. Fields as in `stock_bar.mustache`.
struct StockBar: PageModel {
    let barWords: String
    let parts: [StockBarPart]

    /// - Parameter scale: copies the whole width stands for.
    init(_ stock: Stock, scale: Int64, text: MaterialText) {
        let amounts = [
            ("stock-hand", stock.onHand), ("stock-way", stock.onTheWay), ("stock-out", stock.handedOut), ("stock-off", stock.writtenOff),
        ]
        barWords = text.words(
            "stock.bar",
            [
                "hand": text.number(stock.onHand), "way": text.number(stock.onTheWay), "out": text.number(stock.handedOut),
                "off": text.number(stock.writtenOff),
            ])
        var at: Int64 = 0
        parts = amounts.compactMap { fill, amount in
            guard amount > 0, scale > 0 else { return nil }
            defer { at += amount }
            return StockBarPart(fill: fill, x: Self.share(at, scale), width: Self.share(amount, scale))
        }
    }

    /// Hundredths of a percent are enough for a bar.
    private static func share(_ part: Int64, _ whole: Int64) -> String {
        let hundredths = min(10_000, part * 10_000 / whole)
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

struct StockBarPart: PageModel {
    let fill: String
    let x: String
    let width: String
}

extension Stock {
    /// Copies the bar of a heap shows: what came and is not with another unit.
    var shown: Int64 { onHand + onTheWay + handedOut + writtenOff }

    static func + (left: Stock, right: Stock) -> Stock {
        Stock(
            received: left.received + right.received, movedIn: left.movedIn + right.movedIn, found: left.found + right.found,
            onHand: left.onHand + right.onHand, handedOut: left.handedOut + right.handedOut,
            writtenOff: left.writtenOff + right.writtenOff, onTheWay: left.onTheWay + right.onTheWay,
            movedOut: left.movedOut + right.movedOut, beyond: left.beyond + right.beyond)
    }
}
