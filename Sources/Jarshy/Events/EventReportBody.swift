import JarshyKit

/// What an event itself says of its report: everything of the operation `event.report` but its id and its numbers.
struct EventReportBody: Sendable {
    let event: Event
    let part: EventPart
    let campaign: Campaign
    let tree: Tree
    /// Code of the organisation it is held by; nil for none.
    let organization: String?
    let partners: [UnitNo]

    var members: [Json.Member] {
        var members: [Json.Member] = [
            .init("kind", .text(ReportEvent.kind)), .init("event", .text(event.id.description)),
            .init("part", .text(part.rawValue)), .init("campaign", .text(campaign.code)),
            .init("unit", .text(tree.code(of: event.unit))), .init("day", .text(event.day.description)),
            .init("activity", .text(event.activity)), .init("audience", .text(event.audience)),
            .init("channel", .text(channel)),
        ]
        if tree[event.territory].flatMap({ tree.kinds[$0.kind]?.territory }) == true {
            members.append(.init("place", .text(tree.code(of: event.territory))))
        }
        if let organization { members.append(.init("organization", .text(organization))) }
        if !partners.isEmpty {
            let credits = partners.map { unit in
                Json.object([.init("unit", .text(tree.code(of: unit))), .init("role", .text("co_host"))])
            }
            members.append(.init("credits", .list(credits)))
        }
        return members
    }

    private var channel: String {
        let online = campaign.channel("online")?.code
        let usual = campaign.activity(event.activity)?.channel ?? campaign.channels.first?.code ?? ""
        if part == .online { return online ?? usual }
        return usual == online ? campaign.channel("in_person")?.code ?? usual : usual
    }
}
