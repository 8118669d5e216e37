import JarshyKit
import Storage

/// What search knows of proposals: the public wording and the reasons of those that are public. Nothing a sender wrote.
enum ProposalIndex {
    static let space = "proposals"

    /// Brings these up to date in the deed's own transaction.
    static func update(_ ids: [ProposalID], in db: any Writing) throws {
        let index = try SearchIndex(space, in: db)
        let shown = try ProposalRows.find(ids, in: db).filter { $0.isHead && $0.state.isPublic }
        try index.remove(ids.map { ID<Never>($0) })
        try index.put(
            try shown.flatMap { proposal in
                var texts: [Language: [String]] = [proposal.language: [proposal.title]]
                for step in try ProposalRows.steps(of: proposal.id, in: db) {
                    for (language, reason) in step.reasons.texts { texts[language, default: []].append(reason) }
                }
                return texts.sorted { $0.key.rawValue < $1.key.rawValue }.map { language, texts in
                    SearchDocument(
                        id: ID<Never>(proposal.id), language: language.rawValue, unit: proposal.unit, isOpen: true,
                        texts: texts)
                }
            })
        try index.flush()
    }
}
