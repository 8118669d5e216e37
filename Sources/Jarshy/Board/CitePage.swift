import JarshyKit
import Storage

/// A frozen sentence and what became of its figure. Fields as in `cite.mustache`.
struct CitePage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let sentences: [CitedSentence]
    let fixedText: String
    let link: String
    let positions: [LogPosition]
    let grown: Bool
    let grownText: String
    let restated: Bool
    let restatedText: String
    let openURL: String
}

struct CitedSentence: PageModel {
    let sentenceLang: String
    let language: String
    let sentence: String
    let copyID: String
    let copyText: String
}

/// A citation with today's value of the same choice.
struct CitationView: Sendable {
    let citation: Citation
    let scope: FiguresScope
    let choice: FiguresChoice
    let value: Int64
    /// How much of the difference is corrections of what was cited; the rest was reported since.
    let corrected: Int64

    /// - Throws: 404 for a citation that does not exist, or that tells more than the reader may see.
    init(_ text: String, actor: Actor, today: Day, in db: any Reading) throws {
        guard let id = CitationID(text), let citation = try Citation.find(id, in: db) else { throw Problem.notFound("citation") }
        let tree = try Tree.current(in: db)
        let scope = try FiguresScope.find(tree.code(of: citation.unit), actor: actor, today: today, in: tree)
        let choice = try FiguresChoice(
            try Fields(urlencoded: Array(citation.query.utf8)), campaigns: try Campaigns.current(in: db),
            organizations: try Organization.all(in: db), today: today)
        if let seen = scope.organizations {
            guard !choice.organizations.isEmpty, choice.organizations.allSatisfy({ seen.contains($0.no) }) else {
                throw Problem.notFound("citation")
            }
        }
        self.citation = citation
        self.scope = scope
        self.choice = choice
        let query = choice.query(scope).with { $0.slots = [choice.metric.slot] }
        let (rollups, slot) = (Rollups(db, tree), choice.metric.slot)
        value = try rollups.total(query).figure(slot).total
        corrected = try Movement.corrected(after: citation.createdAt, query, rollups).whole.amounts[slot]
    }
}

extension CitePage {
    init(_ view: CitationView, origin: String, words: Words) {
        let text = BoardText(words: words)
        let citation = view.citation
        let code = view.scope.code
        let link = "\(origin)/cite/\(citation.id)"
        trail = [TrailLink(BoardLinks.board(code, view.choice.fields), text.title(citation.unit, in: view.scope.tree))]
        here = words("cite.title")
        heading = here
        sentences = ([words.language] + Language.allCases.filter { $0 != words.language }).map { language in
            let sentence = citation.texts[language]
            return CitedSentence(
                sentenceLang: language.rawValue, language: language.ownName, sentence: sentence,
                copyID: "cite-\(language.rawValue)", copyText: "\(sentence)\n\(link)")
        }
        fixedText = words(
            "cite.fixed",
            ["day": text.day(Zone.kazakhstan.day(at: citation.createdAt)), "time": text.time(citation.createdAt)])
        self.link = link
        positions = text.positions(AsOf(citation.asOf, in: view.scope.tree), in: view.scope.tree)
        // Growth is no correction: only what was corrected since is called so.
        grown = view.value != citation.value
        grownText = words(
            "cite.grown", ["value": text.number(view.value), "difference": text.signed(view.value - citation.value)])
        restated = view.corrected != 0
        restatedText = words("cite.restated", ["n": text.signed(view.corrected)])
        openURL = BoardLinks.board(code, view.choice.fields)
    }
}
