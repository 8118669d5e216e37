import JarshyKit
import Storage
import Synchronization

/// What Movement reads entry by entry, kept for every unit at once: read once for every change of the ledger, however many
/// boards are opened, and never from an older one, since the ledger's last numbers are read in the same transaction.
final class MovementShelf: Sendable {
    private struct Key: Hashable {
        let day: Day
        let campaign: CampaignNo
    }

    private let kept = Mutex<[Key: [UnitNo: Movement]]>([:])

    static func at(_ ledger: AsOf, _ tree: Tree, _ db: any Reading) throws -> MovementShelf {
        db.shelf.value(stamp: stamp(ledger, tree)) { MovementShelf() }
    }

    /// The same as `Movement.since`. What is asked of a few days or cells, or by today's tree, is read by itself.
    func since(_ day: Day, _ query: RollupQuery, _ rollups: Rollups) throws -> Movement {
        guard query.basis == .reported, !query.hasDays, query.cells.isEmpty else {
            return try Movement.since(day, query, rollups)
        }
        let key = Key(day: day, campaign: query.campaign.no)
        let everywhere: [UnitNo: Movement]
        if let known = kept.withLock({ $0[key] }) {
            everywhere = known
        } else {
            everywhere = try Movement.apartEverywhere(query.campaign, day, in: rollups.db)
            kept.withLock { $0[key] = everywhere }
        }
        return try Movement.since(day, query, rollups, apart: everywhere[query.unit] ?? Movement())
    }

    /// The tree's random stamp, mixed with every stream's last number (FNV-1a over 64 bits).
    private static func stamp(_ ledger: AsOf, _ tree: Tree) -> Int64 {
        var hash = UInt64(bitPattern: tree.stamp) ^ 0xcbf2_9ce4_8422_2325
        for stream in ledger.streams {
            for word in [UInt64(bitPattern: stream.unit.value), UInt64(bitPattern: stream.seq)] {
                hash = (hash ^ word) &* 0x0000_0100_0000_01b3
                hash ^= hash >> 29
            }
        }
        return Int64(bitPattern: hash)
    }
}
