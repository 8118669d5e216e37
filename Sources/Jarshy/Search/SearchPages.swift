import JarshyKit
import Storage

/// The search page: one field, a list, and how many were found of each kind. Residents find what is open; staff also what
/// their rights let them see, and units.
enum SearchPages {
    static func routes(_ site: inout Routes, _ spaces: [SearchSpaceRule]) {
        site.get("/search", .open) { visit in
            let found = try await SearchFound.read(visit, spaces)
            let page = SearchPage(found, words: visit.words)
            return .page("search", page, PageHead(page.heading, section: "search"))
        }
    }
}

/// What was found, by kind.
struct SearchFound: Sendable {
    struct Result: Sendable {
        /// Nil for what is not found by the index.
        var document: ID<Never>?
        let path: String
        let text: String
        let language: String
        let points: Int
        let key: String

        /// Behind it the next page begins.
        var cursor: String { "\(points).\(key)" }
    }

    struct Kind: Sendable {
        let name: String
        let results: [Result]
    }

    static let pageSize = 20
    /// What lies deeper says little of what was asked; a narrower question finds it.
    static let most = 200
    /// A passage that says less than this share of what was asked is no result.
    private static let least = 3_000
    private static let units = "unit"

    let text: String
    let kinds: [Kind]
    let chosen: Kind?
    let shown: [Result]
    let isAfter: Bool
    let hasMore: Bool
    /// What each of `shown` is called, by language.
    private(set) var titles: [ID<Never>: [String: String]] = [:]

    static func read(_ visit: Visit, _ spaces: [SearchSpaceRule]) async throws -> SearchFound {
        let (query, actor, language) = (visit.query, visit.actor, visit.language)
        let text = String(query.text("q").prefix(SearchQuestion.longest))
        let scopes = try spaces.filter { SearchScope.admits(actor, $0) }.map { ($0, try SearchScope($0, visit)) }
        let kinds = try await visit.read { db -> [Kind] in
            var kinds: [Kind] = []
            if text.isEmpty { return [] }
            for (rule, scope) in scopes {
                var search = SearchQuery(space: rule.space, text: text, limit: most)
                search.least = least
                let hits = try scope.limit(search).run(in: db)
                kinds.append(Kind(name: rule.kind, results: hits.map { Result($0, scope.path) }))
            }
            if actor != nil { kinds.append(Kind(name: units, results: try found(text, language, in: db))) }
            return kinds
        }
        var list = SearchFound(text, kinds, kind: query.text("kind"), after: query.text("after"))
        let shown = list.shown.compactMap(\.document)
        guard let space = scopes.first(where: { $0.0.kind == list.chosen?.name })?.0.space, !shown.isEmpty else { return list }
        list.titles = try await visit.read { db in try SearchTitles.of(shown, in: space, db) }
        return list
    }

    private init(_ text: String, _ kinds: [Kind], kind: String, after: String) {
        self.text = text
        self.kinds = kinds
        // What says most of what was asked is shown first; ties in the order of kinds.
        let best = kinds.max { ($0.results.first?.points ?? 0) < ($1.results.first?.points ?? 0) }
        chosen = kinds.first { $0.name == kind } ?? best
        let results = chosen?.results ?? []
        let start = results.firstIndex { $0.cursor == after }.map { $0 + 1 } ?? results.firstIndex { $0.isBehind(after) } ?? 0
        isAfter = !after.isEmpty && start > 0
        shown = Array(results[start..<min(start + Self.pageSize, results.count)])
        hasMore = start + shown.count < results.count
    }

    private static func found(_ text: String, _ language: Language, in db: any Reading) throws -> [Result] {
        let tree = try Tree.current(in: db)
        let units = try UnitSearch.current(in: db, tree: tree).find(text, in: tree)
        return units.prefix(most).enumerated().compactMap { place, no -> Result? in
            guard let unit = tree[no] else { return nil }
            let above = tree.parent(of: no).flatMap { tree[$0]?.titles[language] }
            return Result(
                path: "/units/" + percentEncoded(tree.code(of: no)),
                text: [unit.titles[language], above].compactMap { $0 }.joined(separator: " · "), language: language.rawValue,
                points: 10_000 - place, key: tree.code(of: no))
        }
    }
}

extension SearchFound.Result {
    fileprivate init(_ hit: SearchHit, _ path: String) {
        self.init(
            document: hit.document, path: path + hit.document.description, text: hit.text, language: hit.language, points: hit.points,
            key: hit.document.description)
    }

    /// Whether it stands behind a cursor whose own row is gone.
    fileprivate func isBehind(_ cursor: String) -> Bool {
        let halves = cursor.split(separator: ".", maxSplits: 1)
        guard halves.count == 2, let points = Int(halves[0]) else { return false }
        return self.points < points || (self.points == points && key > halves[1])
    }
}

struct SearchPage: PageModel {
    let heading: String
    let typed: String
    let hasQuery: Bool
    let facets: [SearchFacet]
    let hasFacets: Bool
    let summary: String
    let results: [SearchLine]
    let isEmpty: Bool
    let isAfter: Bool
    let firstURL: String
    let hasMore: Bool
    let nextURL: String
    let askURL: String

    init(_ found: SearchFound, words: Words) {
        let fields = Fields([("q", found.text)])
        func address(_ fields: Fields) -> String { "/search?" + fields.encoded }
        heading = words("search.title")
        typed = found.text
        hasQuery = !found.text.isEmpty
        facets = found.kinds.filter { !$0.results.isEmpty || $0.name == found.chosen?.name }.map { kind in
            let isFull = kind.results.count == SearchFound.most
            return SearchFacet(
                facetURL: address(fields.setting("kind", kind.name)), facetName: words("search.kind.\(kind.name)"),
                facetCount: words.format.number(kind.results.count) + (isFull ? "+" : ""),
                chosen: kind.name == found.chosen?.name)
        }
        hasFacets = facets.count > 1
        let count = found.chosen?.results.count ?? 0
        summary = count == SearchFound.most ? words("search.too_many") : words.count("search.found", count)
        results = found.shown.map { result in
            // A sentence of an answer stands under the question that it answers.
            let title = result.document.flatMap { found.titles[$0]?[result.language] } ?? result.text
            let (start, more) = SearchLine.head(title)
            let rest = title == result.text ? more : result.text
            return SearchLine(resultURL: result.path, lang: result.language, start: start, rest: rest, hasRest: !rest.isEmpty)
        }
        isEmpty = hasQuery && results.isEmpty
        let list = fields.setting("kind", found.chosen?.name)
        isAfter = found.isAfter
        firstURL = address(list)
        hasMore = found.hasMore
        nextURL = found.shown.last.map { address(list.setting("after", $0.cursor)) } ?? ""
        askURL = "/ask"
    }
}

struct SearchFacet: PageModel {
    let facetURL: String
    let facetName: String
    let facetCount: String
    let chosen: Bool
}

struct SearchLine: PageModel {
    let resultURL: String
    let lang: String
    let start: String
    let rest: String
    let hasRest: Bool

    /// The first sentence, or what of it fits into a link, and the rest.
    static func head(_ text: String) -> (String, String) {
        let words = text.split(separator: " ")
        var length = 0
        for (index, word) in words.enumerated() {
            length += word.count + 1
            let ends = ".!?".contains(word.last ?? " ") && word.count > 3
            if ends || length > 110 {
                let rest = words[(index + 1)...].joined(separator: " ")
                return (words[...index].joined(separator: " ") + (ends || rest.isEmpty ? "" : " …"), rest)
            }
        }
        return (text, "")
    }
}
