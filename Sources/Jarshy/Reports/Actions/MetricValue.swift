import JarshyKit

/// A metric's value as an operation tells it, before it is known whether the campaign has such a metric.
struct MetricValue: Sendable, Hashable {
    let code: String
    let value: Int64

    static func read(from fields: inout Members) -> [MetricValue] {
        guard let members = fields.object("metrics") else {
            if !fields.has("metrics") { fields.fault("metrics", "missing", "'metrics' is missing.") }
            return []
        }
        var values: [MetricValue] = []
        for member in members {
            switch member.value {
            case .integer(let value): values.append(MetricValue(code: member.key, value: value))
            case .null: continue
            default: fields.fault("metrics.\(member.key)", "wrong-type", "'metrics.\(member.key)' must be a whole number.")
            }
        }
        return values
    }
}
