import JarshyKit
import Logging
import ServiceLifecycle
import Storage

/// Fixes the summary tables at 12:00 and 18:00 by itself: of the root and of every child of it. After downtime it makes up for
/// what was missed in the last days; such a table says so, and holds the figures of its hour, not of its making.
struct SummaryClock: Service {
    let database: Database
    var clock: any JarshyKit.Clock = SystemClock()
    let logger: Logger
    var pause = Duration.seconds(20)

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                try await tick(at: clock.now)
            } catch {
                // The next tick tries again: a slot stays due until its tables are there.
                logger.error("summary tables were not fixed", metadata: ["error": "\(error)"])
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
    }

    /// Fixes everything that is due and says how many tables were made.
    @discardableResult
    func tick(at now: Instant) async throws -> Int {
        let due = try await database.read { db in try SummaryClock.due(at: now, in: db) }
        var made = 0
        for table in due {
            let action = FixSummary(campaign: table.campaign, units: table.units, slot: table.slot)
            made += try await database.run(action, by: .operator, at: now).count
            logger.info(
                "summary tables fixed",
                metadata: ["campaign": "\(table.campaign)", "slot": "\(table.slot.day) \(table.slot.minute / 60):00"])
        }
        return made
    }

    struct Due: Sendable, Hashable {
        let campaign: String
        let slot: SummarySlot
        let units: [UnitNo]
    }

    /// Slots whose tables are missing, oldest first, with the units that lack theirs.
    static func due(at now: Instant, in db: any Reading) throws -> [Due] {
        let tree = try Tree.current(in: db)
        guard let root = tree.root else { return [] }
        let units = [root] + tree.children(of: root).filter { tree[$0]?.isOpen(on: Zone.kazakhstan.day(at: now)) ?? false }
        var due: [Due] = []
        for campaign in try Campaigns.current(in: db).all {
            let slots = SummarySlot.due(for: campaign, at: now)
            guard let first = slots.first else { continue }
            var fixed: [SummarySlot: Set<UnitNo>] = [:]
            try db.rows(
                """
                SELECT slot_day, slot_minute, unit FROM summary
                WHERE campaign = \(campaign.no) AND slot_day >= \(first.day)
                """
            ) { row in
                fixed[SummarySlot(day: try row.next(), minute: try row.next()), default: []].insert(try row.next())
                return true
            }
            for slot in slots {
                let missing = units.filter { !(fixed[slot]?.contains($0) ?? false) }
                if !missing.isEmpty { due.append(Due(campaign: campaign.code, slot: slot, units: missing)) }
            }
        }
        return due
    }
}
