import JarshyKit
import Storage

/// "Is it right?": what is larger than the place, the settlement or the unit's own history would suggest. Only large values are
/// ever asked about, and nothing is blocked.
enum Warnings {
    static func unusual(
        _ figures: Figures, campaign: Campaign, unit: UnitNo, place: UnitNo?, path: PathNo, in tree: Tree, _ db: any Reading
    ) throws -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        for metric in campaign.metrics {
            guard let value = figures[metric.slot], value > 0 else { continue }
            if let limit = metric.askAbove, value > limit {
                faults.append(fault(metric, "above-usual", value, than: limit))
            } else if let other = metric.askAboveMetric.flatMap({ campaign.metric($0) }), let most = figures[other.slot],
                value > most
            {
                faults.append(fault(metric, "above-other", value, than: most))
            } else if metric.askCapacity, let capacity = place.flatMap({ tree[$0]?.capacity }), value > capacity {
                faults.append(fault(metric, "above-capacity", value, than: capacity))
            } else if let share = metric.askSettlementShare,
                let people = people(around: place ?? unit, in: tree), value * 100 > people * share
            {
                faults.append(fault(metric, "above-settlement", value, than: people * share / 100))
            } else if let times = metric.askHistoryTimes, value > (metric.askHistoryAbove ?? 0) {
                let median = try median(of: metric.slot, path: path, in: db)
                if let median, value > times * median { faults.append(fault(metric, "above-history", value, than: median)) }
            }
        }
        return faults
    }

    /// The people of the settlement; where it is not known how many, or no settlement is told, of the nearest unit from
    /// there up that says so: a report of a city without a place is asked about by the city.
    static func people(around unit: UnitNo, in tree: Tree) -> Int64? {
        let from = tree.settlement(of: unit) ?? unit
        return tree.chain(of: from).lazy.compactMap { tree[$0]?.population }.first { $0 > 0 }
    }

    private static func fault(_ metric: Metric, _ slug: String, _ value: Int64, than limit: Int64) -> Problem.Fault {
        Problem.Fault(
            "metrics.\(metric.code)", slug, "\(metric.code): \(value) is more than \(limit). Is it right?",
            slots: ["value": "\(value)", "limit": "\(limit)"])
    }

    /// The middle of the unit's last 31 reports that told the metric; nil with fewer than five.
    private static func median(of slot: Int, path: PathNo, in db: any Reading) throws -> Int64? {
        var values: [Int64] = []
        try db.rows(
            "SELECT \(AmountColumns.list) FROM report WHERE path = \(path) AND NOT voided ORDER BY day DESC, id DESC LIMIT 31"
        ) { row in
            if let value = try Figures(&row)[slot] { values.append(value) }
            return true
        }
        guard values.count >= 5 else { return nil }
        return values.sorted()[values.count / 2]
    }
}
