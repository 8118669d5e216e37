import JarshyKit
import Storage

/// Finding answers, questions and whatever later features keep, in Kazakh and Russian as people write them.
///
/// A **space** holds one sort of thing. A **document** is cut into **passages** of one to three sentences; a passage is found
/// by its **terms**: stems (`SearchTerms`) and threes of letters, both folded to one spelling for all alphabets. Where a term
/// stands is kept in `search_posting`, packed, by the database in use, so both engines find the same in the same order.
/// Features put their documents in within the deed that changes them (`SearchIndex`): what is published is found at once.
///
/// Invariants: what is removed is found no more; nobody finds what the feature would not let them open; the index can be
/// built anew from the features' tables at any time (`jarshy reindex`) and is then the same.
///
///     GET /search         ?q= &kind= &after=             the page: what is open for residents, more for staff
///     GET /api/v1/search  ?q= &in=answers|… &limit=      answers are anybody's; the rest as far as one may open it
enum Search {
    static func routes(_ site: inout Routes, spaces: [SearchSpaceRule]) {
        SearchPages.routes(&site, spaces)
        site.get("/api/v1/search", .open, api: SearchApi.note) { visit in try await SearchApi.answer(visit, spaces) }
    }
}

/// A space, who may search it, and where its documents come from.
struct SearchSpaceRule: Sendable {
    let space: String
    /// What `kind` says of a result.
    let kind: String
    let source: SearchSource
    /// Where a result leads: this and its id; for strangers `publicPath`.
    let path: String
    let publicPath: String
    /// Whether anything in it is open to strangers; otherwise one has to sign in.
    let isForAnybody: Bool
    /// What is to be said beside what was found; nil where nothing is.
    let standing: Standing?
    /// Which of these documents, none of them open to anybody, somebody may open now, nil being a stranger: the feature's own
    /// scope and gate.
    let opens: Opens?

    typealias Standing = @Sendable ([ID<Never>], Instant, any Reading) throws -> [ID<Never>: SearchStanding]
    typealias Opens = @Sendable ([ID<Never>], Actor?, Instant, any Reading) throws -> Set<ID<Never>>

    init(
        kind: String, path: String, publicPath: String? = nil, isForAnybody: Bool = true, _ source: SearchSource,
        standing: Standing? = nil, opens: Opens? = nil
    ) {
        self.space = source.space
        self.kind = kind
        self.source = source
        self.path = path
        self.publicPath = publicPath ?? path
        self.isForAnybody = isForAnybody
        self.standing = standing
        self.opens = opens
    }
}

/// How things stand with something that was found.
struct SearchStanding: Sendable {
    /// A mark's class and symbol, and the key of its word; nil where nothing is to be said.
    let mark: (kind: String, key: String)?
    /// It is over: shown behind what is to come.
    let isPast: Bool
}
