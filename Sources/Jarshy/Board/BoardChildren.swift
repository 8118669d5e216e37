import JarshyKit

/// How the children stand in their table. A metric about people ranks nobody, so by figure they stand only when it counts work.
struct ChildSort: Sendable, Hashable {
    enum Key: String, Sendable { case name, figure, last }

    let key: Key
    let isReversed: Bool

    static let usual = ChildSort(key: .name, isReversed: false)

    init(key: Key, isReversed: Bool) {
        self.key = key
        self.isReversed = isReversed
    }

    init(_ text: String, metric: Metric) {
        let isReversed = text.hasPrefix("-")
        let key = Key(rawValue: isReversed ? String(text.dropFirst()) : text) ?? .name
        let isFair = key != .figure || metric.about == .work
        self.init(key: isFair ? key : .name, isReversed: isFair && isReversed)
    }

    var text: String { (isReversed ? "-" : "") + key.rawValue }
}

/// The units directly below. Fields as in `children.mustache`.
struct ChildTable: PageModel {
    let title: String
    let caption: String
    let columns: [SortColumn]
    let labels: ChildLabels
    let rows: [ChildRow]
    let hasRest: Bool
    let rest: String
    let total: ChildTotal

    /// Rows on the page; the file has all of them.
    static let mostRows = 120
}

struct SortColumn: PageModel {
    let sortURL: String
    let columnLabel: String
    let sort: String
    let columnClass: String
    let sortable: Bool
}

struct ChildLabels: PageModel {
    let figure: String
    let bands: String
    let change: String
    let active: String
    let last: String
}

struct ChildTotal: PageModel {
    let name: String
    let figure: String
    let figureURL: String
    let change: String
    let direction: String
    let active: String
    let bar: Bar
}

struct ChildRow: HotRow {
    let name: String
    let url: String
    let sub: String
    let figure: String
    let figureURL: String
    let change: String
    let direction: String
    let active: String
    let last: String
    let bar: Bar
    let mark: StateMark?

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "childName": self.name
        case "childURL": url
        case "hasSub": !sub.isEmpty
        case "sub": sub
        case "figure": figure
        case "figureURL": figureURL
        case "change": change
        case "direction": direction
        case "active": active
        case "last": last
        case "bar": bar
        case "quietNow": mark != nil
        case "quietMark": mark ?? StateMark("missing", "")
        default: nil
        }
    }
}

extension ChildTable {
    init(_ view: BoardView, sort: ChildSort, _ links: BoardLinks, _ text: BoardText) {
        let (words, slot) = (text.words, view.metric.slot)
        let name = view.metric.names[text.language]
        let sorted = ChildTable.sorted(view, by: sort)
        title = words(ChildTable.levelKey(view), ["n": text.number(Int64(view.parts.filter { $0 != view.unit }.count))])
        caption = words("board.children.caption", ["metric": text.metric(view.metric, view.choice), "period": text.period(view.choice)])
        labels = ChildLabels(
            figure: name, bands: words("board.column.bands"), change: words("board.column.change"),
            active: words("board.column.active"), last: words("board.column.last"))
        columns = ChildTable.columns(view, sort, labels, links, words)
        let most = view.partSums.values.map { $0.figure(slot).total }.max() ?? 0
        rows = sorted.prefix(ChildTable.mostRows).map { ChildRow($0, view, most: most, links, text) }
        hasRest = sorted.count > ChildTable.mostRows
        rest = words("board.children.rest", ["n": text.number(Int64(max(0, sorted.count - ChildTable.mostRows)))])
        let figure = view.total.figure(slot)
        let change = view.recent.whole.amounts[slot]
        total = ChildTotal(
            name: words("band.total"), figure: text.number(figure.total), figureURL: links.made(view.scope.code, of: view.metric),
            change: text.signed(change), direction: ChildTable.direction(change),
            active: ChildTable.active(view.presence?.whole, words), bar: Bar(figure, scale: figure.total, text))
    }

    static func direction(_ change: Int64) -> String { change > 0 ? "up" : change < 0 ? "down" : "same" }

    static func active(_ part: Presence.Part?, _ words: Words) -> String {
        guard let part, part.working > 0 else { return "–" }
        return words.format.fraction(Int(part.active), of: Int(part.working))
    }

    private static func levelKey(_ view: BoardView) -> String {
        let kinds = view.parts.filter { $0 != view.unit }.compactMap { view.tree[$0]?.kind }
        if view.unit == view.tree.root { return "board.children.regions" }
        if kinds.allSatisfy({ view.tree.kinds[$0]?.districtLevel ?? false }) { return "board.children.districts" }
        return Set(kinds) == ["primary"] ? "board.children.primaries" : "board.children.below"
    }

    private static func sorted(_ view: BoardView, by sort: ChildSort) -> [UnitNo] {
        let own = view.parts.filter { $0 == view.unit }
        let children = view.parts.filter { $0 != view.unit }
        let sorted: [UnitNo]
        switch sort.key {
        case .name: sorted = children
        case .figure:
            let slot = view.metric.slot
            // Stable, so that equals keep the order of their names.
            sorted = children.enumerated().sorted { a, b in
                let (x, y) = (view.partSums[a.element]?.figure(slot).total ?? 0, view.partSums[b.element]?.figure(slot).total ?? 0)
                return x == y ? a.offset < b.offset : x > y
            }.map(\.element)
        case .last:
            sorted = children.enumerated().sorted { a, b in
                let (x, y) = (view.lastDays[a.element], view.lastDays[b.element])
                if x == y { return a.offset < b.offset }
                guard let x else { return true }
                return y.map { x < $0 } ?? false
            }.map(\.element)
        }
        return (sort.isReversed ? sorted.reversed() : sorted) + own
    }

    private static func columns(
        _ view: BoardView, _ sort: ChildSort, _ labels: ChildLabels, _ links: BoardLinks, _ words: Words
    ) -> [SortColumn] {
        func column(_ key: ChildSort.Key?, _ label: String, _ style: String, descending: Bool = false) -> SortColumn {
            guard let key else {
                return SortColumn(sortURL: "", columnLabel: label, sort: "none", columnClass: style, sortable: false)
            }
            let isChosen = sort.key == key
            let next = ChildSort(key: key, isReversed: isChosen && !sort.isReversed)
            let url = links.board(view.scope.code) { $0 = $0.setting("sort", next == .usual ? nil : next.text) }
            let rises = sort.isReversed == descending
            return SortColumn(
                sortURL: url + "#board-children", columnLabel: label,
                sort: isChosen ? (rises ? "ascending" : "descending") : "none", columnClass: style, sortable: true)
        }
        return [
            column(.name, words("board.column.name"), ""),
            column(view.metric.about == .work ? .figure : nil, labels.figure, "number", descending: true),
            column(nil, labels.bands, "cell-bar"), column(nil, labels.change, "number"),
            column(nil, labels.active, "number"), column(view.presence == nil ? nil : .last, labels.last, ""),
        ]
    }
}

extension ChildRow {
    init(_ unit: UnitNo, _ view: BoardView, most: Int64, _ links: BoardLinks, _ text: BoardText) {
        let (words, tree, slot) = (text.words, view.tree, view.metric.slot)
        let code = tree.code(of: unit)
        let isOwn = unit == view.unit
        let figure = view.partSums[unit]?.figure(slot) ?? BandedFigure()
        let change = view.recent.parts[unit]?.amounts[slot] ?? 0
        name = isOwn ? words("board.own") : text.title(unit, in: tree)
        url = isOwn ? links.made(code, of: view.metric) : links.board(code)
        let isClosed = tree[unit].map { !$0.isOpen(on: view.today) } ?? true
        sub = isOwn ? "" : isClosed ? words("state.closed") : tree.parent(of: unit) == view.unit ? "" : words("board.children.moved")
        self.figure = view.partSums[unit] == nil ? "–" : text.number(figure.total)
        figureURL = url
        self.change = change == 0 ? "0" : text.signed(change)
        direction = ChildTable.direction(change)
        active = isOwn ? "–" : ChildTable.active(view.presence?.parts[unit], words)
        bar = Bar(figure, scale: most, text)
        last = isOwn ? "–" : view.lastDays[unit].map { text.day($0, .short) } ?? "–"
        mark = view.isSilent(unit)
            ? StateMark(
                "missing",
                view.silence(of: unit).map { words.count("board.silent", $0) } ?? words("board.needs.never")) : nil
    }
}
