import JarshyKit
import Storage

/// What search knows of events: public ones that were told, each in three languages: title or kind with the topic, where it
/// is, whose it is. No name of a person.
enum EventIndex {
    static let source = SearchSource(
        space: "events",
        count: { db in try db.value("SELECT count(*) FROM event WHERE \(open)", as: Int.self) },
        ids: { after, limit, db in
            var sql: SQL = "SELECT id FROM event WHERE \(open)"
            if let after { sql += " AND id > \(after)" }
            return try db.all(ID<Never>.self, sql + " ORDER BY id LIMIT \(limit)")
        },
        documents: { ids, db in try documents(ids.map { EventID($0) }, in: db) })

    private static let open: SQL = "shown = 'public' AND announced_at IS NOT NULL"

    /// Brings events up to date by the search clock.
    static func changed(_ events: [EventID], at now: Instant, in db: any Writing) throws {
        try SearchPending.add(events.map { ID<Never>($0) }, space: source.space, at: now, in: db)
    }

    private static func documents(_ ids: [EventID], in db: any Reading) throws -> [SearchDocument] {
        let tree = try Tree.current(in: db)
        let campaigns = try Campaigns.current(in: db)
        var documents: [SearchDocument] = []
        for chunk in Padded.chunks(ids) {
            let events = try db.all(Event.self, where: "FROM event e WHERE \(open) AND e.id IN \(chunk) ORDER BY e.id")
            let places = try EventPlace.find(events.compactMap(\.place), in: db)
            let organizations = Dictionary(
                try Organization.all(in: db).map { ($0.no, $0.names) }, uniquingKeysWith: { first, _ in first })
            for (no, group) in Dictionary(grouping: events, by: \.campaign).sorted(by: { $0.key.value < $1.key.value }) {
                guard let campaign = campaigns.find(no) else { continue }
                let topics = try EventTopic.all(of: no, in: db).reduce(into: [:]) { $0[$1.code] = $1.names }
                for event in group {
                    for language in Language.allCases {
                        let parts = [
                            event.title, campaign.activity(event.activity)?.names[language] ?? "",
                            event.topic.flatMap { topics[$0]?[language] } ?? "",
                        ]
                        let place = [
                            tree[event.territory]?.titles[language] ?? "", event.place.flatMap { places[$0]?.name } ?? "",
                            tree[event.unit]?.titles[language] ?? "", organizations[event.organization]?[language] ?? "",
                        ]
                        documents.append(
                            SearchDocument(
                                id: ID<Never>(event.id), language: language.rawValue, unit: event.unit, isOpen: true,
                                texts: [parts, place].map { $0.filter { !$0.isEmpty }.joined(separator: ", ") }
                                    .filter { !$0.isEmpty }))
                    }
                }
            }
        }
        return documents
    }
}
