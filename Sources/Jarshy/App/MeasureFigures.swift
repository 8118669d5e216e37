import Foundation
import JarshyKit
import Storage

extension Measure {
    /// Times of one storage call, in microseconds, and what it answered, so that it can be compared with another
    /// engine.
    public struct Figures: Sendable {
        public var totalMicroseconds: [Double] = []
        public var childrenMicroseconds: [Double] = []
        /// `"<layer>": [reports, m0 … m15]` of the unit, layers as stored (3 is evidenced).
        public var total: [Int64: [Int64]] = [:]
        /// The sum over the children of all their layers but evidenced.
        public var children: [Int64] = []
        public var rows = 0
    }

    /// Reads a unit's totals, and its children, again and again, each time as a page does: one read of the database
    /// with the tree and the campaign it stands on. Several databases are read in turn, so that what slows the machine
    /// down for a moment slows all of them.
    ///
    /// - Parameter unit: its code, the same in all databases.
    public static func figures(
        databases urls: [String], campaign: String, unit: String, times: Int
    ) async throws -> [Figures] {
        let databases = try urls.map { try Database.open($0) }
        var figures = databases.map { _ in Figures() }
        let clock = ContinuousClock()
        // The first ones fill the caches and are not counted.
        for turn in -5..<times {
            for (index, database) in databases.enumerated() {
                let began = clock.now
                let total = try await database.read { db in
                    let (tree, query) = try Measure.query(campaign, unit, db)
                    return try Rollups(db, tree).total(query)
                }
                let middle = clock.now
                let parts = try await database.read { db in
                    let (tree, query) = try Measure.query(campaign, unit, db)
                    return try Rollups(db, tree).parts(query)
                }
                let ended = clock.now
                if turn >= 0 {
                    figures[index].totalMicroseconds.append(microseconds(middle - began))
                    figures[index].childrenMicroseconds.append(microseconds(ended - middle))
                }
                figures[index].total = [
                    0: row(total.submitted), 1: row(total.district), 2: row(total.region), 3: row(total.evidenced),
                ]
                figures[index].children = row(parts.values.reduce(BandedSums(), +).total)
                figures[index].rows = parts.count
            }
        }
        for database in databases { try await database.close() }
        return figures
    }

    private static func query(_ campaign: String, _ unit: String, _ db: any Reading) throws -> (Tree, RollupQuery) {
        let tree = try Tree.current(in: db)
        guard let campaign = try Campaigns.current(in: db).find(campaign) else { throw Problem.notFound("campaign") }
        guard let unit = tree.find(unit) else { throw Problem.notFound("unit") }
        return (tree, RollupQuery(campaign: campaign, unit: unit.no))
    }

    private static func row(_ layer: BandedSums.Layer) -> [Int64] {
        [layer.reports] + (0..<16).map { layer.amounts[$0] }
    }

    private static func microseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
    }
}
