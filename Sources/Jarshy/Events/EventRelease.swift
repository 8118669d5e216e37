import JarshyKit
import Storage

/// Public events at the one gate (`ReleaseGate`): announcements, feeds, files for calendars and posters ask it with this item.
///
/// What says that it explains is believed on ordinary days. In the quiet period, and for a day of it, only a second person's
/// word settles the class; unsettled it stays inside. A cancellation is always told: it asks nobody to come.
enum EventRelease {
    static func item(
        _ way: Release.Way, _ event: Event, in campaign: Campaign, at now: Instant
    ) -> Release.Item {
        let isSettled = event.classBy != nil || !(campaign.isQuiet(at: now) || campaign.isQuiet(on: event.day))
        let itemClass: Release.ItemClass? = event.isCampaigning ? .campaigning : isSettled ? .information : nil
        return Release.Item(way: way, campaign: event.campaign, organization: event.organization, itemClass: itemClass)
    }

    /// - Throws: the gate's refusal, or 409 for something campaigning on a quiet day. Internal events do not leave.
    @discardableResult
    static func pass(
        _ way: Release.Way, _ event: Event, in campaign: Campaign, at now: Instant, db: any Reading
    ) throws -> Release.Pass? {
        try Quiet.check(
            isCampaigning: event.isCampaigning, campaign, days: [event.day, Zone.kazakhstan.day(at: event.end)], at: now)
        guard event.isPublic else { return nil }
        if event.organization == .none {
            throw Problem.conflict("event-organization", "A public event has an organisation behind it. Say which one in its details.")
        }
        return try ReleaseGate.pass(item(way, event, in: campaign, at: now), at: now, in: db)
    }

    /// Those of many that may leave, by three statements.
    static func leaving(
        _ way: Release.Way, _ events: [Event], in campaign: Campaign, at now: Instant, db: any Reading
    ) throws -> [Event] {
        let gate = try ReleaseGate(at: now, in: db)
        return try events.filter { event in
            // A vote day set after the announcement lets nothing campaigning through either.
            if event.isCampaigning, campaign.isQuiet(on: event.day) { return false }
            do {
                _ = try gate.pass(item(way, event, in: campaign, at: now))
                return true
            } catch is Problem { return false }
        }
    }
}

/// The quiet period: nothing of class campaigning is told in it, nor told for a day of it.
enum Quiet {
    /// - Throws: 409.
    static func check(isCampaigning: Bool, _ campaign: Campaign, days: [Day], at now: Instant) throws {
        guard isCampaigning else { return }
        if campaign.isQuiet(at: now) {
            throw Problem.conflict("quiet-now", "It is the quiet period: nothing of class campaigning is told now.")
        }
        if let day = days.first(where: { campaign.isQuiet(on: $0) }) {
            throw Problem.conflict(
                "quiet-day", "\(day) is a quiet day: nothing of class campaigning is held on it.",
                slots: ["day": day.description])
        }
    }
}
