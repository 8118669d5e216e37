import JarshyKit
import Storage

/// What somebody may find in a space: what is open, or documents of units where one of the space's rights is held.
struct SearchScope: Sendable {
    private let rule: SearchSpaceRule
    private let holder: Actor?
    private let today: Day

    /// - Throws: 401 or 403 for a space that is not open to the visitor.
    init(_ rule: SearchSpaceRule, _ visit: Visit) throws {
        self.rule = rule
        today = visit.today
        guard !rule.isOpen else {
            holder = nil
            return
        }
        let actor = try visit.require()
        guard SearchScope.admits(actor, rule, on: visit.today) else {
            throw Problem.forbidden(rule.rights.first?.rawValue ?? "")
        }
        holder = actor
    }

    static func admits(_ actor: Actor?, _ rule: SearchSpaceRule, on day: Day) -> Bool {
        rule.isOpen || rule.rights.contains { actor?.holdsAnywhere($0, on: day) ?? false }
    }

    func limit(_ search: SearchQuery, in db: any Reading) throws -> SearchQuery {
        guard let holder else { return search }
        let tree = try Tree.current(in: db)
        let (rights, today) = (rule.rights, today)
        var search = search
        search.openOnly = false
        search.units = { unit in rights.contains { holder.holds($0, over: unit, in: tree, on: today) } }
        return search
    }
}
