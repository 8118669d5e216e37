import JarshyKit
import Storage

/// What a public form says of itself: the campaign that was chosen, its desk, the organisation that takes what is written.
struct PublicDesk: Sendable {
    let campaign: Campaign
    let desk: Desk
    let organization: Organization?
    let tree: Tree

    static func read(_ visit: Visit) async throws -> PublicDesk {
        let (code, today) = (visit.query.text("campaign"), visit.today)
        return try await visit.read { db in
            let campaign = try Campaigns.current(in: db).chosen(code, on: today)
            let desk = try Desk.of(campaign.no, in: db)
            let organization = try desk.organization.flatMap { no in try Organization.all(in: db).first { $0.no == no } }
            return PublicDesk(campaign: campaign, desk: desk, organization: organization, tree: try Tree.current(in: db))
        }
    }
}
