import JarshyKit
import Storage

/// What search knows of events: title, kind, topic, place, day and host, in each language. Public ones that were told are open
/// to anybody, the others to those who may open them. No name of a person.
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

    /// Which of these somebody may open.
    static func opens(
        _ events: [ID<Never>], by actor: Actor, at now: Instant, in db: any Reading
    ) throws -> Set<ID<Never>> {
        let scope = try EventScope(actor, at: now, in: db)
        return Set(try scope.seen(among: events.map { EventID($0) }, in: db).map { ID<Never>($0) })
    }

    /// Which of these the gate lets through at this moment.
    static func leaves(_ ids: [ID<Never>], at now: Instant, in db: any Reading) throws -> Set<ID<Never>> {
        let campaigns = try Campaigns.current(in: db)
        var leaving: Set<ID<Never>> = []
        for (campaign, events) in Dictionary(grouping: try found(ids.map { EventID($0) }, in: db), by: \.campaign) {
            guard let campaign = campaigns.find(campaign) else { continue }
            let passed = try EventRelease.leaving(.feed, events, in: campaign, at: now, db: db)
            leaving.formUnion(passed.map { ID<Never>($0.id) })
        }
        return leaving
    }

    private static func found(_ ids: [EventID], in db: any Reading) throws -> [Event] {
        var events: [Event] = []
        for chunk in Padded.chunks(ids) {
            events += try db.all(Event.self, where: "FROM event e WHERE e.id IN \(chunk) ORDER BY e.id")
        }
        return events
    }

    private static func documents(_ ids: [EventID], in db: any Reading) throws -> [SearchDocument] {
        let events = try found(ids, in: db)
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
                    isOpen: event.isPublic && event.announcedAt != nil,
                    texts: [parts.filter { !$0.isEmpty }.joined(separator: " · ")])
            }
        }
    }
}
