import JarshyKit
import Storage

/// The list of units: one level of the tree, or what a search found. Fields as in `units.mustache`.
struct UnitListPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let summary: String
    let searchAction: String
    let query: TextField
    let day: DateField
    let rows: [UnitListRow]
    let pagination: Pagination
    let csvURL: String
    let canAdd: Bool
    let addURL: String
    let isEmpty: Bool
    let empty: EmptyState
}

struct UnitListRow: HotRow {
    let unit: Unit
    let text: UnitText
    let code: String
    let kind: String
    let path: String
    let depth: Int
    let below: Int
    let isOpen: Bool

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "unitURL": "/units/\(code)"
        case "unitName": text.title(unit)
        case "kindWord": kind
        case "code": code
        case "path": path
        case "hasPath": !path.isEmpty
        case "depth": "depth-\(depth)"
        case "below": text.number(Int64(below))
        case "hasBelow": below > 0
        case "belowURL": "/units?under=\(code)"
        case "mark": StateMark(isOpen ? "open" : "closed", words: text.words)
        case "boardURL": "/board/\(code)"
        default: nil
        }
    }
}

/// What a list is asked for, read from its address.
struct UnitListQuery: Sendable {
    let text: String
    let under: String
    let day: Day?
    let after: String
    let before: String

    init(_ query: Fields) {
        text = query.text("q")
        under = query.text("under")
        day = Day(query.text("day"))
        after = query.text("after")
        before = query.text("before")
    }

    /// The same list, elsewhere in it or as a file.
    func address(_ path: String, after: String? = nil, before: String? = nil) -> String {
        var fields = Fields()
        if !text.isEmpty { fields.append("q", text) }
        if !under.isEmpty { fields.append("under", under) }
        if let day { fields.append("day", "\(day)") }
        if let after { fields.append("after", after) }
        if let before { fields.append("before", before) }
        return fields.isEmpty ? path : "\(path)?\(fields.encoded)"
    }
}

/// The units a query asks for, in one transaction.
struct UnitList: Sendable {
    let tree: Tree
    let levels: UnitLevels
    let scope: UnitScope
    /// The unit whose level is shown; nil in an empty database.
    let under: Unit?
    let units: [UnitNo]

    init(_ query: UnitListQuery, actor: Actor, today: Day, in db: any Reading) throws {
        tree = try Tree.current(in: db)
        let scope = UnitScope(actor, in: tree, on: today)
        self.scope = scope
        let day = query.day ?? today
        levels = UnitLevels(tree, on: day, sees: scope.sees)
        let tree = tree
        let under = query.under.isEmpty ? tree.root.flatMap { tree[$0] } : try scope.find(query.under)
        self.under = under
        guard let under else {
            units = []
            return
        }
        if query.text.isEmpty {
            units = levels.directly(below: under.no)
        } else {
            units = try UnitSearch.current(in: db, tree: tree).find(query.text, in: tree).filter { no in
                guard let unit = tree[no], scope.sees(unit), unit.opened.map({ $0 <= day }) ?? true else {
                    return false
                }
                return tree.isWithin(no, under.no, on: day)
            }
        }
    }
}

extension UnitListPage {
    init(_ list: UnitList, _ query: UnitListQuery, canAdd: Bool, words: Words) {
        let text = UnitText(words: words)
        let (tree, isSearch) = (list.tree, !query.text.isEmpty)
        let slice = UnitSlice(
            list.units, after: tree.find(query.after)?.no, before: tree.find(query.before)?.no)
        let name = list.under.map(text.title) ?? words("units.title")
        trail =
            list.under.map { under in
                text.trail(above: under.no, in: tree).map {
                    TrailLink($0.trailURL.replacing("/units/", with: "/units?under="), $0.trailName)
                }
            } ?? []
        here = name
        heading = words("units.title")
        let count = isSearch ? list.units.count : list.under.map { list.levels.size(below: $0.no) } ?? 0
        summary = isSearch ? words.count("units.found", count) : words.count("units.count", count)
        searchAction = "/units"
        self.query = TextField("q", words("units.search.label"), value: query.text, type: "search")
        day = DateField("day", words("units.search.day"), value: query.day?.description ?? "")
        rows = slice.units.compactMap { no in
            tree[no].map { unit in
                UnitListRow(
                    unit: unit, text: text, code: tree.code(of: no), kind: text.kind(unit.kind, in: tree),
                    path: isSearch ? text.place(of: no, in: tree) : "", depth: 0, below: list.levels.size(below: no),
                    isOpen: unit.isOpen(on: list.levels.day))
            }
        }
        let first = slice.units.first.map { tree.code(of: $0) }
        let last = slice.units.last.map { tree.code(of: $0) }
        pagination = Pagination(
            summary: words.count("units.found", list.units.count),
            previous: slice.hasBefore ? query.address("/units", before: first) : nil,
            next: slice.hasAfter ? query.address("/units", after: last) : nil)
        csvURL = query.address("/units.csv")
        self.canAdd = canAdd
        addURL = "/units/new" + (list.under.map { "?parent=\(tree.code(of: $0.no))" } ?? "")
        isEmpty = slice.units.isEmpty
        empty = EmptyState(
            words("units.empty"),
            next: isSearch || tree.root != nil ? words("units.empty.next") : words("units.empty.import"))
    }
}
