import JarshyKit

/// Plausible numbers for one report, drawn around the usual range of `Demo/figures.tsv`.
struct DemoFigures: Sendable {
    struct Range: Sendable {
        let low: Int64
        let typical: Int64
        let high: Int64
    }

    /// By activity, setting ("city", "village" or "any") and metric.
    private var ranges: [String: [String: [String: Range]]] = [:]
    private let asked: [String: [String]]

    init(_ data: DemoData) {
        asked = Dictionary(
            data.activities.rows.map { ($0["code"], $0.words("metrics")) }, uniquingKeysWith: { first, _ in first })
        for row in data.figures.rows {
            ranges[row["activity"], default: [:]][row["setting"], default: [:]][row["metric"]] = Range(
                low: row.integer("low") ?? 0, typical: row.integer("typical") ?? 0, high: row.integer("high") ?? 0)
        }
    }

    func range(_ activity: String, isCity: Bool, _ metric: String) -> Range? {
        let settings = ranges[activity]
        return settings?["any"]?[metric] ?? settings?[isCity ? "city" : "village"]?[metric]
    }

    /// Attendances alone, for a total to be set before the rest is drawn. Nobody gathers half a village.
    func attendances(_ activity: String, isCity: Bool, population: Int64, _ random: inout DemoRandom) -> Int64 {
        guard let range = range(activity, isCity: isCity, "attendees") else { return 0 }
        let drawn = random.count(low: range.low, typical: range.typical, high: range.high)
        return max(range.low, min(drawn, population / 4))
    }

    /// The metrics the activity asks for, in its order. Nothing larger than would be asked about: no more questions
    /// than half the people there, no more answers than questions.
    func vector(_ activity: String, isCity: Bool, attendances: Int64?, _ random: inout DemoRandom) -> [(String, Int64)]
    {
        var values: [(String, Int64)] = []
        var questions: Int64 = 0
        for metric in asked[activity] ?? [] {
            let range = range(activity, isCity: isCity, metric)
            var value: Int64
            switch (metric, attendances) {
            case ("attendees", let known?): value = known
            case ("answered", _): value = questions - (questions > 2 ? Int64(random.whole(0...Int(questions / 3))) : 0)
            case (_, _):
                guard let range else { continue }
                value = random.count(low: range.low, typical: range.typical, high: range.high)
            }
            if let people = attendances, metric == "questions" || metric == "proposals" {
                value = min(value, people / 2)
            }
            if metric == "questions" { questions = value }
            values.append((metric, value))
        }
        // Talked is never more than tried.
        if let tried = values.first(where: { $0.0 == "doors_tried" })?.1 {
            values = values.map { $0.0 == "doors_talked" ? ($0.0, min($0.1, tried * 2 / 3)) : $0 }
        }
        return values
    }

    /// The values drawn towards a total, each kept at or above what it may not fall below; small honest ones stay
    /// small.
    static func drawn(_ values: [Int64], to total: Int64, least: Int64 = 6) -> [Int64] {
        let sum = values.reduce(0, +)
        guard sum > 0 else { return values }
        var scaled = values.map { max(least, ($0 * total + sum / 2) / sum) }
        var rest = total - scaled.reduce(0, +)
        var at = 0
        // What rounding left over, one by one, on values that can bear it.
        while rest != 0, at < scaled.count * 4 {
            let index = at % scaled.count
            let step: Int64 = rest > 0 ? 1 : -1
            if scaled[index] + step > max(least, 20) {
                scaled[index] += step
                rest -= step
            }
            at += 1
        }
        return scaled
    }
}
