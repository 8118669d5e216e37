import JarshyKit
import Storage

/// Which reports a list is about, read from its address and narrowed to what the reader may see.
struct ReportFilter: Sendable {
    /// What of a unit's reports may be opened one by one.
    enum Reach: Sendable, Hashable {
        case everything
        /// An organisation's representative sees own figures only.
        case organizations(Set<OrganizationNo>)
        /// Only what the reader filed.
        case own
    }

    enum State: String, Sendable, CaseIterable {
        /// Counts in the totals; what a list shows when nothing else is asked.
        case standing
        case evidenced, corrected, competing, voided, all
    }

    /// A span of the ledger's time, whatever days the reports are about: after a moment, up to another.
    struct Entered: Sendable {
        /// Nil: since the campaign began.
        let after: Instant?
        let until: Instant
    }

    let unit: Unit
    let campaign: Campaign
    let reach: Reach
    /// Set when only one author's reports are asked for or allowed.
    let author: PersonID?
    let from: Day?
    let to: Day?
    let activity: String?
    let audience: String?
    let channel: String?
    /// Hosts asked for; none: all.
    let hosts: [Organization]
    let band: Band?
    let flag: Flags?
    /// Only what is not yet checked so far.
    let below: Band?
    let state: State
    /// Only reports that told this metric.
    let metric: Metric?
    /// Set when the figures asked about are what the ledger took in within a span.
    let entered: Entered?
    let tree: Tree

    /// True when the whole country is looked at and no path need be asked about.
    var isRoot: Bool { unit.no == tree.root }
    var hasCellCondition: Bool {
        activity != nil || audience != nil || channel != nil || !hosts.isEmpty || organizations != nil
    }
    var organizations: Set<OrganizationNo>? { if case .organizations(let set) = reach { set } else { nil } }
    /// True when stored totals answer for this filter.
    var isTotalled: Bool { author == nil && flag == nil && below == nil && (state == .standing || state == .evidenced && band == nil) }

    /// - Throws: 404 for a unit, campaign or organisation out of sight.
    init(
        _ query: Fields, actor: Actor, today: Day, organizations: [Organization], tree: Tree, campaigns: Campaigns
    ) throws {
        self.tree = tree
        let asked = query.text("unit")
        if asked.isEmpty {
            guard let home = actor.home(for: [.viewReports, .fileReports], in: tree, on: today) ?? tree.root,
                let unit = tree[home]
            else { throw Problem.notFound("unit") }
            self.unit = unit
        } else {
            unit = try UnitScope(actor, in: tree, on: today).find(asked)
        }
        let chosen = try campaigns.chosen(query.text("campaign"), on: today)
        campaign = chosen
        reach = Reach(actor, over: unit.no, in: tree, on: today)
        author = reach == .own || query.text("author") == "me" ? actor.person : nil
        from = try query.optionalDay("from")
        to = try query.optionalDay("to")
        activity = query.code("activity")
        audience = query.code("audience")
        channel = query.code("channel")
        hosts = try query.all("organization").filter { !$0.isEmpty }.map { code in
            guard let found = organizations.first(where: { $0.code == code }) else {
                throw Problem.notFound("organization")
            }
            return found
        }
        band = query.code("band").flatMap { name in Band.allCases.first { $0.name == name } }
        flag = query.code("flag").map { Flags(text: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        below = query.code("unchecked").flatMap { name in Band.allCases.first { $0.name == name } }
        metric = query.code("metric").flatMap { chosen.metric($0) }
        entered = Int64(query.text("entered_until")).map { until in
            Entered(
                after: Int64(query.text("entered_after")).map { Instant(milliseconds: $0) },
                until: Instant(milliseconds: until))
        }
        // What was voided since was taken in all the same, and what was voided then is part of what moved.
        state = State(rawValue: query.text("state")) ?? (entered == nil ? .standing : .all)
    }
}

extension ReportFilter.Reach {
    init(_ actor: Actor, over unit: UnitNo, in tree: Tree, on day: Day) {
        if actor.kind == .operator {
            self = .everything
            return
        }
        let grants = actor.grants(of: .viewReports, over: unit, in: tree, on: day)
        let organizations = Set(grants.compactMap(\.organization))
        if grants.contains(where: { $0.organization == nil }) {
            self = .everything
        } else {
            self = organizations.isEmpty ? .own : .organizations(organizations)
        }
    }
}

extension Actor {
    /// The unit a page opens with: the highest one where the first of these rights that is held at all is held.
    func home(for rights: [Right], in tree: Tree, on day: Day) -> UnitNo? {
        if kind == .operator { return tree.root }
        for right in rights where allowed?.contains(right) ?? true {
            let units = grants.filter { $0.holds(on: day) && $0.rights.contains(right) && tree[$0.unit] != nil }.map(
                \.unit)
            if let home = units.min(by: { (tree.chain(of: $0).count, $0) < (tree.chain(of: $1).count, $1) }) {
                return home
            }
        }
        return nil
    }
}

extension Campaigns {
    /// The campaign of a code, else the one pages open with.
    func chosen(_ code: String, on day: Day) throws -> Campaign {
        guard let campaign = code.isEmpty ? current(on: day) : find(code) else { throw missing }
        return campaign
    }
}

extension Fields {
    /// A value chosen from a list; nil when nothing is chosen.
    func code(_ name: String) -> String? { text(name).isEmpty ? nil : text(name) }
}
