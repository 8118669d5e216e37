import JarshyKit
import Storage

/// Briefs: what is in force on each topic in each language, every version, who checked it; and the one a lecturer takes along.
enum BriefPages {
    static func routes(_ site: inout Routes) {
        site.get("/briefs", .signedIn) { visit in try await list(visit, problem: nil) }
        site.post("/briefs", .right(.manageFacts)) { visit in
            try await visit.attempt(
                {
                    let form = visit.form
                    let brief = try await visit.run(
                        WriteBrief(
                            campaign: form.text("campaign"), topic: form.text("topic"),
                            language: Language(rawValue: form.text("language")) ?? .kk, title: form.text("title"),
                            body: form.text("body"), sources: form.text("sources"),
                            facts: form.all("fact").compactMap { FactID($0) }))
                    return .redirect("/briefs/\(brief)", flash: .init(kind: .done, text: visit.words("brief.written")))
                }, again: { try await list(visit, problem: $0) })
        }
        site.post("/briefs/approve", .right(.approveAnswers)) { visit in
            guard let brief = BriefID(visit.form.text("brief")), let version = Int64(visit.form.text("version")) else {
                throw Problem.notFound("brief")
            }
            try await visit.run(ApproveBrief(brief: brief, version: version))
            return .redirect("/briefs/\(brief)", flash: .init(kind: .done, text: visit.words("brief.approved")))
        }
        site.get("/briefs/{id}", .signedIn) { visit in try await one(visit) }
        site.post("/briefs/{id}/take", .signedIn) { visit in
            guard let brief = BriefID(visit.parameter("id")), let event = EventID(visit.form.text("event")) else {
                throw Problem.notFound("brief")
            }
            let version = try await visit.run(TakeBrief(brief: brief, event: event))
            return .redirect(
                "/briefs/\(brief)",
                flash: .init(kind: .done, text: visit.words("brief.taken", ["n": visit.words.format.number(Int(version))])))
        }
    }

    private static func list(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, today, query) = (try visit.require(), visit.today, visit.query)
        let canWrite = actor.holdsAnywhere(.manageFacts, on: today)
        let facts = try await visit.read { db -> BriefListing in
            let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
            let briefs = try Brief.all(of: campaign.no, in: db)
            return BriefListing(
                campaign: campaign, topics: try EventTopic.all(of: campaign.no, in: db), briefs: briefs,
                stale: try Brief.stale(briefs, in: db), facts: canWrite ? try FactRows.choices(campaign.no, in: db) : [],
                canWrite: canWrite)
        }
        let page = BriefsPage(facts, problem: problem, visit: visit)
        return .page("briefs", page, PageHead(page.heading, section: "speakers"))
    }

    private static func one(_ visit: Visit) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, BriefID(visit.parameter("id")))
        let view = try await visit.read { db in try BriefView(id, actor: actor, now: now, in: db) }
        let page = BriefPage(view, visit: visit)
        return .page("brief", page, PageHead(page.heading, section: "speakers"))
    }
}

/// What the list of briefs needs.
struct BriefListing: Sendable {
    let campaign: Campaign
    let topics: [EventTopic]
    let briefs: [Brief]
    /// Those that rest on something that has changed.
    let stale: Set<BriefID>
    /// To choose from for a new version.
    let facts: [Fact]
    let canWrite: Bool
}

/// One brief with its versions and the reader's events to come.
struct BriefView: Sendable {
    let brief: Brief
    let topics: [EventTopic]
    let versions: [Brief.Version]
    let cited: [Int64: [Brief.Cited]]
    let people: [PersonID: String]
    let events: [Event]
    let names: EventNames
    let campaign: Campaign
    let tree: Tree
    let canApprove: Bool

    init(_ id: BriefID?, actor: Actor, now: Instant, in db: any Reading) throws {
        brief = try Brief.find(id, in: db)
        guard let campaign = try Campaigns.current(in: db).find(brief.campaign) else { throw Problem.notFound("campaign") }
        self.campaign = campaign
        tree = try Tree.current(in: db)
        topics = try EventTopic.all(of: campaign.no, in: db)
        let works = [Right.manageFacts, .approveAnswers].contains { actor.holdsAnywhere($0, on: Zone.kazakhstan.day(at: now)) }
        let force = brief.version
        // What is not checked yet is for those who write and check.
        versions = try Brief.versions(of: brief.id, in: db).filter { works || $0.version <= force }
        guard !versions.isEmpty else { throw Problem.notFound("brief") }
        cited = try Brief.cited(by: brief.id, in: db)
        people = try ReportRows.names(versions.flatMap { [$0.author, $0.checkedBy].compactMap { $0 } }, in: db)
        events = try db.all(
            Event.self,
            where: """
                FROM event e JOIN event_member m ON m.event = e.id
                WHERE m.person = \(actor.person) AND m.state IN ('invited', 'confirmed') AND e.campaign = \(campaign.no)
                    AND e.end_at >= \(now) AND e.state <> 'cancelled' ORDER BY e.start_at, e.id LIMIT 20
                """)
        names = try EventNames(events, campaign: campaign.no, in: db)
        canApprove = actor.holdsAnywhere(.approveAnswers, on: Zone.kazakhstan.day(at: now)) && versions.first?.author != actor.person
            && (versions.first?.version ?? 0) > brief.version
    }
}
