import JarshyKit
import Storage
import Synchronization

/// Movements already read from the ledger as it stands: a board that many open is read once for every change of the ledger,
/// and never from an older one, since the ledger's last numbers are read in the same transaction.
final class MovementShelf: Sendable {
    private struct Key: Hashable {
        let day: Day
        let campaign: CampaignNo
        let unit: UnitNo
        let basis: RollupBasis
        let from: Day?
        let to: Day?
        let cells: CellFilter
        let slots: [Int]
    }

    /// More boards than anybody opens between two reports; then it begins anew.
    private static let most = 2000
    private let kept = Mutex<[Key: Movement]>([:])

    static func at(_ ledger: AsOf, _ tree: Tree, _ db: any Reading) throws -> MovementShelf {
        db.shelf.value(stamp: stamp(ledger, tree)) { MovementShelf() }
    }

    /// The same as `Movement.since`.
    func since(_ day: Day, _ query: RollupQuery, _ rollups: Rollups) throws -> Movement {
        let key = Key(
            day: day, campaign: query.campaign.no, unit: query.unit, basis: query.basis, from: query.from, to: query.to,
            cells: query.cells, slots: query.summed)
        if let movement = kept.withLock({ $0[key] }) { return movement }
        let movement = try Movement.since(day, query, rollups)
        kept.withLock { kept in
            if kept.count >= Self.most { kept = [:] }
            kept[key] = movement
        }
        return movement
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
