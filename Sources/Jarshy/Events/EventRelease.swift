import JarshyKit
import Storage

/// Events at the gate for what leaves: told anew, listed, fed, printed, read by calendar programs, each at its own moment.
///
/// A cancellation is information whatever was cancelled: those who would have come must learn of it, in the quiet period too.
enum EventRelease {
    static func item(
        _ way: Release.Way, campaign: CampaignNo, organization: OrganizationNo, isCampaigning: Bool
    ) -> Release.Item {
        Release.Item(
            way: way, campaign: campaign, organization: organization, itemClass: isCampaigning ? .campaigning : .information)
    }

    static func item(_ way: Release.Way, _ event: Event) -> Release.Item {
        item(
            way, campaign: event.campaign, organization: event.organization,
            isCampaigning: event.isCampaigning && event.state != .cancelled)
    }

    /// Asks for one event.
    /// - Throws: the gate's refusal, 409.
    @discardableResult
    static func pass(_ event: Event, _ way: Release.Way, at now: Instant, in db: any Reading) throws -> Release.Pass {
        try ReleaseGate.pass(item(way, event), at: now, in: db)
    }

    /// Those of a list that may leave now: the gate is read once, however many there are.
    static func passing(_ events: [Event], _ way: Release.Way, at now: Instant, in db: any Reading) throws -> [Event] {
        let gate = try ReleaseGate(at: now, in: db)
        return events.filter { gate.lets(item(way, $0)) }
    }
}
