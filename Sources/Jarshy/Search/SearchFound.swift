import JarshyKit
import Storage

/// What was found, by kind.
struct SearchFound: Sendable {
    struct Result: Sendable {
        /// Nil for what is not found by the index.
        var document: ID<Never>?
        let path: String
        let text: String
        let language: String
        /// By which it stands in the list; below zero what is over.
        var points: Int
        let key: String
        var mark: (kind: String, key: String)?

        /// Behind it the next page begins.
        var cursor: String { "\(points).\(key)" }
    }

    struct Kind: Sendable {
        let name: String
        let results: [Result]
        /// The most any of them says, 0 to 10,000.
        var best = 0
    }

    static let pageSize = 20
    /// What lies deeper says little of what was asked; a narrower question finds it.
    static let most = 200
    /// A passage that says less than this share of what was asked is no result.
    private static let least = 2_700
    private static let units = "unit"

    let text: String
    let kinds: [Kind]
    let chosen: Kind?
    let shown: [Result]
    let isAfter: Bool
    let hasMore: Bool
    /// The words of each of `shown`, in each of its languages.
    private(set) var texts = SearchTexts()

    static func read(_ visit: Visit, _ spaces: [SearchSpaceRule]) async throws -> SearchFound {
        let (query, actor, language, now) = (visit.query, visit.actor, visit.language, visit.now)
        let text = String(query.text("q").prefix(SearchQuestion.longest))
        let scopes = try spaces.filter { SearchScope.admits(actor, $0) }.map { ($0, try SearchScope($0, visit)) }
        let (kinds, isUnit) = try await visit.read { db -> ([Kind], Bool) in
            var kinds: [Kind] = []
            if text.isEmpty { return ([], false) }
            for (rule, scope) in scopes {
                var search = SearchQuery(space: rule.space, text: text, limit: most)
                search.least = least
                let hits = try scope.limit(search).run(in: db)
                let results = try standing(hits.map { Result($0, scope.path) }, rule, at: now, in: db)
                kinds.append(Kind(name: rule.kind, results: results, best: hits.first?.points ?? 0))
            }
            guard actor != nil else { return (kinds, false) }
            let found = try UnitNames(text, language, in: db)
            kinds.append(Kind(name: units, results: found.results))
            return (kinds, found.isNamed)
        }
        var list = SearchFound(text, kinds, isUnit: isUnit, kind: query.text("kind"), after: query.text("after"))
        let shown = list.shown.compactMap(\.document)
        guard let space = scopes.first(where: { $0.0.kind == list.chosen?.name })?.0.space, !shown.isEmpty else { return list }
        list.texts = try await visit.read { db in try SearchTexts(shown, in: space, db) }
        return list
    }

    private init(_ text: String, _ kinds: [Kind], isUnit: Bool, kind: String, after: String) {
        self.text = text
        self.kinds = kinds
        chosen = kinds.first { $0.name == kind } ?? Self.first(of: kinds, isUnit: isUnit)
        let results = chosen?.results ?? []
        let start = results.firstIndex { $0.cursor == after }.map { $0 + 1 } ?? results.firstIndex { $0.isBehind(after) } ?? 0
        isAfter = !after.isEmpty && start > 0
        shown = Array(results[start..<min(start + Self.pageSize, results.count)])
        hasMore = start + shown.count < results.count
    }

    /// Units when one was named whole; else the first kind in order, answers before all, that is not far behind the best; units
    /// when nothing else was found.
    private static func first(of kinds: [Kind], isUnit: Bool) -> Kind? {
        if isUnit, let named = kinds.first(where: { $0.name == Self.units }) { return named }
        let best = kinds.map(\.best).max() ?? 0
        return kinds.first { $0.best > 0 && $0.best * 2 >= best } ?? kinds.first { !$0.results.isEmpty } ?? kinds.first
    }

    /// With their marks, what is to come first.
    private static func standing(
        _ results: [Result], _ rule: SearchSpaceRule, at now: Instant, in db: any Reading
    ) throws -> [Result] {
        guard let standing = rule.standing, !results.isEmpty else { return results }
        let found = try standing(results.compactMap(\.document), now, db)
        let marked = results.map { result -> Result in
            guard let stands = result.document.flatMap({ found[$0] }) else { return result }
            var result = result
            result.mark = stands.mark
            if stands.isPast { result.points -= 10_001 }
            return result
        }
        return marked.filter { $0.points >= 0 } + marked.filter { $0.points < 0 }
    }

    /// Units whose name or code has what was typed.
    private struct UnitNames {
        var results: [Result] = []
        /// What was typed is the whole name or the code of the first.
        var isNamed = false

        init(_ text: String, _ language: Language, in db: any Reading) throws {
            let tree = try Tree.current(in: db)
            let units = try UnitSearch.current(in: db, tree: tree).find(text, in: tree)
            let asked = foldedLatin(text)
            for (place, no) in units.prefix(SearchFound.most).enumerated() {
                guard let unit = tree[no] else { continue }
                let above = tree.parent(of: no).flatMap { tree[$0]?.titles[language] }
                let code = tree.code(of: no)
                results.append(
                    Result(
                        path: "/units/" + percentEncoded(code),
                        text: [unit.titles[language], above].compactMap { $0 }.joined(separator: " · "),
                        language: language.rawValue, points: 10_000 - place, key: code))
                let names = Language.allCases.flatMap { [unit.names[$0], unit.titles[$0]] } + [code]
                isNamed = isNamed || names.contains { foldedLatin($0) == asked }
            }
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
