import JarshyKit
import Storage

/// Who could speak at an event, and why; and the rota, which suggests for every event that has no speaker yet.
enum SuggestionPages {
    static func routes(_ site: inout Routes) {
        site.get("/speakers/for/{id}", .signedIn) { visit in try await one(visit, problem: nil) }
        site.post("/speakers/for/{id}", .signedIn) { visit in
            try await visit.attempt({ try await ask(visit) }, again: { try await one(visit, problem: $0) })
        }
        site.get("/speakers/rota", .right(.manageEvents)) { visit in try await rota(visit, problem: nil) }
        site.post("/speakers/rota", .right(.manageEvents)) { visit in
            try await visit.attempt({ try await askAll(visit) }, again: { try await rota(visit, problem: $0) })
        }
    }

    private static func one(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, now, id) = (try visit.require(), visit.now, EventID(visit.parameter("id")))
        let facts = try await visit.read { db in try SuggestionFacts(id, actor: actor, now: now, in: db) }
        let page = SuggestionsPage(facts, problem: problem, visit: visit)
        return .page("suggestions", page, PageHead(page.heading, section: "speakers"))
    }

    private static func ask(_ visit: Visit) async throws -> Reply {
        guard let event = EventID(visit.parameter("id")) else { throw Problem.notFound("event") }
        guard let person = PersonID(visit.form.text("person")) else {
            throw Problem.invalid([Problem.Fault("person", "missing", "'person' is missing.")])
        }
        _ = try await visit.run(AskSpeakers(pairs: [.init(event: event, person: person)]))
        return .redirect("/events/\(event)", flash: .init(kind: .done, text: visit.words("event.done.invite")))
    }

    private static func rota(_ visit: Visit, problem: Problem?) async throws -> Reply {
        let (actor, now, query) = (try visit.require(), visit.now, visit.query)
        let facts = try await visit.read { db in try RotaFacts(query, actor: actor, now: now, in: db) }
        let page = RotaPage(facts, problem: problem, visit: visit)
        return .page("rota", page, PageHead(page.heading, section: "speakers"))
    }

    private static func askAll(_ visit: Visit) async throws -> Reply {
        let pairs = visit.form.all("pair").compactMap { text -> AskSpeakers.Pair? in
            let halves = text.split(separator: " ")
            guard halves.count == 2, let event = EventID(halves[0]), let person = PersonID(halves[1]) else { return nil }
            return AskSpeakers.Pair(event: event, person: person)
        }
        let asked = try await visit.run(AskSpeakers(pairs: pairs))
        return .redirect(
            "/speakers/rota", flash: .init(kind: .done, text: visit.words("rota.asked", ["n": visit.words.format.number(asked)])))
    }
}

/// Suggestions for one event.
struct SuggestionFacts: Sendable {
    let event: Event
    let campaign: Campaign
    let tree: Tree
    let topics: [EventTopic]
    let names: EventNames
    let speakers: [PersonID: Speaker]
    let suggestions: [Suggestion]
    let mayAsk: Bool

    static let most = 60

    init(_ id: EventID?, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try EventScope(actor, at: now, in: db)
        let event = try scope.find(id, in: db)
        try scope.require(.manageEvents, over: event)
        self.event = event
        tree = scope.tree
        guard let campaign = try Campaigns.current(in: db).find(event.campaign) else { throw Problem.notFound("campaign") }
        self.campaign = campaign
        topics = try EventTopic.all(of: campaign.no, in: db)
        names = try EventNames([event], campaign: campaign.no, in: db)
        let taken = Set((names.members[event.id] ?? []).filter { $0.state != .declined && $0.state != .withdrawn }.map(\.person))
        let all = try SpeakerRows.of(SpeakerScope(actor, at: now, in: db).units, campaign: campaign.no, at: now, in: db)
            .filter { !taken.contains($0.person) }
        speakers = Dictionary(all.map { ($0.person, $0) }, uniquingKeysWith: { first, _ in first })
        var rota = Rota(all, in: tree)
        suggestions = Array(rota.suggestions(for: Need(event)).prefix(Self.most))
        mayAsk = !event.isOver
    }
}

/// Fields as in `suggestions.mustache`.
struct SuggestionsPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lang: String
    let eventName: String
    let when: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let action: String
    let mayAsk: Bool
    let rows: [SuggestionRow]
    let isEmpty: Bool
    let empty: EmptyState

    init(_ facts: SuggestionFacts, problem: Problem?, visit: Visit) {
        let words = visit.words
        let text = SpeakerText(words: words, tree: facts.tree, topics: facts.topics)
        let events = EventText(words: words, tree: facts.tree, campaign: facts.campaign)
        heading = words("event.suggest")
        here = heading
        eventName = events.title(facts.event, topics: facts.names.topics)
        lang = events.lang(facts.event)
        trail = [TrailLink("/events", words("events.title")), TrailLink("/events/\(facts.event.id)", eventName)]
        when = "\(events.when(facts.event)) · \(events.place(facts.event, facts.names.places))"
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        action = "/speakers/for/\(facts.event.id)"
        mayAsk = facts.mayAsk
        let may = facts.mayAsk
        rows = facts.suggestions.enumerated().map { index, suggestion in
            let speaker = facts.speakers[suggestion.person]
            return SuggestionRow(
                personID: suggestion.person.description, personName: speaker?.name ?? "",
                personUnit: speaker.map { text.unit($0.unit) } ?? "", isPossible: suggestion.isPossible && may,
                isFirst: index == 0, reasons: text.reasons(suggestion).map { SuggestionReason(reason: $0) })
        }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("speakers.empty"), next: words("suggest.empty.next"), step: ("/speakers/new", words("speaker.new")))
    }
}

struct SuggestionRow: PageModel {
    let personID: String
    let personName: String
    let personUnit: String
    let isPossible: Bool
    let isFirst: Bool
    let reasons: [SuggestionReason]
}

struct SuggestionReason: PageModel {
    let reason: String
}

/// Events to come without a speaker, with a suggestion each.
struct RotaFacts: Sendable {
    let campaign: Campaign
    let tree: Tree
    let topics: [EventTopic]
    let names: EventNames
    let events: [EventID: Event]
    let speakers: [PersonID: Speaker]
    let pairs: [(need: Need, suggestion: Suggestion?)]
    let isCut: Bool
    let days: Int

    static let most = 200

    init(_ query: Fields, actor: Actor, now: Instant, in db: any Reading) throws {
        let scope = try EventScope(actor, at: now, in: db)
        let tree = scope.tree
        self.tree = tree
        campaign = try Campaigns.current(in: db).chosen(query.text("campaign"), on: scope.today)
        topics = try EventTopic.all(of: campaign.no, in: db)
        days = min(max(Int(query.text("days")) ?? 14, 1), 60)
        let units = actor.kind == .operator ? [tree.root].compactMap { $0 } : actor.grants.filter {
            $0.holds(on: scope.today) && $0.rights.contains(.manageEvents) && actor.allowed?.contains(.manageEvents) ?? true
        }.map(\.unit)
        let managed: SQL
        if let root = tree.root, units.contains(root) {
            managed = "1 = 1"
        } else {
            let below = Array(Set(units.flatMap { tree.subtree(of: $0) })).sorted()
            managed = "(" + SQL.joined(Padded.chunks(below).map { chunk -> SQL in "e.unit IN \(chunk)" }, " OR ") + ")"
        }
        let found = try db.all(
            Event.self,
            where: """
                FROM event e WHERE e.campaign = \(campaign.no) AND e.state IN ('draft', 'announced', 'moved')
                    AND e.start_at >= \(now) AND e.start_at < \(now.advanced(seconds: Int64(days) * 86_400)) AND \(managed)
                    AND NOT EXISTS (SELECT 1 FROM event_member m WHERE m.event = e.id AND m.role = 'speaker'
                        AND m.state IN ('asked', 'invited', 'confirmed'))
                ORDER BY e.start_at, e.id LIMIT \(Self.most + 1)
                """)
        isCut = found.count > Self.most
        let open = Array(found.prefix(Self.most))
        events = Dictionary(open.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        names = try EventNames(open, campaign: campaign.no, in: db)
        let all = try SpeakerRows.of(SpeakerScope(actor, at: now, in: db).units, campaign: campaign.no, at: now, in: db)
        speakers = Dictionary(all.map { ($0.person, $0) }, uniquingKeysWith: { first, _ in first })
        var rota = Rota(all, in: tree)
        pairs = rota.assign(open.map { Need($0) })
    }
}

/// Fields as in `rota.mustache`.
struct RotaPage: PageModel {
    let trail: [TrailLink]
    let here: String
    let heading: String
    let lead: String
    let hasErrors: Bool
    let errors: ErrorSummary
    let isCut: Bool
    let rows: [RotaRow]
    let hasAny: Bool
    let isEmpty: Bool
    let empty: EmptyState

    init(_ facts: RotaFacts, problem: Problem?, visit: Visit) {
        let words = visit.words
        let text = SpeakerText(words: words, tree: facts.tree, topics: facts.topics)
        let events = EventText(words: words, tree: facts.tree, campaign: facts.campaign)
        trail = [TrailLink("/speakers", words("speakers.title"))]
        heading = words("rota.title")
        here = heading
        lead = words("rota.lead", ["n": words.format.number(facts.pairs.count), "days": words.format.number(facts.days)])
        hasErrors = problem != nil
        errors = problem.map { ErrorSummary($0, words: words) } ?? .none
        isCut = facts.isCut
        rows = facts.pairs.compactMap { pair in
            guard let event = facts.events[pair.need.event] else { return nil }
            return RotaRow(
                event: event, suggestion: pair.suggestion, speaker: pair.suggestion.flatMap { facts.speakers[$0.person]?.name } ?? "",
                names: facts.names, events: events, text: text)
        }
        hasAny = facts.pairs.contains { $0.suggestion != nil }
        isEmpty = rows.isEmpty
        empty = EmptyState(words("rota.empty"), next: words("rota.empty.next"), step: ("/events", words("events.title")))
    }
}

struct RotaRow: HotRow {
    let event: Event
    let suggestion: Suggestion?
    let speaker: String
    let names: EventNames
    let events: EventText
    let text: SpeakerText

    func field(_ name: String) -> (any Sendable)? {
        switch name {
        case "eventURL": "/events/\(event.id)"
        case "title": events.title(event, topics: names.topics)
        case "lang": events.lang(event)
        case "when": events.when(event)
        case "place": events.place(event, names.places)
        case "hasSpeaker": suggestion != nil
        case "speaker": speaker
        case "pair": suggestion.map { "\(event.id) \($0.person)" } ?? ""
        case "pairID": "pair-\(event.id)"
        case "why": suggestion.map { text.reasons($0).joined(separator: " · ") } ?? ""
        default: nil
        }
    }
}
