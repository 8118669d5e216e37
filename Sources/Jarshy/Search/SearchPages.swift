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
        let question = SearchQuestion(found.text)
        results = found.shown.map { SearchLine($0, found.texts, question, words: words) }
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
