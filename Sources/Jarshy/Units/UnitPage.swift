import JarshyKit
import Storage

/// One unit. Fields as in `unit.mustache`.
struct UnitPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let kindWord: String
    let states: [StateMark]
    let boardURL: String
    let peopleURL: String
    let facts: [UnitFact]
    let names: [UnitNameRow]
    let codes: [UnitCodeRow]
    let hasParents: Bool
    let parents: [UnitParentRow]
    let children: [UnitChildRow]
    let hasChildren: Bool
    let childrenSummary: String
    let childrenURL: String
    let canChange: Bool
    let editURL: String
    let hasChanges: Bool
    let changes: [UnitChangeForm]
    let hasFeed: Bool
    let feed: [UnitFeedRow]
}

struct UnitFact: PageModel {
    let fact: String
    let hasFactURL: Bool
    let factURL: String
    let factText: String

    init(_ fact: String, _ text: String, url: String = "") {
        self.fact = fact
        factText = text
        hasFactURL = !url.isEmpty
        factURL = url
    }
}

struct UnitNameRow: PageModel {
    let nameLang: String
    let language: String
    let bare: String
    let full: String
}

struct UnitCodeRow: PageModel {
    let scheme: String
    let code: String
    let codeDays: String
}

struct UnitParentRow: PageModel {
    let parentURL: String
    let parentName: String
    let parentDays: String
    let planned: Bool
}

struct UnitChildRow: PageModel {
    let childURL: String
    let childName: String
    let childKind: String
}

/// A form that leads to the preview of a change; the changes themselves belong to the feature Structure.
struct UnitChangeForm: PageModel {
    let changeID: String
    let changeTitle: String
    let changeExplain: String
    let action: String
    let opened: Bool
    let hasErrors: Bool
    let errors: ErrorSummary
    let day: DateField
    let hasTarget: Bool
    let target: TextField
    let hasParts: Bool
    let parts: AreaField
    let hasChoices: Bool
    let choices: [UnitChoiceRow]
}

/// A unit that a typed name may mean.
struct UnitChoiceRow: PageModel {
    let choiceURL: String
    let choiceName: String
    let choiceWhere: String
}

/// A change that was refused: its form is shown open, with what was typed and why.
struct UnitChangeRefused: Sendable {
    /// "move"
    let change: String
    let fields: Fields
    let problem: Problem
    /// Units the typed name may mean.
    let choices: [UnitNo]
}

struct UnitFeedRow: PageModel {
    let feedWhen: String
    let feedWho: String
    let feedWhat: String
}

/// Everything a unit's page is made of, read in one transaction.
struct UnitView: Sendable {
    let tree: Tree
    let unit: Unit
    let codes: [UnitCodeSpan]
    let deeds: [UnitDeed]
    let owner: Organization?
    let children: [UnitNo]
    let canChange: Bool

    static let mostChildren = 50

    /// - Throws: 404 for a unit that does not exist or is out of sight.
    init(_ code: String, actor: Actor, today: Day, in db: any Reading) throws {
        tree = try Tree.current(in: db)
        let (tree, scope) = (tree, UnitScope(actor, in: tree, on: today))
        unit = try scope.find(code)
        codes = try UnitRows.codes(of: unit.no, in: db)
        let seesFeed = actor.holds(.viewFeed, over: unit.no, in: tree, on: today)
        deeds = seesFeed ? try UnitRows.deeds(on: unit.no, in: db) : []
        let organization = unit.organization
        owner = organization == nil ? nil : try Organization.all(in: db).first { $0.no == organization }
        children = tree.children(of: unit.no).filter { tree[$0].map(scope.sees) ?? false }
        canChange = actor.holds(.manageUnits, over: unit.no, in: tree, on: today)
    }
}

extension UnitPage {
    init(_ view: UnitView, refused: UnitChangeRefused? = nil, today: Day, words: Words) {
        let text = UnitText(words: words)
        let (tree, unit) = (view.tree, view.unit)
        let code = tree.code(of: unit.no)
        trail = text.trail(above: unit.no, in: tree)
        here = text.title(unit)
        heading = text.title(unit)
        kindWord = text.kind(unit.kind, in: tree)
        states = [StateMark(unit.isOpen(on: today) ? "open" : "closed", words: words)]
        boardURL = "/board/\(code)"
        peopleURL = "/people?unit=\(code)"
        facts = Self.facts(view, text)
        names = Language.allCases.map { language in
            UnitNameRow(
                nameLang: language.rawValue, language: language.ownName, bare: unit.names[language],
                full: unit.titles[language])
        }
        codes = view.codes.map { span in
            UnitCodeRow(
                scheme: words("unit.scheme.\(span.scheme)"), code: span.code, codeDays: text.span(span.from, span.to))
        }
        parents = (tree.edges[unit.no] ?? []).reversed().map { edge in
            UnitParentRow(
                parentURL: "/units/\(tree.code(of: edge.parent))", parentName: tree[edge.parent].map(text.title) ?? "",
                parentDays: text.span(edge.from, edge.to), planned: edge.from > today)
        }
        hasParents = !parents.isEmpty
        children = view.children.prefix(UnitView.mostChildren).compactMap { no in
            tree[no].map { child in
                UnitChildRow(
                    childURL: "/units/\(tree.code(of: no))", childName: text.title(child),
                    childKind: text.kind(child.kind, in: tree))
            }
        }
        hasChildren = !view.children.isEmpty
        childrenSummary = words("unit.children.all", ["n": text.number(Int64(view.children.count))])
        childrenURL = "/units?under=\(code)"
        canChange = view.canChange
        editURL = "/units/\(code)/edit"
        changes = view.canChange && unit.no != tree.root ? Self.changes(view, refused, today: today, text) : []
        hasChanges = !changes.isEmpty
        hasFeed = !view.deeds.isEmpty
        feed = view.deeds.map { deed in
            UnitFeedRow(
                feedWhen: text.moment(deed.at), feedWho: deed.who.isEmpty ? words("units.operator") : deed.who,
                feedWhat: words.find("units.feed.\(deed.subject).\(deed.verb)") ?? "\(deed.verb): \(deed.detail)")
        }
    }

    private static func facts(_ view: UnitView, _ text: UnitText) -> [UnitFact] {
        let (unit, words) = (view.unit, text.words)
        var facts: [UnitFact] = []
        if let opened = unit.opened { facts.append(UnitFact(words("unit.opened"), text.day(opened))) }
        if let closed = unit.closed { facts.append(UnitFact(words("unit.closed"), text.day(closed))) }
        if let next = unit.succeededBy, let successor = view.tree[next] {
            facts.append(
                UnitFact(words("unit.successor"), text.title(successor), url: "/units/\(view.tree.code(of: next))"))
        }
        if let owner = view.owner { facts.append(UnitFact(words("unit.owner"), owner.names[words.language])) }
        if let population = unit.population {
            facts.append(UnitFact(words("unit.population"), text.number(population)))
        }
        if let capacity = unit.capacity { facts.append(UnitFact(words("unit.capacity"), text.number(capacity))) }
        return facts
    }
}
