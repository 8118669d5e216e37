import JarshyKit
import Storage

extension Release {
    /// The gate's yes for one item at one moment. Nothing else can make one.
    struct Pass: Sendable {
        let item: Item
        let organization: Organization
        let imprint: Imprint
        let at: Instant

        fileprivate init(_ item: Item, _ organization: Organization, _ imprint: Imprint, at now: Instant) {
            self.item = item
            self.organization = organization
            self.imprint = imprint
            at = now
        }
    }
}

/// The gate at one moment, with what it judges by read once: three statements, however many items pass; a letter costs one more.
struct ReleaseGate {
    private let now: Instant
    private let campaigns: Campaigns
    private let organizations: [OrganizationNo: Organization]
    private let imprints: [Release.Imprint.Key: Release.Imprint]
    private let db: any Reading

    init(at now: Instant, in db: any Reading) throws {
        self.now = now
        self.db = db
        campaigns = try Campaigns.current(in: db)
        organizations = Dictionary(try Organization.all(in: db).map { ($0.no, $0) }, uniquingKeysWith: { first, _ in first })
        imprints = try Release.Imprint.all(in: db)
    }

    /// - Throws: the `Problem` that says why it stays, and what to do.
    func pass(_ item: Release.Item) throws -> Release.Pass {
        let facts = Surroundings(
            campaign: campaigns.find(item.campaign), organization: organizations[item.organization],
            imprint: imprints[Release.Imprint.Key(item.campaign, item.organization)],
            marks: try item.address.map { try ContactMark.kinds(of: $0, in: db) } ?? [])
        if let problem = Self.refusal(of: item, facts, at: now) { throw problem }
        guard let organization = facts.organization, let imprint = facts.imprint else {
            throw Release.Refusal.organization
        }
        return Release.Pass(item, organization, imprint, at: now)
    }

    /// Whether it passes, for lists that leave out what does not.
    func lets(_ item: Release.Item) -> Bool { (try? pass(item)) != nil }

    /// Asks for one item alone.
    @discardableResult
    static func pass(_ item: Release.Item, at now: Instant, in db: any Reading) throws -> Release.Pass {
        try ReleaseGate(at: now, in: db).pass(item)
    }

    /// What the rule asks of where an item comes from.
    struct Surroundings: Sendable {
        let campaign: Campaign?
        let organization: Organization?
        let imprint: Release.Imprint?
        let marks: Set<ContactMark.Kind>
    }

    /// The rule itself: nil when the item may leave. An address comes last, so that a refusal tells of no address what the
    /// others would not have told.
    static func refusal(of item: Release.Item, _ facts: Surroundings, at now: Instant) -> Problem? {
        guard let campaign = facts.campaign else { return Problem.notFound("campaign") }
        guard let organization = facts.organization else { return Release.Refusal.organization }
        if let name = item.name, !organization.isCalled(name) { return Release.Refusal.name(organization) }
        guard let itemClass = item.itemClass else { return Release.Refusal.unclassed }
        guard let imprint = facts.imprint, imprint.isWhole else { return Release.Refusal.imprint(organization, campaign) }
        if itemClass == .campaigning, let vote = campaign.vote, campaign.isQuiet(at: now) { return Release.Refusal.quiet(vote) }
        if facts.marks.contains(.doNotContact) { return Release.Refusal.doNotContact }
        if facts.marks.contains(.bounced) { return Release.Refusal.bounced }
        return nil
    }
}

extension Release {
    /// Why something stays: each says what to do.
    enum Refusal {
        static let organization = Problem.conflict(
            "release-organization",
            "Nothing leaves without an organisation of the headquarters behind it. Say in whose name: /questions/desk.")

        static func name(_ organization: Organization) -> Problem {
            Problem.conflict(
                "release-name", "It carries another name than the organisation's own. Give it the name '\(organization.names.en)'.",
                slots: ["organization": organization.names.kk])
        }

        static let unclassed = Problem.conflict(
            "release-class", "Nobody has settled whether this is information or campaigning. Have the class confirmed first.")

        static func imprint(_ organization: Organization, _ campaign: Campaign) -> Problem {
            Problem.conflict(
                "release-imprint",
                "The imprint of '\(organization.code)' in '\(campaign.code)' is not filled in. Fill it in at /imprints and try again.",
                slots: ["organization": organization.names.kk])
        }

        static func quiet(_ vote: Day) -> Problem {
            Problem.conflict(
                "release-quiet", "Quiet period: nothing campaigning leaves before the end of \(vote). It waits; nothing is lost.",
                slots: ["day": vote.description])
        }

        static let doNotContact = Problem.conflict(
            "do-not-contact", "Whoever has this address asked not to be contacted. Nothing is sent; leave it so.")
        static let bounced = Problem.conflict(
            "address-bounced", "Letters to this address come back. Use another way to reach the asker.")

        /// True for what time or a deed of the organisation mends: a letter then waits. Else it is stopped for good.
        static func isPassing(_ problem: Problem) -> Bool {
            ["release-quiet", "release-imprint", "release-organization", "release-class"].contains(problem.slug)
        }
    }
}

extension Organization {
    /// One of its own names, however letters are cased.
    func isCalled(_ name: String) -> Bool {
        [names.kk, names.ru, names.en].contains { folded($0) == folded(name) }
    }
}
