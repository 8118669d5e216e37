import JarshyKit
import Storage

/// What residents see: public events that were told, near or by topic; one of them; a feed of all. In the quiet period nothing
/// of class campaigning is shown anew: its own page stays, lists and feeds leave it out.
enum PublicEvents {
    static let pageSize = 30
    static let mostInFeed = 100

    static func routes(_ site: inout Routes) {
        site.get("/meetings", .open) { visit in try await list(visit) }
        site.get("/meetings.atom", .open) { visit in try await atom(visit) }
        site.get("/meetings/{id}", .open) { visit in try await one(visit) }
    }

    private static func list(_ visit: Visit) async throws -> Reply {
        let (query, now) = (visit.query, visit.now)
        let facts = try await visit.read { db in try PublicListing(query, now: now, limit: pageSize, in: db) }
        let page = MeetingsPage(facts, visit: visit)
        return .page("meetings", page, PageHead(page.heading, campaign: facts.campaign.names[visit.language]))
    }

    private static func atom(_ visit: Visit) async throws -> Reply {
        let (query, now) = (visit.query, visit.now)
        let facts = try await visit.read { db in try PublicListing(query, now: now, limit: mostInFeed, changed: true, in: db) }
        let text = EventText(words: visit.words, tree: facts.tree, campaign: facts.campaign)
        let entries = facts.events.map { event in Self.entry(event, facts, text, origin: visit.origin) }
        let plain = Fields(query.list.filter { ["unit", "topic", "campaign", "lang"].contains($0.name) }.map { ($0.name, $0.value) })
        let feed = AtomFeed(
            id: "urn:jarshy:meetings:\(facts.campaign.code):\(facts.unit.map(facts.tree.code) ?? "")",
            title: visit.words("meetings.title") + (facts.unit.map { ": \(text.unit($0))" } ?? ""), language: visit.language,
            own: visit.origin + ReportListPage.address("/meetings.atom", plain),
            page: visit.origin + ReportListPage.address("/meetings", plain), entries: entries)
        return reply(feed)
    }

    static func reply(_ feed: AtomFeed) -> Reply {
        let bytes = feed.bytes
        return Reply(status: 200, headers: [("content-type", "application/atom+xml; charset=utf-8")], body: .bytes(bytes))
            .header("cache-control", "no-cache").header("vary", "Accept-Language, Cookie").etag(ContentTag.of(bytes))
    }

    private static func entry(_ event: Event, _ facts: PublicListing, _ text: EventText, origin: String) -> AtomFeed.Entry {
        let state = event.state == .announced ? "" : "\(text.state(event.state)): "
        let parts = [text.when(event), text.place(event, facts.names.places), event.reason, text.words("event.voluntary")]
        return AtomFeed.Entry(
            id: "urn:uuid:\(event.id)", title: state + text.title(event, topics: facts.names.topics), updated: event.changedAt,
            published: event.announcedAt ?? event.changedAt, link: "\(origin)/meetings/\(event.id)",
            summary: parts.filter { !$0.isEmpty }.joined(separator: ". "), author: text.host(event, facts.names))
    }

    /// A public event's page, or with `.ics` behind it the event for a calendar program.
    private static func one(_ visit: Visit) async throws -> Reply {
        var name = visit.parameter("id")
        let isFile = name.hasSuffix(".ics")
        if isFile { name.removeLast(4) }
        let (id, now) = (EventID(name), visit.now)
        let facts = try await visit.read { db in try MeetingFacts(id, now: now, followed: false, in: db) }
        return try facts.reply(isFile ? .calendar : .page, visit)
    }
}

/// Public events of a list or a feed.
struct PublicListing: Sendable {
    let campaign: Campaign
    let tree: Tree
    let unit: UnitNo?
    let topic: String
    let events: [Event]
    let hasLater: Bool
    let names: EventNames
    let topics: [EventTopic]

    /// - Parameter changed: the newest changes of the last months instead of what comes next.
    init(_ query: Fields, now: Instant, limit: Int, changed: Bool = false, in db: any Reading) throws {
        let today = Zone.kazakhstan.day(at: now)
        let tree = try Tree.current(in: db)
        self.tree = tree
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
        unit = query.code("unit").flatMap { tree.find($0)?.no }
        topic = query.text("topic")
        var parts: [SQL] = [
            "e.campaign = \(campaign.no)", "e.shown = 'public'",
        ]
        parts.append(
            changed
                ? "e.announced_at IS NOT NULL AND e.changed_at >= \(now.advanced(seconds: -90 * 86_400))"
                : "e.state IN \(Event.State.told) AND e.end_at >= \(now)")
        if let unit { parts.append(EventRows.below(unit, tree)) }
        if !topic.isEmpty { parts.append("e.topic = \(topic)") }
        if campaign.isQuiet(at: now) { parts.append("e.class = 'information'") }
        if let after = EventRows.Cursor(query.text("after")), !changed {
            parts.append("(e.start_at, e.id) > (\(after.at), \(after.id))")
        }
        let order: SQL = changed ? "ORDER BY e.changed_at DESC, e.id" : "ORDER BY e.start_at, e.id"
        let found = try db.all(
            Event.self, where: "FROM event e WHERE " + SQL.joined(parts, " AND ") + " " + order + " LIMIT \(limit + 1)")
        let campaign = campaign
        events = try EventRelease.leaving(.feed, Array(found.prefix(limit)), in: campaign, at: now, db: db)
        hasLater = found.count > limit
        names = try EventNames(events, campaign: campaign.no, in: db)
        topics = try EventTopic.all(of: campaign.no, in: db)
    }
}

/// One event as anybody may read it.
struct MeetingFacts: Sendable {
    enum Shape { case page, calendar, atom }

    let event: Event
    let campaign: Campaign
    let tree: Tree
    let names: EventNames
    let notices: [Notice]
    let follow: String
    let isFollowed: Bool
    let now: Instant
    /// The gate's yes for this moment, with the imprint that stands under the page; nil while it has none.
    let pass: Release.Pass?
    /// Why feeds and files of it stay inside just now; the page itself, which somebody has the address of, stands.
    private let refusal: Problem?

    /// - Parameter followed: somebody has its private address, by which internal events are read too.
    /// - Throws: 404 for what was never told.
    init(_ id: EventID?, now: Instant, followed: Bool, in db: any Reading) throws {
        guard let id, let event = try db.first(Event.self, where: "FROM event e WHERE e.id = \(id)"),
            event.announcedAt != nil, event.isPublic || followed,
            let campaign = try Campaigns.current(in: db).find(event.campaign)
        else { throw Problem.notFound("event") }
        self.event = event
        self.campaign = campaign
        tree = try Tree.current(in: db)
        names = try EventNames([event], campaign: campaign.no, in: db)
        notices = try Notice.of([event.id], in: db)[event.id] ?? []
        follow = try EventSecret.find(in: db).map { FollowToken.make(id, secret: $0) } ?? ""
        isFollowed = followed
        self.now = now
        let judged = try Self.judged(event, in: campaign, at: now, db: db)
        pass = judged.pass
        // A cancellation is told whatever was cancelled.
        refusal = event.state == .cancelled ? nil : judged.refusal
    }

    private static func judged(
        _ event: Event, in campaign: Campaign, at now: Instant, db: any Reading
    ) throws -> (pass: Release.Pass?, refusal: Problem?) {
        do {
            return (try EventRelease.pass(.feed, event, in: campaign, at: now, db: db), nil)
        } catch let problem as Problem { return (nil, problem) }
    }

    func reply(_ shape: Shape, _ visit: Visit) throws -> Reply {
        if shape != .page, let refusal { throw refusal }
        let text = EventText(words: visit.words, tree: tree, campaign: campaign)
        let page = isFollowed ? "/follow/\(follow)" : "/meetings/\(event.id)"
        switch shape {
        case .calendar:
            let item = text.item(event, names, origin: visit.origin, url: page)
            return CalendarPages.reply(ICalendar(name: item.summary, items: [item]).bytes)
        case .atom:
            let title = text.title(event, topics: names.topics)
            let entries = notices.reversed().map { notice in
                AtomFeed.Entry(
                    id: "urn:jarshy:notice:\(event.id):\(notice.sequence)",
                    title: "\(visit.words("event.notice.\(notice.verb.rawValue)")): \(title)", updated: notice.at,
                    published: notice.at, link: visit.origin + page,
                    summary: [text.when(notice.start, notice.end), notice.reason].filter { !$0.isEmpty }.joined(separator: ". "),
                    author: text.host(event, names))
            }
            return PublicEvents.reply(
                AtomFeed(
                    id: "urn:uuid:\(event.id)", title: title, language: visit.language, own: "\(visit.origin)\(page).atom",
                    page: visit.origin + page, entries: entries))
        case .page:
            let model = MeetingPage(self, text, visit: visit)
            return .page("meeting", model, PageHead(model.heading, campaign: campaign.names[visit.language]))
        }
    }
}

/// The private address of one event.
enum FollowPages {
    static func routes(_ site: inout Routes) {
        site.get("/follow/{token}", .open) { visit in
            var token = visit.parameter("token")
            var shape = MeetingFacts.Shape.page
            if token.hasSuffix(".ics") { (token, shape) = (String(token.dropLast(4)), .calendar) }
            if token.hasSuffix(".atom") { (token, shape) = (String(token.dropLast(5)), .atom) }
            let (key, now) = (token, visit.now)
            let facts = try await visit.read { db -> MeetingFacts in
                guard let secret = try EventSecret.find(in: db), let id = FollowToken.event(key, secret: secret) else {
                    throw Problem.notFound("event")
                }
                return try MeetingFacts(id, now: now, followed: true, in: db)
            }
            return try facts.reply(shape, visit).header("referrer-policy", "no-referrer")
        }
    }
}
