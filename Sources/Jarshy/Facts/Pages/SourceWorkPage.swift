import JarshyKit

/// The staff's page of one source. Fields as in `source_work.mustache`.
struct SourceWorkPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let marks: [StateMark]
    let hasProblem: Bool
    let problem: ErrorSummary
    let isPublic: Bool
    let publicURL: String
    let isLink: Bool
    let url: String
    let hasStatement: Bool
    let statement: String
    let hands: String
    let canConfirm: Bool
    let cannotConfirm: Bool
    let confirmAction: String
    let version: String
    let classes: TilesField
    let mayKeep: Bool
    let changeAction: String
    let changeOpened: Bool
    let change: SourceForm
    let copies: [CopyLine]
    let hasCopies: Bool
    let copyAction: String
    let verifyAction: String
    let hasFacts: Bool
    let facts: [FactWorkLine]
    let addAction: String
    let addOpened: Bool
    let add: FactForm
    let versions: [SourceVersionLine]
    let hasVersions: Bool
    let citing: [CitingLine]
    let hasCiting: Bool

    init(_ view: SourceView, citing: [LibraryUse.Line], mayKeep: Bool, refused: (FactWork.Deed, Problem)?, visit: Visit) {
        let (words, source) = (visit.words, view.source)
        let text = LibraryWords(words: words)
        let base = "/facts/\(source.id)"
        trail = [TrailLink("/facts/work", words("facts.work"))]
        heading = LibraryWords.title(source)
        here = heading
        marks = SourceLine(source, url: base, text: text).marks
        hasProblem = refused != nil
        problem = refused.map { ErrorSummary($0.1, words: words) } ?? .none
        isPublic = view.versions.contains { $0.hands.isConfirmed }
        publicURL = base
        isLink = WebLink.isLink(source.url)
        url = source.url
        hasStatement = !source.statement.isEmpty
        statement = source.statement
        hands = text.hands(source.hands, view.organizations)
        let isSecond = visit.actor.map { (try? source.hands.second($0)) != nil } ?? false
        canConfirm = !source.hands.isConfirmed && isSecond
        cannotConfirm = !source.hands.isConfirmed && !isSecond
        confirmAction = base + "/confirm"
        version = "\(source.version)"
        classes = SourceForm.classes(chosen: "", error: "", id: "confirm", words: words)
        self.mayKeep = mayKeep
        changeAction = base + "/change"
        changeOpened = refused?.0 == .change
        change = SourceForm(
            source, form: changeOpened ? visit.form : nil, problem: changeOpened ? refused?.1 : nil, id: "change", words: words)
        copies = view.copies.map { CopyLine($0, check: view.checks[$0.sha256], hasFile: true, of: source.id, text: text) }
        hasCopies = !copies.isEmpty
        copyAction = base + "/copy"
        verifyAction = base + "/verify"
        facts = view.facts.map { FactWorkLine($0, view, refused: refused, visit: visit) }
        hasFacts = !facts.isEmpty
        addAction = base + "/add"
        addOpened = refused?.0 == .add
        add = FactForm(
            nil, form: addOpened ? visit.form : nil, problem: addOpened ? refused?.1 : nil, id: "add", words: words)
        versions = view.versions.filter { $0.version < source.version }.map { SourceVersionLine($0, text: text) }
        hasVersions = !versions.isEmpty
        self.citing = citing.map { CitingLine($0, words: words) }
        hasCiting = !citing.isEmpty
    }
}

/// A fact with the deeds that are open on it.
struct FactWorkLine: PageModel {
    let line: FactLine
    let factVersion: String
    let canConfirmFact: Bool
    let factConfirmAction: String
    let factClasses: TilesField
    let canRecheck: Bool
    let recheckAction: String
    let factChangeAction: String
    let factChangeOpened: Bool
    let factChange: FactForm

    init(_ fact: Fact, _ view: SourceView, refused: (FactWork.Deed, Problem)?, visit: Visit) {
        let (words, base) = (visit.words, "/facts/\(fact.source)")
        line = FactLine(fact, view.organizations, text: LibraryWords(words: words))
        factVersion = "\(fact.version)"
        let isReady = view.source.hands.isConfirmed
        canConfirmFact = !fact.hands.isConfirmed && isReady && (visit.actor.map { (try? fact.hands.second($0)) != nil } ?? false)
        factConfirmAction = base + "/fact-confirm"
        factClasses = SourceForm.classes(chosen: "", error: "", id: "confirm-\(fact.id)", words: words)
        canRecheck = fact.isStale && isReady
        recheckAction = base + "/fact-recheck"
        factChangeAction = base + "/fact-change"
        factChangeOpened = refused?.0 == .factChange && visit.form.text("fact") == fact.id.description
        factChange = FactForm(
            fact, form: factChangeOpened ? visit.form : nil, problem: factChangeOpened ? refused?.1 : nil,
            id: "change-\(fact.id)", words: words)
    }
}
