import JarshyKit
import Storage

/// The largest and the middle value of a metric that does not add up (viewers at one time), from the reports themselves.
struct Peak: Sendable, Hashable {
    let metric: String
    let largest: Int64
    let median: Int64
    /// How many reports told the metric.
    let reports: Int64
}

enum Peaks {
    /// Beyond so many reports below a unit peaks are not read: every one of them would have to be looked at.
    static let mostReports: Int64 = 50_000

    /// Peaks of every metric that does not add up; of metrics no report told there are none. By the path of the report's day
    /// on both bases: a peak is a report's, and a move changes no report.
    static func read(_ query: RollupQuery, in tree: Tree, _ db: any Reading) throws -> [Peak] {
        let metrics = query.campaign.metrics.filter { !$0.additive }
        guard !metrics.isEmpty else { return [] }
        var sql: SQL = "SELECT "
        sql += SQL.joined(metrics.map { SlotColumns.all[$0.slot] }, ", ")
        if query.unit == tree.root {
            sql += " FROM report WHERE "
        } else {
            sql += " FROM path_member JOIN report ON report.path = path_member.path WHERE path_member.unit = \(query.unit) AND "
        }
        sql += "campaign = \(query.campaign.no) AND NOT voided AND ("
        sql += SQL.joined(metrics.map { SlotColumns.all[$0.slot] + " IS NOT NULL" }, " OR ") + ")"
        if let from = query.from { sql += " AND day >= \(from)" }
        if let to = query.to { sql += " AND day <= \(to)" }
        if !query.cells.isEmpty { sql += " AND cell IN \(query.cells.cells(of: query.campaign.no))" }
        var told: [[Int64]] = metrics.map { _ in [] }
        try db.rows(sql) { row in
            for index in metrics.indices {
                if let value = try row.next(Int64?.self) { told[index].append(value) }
            }
            return true
        }
        return zip(metrics, told).compactMap { metric, values in
            let sorted = values.sorted()
            guard let largest = sorted.last else { return nil }
            return Peak(
                metric: metric.code, largest: largest, median: sorted[(sorted.count - 1) / 2], reports: Int64(sorted.count))
        }
    }
}
