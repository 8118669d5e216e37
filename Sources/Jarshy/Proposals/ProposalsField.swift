import JarshyKit
import Storage

/// What a phone pulls: the proposals its person took down and what was decided. No contact ever goes back to a phone.
enum ProposalsField {
    static let most = 30
    static let days = 90

    static func part(for actor: Actor, on day: Day, in db: any Reading) throws -> [Json.Member] {
        let since = Zone.kazakhstan.instant(day.advanced(by: -days))
        let own = try db.all(
            Proposal.self,
            where: """
                FROM proposal p WHERE p.author = \(actor.person) AND p.made_at >= \(since)
                ORDER BY p.made_at DESC, p.id DESC LIMIT \(most)
                """)
        let heads = Dictionary(
            try ProposalRows.find(Array(Set(own.map(\.head))), in: db).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
        let last = try lastReasons(Array(heads.keys), in: db)
        return [
            .init("proposals", .list(own.map { proposal in
                let head = heads[proposal.head] ?? proposal
                var members: [Json.Member] = [
                    .init("id", .text(proposal.id.description)), .init("text", .text(proposal.body)),
                    .init("language", .text(proposal.language.rawValue)), .init("made", .integer(proposal.madeAt.milliseconds)),
                    .init("state", .text(head.state.rawValue)), .init("senders", .integer(head.senders)),
                    .init("reply", .text(proposal.reply.rawValue)),
                ]
                if let reason = last[head.id]?[proposal.language], !reason.isEmpty {
                    members.append(.init("reason", .text(reason)))
                }
                return .object(members)
            }))
        ]
    }

    /// The reasons of the latest decision of each.
    private static func lastReasons(_ heads: [ProposalID], in db: any Reading) throws -> [ProposalID: Reasons] {
        var last: [ProposalID: Reasons] = [:]
        for chunk in Padded.chunks(heads.sorted()) {
            try db.rows(
                """
                SELECT proposal, reason_kk, reason_ru, reason_en FROM proposal_step WHERE proposal IN \(chunk)
                ORDER BY at, id
                """
            ) { row in
                let id = try row.next(ProposalID.self)
                last[id] = Reasons([.kk: try row.next(), .ru: try row.next(), .en: try row.next()])
                return true
            }
        }
        return last
    }
}
