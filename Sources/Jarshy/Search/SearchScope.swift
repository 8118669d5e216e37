import JarshyKit
import Storage

/// What somebody may find in a space: what is open to anybody, and what the feature itself would let this person open.
struct SearchScope: Sendable {
    private let rule: SearchSpaceRule
    private let actor: Actor?
    private let now: Instant

    /// - Throws: 401 for a space that holds nothing for strangers.
    init(_ rule: SearchSpaceRule, _ visit: Visit) throws {
        self.rule = rule
        now = visit.now
        actor = rule.isForAnybody ? visit.actor : try visit.require()
    }

    /// Whether there may be something for this person at all.
    static func admits(_ actor: Actor?, _ rule: SearchSpaceRule) -> Bool { rule.isForAnybody || actor != nil }

    func limit(_ search: SearchQuery) -> SearchQuery {
        guard let opens = rule.opens else { return search }
        var search = search
        search.opens = { [actor, now] documents, db in try opens(documents, actor, now, db) }
        return search
    }

    /// Where a result leads.
    var path: String { actor == nil ? rule.publicPath : rule.path }
}
