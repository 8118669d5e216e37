import JarshyKit
import Storage

extension Campaign {
    /// Ones in the slots of additive metrics, zeros elsewhere.
    var additive: Amounts {
        var mask = Amounts()
        for metric in metrics where metric.additive { mask[metric.slot] = 1 }
        return mask
    }
}

/// Lists for `IN`, cut and filled up to 1, 8 or 64 values by repeating the last, so that three texts are prepared in all.
enum Padded {
    static func chunks<Value>(_ values: [Value]) -> [[Value]] {
        var chunks: [[Value]] = []
        var at = 0
        while at < values.count {
            let left = values.count - at
            let size = left > 8 ? 64 : left > 1 ? 8 : 1
            var chunk = Array(values[at..<min(at + size, values.count)])
            if let last = chunk.last { chunk.append(contentsOf: repeatElement(last, count: size - chunk.count)) }
            chunks.append(chunk)
            at += size
        }
        return chunks
    }
}
