import JarshyKit
import Storage

/// What search knows of proposals: the public wording and the reasons of those that are public. Nothing a sender wrote.
enum ProposalIndex {
    static let source = SearchSource(
        space: "proposals",
        count: { db in try db.value("SELECT count(*) FROM proposal WHERE head = id AND state IN \(shown)", as: Int.self) },
        ids: { after, limit, db in
            var sql: SQL = "SELECT id FROM proposal WHERE head = id AND state IN \(shown)"
            if let after { sql += " AND id > \(after)" }
            return try db.all(ID<Never>.self, sql + " ORDER BY id LIMIT \(limit)")
        },
        documents: { ids, db in try documents(ids.map { ProposalID($0) }, in: db) })

    private static let shown = Proposal.State.allCases.filter(\.isPublic)

    /// Brings these up to date in the deed's own transaction.
    static func update(_ ids: [ProposalID], in db: any Writing) throws {
        try PageStamp.touch(.proposals, in: db)
        try source.update(ids.map { ID<Never>($0) }, in: db)
    }

    private static func documents(_ ids: [ProposalID], in db: any Reading) throws -> [SearchDocument] {
        let found = try ProposalRows.find(ids, in: db).filter { $0.isHead && $0.state.isPublic }
        return try found.flatMap { proposal in
            var texts: [Language: [String]] = [proposal.language: [proposal.title]]
            for step in try ProposalRows.steps(of: proposal.id, in: db) {
                for (language, reason) in step.reasons.texts { texts[language, default: []].append(reason) }
            }
            return texts.sorted { $0.key.rawValue < $1.key.rawValue }.map { language, texts in
                SearchDocument(
                    id: ID<Never>(proposal.id), language: language.rawValue, unit: proposal.unit, isOpen: true, texts: texts)
            }
        }
    }
}
