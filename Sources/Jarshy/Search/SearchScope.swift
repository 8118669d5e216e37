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
        var search = search
        if let actor, let opens = rule.opens { search.opens = { [now] documents, db in try opens(documents, actor, now, db) } }
        if actor == nil, let leaves = rule.leaves { search.leaves = { [now] documents, db in try leaves(documents, now, db) } }
        return search
    }

    /// Where a result leads.
    var path: String { actor == nil ? rule.publicPath : rule.path }
}
