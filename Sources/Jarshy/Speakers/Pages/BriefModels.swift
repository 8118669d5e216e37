import JarshyKit

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
    let sources: [BriefSource]
    let facts: [BriefFact]
    let isStale: Bool
    let checked: String
    let hasWaiting: Bool
    let waitingTitle: String
    let waiting: [String]
    let waitingSources: [BriefSource]
    let waitingFacts: [BriefFact]
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
        sources = lines(force?.sources ?? "").map { BriefSource($0) }
        func cited(_ version: Brief.Version?) -> [BriefFact] {
            (version.flatMap { view.cited[$0.version] } ?? []).map { BriefFact($0, in: view.brief.language) }
        }
        facts = cited(force)
        isStale = facts.contains(where: \.isStale)
        waitingFacts = cited(newest)
        checked = words(
            "brief.by", ["author": force.flatMap { view.people[$0.author] } ?? "", "checker": force?.checkedBy.flatMap { view.people[$0] } ?? ""])
        hasWaiting = newest != nil
        waitingTitle = newest?.title ?? ""
        waiting = lines(newest?.body ?? "")
        waitingSources = lines(newest?.sources ?? "").map { BriefSource($0) }
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

/// A line `title | link`, or a link alone.
struct BriefSource: PageModel {
    let sourceTitle: String
    let sourceURL: String
    let hasURL: Bool

    init(_ line: String) {
        let parts = line.split(separator: "|", maxSplits: 1).map { String($0).trimmingSpaces() }
        let (first, last) = (parts.first ?? "", parts.last ?? "")
        hasURL = EventFacts.isWebAddress(last)
        sourceURL = hasURL ? last : ""
        sourceTitle = hasURL ? first : line
    }
}

struct BriefFact: PageModel {
    let statement: String
    let statementLang: String
    let factURL: String
    let isStale: Bool

    init(_ cited: Brief.Cited, in language: Language) {
        let said = cited.fact.statement(language)
        (statement, statementLang) = (said.text, said.language.rawValue)
        factURL = "/facts/\(cited.fact.source)"
        isStale = cited.isStale
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
    let hasFacts: Bool
    let facts: [CheckField]

    init(_ list: BriefListing, problem: Problem?, visit: Visit) {
        let (words, form) = (visit.words, visit.form)
        let (campaign, topics, briefs, canWrite) = (list.campaign, list.topics, list.briefs, list.canWrite)
        let wrong = FieldErrors(problem, words: words)
        trail = [TrailLink("/speakers", words("speakers.title"))]
        heading = words("briefs.title")
        here = heading
        rows = topics.flatMap { topic in
            briefs.filter { $0.topic == topic.code && (canWrite || $0.version > 0) }.map { brief in
                BriefRow(
                    briefURL: "/briefs/\(brief.id)", briefTopic: topic.names[words.language], briefLanguage: brief.language.ownName,
                    briefState: brief.version > 0
                        ? words("brief.version", ["n": words.format.number(Int(brief.version))]) : words("brief.none"),
                    isStale: list.stale.contains(brief.id))
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
            error: wrong["sources"], rows: 3, maxLength: 4000)
        let chosen = Set(form.all("fact"))
        hasFacts = !list.facts.isEmpty
        facts = list.facts.map { fact in
            CheckField(
                "fact", fact.statement(words.language).text, value: fact.id.description,
                checked: chosen.contains(fact.id.description), id: "fact-\(fact.id)")
        }
    }
}

struct BriefRow: PageModel {
    let briefURL: String
    let briefTopic: String
    let briefLanguage: String
    let briefState: String
    let isStale: Bool
}
