import JarshyKit
import Storage

/// What search knows of events: title, kind, topic, place, day and host, in each language. Strangers find public ones that were
/// told and pass the gate just now; staff also those they may open. No name of a person.
enum EventIndex {
    static let source = SearchSource(
        space: "events",
        count: { db in try db.value("SELECT count(*) FROM event", as: Int.self) },
        ids: { after, limit, db in
            var sql: SQL = "SELECT id FROM event"
            if let after { sql += " WHERE id > \(after)" }
            return try db.all(ID<Never>.self, sql + " ORDER BY id LIMIT \(limit)")
        },
        documents: { ids, db in try documents(ids.map { EventID($0) }, in: db) })

    /// These say something else now, or are shown to others.
    static func changed(_ events: [EventID], at now: Instant, in db: any Writing) throws {
        try SearchPending.add(events.map { ID<Never>($0) }, space: source.space, at: now, in: db)
    }

    /// Which of these somebody may open; a list is a way out, so for strangers the gate is asked.
    static func opens(
        _ events: [ID<Never>], by actor: Actor?, at now: Instant, in db: any Reading
    ) throws -> Set<ID<Never>> {
        guard let actor else {
            let campaigns = try Campaigns.current(in: db)
            var told: [Event] = []
            for chunk in Padded.chunks(events) {
                told += try db.all(
                    Event.self,
                    where: "FROM event e WHERE e.id IN \(chunk) AND e.shown = 'public' AND e.announced_at IS NOT NULL")
            }
            let leaving = try Dictionary(grouping: told, by: \.campaign).flatMap { no, events -> [Event] in
                guard let campaign = campaigns.find(no) else { return [] }
                return try EventRelease.leaving(.feed, events, in: campaign, at: now, db: db)
            }
            return Set(leaving.map { ID<Never>($0.id) })
        }
        let scope = try EventScope(actor, at: now, in: db)
        return Set(try scope.seen(among: events.map { EventID($0) }, in: db).map { ID<Never>($0) })
    }

    /// What is drafted, moved, held or cancelled says so beside its line; what is over stands behind what is to come.
    static func standing(_ events: [ID<Never>], at now: Instant, in db: any Reading) throws -> [ID<Never>: SearchStanding] {
        var found: [ID<Never>: SearchStanding] = [:]
        for chunk in Padded.chunks(events) {
            try db.rows("SELECT id, state, end_at FROM event WHERE id IN \(chunk)") { row in
                let (id, state) = (try row.next(ID<Never>.self), try row.next(Event.State.self))
                let end = try row.next(Instant.self)
                let isPast = state == .held || state == .cancelled || end < now
                let mark: (kind: String, key: String)? = switch state {
                case .announced: isPast ? ("closed", "events.show.past") : nil
                default: (state.mark, "event.state.\(state.rawValue)")
                }
                found[id] = SearchStanding(mark: mark, isPast: isPast)
                return true
            }
        }
        return found
    }

    private static func documents(_ ids: [EventID], in db: any Reading) throws -> [SearchDocument] {
        var events: [Event] = []
        for chunk in Padded.chunks(ids) {
            events += try db.all(Event.self, where: "FROM event e WHERE e.id IN \(chunk) ORDER BY e.id")
        }
        guard !events.isEmpty else { return [] }
        let (tree, campaigns) = (try Tree.current(in: db), try Campaigns.current(in: db))
        let places = try EventPlace.find(events.compactMap(\.place), in: db)
        let organizations = Dictionary(
            try Organization.all(in: db).map { ($0.no, $0.names) }, uniquingKeysWith: { first, _ in first })
        var topics: [CampaignNo: [String: Trio]] = [:]
        for campaign in Set(events.map(\.campaign)) {
            topics[campaign] = Dictionary(
                try EventTopic.all(of: campaign, in: db).map { ($0.code, $0.names) }, uniquingKeysWith: { first, _ in first })
        }
        return events.flatMap { event in
            let activity = campaigns.find(event.campaign)?.activity(event.activity)?.names
            let topic = event.topic.flatMap { topics[event.campaign]?[$0] }
            return Language.allCases.map { language in
                let day = event.day.parts
                let parts = [
                    event.title, activity?[language] ?? "", topic?[language] ?? "",
                    tree[event.territory]?.titles[language] ?? "", event.place.flatMap { places[$0]?.name } ?? "",
                    Format(language).date(year: day.year, month: day.month, day: day.day),
                    tree[event.unit]?.titles[language] ?? "", organizations[event.organization]?[language] ?? "",
                ]
                return SearchDocument(
                    id: ID<Never>(event.id), language: language.rawValue, unit: event.unit,
                    texts: [parts.filter { !$0.isEmpty }.joined(separator: " · ")])
            }
        }
    }
}
