import JarshyKit
import Storage

/// Groups that say almost the same as a text, in other words than those the server joins by itself.
struct NearProposals: Sendable {
    struct Found: Sendable {
        let proposal: Proposal
        /// `Likeness.share` of its closest member.
        let share: Double
    }

    /// Compared word for word; the others share fewer bands.
    private static let mostCompared = 200

    /// The group that is most alike, if it is near at all.
    static func nearest(to likeness: Likeness, in campaign: CampaignNo, _ db: any Reading) throws -> ProposalID? {
        try find(likeness, in: campaign, db).max { $0.share < $1.share }?.head
    }

    /// Heads near a group's head, the most alike first; without those a person found to differ.
    static func of(_ head: Proposal, limit: Int, in db: any Reading) throws -> [Found] {
        let unlike = Set(
            try db.all(
                """
                SELECT CASE WHEN one = \(head.id) THEN other ELSE one END FROM proposal_unlike
                WHERE one = \(head.id) OR other = \(head.id)
                """
            ) { row in try row.next(ProposalID.self) })
        var best: [ProposalID: Double] = [:]
        for match in try find(Likeness(head.body, russian: RussianStemmer()), in: head.campaign, db)
        where match.head != head.id && !unlike.contains(match.head) {
            best[match.head] = max(best[match.head] ?? 0, match.share)
        }
        let heads = try ProposalRows.find(Array(best.keys), in: db).filter { $0.state.isOpen }
        let found = heads.map { Found(proposal: $0, share: best[$0.id] ?? 0) }
        return Array(found.sorted { ($0.share, $1.proposal.id) > ($1.share, $0.proposal.id) }.prefix(limit))
    }

    private static func find(
        _ likeness: Likeness, in campaign: CampaignNo, _ db: any Reading
    ) throws -> [(head: ProposalID, share: Double)] {
        let bands = likeness.bands
        guard !bands.isEmpty else { return [] }
        let candidates = try db.all(
            """
            SELECT p.head, p.body, count(*) FROM likeness l JOIN proposal p ON p.id = l.subject
            WHERE l.kind = 'proposal' AND l.band IN \(bands) AND p.campaign = \(campaign)
            GROUP BY p.id, p.head, p.body ORDER BY count(*) DESC, p.id LIMIT \(mostCompared)
            """
        ) { row in (head: try row.next(ProposalID.self), body: try row.next(String.self)) }
        let russian = RussianStemmer()
        return candidates.compactMap { candidate in
            let other = Likeness(candidate.body, russian: russian)
            return likeness.isNear(other) ? (candidate.head, likeness.share(with: other)) : nil
        }
    }
}
