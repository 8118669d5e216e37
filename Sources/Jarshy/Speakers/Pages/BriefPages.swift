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
                            body: form.text("body"), sources: form.text("sources")))
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
        let facts = try await visit.read { db -> (campaign: Campaign, topics: [EventTopic], briefs: [Brief]) in
            let campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: today)
            return (campaign, try EventTopic.all(of: campaign.no, in: db), try Brief.all(of: campaign.no, in: db))
        }
        let page = BriefsPage(
            facts.campaign, facts.topics, facts.briefs, canWrite: actor.holdsAnywhere(.manageFacts, on: today), problem: problem,
            visit: visit)
        return .page("briefs", page, PageHead(page.heading, section: "speakers"))
    }

    private static func one(_ visit: Visit) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, BriefID(visit.parameter("id")))
        let view = try await visit.read { db in try BriefView(id, actor: actor, now: now, in: db) }
        let page = BriefPage(view, visit: visit)
        return .page("brief", page, PageHead(page.heading, section: "speakers"))
    }
}

/// One brief with its versions and the reader's events to come.
struct BriefView: Sendable {
    let brief: Brief
    let topics: [EventTopic]
    let versions: [Brief.Version]
    let cites: [Int64: [Int: BriefCite]]
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
        cites = try BriefCite.of(brief.id, in: db)
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

/// Fields as in `brief.mustache`.
struct BriefPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let about: String
    let base: String
    let briefID: String
    let isInForce: Bool
    let title: String
    let paragraphs: [String]
    let sources: [BriefSourceLine]
    let checked: String
    let hasWaiting: Bool
    let waitingTitle: String
    let waiting: [String]
    let waitingSources: [BriefSourceLine]
    let waitingBy: String
    let waitingVersion: String
    let canApprove: Bool
    let hasEvents: Bool
    let event: SelectField
    let versions: [BriefVersionLine]

    init(_ view: BriefView, visit: Visit) {
        let words = visit.words
        let text = SpeakerText(words: words, tree: view.tree, topics: view.topics)
        let events = EventText(words: words, tree: view.tree, campaign: view.campaign)
        func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
        let force = view.versions.first { $0.version == view.brief.version }
        let newest = view.versions.first { $0.version > view.brief.version }
        trail = [TrailLink("/speakers", words("speakers.title")), TrailLink("/briefs", words("briefs.title"))]
        heading = text.topic(view.brief.topic)
        here = heading
        lang = view.brief.language.rawValue
        about = "\(view.brief.language.ownName) · " + (force.map { words("brief.version", ["n": text.number(Int($0.version))]) } ?? words("brief.none"))
        base = "/briefs/\(view.brief.id)"
        briefID = view.brief.id.description
        isInForce = force != nil
        title = force?.title ?? ""
        paragraphs = lines(force?.body ?? "")
        func cited(_ version: Brief.Version?) -> [BriefSourceLine] {
            lines(version?.sources ?? "").enumerated().map { position, line in
                BriefSourceLine(line, view.cites[version?.version ?? 0]?[position], language: view.brief.language)
            }
        }
        sources = cited(force)
        checked = words(
            "brief.by", ["author": force.flatMap { view.people[$0.author] } ?? "", "checker": force?.checkedBy.flatMap { view.people[$0] } ?? ""])
        hasWaiting = newest != nil
        waitingTitle = newest?.title ?? ""
        waiting = lines(newest?.body ?? "")
        waitingSources = cited(newest)
        waitingBy = newest.flatMap { view.people[$0.author] } ?? ""
        waitingVersion = "\(newest?.version ?? 0)"
        canApprove = view.canApprove
        hasEvents = !view.events.isEmpty && force != nil
        event = SelectField(
            "event", words("brief.event"),
            options: view.events.map { ($0.id.description, "\(events.when($0)) · \(events.title($0, topics: view.names.topics))") },
            required: true)
        versions = view.versions.map { version in
            BriefVersionLine(
                versionText: words("brief.version", ["n": text.number(Int(version.version))]),
                versionBy: words(
                    version.checkedBy == nil ? "brief.by.unchecked" : "brief.by",
                    ["author": view.people[version.author] ?? ""].merging(
                        version.checkedBy.map { ["checker": view.people[$0] ?? ""] } ?? [:]) { first, _ in first }),
                versionAt: words.moment(version.at, now: visit.now))
        }
    }
}

/// One line of a brief's sources; of what stands in the library its title, or what the fact says.
struct BriefSourceLine: PageModel {
    let sourceText: String
    let isLink: Bool
    let sourceURL: String
    let hasChanged: Bool

    init(_ line: String, _ cite: BriefCite?, language: Language) {
        let said = cite.flatMap { cite in
            ([language] + Language.allCases).lazy.compactMap { cite.statements[$0] }.first { !$0.isEmpty }
        }
        sourceText = cite.map { cite in said.map { "\($0) (\(cite.title))" } ?? cite.title } ?? line
        sourceURL = cite?.address.path ?? line
        isLink = cite != nil || WebLink.isLink(line)
        hasChanged = cite?.isBehind ?? false
    }
}

struct BriefVersionLine: PageModel {
    let versionText: String
    let versionBy: String
    let versionAt: String
}

/// Fields as in `briefs.mustache`.
struct BriefsPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let rows: [BriefRow]
    let isEmpty: Bool
    let canWrite: Bool
    let campaign: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let topic: SelectField
    let language: SelectField
    let title: TextField
    let body: AreaField
    let sources: AreaField

    init(
        _ campaign: Campaign, _ topics: [EventTopic], _ briefs: [Brief], canWrite: Bool, problem: Problem?, visit: Visit
    ) {
        let (words, form) = (visit.words, visit.form)
        let wrong = FieldErrors(problem, words: words)
        trail = [TrailLink("/speakers", words("speakers.title"))]
        heading = words("briefs.title")
        here = heading
        rows = topics.flatMap { topic in
            briefs.filter { $0.topic == topic.code && (canWrite || $0.version > 0) }.map { brief in
                BriefRow(
                    briefURL: "/briefs/\(brief.id)", briefTopic: topic.names[words.language], briefLanguage: brief.language.ownName,
                    briefState: brief.version > 0
                        ? words("brief.version", ["n": words.format.number(Int(brief.version))]) : words("brief.none"))
            }
        }
        isEmpty = rows.isEmpty
        self.canWrite = canWrite
        self.campaign = campaign.code
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        topic = SelectField(
            "topic", words("event.topic"), options: topics.map { ($0.code, $0.names[words.language]) }, chosen: form.text("topic"),
            error: wrong["topic"], required: true)
        language = SelectField(
            "language", words("event.language"), options: Language.allCases.map { ($0.rawValue, $0.ownName) },
            chosen: form.text("language"), required: true)
        title = TextField("title", words("brief.name"), value: form.text("title"), error: wrong["title"], required: true)
        body = AreaField(
            "body", words("brief.body"), value: form["body"] ?? "", hint: words("brief.body.hint"), error: wrong["body"],
            required: true, rows: 8, maxLength: WriteBrief.longest)
        sources = AreaField(
            "sources", words("brief.sources"), value: form["sources"] ?? "", hint: words("brief.sources.hint"),
            error: wrong["sources"], required: true, rows: 3, maxLength: 4000)
    }
}

struct BriefRow: PageModel {
    let briefURL: String
    let briefTopic: String
    let briefLanguage: String
    let briefState: String
}
